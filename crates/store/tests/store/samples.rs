//! Records to work with. Times are minutes after one fixed moment.

use jiff::{Timestamp, ToSpan};
use serde_json::json;
use store::{
    DocumentHash, NewDocument, NewEvent, NewPosting, NewReport, NewSettlement, PostingChange,
    Recorded, SettlementChange, SettlementKey, Signer, Store,
};

/// A signer whose signatures anybody could make; the store does not check them.
#[derive(Debug)]
pub(crate) struct Seal;

impl Signer for Seal {
    fn public_key(&self) -> String {
        "seal".to_owned()
    }

    fn sign(&self, text: &[u8]) -> String {
        DocumentHash::of(text).to_string()
    }
}

pub(crate) const US: &str = "us";

pub(crate) fn minute(minutes: i64) -> Timestamp {
    let start: Timestamp = "2026-11-02T08:00:00.25Z".parse().expect("a timestamp");
    start + minutes.minutes()
}

pub(crate) fn key(settlement_id: &str) -> SettlementKey {
    SettlementKey { connection: US.to_owned(), settlement_id: settlement_id.to_owned() }
}

/// An event about `subject` in the story of `record`, at a minute.
pub(crate) fn event(minutes: i64, record: &str, subject: &str) -> NewEvent {
    NewEvent {
        at: minute(minutes),
        actor: "connector".to_owned(),
        connection: US.to_owned(),
        record: record.to_owned(),
        subject: subject.to_owned(),
        action: "moved".to_owned(),
        from: None,
        to: None,
        detail: json!({ "minute": minutes }),
    }
}

pub(crate) fn about_settlement(minutes: i64, settlement_id: &str) -> NewEvent {
    event(minutes, settlement_id, &format!("settlement {settlement_id}"))
}

pub(crate) fn about_report(minutes: i64, report_id: &str) -> NewEvent {
    event(minutes, report_id, &format!("report {report_id}"))
}

pub(crate) fn about_posting(minutes: i64, settlement_id: &str, posting: &str) -> NewEvent {
    event(minutes, settlement_id, &format!("posting {posting}"))
}

pub(crate) fn report(report_id: &str) -> NewReport {
    NewReport {
        connection: US.to_owned(),
        report_id: report_id.to_owned(),
        report_document_id: format!("amzn1.spdoc.{report_id}"),
        created: minute(0),
        marketplace: Some("A1PA6795UKMFR9".to_owned()),
    }
}

/// A document that came with a charset.
pub(crate) fn came<'a>(name: &'a str, bytes: &'a [u8]) -> NewDocument<'a> {
    NewDocument { name, bytes, charset: Some("Cp1252") }
}

/// The document that shows one settlement.
pub(crate) fn text_of(settlement_id: &str) -> String {
    format!("settlement-id\ttotal-amount\n{settlement_id}\t12.34\n")
}

pub(crate) fn new_settlement(settlement_id: &str, document: DocumentHash) -> NewSettlement {
    NewSettlement {
        key: key(settlement_id),
        document,
        source: "import statement.txt".to_owned(),
        currency: "USD".to_owned(),
        deposit: "-12.34".to_owned(),
        start: "2026-10-01T00:00:00Z".to_owned(),
        end: "2026-10-15T00:00:00Z".to_owned(),
        rows: 1204,
        state: "read".to_owned(),
        content: DocumentHash::of(settlement_id.as_bytes()).to_string(),
        chain: format!("\"{settlement_id}\""),
    }
}

/// Reads a settlement from its own document, at a minute.
pub(crate) async fn read(store: &Store, minutes: i64, settlement_id: &str) -> NewSettlement {
    let document = store.put_document("statement.txt", text_of(settlement_id).as_bytes()).await;
    let new = new_settlement(settlement_id, document.expect("the document is kept"));
    let recorded = store.settlement_read(&new, &about_settlement(minutes, settlement_id)).await;
    assert_eq!(recorded.expect("the settlement is recorded"), Recorded::New);
    new
}

pub(crate) fn intent(posting: &str) -> NewPosting {
    NewPosting {
        key: posting.to_owned(),
        kind: "journal".to_owned(),
        token: format!("ML{posting}"),
        group_id: "AMZ0001".to_owned(),
        payload: r#"{"lines":[]}"#.to_owned(),
        step: "intended".to_owned(),
    }
}

/// Records the intents of a settlement that is `read`, which is then `posting`.
pub(crate) async fn intend(store: &Store, minutes: i64, settlement_id: &str, postings: &[&str]) {
    let intents: Vec<_> = postings.iter().map(|posting| intent(posting)).collect();
    let event = about_settlement(minutes, settlement_id);
    store
        .intents_recorded(
            &key(settlement_id),
            ("read", "posting"),
            &SettlementChange::default(),
            &intents,
            &event,
        )
        .await
        .expect("the intents are recorded");
}

pub(crate) fn at(minutes: i64, attempts: Option<u32>, outcome: Option<&str>) -> PostingChange {
    PostingChange { at: minute(minutes), attempts, outcome: outcome.map(str::to_owned) }
}
