//! Lists of other APIs: their pages, a token to go on from later, and one that came too late.

use futures_util::TryStreamExt;
use serde_json::{Value, json};
use sp_api_client::fba_inventory_v1::{GetInventorySummaries, InventorySummary};
use sp_api_client::finances_2024_06_19::ListTransactions;
use sp_api_client::{Client, Error};
use wiremock::ResponseTemplate;

use crate::common::{World, ok, refusal};

const STOCK: &str = "/fba/inventory/v1/summaries";
const TRANSACTIONS: &str = "/finances/2024-06-19/transactions";

fn stock(skus: &[&str], next: Option<&str>) -> ResponseTemplate {
    let skus: Vec<Value> = skus.iter().map(|sku| json!({"sellerSku": sku})).collect();
    let pagination = next.map(|next| json!({"nextToken": next}));
    ok(&json!({"payload": {"inventorySummaries": skus}, "pagination": pagination}))
}

fn too_late() -> ResponseTemplate {
    refusal(400, "InvalidInput", "The token has expired.")
}

fn skus(stock: &[InventorySummary]) -> Vec<&str> {
    stock.iter().map(|item| item.seller_sku.as_deref().unwrap()).collect()
}

async fn read(
    client: &Client,
    which: GetInventorySummaries,
) -> Result<Vec<InventorySummary>, Error> {
    client.fba_inventory().get_inventory_summaries_stream(which).try_collect().await
}

fn all() -> GetInventorySummaries {
    GetInventorySummaries::of_marketplace("M")
}

#[tokio::test]
async fn a_token_of_stock_that_came_too_late_loses_and_doubles_nothing() {
    let world = World::with_login().await;
    let pages = vec![
        stock(&["a", "b"], Some("1")),
        too_late(),
        // Read anew, the pages may be cut elsewhere.
        stock(&["a", "b", "c"], Some("2")),
        stock(&["d"], None),
    ];
    world.answer(STOCK, pages).await;
    let read = read(&world.client(), all()).await.unwrap();
    assert_eq!(skus(&read), ["a", "b", "c", "d"]);
    let tokens: Vec<_> = world.sent(STOCK).await.iter().map(token).collect();
    assert_eq!(tokens, [None, Some("1".to_owned()), None, Some("2".to_owned())]);
}

fn token(request: &wiremock::Request) -> Option<String> {
    let mut pairs = request.url.query_pairs();
    pairs.find(|(name, _)| name == "nextToken").map(|(_, token)| token.into_owned())
}

#[tokio::test]
async fn a_list_that_never_gets_further_is_not_begun_for_ever() {
    let world = World::with_login().await;
    let first = || stock(&["a"], Some("1"));
    world.answer(STOCK, vec![first(), too_late(), first(), too_late()]).await;
    assert!(matches!(read(&world.client(), all()).await, Err(Error::BadRequest(_))));
    assert_eq!(world.sent(STOCK).await.len(), 4);
}

#[tokio::test]
async fn who_goes_on_from_a_saved_token_is_told_when_it_is_too_late() {
    let world = World::with_login().await;
    world.answer(STOCK, vec![stock(&["c"], Some("3")), too_late()]).await;
    // What came before the saved token is not known here: beginning anew would double it.
    let result = read(&world.client(), all().from_page("2")).await;
    assert!(matches!(result, Err(Error::BadRequest(_))));
}

#[tokio::test]
async fn pages_come_with_the_token_to_go_on_from() {
    let world = World::with_login().await;
    let page = |id: &str, next: Option<&str>| {
        let transactions = json!([{"transactionId": id}]);
        ok(&json!({"payload": {"transactions": transactions, "nextToken": next}}))
    };
    world.answer(TRANSACTIONS, vec![page("1", Some("t+1")), page("2", None)]).await;
    let client = world.client();
    let query = || ListTransactions::posted_since("2026-11-01T00:00:00Z".parse().unwrap());
    let pages = client.finances().list_transactions_pages(query());
    let first = std::pin::pin!(pages).try_next().await.unwrap().unwrap();
    assert_eq!(first.items[0].transaction_id.as_deref(), Some("1"));
    let on = query().from_page(first.next_token.unwrap());
    let rest: Vec<_> = client.finances().list_transactions_stream(on).try_collect().await.unwrap();
    assert_eq!(rest[0].transaction_id.as_deref(), Some("2"));
    assert_eq!(token(&world.sent(TRANSACTIONS).await[1]).as_deref(), Some("t+1"));
}

#[tokio::test]
async fn a_saved_token_is_good_however_old_its_window_has_become() {
    let world = World::with_login().await;
    let answer = ok(&json!({"payload": {"transactions": [], "nextToken": null}}));
    world.answer(TRANSACTIONS, vec![answer]).await;
    let client = world.client();
    let long = ListTransactions::posted_since("2026-01-01T00:00:00Z".parse().unwrap());
    let error = client.finances().list_transactions(&long).await.unwrap_err();
    assert!(matches!(error, Error::InvalidParameter { parameter: "postedBefore", .. }));
    client.finances().list_transactions(&long.from_page("saved")).await.unwrap();
}
