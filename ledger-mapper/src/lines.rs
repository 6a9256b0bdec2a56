//! Journal lines from signed amounts that arrive in any order.

use std::collections::BTreeMap;

use settlement_model::{Currency, Money, MoneyError};

use crate::journal::{JournalLine, Source};
use crate::role::Role;
use crate::rules::{Account, Rules};

/// Lines that add up while amounts arrive, positive for a credit.
pub(crate) struct Lines<'a> {
    rules: &'a Rules,
    currency: Currency,
    /// By account; with a role if the line stays apart from the account's others.
    sums: BTreeMap<(Account, Option<Role>), Sum>,
}

#[derive(Default)]
struct Sum {
    shares: BTreeMap<Role, Money>,
    sources: Vec<Source>,
}

impl<'a> Lines<'a> {
    pub(crate) fn new(rules: &'a Rules, currency: Currency) -> Self {
        Self { rules, currency, sums: BTreeMap::new() }
    }

    /// Adds an amount that rows are behind; it nets with others of its account.
    pub(crate) fn add(
        &mut self,
        account: &Account,
        role: Role,
        amount: Money,
        source: Option<Source>,
    ) -> Result<(), MoneyError> {
        let sum = self.sums.entry((account.clone(), None)).or_default();
        sum.sources.extend(source);
        sum.add(role, amount)
    }

    /// Adds to the line that the role has for itself on the account.
    pub(crate) fn add_apart(
        &mut self,
        account: &Account,
        role: Role,
        amount: Money,
    ) -> Result<(), MoneyError> {
        self.sums.entry((account.clone(), Some(role))).or_default().add(role, amount)
    }

    /// The lines that do not net to zero, sorted by account, then role.
    pub(crate) fn finish(self) -> Result<Vec<JournalLine>, MoneyError> {
        self.finish_with(|_| {})
    }

    /// The same; tells the sources of each account that nets to zero.
    pub(crate) fn finish_with(
        self,
        mut netted: impl FnMut(Vec<Source>),
    ) -> Result<Vec<JournalLine>, MoneyError> {
        let mut lines = Vec::with_capacity(self.sums.len());
        for ((account, _), mut sum) in self.sums {
            let zero = Money::zero(self.currency);
            let net = sum.shares.values().try_fold(zero, |net, share| net.checked_add(*share))?;
            if net.is_zero() {
                netted(sum.sources);
                continue;
            }
            sum.shares.retain(|_, share| !share.is_zero());
            lines.push(JournalLine::new(self.rules, account, net, &sum.shares, sum.sources));
        }
        lines.sort_by(|a, b| (&a.account, a.role).cmp(&(&b.account, b.role)));
        Ok(lines)
    }
}

impl Sum {
    fn add(&mut self, role: Role, amount: Money) -> Result<(), MoneyError> {
        let share = self.shares.entry(role).or_insert(Money::zero(amount.currency()));
        *share = share.checked_add(amount)?;
        Ok(())
    }
}
