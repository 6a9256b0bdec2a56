//! Orders version 0.

use std::num::NonZero;

use serde_json::json;
use sp_api_client::orders_v0::{
    ApprovedAttribute, Carrier, ConfirmShipment, GetOrderItems, GetOrderItemsBuyerInfo, GetOrders,
    OrderId, OrderStatus, Package, PrescriptionDetail, ShipmentStatus, ShippedItem,
    UpdateShipmentStatus, UpdateVerificationStatus,
};
use sp_api_client::{Client, Personal};

use crate::service::check;

fn order() -> OrderId {
    OrderId::new("902-1845936-5435065")
}

#[tokio::test]
async fn get_orders() {
    let time = "2026-11-01T00:00:00Z".parse().unwrap();
    let created = GetOrders::created_since(["ATVPDKIKX0DER"], time).until(time);
    let updated = GetOrders::updated_since(["ATVPDKIKX0DER"], time)
        .until(time)
        .order_statuses([OrderStatus::Unshipped, OrderStatus::PartiallyShipped])
        .fulfillment_channels(["MFN", "AFN"])
        .payment_methods(["COD"])
        .buyer_email("a@example.com")
        .max_results_per_page(100)
        .easy_ship_shipment_statuses(["PendingPickUp"])
        .electronic_invoice_statuses(["Accepted"])
        .amazon_order_ids([order()])
        .actual_fulfillment_supply_source_id("s")
        .is_ispu(true)
        .store_chain_store_id("c")
        .earliest_delivery(time, time)
        .latest_delivery(time, time)
        .from_page("token");
    // The end of the window is told once, and one of the samples has it in seconds since 1970.
    let lost = ["payload.CreatedBefore", "payload.LastUpdatedBefore"];
    for query in [created.seller_order_id("7"), updated] {
        let call = async |client: &Client| {
            let page = client.orders_v0().get_orders(&query).await?;
            let (orders, next_token, until) = (page.orders, page.next_token, page.until);
            Ok(json!({"payload": {
                "Orders": orders, "NextToken": next_token, "CreatedBefore": until,
            }}))
        };
        check("ordersV0/getOrders", call, &lost).await;
    }
}

#[tokio::test]
async fn get_order() {
    let call = async |client: &Client| {
        Ok(json!({"payload": client.orders_v0().get_order(&order()).await?}))
    };
    check("ordersV0/getOrder", call, &[]).await;
}

#[tokio::test]
async fn get_order_buyer_info() {
    let call = async |client: &Client| {
        Ok(json!({"payload": client.orders_v0().get_order_buyer_info(&order()).await?}))
    };
    check("ordersV0/getOrderBuyerInfo", call, &[]).await;
}

#[tokio::test]
async fn get_order_address() {
    let call = async |client: &Client| {
        Ok(json!({"payload": client.orders_v0().get_order_address(&order()).await?}))
    };
    check("ordersV0/getOrderAddress", call, &[]).await;
}

/// The order's id, which the list of its lines repeats.
const REPEATED: [&str; 1] = ["payload.AmazonOrderId"];

#[tokio::test]
async fn get_order_items() {
    let query = GetOrderItems::of_order(order()).from_page("token");
    let call = async |client: &Client| {
        let page = client.orders_v0().get_order_items(&query).await?;
        Ok(json!({"payload": {"OrderItems": page.items, "NextToken": page.next_token}}))
    };
    check("ordersV0/getOrderItems", call, &REPEATED).await;
}

#[tokio::test]
async fn get_order_items_buyer_info() {
    let query = GetOrderItemsBuyerInfo::of_order(order()).from_page("token");
    let call = async |client: &Client| {
        let page = client.orders_v0().get_order_items_buyer_info(&query).await?;
        Ok(json!({"payload": {"OrderItems": page.items, "NextToken": page.next_token}}))
    };
    check("ordersV0/getOrderItemsBuyerInfo", call, &REPEATED).await;
}

#[tokio::test]
async fn get_order_regulated_info() {
    let call = async |client: &Client| {
        Ok(json!({"payload": client.orders_v0().get_order_regulated_info(&order()).await?}))
    };
    check("ordersV0/getOrderRegulatedInfo", call, &[]).await;
}

#[tokio::test]
async fn update_verification_status() {
    let time = "2026-11-01T00:00:00Z".parse().unwrap();
    let prescription = PrescriptionDetail {
        prescription_id: Personal::new("Rx-1234"),
        expiration_date: time,
        written_quantity: 1,
        total_refills_authorized: 0,
        refills_remaining: 0,
        clinic_id: "ABC-1234".to_owned(),
        usage_instructions: Personal::new("one a day"),
    };
    let alternative = ApprovedAttribute {
        attribute_name: "petWeight".to_owned(),
        original_value: "12".to_owned(),
        approved_value: "10".to_owned(),
    };
    for update in [
        UpdateVerificationStatus::approved("r").prescription(prescription),
        UpdateVerificationStatus::rejected("r", "too_young").alternatives([alternative]),
        UpdateVerificationStatus::pending("r", "VET_CALLED", time),
        UpdateVerificationStatus::unchanged("r"),
    ] {
        let call = async |client: &Client| {
            client.orders_v0().update_verification_status(&order(), &update).await?;
            Ok(json!({}))
        };
        check("ordersV0/updateVerificationStatus", call, &[]).await;
    }
}

#[tokio::test]
async fn confirm_shipment() {
    let shipped = "2022-02-11T01:00:00Z".parse().unwrap();
    let package = Package::new(NonZero::<u64>::MIN, Carrier::other("Bike"), "112345678", shipped)
        .shipping_method("Ground")
        .ship_from_supply_source_id("057d3fcc-b750-419f-bbcd-4d340c60c430")
        .items([ShippedItem::new("79039765272157", 1).transparency_codes(["0987654321"])]);
    let shipment = ConfirmShipment::new("A1VC38T7YXB528", package).cash_on_delivery();
    let id = OrderId::new("902-1106328-1059050");
    let call = async |client: &Client| {
        client.orders_v0().confirm_shipment(&id, &shipment).await?;
        Ok(json!({}))
    };
    check("ordersV0/confirmShipment", call, &[]).await;
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
    check("ordersV0/updateShipmentStatus", call, &[]).await;
}
