//! Entering a journal, step by step, as Epicor sees it.

use crate::support::*;
use epicor_odata_client::Error;
use epicor_odata_client::gl_journal::NewJournal;
use serde_json::{Value, json};

const GROUP_UPDATE: &str = "Erp.BO.GLJrnGrpSvc/Update";
const JOURNAL_UPDATE: &str = "Erp.BO.GLJournalEntrySvc/Update";

#[tokio::test]
async fn a_group_is_made_by_the_dialogue() {
    let kinetic = Kinetic::start().await;
    let group = kinetic.client().gl_journals().create_group(&new_group()).await.unwrap();
    assert_eq!(group.group_id, "ML7Q2K9X4");
    assert_eq!((group.fiscal_year, group.fiscal_period), (2026, 5));

    let asked = kinetic.asked().await;
    let operations: Vec<_> = asked.iter().map(|asked| asked.operation.as_str()).collect();
    assert_eq!(
        operations,
        [
            "Erp.BO.GLJrnGrpSvc/GetNewGLJrnGrp",
            "Erp.BO.GLJrnGrpSvc/CheckFiscalYear",
            "Erp.BO.GLJrnGrpSvc/ChangeEntryMode",
            "Erp.BO.GLJrnGrpSvc/ChangeBookID",
            "Erp.BO.GLJrnGrpSvc/ChangeJournalCode",
            GROUP_UPDATE,
        ],
    );
    assert_eq!(asked[0].body, json!({ "ds": {} }));
    assert_eq!(asked[1].body["cGroupID"], "ML7Q2K9X4");
    assert_eq!(asked[1].body["cJEDate"], "2026-05-31T00:00:00");
    assert_eq!(asked[2].body["proposedBookMode"], "S");
    assert_eq!(asked[3].body["proposeBookID"], "MAIN");
    assert_eq!(asked[4].body["proposedJournalCode"], "GJ");
    let mut saved = group_row();
    for (column, value) in [
        ("GroupID", json!("ML7Q2K9X4")),
        ("JEDate", json!("2026-05-31T00:00:00")),
        ("FiscalYear", json!(2026)),
        ("FiscalPeriod", json!(5)),
        ("BookMode", json!("S")),
        ("BookID", json!("MAIN")),
        ("JournalCode", json!("GJ")),
    ] {
        saved[column] = value;
    }
    assert_eq!(asked[5].body, json!({ "ds": { "GLJrnGrp": [saved] } }));
}

#[tokio::test]
async fn a_group_with_the_wanted_defaults_takes_three_requests() {
    let kinetic = Kinetic::start().await;
    let mut row = group_row();
    row["BookMode"] = json!("S");
    row["BookID"] = json!("MAIN");
    row["JournalCode"] = json!("GJ");
    let answer = json!({ "parameters": { "ds": { "GLJrnGrp": [row] } } });
    kinetic.instead("Erp.BO.GLJrnGrpSvc/GetNewGLJrnGrp", json_answer(200, &answer)).await;
    kinetic.client().gl_journals().create_group(&new_group()).await.unwrap();
    assert_eq!(kinetic.operations().await.len(), 3);
}

#[tokio::test]
async fn a_date_in_no_open_period_stops_before_anything_is_saved() {
    let kinetic = Kinetic::start().await;
    let answer = json!({ "parameters": { "ds": {}, "opMessage": "Period 5 is closed." } });
    kinetic.instead("Erp.BO.GLJrnGrpSvc/CheckFiscalYear", json_answer(200, &answer)).await;
    let error = kinetic.client().gl_journals().create_group(&new_group()).await.unwrap_err();
    assert!(
        matches!(&error, Error::PeriodRefused { message, .. } if message == "Period 5 is closed.")
    );
    assert!(error.is_definite_no());
    assert!(!kinetic.operations().await.contains(&GROUP_UPDATE.to_owned()));
}

#[tokio::test]
async fn a_group_saved_with_another_date_is_noticed() {
    let kinetic = Kinetic::start().await;
    let mut row = group_row();
    row["GroupID"] = json!("ML7Q2K9X4");
    row["BookID"] = json!("MAIN");
    row["JournalCode"] = json!("GJ");
    row["JEDate"] = json!("2026-06-01T00:00:00");
    let answer = json!({ "parameters": { "ds": { "GLJrnGrp": [row] } } });
    kinetic.instead(GROUP_UPDATE, json_answer(200, &answer)).await;
    let error = kinetic.client().gl_journals().create_group(&new_group()).await.unwrap_err();
    assert!(matches!(error, Error::NotAsSent { .. }), "{error:?}");
}

#[tokio::test]
async fn a_journal_takes_five_requests_and_sends_all_lines_at_once() {
    let kinetic = Kinetic::start().await;
    let mut journal = new_journal();
    for cents in 1..=100 {
        let amount = format!("0.{cents:03}");
        journal.lines.push(new_line(&format!("4000-{cents}"), &amount, "0"));
        journal.lines.push(new_line(&format!("4100-{cents}"), "0", &amount));
    }
    let key = kinetic.client().gl_journals().create_journal(&group_id(), &journal).await.unwrap();
    assert_eq!((key.journal_num, key.fiscal_year), (1204, 2026));

    let asked = kinetic.asked().await;
    let operations: Vec<_> = asked.iter().map(|asked| asked.operation.as_str()).collect();
    assert_eq!(
        operations,
        [
            "Erp.BO.GLJournalEntrySvc/GetNewGlJrnHedTran",
            "Erp.BO.GLJournalEntrySvc/PreUpdate",
            JOURNAL_UPDATE,
            "Erp.BO.GLJournalEntrySvc/GetNewGLJrnDtlMnl",
            JOURNAL_UPDATE,
        ],
    );
    assert_eq!(asked[0].body, json!({ "ds": {}, "GroupID": "ML7Q2K9X4" }));
    let header = &asked[2].body["ds"]["GLJrnHed"][0];
    assert_eq!(header["Description"], "ML7Q2K9X4ABC May");
    assert_eq!(header["CommentText"], "Fees of May");
    assert_eq!(header["JEDate"], "2026-05-31T00:00:00");
    assert_eq!(header["CurrencyCode"], "USD");
    assert_eq!(asked[3].body["journalNum"], 1204);
    assert_eq!(asked[3].body["journalLine"], 0);

    let ds = &asked[4].body["ds"];
    assert_eq!(ds["GLJrnHed"][0]["RowMod"], "", "the header is not saved again");
    assert_eq!(ds["GLJrnHed"][0]["SysRevID"].to_string(), "9007199254740993");
    assert_eq!(ds["GLJrnDtlMnl"].as_array().map(Vec::len), Some(202));
    let mut debit = line_row();
    for (column, value) in [
        ("GLAccount", json!("5100|00")),
        ("SegValue1", json!("5100")),
        ("SegValue2", json!("00")),
        ("SegValue3", json!("")),
        ("TotDebit", number("12.50")),
        ("Description", json!("ML7Q2K9X4ABC fees")),
        ("CommentText", json!("3 rows")),
        ("SysRowID", json!("00000000-0000-0000-0000-000000000000")),
    ] {
        debit[column] = value;
    }
    assert_eq!(ds["GLJrnDtlMnl"][0], debit);
    assert_eq!(ds["GLJrnDtlMnl"][1]["GLAccount"], "1150");
    assert_eq!(ds["GLJrnDtlMnl"][1]["TotCredit"].to_string(), "12.50");
}

#[tokio::test]
async fn lines_are_numbered_on_from_a_numbered_template() {
    let kinetic = Kinetic::start().await;
    let mut template = line_row();
    template["JournalLine"] = json!(7);
    let mut header = header_row();
    header["JournalNum"] = json!(1204);
    let ds = json!({ "GLJrnHed": [header], "GLJrnDtlMnl": [template] });
    let answer = json_answer(200, &json!({ "parameters": { "ds": ds } }));
    kinetic.instead("Erp.BO.GLJournalEntrySvc/GetNewGLJrnDtlMnl", answer).await;
    kinetic.client().gl_journals().create_journal(&group_id(), &new_journal()).await.unwrap();
    let asked = kinetic.asked().await;
    let lines = asked[4].body["ds"]["GLJrnDtlMnl"].as_array().unwrap();
    let numbers: Vec<_> = lines.iter().map(|line| line["JournalLine"].to_string()).collect();
    assert_eq!(numbers, ["7", "8"]);
}

/// Answers the saving of the lines with a changed echo.
async fn save_lines_changed(change: impl Fn(&mut Value) + Send + Sync + 'static) -> Error {
    let kinetic = Kinetic::start().await;
    kinetic
        .instead(JOURNAL_UPDATE, move |request: &wiremock::Request| {
            let body: Value = serde_json::from_slice(&request.body).unwrap();
            let mut ds = body["ds"].clone();
            ds["GLJrnHed"][0]["JournalNum"] = json!(1204);
            change(&mut ds);
            json_answer(200, &json!({ "parameters": { "ds": ds } }))
        })
        .await;
    let client = kinetic.client();
    client.gl_journals().create_journal(&group_id(), &new_journal()).await.unwrap_err()
}

#[tokio::test]
async fn what_was_saved_is_compared_with_what_was_sent() {
    let invalid = save_lines_changed(|ds| {
        for line in ds["GLJrnDtlMnl"].as_array_mut().into_iter().flatten() {
            line["InvalidGLAccount"] = json!(true);
            line["InvalidGLAccountMessage"] = json!("Inactive.");
        }
    })
    .await;
    assert!(
        matches!(&invalid, Error::InvalidAccount { account, message }
            if account == "5100|00" && message == "Inactive."),
        "{invalid:?}"
    );
    let amount = save_lines_changed(|ds| {
        if let Some(line) = ds["GLJrnDtlMnl"].get_mut(0) {
            line["TotDebit"] = number("12.49");
        }
    })
    .await;
    assert!(amount.to_string().contains("debit 12.50") && !amount.is_definite_no(), "{amount}");
    let missing = save_lines_changed(|ds| {
        ds["GLJrnDtlMnl"].as_array_mut().and_then(Vec::pop);
    })
    .await;
    assert!(missing.to_string().contains("2 lines were sent and 1 saved"), "{missing}");
    let cut = save_lines_changed(|ds| {
        if let Some(line) = ds["GLJrnDtlMnl"].get_mut(0) {
            line["Description"] = json!("ML7Q2");
        }
    })
    .await;
    assert!(matches!(cut, Error::NotAsSent { .. }), "a cut token would hide the journal: {cut:?}");
    let unreadable = save_lines_changed(|ds| {
        if let Some(line) = ds["GLJrnDtlMnl"].get_mut(0) {
            line["TotDebit"] = json!("a lot");
        }
    })
    .await;
    assert!(matches!(unreadable, Error::OutcomeUnknown { .. }), "{unreadable:?}");
}

#[tokio::test]
async fn amounts_are_compared_by_value() {
    let kinetic = Kinetic::start().await;
    kinetic
        .instead(JOURNAL_UPDATE, |request: &wiremock::Request| {
            let text = String::from_utf8_lossy(&request.body).replace(":12.50,", ":12.5000,");
            let mut body: Value = serde_json::from_str(&text).unwrap();
            body["ds"]["GLJrnHed"][0]["JournalNum"] = json!(1204);
            json_answer(200, &json!({ "ds": body["ds"] }))
        })
        .await;
    let key = kinetic.client().gl_journals().create_journal(&group_id(), &new_journal()).await;
    assert_eq!(key.unwrap().journal_num, 1204);
}

#[tokio::test]
async fn a_question_to_a_person_stops_before_anything_is_saved() {
    let kinetic = Kinetic::start().await;
    let answer = json!({ "parameters": { "ds": {}, "RequiresUserInput": true } });
    kinetic.instead("Erp.BO.GLJournalEntrySvc/PreUpdate", json_answer(200, &answer)).await;
    let client = kinetic.client();
    let error = client.gl_journals().create_journal(&group_id(), &new_journal()).await.unwrap_err();
    assert!(matches!(error, Error::BusinessRule { .. }) && error.is_definite_no());
    assert!(!kinetic.operations().await.contains(&JOURNAL_UPDATE.to_owned()));
}

#[tokio::test]
async fn a_journal_that_is_wrong_is_never_sent() {
    let kinetic = Kinetic::start().await;
    let client = kinetic.client();
    let base = new_journal();
    let with = |lines| NewJournal { lines, ..base.clone() };
    let too_long = NewJournal { description: "T ".repeat(16), ..base.clone() };
    let no_currency = NewJournal { currency_code: String::new(), ..base.clone() };
    for journal in [
        with(Vec::new()),
        with(vec![new_line("1", "1", "0")]),
        with(vec![new_line("1", "1", "1")]),
        with(vec![new_line("1", "0", "0"), new_line("1", "0", "0")]),
        with(vec![new_line("1", "-1", "0"), new_line("1", "0", "-1")]),
        too_long,
        no_currency,
    ] {
        let result = client.gl_journals().create_journal(&group_id(), &journal).await;
        assert!(matches!(result, Err(Error::InvalidParameter { .. })), "{journal:?}");
    }
    assert!(kinetic.asked().await.is_empty());
}
