//! Any service of Epicor's, by name: its sets, its methods, its columns.

use futures_core::Stream;
use futures_util::{TryStreamExt, stream};
use http::Method as Verb;

use crate::Operation;
use crate::call::Call;
use crate::client::Client;
use crate::dataset::Row;
use crate::error::Error;
use crate::get_rows::{GetRows, ListPages};
use crate::metadata::Metadata;
use crate::method::Method;
use crate::odata::{EntityKey, Filter, Page, Query, TableKey, check_name, percent_encode};
use crate::pages::Pages;

/// One service of Epicor's, like `Erp.BO.PartSvc`. Made by [`Client::service`].
#[derive(Clone, Debug)]
pub struct Service {
    client: Client,
    name: String,
}

impl Client {
    /// The service of this name. Names of services, sets and methods are case sensitive.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`] for what is no name.
    pub fn service(&self, name: &str) -> Result<Service, Error> {
        check_name(name)?;
        Ok(Service { client: self.clone(), name: name.to_owned() })
    }
}

impl Service {
    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    pub(crate) fn client(&self) -> &Client {
        &self.client
    }

    /// An entity set, like `Parts`.
    ///
    /// A `$filter` on the child set of a service with several tables is applied to the parent's
    /// rows (`SalesOrderSvc/OrderDtls` by the orders' columns), and gives wrong rows or none. Use
    /// the table's own search service, [`EntitySet::children`] or `$expand`.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`] for what is no name.
    pub fn set(&self, name: &str) -> Result<EntitySet, Error> {
        check_name(name)?;
        Ok(EntitySet::of(&self.client, self.operation(name)))
    }

    /// A business method, like `GetByID`. It is taken for one that writes until said otherwise.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`] for what is no name.
    pub fn method(&self, name: &str) -> Result<Method, Error> {
        check_name(name)?;
        Ok(Method::new(&self.client, self.operation(name)))
    }

    /// The datasets of `GetRows`, which knows no OData: where clauses for each of its tables. A
    /// way out where the entity sets of a heavy service are slow, or fail.
    pub fn get_rows(&self, rows: &GetRows) -> ListPages {
        ListPages::new(&self.client, self.operation("GetRows"), rows.parameters())
    }

    /// The datasets of `GetList`: the rows of the main table alone, with fewer columns, that meet
    /// the condition, in the order of these columns.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`] for a condition that a where clause cannot express.
    pub fn get_list(&self, filter: Option<&Filter>, order: &[&str]) -> Result<ListPages, Error> {
        let clause = crate::get_rows::clause(filter, order)?;
        let parameters = [("whereClause".to_owned(), clause.into())].into_iter().collect();
        Ok(ListPages::new(&self.client, self.operation("GetList"), parameters))
    }

    /// What sets and columns this Epicor's service has. Customers add columns, and versions differ.
    ///
    /// # Errors
    /// Any [`Error`] a read ends in.
    pub async fn metadata(&self) -> Result<Metadata, Error> {
        let call = Call::metadata(&self.name);
        let body = self.client.send(&call).await?;
        Metadata::read(&self.name, &body[..])
            .map_err(|error| Error::invalid_response(&call.operation, error))
    }

    fn operation(&self, name: &str) -> Operation {
        format!("{}/{name}", self.name).into()
    }
}

/// Rows that can be read by a query: an entity set, the children of an entity, or the result of
/// one of the customer's own queries.
#[derive(Clone, Debug)]
pub struct EntitySet {
    client: Client,
    operation: Operation,
    /// Below the company's root, encoded.
    path: String,
    /// What goes into the query string besides the `$` options, encoded.
    parameters: String,
}

impl EntitySet {
    /// The set whose path is the operation's name.
    pub(crate) fn of(client: &Client, operation: Operation) -> Self {
        let path = operation.as_str().to_owned();
        Self { client: client.clone(), operation, path, parameters: String::new() }
    }

    pub(crate) fn at(
        client: &Client,
        operation: Operation,
        path: String,
        parameters: &[(String, String)],
    ) -> Self {
        let pair = |(name, value): &(String, String)| {
            format!("{}={}", percent_encode(name), percent_encode(value))
        };
        let parameters = parameters.iter().map(pair).collect::<Vec<_>>().join("&");
        Self { client: client.clone(), operation, path, parameters }
    }

    pub(crate) fn client(&self) -> &Client {
        &self.client
    }

    pub(crate) fn operation(&self) -> &Operation {
        &self.operation
    }

    pub(crate) fn read(&self, query: &Query) -> Result<Call, Error> {
        Call::read(self.operation.clone(), self.path.clone(), query, &self.parameters)
    }

    /// One page: as many rows as `$top` says, or as the server gives unasked, which is 100.
    ///
    /// # Errors
    /// Any [`Error`] a read ends in.
    pub async fn page(&self, query: &Query) -> Result<Page, Error> {
        self.client.read_page(&self.read(query)?).await
    }

    /// All rows that the query selects, one after the other, in the order of the key. Rows that
    /// somebody inserts or deletes meanwhile make none be skipped and none come twice. Ends after
    /// its first error.
    pub fn rows(
        &self,
        query: Query,
        key: TableKey,
    ) -> impl Stream<Item = Result<Row, Error>> + Send + use<> {
        self.pages(query, key).map_ok(|rows| stream::iter(rows.into_iter().map(Ok))).try_flatten()
    }

    /// Like [`rows`](Self::rows), page by page.
    pub fn pages(
        &self,
        query: Query,
        key: TableKey,
    ) -> impl Stream<Item = Result<Vec<Row>, Error>> + Send + use<> {
        Pages::by_key(self, query, key).stream()
    }

    /// Like [`rows`](Self::rows), all at once, when they are at most `max_rows`.
    ///
    /// # Errors
    /// Any [`Error`] a read ends in, and [`Error::InvalidResponse`] when there are more rows.
    pub async fn all(
        &self,
        query: Query,
        key: TableKey,
        max_rows: usize,
    ) -> Result<Vec<Row>, Error> {
        Pages::by_key(self, query, key).all(max_rows).await
    }

    /// All rows that the query selects, page by page where the server's next-page links lead, or by
    /// `$skip` when it sends none: for rows without a key. Rows inserted meanwhile can make others
    /// come twice or not at all. A link to another host is an error.
    pub fn linked_pages(
        &self,
        query: Query,
    ) -> impl Stream<Item = Result<Vec<Row>, Error>> + Send + use<> {
        Pages::by_link(self, query).stream()
    }

    /// The row of this key; `None` when Epicor says that there is none. Of the query, `$select` and
    /// `$expand` make sense.
    ///
    /// # Errors
    /// Any [`Error`] a read ends in. [`Error::NotFound`] when the service or set may be unknown.
    pub async fn get(&self, key: &EntityKey, query: &Query) -> Result<Option<Row>, Error> {
        let path = format!("{}{}", self.path, key.encode());
        let call = Call::read(self.operation.clone(), path, query, "")?;
        match self.client.call_row(&call).await {
            Ok(row) => Ok(Some(row)),
            Err(error) if error.is_missing_record() => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// The children of the row of this key, like `OrderDtls` of an order.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`] for what is no name.
    pub fn children(&self, key: &EntityKey, name: &str) -> Result<Self, Error> {
        check_name(name)?;
        let operation = format!("{}/{name}", self.operation);
        let path = format!("{}{}/{name}", self.path, key.encode());
        Ok(Self { operation: operation.into(), path, ..self.clone() })
    }

    /// Inserts a row, and gives it back as it was saved.
    ///
    /// Set addresses skip the steps that Epicor's screens take, which fill derived columns: good for
    /// flat tables, not for orders, invoices and journals.
    ///
    /// # Errors
    /// [`Error::Duplicate`] when the key exists, [`Error::OutcomeUnknown`] when the row may have
    /// been inserted or not, and any other a call ends in.
    pub async fn insert(&self, row: &Row) -> Result<Row, Error> {
        self.client.call_row(&self.change(Verb::POST, None, Some(row))).await
    }

    /// Changes columns of the row of this key. With the `SysRevID` that was read among them
    /// ([`Row::to_change`] puts it there), a row that somebody changed meanwhile is left alone.
    ///
    /// # Errors
    /// [`Error::Stale`] when somebody changed the row meanwhile, [`Error::OutcomeUnknown`] when it
    /// may have been changed or not, and any other a call ends in.
    pub async fn update(&self, key: &EntityKey, changes: &Row) -> Result<(), Error> {
        let call = self.change(Verb::PATCH, Some(key), Some(changes));
        self.client.send(&call).await.map(|_| ())
    }

    /// Deletes the row of this key.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is none, [`Error::OutcomeUnknown`] when it may have been
    /// deleted or not, and any other a call ends in.
    pub async fn delete(&self, key: &EntityKey) -> Result<(), Error> {
        self.client.send(&self.change(Verb::DELETE, Some(key), None)).await.map(|_| ())
    }

    fn change(&self, verb: Verb, key: Option<&EntityKey>, row: Option<&Row>) -> Call {
        let path = format!("{}{}", self.path, key.map(EntityKey::encode).unwrap_or_default());
        Call::change(self.operation.clone(), verb, path, row)
    }
}
