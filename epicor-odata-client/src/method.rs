//! Any business method of Epicor's, by name.

use rust_decimal::Decimal;
use serde_json::{Map, Value};

use crate::Operation;
use crate::call::{Call, Effect};
use crate::client::Client;
use crate::dataset::{Dataset, MethodAnswer};
use crate::error::Error;
use crate::odata::Literal;

/// A call of a business method, being made up. Made by
/// [`Service::method`](crate::Service::method).
///
/// Every parameter that the method declares must be there. Parameter names have odd casing and are
/// taken as they are; newer versions of Epicor add some.
#[derive(Clone, Debug)]
#[must_use = "nothing is sent until it is called"]
pub struct Method {
    client: Client,
    operation: Operation,
    effect: Effect,
    parameters: Map<String, Value>,
}

impl Method {
    pub(crate) fn new(client: &Client, operation: Operation) -> Self {
        let (client, parameters) = (client.clone(), Map::new());
        Self { client, operation, effect: Effect::Write, parameters }
    }

    /// Says what the method changes, and so whether it may be repeated.
    pub fn effect(self, effect: Effect) -> Self {
        Self { effect, ..self }
    }

    /// Says that it changes nothing.
    pub fn reads(self) -> Self {
        self.effect(Effect::Read)
    }

    /// With a parameter.
    pub fn parameter(self, name: &str, value: impl Into<Literal>) -> Self {
        self.json(name, json_of(value.into()))
    }

    /// With a parameter of any shape.
    pub fn json(mut self, name: &str, value: Value) -> Self {
        self.parameters.insert(name.to_owned(), value);
        self
    }

    /// With the dataset: the one that the step before gave back, changed.
    pub fn dataset(self, ds: Dataset) -> Self {
        self.json("ds", ds.into_value())
    }

    /// Calls it.
    ///
    /// # Errors
    /// [`Error::OutcomeUnknown`] when a writing method may have been carried out or not, and any
    /// other a call ends in.
    pub async fn call(self) -> Result<MethodAnswer, Error> {
        let parameters = Value::Object(self.parameters);
        let call = Call::method(self.operation, self.effect, &parameters);
        self.client.call_method(&call).await
    }
}

/// A value as it stands in a JSON body.
pub(crate) fn json_of(literal: Literal) -> Value {
    match literal {
        Literal::Text(text) => Value::String(text),
        Literal::Decimal(number) => crate::dataset::decimal_value(number),
        Literal::Integer(number) => crate::dataset::decimal_value(Decimal::from(number)),
        Literal::Boolean(flag) => Value::Bool(flag),
        Literal::Date(day) => Value::String(crate::dataset::date_text(day)),
        Literal::DateTime(time) => Value::String(time.to_string()),
        Literal::Guid(guid) => Value::String(guid.to_string()),
        Literal::Null => Value::Null,
    }
}
