//! Orders 2026-01-01.

use serde_json::json;
use sp_api_client::Client;
use sp_api_client::orders_2026_01_01::{
    FulfilledBy, FulfillmentStatus, IncludedData, OrderId, SearchOrders,
};

use crate::service::check;

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
    // Of the two ends of a window an answer has one: that of the window asked for.
    check("orders_2026-01-01/searchOrders", call, &["lastUpdatedBefore"]).await;
    let query = SearchOrders::updated_since("2024-12-25T00:00:00Z".parse().unwrap())
        .until("2024-12-26T00:00:00Z".parse().unwrap());
    let call = async |client: &Client| {
        let page = client.orders().search_orders(&query).await?;
        Ok(json!({"orders": page.orders, "createdBefore": page.until}))
    };
    check("orders_2026-01-01/searchOrders", call, &["lastUpdatedBefore", "pagination"]).await;
}

#[tokio::test]
async fn get_order() {
    let id = OrderId::new("171-9876543-2109876");
    let call = async |client: &Client| {
        Ok(json!({"order": client.orders().get_order(&id, &INCLUDED_DATA).await?}))
    };
    check("orders_2026-01-01/getOrder", call, &[]).await;
}
