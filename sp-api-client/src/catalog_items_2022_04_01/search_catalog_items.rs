//! `searchCatalogItems`: items by their numbers or by words.

use bytes::Bytes;
use serde::{Deserialize, Serialize};
use url::Url;
use wire::Class;

use super::{CatalogItems, IncludedData, Item, PLAN, Pagination, ROOT};
use crate::Error;
use crate::client::list::lists;
use crate::client::query::{Query, TO_20};
use crate::client::{Call, Operation};
use crate::items::page_of_items;
use crate::json;

/// Amazon takes this many numbers, or words, at once.
const SEARCHED_MAX: usize = 20;

/// What to search for: the parameters of `searchCatalogItems`.
///
/// Numbers and words exclude each other, and what narrows a search down goes with words alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SearchCatalogItems {
    marketplace_id: String,
    searched: Searched,
    narrowed: Narrowed,
    included_data: Vec<IncludedData>,
    locale: Option<String>,
    seller_id: Option<String>,
    page_size: Option<u8>,
    page_token: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Searched {
    Numbers { identifiers_type: String, identifiers: Vec<String> },
    Words(Vec<String>),
}

/// What narrows a search by words down.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Narrowed {
    brand_names: Vec<String>,
    classification_ids: Vec<String>,
    keywords_locale: Option<String>,
}

impl SearchCatalogItems {
    /// The items with these numbers (`identifiers`), one to twenty, in one store. The type is
    /// `ASIN`, `EAN`, `GTIN`, `ISBN`, `JAN`, `MINSAN`, `SKU` or `UPC`; `SKU` wants
    /// [`seller_id`](Self::seller_id).
    #[must_use]
    pub fn identified(
        identifiers_type: impl Into<String>,
        identifiers: impl IntoIterator<Item = impl Into<String>>,
        marketplace_id: impl Into<String>,
    ) -> Self {
        let identifiers_type = identifiers_type.into();
        let identifiers = identifiers.into_iter().map(Into::into).collect();
        Self::new(Searched::Numbers { identifiers_type, identifiers }, marketplace_id.into())
    }

    /// The items with these words (`keywords`), one to twenty, in one store.
    #[must_use]
    pub fn keywords(
        keywords: impl IntoIterator<Item = impl Into<String>>,
        marketplace_id: impl Into<String>,
    ) -> Self {
        let keywords = keywords.into_iter().map(Into::into).collect();
        Self::new(Searched::Words(keywords), marketplace_id.into())
    }

    fn new(searched: Searched, marketplace_id: String) -> Self {
        Self {
            marketplace_id,
            searched,
            narrowed: Narrowed::default(),
            included_data: Vec::new(),
            locale: None,
            seller_id: None,
            page_size: None,
            page_token: None,
        }
    }

    /// Only items of these brands (`brandNames`). For a search by words alone.
    #[must_use]
    pub fn brand_names(mut self, brands: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.narrowed.brand_names = brands.into_iter().map(Into::into).collect();
        self
    }

    /// Only items of these branches (`classificationIds`). For a search by words alone.
    #[must_use]
    pub fn classification_ids(mut self, ids: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.narrowed.classification_ids = ids.into_iter().map(Into::into).collect();
        self
    }

    /// The language of the words (`keywordsLocale`). For a search by words alone.
    #[must_use]
    pub fn keywords_locale(mut self, locale: impl Into<String>) -> Self {
        self.narrowed.keywords_locale = Some(locale.into());
        self
    }

    /// These parts of the items (`includedData`); their summaries unless said.
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

    /// Whose SKUs they are (`sellerId`).
    #[must_use]
    pub fn seller_id(mut self, id: impl Into<String>) -> Self {
        self.seller_id = Some(id.into());
        self
    }

    /// How many items a page has (`pageSize`): 1 to 20; the service's 10 unless said.
    #[must_use]
    pub fn page_size(mut self, items: u8) -> Self {
        self.page_size = Some(items);
        self
    }
}

/// One page of a search.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct CatalogPage {
    /// `numberOfResults`: about how many items the whole search finds.
    pub number_of_results: u64,
    /// `items`: those of this page.
    #[serde(deserialize_with = "json::list")]
    pub items: Vec<Item>,
    /// `refinements`: how a search by words can be narrowed down.
    pub refinements: Option<Refinements>,
    /// `pagination`: the pages beside this one.
    #[serde(default)]
    pub pagination: Option<Pagination>,
}

/// How a search by words can be narrowed down (`Refinements`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Refinements {
    /// `brands`.
    #[serde(default, deserialize_with = "json::list")]
    pub brands: Vec<BrandRefinement>,
    /// `classifications`.
    #[serde(default, deserialize_with = "json::list")]
    pub classifications: Vec<ClassificationRefinement>,
}

/// A brand to narrow a search down to (`BrandRefinement`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct BrandRefinement {
    /// `numberOfResults`.
    pub number_of_results: u64,
    /// `brandName`.
    pub brand_name: String,
}

/// A branch to narrow a search down to (`ClassificationRefinement`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ClassificationRefinement {
    /// `numberOfResults`.
    pub number_of_results: u64,
    /// `displayName`.
    pub display_name: String,
    /// `classificationId`.
    pub classification_id: String,
}

impl Searched {
    /// The parameters of what is searched for.
    fn parameters(&self, query: Query, seller_id: Option<&str>) -> Query {
        match self {
            Self::Numbers { identifiers_type, identifiers } => query
                .refuse(
                    identifiers_type == "SKU" && seller_id.unwrap_or_default().is_empty(),
                    "sellerId",
                    "the service wants to know whose SKUs they are",
                )
                .list("identifiers", identifiers, 1..=SEARCHED_MAX)
                .required("identifiersType", identifiers_type, "the service wants their type"),
            Self::Words(keywords) => query.list("keywords", keywords, 1..=SEARCHED_MAX),
        }
    }
}

impl Narrowed {
    fn parameters(&self, query: Query, numbers: bool) -> Query {
        let locale = self.keywords_locale.as_ref();
        let words = "it goes with keywords, not with identifiers";
        query
            .refuse(numbers && !self.brand_names.is_empty(), "brandNames", words)
            .refuse(numbers && !self.classification_ids.is_empty(), "classificationIds", words)
            .refuse(numbers && locale.is_some(), "keywordsLocale", words)
            .list("brandNames", &self.brand_names, ..)
            .list("classificationIds", &self.classification_ids, ..)
            .set("keywordsLocale", locale)
    }
}

page_of_items! { CatalogPage of Item }

impl Call for SearchCatalogItems {
    const OPERATION: Operation =
        Operation { name: "searchCatalogItems", class: Class::Safe, plan: PLAN };
    type Answer = CatalogPage;

    fn request(&self, base: &Url) -> Result<http::Request<Bytes>, Error> {
        let numbers = matches!(self.searched, Searched::Numbers { .. });
        let query = self.searched.parameters(Query::default(), self.seller_id.as_deref());
        self.narrowed
            .parameters(query, numbers)
            .list("marketplaceIds", std::slice::from_ref(&self.marketplace_id), 1..=1)
            .list("includedData", &self.included_data, ..)
            .set("locale", self.locale.as_ref())
            .set("sellerId", self.seller_id.as_ref())
            .size("pageSize", self.page_size, &TO_20)
            .set("pageToken", self.page_token.as_ref())
            .get(base, &ROOT, &[])
    }
}

lists! {
    CatalogItems: "searchCatalogItems", SearchCatalogItems => CatalogPage, Item;
    /// The page before has a token too.
    token "pageToken" in page_token;
    /// A search by words has far fewer.
    at most 1000 pages;
    search_catalog_items, search_catalog_items_pages, search_catalog_items_stream
}
