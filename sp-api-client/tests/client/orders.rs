//! Restricted data tokens, shipments, and what is told of persons.

use std::num::NonZero;
use std::time::Duration;

use serde_json::{Value, json};
use sp_api_client::orders_v0::{Carrier, ConfirmShipment, OrderId, Package, ShippedItem};
use sp_api_client::reports_2021_06_30::ReportDocumentId;
use sp_api_client::tokens_2021_03_01::{RestrictedDataToken, RestrictedResource};
use sp_api_client::{Client, Error, ErrorKind};
use wiremock::matchers::{method, path};
use wiremock::{Mock, ResponseTemplate};

use crate::common::{DOCUMENTS, LOGIN, World, ok, refusal};

const TOKENS: &str = "/tokens/2021-03-01/restrictedDataToken";
const ORDER: &str = "/orders/2026-01-01/orders/1-2-3";
const SHIPMENT: &str = "/orders/v0/orders/1-2-3/shipmentConfirmation";

async fn restricted_token(world: &World, client: &Client) -> RestrictedDataToken {
    let answer = ok(&json!({"restrictedDataToken": "Atz.canary", "expiresIn": 3600}));
    Mock::given(method("POST")).and(path(TOKENS)).respond_with(answer).mount(&world.server).await;
    let document = RestrictedResource::get(format!("{DOCUMENTS}/d"));
    client.tokens().create_restricted_data_token(&[document]).await.unwrap()
}

#[tokio::test]
async fn a_restricted_client_sends_its_token_and_the_other_does_not() {
    let world = World::with_login().await;
    let client = world.client();
    let document = json!({"reportDocumentId": "d", "url": "https://b.s3.amazonaws.com/f?s=1"});
    world.answer(&format!("{DOCUMENTS}/d"), vec![ok(&document)]).await;
    let token = restricted_token(&world, &client).await;
    assert_eq!(token.expires_at(), "2026-11-23T13:00:00Z".parse().unwrap());
    let restricted = client.restricted(&token);
    for client in [&restricted, &client] {
        client.reports().get_report_document(&ReportDocumentId::new("d")).await.unwrap();
    }
    let sent = world.sent(&format!("{DOCUMENTS}/d")).await;
    let tokens: Vec<_> = sent.iter().map(|sent| &sent.headers["x-amz-access-token"]).collect();
    assert_eq!(tokens, ["Atz.canary", "token-1"]);
    assert_eq!(world.sent(TOKENS).await[0].headers["x-amz-access-token"], "token-1");
    let shown = format!("{token:?} {restricted:?}");
    assert!(!shown.contains("canary"), "{shown}");
}

#[tokio::test]
async fn a_restricted_token_that_is_refused_is_neither_renewed_nor_told() {
    let world = World::with_login().await;
    let client = world.client();
    let words = "The access token Atz.canary you provided has expired.";
    world.answer(&format!("{DOCUMENTS}/d"), vec![refusal(403, "Unauthorized", words)]).await;
    let restricted = client.restricted(&restricted_token(&world, &client).await);
    let id = ReportDocumentId::new("d");
    let error = restricted.reports().get_report_document(&id).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Forbidden);
    assert!(!format!("{error} {error:?}").contains("canary"), "{error}");
    assert_eq!(world.sent(&format!("{DOCUMENTS}/d")).await.len(), 1);
    assert_eq!(world.sent(LOGIN).await.len(), 1);
}

#[tokio::test]
async fn a_buyer_is_read_but_not_shown() {
    let world = World::with_login().await;
    let order = json!({"order": {
        "orderId": "1-2-3", "createdTime": "2026-11-01T00:00:00Z",
        "lastUpdatedTime": "2026-11-01T00:00:00Z", "salesChannel": {"channelName": "AMAZON"},
        "buyer": {"buyerName": "canary", "buyerEmail": "canary@example.com"},
        "recipient": {"deliveryAddress": {
            "name": "canary", "addressLine1": "canary", "postalCode": "canary", "phone": "canary",
            "extendedFields": {"streetName": "canary"}, "countryCode": "DE",
        }},
        "orderItems": [{
            "orderItemId": "1", "quantityOrdered": 1,
            "product": {"customization": {"customizedUrl": "https://canary"}},
            "fulfillment": {"packing": {"giftOption": {"giftMessage": "canary"}}},
        }],
    }});
    world.answer(ORDER, vec![ok(&order)]).await;
    let client = world.client();
    let order = client.orders().get_order(&OrderId::new("1-2-3"), &[]).await.unwrap();
    let buyer = order.buyer.as_ref().unwrap();
    assert_eq!(buyer.buyer_name.as_ref().unwrap().as_str(), "canary");
    let shown = format!("{order:#?}");
    assert!(!shown.contains("canary") && shown.contains("\"DE\""), "{shown}");
    // Whoever keeps it, keeps all of it.
    let kept: Value = serde_json::to_value(&order).unwrap();
    assert_eq!(kept["buyer"]["buyerEmail"], "canary@example.com");
}

async fn confirm(world: &World, answers: Vec<ResponseTemplate>) -> Result<(), Error> {
    for (i, answer) in answers.into_iter().enumerate() {
        let mock = Mock::given(method("POST")).and(path(SHIPMENT)).respond_with(answer);
        let mock = mock.up_to_n_times(1).with_priority(u8::try_from(i + 1).unwrap());
        mock.mount(&world.server).await;
    }
    let shipped = "2026-11-20T09:00:00Z".parse().unwrap();
    let package = Package::new(NonZero::<u64>::MIN, Carrier::of_code("UPS"), "1Z999", shipped)
        .items([ShippedItem::new("7", 1)]);
    let shipment = ConfirmShipment::new("ATVPDKIKX0DER", package);
    let client = world.client();
    client.orders_v0().confirm_shipment(&OrderId::new("1-2-3"), &shipment).await
}

#[tokio::test]
async fn a_shipment_is_confirmed_again_after_what_passes_with_the_same_words() {
    let world = World::with_login().await;
    let answers = vec![
        ResponseTemplate::new(503),
        refusal(429, "QuotaExceeded", "over"),
        ResponseTemplate::new(204),
    ];
    confirm(&world, answers).await.unwrap();
    let sent = world.sent(SHIPMENT).await;
    assert_eq!(sent.len(), 3);
    assert!(sent.iter().all(|request| request.body == sent[0].body));
    assert_eq!(sent[0].headers["content-type"], "application/json");
    assert!(wire::Clock::monotonic(world.clock.as_ref()) < Duration::from_mins(1));
}

#[tokio::test]
async fn a_shipment_that_is_refused_is_not_confirmed_again() {
    let world = World::with_login().await;
    let error = confirm(&world, vec![refusal(400, "InvalidInput", "Ship+")]).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::BadRequest);
    assert_eq!(world.sent(SHIPMENT).await.len(), 1);
}
