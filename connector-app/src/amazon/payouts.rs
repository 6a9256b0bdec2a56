//! What Amazon says it paid out: a second witness beside the bank.

use anyhow::Context as _;
use futures_util::TryStreamExt as _;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use settlement_model::{Currency, Money};
use sp_api_client::Client;
use sp_api_client::finances_2024_06_19::RelatedIdentifierName;
use sp_api_client::transfers_2024_06_01::{ListPayouts, Payout};
use store::{FiguresRecord, Store};

/// What the payouts are kept under.
const NAME: &str = "payouts";

/// A payout as Amazon tells it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaidOut {
    /// Its id.
    pub id: String,
    /// The settlement it pays.
    pub settlement: String,
    /// How far it is: `PAID`, `IN_TRANSIT`, `FAILED`.
    pub status: String,
    /// How much, in the currency of the bank account.
    pub amount: Money,
    /// The day on which it was made, in UTC.
    pub day: Option<Date>,
    /// What the bank statement shows.
    pub trace_id: Option<String>,
}

/// The payouts as they were read last.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Payouts {
    /// When they were read; `None` before the first time.
    pub at: Option<Timestamp>,
    /// The payouts.
    pub payouts: Vec<PaidOut>,
}

/// Reads the payouts that were made since a time, and keeps them with the time.
///
/// # Errors
/// The client's errors, a payout that cannot be read, and the store's.
pub async fn refresh_payouts(
    store: &Store,
    client: &Client,
    connection: &str,
    (since, now): (Timestamp, Timestamp),
) -> anyhow::Result<usize> {
    let query = ListPayouts::default().created_after(since);
    let told: Vec<Payout> =
        client.transfers().list_payouts_stream(query).try_collect().await?;
    let mut payouts = Vec::with_capacity(told.len());
    for payout in &told {
        let read = read(payout).with_context(|| format!("payout {} of Amazon", payout.id))?;
        payouts.extend(read);
    }
    let count = payouts.len();
    let figures = FiguresRecord { read: now, content: serde_json::to_string(&payouts)? };
    store.figures_read(connection, NAME, &figures).await?;
    Ok(count)
}

/// `None` for one without an amount: there is nothing to compare.
fn read(payout: &Payout) -> anyhow::Result<Option<PaidOut>> {
    let Some(amount) = &payout.amount else { return Ok(None) };
    let (Some(code), Some(amount)) = (&amount.currency_code, amount.currency_amount) else {
        return Ok(None);
    };
    let is_settlement = |name: &Option<RelatedIdentifierName>| {
        *name == Some(RelatedIdentifierName::SettlementId)
    };
    let mut related = payout.related_identifiers.iter();
    let named = related.find(|one| is_settlement(&one.related_identifier_name));
    let settlement = named.and_then(|one| one.related_identifier_value.clone());
    Ok(Some(PaidOut {
        id: payout.id.clone(),
        // In Amazon's own sample the two are one.
        settlement: settlement.unwrap_or_else(|| payout.id.clone()),
        status: payout.current_status.to_string(),
        amount: Money::new(amount, Currency::parse(code)?)?,
        day: payout.creation_date.clone().map(sp_api_client::DateOrTime::date),
        trace_id: payout.trace_id.clone(),
    }))
}

/// The payouts as they were read last.
///
/// # Errors
/// The store's.
pub async fn payouts(store: &Store, connection: &str) -> anyhow::Result<Payouts> {
    let Some(kept) = store.figures(connection, NAME).await? else {
        return Ok(Payouts::default());
    };
    Ok(Payouts { at: Some(kept.read), payouts: serde_json::from_str(&kept.content)? })
}
