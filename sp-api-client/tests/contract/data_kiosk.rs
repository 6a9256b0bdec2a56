//! Data Kiosk 2023-11-15.

use serde_json::json;
use sp_api_client::Client;
use sp_api_client::data_kiosk_2023_11_15::{DocumentId, GetQueries, ProcessingStatus, QueryId};

use crate::service::check;

const API: &str = "dataKiosk_2023-11-15";

#[tokio::test]
async fn get_queries() {
    let which = GetQueries::default()
        .processing_statuses([ProcessingStatus::Done, ProcessingStatus::Fatal])
        .page_size(100)
        .created_since("2026-11-01T00:00:00Z".parse().unwrap())
        .created_until("2026-11-02T00:00:00Z".parse().unwrap())
        .page("token");
    let call = async |client: &Client| {
        let page = client.data_kiosk().get_queries(&which).await?;
        Ok(json!({"queries": page.items, "pagination": {"nextToken": page.next_token}}))
    };
    check(API, "getQueries", call, &[]).await;
}

#[tokio::test]
async fn create_query() {
    let call = async |client: &Client| {
        Ok(json!({"queryId": client.data_kiosk().create_query_page("{ a }", "token").await?}))
    };
    check(API, "createQuery", call, &[]).await;
}

#[tokio::test]
async fn get_query() {
    let call = async |client: &Client| {
        Ok(json!(client.data_kiosk().get_query(&QueryId::new("queryId1")).await?))
    };
    check(API, "getQuery", call, &[]).await;
}

#[tokio::test]
async fn cancel_query() {
    let call = async |client: &Client| {
        client.data_kiosk().cancel_query(&QueryId::new("queryId1")).await?;
        Ok(json!({}))
    };
    check(API, "cancelQuery", call, &[]).await;
}

#[tokio::test]
async fn get_document() {
    let call = async |client: &Client| {
        let document = client.data_kiosk().get_document(&DocumentId::new("d")).await?;
        Ok(json!({"documentId": document.id(), "documentUrl": document.url().as_str()}))
    };
    check(API, "getDocument", call, &[]).await;
}
