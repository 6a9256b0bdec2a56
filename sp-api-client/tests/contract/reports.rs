//! Reports 2021-06-30.

use serde_json::json;
use sp_api_client::reports_2021_06_30::{GetReports, ProcessingStatus, ReportId};

use crate::service::check;

const API: &str = "reports_2021-06-30";

#[tokio::test]
async fn get_reports() {
    let query = GetReports::of_types(["FEE_DISCOUNTS_REPORT"])
        .processing_statuses([ProcessingStatus::InQueue, ProcessingStatus::InProgress])
        .marketplace_ids(["ATVPDKIKX0DER"])
        .page_size(100)
        .created_since("2026-11-01T00:00:00Z".parse().unwrap())
        .created_until("2026-11-02T00:00:00Z".parse().unwrap());
    let call = async |client: &sp_api_client::Client| {
        let page = client.reports().get_reports(&query).await?;
        Ok(json!({"reports": page.items, "nextToken": page.next_token}))
    };
    check(API, "getReports", call, &[]).await;
}

#[tokio::test]
async fn get_report() {
    let call = async |client: &sp_api_client::Client| {
        Ok(json!(client.reports().get_report(&ReportId::new("ID323")).await?))
    };
    check(API, "getReport", call, &[]).await;
}
