//! What Amazon has booked on the seller's account, in the form that a month end is accrued from.

use std::collections::HashMap;

use anyhow::Context as _;
use futures_util::TryStreamExt as _;
use jiff::{SignedDuration, Timestamp};
use ledger_mapper::{DeferredAmount, DeferredTransaction, TransactionStatus, fulfillment_named};
use settlement_model::{Currency, Fulfillment, Money, SettlementId, Triple};
use sp_api_client::finances_2024_06_19::{
    self as finances, Breakdown, Context, ListTransactions, RelatedIdentifierName, Transaction,
};
use sp_api_client::{Client, DateOrTime};

/// A longer window is answered with nothing.
const WINDOW: SignedDuration = SignedDuration::from_hours(24 * 170);

/// How long ago the end of a window must be.
const SETTLED: SignedDuration = SignedDuration::from_mins(3);

/// The transactions from a time until now.
///
/// The words of an amount are the transaction's type and the two innermost names of its breakdown:
/// they are not those of settlement reports, so rules must name them.
///
/// A transaction that names no settlement is in the one that others of its financial event group name:
/// Amazon closes a group with a settlement.
///
/// # Errors
/// The client's errors, or a transaction that cannot be read.
pub async fn transactions(
    client: &Client,
    since: Timestamp,
    now: Timestamp,
) -> anyhow::Result<Vec<DeferredTransaction>> {
    let until = now - SETTLED;
    let mut from = since;
    let mut read = Vec::new();
    let mut groups = Groups::default();
    while from < until {
        let end = (from + WINDOW).min(until);
        let query = ListTransactions::posted_since(from).posted_before(end);
        let told: Vec<Transaction> =
            client.finances().list_transactions_stream(query).try_collect().await?;
        for transaction in &told {
            let id = transaction.transaction_id.as_deref().unwrap_or("without an id");
            let one = of(transaction).with_context(|| format!("transaction {id} of Amazon"))?;
            groups.add(transaction, &one);
            read.push(one);
        }
        from = end;
    }
    groups.name_settlements(&mut read);
    Ok(read)
}

/// What Amazon says of its financial event groups.
#[derive(Default)]
struct Groups {
    /// The settlement of each group; `None` where several are named.
    settlements: HashMap<String, Option<SettlementId>>,
    /// The group of each transaction without a settlement, by its id.
    without: HashMap<String, String>,
}

impl Groups {
    fn add(&mut self, transaction: &Transaction, read: &DeferredTransaction) {
        let group = related(transaction, &RelatedIdentifierName::FinancialEventGroupId);
        match (group, &read.settlement) {
            (Some(group), Some(settlement)) => {
                let named = Some(settlement.clone());
                let known = self.settlements.entry(group).or_insert_with(|| named.clone());
                if *known != named {
                    *known = None;
                }
            }
            (Some(group), None) => {
                self.without.insert(read.id.clone(), group);
            }
            (None, _) => {}
        }
    }

    fn name_settlements(&self, transactions: &mut [DeferredTransaction]) {
        for transaction in transactions.iter_mut().filter(|one| one.settlement.is_none()) {
            let group = self.without.get(&transaction.id);
            let settlement = group.and_then(|group| self.settlements.get(group));
            transaction.settlement = settlement.cloned().flatten();
        }
    }
}

fn related(transaction: &Transaction, name: &RelatedIdentifierName) -> Option<String> {
    let mut all = transaction.related_identifiers.iter();
    all.find(|one| one.related_identifier_name.as_ref() == Some(name))
        .and_then(|one| one.related_identifier_value.clone())
}

fn of(transaction: &Transaction) -> anyhow::Result<DeferredTransaction> {
    let related = |name| related(transaction, name);
    let total = money(transaction.total_amount.as_ref())?.context("it has no total")?;
    let settlement = related(&RelatedIdentifierName::SettlementId);
    Ok(DeferredTransaction {
        id: transaction.transaction_id.clone().context("it has no id")?,
        status: status(transaction)?,
        posted: posted(transaction)?,
        releases: related(&RelatedIdentifierName::DeferredTransactionId),
        settlement: settlement.map(|id| SettlementId::parse(&id)).transpose()?,
        marketplace: transaction
            .marketplace_details
            .as_ref()
            .and_then(|details| details.marketplace_name.clone()),
        total,
        amounts: amounts(transaction, total)?,
    })
}

fn status(transaction: &Transaction) -> anyhow::Result<TransactionStatus> {
    use finances::TransactionStatus as Told;
    match &transaction.transaction_status {
        Some(Told::Deferred) => Ok(TransactionStatus::Deferred),
        Some(Told::Released) => Ok(TransactionStatus::Released),
        Some(Told::DeferredReleased) => Ok(TransactionStatus::DeferredReleased),
        other => anyhow::bail!("its status {other:?} is not known here"),
    }
}

fn posted(transaction: &Transaction) -> anyhow::Result<Timestamp> {
    match transaction.posted_date {
        Some(DateOrTime::Time(time)) => Ok(time),
        Some(DateOrTime::Date(date)) => Ok(crate::day::begin_of(date)),
        None => anyhow::bail!("it does not say when it was posted"),
    }
}

fn money(amount: Option<&finances::Currency>) -> anyhow::Result<Option<Money>> {
    let Some(amount) = amount else { return Ok(None) };
    let (Some(code), Some(value)) = (&amount.currency_code, amount.currency_amount) else {
        return Ok(None);
    };
    Ok(Some(Money::new(value, Currency::parse(code)?)?))
}

/// The leaves of the items' breakdowns, where they are the whole transaction; else those of its own.
fn amounts(transaction: &Transaction, total: Money) -> anyhow::Result<Vec<DeferredAmount>> {
    let kind = transaction.transaction_type.clone().unwrap_or_default();
    let mut of_items = Vec::new();
    for item in &transaction.items {
        let product = item.contexts.iter().find_map(|context| match context {
            Context::Product(product) => Some(product),
            _ => None,
        });
        let sku = product.and_then(|product| product.sku.clone()).unwrap_or_default();
        let network = product.and_then(|product| product.fulfillment_network.as_deref());
        let of = (sku.as_str(), network.map_or(Fulfillment::Unstated, fulfillment_named));
        leaves(&kind, "", &item.breakdowns, &of, &mut of_items)?;
    }
    let zero = Money::zero(total.currency());
    let sum =
        of_items.iter().try_fold(zero, |sum, one: &DeferredAmount| sum.checked_add(one.amount));
    if !of_items.is_empty() && sum.is_ok_and(|sum| sum == total) {
        return Ok(of_items);
    }
    let mut own = Vec::new();
    leaves(&kind, "", &transaction.breakdowns, &("", Fulfillment::Unstated), &mut own)?;
    Ok(own)
}

/// The innermost parts of these. Amazon nests three deep; a part that is its own whole ends it.
fn leaves(
    kind: &str,
    within: &str,
    breakdowns: &[Breakdown],
    of: &(&str, Fulfillment),
    found: &mut Vec<DeferredAmount>,
) -> anyhow::Result<()> {
    for breakdown in breakdowns {
        let name = breakdown.breakdown_type.as_deref().unwrap_or_default();
        if !breakdown.breakdowns.is_empty() {
            leaves(kind, name, &breakdown.breakdowns, of, found)?;
        } else if let Some(amount) = money(breakdown.breakdown_amount.as_ref())? {
            found.push(DeferredAmount {
                triple: Triple {
                    transaction_type: kind.to_owned(),
                    amount_type: within.to_owned(),
                    amount_description: name.to_owned(),
                },
                sku: of.0.to_owned(),
                fulfillment: of.1.clone(),
                amount,
            });
        }
    }
    Ok(())
}
