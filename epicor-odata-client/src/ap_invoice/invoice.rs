use jiff::civil::Date;
use rust_decimal::Decimal;
use serde_json::json;

use super::{ApInvoice, ApInvoices};
use crate::dataset::{Dataset, date_text, decimal_value};
use crate::dialogue::{newest, newest_mut, not_as_sent, question};
use crate::entry::Entry;
use crate::error::{Error, ReadAnswer};
use crate::gl_account::GlAccount;
use crate::group_id::GroupId;
use crate::limit;

const GET_NEW_INVOICE: &str = "Erp.BO.APInvoiceSvc/GetNewAPInvHedInvoice";
const GET_NEW_DEBIT_MEMO: &str = "Erp.BO.APInvoiceSvc/GetNewAPInvHedDebitMemo";
const CHANGE_VENDOR: &str = "Erp.BO.APInvoiceSvc/ChangeVendorID";
const CHANGE_DATE: &str = "Erp.BO.APInvoiceSvc/ChangeInvoiceDateEx";
const CHANGE_AMOUNT: &str = "Erp.BO.APInvoiceSvc/ChangeInvoiceVendorAmt";
pub(super) const UPDATE: &str = "Erp.BO.APInvoiceSvc/Update";

/// The table of headers.
pub(super) const HEADERS: &str = "APInvHed";

/// The most lines one invoice takes.
const MAX_LINES: usize = 1_000;

/// An AP invoice to be entered; a debit memo when its total is negative.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewApInvoice {
    /// `VendorNum`.
    pub vendor_num: i64,
    /// `VendorID` of the same vendor.
    pub vendor_id: String,
    /// `InvoiceNum`: the vendor's own number for it, at most 50 characters.
    pub invoice_num: String,
    /// `Description`. Its first word is the token the invoice is known by as ours.
    pub description: String,
    /// `InvoiceComment`, of any length.
    pub comment: String,
    /// `InvoiceDate`.
    pub invoice_date: Date,
    /// `CurrencyCode` of all amounts.
    pub currency_code: String,
    /// `TermsCode`; the vendor's own when `None`.
    pub terms_code: Option<String>,
    /// `InvoiceRef`: the invoice a debit memo belongs to; none in most cases.
    pub invoice_ref: Option<String>,
    /// The lines, at least one.
    pub lines: Vec<NewApLine>,
}

/// A miscellaneous line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewApLine {
    /// `PartNum`: a short name for what was charged; it need be no part. At most 50 characters.
    pub part_num: String,
    /// `Description`.
    pub description: String,
    /// What we owe for it, in the invoice's currency: negative for a credit, never zero.
    pub amount: Decimal,
    /// The GL account it is booked to; the one Epicor chooses by vendor and part when `None`.
    pub account: Option<GlAccount>,
}

impl NewApInvoice {
    /// The sum of the lines; `None` when it is no number.
    #[must_use]
    pub fn total(&self) -> Option<Decimal> {
        let mut amounts = self.lines.iter().map(|line| line.amount);
        amounts.try_fold(Decimal::ZERO, Decimal::checked_add)
    }

    /// Whether it is entered as a debit memo.
    #[must_use]
    pub fn is_debit_memo(&self) -> bool {
        self.total().is_some_and(|total| total < Decimal::ZERO)
    }

    /// An amount as Epicor wants it typed: a debit memo's the other way round.
    pub(super) fn typed(&self, amount: Decimal) -> Decimal {
        if self.is_debit_memo() { -amount } else { amount }
    }

    pub(super) fn can_be_sent(&self, description_length: usize) -> Result<Decimal, Error> {
        let invalid = |parameter, reason: &str| {
            Err(Error::InvalidParameter { parameter, reason: reason.to_owned() })
        };
        limit::filled("InvoiceNum", &self.invoice_num, limit::AP_INVOICE_NUM)?;
        limit::filled("the invoice's Description", &self.description, description_length)?;
        limit::filled("CurrencyCode", &self.currency_code, usize::MAX)?;
        if self.lines.is_empty() || self.lines.len() > MAX_LINES {
            return invalid("the invoice", "it has no line, or more than 1,000");
        }
        for line in &self.lines {
            limit::filled("PartNum", &line.part_num, limit::PART_NUM)?;
            if line.amount.is_zero() {
                return invalid("a line", "its amount is zero");
            }
        }
        self.total().map_or_else(|| invalid("the invoice", "its total is no number"), Ok)
    }
}

impl ApInvoices<'_> {
    /// Enters an invoice, or a debit memo, into a group: its header, then its lines with their
    /// accounts. Reads back what was saved, and compares.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`] for an invoice that does not fit, before anything is sent;
    /// [`Error::Duplicate`] when the vendor's number is used already, by whatever invoice;
    /// [`Error::NotAsSent`] when something else was saved; [`Error::OutcomeUnknown`] when a part
    /// may have been saved or not. After any error but the first two the header may stand in
    /// entry.
    pub async fn create_invoice(
        &self,
        group_id: &GroupId,
        invoice: &NewApInvoice,
    ) -> Result<ApInvoice, Error> {
        let total = invoice.can_be_sent(self.client.description_length())?;
        let header = self.save_header(group_id, invoice, total).await?;
        match self.entry {
            Entry::Dialogue => self.save_lines_one_by_one(group_id, invoice, header).await?,
            Entry::Compact => self.save_lines_together(group_id, invoice, header).await?,
        }
        let saved = self.by_number(invoice.vendor_num, &invoice.invoice_num).await?;
        let Some(saved) = saved else {
            return Err(not_as_sent(UPDATE, "the invoice is not there"));
        };
        match saved.difference(invoice) {
            None => Ok(saved),
            Some(difference) => Err(not_as_sent(UPDATE, difference)),
        }
    }

    async fn save_header(
        &self,
        group_id: &GroupId,
        invoice: &NewApInvoice,
        total: Decimal,
    ) -> Result<Dataset, Error> {
        let get_new = if invoice.is_debit_memo() { GET_NEW_DEBIT_MEMO } else { GET_NEW_INVOICE };
        let parameters = json!({ "cGroupID": group_id.as_str(), "ds": {} });
        let mut ds = self.client.step(get_new, &parameters).await?;
        // What the vendor brings along is filled in by this step; the terms are all that must be.
        let with_vendor = self.entry == Entry::Dialogue || invoice.terms_code.is_none();
        if with_vendor {
            ds = self.change_vendor(invoice, &ds).await?;
        }
        let header = newest_mut(&mut ds, HEADERS, get_new)?;
        if !with_vendor {
            header.set("VendorNum", json!(invoice.vendor_num));
            header.set_text("VendorNumVendorID", &invoice.vendor_id);
        }
        header.set_text("InvoiceNum", &invoice.invoice_num);
        header.set_text("Description", &invoice.description);
        header.set_text("InvoiceComment", &invoice.comment);
        header.set_text("CurrencyCode", &invoice.currency_code);
        header.set_date("InvoiceDate", invoice.invoice_date);
        header.set_decimal("ScrDocInvoiceVendorAmt", invoice.typed(total));
        for (column, value) in
            [("TermsCode", &invoice.terms_code), ("InvoiceRef", &invoice.invoice_ref)]
        {
            if let Some(value) = value {
                header.set_text(column, value);
            }
        }
        header.set_text("RowMod", "A");
        if self.entry == Entry::Dialogue {
            ds = self.change_date(invoice, &ds).await?;
            let amount = invoice.typed(total);
            let amount = decimal_value(amount);
            let parameters = json!({ "ProposedInvoiceVendorAmt": amount, "ds": ds });
            ds = self.client.step(CHANGE_AMOUNT, &parameters).await?;
        }
        let saved = self.client.save(UPDATE, &ds).await?;
        let kept = newest(&saved, HEADERS, UPDATE)
            .and_then(|row| row.text("InvoiceNum").in_answer_to(UPDATE))
            .map_err(|error| error.outcome_unknown(UPDATE))?;
        if kept != invoice.invoice_num {
            return Err(not_as_sent(UPDATE, "InvoiceNum was not kept"));
        }
        Ok(saved)
    }

    async fn change_vendor(&self, invoice: &NewApInvoice, ds: &Dataset) -> Result<Dataset, Error> {
        let parameters = json!({
            "ProposedVendorID": invoice.vendor_id, "confirmCheck": false, "ds": ds,
        });
        let answer = self.client.ask(CHANGE_VENDOR, &parameters).await?;
        let message = answer.outputs().text("confirmMsg").in_answer_to(CHANGE_VENDOR)?;
        if !message.is_empty() {
            return Err(question(CHANGE_VENDOR, message));
        }
        answer.dataset().in_answer_to(CHANGE_VENDOR)
    }

    async fn change_date(&self, invoice: &NewApInvoice, ds: &Dataset) -> Result<Dataset, Error> {
        let parameters = json!({
            "ProposedInvoiceDate": date_text(invoice.invoice_date), "recalcAmts": "", "ds": ds,
        });
        let answer = self.client.ask(CHANGE_DATE, &parameters).await?;
        let message = answer.outputs().text("cMessageText").in_answer_to(CHANGE_DATE)?;
        if !message.is_empty() {
            return Err(question(CHANGE_DATE, message));
        }
        answer.dataset().in_answer_to(CHANGE_DATE)
    }
}
