//! Sellers v1 and Tokens 2021-03-01.

use serde_json::json;
use sp_api_client::Client;
use sp_api_client::tokens_2021_03_01::{DataElement, RestrictedResource};

use crate::service::check;

#[tokio::test]
async fn get_marketplace_participations() {
    let call = async |client: &Client| {
        Ok(json!({"payload": client.sellers().get_marketplace_participations().await?}))
    };
    check("sellers/getMarketplaceParticipations", call, &[]).await;
}

#[tokio::test]
async fn get_account() {
    let call =
        async |client: &Client| Ok(json!({"payload": client.sellers().get_account().await?}));
    check("sellers/getAccount", call, &[]).await;
}

#[tokio::test]
async fn create_restricted_data_token() {
    let resources = [RestrictedResource::get("/orders/v0/orders/{orderId}/address")
        .data_elements([DataElement::ShippingAddress])];
    let call = async |client: &Client| {
        let token = client.tokens().create_restricted_data_token(&resources).await?;
        let now = "2026-11-23T12:00:00Z".parse().unwrap();
        Ok(json!({"expiresIn": token.expires_at().duration_since(now).as_secs()}))
    };
    // The token itself is a secret, which is not written anywhere.
    check("tokens_2021-03-01/createRestrictedDataToken", call, &["restrictedDataToken"]).await;
}
