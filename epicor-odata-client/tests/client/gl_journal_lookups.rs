//! Posting, removing and looking journals up, as Epicor sees it.

use crate::support::*;
use epicor_odata_client::Error;
use epicor_odata_client::gl_journal::{GlAccount, JournalSearch, PostedQuery};
use jiff::civil::date;
use serde_json::json;
use wiremock::ResponseTemplate;

#[tokio::test]
async fn posting_checks_first_and_reads_the_message() {
    let kinetic = Kinetic::start().await;
    let client = kinetic.client();
    client.gl_journals().unlock_group(&group_id()).await.unwrap();
    client.gl_journals().post_group(&group_id()).await.unwrap();
    let asked = kinetic.asked().await;
    assert_eq!(asked[0].body, json!({ "inGroupID": "ML7Q2K9X4" }));
    assert_eq!(asked[1].body, json!({ "groupID": "ML7Q2K9X4" }));
    assert_eq!(asked[2].body, json!({ "postGroupID": "ML7Q2K9X4" }));
    assert_eq!(asked.len(), 3);

    let answer = json!({ "parameters": { "NotAllPostedMessage": "Out of balance." } });
    kinetic.instead("Erp.BO.GLJrnGrpSvc/PostGroupJournals", json_answer(200, &answer)).await;
    let error = client.gl_journals().post_group(&group_id()).await.unwrap_err();
    assert!(matches!(&error, Error::NotPosted { message, .. } if message == "Out of balance."));
    assert!(error.is_definite_no());

    let refused = refusal(400, "Ice.BLException", "The group is locked by another user.");
    kinetic.instead("Erp.BO.GLJrnGrpSvc/CheckBeforePost", refused).await;
    let before = kinetic.asked().await.len();
    let error = client.gl_journals().post_group(&group_id()).await.unwrap_err();
    assert_eq!(error.correlation_id(), Some("c0ffee00-0000-0000-0000-000000000001"));
    assert_eq!(kinetic.asked().await.len(), before + 1, "nothing is posted after a refused check");
}

#[tokio::test]
async fn journals_in_entry_are_read_with_their_lines() {
    let kinetic = Kinetic::start().await;
    let client = kinetic.client();
    let journals = client.gl_journals().journals_in_group(&group_id()).await.unwrap();
    let [journal] = journals.as_slice() else { panic!("{journals:?}") };
    assert_eq!(journal.key.journal_num, 1204);
    assert_eq!(journal.description, "ML7Q2K9X4ABC May");
    assert_eq!((journal.tot_debit, journal.tot_credit), (decimal("12.5"), decimal("12.5")));
    assert_eq!(journal.je_date, Some(date(2026, 5, 31)));
    let lines: Vec<_> = journal
        .lines
        .iter()
        .map(|line| (line.journal_line, line.account.as_str(), line.debit, line.credit))
        .collect();
    assert_eq!(
        lines,
        [(1, "1150", decimal("0"), decimal("12.5")), (2, "5100|00", decimal("12.5"), decimal("0")),],
    );
    assert!(!journal.in_review);
}

#[tokio::test]
async fn a_missing_group_is_no_journals_but_a_missing_service_is_an_error() {
    const GET: &str = "Erp.BO.GLJournalEntrySvc/GetByGroupID";
    for status in [404, 500] {
        let kinetic = Kinetic::start().await;
        let missing = refusal(status, "Ice.Common.RecordNotFoundException", "Record not found.");
        kinetic.instead(GET, missing).await;
        let journals = kinetic.client().gl_journals().journals_in_group(&group_id()).await;
        assert_eq!(journals.unwrap(), []);
    }
    let kinetic = Kinetic::start().await;
    kinetic.instead(GET, ResponseTemplate::new(404)).await;
    let error = kinetic.client().gl_journals().journals_in_group(&group_id()).await.unwrap_err();
    assert!(matches!(error, Error::NotFound { record: false, .. }), "{error:?}");
}

#[tokio::test]
async fn a_group_in_review_is_recognised() {
    let kinetic = Kinetic::start().await;
    let client = kinetic.client();
    let group = client.gl_journals().group(&group_id()).await.unwrap();
    assert_eq!(group.map(|group| group.in_review), Some(false));
    assert_eq!(kinetic.asked().await[0].option("$filter"), "GroupID eq 'ML7Q2K9X4'");

    let mut row = group_row();
    row["RvnJrnUID"] = json!(31);
    let rows = json_answer(200, &json!({ "@odata.count": 1, "value": [row] }));
    kinetic.instead("Erp.BO.GLJrnGrpSvc/GLJrnGrps", rows).await;
    let group = client.gl_journals().group(&group_id()).await.unwrap();
    assert_eq!(group.map(|group| group.in_review), Some(true));

    let none = json_answer(200, &json!({ "value": [] }));
    kinetic.once("Erp.BO.GLJrnGrpSvc/GLJrnGrps", none).await;
    assert_eq!(client.gl_journals().group(&group_id()).await.unwrap(), None);
}

#[tokio::test]
async fn posted_lines_are_found_by_group_token_and_date() {
    let kinetic = Kinetic::start().await;
    let query = PostedQuery {
        group_id: group_id(),
        token: "ML7Q2K9X4ABC".to_owned(),
        je_date_from: date(2026, 5, 1),
    };
    let lines = kinetic.client().gl_journals().posted(&query).await.unwrap();
    let [line] = lines.as_slice() else { panic!("{lines:?}") };
    assert_eq!((line.journal_num, line.debit), (1204, decimal("12.50")));
    assert_eq!(
        kinetic.asked().await[0].option("$filter"),
        "GroupID eq 'ML7Q2K9X4' and startswith(Description,'ML7Q2K9X4ABC') and JEDate ge \
         2026-05-01T00:00:00Z",
    );
}

#[tokio::test]
async fn unposted_remains_are_removed_journals_first() {
    let kinetic = Kinetic::start().await;
    let gone = refusal(500, "Ice.Common.RecordNotFoundException", "Record not found.");
    kinetic.instead("Erp.BO.GLJrnGrpSvc/DeleteByID", gone).await;
    kinetic.client().gl_journals().remove_unposted(&group_id()).await.unwrap();
    let asked = kinetic.asked().await;
    let operations: Vec<_> = asked.iter().map(|asked| asked.operation.as_str()).collect();
    assert_eq!(
        operations,
        [
            "Erp.BO.GLJournalEntrySvc/GetByGroupID",
            "Erp.BO.GLJournalEntrySvc/DeleteByID",
            "Erp.BO.GLJrnGrpSvc/DeleteByID",
        ],
    );
    assert_eq!(
        asked[1].body,
        json!({
            "bookID": "MAIN", "fiscalYear": 2026, "fiscalYearSuffix": "", "journalCode": "GJ",
            "journalNum": 1204, "fiscalCalendarID": "MAIN",
        }),
    );
}

#[tokio::test]
async fn periods_books_and_accounts_are_read() {
    let kinetic = Kinetic::start().await;
    let client = kinetic.client();
    let period = client.book_periods().holding("MAIN", date(2026, 5, 31)).await.unwrap().unwrap();
    assert_eq!((period.fiscal_year, period.fiscal_period, period.closed), (2026, 5, false));
    assert_eq!((period.start, period.end), (Some(date(2026, 5, 1)), Some(date(2026, 5, 31))));
    let books = client.gl_books().all().await.unwrap();
    assert_eq!((books[0].book_id.as_str(), books[0].main_book), ("MAIN", true));
    let fees = GlAccount::parse("5100-00", '-').unwrap();
    let accounts = client.gl_accounts().states("MainCOA", &[fees]).await.unwrap();
    assert_eq!((accounts[0].account.as_str(), accounts[0].active), ("5100|00", true));
}

#[tokio::test]
async fn posted_journals_are_searched_by_anything() {
    let kinetic = Kinetic::start().await;
    let mut search = JournalSearch::from(date(2026, 5, 1));
    search.je_date_to = Some(date(2026, 5, 31));
    search.account = Some("5100|00".to_owned());
    search.source_module = Some("GL".to_owned());
    let client = kinetic.client();
    let lines = client.gl_journals().search(&search).await.unwrap();
    assert_eq!(lines.len(), 1);
    assert_eq!(
        kinetic.asked().await[0].option("$filter"),
        "JEDate ge 2026-05-01T00:00:00Z and JEDate le 2026-05-31T00:00:00Z and GLAccount eq \
         '5100|00' and SourceModule eq 'GL'",
    );
}
