//! Data Kiosk 2023-11-15.

use serde_json::json;
use sp_api_client::Client;
use sp_api_client::data_kiosk_2023_11_15::{DocumentId, GetQueries, ProcessingStatus, QueryId};

use crate::service::check;

#[tokio::test]
async fn get_queries() {
    let which = GetQueries::default()
        .processing_statuses([ProcessingStatus::Done, ProcessingStatus::Fatal])
        .page_size(100)
        .created_since("2026-11-01T00:00:00Z".parse().unwrap())
        .created_until("2026-11-02T00:00:00Z".parse().unwrap())
        .from_page("token");
    let call = async |client: &Client| {
        let page = client.data_kiosk().get_queries(&which).await?;
        Ok(json!({"queries": page.items, "pagination": {"nextToken": page.next_token}}))
    };
    check("dataKiosk_2023-11-15/getQueries", call, &[]).await;
}

#[tokio::test]
async fn create_query() {
    let call = async |client: &Client| {
        Ok(json!({"queryId": client.data_kiosk().create_query_page("{ a }", "token").await?}))
    };
    check("dataKiosk_2023-11-15/createQuery", call, &[]).await;
}

#[tokio::test]
async fn get_query() {
    let call = async |client: &Client| {
        Ok(json!(client.data_kiosk().get_query(&QueryId::new("queryId1")).await?))
    };
    check("dataKiosk_2023-11-15/getQuery", call, &[]).await;
}

#[tokio::test]
async fn cancel_query() {
    let call = async |client: &Client| {
        client.data_kiosk().cancel_query(&QueryId::new("queryId1")).await?;
        Ok(json!({}))
    };
    check("dataKiosk_2023-11-15/cancelQuery", call, &[]).await;
}

#[tokio::test]
async fn get_document() {
    let call = async |client: &Client| {
        let document = client.data_kiosk().get_document(&DocumentId::new("d")).await?;
        Ok(json!({"documentId": document.id(), "documentUrl": document.url().as_str()}))
    };
    check("dataKiosk_2023-11-15/getDocument", call, &[]).await;
}
