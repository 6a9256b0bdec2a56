//! BAQs: queries that the customer saved in Epicor.

use http::Method as Verb;

use crate::call::Call;
use crate::client::Client;
use crate::dataset::Row;
use crate::error::Error;
use crate::odata::name_segment;
use crate::{EntitySet, Operation};

/// A query of the customer's own. Made by [`Client::baq`].
///
/// Its columns are called `Table_Column` or `Calculated_Name`. Which of them make a key, to page by,
/// only its author knows.
///
/// ```no_run
/// use epicor_odata_client::odata::{Query, TableKey};
///
/// # async fn run(client: epicor_odata_client::Client) -> Result<(), epicor_odata_client::Error> {
/// let parts = client.baq("AmazonParts")?.parameter("ClassID", "FIN").data();
/// let key = TableKey::new(["Part_PartNum"]);
/// for row in parts.all(Query::new(), key, 10_000).await? {
///     let part_num = row.text("Part_PartNum");
/// }
/// # Ok(()) }
/// ```
#[derive(Clone, Debug)]
pub struct Baq {
    client: Client,
    operation: Operation,
    /// Below the company's root, encoded.
    path: String,
    parameters: Vec<(String, String)>,
}

impl Client {
    /// The query of this id.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`] for what is no id.
    pub fn baq(&self, id: &str) -> Result<Baq, Error> {
        let path = format!("BaqSvc/{}/Data", name_segment(id)?);
        let operation = format!("BaqSvc/{id}").into();
        Ok(Baq { client: self.clone(), operation, path, parameters: Vec::new() })
    }
}

impl Baq {
    /// With a value for one of its parameters, written as the query's author would: a date as
    /// `2026-05-31`.
    #[must_use]
    pub fn parameter(mut self, name: &str, value: &str) -> Self {
        self.parameters.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Its rows.
    #[must_use]
    pub fn data(&self) -> EntitySet {
        let (operation, path) = (self.operation.clone(), self.path.clone());
        EntitySet::at(&self.client, operation, path, &self.parameters)
    }

    /// Changes a row of an updatable query: the row as it was read, with some columns changed.
    ///
    /// # Errors
    /// [`Error::OutcomeUnknown`] when it may have been changed or not, and any other a call ends in.
    pub async fn update(&self, row: &Row) -> Result<(), Error> {
        let (operation, path) = (self.operation.clone(), self.path.clone());
        let call = Call::change(operation, Verb::PATCH, path, Some(row));
        self.client.send(&call).await.map(|_| ())
    }
}
