//! Orders 2026-01-01 and version 0.

use std::num::NonZero;

use serde_json::json;
use sp_api_client::Client;
use sp_api_client::orders_2026_01_01::{
    FulfilledBy, FulfillmentStatus, IncludedData, OrderId, SearchOrders,
};

use sp_api_client::orders_v0::{
    Carrier, ConfirmShipment, Package, ShipmentStatus, ShippedItem, UpdateShipmentStatus,
};

use crate::service::check;

const API: &str = "orders_2026-01-01";

const INCLUDED_DATA: [IncludedData; 11] = [
    IncludedData::Buyer,
    IncludedData::Recipient,
    IncludedData::Proceeds,
    IncludedData::Expense,
    IncludedData::Promotion,
    IncludedData::Cancellation,
    IncludedData::Fulfillment,
    IncludedData::Packages,
    IncludedData::Tax,
    IncludedData::Payment,
    IncludedData::FulfillmentOrders,
];

#[tokio::test]
async fn search_orders() {
    let query = SearchOrders::created_since("2024-12-25T00:00:00Z".parse().unwrap())
        .until("2024-12-26T00:00:00Z".parse().unwrap())
        .fulfillment_statuses([FulfillmentStatus::Shipped, FulfillmentStatus::PendingAvailability])
        .marketplace_ids(["A1VC38T7YXB528"])
        .fulfilled_by([FulfilledBy::Merchant, FulfilledBy::Amazon])
        .max_results_per_page(100)
        .included_data(INCLUDED_DATA)
        .from_page("token");
    let call = async |client: &Client| {
        let page = client.orders().search_orders(&query).await?;
        let (next_token, until) = (page.next_token, page.until);
        Ok(json!({
            "orders": page.orders, "pagination": {"nextToken": next_token}, "createdBefore": until,
        }))
    };
    check(API, "searchOrders", call, &[]).await;
    let query = SearchOrders::updated_since("2024-12-25T00:00:00Z".parse().unwrap())
        .until("2024-12-26T00:00:00Z".parse().unwrap());
    let call = async |client: &Client| {
        let page = client.orders().search_orders(&query).await?;
        Ok(json!({"orders": page.orders, "createdBefore": page.until}))
    };
    check(API, "searchOrders", call, &["pagination"]).await;
}

#[tokio::test]
async fn get_order() {
    let id = OrderId::new("171-9876543-2109876");
    let call = async |client: &Client| {
        Ok(json!({"order": client.orders().get_order(&id, &INCLUDED_DATA).await?}))
    };
    check(API, "getOrder", call, &[]).await;
}

#[tokio::test]
async fn confirm_shipment() {
    let shipped = "2022-02-11T01:00:00Z".parse().unwrap();
    let package = Package::new(NonZero::<u64>::MIN, Carrier::other("Bike"), "112345678", shipped)
        .shipping_method("Ground")
        .ship_from_supply_source_id("057d3fcc-b750-419f-bbcd-4d340c60c430")
        .items([ShippedItem::new("79039765272157", 1).transparency_codes(["0987654321"])]);
    let shipment = ConfirmShipment::new("ATVPDKIKX0DER", package).cash_on_delivery();
    let id = OrderId::new("902-1106328-1059050");
    let call = async |client: &Client| {
        client.orders_v0().confirm_shipment(&id, &shipment).await?;
        Ok(json!({}))
    };
    check("ordersV0", "confirmShipment", call, &[]).await;
}

#[tokio::test]
async fn update_shipment_status() {
    let update = UpdateShipmentStatus::new("ATVPDKIKX0DER", ShipmentStatus::RefusedPickup)
        .items([("79039765272157", 1)]);
    let id = OrderId::new("902-1106328-1059050");
    let call = async |client: &Client| {
        client.orders_v0().update_shipment_status(&id, &update).await?;
        Ok(json!({}))
    };
    check("ordersV0", "updateShipmentStatus", call, &[]).await;
}
