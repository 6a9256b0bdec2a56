//! `GetRows` and `GetList`: the reading methods older than OData, with where clauses and pages by
//! number.

use futures_core::Stream;
use futures_util::stream;
use serde_json::{Map, Value, json};

use crate::Operation;
use crate::call::{Call, Effect};
use crate::client::Client;
use crate::dataset::Dataset;
use crate::error::{Error, ReadAnswer};
use crate::odata::{BrokenPaging, Filter, InvalidQuery, MAX_PAGES};

/// What `GetRows` is asked for: a where clause for each table of the service's dataset. It wants
/// one for every table it has.
///
/// ```
/// use epicor_odata_client::GetRows;
/// use epicor_odata_client::odata::Filter;
///
/// let rows = GetRows::new()
///     .rows("Part", &Filter::eq("ClassID", "FIN"), &["PartNum"])?
///     .all("PartPlant")
///     .none("PartAttch");
/// # Ok::<(), epicor_odata_client::odata::InvalidQuery>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct GetRows(Map<String, Value>);

/// A condition that no row meets.
const NONE: &str = "1=0";

impl GetRows {
    /// Nothing asked for yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The rows of a table that meet the condition, in the order of these columns. A table's name
    /// is the one in the method's `whereClause…` parameters.
    ///
    /// # Errors
    /// [`InvalidQuery`] for a condition that a where clause cannot express.
    pub fn rows(self, table: &str, filter: &Filter, order: &[&str]) -> Result<Self, InvalidQuery> {
        Ok(self.with(table, &filter.to_where_clause(order)?))
    }

    /// All rows of a table; of a child table, those of the parents that are read.
    #[must_use]
    pub fn all(self, table: &str) -> Self {
        self.with(table, "")
    }

    /// No rows of a table.
    #[must_use]
    pub fn none(self, table: &str) -> Self {
        self.with(table, NONE)
    }

    fn with(mut self, table: &str, clause: &str) -> Self {
        self.0.insert(format!("whereClause{table}"), json!(clause));
        self
    }

    pub(crate) fn parameters(&self) -> Map<String, Value> {
        self.0.clone()
    }
}

/// The where clause of a condition, which may be none.
pub(crate) fn clause(filter: Option<&Filter>, order: &[&str]) -> Result<String, InvalidQuery> {
    match filter {
        Some(filter) => filter.to_where_clause(order),
        None => Ok(String::new()),
    }
}

/// The pages of `GetRows` or `GetList`, read by their number.
///
/// Rows that somebody inserts meanwhile can make others come twice or not at all; where that
/// matters, read the entity set.
#[derive(Clone, Debug)]
#[must_use = "nothing is read until it is asked for"]
pub struct ListPages {
    client: Client,
    operation: Operation,
    parameters: Map<String, Value>,
    page_size: u32,
}

struct Reading {
    pages: ListPages,
    number: u32,
    previous: Option<Dataset>,
    more: bool,
}

impl ListPages {
    pub(crate) fn new(
        client: &Client,
        operation: Operation,
        parameters: Map<String, Value>,
    ) -> Self {
        let page_size = client.page_size();
        Self { client: client.clone(), operation, parameters, page_size }
    }

    /// With so many rows of the main table a page, instead of the client's number.
    pub fn page_size(self, rows: u32) -> Self {
        Self { page_size: rows.max(1), ..self }
    }

    /// One page, counted from 1, and whether there are more.
    ///
    /// # Errors
    /// Any [`Error`] a read ends in.
    pub async fn page(&self, number: u32) -> Result<(Dataset, bool), Error> {
        let mut parameters = self.parameters.clone();
        parameters.insert("pageSize".to_owned(), json!(self.page_size));
        parameters.insert("absolutePage".to_owned(), json!(number));
        let parameters = Value::Object(parameters);
        let call = Call::method(&self.operation, Effect::Read, &parameters);
        let answer = self.client.call_method(&call).await?;
        let more = answer.outputs().boolean("morePages").in_answer_to(&self.operation)?;
        Ok((answer.dataset().in_answer_to(&self.operation)?, more))
    }

    /// The datasets, page by page. Ends after its first error.
    pub fn datasets(self) -> impl Stream<Item = Result<Dataset, Error>> + Send {
        let reading = Reading { pages: self, number: 0, previous: None, more: true };
        stream::try_unfold(reading, async |mut reading| {
            Ok(reading.next().await?.map(|dataset| (dataset, reading)))
        })
    }
}

impl Reading {
    async fn next(&mut self) -> Result<Option<Dataset>, Error> {
        if !self.more {
            return Ok(None);
        }
        self.number += 1;
        let operation = &self.pages.operation;
        if self.number > MAX_PAGES {
            return Err(BrokenPaging::TooManyPages).in_answer_to(operation);
        }
        let (dataset, more) = self.pages.page(self.number).await?;
        // A server that does not heed the number would send its first page for ever.
        if more && self.previous.as_ref() == Some(&dataset) {
            return Err(BrokenPaging::RepeatedPage).in_answer_to(operation);
        }
        self.more = more;
        self.previous = Some(dataset.clone());
        Ok(Some(dataset))
    }
}
