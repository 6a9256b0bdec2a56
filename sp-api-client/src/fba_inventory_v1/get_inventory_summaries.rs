//! `getInventorySummaries`: what there is of each SKU.

use std::time::Duration;

use bytes::Bytes;
use jiff::Timestamp;
use serde::Deserialize;
use url::Url;
use wire::{Class, Page, Plan};

use super::{FbaInventory, InventorySummary, ROOT};
use crate::Error;
use crate::client::list::{Pagination, lists};
use crate::client::query::{Query, Window, WindowRule};
use crate::client::{Call, Operation};
use crate::json::Unused;

const SKUS_MAX: usize = 50;
/// 18 months have at most 549 days.
const CHANGED: WindowRule = WindowRule::closed("startDateTime", "startDateTime")
    .oldest(549, "the service takes a time at most 18 months back");

/// Which stock to list: the parameters of `getInventorySummaries`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GetInventorySummaries {
    marketplace_id: String,
    details: bool,
    only: Only,
    next_token: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Only {
    All,
    Skus(Vec<String>),
    Sku(String),
    ChangedSince(Timestamp),
}

impl GetInventorySummaries {
    /// The stock for one store (`marketplaceIds`, `granularityId`).
    #[must_use]
    pub fn of_marketplace(id: impl Into<String>) -> Self {
        Self { marketplace_id: id.into(), details: false, only: Only::All, next_token: None }
    }

    /// With where the units are (`details`).
    #[must_use]
    pub fn details(mut self) -> Self {
        self.details = true;
        self
    }

    /// Only these SKUs (`sellerSkus`): at most 50, none with a comma. Takes the place of the other
    /// choices.
    #[must_use]
    pub fn skus(mut self, skus: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.only = Only::Skus(skus.into_iter().map(Into::into).collect());
        self
    }

    /// Only this SKU (`sellerSku`), which may have a comma. Takes the place of the other choices.
    #[must_use]
    pub fn sku(mut self, sku: impl Into<String>) -> Self {
        self.only = Only::Sku(sku.into());
        self
    }

    /// Only what changed since (`startDateTime`): at most 18 months back. What is on its way to a
    /// warehouse does not count as a change. Takes the place of the other choices.
    #[must_use]
    pub fn changed_since(mut self, time: Timestamp) -> Self {
        self.only = Only::ChangedSince(time);
        self
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct GetInventorySummariesResponse {
    payload: Payload,
    pagination: Option<Pagination>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Payload {
    /// What was asked for, once more.
    #[serde(default, rename = "granularity")]
    _granularity: Option<Unused>,
    inventory_summaries: Vec<InventorySummary>,
}

impl From<GetInventorySummariesResponse> for Page<InventorySummary> {
    fn from(answer: GetInventorySummariesResponse) -> Self {
        Self {
            items: answer.payload.inventory_summaries,
            next_token: answer.pagination.and_then(|page| page.next_token),
        }
    }
}

impl Call for GetInventorySummaries {
    const OPERATION: Operation = Operation {
        name: "getInventorySummaries",
        class: Class::Safe,
        // 2 a second.
        plan: Plan { interval: Duration::from_millis(500), burst: 2 },
    };
    type Answer = GetInventorySummariesResponse;

    fn request(&self, base: &Url) -> Result<http::Request<Bytes>, Error> {
        let marketplace = std::slice::from_ref(&self.marketplace_id);
        let query = Query::default()
            .flag("details", self.details)
            .set("granularityType", Some("Marketplace"))
            .set("granularityId", Some(&self.marketplace_id));
        let query = match &self.only {
            Only::All => query,
            Only::Skus(skus) => query.list("sellerSkus", skus, 1..=SKUS_MAX),
            Only::Sku(sku) => query.required("sellerSku", sku, "there is no SKU"),
            Only::ChangedSince(time) => query.time("startDateTime", Some(*time)),
        };
        query
            .set("nextToken", self.next_token.as_ref())
            .list("marketplaceIds", marketplace, 1..=1)
            .get(base, &ROOT, &["summaries"])
    }
}

lists! {
    FbaInventory: "getInventorySummaries",
    GetInventorySummaries => Page<InventorySummary>, InventorySummary;
    /// The token is good for 30 seconds.
    token "nextToken" in next_token;
    /// At 50 SKUs a page this is half a million SKUs.
    at most 10_000 pages {
        fn check(&self, now: Timestamp) -> Result<(), Error> {
            let Only::ChangedSince(time) = self.only else { return Ok(()) };
            CHANGED.check(Window { after: Some(time), before: None }, now)
        }

        /// The stock of a SKU, in one condition, as Amazon names it: a token lives for 30 seconds.
        fn key(stock: &InventorySummary) -> Option<String> {
            let of = |text: &Option<String>| text.clone().unwrap_or_default();
            let names = [&stock.seller_sku, &stock.fn_sku, &stock.asin, &stock.condition];
            Some(names.map(of).join("\n"))
        }
    };
    get_inventory_summaries, get_inventory_summaries_pages,
    ///
    /// A token lives for 30 seconds. When it is refused because the stream was read slower than
    /// that, the list is read again from its begin, and what was given already is left out.
    get_inventory_summaries_stream
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::client::call::testing::{answer, line};
    use crate::client::list::List;

    const AT: &str = "GET /fba/inventory/v1/summaries?";
    const STORE: &str = "granularityType=Marketplace&granularityId=M";

    fn which() -> GetInventorySummaries {
        GetInventorySummaries::of_marketplace("M")
    }

    #[test]
    fn the_request() {
        let time = "2026-11-01T00:00:00Z".parse().unwrap();
        for (which, expected) in [
            (which(), format!("{AT}{STORE}&marketplaceIds=M")),
            (
                which().details().skus(["a", "b/c"]).from_page("n="),
                format!(
                    "{AT}details=true&{STORE}&sellerSkus=a%2Cb%2Fc&nextToken=n%3D&marketplaceIds=M"
                ),
            ),
            (which().sku("a,b"), format!("{AT}{STORE}&sellerSku=a%2Cb&marketplaceIds=M")),
            (
                which().changed_since(time),
                format!("{AT}{STORE}&startDateTime=2026-11-01T00%3A00%3A00Z&marketplaceIds=M"),
            ),
        ] {
            assert_eq!(line(&which).unwrap(), expected);
        }
    }

    #[test]
    fn what_the_service_would_refuse_is_refused_here() {
        let many = (0..51).map(|number| number.to_string());
        for (which, expected) in [
            (GetInventorySummaries::of_marketplace(""), "marketplaceIds"),
            (GetInventorySummaries::of_marketplace("A,B"), "marketplaceIds"),
            (which().skus([""; 0]), "sellerSkus"),
            (which().skus(many), "sellerSkus"),
            (which().skus(["a,b"]), "sellerSkus"),
            (which().sku(""), "sellerSku"),
        ] {
            match line(&which) {
                Err(Error::InvalidParameter { parameter, .. }) => assert_eq!(parameter, expected),
                other => panic!("{expected}: {other:?}"),
            }
        }
    }

    #[test]
    fn a_change_is_at_most_18_months_back() {
        let now = "2026-11-23T12:00:00Z".parse().unwrap();
        let check = |since: &str| which().changed_since(since.parse().unwrap()).check(now);
        assert!(check("2025-05-23T12:00:00Z").is_ok());
        let error = check("2025-05-22T00:00:00Z").unwrap_err();
        assert!(matches!(error, Error::InvalidParameter { parameter: "startDateTime", .. }));
        assert!(which().check(now).is_ok());
    }

    #[test]
    fn the_answer() {
        let body = json!({
            "pagination": {"nextToken": "n"},
            "payload": {
                "granularity": {"granularityType": "Marketplace", "granularityId": "M"},
                "inventorySummaries": [
                    {
                        "asin": "B1", "fnSku": "X1", "sellerSku": "a", "condition": "NewItem",
                        "lastUpdatedTime": "2026-11-02T03:04:05Z", "totalQuantity": 7,
                        "inventoryDetails": {
                            "fulfillableQuantity": 5,
                            "reservedQuantity": {"totalReservedQuantity": 2},
                            "researchingQuantity": {"researchingQuantityBreakdown": [
                                {"name": "researchingQuantityInShortTerm", "quantity": 1},
                            ]},
                        },
                    },
                    {"sellerSku": "b", "lastUpdatedTime": "", "totalQuantity": 0},
                ],
            },
        });
        let answer = answer(&GetInventorySummaries::of_marketplace("M"), &body);
        assert_eq!(answer.pagination.unwrap().next_token.as_deref(), Some("n"));
        let [first, second] = &answer.payload.inventory_summaries[..] else { panic!() };
        let details = first.inventory_details.as_ref().unwrap();
        assert_eq!((first.total_quantity, details.fulfillable_quantity), (Some(7), Some(5)));
        assert_eq!(first.last_updated_time, Some("2026-11-02T03:04:05Z".parse().unwrap()));
        assert_eq!((second.last_updated_time, second.total_quantity), (None, Some(0)));
    }
}
