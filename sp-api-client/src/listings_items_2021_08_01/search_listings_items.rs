//! `searchListingsItems`: the listings there are, the first 1,000 of them.

use std::time::Duration;

use bytes::Bytes;
use futures_core::Stream;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use url::Url;
use wire::{Class, Page, Plan};

use super::{INCLUDED_MAX, IncludedData, Item, ListingStatus, ListingsItems, ROOT, Severity};
use crate::Error;
use crate::client::{Call, Operation, call};
use crate::json;
use crate::text::open_enum;

/// Amazon takes this many numbers at once.
const IDENTIFIERS_MAX: usize = 20;
const PAGE_SIZE_MAX: u8 = 20;
const LIST_MAX: usize = 50;
/// The service shows 1,000 listings, even one to a page.
const PAGES_MAX: u32 = 1000;

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
    created: (Option<Timestamp>, Option<Timestamp>),
    last_updated: (Option<Timestamp>, Option<Timestamp>),
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
            created: (None, None),
            last_updated: (None, None),
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
        self.created.0 = Some(time);
        self
    }

    /// Only those made at this time or before (`createdBefore`).
    #[must_use]
    pub fn created_before(mut self, time: Timestamp) -> Self {
        self.created.1 = Some(time);
        self
    }

    /// Only those changed at this time or later (`lastUpdatedAfter`).
    #[must_use]
    pub fn last_updated_after(mut self, time: Timestamp) -> Self {
        self.last_updated.0 = Some(time);
        self
    }

    /// Only those changed at this time or before (`lastUpdatedBefore`).
    #[must_use]
    pub fn last_updated_before(mut self, time: Timestamp) -> Self {
        self.last_updated.1 = Some(time);
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

    /// The page behind or before one that was read (`pageToken`).
    #[must_use]
    pub fn page(mut self, token: impl Into<String>) -> Self {
        self.page_token = Some(token.into());
        self
    }

    /// What of it the service would refuse.
    fn check(&self) -> Result<(), Error> {
        let invalid = |parameter, reason| Err(Error::InvalidParameter { parameter, reason });
        if self.page_size.is_some_and(|size| !(1..=PAGE_SIZE_MAX).contains(&size)) {
            return invalid("pageSize", "the service takes 1 to 20");
        }
        for (parameter, limits) in
            [("createdBefore", self.created), ("lastUpdatedBefore", self.last_updated)]
        {
            if let (Some(after), Some(before)) = limits
                && after > before
            {
                return invalid(parameter, "it lies before the begin of the time");
            }
        }
        Ok(())
    }
}

impl Among {
    fn parameters(&self) -> Result<Vec<(&'static str, String)>, Error> {
        Ok(match self {
            Self::All => Vec::new(),
            Self::Numbers { identifiers_type, identifiers } => vec![
                ("identifiers", call::required("identifiers", identifiers, IDENTIFIERS_MAX)?),
                ("identifiersType", identifiers_type.clone()),
            ],
            Self::VariationsOf(sku) => vec![("variationParentSku", sku.clone())],
            Self::PackagesOf(sku) => vec![("packageHierarchySku", sku.clone())],
        })
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
    pub pagination: Option<super::Pagination>,
}

impl Call for SearchListingsItems {
    const OPERATION: Operation = Operation {
        name: "searchListingsItems",
        class: Class::Safe,
        // 5 a second.
        plan: Plan { interval: Duration::from_millis(200), burst: 5 },
    };
    type Answer = ListingsPage;

    fn request(&self, base: &Url) -> Result<http::Request<Bytes>, Error> {
        self.check()?;
        let seller_id = call::path_id("sellerId", &self.seller_id)?;
        let time = |time: Option<Timestamp>| time.map(call::time).unwrap_or_default();
        let (sort_by, sort_order) = match &self.sort {
            Some((by, ascending)) => (by.as_str(), if *ascending { "ASC" } else { "DESC" }),
            None => ("", ""),
        };
        let statuses =
            |name, statuses: &[ListingStatus]| call::comma_separated(name, statuses, LIST_MAX);
        let stores = &self.marketplace_ids;
        let severities = &self.with_issue_severity;
        let mut parameters = vec![
            ("marketplaceIds", call::required("marketplaceIds", stores, LIST_MAX)?),
            ("issueLocale", self.issue_locale.clone().unwrap_or_default()),
            (
                "includedData",
                call::comma_separated("includedData", &self.included_data, INCLUDED_MAX)?,
            ),
        ];
        parameters.extend(self.among.parameters()?);
        parameters.extend([
            ("createdAfter", time(self.created.0)),
            ("createdBefore", time(self.created.1)),
            ("lastUpdatedAfter", time(self.last_updated.0)),
            ("lastUpdatedBefore", time(self.last_updated.1)),
            (
                "withIssueSeverity",
                call::comma_separated("withIssueSeverity", severities, LIST_MAX)?,
            ),
            ("withStatus", statuses("withStatus", &self.with_status)?),
            ("withoutStatus", statuses("withoutStatus", &self.without_status)?),
            ("sortBy", sort_by.to_owned()),
            ("sortOrder", sort_order.to_owned()),
            ("pageSize", self.page_size.map(|size| size.to_string()).unwrap_or_default()),
            ("pageToken", self.page_token.clone().unwrap_or_default()),
        ]);
        call::get(&call::with_query(base, &[&ROOT[..], &[seller_id]].concat(), parameters)?)
    }
}

impl<'a> ListingsItems<'a> {
    /// `searchListingsItems`: one page of listings.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`] for what the service would refuse, and those of any call.
    pub async fn search_listings_items(
        self,
        search: &SearchListingsItems,
    ) -> Result<ListingsPage, Error> {
        self.client.call(search).await
    }

    /// `searchListingsItems`, page after page: at most 1,000 listings. The stream ends after an
    /// error.
    pub fn search_listings_items_stream(
        self,
        search: SearchListingsItems,
    ) -> impl Stream<Item = Result<Item, Error>> + Send + use<'a> {
        wire::pages(PAGES_MAX, move |token| {
            let search = match token {
                Some(token) => search.clone().page(token),
                None => search.clone(),
            };
            async move {
                let page = self.search_listings_items(&search).await?;
                let next_token = page.pagination.and_then(|pagination| pagination.next_token);
                Ok(Page { items: page.items, next_token })
            }
        })
    }
}
