//! Why a month end is not accrued.

use std::collections::BTreeMap;

use jiff::civil::Date;
use settlement_model::{Money, MoneyError, SettlementId, Triple};
use thiserror::Error;

use super::{DeferredAmount, DeferredTransaction};
use crate::journal::JournalError;
use crate::role::Role;
use crate::rules::template::NoSegment;
use crate::rules::{Account, Classified, NoAccount, Verdict};

/// One reason why a month end waits for a person.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum AccrualHold {
    /// Neither the rules nor the catalogue know what these amounts are.
    #[error(
        "Nothing says what \"{triple}\" is: {amount}, first in transaction {transaction}. Finance \
         decides its role or account and adds a [[rule]] for it to the rules file; then accrue again."
    )]
    UnknownAmount {
        /// What the amounts are for.
        triple: Triple,
        /// Their sum, signed as Amazon does.
        amount: Money,
        /// The first transaction that has one.
        transaction: String,
    },
    /// The rules have no account for a role that the accrual needs.
    #[error(
        "The rules file has no account for {} ({role}): {amount}. Finance adds `{role} = \"…\"` to \
         its [accounts]; then accrue again.", role.info().title
    )]
    RoleWithoutAccount {
        /// The role.
        role: Role,
        /// The amount that has no account, signed as Amazon does.
        amount: Money,
    },
    /// An account has a segment that has no value for these amounts.
    #[error(
        "The account of {} ({role}) needs a value for {{{segment}}}: {amount}. Finance adds the \
         value to the rules file; then accrue again.", role.info().title
    )]
    NoSegment {
        /// The role.
        role: Role,
        /// The segment, as the rules file names it.
        segment: String,
        /// The amount that has no account, signed as Amazon does.
        amount: Money,
    },
    /// A transaction's parts do not add up to its total.
    #[error(
        "The parts of transaction {transaction} add up to {sum}, but Amazon states a total of \
         {total}. Read it again; if the difference stays, ask Amazon about the transaction."
    )]
    DoesNotTie {
        /// The transaction.
        transaction: String,
        /// What Amazon states.
        total: Money,
        /// What the parts add up to.
        sum: Money,
    },
    /// One transaction was given twice, with different content.
    #[error(
        "Transaction {transaction} was read twice and had changed in between. Read all transactions \
         anew; then accrue again."
    )]
    ToldTwice {
        /// The transaction.
        transaction: String,
    },
    /// A deferred transaction was released, but by none of those given.
    #[error(
        "Transaction {transaction} was released, but the release is not among the transactions. \
         Read them up to the present; then accrue again."
    )]
    ReleaseUnknown {
        /// The transaction.
        transaction: String,
    },
    /// Released transactions name no settlement, and were posted before one ended that is booked.
    #[error(
        "Released transactions do not say which settlement they are in: {transactions} of them, \
         {amount}, beginning with {first}. Posted before the end of settlement {settlement}, which \
         is booked, they may be in the books already. Accrue again once Amazon names their \
         settlement; if it does not, an accountant finds them in the settlement reports and accrues \
         the month by hand."
    )]
    SettlementNotNamed {
        /// The first of them.
        first: String,
        /// How many there are.
        transactions: u64,
        /// Their sum, signed as Amazon does.
        amount: Money,
        /// The booked settlement that ends last of those they may be in.
        settlement: SettlementId,
    },
    /// No period of the calendar contains a day that the accrual needs.
    #[error(
        "No period of the calendar contains {date}. Finance adds the period; then accrue again."
    )]
    NoPeriod {
        /// The day.
        date: Date,
    },
    /// The amounts do not make a journal, for example because they are too large to be added.
    #[error(
        "The amounts cannot be made into a journal: {error}. Report this as a fault of the program."
    )]
    Arithmetic {
        /// What is wrong with them.
        error: JournalError,
    },
}

/// Amounts that have no place, added up.
#[derive(Default)]
pub(super) struct Obstacles {
    unknown: BTreeMap<Triple, (Money, String)>,
    /// By role, and by the segment that has no value; `None` if the role has no account at all.
    no_account: BTreeMap<(Role, Option<String>), Money>,
}

impl Obstacles {
    /// The account to accrue an amount on; without one, the amount is noted.
    pub(super) fn account(
        &mut self,
        transaction: &DeferredTransaction,
        part: &DeferredAmount,
        verdict: Verdict,
    ) -> Result<Option<(Account, Classified)>, MoneyError> {
        // All that a rule may ask for is given, so none needs more than there is.
        let Verdict::Known(class) = verdict else {
            let zero = Money::zero(part.amount.currency());
            let (sum, _) = self
                .unknown
                .entry(part.triple.clone())
                .or_insert_with(|| (zero, transaction.id.clone()));
            *sum = sum.checked_add(part.amount)?;
            return Ok(None);
        };
        match class.account.clone() {
            Ok(account) => Ok(Some((account, class))),
            Err(reason) => self.without_account(class.role, reason, part.amount).map(|()| None),
        }
    }

    pub(super) fn without_account(
        &mut self,
        role: Role,
        reason: NoAccount,
        amount: Money,
    ) -> Result<(), MoneyError> {
        let segment = match reason {
            NoAccount::Role => None,
            NoAccount::Segment(
                NoSegment::NoValue { dimension, .. } | NoSegment::NotKept { dimension },
            ) => Some(dimension.to_string()),
        };
        let sum = self.no_account.entry((role, segment));
        let sum = sum.or_insert(Money::zero(amount.currency()));
        *sum = sum.checked_add(amount)?;
        Ok(())
    }

    pub(super) fn holds(self) -> Vec<AccrualHold> {
        let unknown = self.unknown.into_iter().map(|(triple, (amount, transaction))| {
            AccrualHold::UnknownAmount { triple, amount, transaction }
        });
        let no_account =
            self.no_account.into_iter().map(|((role, segment), amount)| match segment {
                Some(segment) => AccrualHold::NoSegment { role, segment, amount },
                None => AccrualHold::RoleWithoutAccount { role, amount },
            });
        unknown.chain(no_account).collect()
    }
}
