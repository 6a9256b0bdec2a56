use jiff::civil::Date;
use rust_decimal::Decimal;
use serde_json::json;

use super::invoice::HEADERS;
use super::{ApInvoices, NewApInvoice};
use crate::dataset::{ColumnError, Dataset, Row};
use crate::error::{Error, ReadAnswer};
use crate::limit;
use crate::odata::Filter;
use crate::record::{Record, record};

pub(super) const GET_BY_ID: &str = "Erp.BO.APInvoiceSvc/GetByID";

/// The table of lines.
pub(super) const LINES: &str = "APInvDtl";
/// The table of the lines' GL distributions.
pub(super) const DISTRIBUTIONS: &str = "APInvExpTGLC";

record! {
    /// An AP invoice without its lines, posted or not: a row of `APInvHed`.
    ApInvoiceHead in "Erp.BO.APInvoiceSvc/APInvoices" by ["VendorNum", "InvoiceNum"] {
        vendor_num: i64 = "VendorNum",
        /// The vendor's own number for it.
        invoice_num: String = "InvoiceNum",
        debit_memo: bool = "DebitMemo",
        /// With our token at its start, when it is ours.
        description: String = "Description",
        invoice_date: Option<Date> = "InvoiceDate",
        /// The day it is booked on.
        apply_date: Option<Date> = "ApplyDate",
        currency_code: String = "CurrencyCode",
        /// The sum of the lines, as we owe it: negative for a debit memo.
        total: Decimal = "DocInvoiceAmt",
        /// The group it was entered in.
        group_id: String = "GroupID",
        posted: bool = "Posted",
        /// Something of it is still to be paid.
        open: bool = "OpenPayable",
        /// The user who entered it.
        entered_by: String = "EntryPerson",
    }
}

/// An AP invoice with its lines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApInvoice {
    /// The header.
    pub head: ApInvoiceHead,
    /// `InvoiceVariance`: what the lines lack of the vendor's total. It must be zero to post.
    pub variance: Decimal,
    /// `ChangedBy`: the user who changed it last; empty when this Epicor does not say.
    pub changed_by: String,
    /// The lines, by number.
    pub lines: Vec<ApInvoiceLine>,
}

/// A line of an AP invoice: a row of `APInvDtl`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApInvoiceLine {
    /// `InvoiceLine`.
    pub line: i64,
    /// `PartNum`.
    pub part_num: String,
    /// `Description`.
    pub description: String,
    /// `DocExtCost`: as we owe it, negative for a credit.
    pub amount: Decimal,
    /// Where it is booked to.
    pub distributions: Vec<Distribution>,
}

/// A part of a line's amount on one GL account: a row of `APInvExpTGLC`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Distribution {
    /// `GLAccount`, segments joined by `|`.
    pub account: String,
    /// `TransAmt`.
    pub amount: Decimal,
    /// `IsModifiedByUser`: it was chosen, rather than made by Epicor along with the line. Taken to be so
    /// when this Epicor does not say.
    pub modified: bool,
}

impl ApInvoice {
    /// Reads a dataset with one invoice in it.
    pub(super) fn from_dataset(ds: &Dataset) -> Result<Self, ColumnError> {
        let header = ds.rows(HEADERS).first().cloned().unwrap_or_default();
        let mut lines = Vec::new();
        for row in ds.rows(LINES) {
            let line = row.integer("InvoiceLine")?;
            let of_line = |row: &&Row| row.integer("InvoiceLine") == Ok(line);
            let rows = ds.rows(DISTRIBUTIONS).iter().filter(of_line).map(Distribution::from_row);
            lines.push(ApInvoiceLine {
                line,
                part_num: row.text("PartNum")?.to_owned(),
                description: row.text("Description")?.to_owned(),
                amount: row.decimal("DocExtCost")?,
                distributions: rows.collect::<Result<_, _>>()?,
            });
        }
        lines.sort_by_key(|line| line.line);
        let head = ApInvoiceHead::from_row(&header)?;
        let changed_by = header.text("ChangedBy").unwrap_or_default().to_owned();
        Ok(Self { head, variance: header.decimal("InvoiceVariance")?, changed_by, lines })
    }

    /// How this invoice differs from the one that was to be entered; `None` when it is the same.
    pub(super) fn difference(&self, wanted: &NewApInvoice) -> Option<String> {
        if let Some(why) = self.head_difference(wanted) {
            return Some(why);
        }
        if self.lines.len() != wanted.lines.len() {
            let (wanted, kept) = (wanted.lines.len(), self.lines.len());
            return Some(format!("{wanted} lines were to be entered, it has {kept}"));
        }
        if Some(self.head.total) != wanted.total() {
            return Some(format!("its total is {}", self.head.total));
        }
        for (line, wanted) in self.lines.iter().zip(&wanted.lines) {
            let (number, amount) = (line.line, line.amount);
            if (amount, &line.description) != (wanted.amount, &wanted.description) {
                let (text, wanted) = (&line.description, wanted.amount);
                return Some(format!("line {number} is {amount} for {text}, not {wanted}"));
            }
            let Some(account) = wanted.account.as_ref().map(ToString::to_string) else { continue };
            let elsewhere = line.distributions.iter().find(|part| part.account != account);
            if let Some(part) = elsewhere {
                return Some(format!(
                    "line {number} is on account {}, not {account}",
                    part.account
                ));
            }
            if line.distributions.is_empty() {
                return Some(format!("line {number} is on no account"));
            }
        }
        (!self.variance.is_zero()).then(|| format!("its variance is {}", self.variance))
    }

    /// How the header differs, leaving totals out: they grow with the lines.
    pub(super) fn head_difference(&self, wanted: &NewApInvoice) -> Option<String> {
        let head = &self.head;
        let (token, found) = (&wanted.description, &head.description);
        if limit::first_word(token) != limit::first_word(found) {
            let by = &head.entered_by;
            return Some(format!("it was entered by {by} as \"{found}\", and is not ours"));
        }
        if head.currency_code != wanted.currency_code {
            return Some(format!("its currency is {}", head.currency_code));
        }
        if head.invoice_date != Some(wanted.invoice_date) {
            return Some("its date is another".to_owned());
        }
        if head.debit_memo != wanted.is_debit_memo() {
            return Some("one of the two is a debit memo".to_owned());
        }
        None
    }

    /// Whether an entry that broke off leaves this, and nobody has worked on it since: lines are
    /// missing, or all are there and one is on the account that Epicor gave it.
    pub(super) fn is_begun(&self, wanted: &NewApInvoice) -> bool {
        let lines_missing = self.lines.len() < wanted.lines.len();
        let lacking = lines_missing || self.elsewhere(wanted).next().is_some();
        lacking && self.is_untouched_part_of(wanted)
    }

    /// Whether each line was to be entered, and nobody but who entered it has worked on it since.
    pub(super) fn is_untouched_part_of(&self, wanted: &NewApInvoice) -> bool {
        let by = &self.changed_by;
        let by_others = !by.is_empty() && !by.eq_ignore_ascii_case(&self.head.entered_by);
        // Epicor makes one distribution for a line. People divide it, or choose another account.
        let divided = self.lines.iter().any(|line| line.distributions.len() > 1);
        let chosen = self.elsewhere(wanted).any(|part| part.modified);
        !by_others && !divided && !chosen && self.is_part_of(wanted)
    }

    /// What is on another account than was wanted.
    fn elsewhere(&self, wanted: &NewApInvoice) -> impl Iterator<Item = &Distribution> {
        self.lines.iter().zip(&wanted.lines).flat_map(|(line, wanted)| {
            let account = wanted.account.as_ref().map(ToString::to_string);
            let other = move |part: &&Distribution| {
                account.as_ref().is_some_and(|account| *account != part.account)
            };
            line.distributions.iter().filter(other)
        })
    }

    /// Whether each line was to be entered: then it is a part of what was wanted.
    fn is_part_of(&self, wanted: &NewApInvoice) -> bool {
        let mut left: Vec<_> =
            wanted.lines.iter().map(|line| (line.amount, line.description.as_str())).collect();
        self.lines.iter().all(|line| {
            let here = (line.amount, line.description.as_str());
            left.iter().position(|one| *one == here).map(|index| left.swap_remove(index)).is_some()
        })
    }
}

impl Distribution {
    fn from_row(row: &Row) -> Result<Self, ColumnError> {
        Ok(Self {
            account: row.text("GLAccount")?.to_owned(),
            amount: row.decimal("TransAmt")?,
            modified: row.boolean("IsModifiedByUser").unwrap_or(true),
        })
    }
}

impl ApInvoices<'_> {
    /// The vendor's invoice with this number, posted or not; `None` when the number is free.
    ///
    /// # Errors
    /// Any [`Error`] a read ends in.
    pub async fn by_number(
        &self,
        vendor_num: i64,
        invoice_num: &str,
    ) -> Result<Option<ApInvoice>, Error> {
        let parameters = json!({ "vendorNum": vendor_num, "invoiceNum": invoice_num });
        let ds = self.client.document_by(GET_BY_ID, &parameters).await?;
        let ds = ds.filter(|ds| !ds.rows(HEADERS).is_empty());
        ds.as_ref().map(ApInvoice::from_dataset).transpose().in_answer_to(GET_BY_ID)
    }

    /// The headers of invoices that meet a condition, by vendor and number.
    ///
    /// # Errors
    /// Any [`Error`] a read ends in.
    pub async fn matching(&self, filter: Filter) -> Result<Vec<ApInvoiceHead>, Error> {
        self.client.records().matching(filter).await
    }
}
