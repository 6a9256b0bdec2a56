//! What orders and shipments need of the selling account.

use futures_util::TryStreamExt as _;
use jiff::{SignedDuration, Timestamp};
use sp_api_client::feeds_2021_06_30::GetFeeds;
use sp_api_client::orders_2026_01_01::{FulfilledBy, IncludedData, SearchOrders};
use sp_api_client::{Client, Error};

use super::{read_reports, refusal};
use crate::amazon::{FULFILMENT, ORDERS_BY_DATE, ship_to};
use crate::check::{Finding, Part, Who};
use crate::config::{Orders, ShipToPolicy};

/// What a role is called that orders take.
const ROLE: &str = "Inventory and Order Tracking";

/// How far back an order with an address is looked for.
const LOOK_BACK: SignedDuration = SignedDuration::from_hours(30 * 24);

/// Adds what is found. Whether shipments may be confirmed shows with the first: there is no way to
/// try it without telling a buyer.
pub(super) async fn findings(
    setting: &Orders,
    client: &Client,
    now: Timestamp,
    findings: &mut Vec<Finding>,
) {
    let personal = setting.ship_to == ShipToPolicy::OneTime;
    findings.push(match search(client, now, personal).await {
        Ok(seen) => addresses(personal, &seen),
        Err(error) => refusal("orders", ROLE, &error),
    });
    for (what, read) in [
        ("order_report", read_reports(client, ORDERS_BY_DATE).await),
        ("shipment_feed", read_feeds(client).await),
    ] {
        findings.push(match read {
            Ok(()) => Finding::ok(Part::Amazon, what, told(what)),
            Err(error) => refusal(what, ROLE, &error),
        });
    }
}

fn told(what: &str) -> &'static str {
    match what {
        "order_report" => "the reports of all orders may be read",
        _ => {
            "the feeds of shipments may be read; whether shipments may be confirmed shows with the \
             first"
        }
    }
}

/// What a page of orders that the seller ships came to.
struct Seen {
    merchant_orders: usize,
    with_address: usize,
}

async fn search(client: &Client, now: Timestamp, personal: bool) -> Result<Seen, Error> {
    let address = personal.then_some(IncludedData::Recipient);
    let data: Vec<_> = [IncludedData::Fulfillment].into_iter().chain(address).collect();
    let query = SearchOrders::updated_since(now - LOOK_BACK)
        .fulfilled_by([FulfilledBy::Merchant])
        .max_results_per_page(100)
        .included_data(data);
    let page = client.orders().search_orders(&query).await?;
    let with_address = page.orders.iter().filter(|order| ship_to(order).is_some()).count();
    Ok(Seen { merchant_orders: page.orders.len(), with_address })
}

/// Amazon leaves addresses out, without an error, when the role for personal data is missing.
fn addresses(personal: bool, seen: &Seen) -> Finding {
    let Seen { merchant_orders, with_address } = *seen;
    let what = "orders";
    if !personal {
        return Finding::ok(
            Part::Amazon,
            what,
            "orders may be read; no personal data is asked for",
        );
    }
    match (merchant_orders, with_address) {
        (0, _) => Finding::ok(
            Part::Amazon,
            what,
            "orders may be read; whether addresses come with them shows with the first order that \
             the seller ships",
        ),
        (_, 0) => Finding::warning(
            Part::Amazon,
            what,
            Who::SellerCentral,
            format!(
                "orders may be read, but none of {merchant_orders} that the seller ships has an \
                 address; add the role \"Direct-to-Consumer Delivery\" to the application and \
                 authorise it again, or write ship_to = \"customer\" under [connection.orders]"
            ),
        ),
        _ => Finding::ok(Part::Amazon, what, "orders may be read, with the addresses they go to"),
    }
}

/// One page of the feeds of shipments.
async fn read_feeds(client: &Client) -> Result<(), Error> {
    let query = GetFeeds::of_types([FULFILMENT]).page_size(10);
    let mut feeds = std::pin::pin!(client.feeds().get_feeds_stream(query));
    feeds.try_next().await.map(|_first| ())
}
