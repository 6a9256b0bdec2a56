//! Which listing: what every operation on one has in its address.

use url::Url;

use super::ROOT;
use crate::Error;
use crate::client::call;

/// There are some two dozen stores; more is a mistake.
const MARKETPLACES_MAX: usize = 50;

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

    /// The listing's address, with at most this many stores.
    pub(super) fn address(
        &self,
        base: &Url,
        stores_max: Option<usize>,
        more: impl IntoIterator<Item = (&'static str, String)>,
    ) -> Result<Url, Error> {
        let max = stores_max.unwrap_or(MARKETPLACES_MAX);
        let seller_id = call::path_id("sellerId", &self.seller_id)?;
        let sku = call::path_id("sku", &self.sku)?;
        let own = [
            ("marketplaceIds", call::required("marketplaceIds", &self.marketplace_ids, max)?),
            ("issueLocale", self.issue_locale.clone().unwrap_or_default()),
        ];
        let path = [&ROOT[..], &[seller_id, sku]].concat();
        call::with_query(base, &path, own.into_iter().chain(more))
    }
}

/// `mode`, when a change is only to be tried.
pub(super) fn mode(preview: bool) -> (&'static str, String) {
    ("mode", if preview { "VALIDATION_PREVIEW".to_owned() } else { String::new() })
}

/// `includedData` of a change, when the listing's ASINs are wanted beside the issues.
pub(super) fn included(identifiers: bool) -> (&'static str, String) {
    ("includedData", if identifiers { "identifiers,issues".to_owned() } else { String::new() })
}
