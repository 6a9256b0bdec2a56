//! Undoing a posting whose fees are a supplier invoice.

use jiff::civil::Date;

use super::{FeeDocument, FeeInvoice, FeeLine, FeePosting};
use crate::calendar::Calendar;
use crate::journal::Source;
use crate::reversal::{ReversalError, reversal};

/// The posting that undoes another on a day of an open period: the reversing journal, and a debit
/// memo against the invoice, or an invoice against the debit memo.
///
/// Each pair adds up to zero in every account and at the supplier. The document's number is the
/// original's with `-reversal`; [`FeeInvoice::reverses`] names the original's.
///
/// # Errors
/// If the posting is a reversal, the date is before its journal's, or in no period.
pub fn fee_reversal(
    posting: &FeePosting,
    date: Date,
    calendar: &Calendar,
) -> Result<FeePosting, ReversalError> {
    let journal = reversal(&posting.journal, date, calendar)?;
    let FeeInvoice { number, vendor, document, currency, total, lines, .. } = &posting.invoice;
    let invoice = FeeInvoice {
        number: format!("{number}-reversal"),
        journal: journal.key.clone(),
        vendor: vendor.clone(),
        document: match document {
            FeeDocument::Invoice => FeeDocument::DebitMemo,
            FeeDocument::DebitMemo => FeeDocument::Invoice,
        },
        reverses: Some(number.clone()),
        date: journal.date,
        period: journal.period.clone(),
        currency: *currency,
        total: *total,
        lines: lines.iter().map(opposite).collect(),
    };
    Ok(FeePosting { journal, invoice })
}

fn opposite(line: &FeeLine) -> FeeLine {
    FeeLine {
        amount: -line.amount,
        sources: line.sources.iter().map(Source::opposite).collect(),
        ..line.clone()
    }
}
