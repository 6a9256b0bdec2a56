//! AP invoice groups, invoices, debit memos and their posting.

use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::{Asked, Outcome, State, amount, missing, number, out, refused, sent, unknown};

const KEY: [&str; 2] = ["VendorNum", "InvoiceNum"];

pub(crate) fn answer(state: &mut State, service: &str, name: &str, asked: &Asked) -> Outcome {
    match service {
        "Erp.BO.APInvGrpSvc" => group(state, name, asked),
        "Erp.BO.APInvoiceSvc" => invoice(state, name, asked),
        _ if name == "RunDirect" => {
            post(state, &asked.body["ds"]["APInvoicePostParam"][0]["GroupID"])
        }
        _ => Ok(json!({})),
    }
}

fn group(state: &mut State, name: &str, asked: &Asked) -> Outcome {
    match name {
        "GetNewAPInvGrpNoLock" => {
            out(json!({ "APInvGrp": [{ "Company": "EPIC06", "GroupID": "", "RowMod": "A" }] }))
        }
        "Update" => {
            let mut row = sent(&asked.body["ds"], "APInvGrp", "A").pop().ok_or_else(missing)?;
            for (column, value) in [
                ("CreatedBy", json!("connector")),
                ("ActiveUserID", json!("")),
                ("PostErrorLog", json!("")),
                ("PostInProcess", json!(false)),
            ] {
                row[column] = value;
            }
            let row = state.insert_unique("APInvGrp", row, &["GroupID"])?;
            out(json!({ "APInvGrp": [row] }))
        }
        "PrePostGroupInvoices" => Ok(json!({ "parameters": {
            "ReturnMessage": "", "VarianceMessage": "", "TaxCalcFlag": false,
        } })),
        "UnlockGroup" => Ok(json!({})),
        "DeleteByID" => {
            let id = asked.body["groupID"].clone();
            state.remove("APInvGrp", |row| row["GroupID"] == id);
            Ok(json!({}))
        }
        _ => Err(unknown(&asked.operation)),
    }
}

fn post(state: &mut State, group_id: &Value) -> Outcome {
    let invoices: Vec<Value> = state
        .rows("APInvHed")
        .filter(|row| row["GroupID"] == *group_id && row["Posted"] == false)
        .collect();
    for mut invoice in invoices {
        if !amount(&invoice["InvoiceVariance"]).is_zero() {
            for group in
                state.table("APInvGrp").iter_mut().filter(|row| row["GroupID"] == *group_id)
            {
                group["PostErrorLog"] = json!("The invoice has a variance.");
            }
            return Ok(json!({}));
        }
        invoice["Posted"] = json!(true);
        state.replace("APInvHed", &invoice);
        let lines = state.rows("APInvDtl").filter(|line| same(line, &invoice)).count();
        state.insert("APPosting", json!({ "InvoiceNum": invoice["InvoiceNum"], "Lines": lines }));
    }
    state.remove("APInvGrp", |row| row["GroupID"] == *group_id);
    Ok(json!({}))
}

fn same(one: &Value, other: &Value) -> bool {
    KEY.iter().all(|column| one[*column] == other[*column])
}

fn invoice(state: &mut State, name: &str, asked: &Asked) -> Outcome {
    let mut ds = asked.body["ds"].clone();
    match name {
        "GetNewAPInvHedInvoice" | "GetNewAPInvHedDebitMemo" => {
            let id = asked.body["cGroupID"].clone();
            let group = state.rows("APInvGrp").find(|row| row["GroupID"] == id);
            let group = group.ok_or_else(|| refused("The group does not exist."))?;
            out(json!({ "APInvHed": [{
                "Company": "EPIC06", "VendorNum": 0, "InvoiceNum": "", "GroupID": id,
                "ApplyDate": group["ApplyDate"], "DebitMemo": name == "GetNewAPInvHedDebitMemo",
                "SysRowID": "00000000-0000-0000-0000-000000000000", "RowMod": "A",
            }] }))
        }
        "ChangeVendorID" => {
            ds["APInvHed"][0]["VendorNum"] = json!(77);
            ds["APInvHed"][0]["VendorNumVendorID"] = asked.body["ProposedVendorID"].clone();
            Ok(json!({ "parameters": { "ds": ds, "confirmMsg": "" } }))
        }
        "ChangeInvoiceDateEx" => Ok(json!({ "parameters": { "ds": ds, "cMessageText": "" } })),
        "ChangeInvoiceVendorAmt" => out(ds),
        "GetNewAPInvDtlMiscellaneous" => {
            let line = json!({
                "Company": "EPIC06", "VendorNum": asked.body["iVendorNum"],
                "InvoiceNum": asked.body["cInvoiceNum"], "InvoiceLine": 0, "LineType": "M",
                "SysRowID": "00000000-0000-0000-0000-000000000000", "RowMod": "A",
            });
            if !ds["APInvDtl"].is_array() {
                ds["APInvDtl"] = json!([]);
            }
            ds["APInvDtl"].as_array_mut().unwrap().push(line);
            out(ds)
        }
        "Update" => {
            save(state, &mut ds)?;
            out(ds)
        }
        "UpdateMaster" => {
            save(state, &mut ds)?;
            Ok(json!({ "parameters": {
                "ds": ds, "grpTotalInvAmt": 0, "requiresUserInput": false, "opMessage": "",
                "opMsgChkBankRef": "", "opChkRevMsg": "", "lEnableGenLegalNum": false,
                "lUpdateRan": true, "opDUAMsg": "",
            } }))
        }
        _ => by_key(state, name, asked),
    }
}

/// What is read and deleted by vendor and number.
fn by_key(state: &mut State, name: &str, asked: &Asked) -> Outcome {
    match name {
        "GetByID" => {
            let key = json!({
                "VendorNum": asked.body["vendorNum"], "InvoiceNum": asked.body["invoiceNum"],
            });
            let of = |table| state.rows(table).filter(|row| same(row, &key)).collect::<Vec<_>>();
            let headers = of("APInvHed");
            if headers.is_empty() {
                return Err(missing());
            }
            let (lines, expenses) = (of("APInvDtl"), of("APInvExpTGLC"));
            Ok(json!({ "returnObj": {
                "APInvHed": headers, "APInvDtl": lines, "APInvExpTGLC": expenses,
            } }))
        }
        "DeleteByID" => {
            let key = json!({
                "VendorNum": asked.body["vendorNum"], "InvoiceNum": asked.body["invoiceNum"],
            });
            if state.rows("APInvHed").any(|row| same(&row, &key) && row["Posted"] == true) {
                return Err(refused("The invoice is posted."));
            }
            for table in ["APInvHed", "APInvDtl", "APInvExpTGLC"] {
                state.remove(table, |row| same(row, &key));
            }
            Ok(json!({}))
        }
        _ => Err(unknown(&asked.operation)),
    }
}

/// Headers, lines and distributions, in that order; what was saved replaces what was sent.
fn save(state: &mut State, ds: &mut Value) -> Result<(), super::Refusal> {
    for header in rows_mut(ds, "APInvHed").filter(|row| row["RowMod"] == "A") {
        for (column, value) in [
            ("Posted", json!(false)),
            ("OpenPayable", json!(true)),
            ("EntryPerson", json!("connector")),
            ("ChangedBy", json!("connector")),
            ("DocInvoiceAmt", json!(0)),
        ] {
            header[column] = value;
        }
        *header = state.insert_unique("APInvHed", header.clone(), &KEY)?;
        retotal(state, header);
    }
    let mut expenses = Vec::new();
    for line in rows_mut(ds, "APInvDtl").filter(|row| row["RowMod"] == "A") {
        let header = state.rows("APInvHed").find(|header| same(header, line));
        let header = header.ok_or_else(|| refused("The invoice does not exist."))?;
        let lines = state.rows("APInvDtl").filter(|other| same(other, &header)).count();
        line["InvoiceLine"] = json!(lines + 1);
        // A debit memo's amounts are typed positive and stored negative.
        let typed = amount(&line["ScrDocExtCost"]);
        let stored = if header["DebitMemo"] == true { -typed } else { typed };
        line["DocExtCost"] = number(stored);
        *line = state.insert("APInvDtl", line.clone());
        expenses.push(state.insert(
            "APInvExpTGLC",
            json!({
                "Company": "EPIC06", "VendorNum": line["VendorNum"],
                "InvoiceNum": line["InvoiceNum"], "InvoiceLine": line["InvoiceLine"],
                "InvExpSeq": 1, "GLAccount": "9999", "SegValue1": "9999",
                "TransAmt": number(stored), "IsModifiedByUser": false,
            }),
        ));
        retotal(state, &header);
    }
    if !ds["APInvExpTGLC"].is_array() {
        ds["APInvExpTGLC"] = json!([]);
    }
    ds["APInvExpTGLC"].as_array_mut().unwrap().extend(expenses);
    for expense in rows_mut(ds, "APInvExpTGLC").filter(|row| row["RowMod"] == "U") {
        expense["RowMod"] = json!("");
        expense["IsModifiedByUser"] = json!(true);
        state.replace("APInvExpTGLC", expense);
    }
    Ok(())
}

fn rows_mut<'a>(ds: &'a mut Value, table: &str) -> impl Iterator<Item = &'a mut Value> {
    ds.get_mut(table).and_then(Value::as_array_mut).into_iter().flatten()
}

fn retotal(state: &mut State, header: &Value) {
    let Some(mut header) = state.rows("APInvHed").find(|row| same(row, header)) else { return };
    let lines = state.rows("APInvDtl").filter(|line| same(line, &header));
    let total: Decimal = lines.map(|line| amount(&line["DocExtCost"])).sum();
    let typed = amount(&header["ScrDocInvoiceVendorAmt"]);
    let wanted = if header["DebitMemo"] == true { -typed } else { typed };
    header["DocInvoiceAmt"] = number(total);
    header["InvoiceVariance"] = number(wanted - total);
    state.replace("APInvHed", &header);
}
