//! Undoing a posted journal: nothing is deleted, the opposite is posted.

use jiff::civil::Date;
use thiserror::Error;

use crate::calendar::Calendar;
use crate::journal::{Journal, JournalLine, RoleShare, Source};
use crate::key::JournalKey;

/// Why a journal is not reversed.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ReversalError {
    /// The journal is a reversal itself.
    #[error(
        "{key} is itself a reversal. Finance posts the settlement anew instead of reversing the \
         reversal"
    )]
    Reversal {
        /// The journal.
        key: JournalKey,
    },
    /// The reversal would be dated before the journal.
    #[error(
        "{key} is dated {posted}; a reversal on {date} would come before it. Finance chooses that \
         day or a later one"
    )]
    TooEarly {
        /// The journal.
        key: JournalKey,
        /// The journal's date.
        posted: Date,
        /// The date asked for.
        date: Date,
    },
    /// No period of the calendar contains the date.
    #[error(
        "no period of the calendar contains {date}. Finance adds the period or chooses another day"
    )]
    NoPeriod {
        /// The date asked for.
        date: Date,
    },
}

/// The journal that undoes another on a day of an open period.
///
/// Each debit becomes a credit and each credit a debit, so the two add up to zero in every account;
/// roles and sources change their sign with them. The keys link the two journals both ways: see
/// [`JournalKey::reversal`] and [`JournalKey::reversed`]. The description names the original's
/// token, by which it is found in the ledger.
///
/// # Errors
/// If the journal is a reversal, the date is before the journal's, or in no period.
///
/// ```
/// use jiff::civil::date;
/// use ledger_mapper::{Calendar, Journal, reversal};
///
/// # let line = |account: &str, role: &str, debit: &str, credit: &str| serde_json::json!({
/// #     "account": account, "account_name": null, "role": role, "debit": debit, "credit": credit,
/// #     "rows": 0, "roles": [], "sources": [],
/// # });
/// # let stored = serde_json::json!({
/// #     "key": "acme-us/journal/81000000001/2026-05/1/r0", "period": "2026-05",
/// #     "date": "2026-05-17", "currency": "USD", "zone": "UTC", "description": "Amazon settlement",
/// #     "lines": [line("1150", "amazon_clearing", "8.50", "0.00"), line("4000", "product_sales", "0.00", "8.50")],
/// # }).to_string();
/// let posted: Journal = serde_json::from_str(&stored)?;
/// let undone = reversal(&posted, date(2026, 6, 2), &Calendar::months())?;
/// assert_eq!(undone.key.reversed(), Some(posted.key.clone()));
/// assert_eq!(undone.lines[0].credit, posted.lines[0].debit);
/// assert_eq!(undone.description, "Reversal of MLNKBBWFEG22: Amazon settlement");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn reversal(
    journal: &Journal,
    date: Date,
    calendar: &Calendar,
) -> Result<Journal, ReversalError> {
    let key = &journal.key;
    if key.reversed().is_some() {
        return Err(ReversalError::Reversal { key: key.clone() });
    }
    if date < journal.date {
        return Err(ReversalError::TooEarly { key: key.clone(), posted: journal.date, date });
    }
    let period = calendar.period_of(date).ok_or(ReversalError::NoPeriod { date })?;
    Ok(Journal {
        key: key.reversal(),
        period: period.name,
        date,
        currency: journal.currency,
        zone: journal.zone.clone(),
        description: format!("Reversal of {}: {}", key.token(), journal.description),
        lines: journal.lines.iter().map(opposite).collect(),
    })
}

fn opposite(line: &JournalLine) -> JournalLine {
    let share = |share: &RoleShare| RoleShare { amount: -share.amount, ..*share };
    JournalLine {
        debit: line.credit,
        credit: line.debit,
        roles: line.roles.iter().map(share).collect(),
        sources: line.sources.iter().map(Source::opposite).collect(),
        ..line.clone()
    }
}
