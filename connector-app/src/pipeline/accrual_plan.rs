//! The plan that is kept with an accrual, and how it differs from what would be planned now.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Context as _;
use ledger_mapper::{Account, Accrual, Journal};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use settlement_model::{Money, SettlementId};
use store::AccrualRecord;

use super::accrual_booked::Booked;
use crate::ledger::Document;

/// What is kept of an accrual: both journals, and what they were planned from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptAccrual {
    /// Dated the period's last day.
    pub journal: Journal,
    /// Takes it back on the next period's first day.
    pub reversal: Journal,
    /// The ids of the transactions in it, sorted.
    pub transactions: Vec<String>,
    /// How much of the money is held back.
    pub deferred: Money,
    /// How much is released, but in no booked settlement.
    pub unsettled: Money,
    /// The settlements that had a journal dated until the period's end when it was planned: none of their
    /// money is in it.
    pub booked: BTreeSet<String>,
}

impl KeptAccrual {
    /// What is to be kept of an accrual that was planned beside these booked settlements.
    #[must_use]
    pub fn new(accrual: Accrual, booked: &BTreeSet<SettlementId>) -> Self {
        let Accrual { journal, reversal, transactions, deferred, unsettled } = accrual;
        let booked = booked.iter().map(ToString::to_string).collect();
        Self { journal, reversal, transactions, deferred, unsettled, booked }
    }

    /// The plan of an accrual.
    ///
    /// # Errors
    /// When another version wrote it.
    pub fn of(record: &AccrualRecord) -> anyhow::Result<Self> {
        let of = || format!("accrual of {}: stored plan", record.key);
        serde_json::from_str(&record.plan).with_context(of)
    }

    /// All the open money.
    ///
    /// # Errors
    /// When the amounts cannot be added.
    pub fn total(&self) -> anyhow::Result<Money> {
        Ok(self.deferred.checked_add(self.unsettled)?)
    }

    /// The documents, in the order they are written.
    #[must_use]
    pub fn into_documents(self) -> Vec<Document> {
        vec![Document::Journal(self.journal), Document::Journal(self.reversal)]
    }

    /// What would be accrued otherwise now, account by account; nothing when it is the same.
    #[must_use]
    pub fn against(&self, now: Option<&Self>) -> Vec<String> {
        let was = by_account(&self.journal);
        let is = now.map(|now| by_account(&now.journal)).unwrap_or_default();
        let accounts: BTreeSet<&Account> = was.keys().chain(is.keys()).copied().collect();
        let differs = |account: &&Account| side(&was, account) != side(&is, account);
        let sentence = |account: &Account| {
            let name = was.get(account).or_else(|| is.get(account)).and_then(|(name, _)| *name);
            format!(
                "account {account} {}: {} accrued, {} open by now",
                name.unwrap_or_default(),
                words(side(&was, account)),
                words(side(&is, account))
            )
        };
        accounts.into_iter().filter(differs).map(sentence).collect()
    }

    /// Settlements that came into the books of the period or of one before, or went out of them, after it
    /// was planned: what they have of the transactions until the period's end stands there beside the
    /// accrual, or in neither.
    #[must_use]
    pub fn since(&self, booked: &Booked) -> Vec<String> {
        let Journal { period, date, .. } = &self.journal;
        let booked = booked.until(*date);
        let booked: BTreeSet<String> = booked.iter().map(ToString::to_string).collect();
        let came = booked.difference(&self.booked).map(|id| {
            format!(
                "settlement {id} was booked in {period} or before it, after the accrual was planned"
            )
        });
        let went = self.booked.difference(&booked).map(|id| {
            format!("settlement {id} is no longer booked, as it was when the accrual was planned")
        });
        came.chain(went).collect()
    }
}

type ByAccount<'j> = BTreeMap<&'j Account, (Option<&'j str>, Decimal)>;

/// By account: its name, and debit less credit.
fn by_account(journal: &Journal) -> ByAccount<'_> {
    let mut sums = ByAccount::new();
    for line in &journal.lines {
        let sum =
            sums.entry(&line.account).or_insert((line.account_name.as_deref(), Decimal::ZERO));
        sum.1 += line.debit - line.credit;
    }
    sums
}

fn side(sums: &ByAccount<'_>, account: &Account) -> Decimal {
    sums.get(account).map_or(Decimal::ZERO, |(_, sum)| *sum)
}

fn words(amount: Decimal) -> String {
    match amount {
        amount if amount.is_zero() => "nothing".to_owned(),
        amount if amount.is_sign_negative() => format!("{} credit", -amount),
        amount => format!("{amount} debit"),
    }
}
