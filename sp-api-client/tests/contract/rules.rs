//! The rules that Amazon's models give in prose alone: each is told in the table of operations, and
//! each refuses a call here before anything is sent.

use std::num::NonZero;
use std::pin::Pin;
use std::sync::Arc;

use async_trait::async_trait;
use jiff::Timestamp;
use serde_json::json;
use sp_api_client::{Client, Error};
use wire::{Request, Response, Transport, TransportError};

use sp_api_client::catalog_items_2022_04_01::SearchCatalogItems;
use sp_api_client::data_kiosk_2023_11_15::GetQueries;
use sp_api_client::fba_inventory_v1::GetInventorySummaries;
use sp_api_client::feeds_2021_06_30::GetFeeds;
use sp_api_client::finances_2024_06_19::{ListSummary, ListTransactions};
use sp_api_client::finances_invoices_2026_06_25::GetInvoiceHeaders;
use sp_api_client::finances_v0::{
    ListFinancialEventGroups, ListFinancialEvents, ListFinancialEventsByGroupId,
};
use sp_api_client::listings_items_2021_08_01::{Listing, Patch, PatchListing, SearchListingsItems};
use sp_api_client::notifications_v1::{
    CreateSubscription, DestinationId, EventFilter, ProcessingDirective, TestNotification,
};
use sp_api_client::orders_2026_01_01::SearchOrders;
use sp_api_client::orders_v0::{
    ApprovedAttribute, Carrier, ConfirmShipment, GetOrders, OrderId, Package, PrescriptionDetail,
    ShippedItem, UpdateVerificationStatus,
};
use sp_api_client::reports_2021_06_30::{CreateReport, GetReports};
use sp_api_client::tokens_2021_03_01::RestrictedResource;
use sp_api_client::transfers_2024_06_01::ListPayouts;

use crate::service::{NOW, client};

type Refused = Pin<Box<dyn Future<Output = Result<(), Error>>>>;

/// A rule, and a call that breaks it.
pub(crate) struct Rule {
    pub(crate) operation: &'static str,
    pub(crate) parameter: &'static str,
    pub(crate) rule: &'static str,
    broken: fn(Client) -> Refused,
}

/// What the types alone keep: it cannot be broken.
pub(crate) const BY_TYPE: [(&str, &str); 12] = [
    (
        "searchOrders, getOrders",
        "a window is over the creation or over the last change, never both",
    ),
    ("listTransactions", "a time or a related identifier, of which there are two, must be said"),
    ("listSummary", "the only related identifier is SETTLEMENT_ID"),
    ("getReports, getFeeds", "types must be said, and nextToken is sent alone"),
    ("getInvoiceHeaders", "both dates of issue or neither"),
    ("searchCatalogItems", "identifiers come with their type, and never with keywords"),
    (
        "searchListingsItems",
        "identifiers come with their type; variations, packages and identifiers \
        exclude each other",
    ),
    (
        "getInventorySummaries",
        "granularity and marketplace are one; a time and SKUs exclude each \
        other",
    ),
    ("getSubscriptions", "one notification type"),
    ("confirmShipment", "a package has a positive number, a carrier, a tracking number and a date"),
    ("updateVerificationStatus", "a rejection has its reason; only Pending has an interim status"),
    ("createQuery", "a page's token comes with its query"),
];

macro_rules! rule {
    ($operation:literal, $parameter:literal, $rule:literal, |$client:ident| $broken:expr) => {
        Rule {
            operation: $operation,
            parameter: $parameter,
            rule: $rule,
            broken: |$client| Box::pin(async move { $broken.await.map(drop) }),
        }
    };
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// Just now, which is later than two minutes ago.
fn now() -> Timestamp {
    at(NOW)
}

fn early() -> Timestamp {
    at("2026-11-01T00:00:00Z")
}

fn earlier() -> Timestamp {
    at("2026-10-31T00:00:00Z")
}

/// More than half a year, and more than 90 days, ago.
fn long_ago() -> Timestamp {
    at("2026-01-01T00:00:00Z")
}

pub(crate) fn rules() -> Vec<Rule> {
    [orders(), shipments(), finances(), reports(), items(), others()]
        .into_iter()
        .flatten()
        .collect()
}

fn orders() -> Vec<Rule> {
    vec![
        rule!("searchOrders", "createdBefore", "not before createdAfter", |c| c
            .orders()
            .search_orders(&SearchOrders::created_since(early()).until(earlier()))),
        rule!("searchOrders", "createdAfter", "at least two minutes ago", |c| c
            .orders()
            .search_orders(&SearchOrders::created_since(now()))),
        rule!("searchOrders", "createdBefore", "at least two minutes ago", |c| c
            .orders()
            .search_orders(&SearchOrders::created_since(early()).until(now()))),
        rule!("searchOrders", "lastUpdatedBefore", "not before lastUpdatedAfter", |c| c
            .orders()
            .search_orders(&SearchOrders::updated_since(early()).until(earlier()))),
        rule!("searchOrders", "lastUpdatedBefore", "at least two minutes ago", |c| c
            .orders()
            .search_orders(&SearchOrders::updated_since(early()).until(now()))),
        rule!("searchOrders", "maxResultsPerPage", "1 to 100", |c| c
            .orders()
            .search_orders(&SearchOrders::created_since(early()).max_results_per_page(101))),
        rule!("getOrders", "CreatedBefore", "not before CreatedAfter", |c| c
            .orders_v0()
            .get_orders(&GetOrders::created_since(["M"], early()).until(earlier()))),
        rule!("getOrders", "LastUpdatedBefore", "at least two minutes ago", |c| c
            .orders_v0()
            .get_orders(&GetOrders::updated_since(["M"], early()).until(now()))),
        rule!("getOrders", "MaxResultsPerPage", "1 to 100", |c| c
            .orders_v0()
            .get_orders(&GetOrders::created_since(["M"], early()).max_results_per_page(0))),
        rule!(
            "getOrders",
            "SellerOrderId",
            "without channels, statuses, payment methods, LastUpdatedAfter and BuyerEmail",
            |c| c
                .orders_v0()
                .get_orders(&GetOrders::updated_since(["M"], early()).seller_order_id("7"))
        ),
    ]
}

fn package(carrier: Carrier) -> Package {
    Package::new(NonZero::<u64>::MIN, carrier, "1Z", early()).items([ShippedItem::new("1", 1)])
}

fn shipment(store: &str, carrier: Carrier) -> ConfirmShipment {
    ConfirmShipment::new(store, package(carrier))
}

fn prescription() -> PrescriptionDetail {
    PrescriptionDetail {
        prescription_id: sp_api_client::Personal::new("p"),
        expiration_date: now(),
        written_quantity: 1,
        total_refills_authorized: 0,
        refills_remaining: 0,
        clinic_id: "c".to_owned(),
        usage_instructions: sp_api_client::Personal::new("u"),
    }
}

fn alternative() -> ApprovedAttribute {
    ApprovedAttribute {
        attribute_name: "asin".to_owned(),
        original_value: "a".to_owned(),
        approved_value: "b".to_owned(),
    }
}

fn shipments() -> Vec<Rule> {
    vec![
        rule!("confirmShipment", "carrierName", "with the carrier code Other", |c| c
            .orders_v0()
            .confirm_shipment(&OrderId::new("1"), &shipment("M", Carrier::of_code("Other")))),
        rule!("confirmShipment", "codCollectionMethod", "in the Japanese store alone", |c| c
            .orders_v0()
            .confirm_shipment(
                &OrderId::new("1"),
                &shipment("ATVPDKIKX0DER", Carrier::of_code("UPS")).cash_on_delivery(),
            )),
        rule!("updateVerificationStatus", "rejectionReasonId", "with Rejected", |c| c
            .orders_v0()
            .update_verification_status(
                &OrderId::new("1"),
                &UpdateVerificationStatus::rejected("r", ""),
            )),
        rule!(
            "updateVerificationStatus",
            "prescriptionDetail",
            "for an approved order alone",
            |c| c.orders_v0().update_verification_status(
                &OrderId::new("1"),
                &UpdateVerificationStatus::rejected("r", "x").prescription(prescription()),
            )
        ),
        rule!(
            "updateVerificationStatus",
            "approvedAlternativeDetails",
            "with Rejected alone",
            |c| c.orders_v0().update_verification_status(
                &OrderId::new("1"),
                &UpdateVerificationStatus::approved("r").alternatives([alternative()]),
            )
        ),
    ]
}

fn finances() -> Vec<Rule> {
    vec![
        rule!("listTransactions", "postedAfter", "at least two minutes ago", |c| c
            .finances()
            .list_transactions(&ListTransactions::posted_since(now()))),
        rule!("listTransactions", "postedBefore", "at least two minutes ago", |c| c
            .finances()
            .list_transactions(&ListTransactions::posted_since(early()).posted_before(now()))),
        rule!("listTransactions", "postedBefore", "behind postedAfter", |c| c
            .finances()
            .list_transactions(&ListTransactions::posted_since(early()).posted_before(early()))),
        rule!("listTransactions", "postedBefore", "at most 180 days behind postedAfter", |c| c
            .finances()
            .list_transactions(&ListTransactions::posted_since(long_ago()))),
        rule!("listSummary", "periodEnd", "not before periodStart", |c| c.finances().list_summary(
            &ListSummary::of_period("2026-11-02".parse().unwrap(), "2026-11-01".parse().unwrap())
        )),
        rule!("listPayouts", "createdBefore", "behind createdAfter", |c| c
            .transfers()
            .list_payouts(&ListPayouts::default().created_after(early()).created_before(early()))),
        rule!(
            "listFinancialEventGroups",
            "FinancialEventGroupStartedAfter",
            "at least two minutes ago",
            |c| c
                .finances_v0()
                .list_financial_event_groups(&ListFinancialEventGroups::started_after(now()))
        ),
        rule!(
            "listFinancialEventGroups",
            "FinancialEventGroupStartedBefore",
            "at most 180 days behind FinancialEventGroupStartedAfter",
            |c| c
                .finances_v0()
                .list_financial_event_groups(&ListFinancialEventGroups::started_after(long_ago()))
        ),
        rule!("listFinancialEvents", "PostedAfter", "at least two minutes ago", |c| c
            .finances_v0()
            .list_financial_events(&ListFinancialEvents::posted_since(now()))),
        rule!("listFinancialEvents", "PostedBefore", "at most 180 days behind PostedAfter", |c| c
            .finances_v0()
            .list_financial_events(&ListFinancialEvents::posted_since(long_ago()))),
        rule!("listFinancialEventsByGroupId", "PostedAfter", "with PostedBefore", |c| c
            .finances_v0()
            .list_financial_events_by_group_id(
                &ListFinancialEventsByGroupId::of_group("g").posted_before(early()),
            )),
        rule!(
            "listFinancialEventsByGroupId",
            "PostedBefore",
            "at most 180 days behind PostedAfter",
            |c| c.finances_v0().list_financial_events_by_group_id(
                &ListFinancialEventsByGroupId::of_group("g").posted_after(long_ago()),
            )
        ),
        rule!("getInvoiceHeaders", "toIssueDate", "at most 90 days behind fromIssueDate", |c| c
            .invoices()
            .get_invoice_headers(
                &GetInvoiceHeaders::of_marketplace("M").issued(long_ago(), early()),
            )),
    ]
}

fn reports() -> Vec<Rule> {
    vec![
        rule!("getReports", "createdSince", "at most 90 days ago", |c| c
            .reports()
            .get_reports(&GetReports::of_types(["T"]).created_since(long_ago()))),
        rule!("getReports", "createdUntil", "not before createdSince", |c| c
            .reports()
            .get_reports(
                &GetReports::of_types(["T"]).created_since(early()).created_until(earlier())
            )),
        rule!("createReport", "reportType", "no settlement report: Amazon alone makes them", |c| c
            .reports()
            .create_report(&CreateReport::new(
                "GET_V2_SETTLEMENT_REPORT_DATA_FLAT_FILE_V2",
                ["M"]
            ))),
        rule!("createReport", "dataStartTime", "not in the future", |c| c
            .reports()
            .create_report(&CreateReport::new("T", ["M"]).data_from(at("2026-11-24T00:00:00Z")))),
        rule!("createReport", "dataEndTime", "not in the future", |c| c
            .reports()
            .create_report(&CreateReport::new("T", ["M"]).data_until(at("2026-11-24T00:00:00Z")))),
        rule!("createReport", "dataEndTime", "not before dataStartTime", |c| c
            .reports()
            .create_report(
                &CreateReport::new("T", ["M"]).data_from(early()).data_until(earlier()),
            )),
        rule!("getFeeds", "createdSince", "at most 90 days ago", |c| c
            .feeds()
            .get_feeds(&GetFeeds::of_types(["T"]).created_since(long_ago()))),
        rule!("getQueries", "createdUntil", "not before createdSince", |c| c
            .data_kiosk()
            .get_queries(&GetQueries::default().created_since(early()).created_until(earlier()))),
        rule!("createQuery", "query", "at most 8,000 characters beside white space", |c| c
            .data_kiosk()
            .create_query(&"x".repeat(8001))),
    ]
}

fn search() -> SearchListingsItems {
    SearchListingsItems::of_seller("S", ["M"])
}

fn items() -> Vec<Rule> {
    vec![
        rule!("searchCatalogItems", "sellerId", "with identifiers of the type SKU", |c| c
            .catalog_items()
            .search_catalog_items(&SearchCatalogItems::identified("SKU", ["a"], "M"))),
        rule!("searchCatalogItems", "brandNames", "never with identifiers", |c| c
            .catalog_items()
            .search_catalog_items(
                &SearchCatalogItems::identified("EAN", ["1"], "M").brand_names(["B"]),
            )),
        rule!("searchCatalogItems", "classificationIds", "never with identifiers", |c| c
            .catalog_items()
            .search_catalog_items(
                &SearchCatalogItems::identified("EAN", ["1"], "M").classification_ids(["1"]),
            )),
        rule!("searchCatalogItems", "keywordsLocale", "never with identifiers", |c| c
            .catalog_items()
            .search_catalog_items(
                &SearchCatalogItems::identified("EAN", ["1"], "M").keywords_locale("en_US"),
            )),
        rule!("searchListingsItems", "createdBefore", "not before createdAfter", |c| c
            .listings_items()
            .search_listings_items(&search().created_after(early()).created_before(earlier()))),
        rule!("searchListingsItems", "lastUpdatedBefore", "not before lastUpdatedAfter", |c| c
            .listings_items()
            .search_listings_items(
                &search().last_updated_after(early()).last_updated_before(earlier()),
            )),
        rule!("patchListingsItem", "path", "a whole attribute", |c| c
            .listings_items()
            .patch_listings_item(
                &Listing::new("S", "a", ["M"]),
                &PatchListing::new("T", [Patch::replace("/attributes/a/b", [json!(1)])]),
            )),
        rule!("getInventorySummaries", "startDateTime", "at most 18 months ago", |c| c
            .fba_inventory()
            .get_inventory_summaries(
                &GetInventorySummaries::of_marketplace("M")
                    .changed_since(at("2025-01-01T00:00:00Z")),
            )),
    ]
}

fn others() -> Vec<Rule> {
    vec![
        rule!("createSubscription", "filterExpression", "never with an eventFilter", |c| {
            let mut directive = ProcessingDirective::filtered(EventFilter::new("ORDER_CHANGE"));
            directive.filter_expression = Some("a == `b`".to_owned());
            let wanted =
                CreateSubscription::new("1.0", DestinationId::new("d")).directed(directive);
            async move { c.notifications().create_subscription("ORDER_CHANGE", &wanted).await }
        }),
        rule!("sendTestNotification", "testScenario", "not empty", |c| c
            .notifications()
            .send_test_notification(
                "ORDER_CHANGE",
                &TestNotification::new("1.0", DestinationId::new("d"), ""),
            )),
        rule!("createRestrictedDataToken", "restrictedResources", "1 to 50", |c| c
            .tokens()
            .create_restricted_data_token(&[])),
        rule!(
            "createRestrictedDataToken",
            "dataElements",
            "for getOrders, getOrder and getOrderItems of Orders version 0",
            |c| c
                .tokens()
                .create_restricted_data_token(&[RestrictedResource::get("/orders/v0/orders")])
        ),
    ]
}

/// A service that nobody may ask.
#[derive(Debug)]
struct Silence;

#[async_trait]
impl Transport for Silence {
    async fn send(&self, request: Request) -> Result<Response, TransportError> {
        panic!("{} was sent", request.http.uri());
    }
}

#[tokio::test]
async fn what_breaks_a_rule_is_never_sent() {
    for Rule { operation, parameter, rule, broken } in rules() {
        match broken(client(Arc::new(Silence))).await {
            Err(Error::InvalidParameter { parameter: told, reason }) => {
                assert_eq!(told, parameter, "{operation}, {rule}: {reason}");
                assert!(!reason.is_empty());
            }
            other => panic!("{operation}, {parameter} {rule}: {other:?}"),
        }
    }
}
