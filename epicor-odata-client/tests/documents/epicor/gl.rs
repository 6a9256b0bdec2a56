//! Journal groups, journals and their posting.

use serde_json::{Value, json};

use super::{Asked, Outcome, State, amount, missing, number, out, refused, sent, unknown};

const KEY: [&str; 6] =
    ["BookID", "FiscalYear", "FiscalYearSuffix", "JournalCode", "JournalNum", "FiscalCalendarID"];

pub(crate) fn answer(state: &mut State, service: &str, name: &str, asked: &Asked) -> Outcome {
    if service == "Erp.BO.GLJrnGrpSvc" {
        group(state, name, asked)
    } else {
        entry(state, name, asked)
    }
}

fn group(state: &mut State, name: &str, asked: &Asked) -> Outcome {
    let mut ds = asked.body["ds"].clone();
    match name {
        "GetNewGLJrnGrp" => out(json!({ "GLJrnGrp": [{
            "Company": "EPIC06", "GroupID": "", "BookMode": "M", "BookID": "STAT", "JEDate": null,
            "JournalCode": "XX", "FiscalYear": 0, "FiscalPeriod": 0, "ActiveUserID": "connector",
            "SysRowID": "00000000-0000-0000-0000-000000000000", "SysRevID": 0, "RowMod": "A",
        }] })),
        "CheckFiscalYear" => {
            for (column, value) in period() {
                ds["GLJrnGrp"][0][column] = value;
            }
            Ok(json!({ "parameters": { "ds": ds, "opMessage": "" } }))
        }
        "ChangeEntryMode" => {
            ds["GLJrnGrp"][0]["BookMode"] = asked.body["proposedBookMode"].clone();
            out(ds)
        }
        "ChangeBookID" => {
            ds["GLJrnGrp"][0]["BookID"] = asked.body["proposeBookID"].clone();
            ds["GLJrnGrp"][0]["JournalCode"] = json!("XX");
            out(ds)
        }
        "ChangeJournalCode" => {
            ds["GLJrnGrp"][0]["JournalCode"] = asked.body["proposedJournalCode"].clone();
            out(ds)
        }
        "Update" | "UpdateNoLock" => {
            let mut row = sent(&ds, "GLJrnGrp", "A").pop().ok_or_else(missing)?;
            for (column, value) in [
                ("CreatedBy", json!("connector")),
                ("PostErrorLog", json!("")),
                ("Posted", json!(false)),
                ("ActiveUserID", json!("")),
            ] {
                row[column] = value;
            }
            let row = state.insert_unique("GLJrnGrp", row, &["GroupID"])?;
            out(json!({ "GLJrnGrp": [row] }))
        }
        "UnlockGroup" | "CheckBeforePost" => Ok(json!({})),
        "IsNeedAsyncronousPosting" => Ok(json!({ "returnObj": false })),
        "PostGroupJournals" => post(state, &asked.text("postGroupID")),
        "DeleteByID" => {
            let id = asked.body["groupID"].clone();
            let there = state.rows("GLJrnGrp").any(|row| row["GroupID"] == id);
            state.remove("GLJrnGrp", |row| row["GroupID"] == id);
            there.then_some(json!({})).ok_or_else(missing)
        }
        _ => Err(unknown(&asked.operation)),
    }
}

fn period() -> [(&'static str, Value); 4] {
    [
        ("FiscalYear", json!(2026)),
        ("FiscalPeriod", json!(5)),
        ("FiscalYearSuffix", json!("")),
        ("FiscalCalendarID", json!("MAIN")),
    ]
}

/// All journals of the group become posted lines; group and headers are gone.
fn post(state: &mut State, id: &str) -> Outcome {
    if !state.rows("GLJrnGrp").any(|row| row["GroupID"] == id) {
        return Err(refused("The group does not exist."));
    }
    let headers: Vec<Value> = state.rows("GLJrnHed").filter(|row| row["GroupID"] == id).collect();
    for header in &headers {
        let lines: Vec<Value> = lines_of(state, header);
        for mut line in lines {
            line["GroupID"] = json!(id);
            line["DebitAmount"] = line["TotDebit"].clone();
            line["CreditAmount"] = line["TotCredit"].clone();
            line["BookDebitAmount"] = line["TotDebit"].clone();
            line["BookCreditAmount"] = line["TotCredit"].clone();
            for column in ["JEDate", "CurrencyCode", "FiscalPeriod"] {
                line[column] = header[column].clone();
            }
            state.insert("GLJrnDtl", line);
        }
        delete_journal(state, header);
    }
    state.remove("GLJrnGrp", |row| row["GroupID"] == id);
    Ok(json!({ "parameters": { "NotAllPostedMessage": "" } }))
}

fn same_journal(one: &Value, other: &Value) -> bool {
    KEY.iter().all(|column| one[*column] == other[*column])
}

fn lines_of(state: &State, header: &Value) -> Vec<Value> {
    state.rows("GLJrnDtlMnl").filter(|line| same_journal(line, header)).collect()
}

fn delete_journal(state: &mut State, header: &Value) {
    state.remove("GLJrnHed", |row| same_journal(row, header));
    state.remove("GLJrnDtlMnl", |row| same_journal(row, header));
}

fn entry(state: &mut State, name: &str, asked: &Asked) -> Outcome {
    let mut ds = asked.body["ds"].clone();
    match name {
        "GetNewGlJrnHedTran" => {
            let id = asked.body["GroupID"].clone();
            let group = state.rows("GLJrnGrp").find(|row| row["GroupID"] == id);
            let mut row = group.ok_or_else(missing)?;
            for (column, value) in [
                ("JournalNum", json!(0)),
                ("Description", json!("")),
                ("CommentText", json!("")),
                ("RowMod", json!("A")),
            ] {
                row[column] = value;
            }
            let kept = [
                "Company",
                "GroupID",
                "JEDate",
                "FiscalPeriod",
                "Description",
                "CommentText",
                "RowMod",
            ];
            let columns = row.as_object_mut().unwrap();
            columns.retain(|column, _| {
                KEY.contains(&column.as_str()) || kept.contains(&column.as_str())
            });
            out(json!({ "GLJrnHed": [row] }))
        }
        "PreUpdate" => Ok(json!({ "parameters": { "ds": ds, "RequiresUserInput": false } })),
        "GetNewGLJrnDtlMnl" => {
            let mut row = ds["GLJrnHed"][0].clone();
            for (column, value) in [
                ("JournalLine", json!(0)),
                ("GLAccount", json!("")),
                ("SysRowID", json!("00000000-0000-0000-0000-000000000000")),
                ("RowMod", json!("A")),
            ] {
                row[column] = value;
            }
            for column in ["TotDebit", "TotCredit"] {
                row[column] = json!(0);
            }
            ds["GLJrnDtlMnl"] = json!([row]);
            out(ds)
        }
        "Update" => update(state, &ds),
        _ => kept(state, name, asked),
    }
}

/// What is read, deleted, and posted in the background.
fn kept(state: &mut State, name: &str, asked: &Asked) -> Outcome {
    match name {
        "GetByGroupID" => {
            let id = asked.body["GroupID"].clone();
            let headers: Vec<Value> =
                state.rows("GLJrnHed").filter(|row| row["GroupID"] == id).collect();
            let lines: Vec<Value> =
                headers.iter().flat_map(|header| lines_of(state, header)).collect();
            if headers.is_empty() {
                return Err(missing());
            }
            Ok(json!({ "returnObj": { "GLJrnHed": headers, "GLJrnDtlMnl": lines } }))
        }
        "DeleteByID" => {
            let mut key = json!({});
            for column in KEY {
                let parameter = format!("{}{}", column[..1].to_lowercase(), &column[1..]);
                key[column] = asked.body[&parameter].clone();
            }
            let there = state.rows("GLJrnHed").any(|row| same_journal(&row, &key));
            delete_journal(state, &key);
            there.then_some(json!({})).ok_or_else(missing)
        }
        "RunDirect" => post(
            state,
            asked.body["ds"]["GLJrnAsynchParam"][0]["GroupID"].as_str().unwrap_or_default(),
        ),
        "SubmitToAgent" => {
            let row = asked.body["ds"]["GLJrnAsynchParam"][0].clone();
            state.insert(
                "SysTask",
                json!({
                    "SysTaskNum": 1, "TaskDescription": "Post", "TaskStatus": "PENDING",
                    "TaskNote": row["TaskNote"], "SubmitUser": "connector", "ActivityMsg": "",
                }),
            );
            Ok(json!({}))
        }
        _ => Err(unknown(&asked.operation)),
    }
}

/// The header gets its number at its saving: one more than the highest there is.
fn update(state: &mut State, ds: &Value) -> Outcome {
    let mut headers = ds["GLJrnHed"].as_array().cloned().unwrap_or_default();
    for header in headers.iter_mut().filter(|header| header["RowMod"] == "A") {
        let entered = state.rows("GLJrnHed").chain(state.rows("GLJrnDtl"));
        let highest = entered.filter_map(|row| row["JournalNum"].as_i64()).max();
        header["JournalNum"] = json!(highest.unwrap_or(0) + 1);
        header["TotDebit"] = json!(0);
        header["TotCredit"] = json!(0);
        *header = state.insert("GLJrnHed", header.clone());
    }
    let mut lines = sent(ds, "GLJrnDtlMnl", "A");
    for line in &mut lines {
        let header = state.rows("GLJrnHed").find(|header| same_journal(header, line));
        let mut header = header.ok_or_else(|| refused("The journal does not exist."))?;
        line["JournalLine"] = json!(lines_of(state, &header).len() + 1);
        line["InvalidGLAccount"] = json!(false);
        line["InvalidGLAccountMessage"] = json!("");
        for column in ["TotDebit", "TotCredit"] {
            header[column] = number(amount(&header[column]) + amount(&line[column]));
        }
        state.replace("GLJrnHed", &header);
        *line = state.insert("GLJrnDtlMnl", line.clone());
    }
    out(json!({ "GLJrnHed": headers, "GLJrnDtlMnl": lines }))
}
