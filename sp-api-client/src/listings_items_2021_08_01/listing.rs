//! Which listing: what every operation on one has in its address.

use std::ops::RangeBounds;

use url::Url;

use super::ROOT;
use crate::Error;
use crate::client::call;
use crate::client::query::Query;

/// A seller's listing of a SKU in one or more stores.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listing {
    seller_id: String,
    sku: String,
    marketplace_ids: Vec<String>,
    issue_locale: Option<String>,
}

impl Listing {
    /// The listing of this SKU, which may have any characters, in these stores. A put and a delete
    /// take one store.
    #[must_use]
    pub fn new(
        seller_id: impl Into<String>,
        sku: impl Into<String>,
        marketplace_ids: impl IntoIterator<Item = impl Into<String>>,
    ) -> Self {
        Self {
            seller_id: seller_id.into(),
            sku: sku.into(),
            marketplace_ids: marketplace_ids.into_iter().map(Into::into).collect(),
            issue_locale: None,
        }
    }

    /// The language of the issues (`issueLocale`), like `en_US`; the store's own unless said.
    #[must_use]
    pub fn issue_locale(mut self, locale: impl Into<String>) -> Self {
        self.issue_locale = Some(locale.into());
        self
    }

    /// The listing's address, in as many stores as the operation takes.
    pub(super) fn address(
        &self,
        base: &Url,
        stores: impl RangeBounds<usize>,
        more: impl FnOnce(Query) -> Query,
    ) -> Result<Url, Error> {
        let seller_id = call::path_id("sellerId", &self.seller_id)?;
        let sku = call::path_id("sku", &self.sku)?;
        let query = Query::default()
            .list("marketplaceIds", &self.marketplace_ids, stores)
            .set("issueLocale", self.issue_locale.as_ref());
        more(query).address(base, &ROOT, &[seller_id, sku])
    }
}

/// How a change is sent: with the listing's ASINs wanted beside the issues (`includedData`), and
/// only to be tried (`mode`).
pub(super) fn sent(query: Query, identifiers: bool, preview: bool) -> Query {
    query
        .set("includedData", identifiers.then_some("identifiers,issues"))
        .set("mode", preview.then_some("VALIDATION_PREVIEW"))
}
