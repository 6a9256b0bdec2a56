//! A set read to its end, page by page.

use futures_core::Stream;
use futures_util::stream;
use url::Url;

use crate::call::Call;
use crate::client::Client;
use crate::dataset::Row;
use crate::error::{Error, ReadAnswer};
use crate::odata::{PageRequest, Pager, Query, TableKey};
use crate::{EntitySet, Operation};

/// A reading under way.
#[derive(Debug)]
pub(crate) struct Pages {
    set: EntitySet,
    pager: Pager,
    /// Where the page before came from: a link may be relative to it.
    address: Option<Url>,
}

impl Pages {
    pub(crate) fn by_key(set: &EntitySet, query: Query, key: TableKey) -> Self {
        let pager = Pager::by_key(query, key, set.client().page_size());
        Self { set: set.clone(), pager, address: None }
    }

    pub(crate) fn by_link(set: &EntitySet, query: Query) -> Self {
        let pager = Pager::by_link(query, set.client().page_size());
        Self { set: set.clone(), pager, address: None }
    }

    /// The rows of the next page, which may be none; `None` at the end.
    pub(crate) async fn next(&mut self) -> Result<Option<Vec<Row>>, Error> {
        let Some(request) = self.pager.next_request() else {
            return Ok(None);
        };
        let client: &Client = self.set.client();
        let operation = self.set.operation();
        let call = match request {
            PageRequest::Query(query) => self.set.read(&query)?,
            PageRequest::Link(link) => {
                let from = self.address.as_ref().unwrap_or(&client.root().company);
                Call::link(operation, same_host(operation, from, &link)?)
            }
        };
        self.address = Some(call.url(client.root())?);
        let page = client.read_page(&call).await?;
        self.pager.accept(page).in_answer_to(operation).map(Some)
    }

    /// All rows, when they are at most so many.
    pub(crate) async fn all(mut self, max_rows: usize) -> Result<Vec<Row>, Error> {
        let mut rows = Vec::new();
        while let Some(page) = self.next().await? {
            rows.extend(page);
            if rows.len() > max_rows {
                let reason = format!("it has more than {max_rows} rows");
                return Err(Error::invalid_response(self.set.operation(), reason));
            }
        }
        Ok(rows)
    }

    /// The pages as they come. Ends after its first error.
    pub(crate) fn stream(self) -> impl Stream<Item = Result<Vec<Row>, Error>> + Send {
        stream::try_unfold(self, async |mut pages| {
            Ok(pages.next().await?.map(|rows| (rows, pages)))
        })
    }
}

/// A next-page link resolved against the address it came from. It must not lead the credentials
/// to another host.
fn same_host(operation: &Operation, from: &Url, link: &str) -> Result<Url, Error> {
    let to = from
        .join(link)
        .map_err(|_| Error::invalid_response(operation, "its next-page link is no address"))?;
    if to.origin() != from.origin() {
        let reason = "its next-page link leads to another host";
        return Err(Error::invalid_response(operation, reason));
    }
    Ok(to)
}
