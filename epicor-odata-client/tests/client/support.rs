//! A small Epicor for these tests: it echoes datasets the way the reference says, and remembers
//! what it was asked.

use std::time::Duration;

use epicor_odata_client::gl_journal::{GlAccount, GroupId, NewGroup, NewJournal, NewLine};
use epicor_odata_client::{ApiKey, Client, ClientBuilder, Identity};
use jiff::civil::date;
use rust_decimal::Decimal;
use serde_json::{Value, json};
use wire::RetryPolicy;
use wiremock::matchers::{any, path};
use wiremock::{Mock, MockServer, Request, Respond, ResponseTemplate};

pub(crate) const ROOT: &str = "/KineticLive/api/v2/odata/EPIC06/";

pub(crate) struct Kinetic {
    pub(crate) server: MockServer,
}

/// One request as the server saw it.
#[derive(Debug)]
pub(crate) struct Asked {
    pub(crate) operation: String,
    pub(crate) options: Vec<(String, String)>,
    pub(crate) body: Value,
}

impl Asked {
    pub(crate) fn option(&self, name: &str) -> &str {
        let option = self.options.iter().find(|(option, _)| option == name);
        option.map_or("", |(_, value)| value)
    }
}

impl Kinetic {
    pub(crate) async fn start() -> Self {
        let server = MockServer::start().await;
        Mock::given(any()).respond_with(Answers).with_priority(9).mount(&server).await;
        Self { server }
    }

    /// Answers this operation in another way.
    pub(crate) async fn instead(&self, operation: &str, answer: impl Respond + 'static) {
        let mock = Mock::given(path(format!("{ROOT}{operation}")));
        mock.respond_with(answer).with_priority(2).mount(&self.server).await;
    }

    /// Answers this operation in another way, once.
    pub(crate) async fn once(&self, operation: &str, answer: ResponseTemplate) {
        let mock = Mock::given(path(format!("{ROOT}{operation}")));
        let mock = mock.respond_with(answer).with_priority(1).up_to_n_times(1);
        mock.mount(&self.server).await;
    }

    pub(crate) fn client(&self) -> Client {
        builder(&self.server.uri()).build().unwrap()
    }

    pub(crate) async fn asked(&self) -> Vec<Asked> {
        let requests = self.server.received_requests().await.unwrap();
        requests.iter().map(asked).collect()
    }

    pub(crate) async fn operations(&self) -> Vec<String> {
        self.asked().await.into_iter().map(|asked| asked.operation).collect()
    }
}

pub(crate) fn builder(server: &str) -> ClientBuilder {
    let (user, password) = ("connector".to_owned(), "canary-password".into());
    builder_as(server, Identity::Basic { user, password })
}

pub(crate) fn builder_as(server: &str, identity: Identity) -> ClientBuilder {
    let base = format!("{server}/KineticLive").parse().unwrap();
    Client::builder(base, "EPIC06", ApiKey::from("canary-key"), identity)
        .timeout(Duration::from_secs(20))
        .retry(RetryPolicy {
            max_attempts: 3,
            base: Duration::from_millis(1),
            cap: Duration::from_millis(2),
            ..RetryPolicy::default()
        })
}

fn asked(request: &Request) -> Asked {
    let operation = request.url.path().strip_prefix(ROOT).unwrap_or_default().to_owned();
    Asked {
        operation,
        options: request.url.query_pairs().into_owned().collect(),
        body: serde_json::from_slice(&request.body).unwrap_or_default(),
    }
}

pub(crate) fn json_answer(status: u16, body: &Value) -> ResponseTemplate {
    ResponseTemplate::new(status).set_body_raw(body.to_string(), "application/json")
}

pub(crate) fn refusal(status: u16, error_type: &str, message: &str) -> ResponseTemplate {
    let body = json!({
        "HttpStatus": status,
        "ReasonPhrase": "REST API Exception",
        "ErrorMessage": message,
        "ErrorType": error_type,
        "ErrorDetails": null,
        "CorrelationId": "c0ffee00-0000-0000-0000-000000000001",
    });
    json_answer(status, &body)
}

/// What Epicor answers when nothing is wrong.
struct Answers;

impl Respond for Answers {
    fn respond(&self, request: &Request) -> ResponseTemplate {
        let Asked { operation, options, body } = asked(request);
        if request.method.as_str() == "GET" {
            let skipped = options.iter().any(|(name, value)| name == "$skip" && value != "0");
            let rows = if skipped { Vec::new() } else { entities(&operation) };
            let count = rows.len();
            let body = json!({ "@odata.context": "…", "@odata.count": count, "value": rows });
            return json_answer(200, &body);
        }
        match method(&operation, &body) {
            Some(answer) => json_answer(200, &answer),
            None => ResponseTemplate::new(404),
        }
    }
}

fn entities(operation: &str) -> Vec<Value> {
    let row = match operation {
        "Erp.BO.CompanySvc/Companies" => json!({ "Company1": "EPIC06", "Name": "Acme" }),
        "Erp.BO.GLJrnGrpSvc/GLJrnGrps" => group_row(),
        "Erp.BO.GLJrnDtlSvc/GLJrnDtls" => posted_row(),
        "Erp.BO.GLBookSvc/GLBooks" => json!({
            "BookID": "MAIN", "Description": "Main book", "MainBook": true, "COACode": "MainCOA",
            "CurrencyCode": "USD", "FiscalCalendarID": "MAIN", "Inactive": false,
        }),
        "Erp.BO.GLBookPerSearchSvc/GLBookPerSearches" => json!({
            "FiscalCalendarID": "MAIN", "FiscalYear": 2026, "FiscalYearSuffix": "",
            "FiscalPeriod": 5, "StartDate": "2026-05-01T00:00:00", "EndDate": "2026-05-31T00:00:00Z",
            "ClosedPeriod": false,
        }),
        "Erp.BO.GLAccountSvc/GLAccounts" => json!({
            "COACode": "MainCOA", "GLAccount1": "5100|00", "Active": true, "AccountDesc": "Fees",
            "EffFrom": null, "EffTo": "2099-12-31T00:00:00",
        }),
        _ => return Vec::new(),
    };
    vec![row]
}

pub(crate) fn group_row() -> Value {
    json!({
        "Company": "EPIC06", "GroupID": "", "BookMode": "M", "BookID": "STAT", "JEDate": null,
        "JournalCode": "XX", "FiscalYear": 0, "FiscalPeriod": 0, "CreatedBy": "connector",
        "ActiveUserID": "connector", "PostErrorLog": "", "Posted": false, "LockStatus": "",
        "RvnJrnUID": 0, "SysRevID": 0, "SysRowID": "11111111-0000-0000-0000-000000000001",
        "RowMod": "A",
    })
}

pub(crate) fn header_row() -> Value {
    json!({
        "Company": "EPIC06", "BookID": "MAIN", "FiscalYear": 2026, "FiscalYearSuffix": "",
        "JournalCode": "GJ", "JournalNum": 0, "FiscalCalendarID": "MAIN", "GroupID": "ML7Q2K9X4",
        "Description": "", "CommentText": "", "JEDate": null, "CurrencyCode": "", "TotDebit": 0,
        "TotCredit": 0, "RvnJrnUID": 0, "LockStatus": "", "SysRevID": 0,
        "SysRowID": "22222222-0000-0000-0000-000000000001", "RowMod": "A",
    })
}

pub(crate) fn line_row() -> Value {
    json!({
        "Company": "EPIC06", "BookID": "MAIN", "FiscalYear": 2026, "FiscalYearSuffix": "",
        "JournalCode": "GJ", "JournalNum": 1204, "FiscalCalendarID": "MAIN", "JournalLine": 0,
        "GLAccount": "", "SegValue1": "", "SegValue2": "", "SegValue3": "left over",
        "Description": "", "CommentText": "", "TotDebit": 0, "TotCredit": 0,
        "InvalidGLAccount": false, "InvalidGLAccountMessage": "", "SysRevID": 0,
        "SysRowID": "33333333-0000-0000-0000-000000000001", "RowMod": "A",
    })
}

pub(crate) fn posted_row() -> Value {
    json!({
        "BookID": "MAIN", "FiscalYear": 2026, "FiscalYearSuffix": "", "FiscalPeriod": 5,
        "JournalCode": "GJ", "JournalNum": 1204, "JournalLine": 1, "GroupID": "ML7Q2K9X4",
        "Description": "ML7Q2K9X4ABC fees", "GLAccount": "5100|00",
        "DebitAmount": number("12.5"), "CreditAmount": 0, "JEDate": "2026-05-31T00:00:00",
        "BookDebitAmount": number("12.5"), "BookCreditAmount": 0, "CurrencyCode": "USD",
    })
}

pub(crate) fn number(digits: &str) -> Value {
    digits.parse().map_or(Value::Null, Value::Number)
}

fn method(operation: &str, body: &Value) -> Option<Value> {
    let mut ds = body["ds"].clone();
    let mut outputs = json!({});
    match operation {
        "Erp.BO.GLJrnGrpSvc/GetNewGLJrnGrp" => ds = json!({ "GLJrnGrp": [group_row()] }),
        "Erp.BO.GLJrnGrpSvc/CheckFiscalYear" => {
            ds["GLJrnGrp"][0]["FiscalYear"] = json!(2026);
            ds["GLJrnGrp"][0]["FiscalPeriod"] = json!(5);
            outputs["opMessage"] = json!("");
        }
        "Erp.BO.GLJrnGrpSvc/ChangeEntryMode" => {
            ds["GLJrnGrp"][0]["BookMode"] = body["proposedBookMode"].clone();
        }
        "Erp.BO.GLJrnGrpSvc/ChangeBookID" => {
            // The other book brings its own journal code.
            ds["GLJrnGrp"][0]["BookID"] = body["proposeBookID"].clone();
            ds["GLJrnGrp"][0]["JournalCode"] = json!("XX");
        }
        "Erp.BO.GLJrnGrpSvc/ChangeJournalCode" => {
            ds["GLJrnGrp"][0]["JournalCode"] = body["proposedJournalCode"].clone();
        }
        "Erp.BO.GLJrnGrpSvc/Update" => saved(&mut ds["GLJrnGrp"]),
        "Erp.BO.GLJournalEntrySvc/GetNewGlJrnHedTran" => ds = json!({ "GLJrnHed": [header_row()] }),
        "Erp.BO.GLJournalEntrySvc/PreUpdate" => outputs["RequiresUserInput"] = json!(false),
        "Erp.BO.GLJournalEntrySvc/GetNewGLJrnDtlMnl" => ds["GLJrnDtlMnl"] = json!([line_row()]),
        "Erp.BO.GLJournalEntrySvc/Update" => {
            ds["GLJrnHed"][0]["JournalNum"] = json!(1204);
            saved(&mut ds["GLJrnHed"]);
            saved(&mut ds["GLJrnDtlMnl"]);
        }
        "Erp.BO.GLJournalEntrySvc/GetByGroupID" => return Some(entered()),
        "Erp.BO.GLJrnGrpSvc/PostGroupJournals" => {
            return Some(json!({ "parameters": { "NotAllPostedMessage": "" } }));
        }
        "Erp.BO.GLJrnGrpSvc/CheckBeforePost"
        | "Erp.BO.GLJrnGrpSvc/UnlockGroup"
        | "Erp.BO.GLJrnGrpSvc/DeleteByID"
        | "Erp.BO.GLJournalEntrySvc/DeleteByID" => return Some(json!({})),
        _ => return None,
    }
    outputs["ds"] = ds;
    Some(json!({ "parameters": outputs }))
}

fn saved(rows: &mut Value) {
    for (index, row) in rows.as_array_mut().into_iter().flatten().enumerate() {
        row["RowMod"] = json!("");
        row["SysRevID"] = json!(9_007_199_254_740_993_u64);
        if row.get("JournalLine").is_some() {
            row["JournalLine"] = json!(index + 1);
        }
    }
}

/// A group with one journal of two lines, in entry.
pub(crate) fn entered() -> Value {
    let mut header = header_row();
    header["JournalNum"] = json!(1204);
    header["Description"] = json!("ML7Q2K9X4ABC May");
    header["JEDate"] = json!("2026-05-31T00:00:00");
    header["CurrencyCode"] = json!("USD");
    header["TotDebit"] = number("12.500");
    header["TotCredit"] = number("12.5");
    let mut debit = line_row();
    debit["JournalLine"] = json!(2);
    debit["GLAccount"] = json!("5100|00");
    debit["TotDebit"] = number("12.50");
    let mut credit = line_row();
    credit["JournalLine"] = json!(1);
    credit["GLAccount"] = json!("1150");
    credit["TotCredit"] = number("12.5");
    json!({ "returnObj": { "GLJrnHed": [header], "GLJrnDtlMnl": [debit, credit] } })
}

pub(crate) fn group_id() -> GroupId {
    GroupId::new("ML7Q2K9X4").unwrap()
}

pub(crate) fn new_group() -> NewGroup {
    NewGroup {
        group_id: group_id(),
        je_date: date(2026, 5, 31),
        book_id: "MAIN".to_owned(),
        journal_code: "GJ".to_owned(),
    }
}

pub(crate) fn new_line(account: &str, debit: &str, credit: &str) -> NewLine {
    NewLine {
        account: GlAccount::parse(account, '-').unwrap(),
        debit: debit.parse().unwrap(),
        credit: credit.parse().unwrap(),
        description: "ML7Q2K9X4ABC fees".to_owned(),
        comment: "3 rows".to_owned(),
    }
}

pub(crate) fn new_journal() -> NewJournal {
    NewJournal {
        description: "ML7Q2K9X4ABC May".to_owned(),
        comment: "Fees of May".to_owned(),
        je_date: date(2026, 5, 31),
        currency_code: "USD".to_owned(),
        lines: vec![new_line("5100-00", "12.50", "0"), new_line("1150", "0", "12.50")],
    }
}

pub(crate) fn decimal(text: &str) -> Decimal {
    text.parse().unwrap()
}
