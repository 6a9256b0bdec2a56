use std::collections::HashSet;

use super::Query;
use crate::dataset::Row;

/// The most pages one read may take; a stated bound, far above any real look-up.
pub const MAX_PAGES: u32 = 10_000;

/// One page of an entity set: the `value`, `@odata.count` and `@odata.nextLink` of an answer.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Page {
    /// The rows, in the order they came.
    pub rows: Vec<Row>,
    /// How many rows match in all, when the server says so.
    pub count: Option<u64>,
    /// Where the server wants the next page read from, when it says so.
    pub next_link: Option<String>,
}

/// Reads an entity set page by page; a state machine without a socket.
///
/// Epicor usually sends no `@odata.nextLink` and may cap a page below `$top`, so a short page is
/// not proof of the end: the end is an empty page, or as many rows as `@odata.count` says.
#[derive(Debug)]
pub struct Pager {
    query: Query,
    page_size: u32,
    received: u64,
    pages: u32,
    next: Next,
    seen_links: HashSet<String>,
    previous: Vec<Row>,
}

#[derive(Debug)]
enum Next {
    Skip,
    Link(String),
    End,
}

/// The next request of a [`Pager`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PageRequest {
    /// Read the entity set with this query.
    Query(Box<Query>),
    /// Follow this link, after checking that it leads to the same host.
    Link(String),
}

/// Pages that do not add up. Reading on could miss rows or never end.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BrokenPaging {
    /// The server named the same next page a second time.
    #[error("the server named the same next page twice")]
    RepeatedLink,
    /// The server sent the same rows for two pages, as one that ignores `$skip` does.
    #[error("the server sent the same page twice")]
    RepeatedPage,
    /// The pages ended before the number of rows the server had announced.
    #[error("the server announced {announced} rows and sent {received}")]
    Short {
        /// `@odata.count` of the last page.
        announced: u64,
        /// The rows received in all.
        received: u64,
    },
    /// There are more pages than [`MAX_PAGES`].
    #[error("there are more than {MAX_PAGES} pages")]
    TooManyPages,
}

impl Pager {
    /// Pages of `page_size` rows of what `query` selects. The query's own `$top` and `$skip` are
    /// replaced; its `$orderby` should be the set's whole key.
    #[must_use]
    pub fn new(query: Query, page_size: u32) -> Self {
        Self {
            query: query.count(),
            page_size: page_size.max(1),
            received: 0,
            pages: 0,
            next: Next::Skip,
            seen_links: HashSet::new(),
            previous: Vec::new(),
        }
    }

    /// What to read next; `None` at the end.
    #[must_use]
    pub fn next_request(&self) -> Option<PageRequest> {
        match &self.next {
            Next::Skip => {
                let page = self.query.clone().top(self.page_size).skip(self.received);
                Some(PageRequest::Query(Box::new(page)))
            }
            Next::Link(link) => Some(PageRequest::Link(link.clone())),
            Next::End => None,
        }
    }

    /// Takes the page that was read and gives its rows back.
    ///
    /// # Errors
    /// [`BrokenPaging`] when reading on could miss rows or never end.
    pub fn accept(&mut self, page: Page) -> Result<Vec<Row>, BrokenPaging> {
        self.pages += 1;
        if self.pages > MAX_PAGES {
            return Err(BrokenPaging::TooManyPages);
        }
        if !page.rows.is_empty() && page.rows == self.previous {
            return Err(BrokenPaging::RepeatedPage);
        }
        self.received += u64::try_from(page.rows.len()).unwrap_or(u64::MAX);
        self.next = match (page.next_link, page.count) {
            (Some(link), _) => {
                if !self.seen_links.insert(link.clone()) {
                    return Err(BrokenPaging::RepeatedLink);
                }
                Next::Link(link)
            }
            (None, Some(announced)) if self.received >= announced => Next::End,
            (None, Some(announced)) if page.rows.is_empty() => {
                return Err(BrokenPaging::Short { announced, received: self.received });
            }
            (None, None) if page.rows.is_empty() => Next::End,
            (None, _) => Next::Skip,
        };
        self.previous.clone_from(&page.rows);
        Ok(page.rows)
    }
}
