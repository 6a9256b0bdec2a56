//! What changes under a period that a person signed is told to whoever must act, whatever changed it.

use connector_app::stage::Stage;
use fixtures::{documents, epicor};
use jiff::civil::date;
use serde_json::Value;
use wiremock::matchers::method;
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::alerts;
use crate::reconcile::{DEPOSIT, book_the_receipt, import, posted, statement};
use crate::support::{self, Said};

const HOOK: &str = "[alerts]\nkinds = [\"signed_period\"]\n[alerts.webhook]\n\
                    url = { file = \"hook-url\" }\nsigning_key = { file = \"hook-key\" }\n";

async fn run(stage: &Stage, args: &[&str]) -> Said {
    support::run(stage.folder(), args).await
}

/// September is signed, and somebody is told what changes.
async fn signed() -> (Stage, MockServer) {
    let stage = posted().await;
    import(&stage, "bank.csv", &statement(DEPOSIT), 0).await;
    book_the_receipt(&stage, date(2026, 9, 21)).await;
    let said = run(&stage, &["reconcile", "--period", "2026-09"]).await;
    assert_eq!(said.code, 0, "{}{}", said.out, said.err);
    let said = run(&stage, &["reconcile", "sign", "2026-09"]).await;
    assert_eq!(said.code, 0, "{}{}", said.out, said.err);
    let server = alerts::hook(&stage).await;
    Mock::given(method("POST")).respond_with(ResponseTemplate::new(204)).mount(&server).await;
    alerts::configure(&stage, HOOK);
    assert_eq!(told(&stage, &server).await, Vec::<Value>::new(), "nothing changed");
    (stage, server)
}

/// What was told until now, after one more run.
async fn told(stage: &Stage, server: &MockServer) -> Vec<Value> {
    run(stage, &["sync", "settlements"]).await;
    let bodies = alerts::posted(server).await;
    bodies.iter().map(|body| body["alerts"][0].clone()).collect()
}

fn says(alert: &Value, what: &str) {
    assert_eq!(alert["kind"], "signed_period", "{alert}");
    assert_eq!(alert["record"], "period 2026-09 USD", "{alert}");
    let text = alert["what"].as_str().expect("a text");
    assert!(text.contains("changed after person clerk signed it on"), "{alert}");
    assert!(text.contains(what), "{what}: {alert}");
    assert_eq!(alert["who"], "the controller, or whoever signed it");
    let next = alert["next"].as_str().expect("a text");
    assert!(next.contains("`ml-connector reconcile reopen 2026-09 --currency USD"), "{alert}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_change_under_a_signed_period_is_told_once() {
    let (stage, server) = signed().await;
    // The line of another month is nobody's concern.
    import(&stage, "later.csv", "Date,Description,Amount\n2026-10-02,AMAZON COM,3.00\n", 0).await;
    assert_eq!(told(&stage, &server).await.len(), 0);

    import(&stage, "late.csv", "Date,Description,Amount\n2026-09-29,AMAZON COM,5.00\n", 0).await;
    let alerts = told(&stage, &server).await;
    assert_eq!(alerts.len(), 1, "{alerts:#?}");
    says(&alerts[0], "was nothing, is amount 5.00");
    assert_eq!(told(&stage, &server).await.len(), 1, "once");
    let said = run(&stage, &["reconcile"]).await;
    let told_at_once = "changed since it was signed: period 2026-09 USD";
    assert!(said.code == 4 && said.err.contains(told_at_once), "{}{}", said.out, said.err);

    // A settlement of the period arrives, and goes into its books.
    let late = documents::get("us-month-end.txt").expect("it ships");
    std::fs::write(stage.folder().join("late.txt"), &late.bytes).expect("written");
    let said = run(&stage, &["import", "late.txt"]).await;
    assert_eq!(said.code, 0, "{}", said.err);
    let alerts = told(&stage, &server).await;
    assert_eq!(alerts.len(), 2, "{alerts:#?}");
    assert_eq!(alerts[1]["event"], "raised", "it has come further");
    says(&alerts[1], "/2026-09/2/r0: was nothing, is posted");

    // The settlement that was signed is issued again, and reversed.
    let text = documents::get("us-plain.txt").expect("it ships").bytes;
    let text = crate::people::one_cent_more(&String::from_utf8(text).expect("text"));
    std::fs::write(stage.folder().join("again.txt"), text).expect("written");
    run(&stage, &["import", "again.txt"]).await;
    let alerts = told(&stage, &server).await;
    assert_eq!(alerts.len(), 3, "{alerts:#?}");
    says(&alerts[2], "settlement 24610385127: was nothing, is held");
    run(&stage, &["release", "24610385127"]).await;
    let said = run(&stage, &["reverse", "24610385127", "--reason", "by mistake"]).await;
    assert_eq!(said.code, 0, "{}{}", said.out, said.err);
    let alerts = told(&stage, &server).await;
    says(alerts.last().expect("told"), "24610385127/2026-09/1/r0: was posted, is reversed");

    // Opened again, it is nobody's signature any more.
    let reopen = ["reconcile", "reopen", "2026-09", "--reason", "a late settlement"];
    assert_eq!(run(&stage, &reopen).await.code, 0);
    let alerts = told(&stage, &server).await;
    assert_eq!(alerts.last().expect("told")["event"], "cleared");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_journal_that_is_gone_from_epicor_is_told() {
    let (stage, server) = signed().await;
    // Epicor is there again as it was some months ago.
    let restored = epicor::StandIn::start(epicor::Options::default()).await.expect("it starts");
    let config = std::fs::read_to_string(stage.config()).expect("a configuration");
    let (was, is) = (stage.epicor.base_url().to_string(), restored.base_url().to_string());
    std::fs::write(stage.config(), config.replace(&was, &is)).expect("written");
    let said = run(&stage, &["sweep"]).await;
    assert_eq!(said.code, 3, "{}{}", said.out, said.err);
    let alerts = told(&stage, &server).await;
    assert_eq!(alerts.len(), 1, "{alerts:#?}");
    says(&alerts[0], "24610385127/2026-09/1/r0: was posted, is missing in Epicor");
    let said = run(&stage, &["reconcile", "periods", "--json"]).await;
    let of = said.json_lines().into_iter().find(|one| one["period"] == "2026-09");
    assert_eq!(of.expect("September")["standing"], "changed since it was signed");
    assert_eq!(said.code, 4);
    restored.stop().await;
}
