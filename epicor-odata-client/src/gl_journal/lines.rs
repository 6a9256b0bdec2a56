use serde_json::json;

use super::entered::{HEADERS, LINES};
use super::{GlJournals, JournalKey, NewJournal};
use crate::dataset::{Dataset, Row};
use crate::entry::Entry;
use crate::error::{Error, ReadAnswer};
use crate::odata::Guid;

const GET_NEW_LINE: &str = "Erp.BO.GLJournalEntrySvc/GetNewGLJrnDtlMnl";

impl GlJournals<'_> {
    /// The header's dataset with all lines added. One new row is the template of all: Epicor's
    /// own, which has the columns this version wants, or one built from the header.
    pub(super) async fn with_lines(
        &self,
        header: Dataset,
        key: &JournalKey,
        journal: &NewJournal,
    ) -> Result<Dataset, Error> {
        let mut ds = header;
        if self.entry == Entry::Dialogue {
            let parameters = json!({
                "ds": ds,
                "bookID": key.book_id,
                "fiscalYear": key.fiscal_year,
                "fiscalYearSuffix": key.fiscal_year_suffix,
                "journalCode": key.journal_code,
                "journalNum": key.journal_num,
                "journalLine": 0,
            });
            ds = self.client.step(GET_NEW_LINE, &parameters).await?;
        } else {
            let template = template(&ds, self.client.company(), key, journal);
            ds.rows_mut(LINES).push(template);
        }
        let template = ds.rows_mut(LINES).pop().ok_or_else(|| {
            Error::invalid_response(GET_NEW_LINE, "it holds no row of GLJrnDtlMnl")
        })?;
        let first_number = template.integer("JournalLine").in_answer_to(GET_NEW_LINE)?;
        let rows = ds.rows_mut(LINES);
        rows.clear();
        for (index, line) in journal.lines.iter().enumerate() {
            let mut row = template.clone();
            line.account.write_to(&mut row);
            row.set_decimal("TotDebit", line.debit);
            row.set_decimal("TotCredit", line.credit);
            row.set_text("Description", &line.description);
            row.set_text("CommentText", &line.comment);
            // Copies must not share the template's identity; Epicor makes one for each.
            row.set_text("SysRowID", Guid::NIL);
            row.set_text("RowMod", "A");
            // Zero asks Epicor to number the lines; a number was given to this template alone.
            if first_number > 0 {
                let offset = i64::try_from(index).unwrap_or(i64::MAX);
                row.set("JournalLine", json!(first_number.saturating_add(offset)));
            }
            rows.push(row);
        }
        Ok(ds)
    }
}

/// A new line of the columns that are known to matter, filled from the saved header.
fn template(ds: &Dataset, company: &str, key: &JournalKey, journal: &NewJournal) -> Row {
    let mut row = Row::new();
    row.set_text("Company", company);
    row.set_text("BookID", &key.book_id);
    row.set("FiscalYear", json!(key.fiscal_year));
    row.set_text("FiscalYearSuffix", &key.fiscal_year_suffix);
    row.set_text("FiscalCalendarID", &key.fiscal_calendar_id);
    row.set_text("JournalCode", &key.journal_code);
    row.set("JournalNum", json!(key.journal_num));
    row.set("JournalLine", json!(0));
    row.set_text("CurrencyCode", &journal.currency_code);
    row.set_date("JEDate", journal.je_date);
    for header in ds.rows(HEADERS) {
        for column in ["FiscalPeriod", "GroupID", "RateGrpCode"] {
            if let Some(value) = header.get(column) {
                row.set(column, value.clone());
            }
        }
    }
    row
}
