//! `searchListingsItems`: the listings there are, the first 1,000 of them.

use std::time::Duration;

use bytes::Bytes;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use url::Url;
use wire::{Class, Plan};

use super::{IncludedData, Item, ListingStatus, ListingsItems, Pagination, ROOT, Severity};
use crate::Error;
use crate::client::list::lists;
use crate::client::query::{Query, TO_20, Window, WindowRule};
use crate::client::{Call, Operation, call};
use crate::items::page_of_items;
use crate::json;
use crate::text::open_enum;

/// Amazon takes this many numbers at once.
const IDENTIFIERS_MAX: usize = 20;
const CREATED: WindowRule = WindowRule::closed("createdAfter", "createdBefore");
const LAST_UPDATED: WindowRule = WindowRule::closed("lastUpdatedAfter", "lastUpdatedBefore");
const NO_SKU: &str = "there is no SKU";

open_enum! {
    /// What listings are sorted by (`sortBy`).
    SortBy {
        /// `sku`.
        Sku = "sku",
        /// `createdDate`.
        CreatedDate = "createdDate",
        /// `lastUpdatedDate`: unless said.
        LastUpdatedDate = "lastUpdatedDate",
    }
}

/// Which listings to show: the parameters of `searchListingsItems`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SearchListingsItems {
    seller_id: String,
    marketplace_ids: Vec<String>,
    issue_locale: Option<String>,
    included_data: Vec<IncludedData>,
    among: Among,
    created: Window,
    last_updated: Window,
    with_issue_severity: Vec<Severity>,
    with_status: Vec<ListingStatus>,
    without_status: Vec<ListingStatus>,
    sort: Option<(SortBy, bool)>,
    page_size: Option<u8>,
    page_token: Option<String>,
}

/// The three that exclude each other.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Among {
    All,
    Numbers { identifiers_type: String, identifiers: Vec<String> },
    VariationsOf(String),
    PackagesOf(String),
}

impl SearchListingsItems {
    /// All listings of a seller in these stores.
    #[must_use]
    pub fn of_seller(
        seller_id: impl Into<String>,
        marketplace_ids: impl IntoIterator<Item = impl Into<String>>,
    ) -> Self {
        Self {
            seller_id: seller_id.into(),
            marketplace_ids: marketplace_ids.into_iter().map(Into::into).collect(),
            issue_locale: None,
            included_data: Vec::new(),
            among: Among::All,
            created: Window::default(),
            last_updated: Window::default(),
            with_issue_severity: Vec::new(),
            with_status: Vec::new(),
            without_status: Vec::new(),
            sort: None,
            page_size: None,
            page_token: None,
        }
    }

    /// Only those with these numbers (`identifiers`), one to twenty. The type is `ASIN`, `EAN`,
    /// `FNSKU`, `GTIN`, `ISBN`, `JAN`, `MINSAN`, `SKU` or `UPC`. A SKU with a comma can be asked
    /// for with [`get_listings_item`](ListingsItems::get_listings_item) alone. Takes the place of
    /// variations and packages.
    #[must_use]
    pub fn identified(
        mut self,
        identifiers_type: impl Into<String>,
        identifiers: impl IntoIterator<Item = impl Into<String>>,
    ) -> Self {
        let identifiers = identifiers.into_iter().map(Into::into).collect();
        self.among = Among::Numbers { identifiers_type: identifiers_type.into(), identifiers };
        self
    }

    /// Only variations of this SKU (`variationParentSku`). Takes the place of numbers and packages.
    #[must_use]
    pub fn variations_of(mut self, sku: impl Into<String>) -> Self {
        self.among = Among::VariationsOf(sku.into());
        self
    }

    /// Only what contains this SKU, or is contained in it (`packageHierarchySku`). Takes the place
    /// of numbers and variations.
    #[must_use]
    pub fn packages_of(mut self, sku: impl Into<String>) -> Self {
        self.among = Among::PackagesOf(sku.into());
        self
    }

    /// These parts of the listings (`includedData`); their summaries unless said.
    #[must_use]
    pub fn included_data(mut self, parts: impl IntoIterator<Item = IncludedData>) -> Self {
        self.included_data = parts.into_iter().collect();
        self
    }

    /// The language of the issues (`issueLocale`), like `en_US`; the store's own unless said.
    #[must_use]
    pub fn issue_locale(mut self, locale: impl Into<String>) -> Self {
        self.issue_locale = Some(locale.into());
        self
    }

    /// Only those made at this time or later (`createdAfter`).
    #[must_use]
    pub fn created_after(mut self, time: Timestamp) -> Self {
        self.created.after = Some(time);
        self
    }

    /// Only those made at this time or before (`createdBefore`).
    #[must_use]
    pub fn created_before(mut self, time: Timestamp) -> Self {
        self.created.before = Some(time);
        self
    }

    /// Only those changed at this time or later (`lastUpdatedAfter`).
    #[must_use]
    pub fn last_updated_after(mut self, time: Timestamp) -> Self {
        self.last_updated.after = Some(time);
        self
    }

    /// Only those changed at this time or before (`lastUpdatedBefore`).
    #[must_use]
    pub fn last_updated_before(mut self, time: Timestamp) -> Self {
        self.last_updated.before = Some(time);
        self
    }

    /// Only those with issues this bad (`withIssueSeverity`).
    #[must_use]
    pub fn with_issue_severity(mut self, severities: impl IntoIterator<Item = Severity>) -> Self {
        self.with_issue_severity = severities.into_iter().collect();
        self
    }

    /// Only those with one of these statuses (`withStatus`).
    #[must_use]
    pub fn with_status(mut self, statuses: impl IntoIterator<Item = ListingStatus>) -> Self {
        self.with_status = statuses.into_iter().collect();
        self
    }

    /// Only those with none of these statuses (`withoutStatus`).
    #[must_use]
    pub fn without_status(mut self, statuses: impl IntoIterator<Item = ListingStatus>) -> Self {
        self.without_status = statuses.into_iter().collect();
        self
    }

    /// In this order (`sortBy`), the least first (`sortOrder`).
    #[must_use]
    pub fn ascending(mut self, by: SortBy) -> Self {
        self.sort = Some((by, true));
        self
    }

    /// In this order (`sortBy`), the greatest first (`sortOrder`).
    #[must_use]
    pub fn descending(mut self, by: SortBy) -> Self {
        self.sort = Some((by, false));
        self
    }

    /// How many listings a page has (`pageSize`): 1 to 20; the service's 10 unless said.
    #[must_use]
    pub fn page_size(mut self, listings: u8) -> Self {
        self.page_size = Some(listings);
        self
    }
}

impl Among {
    fn parameters(&self, query: Query) -> Query {
        match self {
            Self::All => query,
            Self::Numbers { identifiers_type, identifiers } => query
                .list("identifiers", identifiers, 1..=IDENTIFIERS_MAX)
                .required("identifiersType", identifiers_type, "the service wants their type"),
            Self::VariationsOf(sku) => query.required("variationParentSku", sku, NO_SKU),
            Self::PackagesOf(sku) => query.required("packageHierarchySku", sku, NO_SKU),
        }
    }
}

/// One page of listings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ListingsPage {
    /// `numberOfResults`: how many listings the whole search finds. Only 1,000 can be read.
    pub number_of_results: u64,
    /// `items`: those of this page.
    #[serde(deserialize_with = "json::list")]
    pub items: Vec<Item>,
    /// `pagination`: the pages beside this one.
    #[serde(default)]
    pub pagination: Option<Pagination>,
}

page_of_items! { ListingsPage of Item }

impl Call for SearchListingsItems {
    const OPERATION: Operation = Operation {
        name: "searchListingsItems",
        class: Class::Safe,
        // 5 a second.
        plan: Plan { interval: Duration::from_millis(200), burst: 5 },
    };
    type Answer = ListingsPage;

    fn request(&self, base: &Url) -> Result<http::Request<Bytes>, Error> {
        let seller_id = call::path_id("sellerId", &self.seller_id)?;
        let (sort_by, ascending) = self.sort.as_ref().map(|(by, up)| (by, up)).unzip();
        let query = Query::default()
            .list("marketplaceIds", &self.marketplace_ids, 1..)
            .set("issueLocale", self.issue_locale.as_ref())
            .list("includedData", &self.included_data, ..);
        self.among
            .parameters(query)
            .window(&CREATED, self.created)
            .window(&LAST_UPDATED, self.last_updated)
            .list("withIssueSeverity", &self.with_issue_severity, ..)
            .list("withStatus", &self.with_status, ..)
            .list("withoutStatus", &self.without_status, ..)
            .set("sortBy", sort_by)
            .set("sortOrder", ascending.map(|up| if *up { "ASC" } else { "DESC" }))
            .size("pageSize", self.page_size, &TO_20)
            .set("pageToken", self.page_token.as_ref())
            .get(base, &ROOT, &[seller_id])
    }
}

lists! {
    ListingsItems: "searchListingsItems", SearchListingsItems => ListingsPage, Item;
    /// The page before has a token too.
    token "pageToken" in page_token;
    /// The service shows 1,000 listings, even one to a page.
    at most 1000 pages;
    search_listings_items, search_listings_items_pages,
    /// At most 1,000 listings come.
    search_listings_items_stream
}
