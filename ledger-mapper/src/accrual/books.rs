//! Whether the books have a released transaction.

use std::collections::{BTreeMap, HashMap, HashSet};

use settlement_model::{Currency, Money, MoneyError, SettlementId};

use super::{AccrualHold, BookedSettlement, DeferredTransaction};

/// The booked settlements.
pub(super) struct Books<'b> {
    ids: HashSet<&'b SettlementId>,
    /// Which ends last, by currency and marketplace; that of the whole currency without a marketplace.
    last: HashMap<(Currency, Option<&'b str>), &'b BookedSettlement>,
    unnamed: BTreeMap<&'b SettlementId, Unnamed>,
}

/// Transactions that may be in the books.
struct Unnamed {
    first: String,
    transactions: u64,
    amount: Money,
}

impl<'b> Books<'b> {
    pub(super) fn new(booked: &'b [BookedSettlement]) -> Self {
        let mut last: HashMap<_, &BookedSettlement> = HashMap::new();
        for settlement in booked {
            for marketplace in [None, settlement.marketplace.as_deref()] {
                let key = (settlement.currency, marketplace);
                let known = last.entry(key).or_insert(settlement);
                if known.end < settlement.end {
                    *known = settlement;
                }
            }
        }
        let ids = booked.iter().map(|settlement| &settlement.id).collect();
        Self { ids, last, unnamed: BTreeMap::new() }
    }

    /// Whether a released transaction is in none of them. One that may be in one is noted.
    pub(super) fn lack(&mut self, transaction: &DeferredTransaction) -> Result<bool, MoneyError> {
        if let Some(settlement) = &transaction.settlement {
            return Ok(!self.ids.contains(settlement));
        }
        let Some(settlement) = self.last_of(transaction) else { return Ok(true) };
        if transaction.posted >= settlement.end {
            return Ok(true);
        }
        let amount = transaction.total;
        let unnamed = self.unnamed.entry(&settlement.id).or_insert_with(|| Unnamed {
            first: transaction.id.clone(),
            transactions: 0,
            amount: Money::zero(amount.currency()),
        });
        unnamed.transactions = unnamed.transactions.saturating_add(1);
        unnamed.amount = unnamed.amount.checked_add(amount)?;
        Ok(false)
    }

    /// The booked settlement of a transaction's marketplace that ends last. Where none is of it, as of
    /// orders of other shops, that of its currency.
    fn last_of(&self, transaction: &DeferredTransaction) -> Option<&'b BookedSettlement> {
        let currency = transaction.total.currency();
        let own = self.last.get(&(currency, transaction.marketplace.as_deref()));
        own.or_else(|| self.last.get(&(currency, None))).copied()
    }

    /// What was noted.
    pub(super) fn holds(self) -> impl Iterator<Item = AccrualHold> {
        self.unnamed.into_iter().map(|(settlement, unnamed)| {
            let Unnamed { first, transactions, amount } = unnamed;
            let settlement = settlement.clone();
            AccrualHold::SettlementNotNamed { first, transactions, amount, settlement }
        })
    }
}
