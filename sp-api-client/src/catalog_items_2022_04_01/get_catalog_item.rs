//! `getCatalogItem`: one item.

use bytes::Bytes;
use url::Url;
use wire::Class;

use super::{CatalogItems, IncludedData, Item, PLAN, ROOT};
use crate::Error;
use crate::client::query::Query;
use crate::client::{Call, Operation, call};

/// Which item, and what of it: the parameters of `getCatalogItem`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GetCatalogItem {
    asin: String,
    marketplace_ids: Vec<String>,
    included_data: Vec<IncludedData>,
    locale: Option<String>,
}

impl GetCatalogItem {
    /// The item of this ASIN, as these stores have it.
    #[must_use]
    pub fn new(
        asin: impl Into<String>,
        marketplace_ids: impl IntoIterator<Item = impl Into<String>>,
    ) -> Self {
        Self {
            asin: asin.into(),
            marketplace_ids: marketplace_ids.into_iter().map(Into::into).collect(),
            included_data: Vec::new(),
            locale: None,
        }
    }

    /// These parts of it (`includedData`); its summaries unless said.
    #[must_use]
    pub fn included_data(mut self, parts: impl IntoIterator<Item = IncludedData>) -> Self {
        self.included_data = parts.into_iter().collect();
        self
    }

    /// In this language (`locale`), like `en_US`; in the store's own unless said.
    #[must_use]
    pub fn locale(mut self, locale: impl Into<String>) -> Self {
        self.locale = Some(locale.into());
        self
    }
}

impl Call for GetCatalogItem {
    const OPERATION: Operation =
        Operation { name: "getCatalogItem", class: Class::Safe, plan: PLAN };
    type Answer = Item;

    fn request(&self, base: &Url) -> Result<http::Request<Bytes>, Error> {
        let asin = call::path_id("asin", &self.asin)?;
        Query::default()
            .list("marketplaceIds", &self.marketplace_ids, 1..)
            .list("includedData", &self.included_data, ..)
            .set("locale", self.locale.as_ref())
            .get(base, &ROOT, &[asin])
    }
}

impl CatalogItems<'_> {
    /// `getCatalogItem`: one item.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`] for what the service would refuse, [`Error::NotFound`] for an
    /// ASIN that these stores do not have, and those of any call.
    pub async fn get_catalog_item(self, which: &GetCatalogItem) -> Result<Item, Error> {
        self.client.call(which).await
    }
}
