//! Lists of reports, page after page.

use futures_util::{StreamExt, TryStreamExt};
use serde_json::{Value, json};
use sp_api_client::reports_2021_06_30::{GetReports, ProcessingStatus, Report};
use sp_api_client::{Error, ErrorKind};
use wiremock::ResponseTemplate;

use crate::common::{REPORTS, World, ok, report};

fn page(ids: &[&str], next: Option<&str>) -> ResponseTemplate {
    let reports: Vec<Value> = ids.iter().map(|id| report(id)).collect();
    let mut body = json!({ "reports": reports });
    if let Some(next) = next {
        body["nextToken"] = json!(next);
    }
    ok(&body)
}

fn settlements() -> GetReports {
    GetReports::of_types(["GET_V2_SETTLEMENT_REPORT_DATA_FLAT_FILE_V2"])
        .processing_statuses([ProcessingStatus::Done])
        .page_size(2)
}

fn ids(reports: &[Report]) -> Vec<&str> {
    reports.iter().map(|report| report.report_id.as_str()).collect()
}

#[tokio::test]
async fn the_next_token_goes_alone_and_an_empty_page_is_no_end() {
    let world = World::with_login().await;
    let pages =
        vec![page(&["1", "2"], Some("a+/=&b c")), page(&[], Some("third")), page(&["3"], None)];
    world.answer(REPORTS, pages).await;
    let client = world.client();
    let reports: Vec<_> =
        client.reports().get_reports_stream(settlements()).try_collect().await.unwrap();
    assert_eq!(ids(&reports), ["1", "2", "3"]);

    let sent = world.sent(REPORTS).await;
    let query = |i: usize| sent[i].url.query_pairs().into_owned().collect::<Vec<_>>();
    let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let first = [
        pair("reportTypes", "GET_V2_SETTLEMENT_REPORT_DATA_FLAT_FILE_V2"),
        pair("processingStatuses", "DONE"),
        pair("pageSize", "2"),
    ];
    assert_eq!(query(0), first);
    assert_eq!(query(1), [pair("nextToken", "a+/=&b c")]);
    assert_eq!(query(2), [pair("nextToken", "third")]);
}

#[tokio::test]
async fn a_list_that_goes_round_is_an_error() {
    let world = World::with_login().await;
    world.answer(REPORTS, vec![page(&["1"], Some("again"))]).await;
    let client = world.client();
    let mut stream = std::pin::pin!(client.reports().get_reports_stream(settlements()));
    assert!(stream.next().await.unwrap().is_ok());
    let error = stream.next().await.unwrap().unwrap_err();
    assert!(matches!(error, Error::Paging(_)));
    assert_eq!(error.kind(), ErrorKind::InvalidResponse);
    assert!(stream.next().await.is_none());
    assert_eq!(world.sent(REPORTS).await.len(), 2);
}

#[tokio::test]
async fn an_error_on_a_later_page_is_the_last_item() {
    let world = World::with_login().await;
    let pages = vec![page(&["1"], Some("next")), ResponseTemplate::new(400)];
    world.answer(REPORTS, pages).await;
    let client = world.client();
    let items: Vec<_> = client.reports().get_reports_stream(settlements()).collect().await;
    let [Ok(_), Err(Error::BadRequest(_))] = items.as_slice() else { panic!("{items:?}") };
}

#[tokio::test]
async fn pages_can_be_read_one_by_one() {
    let world = World::with_login().await;
    world.answer(REPORTS, vec![page(&["1"], Some("next")), page(&["2"], None)]).await;
    let client = world.client();
    let first = client.reports().get_reports(&settlements()).await.unwrap();
    assert_eq!(ids(&first.items), ["1"]);
    let next = settlements().from_page(first.next_token.unwrap());
    let second = client.reports().get_reports(&next).await.unwrap();
    assert_eq!((ids(&second.items), second.next_token), (vec!["2"], None));
}

#[tokio::test]
async fn a_stream_can_be_sent_to_another_thread() {
    let world = World::with_login().await;
    world.answer(REPORTS, vec![page(&["1"], None)]).await;
    let client = world.client();
    let task = tokio::spawn(async move {
        client.reports().get_reports_stream(settlements()).try_collect::<Vec<_>>().await
    });
    assert_eq!(ids(&task.await.unwrap().unwrap()), ["1"]);
}
