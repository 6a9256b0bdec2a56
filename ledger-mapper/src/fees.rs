//! The posting style that books Amazon's fees as a supplier invoice beside the journal.

use std::fmt;

use jiff::civil::Date;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use settlement_model::{Currency, Money, MoneyError, SettlementId};
use thiserror::Error;

use crate::form;
use crate::journal::{Journal, JournalError, JournalLine, Source};
use crate::key::JournalKey;
use crate::lines::Lines;
use crate::role::Role;
use crate::rules::{Account, Rules};

mod reversal;

pub use reversal::fee_reversal;

/// The roles that are charges of Amazon, as the supplier, unless a policy names others.
const FEES: [&str; 23] = [
    "tax_on_fees",
    "referral_fees",
    "digital_services_fees",
    "closing_fees",
    "refund_administration_fees",
    "subscription_fees",
    "advertising",
    "promotion_programme_fees",
    "epr_fees",
    "other_fees",
    "fba_fulfilment_fees",
    "fba_returns_fees",
    "shipping_chargeback",
    "gift_wrap_chargeback",
    "storage_fees",
    "aged_inventory_fees",
    "awd_fees",
    "removal_fees",
    "liquidation_fees",
    "inbound_freight",
    "inbound_placement_fees",
    "inbound_defect_fees",
    "postage",
];

/// How fees are booked as a supplier invoice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeePolicy {
    /// The supplier that Amazon is in the ledger.
    pub vendor: String,
    /// The roles that go to the invoice; all others stay in the journal.
    pub roles: Vec<Role>,
}

impl FeePolicy {
    /// Every role that Amazon charges as a supplier, with the tax on it.
    #[must_use]
    pub fn all_fees(vendor: impl Into<String>) -> Self {
        Self {
            vendor: vendor.into(),
            roles: FEES.iter().filter_map(|name| Role::named(name)).collect(),
        }
    }
}

/// Whether a document says that we owe the supplier, or the supplier us.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FeeDocument {
    /// Fees charged: we owe the supplier.
    Invoice,
    /// More fees given back than charged: the supplier owes us.
    DebitMemo,
}

impl fmt::Display for FeeDocument {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Invoice => "invoice",
            Self::DebitMemo => "debit memo",
        })
    }
}

/// The fees of one journal as a document of the supplier Amazon.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeeInvoice {
    /// The supplier's number of the document: settlement id and period, "81000000001-2026-05", with
    /// "-r1" if it was reversed and is posted anew. Unique for the supplier, so a ledger that
    /// refuses a second invoice of one number refuses a second posting.
    pub number: String,
    /// The journal that the fees were taken out of.
    pub journal: JournalKey,
    /// The supplier that Amazon is in the ledger.
    pub vendor: String,
    /// Invoice or debit memo.
    pub document: FeeDocument,
    /// The number of the document that this one takes back; `None` if it takes back none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reverses: Option<String>,
    /// The journal's date.
    pub date: Date,
    /// The journal's period.
    pub period: String,
    /// The currency of every amount.
    pub currency: Currency,
    /// What the document is over; above zero for both kinds.
    #[serde(with = "form::decimal")]
    pub total: Decimal,
    /// The lines, sorted by account. On an invoice they add up to `total`, on a debit memo to
    /// `-total`.
    pub lines: Vec<FeeLine>,
}

/// One account of a fee invoice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeeLine {
    /// The general-ledger account.
    pub account: Account,
    /// Its name in the rules file's chart.
    pub account_name: Option<String>,
    /// The role with the largest share of the line.
    pub role: Role,
    /// What the account is debited; below zero if fees were given back, which credits it.
    #[serde(with = "form::decimal")]
    pub amount: Decimal,
    /// How many rows of the report are behind the line.
    pub rows: u64,
    /// What the line is made of, by triple; signed as Amazon does, so the other way round.
    pub sources: Vec<Source>,
}

/// A journal and the supplier invoice that was taken out of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeePosting {
    /// The journal without the fees. A line on the account of [`Role::FEES_PAYABLE`] stands for
    /// them: what the settlement has already paid of the invoice.
    pub journal: Journal,
    /// The fees.
    pub invoice: FeeInvoice,
}

/// Why a journal's fees cannot be an invoice.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum FeeError {
    /// Only the journal of a settlement has fees to invoice.
    #[error("journal {key} is not the journal of a settlement, so it has no fee invoice")]
    NotASettlement {
        /// The journal.
        key: JournalKey,
    },
    /// The rules have no account to meet the invoice.
    #[error(
        "the rules file has no account for fees_payable, where settlements meet the invoices of \
         Amazon's fees. Finance adds `fees_payable = \"…\"` to its [accounts]; then plan again"
    )]
    NoAccount,
    /// What is left is not a journal.
    #[error(transparent)]
    Journal(#[from] JournalError),
}

impl From<MoneyError> for FeeError {
    fn from(error: MoneyError) -> Self {
        Self::Journal(error.into())
    }
}

/// Takes the fees out of a settlement's journal and makes a supplier invoice of them: the posting
/// style `journal+ap-invoice`.
///
/// `None`: there is nothing to invoice, and the journal is posted as it is. That is so if it has no
/// fees, or as much is given back as charged.
///
/// Journal and invoice together debit and credit the accounts as the journal alone would have. The
/// invoice's total meets the journal's line on the account of [`Role::FEES_PAYABLE`] when the
/// invoice is paid from it.
///
/// # Errors
/// If the journal is not a settlement's, or the rules have no account for `fees_payable`.
pub fn fee_invoice(
    journal: &Journal,
    rules: &Rules,
    policy: &FeePolicy,
) -> Result<Option<FeePosting>, FeeError> {
    let not_ours = || FeeError::NotASettlement { key: journal.key.clone() };
    let settlement = journal.key.settlement().ok_or_else(not_ours)?;
    if journal.key.reversed().is_some() {
        return Err(not_ours());
    }
    let currency = journal.currency;
    let mut kept = Lines::new(rules, currency);
    let mut fees = Lines::new(rules, currency);
    let mut charged = Money::zero(currency);
    for line in &journal.lines {
        if line.sources.is_empty() {
            kept.add_apart(&line.account, line.role, line.signed(currency)?)?;
        }
        for source in &line.sources {
            let amount = Money::new(source.amount, currency)?;
            let is_fee = policy.roles.contains(&source.role);
            let lines = if is_fee { &mut fees } else { &mut kept };
            lines.add(&line.account, source.role, amount, Some(source.clone()))?;
            if is_fee {
                charged = charged.checked_sub(amount)?;
            }
        }
    }
    if charged.is_zero() {
        return Ok(None);
    }
    let payable = rules.own_account(Role::FEES_PAYABLE, journal.date, currency);
    let payable = payable.map_err(|_| FeeError::NoAccount)?;
    kept.add_apart(&payable, Role::FEES_PAYABLE, charged.negated())?;
    let rest = Journal { lines: kept.finish()?, ..journal.clone() };
    rest.check()?;
    let document =
        if charged.is_negative() { FeeDocument::DebitMemo } else { FeeDocument::Invoice };
    let invoice = FeeInvoice {
        number: number(&settlement, journal),
        journal: journal.key.clone(),
        vendor: policy.vendor.clone(),
        document,
        reverses: None,
        date: journal.date,
        period: journal.period.clone(),
        currency,
        total: charged.abs().amount(),
        lines: fees.finish()?.into_iter().map(fee_line).collect(),
    };
    Ok(Some(FeePosting { journal: rest, invoice }))
}

fn number(settlement: &SettlementId, journal: &Journal) -> String {
    match journal.key.revision() {
        0 => format!("{settlement}-{}", journal.period),
        revision => format!("{settlement}-{}-r{revision}", journal.period),
    }
}

fn fee_line(line: JournalLine) -> FeeLine {
    FeeLine {
        amount: line.debit - line.credit,
        account: line.account,
        account_name: line.account_name,
        role: line.role,
        rows: line.rows,
        sources: line.sources,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fee_is_a_role() {
        assert_eq!(FeePolicy::all_fees("AMAZON").roles.len(), FEES.len());
    }
}
