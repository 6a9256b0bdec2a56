//! What Amazon says it paid out: a second witness beside the bank.

use anyhow::Context as _;
use futures_util::TryStreamExt as _;
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use settlement_model::{Currency, Money};
use sp_api_client::Client;
use sp_api_client::finances_2024_06_19::RelatedIdentifierName;
use sp_api_client::transfers_2024_06_01::{ListPayouts, Payout};
use store::{FiguresRecord, Store};

/// What the payouts are kept under.
const NAME: &str = "payouts";

/// How far back payouts are read.
const HALF_A_YEAR: SignedDuration = SignedDuration::from_hours(24 * 180);

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

/// Reads the payouts of the last half year, and keeps them with the time.
///
/// # Errors
/// The client's errors, a payout that cannot be read, and the store's.
pub async fn refresh_payouts(
    store: &Store,
    client: &Client,
    connection: &str,
    now: Timestamp,
) -> anyhow::Result<usize> {
    let query = ListPayouts::default().created_after(now - HALF_A_YEAR);
    let told: Vec<Payout> = client.transfers().list_payouts_stream(query).try_collect().await?;
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
    let is_settlement =
        |name: &Option<RelatedIdentifierName>| *name == Some(RelatedIdentifierName::SettlementId);
    let mut related = payout.related_identifiers.iter();
    let named = related.find(|one| is_settlement(&one.related_identifier_name));
    let settlement = named.and_then(|one| one.related_identifier_value.clone());
    Ok(Some(PaidOut {
        id: payout.id.clone(),
        // In Amazon's own sample the two are one.
        settlement: settlement.unwrap_or_else(|| payout.id.clone()),
        status: payout.current_status.to_string(),
        amount: Money::new(amount, Currency::parse(code)?)?,
        day: payout.creation_date.map(sp_api_client::DateOrTime::date),
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

/// What Amazon's payouts say of one settlement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Witness {
    /// There is no payout of it, or none was asked for.
    Silent,
    /// A payout says the same; with how far it is and what the bank shows.
    Agrees(PaidOut),
    /// A payout says another amount, or that it failed.
    Contradicts(PaidOut),
}

impl Payouts {
    /// What they say of a settlement with this total. A payout in another currency is no
    /// contradiction: the bank's is another than the settlement's.
    #[must_use]
    pub fn witness(&self, settlement: &str, total: Money) -> Witness {
        let of = |payout: &&PaidOut| payout.settlement == settlement;
        let Some(payout) = self.payouts.iter().find(of) else { return Witness::Silent };
        let other_amount = payout.amount.currency() == total.currency() && payout.amount != total;
        let failed = matches!(payout.status.as_str(), "FAILED" | "CANCELLED");
        match other_amount || failed {
            true => Witness::Contradicts(payout.clone()),
            false => Witness::Agrees(payout.clone()),
        }
    }

    /// The settlement whose payout's trace id is in a bank line's text. A short id could be in any.
    #[must_use]
    pub fn traced(&self, text: &str) -> Option<&str> {
        let named = |payout: &&PaidOut| {
            payout.trace_id.as_deref().is_some_and(|trace| trace.len() >= 8 && text.contains(trace))
        };
        self.payouts.iter().find(named).map(|payout| payout.settlement.as_str())
    }
}

impl std::fmt::Display for Witness {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (word, payout) = match self {
            Self::Silent => return f.write_str("no payout known"),
            Self::Agrees(payout) => ("", payout),
            Self::Contradicts(payout) => ("not the same: ", payout),
        };
        write!(f, "{word}{} {}", payout.status.to_lowercase().replace('_', " "), payout.amount)?;
        if let Some(day) = payout.day {
            write!(f, " on {day}")?;
        }
        let trace = payout.trace_id.as_ref();
        trace.map_or(Ok(()), |trace| write!(f, ", trace {trace}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn usd(text: &str) -> Money {
        let amount = text.parse().expect("an amount");
        Money::new(amount, Currency::parse("USD").expect("a code")).expect("cents")
    }

    fn payouts(status: &str, amount: &str) -> Payouts {
        let payout = PaidOut {
            id: "P1".to_owned(),
            settlement: "81".to_owned(),
            status: status.to_owned(),
            amount: usd(amount),
            day: None,
            trace_id: Some("1234567890".to_owned()),
        };
        Payouts { at: None, payouts: vec![payout] }
    }

    #[test]
    fn a_payout_agrees_by_amount_and_unless_it_failed() {
        let of = |status, amount| payouts(status, amount).witness("81", usd("10.00"));
        assert!(matches!(of("PAID", "10.00"), Witness::Agrees(_)));
        assert!(matches!(of("IN_TRANSIT", "10.00"), Witness::Agrees(_)));
        assert!(matches!(of("PAID", "10.01"), Witness::Contradicts(_)));
        assert!(matches!(of("FAILED", "10.00"), Witness::Contradicts(_)));
        assert_eq!(payouts("PAID", "1.00").witness("82", usd("1.00")), Witness::Silent);
    }

    #[test]
    fn a_bank_line_is_known_by_the_trace_id() {
        let payouts = payouts("PAID", "10.00");
        assert_eq!(payouts.traced("AMAZON 1234567890 ACH"), Some("81"));
        assert_eq!(payouts.traced("AMAZON 123456789 ACH"), None);
    }
}
