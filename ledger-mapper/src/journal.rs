//! A balanced journal, ready to be posted.

use std::collections::BTreeMap;

use jiff::civil::Date;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use settlement_model::{Currency, LineSpan, Money, MoneyError, Triple};
use thiserror::Error;

use crate::form;
use crate::key::JournalKey;
use crate::role::Role;
use crate::rules::{Account, RuleRef, Rules};

/// A journal that balances: the part of one settlement that falls into one fiscal period, its
/// reversal or adjustment, or a month-end accrual.
///
/// Its JSON form is complete: a journal can be stored and read back without loss. Reading refuses
/// one that does not [check](Self::check).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Unchecked")]
pub struct Journal {
    /// Its identity; planning the same settlement again gives the same key.
    pub key: JournalKey,
    /// The name of the fiscal period: "2026-05".
    pub period: String,
    /// The date to post at, within the period: its last day, or for the settlement's last part the
    /// day the settlement ended.
    pub date: Date,
    /// The currency of every amount.
    pub currency: Currency,
    /// The time zone that days were cut in: "America/Los_Angeles".
    pub zone: String,
    /// A description for the ledger: "Amazon settlement 81000000001, 2026-05".
    pub description: String,
    /// The lines, sorted by account, then role; at least two.
    pub lines: Vec<JournalLine>,
}

/// One line of a journal: an account, and a debit or a credit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct JournalLine {
    /// The general-ledger account.
    pub account: Account,
    /// Its name in the rules file's chart.
    pub account_name: Option<String>,
    /// The role with the largest share of the line; of equal ones the first in role order.
    pub role: Role,
    /// The debit, with the currency's decimals; zero if the line is a credit.
    #[serde(with = "form::decimal")]
    pub debit: Decimal,
    /// The credit, with the currency's decimals; zero if the line is a debit.
    #[serde(with = "form::decimal")]
    pub credit: Decimal,
    /// How many rows of the report are behind the line; none for the deposit and the balance
    /// carried over.
    pub rows: u64,
    /// The roles that share the account, and each one's part of the line.
    pub roles: Vec<RoleShare>,
    /// What the line is made of, by triple.
    pub sources: Vec<Source>,
}

impl JournalLine {
    /// A line of a non-zero amount, signed as Amazon does: positive is a credit.
    ///
    /// `shares`: what each role adds to the amount; at least one.
    pub(crate) fn new(
        rules: &Rules,
        account: Account,
        amount: Money,
        shares: &BTreeMap<Role, Money>,
        sources: Vec<Source>,
    ) -> Self {
        let zero = Money::zero(amount.currency());
        let (debit, credit) =
            if amount.is_negative() { (amount.abs(), zero) } else { (zero, amount) };
        // `max_by_key` keeps the last of equals, hence backwards.
        let largest = shares.iter().rev().max_by_key(|(_, share)| share.abs().amount());
        Self {
            account_name: rules.account_name(&account).map(str::to_owned),
            account,
            role: largest.map_or(Role::SUSPENSE, |(&role, _)| role),
            debit: debit.amount(),
            credit: credit.amount(),
            rows: sources.iter().fold(0, |rows: u64, source| rows.saturating_add(source.rows)),
            roles: shares
                .iter()
                .map(|(&role, share)| RoleShare { role, amount: share.amount() })
                .collect(),
            sources,
        }
    }

    /// Credit less debit: the line as Amazon signs amounts.
    pub(crate) fn signed(&self, currency: Currency) -> Result<Money, MoneyError> {
        let credit = Money::new(self.credit, currency)?;
        credit.checked_sub(Money::new(self.debit, currency)?)
    }
}

/// What one role contributes to a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoleShare {
    /// The role.
    pub role: Role,
    /// Its amount, signed as Amazon does: positive is a credit.
    #[serde(with = "form::decimal")]
    pub amount: Decimal,
}

/// Rows of the report that share triple and rule: the way back from a journal line to the report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    /// The rows' triple.
    pub triple: Triple,
    /// The role it was given.
    pub role: Role,
    /// What gave it the role and the account.
    pub rule: RuleRef,
    /// The sum of the rows, signed as Amazon does: positive raises the seller's balance.
    #[serde(with = "form::decimal")]
    pub amount: Decimal,
    /// How many rows.
    pub rows: u64,
    /// The lines of the report between which they stand.
    pub lines: LineSpan,
}

impl Source {
    /// The same rows, taken back.
    pub(crate) fn opposite(&self) -> Self {
        Self { amount: -self.amount, ..self.clone() }
    }
}

/// Why something is not a journal.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum JournalError {
    /// Debits and credits differ.
    #[error("journal {key} has debits of {debits} and credits of {credits}")]
    OutOfBalance {
        /// The journal.
        key: JournalKey,
        /// Its debits.
        debits: Money,
        /// Its credits.
        credits: Money,
    },
    /// A line is not either a debit or a credit.
    #[error("a line of account {account} has a debit of {debit} and a credit of {credit}")]
    NotOneSided {
        /// The line's account.
        account: Account,
        /// Its debit.
        debit: Decimal,
        /// Its credit.
        credit: Decimal,
    },
    /// An amount cannot be computed, or is not one of the currency.
    #[error(transparent)]
    Amount(#[from] MoneyError),
}

impl Journal {
    /// The sum of the debits.
    ///
    /// # Panics
    /// Not for a journal that was planned or read from JSON: see [`check`](Self::check).
    #[must_use]
    pub fn debits(&self) -> Money {
        self.total(|line| line.debit).expect("a journal that checks")
    }

    /// The sum of the credits.
    ///
    /// # Panics
    /// Not for a journal that was planned or read from JSON: see [`check`](Self::check).
    #[must_use]
    pub fn credits(&self) -> Money {
        self.total(|line| line.credit).expect("a journal that checks")
    }

    /// Whether debits equal credits.
    #[must_use]
    pub fn is_balanced(&self) -> bool {
        let debits = self.total(|line| line.debit);
        debits.is_ok() && debits == self.total(|line| line.credit)
    }

    /// Whether this is a journal: each line is either a debit or a credit, in whole units of the
    /// currency, and debits equal credits.
    ///
    /// # Errors
    /// The first of these that is not so.
    pub fn check(&self) -> Result<(), JournalError> {
        for line in &self.lines {
            let (debit, credit) = (line.debit, line.credit);
            let negative = debit.is_sign_negative() || credit.is_sign_negative();
            if negative || debit.is_zero() == credit.is_zero() {
                return Err(JournalError::NotOneSided {
                    account: line.account.clone(),
                    debit,
                    credit,
                });
            }
        }
        let debits = self.total(|line| line.debit)?;
        let credits = self.total(|line| line.credit)?;
        if debits != credits {
            return Err(JournalError::OutOfBalance { key: self.key.clone(), debits, credits });
        }
        Ok(())
    }

    fn total(&self, side: impl Fn(&JournalLine) -> Decimal) -> Result<Money, MoneyError> {
        self.lines.iter().try_fold(Money::zero(self.currency), |sum, line| {
            sum.checked_add(Money::new(side(line), self.currency)?)
        })
    }
}

/// A journal as it is read, before it is checked.
#[derive(Deserialize)]
struct Unchecked {
    key: JournalKey,
    period: String,
    date: Date,
    currency: Currency,
    zone: String,
    description: String,
    lines: Vec<JournalLine>,
}

impl TryFrom<Unchecked> for Journal {
    type Error = JournalError;

    fn try_from(read: Unchecked) -> Result<Self, JournalError> {
        let journal = Self {
            key: read.key,
            period: read.period,
            date: read.date,
            currency: read.currency,
            zone: read.zone,
            description: read.description,
            lines: read.lines,
        };
        journal.check()?;
        Ok(journal)
    }
}

#[cfg(test)]
mod tests;
