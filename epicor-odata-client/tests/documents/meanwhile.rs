//! What people do with a document while it is entered, posted or looked for.

use epicor_odata_client::Error;
use epicor_odata_client::once::{Attempt, Document as _, Found, Postable as _};
use jiff::civil::date;
use serde_json::json;

use crate::epicor::{Epicor, SETTLE};
use crate::flows;

fn count(epicor: &Epicor, table: &str) -> usize {
    epicor.state().rows(table).count()
}

/// Whatever our look reads first: the journal is in entry before the posting, and posted after it.
#[tokio::test]
async fn a_journal_that_is_posted_between_two_reads_is_never_taken_for_absent() {
    for answered in 0..4 {
        let epicor = Epicor::new(1);
        let client = epicor.client();
        let document = client.gl_journals().document(flows::group(), flows::journal(4)).unwrap();
        let number = client.ensure(&document, Attempt::First, SETTLE).await.unwrap().key.number;
        let posting = json!({ "postGroupID": flows::group_id().as_str() });
        epicor.meanwhile(answered, "Erp.BO.GLJrnGrpSvc/PostGroupJournals", posting);
        let found = document.find().await.unwrap();
        let Found::Whole(key) = found else { panic!("after {answered} reads: {found:?}") };
        assert_eq!((key.number, key.posted), (number, answered < 3));
        let posted = client.ensure_posted(&document, Attempt::Again, SETTLE).await.unwrap();
        assert!(posted.posted);
        assert_eq!((count(&epicor, "GLJrnHed"), count(&epicor, "GLJrnDtl")), (0, 4));
    }
}

#[tokio::test]
async fn a_journal_that_stands_in_both_places_differs() {
    let epicor = Epicor::new(1);
    let client = epicor.client();
    let document = client.gl_journals().document(flows::group(), flows::journal(2)).unwrap();
    client.ensure(&document, Attempt::First, SETTLE).await.unwrap();
    document.post().await.unwrap();
    document.enter().await.unwrap();
    let found = document.find().await.unwrap();
    assert!(matches!(&found, Found::Differs(why) if why.contains("a second time")), "{found:?}");
}

/// The group's id is used again, for a journal whose token is the beginning of the other's.
#[tokio::test]
async fn a_token_that_another_begins_with_is_told_apart() {
    let epicor = Epicor::new(1);
    let client = epicor.client();
    for token in ["2026-10", "2026-1"] {
        let mut journal = flows::journal(2);
        journal.description = format!("{token} fees");
        for line in &mut journal.lines {
            line.description.clone_from(&journal.description);
        }
        let document = client.gl_journals().document(flows::group(), journal).unwrap();
        assert_eq!(document.find().await.unwrap(), Found::Absent, "{token}");
        client.ensure(&document, Attempt::Again, SETTLE).await.unwrap();
        client.ensure_posted(&document, Attempt::Again, SETTLE).await.unwrap();
    }
    assert_eq!(count(&epicor, "GLJrnDtl"), 4);
    for token in ["", "2026-1 fees"] {
        let query = epicor_odata_client::gl_journal::PostedQuery {
            group_id: flows::group_id(),
            token: token.to_owned(),
            je_date_from: date(2026, 5, 1),
        };
        let refused = client.gl_journals().posted(&query).await;
        assert!(matches!(refused, Err(Error::InvalidParameter { .. })), "{refused:?}");
    }
}
