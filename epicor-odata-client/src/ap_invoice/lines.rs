use rust_decimal::Decimal;
use serde_json::json;

use super::entered::{DISTRIBUTIONS, GET_BY_ID, LINES};
use super::invoice::UPDATE;
use super::{ApInvoices, NewApInvoice, NewApLine};
use crate::dataset::{Dataset, Row};
use crate::dialogue::{newest_mut, question};
use crate::error::{Error, ReadAnswer};
use crate::group_id::GroupId;
use crate::odata::Guid;

const GET_NEW_LINE: &str = "Erp.BO.APInvoiceSvc/GetNewAPInvDtlMiscellaneous";
const UPDATE_MASTER: &str = "Erp.BO.APInvoiceSvc/UpdateMaster";

impl ApInvoices<'_> {
    pub(super) async fn save_lines_one_by_one(
        &self,
        group_id: &GroupId,
        invoice: &NewApInvoice,
        header: Dataset,
    ) -> Result<(), Error> {
        let mut ds = header;
        for line in &invoice.lines {
            ds = self.get_new_line(invoice, &ds).await?;
            write_line(invoice, line, newest_mut(&mut ds, LINES, GET_NEW_LINE)?);
            ds = self.update_master(group_id, &ds).await?;
            ds = self.set_accounts(invoice, ds).await?;
        }
        Ok(())
    }

    /// All lines in one save. One new row from Epicor is the template of all.
    pub(super) async fn save_lines_together(
        &self,
        group_id: &GroupId,
        invoice: &NewApInvoice,
        header: Dataset,
    ) -> Result<(), Error> {
        let mut ds = self.get_new_line(invoice, &header).await?;
        let template = newest_mut(&mut ds, LINES, GET_NEW_LINE)?.clone();
        let rows = ds.rows_mut(LINES);
        rows.pop();
        for line in &invoice.lines {
            let mut row = template.clone();
            write_line(invoice, line, &mut row);
            // Copies must not share the template's identity; Epicor makes one for each.
            row.set_text("SysRowID", Guid::NIL);
            rows.push(row);
        }
        let ds = self.update_master(group_id, &ds).await?;
        self.set_accounts(invoice, ds).await.map(|_| ())
    }

    async fn get_new_line(&self, invoice: &NewApInvoice, ds: &Dataset) -> Result<Dataset, Error> {
        let parameters = json!({
            "ds": ds,
            "iVendorNum": invoice.vendor_num,
            "cInvoiceNum": invoice.invoice_num,
        });
        self.client.step(GET_NEW_LINE, &parameters).await
    }

    async fn update_master(&self, group_id: &GroupId, ds: &Dataset) -> Result<Dataset, Error> {
        let parameters = json!({
            "ds": ds,
            "cGroupID": group_id.as_str(),
            "cTableName": LINES,
            "runChkCPay": false,
            "runChkBankRef": false,
            "runChkRevChrg": false,
            "suppressUserPrompts": true,
        });
        let answer = self.client.write(UPDATE_MASTER, &parameters).await?;
        let outputs = answer.outputs();
        let ran = outputs
            .boolean("lUpdateRan")
            .in_answer_to(UPDATE_MASTER)
            .map_err(|error| error.outcome_unknown(UPDATE_MASTER))?;
        if ran {
            let unknown = |error: Error| error.outcome_unknown(UPDATE_MASTER);
            return answer.dataset().in_answer_to(UPDATE_MASTER).map_err(unknown);
        }
        let said = ["opMessage", "opMsgChkBankRef", "opChkRevMsg", "opDUAMsg"]
            .into_iter()
            .filter_map(|name| outputs.text(name).ok())
            .filter(|text| !text.is_empty());
        let said = said.collect::<Vec<_>>().join("; ");
        Err(question(UPDATE_MASTER, format!("it wants an answer from a person: {said}")))
    }

    /// Books each saved line to its account. Epicor has made a distribution for it already, to the
    /// account it chose; a line that is on the wanted one costs no request.
    async fn set_accounts(&self, invoice: &NewApInvoice, ds: Dataset) -> Result<Dataset, Error> {
        let mut ds = ds;
        let numbers = line_numbers(&ds)?;
        if invoice.lines.iter().any(|line| line.account.is_some())
            && ds.rows(DISTRIBUTIONS).is_empty()
        {
            let parameters = json!({
                "vendorNum": invoice.vendor_num, "invoiceNum": invoice.invoice_num,
            });
            ds = self.client.document_by(GET_BY_ID, &parameters).await?.unwrap_or_default();
        }
        let mut changed = false;
        for (line, number) in invoice.lines.iter().zip(numbers) {
            let Some(account) = &line.account else { continue };
            let of_line = |row: &&mut Row| row.integer("InvoiceLine") == Ok(number);
            let rows = ds.rows_mut(DISTRIBUTIONS);
            let Some(row) = rows.iter_mut().rev().find(of_line) else { continue };
            if row.text("GLAccount") != Ok(account.to_string().as_str()) {
                account.write_to(row);
                row.set_text("RowMod", "U");
                changed = true;
            }
        }
        if changed { self.client.save(UPDATE, &ds).await } else { Ok(ds) }
    }
}

/// The numbers Epicor gave the saved lines, in the order they were entered.
fn line_numbers(ds: &Dataset) -> Result<Vec<i64>, Error> {
    let numbers = ds.rows(LINES).iter().map(|row| row.integer("InvoiceLine"));
    let mut numbers: Vec<i64> = numbers
        .collect::<Result<_, _>>()
        .in_answer_to(UPDATE_MASTER)
        .map_err(|error| error.outcome_unknown(UPDATE_MASTER))?;
    numbers.sort_unstable();
    Ok(numbers)
}

/// A line's columns. A credit is one unit less of a positive price, as people type it.
fn write_line(invoice: &NewApInvoice, line: &NewApLine, row: &mut Row) {
    let typed = invoice.typed(line.amount);
    let quantity = if typed < Decimal::ZERO { Decimal::NEGATIVE_ONE } else { Decimal::ONE };
    row.set_text("PartNum", &line.part_num);
    row.set_text("Description", &line.description);
    row.set_decimal("ScrVendorQty", quantity);
    row.set_decimal("DocUnitCost", typed.abs());
    row.set_decimal("ScrDocExtCost", typed);
    row.set_text("RowMod", "A");
}
