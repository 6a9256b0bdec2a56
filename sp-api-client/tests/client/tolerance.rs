//! Amazon says more than it documents, and says it in several ways: nothing of that may stop us,
//! and no cent may change on the way.

use serde_json::{Value, json};
use sp_api_client::finances_2024_06_19::{ListTransactions, Transaction};
use sp_api_client::finances_v0::ListFinancialEventGroups;
use sp_api_client::orders_2026_01_01::{FulfillmentStatus, SearchOrders};
use sp_api_client::reports_2021_06_30::{GetReports, ProcessingStatus};
use sp_api_client::{DateOrTime, Error};
use wiremock::ResponseTemplate;

use crate::common::{REPORTS, World, report};

const TRANSACTIONS: &str = "/finances/2024-06-19/transactions";
const ORDERS: &str = "/orders/2026-01-01/orders";

fn settlements() -> GetReports {
    GetReports::of_types(["GET_V2_SETTLEMENT_REPORT_DATA_FLAT_FILE_V2"])
}

/// What is read of a body that is written out: a body made from a `Value` would be tidied up first.
async fn transactions(body: &str) -> Result<Vec<Transaction>, Error> {
    let world = World::with_login().await;
    let answer = ResponseTemplate::new(200).set_body_string(body);
    world.answer(TRANSACTIONS, vec![answer]).await;
    let query = ListTransactions::posted_since("2026-11-01T00:00:00Z".parse().unwrap());
    Ok(world.client().finances().list_transactions(&query).await?.items)
}

fn transaction(total: &str, date: &str) -> String {
    format!(
        r#"{{"payload": {{"transactions": [{{"postedDate": {date},
            "totalAmount": {{"currencyCode": "USD", "currencyAmount": {total}}}}}]}}}}"#
    )
}

#[tokio::test]
async fn every_digit_of_an_amount_is_kept() {
    for (written, expected) in [
        ("0.1", "0.1"),
        ("19.90", "19.90"),
        ("-0.30", "-0.30"),
        // As a float these would be 9007199254740992, 0.30000000000000004 and 123456789012345.67.
        ("9007199254740993.01", "9007199254740993.01"),
        ("0.3000000000000000444", "0.3000000000000000444"),
        ("123456789012345678.05", "123456789012345678.05"),
        ("1.5e2", "150"),
        ("\"19.90\"", "19.90"),
    ] {
        let read = transactions(&transaction(written, "null")).await.unwrap();
        let amount = read[0].total_amount.as_ref().unwrap().currency_amount.unwrap();
        assert_eq!(amount.to_string(), expected, "{written}");
    }
}

#[tokio::test]
async fn an_amount_that_cannot_be_kept_is_an_error_that_says_where() {
    for written in ["\"1,5\"", "true", "0.12345678901234567890123456789"] {
        match transactions(&transaction(written, "null")).await {
            Err(Error::InvalidResponse { path, .. }) => {
                assert_eq!(path, "payload.transactions[0].totalAmount.currencyAmount");
            }
            other => panic!("{written}: {other:?}"),
        }
    }
}

#[tokio::test]
async fn dates_come_in_several_shapes() {
    for (written, expected) in [
        ("2026-11-01T02:03:04Z", "2026-11-01T02:03:04Z"),
        ("2026-11-01T02:03:04.567Z", "2026-11-01T02:03:04.567Z"),
        ("2026-11-01T02:03:04+09:00", "2026-10-31T17:03:04Z"),
        ("2026-11-01T02:03:04", "2026-11-01T02:03:04Z"),
        ("2026-11-01", "2026-11-01"),
    ] {
        let read = transactions(&transaction("1", &format!("\"{written}\""))).await.unwrap();
        let date = read[0].posted_date.unwrap();
        assert_eq!(String::from(date), expected, "{written}");
    }
    assert_eq!(transactions(&transaction("1", "null")).await.unwrap()[0].posted_date, None);
    let day: DateOrTime = "2026-11-01".to_owned().try_into().unwrap();
    assert_eq!(day.date(), "2026-11-01".parse().unwrap());
}

#[tokio::test]
async fn members_that_are_not_known_are_left_out_and_counted() {
    let world = World::with_login().await;
    let new = |id: &str| {
        let mut report = report(id);
        report["newMember"] = json!({"deep": [1, 2]});
        report
    };
    let body = json!({"reports": [new("1"), new("2"), report("3")], "alsoNew": true});
    world.answer(REPORTS, vec![ResponseTemplate::new(200).set_body_json(body)]).await;
    let client = world.client();
    assert_eq!(client.unknown_members(), []);
    for _ in 0..2 {
        assert_eq!(client.reports().get_reports(&settlements()).await.unwrap().items.len(), 3);
    }
    let counted: Vec<_> = client
        .unknown_members()
        .into_iter()
        .map(|unknown| (unknown.operation, unknown.member, unknown.times))
        .collect();
    let expected = [("alsoNew", 2), ("reports[].newMember", 4)];
    assert_eq!(counted, expected.map(|(at, times)| ("getReports", at.to_owned(), times)));
}

#[tokio::test]
async fn words_that_are_not_known_are_kept() {
    let world = World::with_login().await;
    let mut paused = report("1");
    paused["processingStatus"] = json!("PAUSED");
    let body = json!({"reports": [paused]});
    world.answer(REPORTS, vec![ResponseTemplate::new(200).set_body_json(body)]).await;
    let order = json!({
        "orderId": "1", "createdTime": "2026-11-01T00:00:00Z", "orderItems": [],
        "lastUpdatedTime": "2026-11-01T00:00:00Z", "salesChannel": {"channelName": "NEW"},
        "fulfillment": {"fulfillmentStatus": "HALF_SHIPPED"},
    });
    let body = json!({"orders": [order]});
    world.answer(ORDERS, vec![ResponseTemplate::new(200).set_body_json(body)]).await;
    let client = world.client();
    let page = client.reports().get_reports(&settlements()).await.unwrap();
    assert_eq!(page.items[0].processing_status, ProcessingStatus::Other("PAUSED".to_owned()));
    assert!(!page.items[0].processing_status.is_final());
    let query = SearchOrders::updated_since("2026-11-01T00:00:00Z".parse().unwrap());
    let order = client.orders().search_orders(&query).await.unwrap().orders.remove(0);
    let status = order.fulfillment.unwrap().fulfillment_status;
    assert_eq!(status, FulfillmentStatus::Other("HALF_SHIPPED".to_owned()));
    assert_eq!(status.to_string(), "HALF_SHIPPED");
}

#[tokio::test]
async fn a_list_may_be_missing_or_null() {
    for groups in [json!({"NextToken": null}), json!({"FinancialEventGroupList": Value::Null})] {
        let world = World::with_login().await;
        let body = json!({"payload": groups});
        let answer = ResponseTemplate::new(200).set_body_json(body);
        world.answer("/finances/v0/financialEventGroups", vec![answer]).await;
        let query =
            ListFinancialEventGroups::started_after("2026-11-01T00:00:00Z".parse().unwrap());
        let page = world.client().finances_v0().list_financial_event_groups(&query).await.unwrap();
        assert_eq!((page.items, page.next_token), (vec![], None));
    }
}
