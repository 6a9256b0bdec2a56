//! `getInventorySummaries`: what there is of each SKU.

use std::time::Duration;

use bytes::Bytes;
use futures_core::Stream;
use jiff::Timestamp;
use serde::Deserialize;
use url::Url;
use wire::{Class, Page, Plan};

use super::{FbaInventory, InventorySummary};
use crate::Error;
use crate::client::{Call, Operation, call};

const SKUS_MAX: usize = 50;
/// At 50 SKUs a page this is half a million SKUs.
const PAGES_MAX: u32 = 10_000;

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

    /// The page behind one that was read (`nextToken`). A token lives 30 seconds, and everything
    /// else must be as it was.
    #[must_use]
    pub fn page(mut self, token: impl Into<String>) -> Self {
        self.next_token = Some(token.into());
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
    inventory_summaries: Vec<InventorySummary>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Pagination {
    next_token: Option<String>,
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
        let invalid = |parameter, reason| Err(Error::InvalidParameter { parameter, reason });
        let marketplace = std::slice::from_ref(&self.marketplace_id);
        let marketplace = call::comma_separated("marketplaceIds", marketplace, 1)?;
        let only = match &self.only {
            Only::All => ("", String::new()),
            Only::Skus(skus) if skus.is_empty() => {
                return invalid("sellerSkus", "there are no SKUs to ask for");
            }
            Only::Skus(skus) => {
                ("sellerSkus", call::comma_separated("sellerSkus", skus, SKUS_MAX)?)
            }
            Only::Sku(sku) if sku.is_empty() => return invalid("sellerSku", "there is no SKU"),
            Only::Sku(sku) => ("sellerSku", sku.clone()),
            Only::ChangedSince(time) => ("startDateTime", call::time(*time)),
        };
        let details = if self.details { "true" } else { "" };
        let parameters = [
            ("details", details.to_owned()),
            ("granularityType", "Marketplace".to_owned()),
            ("granularityId", marketplace.clone()),
            only,
            ("nextToken", self.next_token.clone().unwrap_or_default()),
            ("marketplaceIds", marketplace),
        ];
        call::get(&call::with_query(base, &["fba", "inventory", "v1", "summaries"], parameters)?)
    }
}

impl<'a> FbaInventory<'a> {
    /// `getInventorySummaries`: one page of stock, and the token of the next.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`] for what the service would refuse, and those of any call.
    pub async fn get_inventory_summaries(
        self,
        which: &GetInventorySummaries,
    ) -> Result<Page<InventorySummary>, Error> {
        let answer = self.client.call(which).await?;
        let next_token = answer.pagination.and_then(|page| page.next_token);
        Ok(Page { items: answer.payload.inventory_summaries, next_token })
    }

    /// `getInventorySummaries`, page after page. The stream ends after an error.
    ///
    /// A token lives 30 seconds: who reads the stream slower than that meets an
    /// [`Error::BadRequest`] and must begin again.
    pub fn get_inventory_summaries_stream(
        self,
        which: GetInventorySummaries,
    ) -> impl Stream<Item = Result<InventorySummary, Error>> + Send + use<'a> {
        wire::pages(PAGES_MAX, move |token| {
            let which = match token {
                Some(token) => which.clone().page(token),
                None => which.clone(),
            };
            async move { self.get_inventory_summaries(&which).await }
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::client::call::testing::line;

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
                which().details().skus(["a", "b/c"]).page("n="),
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
        let answer = GetInventorySummaries::answer(body.to_string().as_bytes(), None).unwrap();
        assert_eq!(answer.pagination.unwrap().next_token.as_deref(), Some("n"));
        let [first, second] = &answer.payload.inventory_summaries[..] else { panic!() };
        let details = first.inventory_details.as_ref().unwrap();
        assert_eq!((first.total_quantity, details.fulfillable_quantity), (Some(7), Some(5)));
        assert_eq!(first.last_updated_time, Some("2026-11-02T03:04:05Z".parse().unwrap()));
        assert_eq!((second.last_updated_time, second.total_quantity), (None, Some(0)));
    }
}
