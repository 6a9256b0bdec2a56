use std::collections::HashSet;

use super::table_key::same_key;
use super::{Literal, Query, TableKey};
use crate::dataset::Row;

/// The most pages one read may take; a stated bound, far above any real look-up.
pub const MAX_PAGES: u32 = 10_000;

/// A first page shorter than this can be the whole set: no server is known to send fewer rows at a
/// time unasked.
const SMALLEST_SERVER_PAGE: u32 = 100;

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
/// not proof of the end. There are two ways to go on:
///
/// - [`by_key`](Self::by_key): each page is what comes behind the last row of the one before, in
///   the order of the whole key. Rows that somebody inserts or deletes meanwhile shift nothing: no
///   row that was there all the time is skipped, and none comes twice.
/// - [`by_link`](Self::by_link): where the server says with a link, otherwise `$skip`. For what has
///   no key. Rows inserted meanwhile can make others come twice or not at all.
#[derive(Debug)]
pub struct Pager {
    so_far: SoFar,
    next: Next,
    way: Way,
}

/// What is read, and how much of it has been.
#[derive(Debug)]
struct SoFar {
    query: Query,
    page_size: u32,
    received: u64,
    pages: u32,
}

#[derive(Debug)]
enum Way {
    Key(ByKey),
    Link(ByLink),
}

#[derive(Debug)]
struct ByKey {
    key: TableKey,
    last: Vec<Literal>,
}

#[derive(Debug, Default)]
struct ByLink {
    seen: HashSet<String>,
    previous: Vec<Row>,
}

#[derive(Debug)]
enum Next {
    Query(Box<Query>),
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
    /// The server sent rows of the page before once more, as one that ignores `$skip` or the
    /// condition does.
    #[error("the server sent the same page twice")]
    RepeatedPage,
    /// A row lacks a column of its key, or has something in it that cannot be compared.
    #[error("a row has no usable value in its key column {column}")]
    NoKey {
        /// The column.
        column: String,
    },
    /// Two rows agree in all columns of the key: it is not the whole key, and rows that agree could
    /// be missed between two pages.
    #[error("two rows have the same key: it must name all key columns of the table")]
    SameKey,
    /// The key to go by has no column.
    #[error("the key has no column")]
    EmptyKey,
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
    /// Pages of `page_size` rows of what `query` selects, in the order of `key`. The query's own
    /// `$orderby`, `$top` and `$skip` are replaced, and its `$select` is given the key's columns.
    #[must_use]
    pub fn by_key(query: Query, key: TableKey, page_size: u32) -> Self {
        let page_size = page_size.max(1);
        let columns: Vec<&str> = key.columns().collect();
        let query = query.and_select(columns.iter().copied()).orderby(columns).top(page_size);
        // The number of rows tells a short list from the first page of a longer one. Counting at
        // every page would make the server read a long list as often as it has pages.
        let first = Next::Query(Box::new(query.clone().count()));
        let way = Way::Key(ByKey { key, last: Vec::new() });
        Self { so_far: SoFar::new(query.uncounted(), page_size), next: first, way }
    }

    /// Pages of `page_size` rows of what `query` selects, where the server's links lead, or by
    /// `$skip`. The query's own `$top` and `$skip` are replaced; its `$orderby` should leave no two
    /// rows equal.
    #[must_use]
    pub fn by_link(query: Query, page_size: u32) -> Self {
        let page_size = page_size.max(1);
        let query = query.count().top(page_size);
        let next = Next::Query(Box::new(query.clone().skip(0)));
        Self { so_far: SoFar::new(query, page_size), next, way: Way::Link(ByLink::default()) }
    }

    /// What to read next; `None` at the end.
    #[must_use]
    pub fn next_request(&self) -> Option<PageRequest> {
        match &self.next {
            Next::Query(query) => Some(PageRequest::Query(query.clone())),
            Next::Link(link) => Some(PageRequest::Link(link.clone())),
            Next::End => None,
        }
    }

    /// Takes the page that was read and gives its rows back.
    ///
    /// # Errors
    /// [`BrokenPaging`] when reading on could miss rows or never end.
    pub fn accept(&mut self, page: Page) -> Result<Vec<Row>, BrokenPaging> {
        let so_far = &mut self.so_far;
        so_far.pages += 1;
        if so_far.pages > MAX_PAGES {
            return Err(BrokenPaging::TooManyPages);
        }
        so_far.received += u64::try_from(page.rows.len()).unwrap_or(u64::MAX);
        self.next = match &mut self.way {
            Way::Key(way) => way.next(&page, so_far)?,
            Way::Link(way) => way.next(&page, so_far)?,
        };
        Ok(page.rows)
    }
}

impl SoFar {
    fn new(query: Query, page_size: u32) -> Self {
        Self { query, page_size, received: 0, pages: 0 }
    }
}

impl ByKey {
    /// A link says only that there is more: where, the key tells better.
    fn next(&mut self, page: &Page, so_far: &SoFar) -> Result<Next, BrokenPaging> {
        let (Some(first), Some(last)) = (page.rows.first(), page.rows.last()) else {
            return Ok(Next::End);
        };
        let whole = so_far.pages == 1
            && page.next_link.is_none()
            && page.count == Some(so_far.received)
            && so_far.received < so_far.page_size.min(SMALLEST_SERVER_PAGE).into();
        if whole {
            return Ok(Next::End);
        }
        if page.rows.windows(2).any(|pair| self.key.agrees(&pair[0], &pair[1])) {
            return Err(BrokenPaging::SameKey);
        }
        let (first, last) = (self.key.of(first)?, self.key.of(last)?);
        if so_far.pages > 1 && (same_key(&first, &self.last) || same_key(&last, &self.last)) {
            return Err(BrokenPaging::RepeatedPage);
        }
        self.last.clone_from(&last);
        let behind = self.key.behind(last).ok_or(BrokenPaging::EmptyKey)?;
        Ok(Next::Query(Box::new(so_far.query.clone().and_filter(behind))))
    }
}

impl ByLink {
    fn next(&mut self, page: &Page, so_far: &SoFar) -> Result<Next, BrokenPaging> {
        if !page.rows.is_empty() && page.rows == self.previous {
            return Err(BrokenPaging::RepeatedPage);
        }
        self.previous.clone_from(&page.rows);
        let received = so_far.received;
        match (&page.next_link, page.count) {
            (Some(link), _) if self.seen.insert(link.clone()) => Ok(Next::Link(link.clone())),
            (Some(_), _) => Err(BrokenPaging::RepeatedLink),
            (None, Some(announced)) if received >= announced => Ok(Next::End),
            (None, Some(announced)) if page.rows.is_empty() => {
                Err(BrokenPaging::Short { announced, received })
            }
            (None, None) if page.rows.is_empty() => Ok(Next::End),
            (None, _) => Ok(Next::Query(Box::new(so_far.query.clone().skip(received)))),
        }
    }
}
