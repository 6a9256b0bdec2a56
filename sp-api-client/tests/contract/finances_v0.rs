//! Finances version 0.

use serde_json::{Value, json};
use sp_api_client::finances_v0::{
    FinancialEvents, ListFinancialEventGroups, ListFinancialEvents, ListFinancialEventsByGroupId,
    ListFinancialEventsByOrderId,
};
use sp_api_client::{Client, Page};

use crate::service::check;

fn answer(page: &Page<FinancialEvents>) -> Value {
    json!({"payload": {"FinancialEvents": page.items[0], "NextToken": page.next_token}})
}

#[tokio::test]
async fn list_financial_event_groups() {
    let query = ListFinancialEventGroups::started_after("2026-11-01T00:00:00Z".parse().unwrap())
        .started_before("2026-11-02T00:00:00Z".parse().unwrap())
        .max_results_per_page(100)
        .from_page("token");
    let call = async |client: &Client| {
        let page = client.finances_v0().list_financial_event_groups(&query).await?;
        let (groups, next_token) = (page.items, page.next_token);
        Ok(json!({"payload": {"FinancialEventGroupList": groups, "NextToken": next_token}}))
    };
    check("financesV0/listFinancialEventGroups", call, &[]).await;
}

#[tokio::test]
async fn list_financial_events() {
    let query = ListFinancialEvents::posted_since("2026-11-01T00:00:00Z".parse().unwrap())
        .posted_before("2026-11-02T00:00:00Z".parse().unwrap())
        .max_results_per_page(100)
        .from_page("token");
    let call = async |client: &Client| {
        Ok(answer(&client.finances_v0().list_financial_events(&query).await?))
    };
    check("financesV0/listFinancialEvents", call, &[]).await;
}

#[tokio::test]
async fn list_financial_events_by_group_id() {
    let query = ListFinancialEventsByGroupId::of_group("485734534857")
        .posted_after("2026-11-01T00:00:00Z".parse().unwrap())
        .posted_before("2026-11-02T00:00:00Z".parse().unwrap())
        .max_results_per_page(1)
        .from_page("token");
    let call = async |client: &Client| {
        Ok(answer(&client.finances_v0().list_financial_events_by_group_id(&query).await?))
    };
    check("financesV0/listFinancialEventsByGroupId", call, &[]).await;
}

#[tokio::test]
async fn list_financial_events_by_order_id() {
    let query = ListFinancialEventsByOrderId::of_order("485-734-5434857")
        .max_results_per_page(100)
        .from_page("token");
    let call = async |client: &Client| {
        Ok(answer(&client.finances_v0().list_financial_events_by_order_id(&query).await?))
    };
    check("financesV0/listFinancialEventsByOrderId", call, &[]).await;
}
