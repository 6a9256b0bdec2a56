//! Epicor Functions: the customer's own code on the server.

use serde_json::{Map, Value};

use crate::Operation;
use crate::call::{Call, Effect};
use crate::client::Client;
use crate::dataset::Row;
use crate::error::Error;
use crate::method::json_of;
use crate::odata::{Literal, name_segment, percent_encode};

/// A call of a function, being made up. Made by [`Client::function`].
///
/// ```no_run
/// # async fn run(client: epicor_odata_client::Client) -> Result<(), epicor_odata_client::Error> {
/// let outputs = client
///     .function("Connector", "NextNumber")?
///     .input("series", "A")
///     .call()
///     .await?;
/// # Ok(()) }
/// ```
#[derive(Clone, Debug)]
#[must_use = "nothing is sent until it is called"]
pub struct Function {
    client: Client,
    operation: Operation,
    /// `{library}/{function}`, encoded.
    name: String,
    staging: bool,
    effect: Effect,
    inputs: Map<String, Value>,
}

impl Client {
    /// A function of one of the company's libraries. It is taken for one that writes until said
    /// otherwise.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`] for what is no name.
    pub fn function(&self, library: &str, function: &str) -> Result<Function, Error> {
        Ok(Function {
            client: self.clone(),
            operation: format!("efx/{library}/{function}").into(),
            name: format!("{}/{}", name_segment(library)?, name_segment(function)?),
            staging: false,
            effect: Effect::Write,
            inputs: Map::new(),
        })
    }
}

impl Function {
    /// Calls the code that is not promoted yet.
    pub fn staging(self) -> Self {
        Self { staging: true, ..self }
    }

    /// Says what the function changes, and so whether it may be repeated.
    pub fn effect(self, effect: Effect) -> Self {
        Self { effect, ..self }
    }

    /// With an input.
    pub fn input(self, name: &str, value: impl Into<Literal>) -> Self {
        self.json(name, json_of(value.into()))
    }

    /// With an input of any shape, such as a dataset.
    pub fn json(mut self, name: &str, value: Value) -> Self {
        self.inputs.insert(name.to_owned(), value);
        self
    }

    /// Calls it, and gives its outputs back by name.
    ///
    /// # Errors
    /// [`Error::NotFound`] when it is not promoted or not mapped to the company,
    /// [`Error::OutcomeUnknown`] when a writing function may have been carried out or not, and any
    /// other a call ends in.
    pub async fn call(self) -> Result<Row, Error> {
        let company = percent_encode(self.client.company());
        let area = if self.staging { "efx/staging" } else { "efx" };
        let path = format!("{area}/{company}/{}", self.name);
        let inputs = Value::Object(self.inputs);
        let call = Call::function(self.operation, path, self.effect, &inputs);
        self.client.call_row(&call).await
    }
}
