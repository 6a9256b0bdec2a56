//! What a change of the rules would have done to past settlements.

use std::collections::BTreeMap;

use serde::Serialize;
use settlement_model::{Currency, Money, MoneyError, Triple};

use crate::explain::Outcome;
use crate::form;
use crate::rules::{RowFacts, Rules};

/// Rows that two rules files post differently, and what each posts to every account.
///
/// ```
/// use ledger_mapper::{RowFacts, Rules, RulesDiff};
/// use settlement_model::{Currency, Fulfillment, Money, Triple};
///
/// let old = Rules::sample();
/// let moved = Rules::sample_text().replace("referral_fees = \"5100\"", "referral_fees = \"5101\"");
/// let new = Rules::parse(&moved, "new.toml")?;
///
/// let triple = Triple {
///     transaction_type: "Order".to_owned(),
///     amount_type: "ItemFees".to_owned(),
///     amount_description: "Commission".to_owned(),
/// };
/// let currency = Currency::parse("USD")?;
/// let row = RowFacts {
///     triple: &triple,
///     date: jiff::civil::date(2026, 5, 5),
///     marketplace: None,
///     sku: Some(""),
///     fulfillment: &Fulfillment::Unstated,
///     currency,
/// };
/// let mut diff = RulesDiff::new(&old, &new);
/// diff.add(&row, Money::new("-1.50".parse()?, currency)?, 1)?;
/// let accounts: Vec<_> = diff.accounts().iter().map(|change| change.account.clone()).collect();
/// assert_eq!(accounts, ["5100", "5101"]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct RulesDiff<'r> {
    old: &'r Rules,
    new: &'r Rules,
    rows: u64,
    moved: BTreeMap<MoveId, (Money, u64)>,
    /// By account and currency: what the old and the new rules post to it.
    accounts: BTreeMap<(String, Currency), (Money, Money)>,
}

/// What rows must share to be one [`Move`].
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct MoveId {
    triple: Triple,
    marketplace: Option<String>,
    currency: Currency,
    old: Outcome,
    new: Outcome,
}

/// Rows that the two rules files post differently.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Move {
    /// Their triple.
    pub triple: Triple,
    /// Their marketplace.
    pub marketplace: Option<String>,
    /// What the old rules make of them.
    pub old: Outcome,
    /// What the new rules make of them.
    pub new: Outcome,
    /// Their sum, signed as Amazon does.
    #[serde(serialize_with = "form::amount::serialize")]
    pub amount: Money,
    /// The currency of the sum.
    pub currency: Currency,
    /// How many rows.
    pub rows: u64,
}

/// What is posted to one account before and after.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct AccountChange {
    /// The account; `held` for rows that are not posted.
    pub account: String,
    /// The currency of both.
    pub currency: Currency,
    /// The net of the old rules: positive is a credit.
    #[serde(serialize_with = "form::amount::serialize")]
    pub old: Money,
    /// The net of the new rules: positive is a credit.
    #[serde(serialize_with = "form::amount::serialize")]
    pub new: Money,
}

impl<'r> RulesDiff<'r> {
    /// A comparison of two rules files, over no rows yet.
    #[must_use]
    pub fn new(old: &'r Rules, new: &'r Rules) -> Self {
        Self { old, new, rows: 0, moved: BTreeMap::new(), accounts: BTreeMap::new() }
    }

    /// Adds rows of a past settlement that are alike: how much they are together, and how many. In
    /// constant memory beside the kinds of rows that move.
    ///
    /// # Errors
    /// If a sum is too large, or the amount is not of the rows' currency.
    pub fn add(&mut self, row: &RowFacts<'_>, amount: Money, rows: u64) -> Result<(), MoneyError> {
        self.rows = self.rows.saturating_add(rows);
        let (old, new) = (self.old.outcome(row), self.new.outcome(row));
        let zero = Money::zero(row.currency);
        let account = |outcome: &Outcome| {
            outcome.posted().map_or("held".to_owned(), |(account, _)| account.to_string())
        };
        let before = self.accounts.entry((account(&old), row.currency)).or_insert((zero, zero));
        before.0 = before.0.checked_add(amount)?;
        let after = self.accounts.entry((account(&new), row.currency)).or_insert((zero, zero));
        after.1 = after.1.checked_add(amount)?;
        if result(&old) == result(&new) {
            return Ok(());
        }
        let id = MoveId {
            triple: row.triple.clone(),
            marketplace: row.marketplace.map(str::to_owned),
            currency: row.currency,
            old,
            new,
        };
        let (sum, moved) = self.moved.entry(id).or_insert((zero, 0));
        *sum = sum.checked_add(amount)?;
        *moved = moved.saturating_add(rows);
        Ok(())
    }

    /// How many rows were compared.
    #[must_use]
    pub fn rows(&self) -> u64 {
        self.rows
    }

    /// The rows that move, by triple; a row that another rule takes to the same account and role
    /// does not.
    #[must_use]
    pub fn moves(&self) -> Vec<Move> {
        let moves = self.moved.iter().map(|(id, (amount, rows))| Move {
            triple: id.triple.clone(),
            marketplace: id.marketplace.clone(),
            old: id.old.clone(),
            new: id.new.clone(),
            amount: *amount,
            currency: id.currency,
            rows: *rows,
        });
        moves.collect()
    }

    /// The accounts whose net changes, sorted. Over all accounts, old and new add up to the same.
    #[must_use]
    pub fn accounts(&self) -> Vec<AccountChange> {
        let changed = self.accounts.iter().filter(|(_, (old, new))| old != new);
        changed
            .map(|((account, currency), (old, new))| AccountChange {
                account: account.clone(),
                currency: *currency,
                old: *old,
                new: *new,
            })
            .collect()
    }
}

/// What counts of an outcome: not which rule it is from.
fn result(outcome: &Outcome) -> Option<(&str, crate::Role)> {
    outcome.posted().map(|(account, role)| (account.as_str(), role))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use settlement_model::Fulfillment;

    use super::*;
    use crate::catalogue::catalogue;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn nothing_is_lost_or_gained_between_two_rules_files(
            rows in proptest::collection::vec((0..262_usize, -10_000..10_000_i64), 0..40),
        ) {
            let old = Rules::sample();
            let text = Rules::sample_text().replace("storage_fees = \"5120\"\n", "")
                + "\n[[rule]]\ntransaction_type = \"Order\"\naccount = \"{natural}-99\"\n";
            let new = Rules::parse(&text.replace("{natural}", "4000"), "new.toml").expect("rules");
            let currency = Currency::parse("USD").expect("ISO 4217");
            let (mut diff, mut same) = (RulesDiff::new(&old, &new), RulesDiff::new(&old, &old));
            for (entry, cents) in rows {
                let triple = &catalogue()[entry % catalogue().len()].triple;
                let row = RowFacts {
                    triple,
                    date: jiff::civil::date(2026, 5, 5),
                    marketplace: Some("Amazon.com"),
                    sku: Some(""),
                    fulfillment: &Fulfillment::Amazon,
                    currency,
                };
                let amount = Money::new(rust_decimal::Decimal::new(cents, 2), currency).expect("cents");
                diff.add(&row, amount, 1).expect("small");
                same.add(&row, amount, 1).expect("small");
            }
            prop_assert!(same.moves().is_empty() && same.accounts().is_empty());
            let net = diff.accounts().iter().fold(Money::zero(currency), |net, change| {
                let change = change.new.checked_sub(change.old).expect("small");
                net.checked_add(change).expect("small")
            });
            prop_assert!(net.is_zero());
        }
    }
}
