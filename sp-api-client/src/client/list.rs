//! Lists that come in pages: one page, page by page, or item by item to the end.

use std::collections::HashSet;
use std::pin::Pin;

use futures_core::Stream;
use futures_util::{TryStreamExt, stream};
use jiff::Timestamp;
use serde::Deserialize;
use wire::{Page, Paged};

use super::{Call, Client};
use crate::Error;

/// The parameters of an operation that lists something, page by page.
pub(crate) trait List:
    Call<Answer: Into<Self::Page> + Send> + Clone + Send + Sync + 'static
{
    /// One page.
    type Page: Paged + Into<Page<Self::Item>> + Send + 'static;
    /// What is on a page.
    type Item: Send + 'static;
    /// More pages are a list that does not end.
    const PAGES_MAX: u32;

    /// The token of the page that is asked for. `None` for the first.
    fn token(&self) -> Option<&str>;

    /// The same for the page with this token.
    fn behind(self, token: String) -> Self;

    /// Refuses what the service would refuse, or answer with nothing, because of the time it is.
    fn check(&self, _now: Timestamp) -> Result<(), Error> {
        Ok(())
    }

    /// What tells an item from the others, where the tokens of the pages do not live long: a list
    /// whose token came too late is read again from its begin, without what was given already.
    fn key(_item: &Self::Item) -> Option<String> {
        None
    }

    /// Fixes what the service chose for the first page, so that reading again reads the same.
    fn fix(&mut self, _page: &Self::Page) {}
}

impl Client {
    /// One page of a list.
    pub(crate) async fn page<L: List>(&self, list: &L) -> Result<L::Page, Error> {
        // The window behind a token was right when the first page was asked for.
        if list.token().is_none() {
            list.check(self.now())?;
        }
        self.call(list).await.map(Into::into)
    }

    /// A list page by page.
    pub(crate) fn pages<L: List>(
        &self,
        list: L,
    ) -> impl Stream<Item = Result<L::Page, Error>> + Send + use<'_, L> {
        wire::whole_pages(L::PAGES_MAX, move |token| {
            let list = token.map_or_else(|| list.clone(), |token| list.clone().behind(token));
            async move { self.page(&list).await }
        })
    }

    /// A list item by item.
    pub(crate) fn items<L: List>(
        &self,
        list: L,
    ) -> impl Stream<Item = Result<L::Item, Error>> + Send + use<'_, L> {
        stream::try_unfold(Walk::new(self, list), Walk::step)
            .map_ok(|items| stream::iter(items.into_iter().map(Ok)))
            .try_flatten()
    }
}

/// A list that is being read to its end, though its tokens may not live that long.
struct Walk<'a, L: List> {
    client: &'a Client,
    list: L,
    pages: Pin<Box<dyn Stream<Item = Result<L::Page, Error>> + Send + 'a>>,
    /// The keys of what was given already.
    given: HashSet<String>,
    /// Whether anything new came since the list was begun at its first page.
    advanced: bool,
}

impl<'a, L: List> Walk<'a, L> {
    fn new(client: &'a Client, list: L) -> Self {
        let pages = Box::pin(client.pages(list.clone()));
        Self { client, list, pages, given: HashSet::new(), advanced: false }
    }

    /// What is new on the next page.
    async fn step(mut self) -> Result<Option<(Vec<L::Item>, Self)>, Error> {
        loop {
            match self.pages.try_next().await {
                Ok(None) => return Ok(None),
                Ok(Some(page)) => {
                    let new = self.take(page);
                    return Ok(Some((new, self)));
                }
                // Without something new since the last time it would go round for ever.
                Err(Error::BadRequest(_)) if self.advanced => self.restart(),
                Err(error) => return Err(error),
            }
        }
    }

    fn take(&mut self, page: L::Page) -> Vec<L::Item> {
        self.list.fix(&page);
        let mut new = page.into().items;
        new.retain(|item| match L::key(item) {
            Some(key) => {
                let is_new = self.given.insert(key);
                // Who begins behind a page knows what was on those before; we do not.
                self.advanced |= is_new && self.list.token().is_none();
                is_new
            }
            None => true,
        });
        new
    }

    fn restart(&mut self) {
        let operation = L::OPERATION.name;
        tracing::debug!(operation, "the token of the next page was refused; reading anew");
        self.advanced = false;
        self.pages = Box::pin(self.client.pages(self.list.clone()));
    }
}

/// How a list goes on, as many answers tell it.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Pagination {
    pub(crate) next_token: Option<String>,
}

/// A list, the token it goes on from, and the public ways to read it.
macro_rules! lists {
    (
        $(#[$of_all:meta])*
        $api:ident: $name:literal, $query:ident => $page:ty, $item:ty;
        $(#[$of_token:meta])* token $token:literal in $($field:tt).+;
        $(#[$of_most:meta])* at most $most:literal pages $({ $($own:tt)* })?;
        $(#[$of_page:meta])* $one:ident, $pages:ident, $(#[$of_items:meta])* $items:ident
    ) => {
        impl $crate::client::list::List for $query {
            type Page = $page;
            type Item = $item;
            $(#[$of_most])*
            const PAGES_MAX: u32 = $most;

            fn token(&self) -> Option<&str> {
                self.$($field).+.as_deref()
            }

            fn behind(self, token: String) -> Self {
                self.from_page(token)
            }

            $($($own)*)?
        }

        impl $query {
            #[doc = concat!("Goes on behind a page that was read (`", $token, "`). The other \
                parameters must be as they were for that page.")]
            $(#[$of_token])*
            #[must_use]
            pub fn from_page(mut self, token: impl Into<String>) -> Self {
                self.$($field).+ = Some(token.into());
                self
            }
        }

        impl<'a> $api<'a> {
            #[doc = concat!("`", $name, "`: one page, and the token of the next.")]
            ///
            /// An empty page with a token is not the end.
            $(#[$of_page])*
            ///
            /// # Errors
            /// [`Error::InvalidParameter`](crate::Error::InvalidParameter) for what the service
            /// would refuse, and those of any call.
            $(#[$of_all])*
            pub async fn $one(self, query: &$query) -> Result<$page, $crate::Error> {
                self.client.page(query).await
            }

            #[doc = concat!(
                "`", $name, "`, page by page: whoever keeps a page's token can go on from it later \
                ([`", stringify!($query), "::from_page`]). The stream ends after an error."
            )]
            $(#[$of_all])*
            pub fn $pages(
                self,
                query: $query,
            ) -> impl futures_core::Stream<Item = Result<$page, $crate::Error>> + Send + use<'a> {
                self.client.pages(query)
            }

            #[doc = concat!(
                "`", $name, "` to the end, item by item. The stream ends after an error."
            )]
            $(#[$of_items])*
            $(#[$of_all])*
            pub fn $items(
                self,
                query: $query,
            ) -> impl futures_core::Stream<Item = Result<$item, $crate::Error>> + Send + use<'a> {
                self.client.items(query)
            }
        }
    };
}

pub(crate) use lists;
