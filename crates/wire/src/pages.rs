//! A list that comes in pages, each naming the next.

use std::collections::HashSet;

use futures_core::Stream;
use futures_util::{TryStreamExt, stream};

#[cfg(test)]
mod tests;

/// One page of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page<T> {
    /// What is on it. An empty page does not end the list.
    pub items: Vec<T>,
    /// What the next page is asked for with. `None`, or an empty text, ends the list.
    pub next_token: Option<String>,
}

/// A page that knows how to ask for the next one.
pub trait Paged {
    /// The token of the next page. `None`, or an empty text, ends the list.
    fn next_token(&self) -> Option<&str>;
}

impl<T> Paged for Page<T> {
    fn next_token(&self) -> Option<&str> {
        self.next_token.as_deref()
    }
}

/// A list that would not end.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BrokenPaging {
    /// The server named the same next page a second time.
    #[error("the server named the same next page twice, so the list would never end")]
    RepeatedToken,
    /// The list goes on behind the last page allowed.
    #[error("the list has more than {max_pages} pages")]
    TooManyPages {
        /// The most pages allowed.
        max_pages: u32,
    },
}

/// Reads a list to its end: `fetch` is asked for the first page with `None`, and for each further
/// one with the token of the page before, byte for byte.
///
/// The stream ends after the last page, or after its first error.
pub fn pages<T, E, F, Fut>(max_pages: u32, fetch: F) -> impl Stream<Item = Result<T, E>>
where
    E: From<BrokenPaging>,
    F: FnMut(Option<String>) -> Fut,
    Fut: Future<Output = Result<Page<T>, E>>,
{
    whole_pages(max_pages, fetch)
        .map_ok(|page: Page<T>| stream::iter(page.items.into_iter().map(Ok)))
        .try_flatten()
}

/// Like [`pages`], page by page: for who keeps the token of each page, to go on from it later.
pub fn whole_pages<P, E, F, Fut>(max_pages: u32, fetch: F) -> impl Stream<Item = Result<P, E>>
where
    P: Paged,
    E: From<BrokenPaging>,
    F: FnMut(Option<String>) -> Fut,
    Fut: Future<Output = Result<P, E>>,
{
    let reader = Reader { fetch, max_pages, pages: 0, seen: HashSet::new(), next: Next::First };
    stream::try_unfold(reader, Reader::step)
}

struct Reader<F> {
    fetch: F,
    max_pages: u32,
    pages: u32,
    seen: HashSet<String>,
    next: Next,
}

enum Next {
    First,
    Token(String),
    End,
}

impl<F> Reader<F> {
    async fn step<P, E, Fut>(mut self) -> Result<Option<(P, Self)>, E>
    where
        P: Paged,
        E: From<BrokenPaging>,
        F: FnMut(Option<String>) -> Fut,
        Fut: Future<Output = Result<P, E>>,
    {
        let token = match std::mem::replace(&mut self.next, Next::End) {
            Next::First => None,
            Next::Token(token) => Some(token),
            Next::End => return Ok(None),
        };
        if self.pages == self.max_pages {
            return Err(BrokenPaging::TooManyPages { max_pages: self.max_pages }.into());
        }
        self.pages += 1;
        let page = (self.fetch)(token).await?;
        if let Some(token) = page.next_token().filter(|token| !token.is_empty()) {
            if !self.seen.insert(token.to_owned()) {
                return Err(BrokenPaging::RepeatedToken.into());
            }
            self.next = Next::Token(token.to_owned());
        }
        Ok(Some((page, self)))
    }
}
