//! The steps of a business object's dialogue: a dataset goes out, the next one comes back.

use serde_json::{Value, json};

use crate::call::{Call, Effect};
use crate::client::Client;
use crate::dataset::{Dataset, MethodAnswer, Row};
use crate::error::{Error, ReadAnswer};

impl Client {
    /// A step that saves nothing. Repeated like a read.
    pub(crate) async fn step(
        &self,
        operation: &'static str,
        parameters: &Value,
    ) -> Result<Dataset, Error> {
        let answer = self.ask(operation, parameters).await?;
        answer.dataset().in_answer_to(operation)
    }

    /// A step that saves nothing and says more than its dataset.
    pub(crate) async fn ask(
        &self,
        operation: &'static str,
        parameters: &Value,
    ) -> Result<MethodAnswer, Error> {
        self.call_method(&Call::method(operation, Effect::Repeatable, parameters)).await
    }

    /// Saves a dataset, and gives back what was saved. Without that the outcome is unknown.
    pub(crate) async fn save(
        &self,
        operation: &'static str,
        ds: &Dataset,
    ) -> Result<Dataset, Error> {
        let answer = self.write(operation, &json!({ "ds": ds })).await?;
        answer.dataset().in_answer_to(operation).map_err(|error| error.outcome_unknown(operation))
    }

    /// Calls a method that writes. Sent once.
    pub(crate) async fn write(
        &self,
        operation: &'static str,
        parameters: &Value,
    ) -> Result<MethodAnswer, Error> {
        self.call_method(&Call::method(operation, Effect::Write, parameters)).await
    }

    /// Inserts a row by its set's address. Only for flat tables: Epicor takes none of the steps
    /// that its screens take before.
    pub(crate) async fn insert(&self, set: &'static str, row: &Value) -> Result<(), Error> {
        self.write(set, row).await.map(|_| ())
    }

    /// Deletes a record. One that is gone already is no error.
    ///
    /// A deletion is a write like any other: a number may be given again once its document is
    /// gone, so that a blind repetition could delete somebody else's.
    pub(crate) async fn delete(
        &self,
        operation: &'static str,
        parameters: &Value,
    ) -> Result<(), Error> {
        match self.write(operation, parameters).await {
            Ok(_) => Ok(()),
            Err(error) if error.is_missing_record() => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// Reads one document by a method; `None` when Epicor says that it is not there.
    pub(crate) async fn document_by(
        &self,
        operation: &'static str,
        parameters: &Value,
    ) -> Result<Option<Dataset>, Error> {
        match self.call_method(&Call::method(operation, Effect::Read, parameters)).await {
            Ok(answer) => answer.dataset().in_answer_to(operation).map(Some),
            Err(error) if error.is_missing_record() => Ok(None),
            Err(error) => Err(error),
        }
    }
}

/// The newest row of a table: the last one, which is where Epicor puts what a step added.
pub(crate) fn newest<'a>(
    ds: &'a Dataset,
    table: &str,
    operation: &'static str,
) -> Result<&'a Row, Error> {
    ds.rows(table).last().ok_or_else(|| no_row(operation, table))
}

/// The newest row of a table, to be changed.
pub(crate) fn newest_mut<'a>(
    ds: &'a mut Dataset,
    table: &str,
    operation: &'static str,
) -> Result<&'a mut Row, Error> {
    ds.rows_mut(table).last_mut().ok_or_else(|| no_row(operation, table))
}

fn no_row(operation: &'static str, table: &str) -> Error {
    Error::invalid_response(operation, format!("it holds no row of {table}"))
}

/// The texts among out parameters that say something. One that this version lacks says nothing.
pub(crate) fn messages(outputs: &Row, names: &[&str]) -> Vec<String> {
    let texts = names.iter().filter_map(|name| outputs.text(name).ok());
    texts.filter(|text| !text.is_empty()).map(str::to_owned).collect()
}

/// A question Epicor wants a person to answer, where none sits. Nothing was saved.
pub(crate) fn question(operation: &'static str, message: impl Into<String>) -> Error {
    Error::BusinessRule {
        operation: operation.into(),
        message: message.into(),
        details: Vec::new(),
        correlation_id: None,
    }
}

/// Epicor saved something else than was sent.
pub(crate) fn not_as_sent(operation: &'static str, difference: impl Into<String>) -> Error {
    Error::NotAsSent { operation, difference: difference.into() }
}
