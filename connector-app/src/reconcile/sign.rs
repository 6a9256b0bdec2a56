//! A person's signature under a fiscal period, and what has changed under it since.

use anyhow::Context as _;
use jiff::Timestamp;
use ledger_mapper::Period;
use serde_json::{Value, json};
use settlement_model::{Currency, Money, SettlementId};
use store::{NewEvent, PeriodKey, SignedPeriodRecord, Store};

use super::period::PeriodBooks;
use crate::pipeline::Actor;

/// The period cannot be signed as things stand. Nothing was changed.
#[derive(Debug, thiserror::Error)]
#[error("period {period} {currency} cannot be signed: {}", .obstacles.join("; "))]
pub struct NotToSign {
    /// The period.
    pub period: String,
    /// The currency.
    pub currency: String,
    /// What stands in the way; at least one.
    pub obstacles: Vec<String>,
}

/// How a period stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// Nobody has signed it, or it was re-opened.
    Open {
        /// The signature that was taken back last.
        reopened: Option<Box<SignedPeriodRecord>>,
    },
    /// Signed, and everything is as it was then.
    Signed(Box<SignedPeriodRecord>),
    /// Signed, and something under the signature is no longer as it was: an incident.
    Changed {
        /// The signature.
        signed: Box<SignedPeriodRecord>,
        /// What was signed, and what is so now.
        changes: Vec<String>,
    },
}

impl Standing {
    /// How a period stands, by its signatures and its figures of now.
    ///
    /// # Errors
    /// When the figures that were signed cannot be read.
    pub fn of(figures: &PeriodBooks, signatures: &[SignedPeriodRecord]) -> anyhow::Result<Self> {
        let of_period = |record: &&SignedPeriodRecord| {
            record.key.period == figures.period.name
                && record.key.currency == figures.currency.code()
        };
        let newest = signatures.iter().filter(of_period).max_by_key(|record| record.number);
        let Some(newest) = newest else { return Ok(Self::Open { reopened: None }) };
        let newest = Box::new(newest.clone());
        if newest.reopened.is_some() {
            return Ok(Self::Open { reopened: Some(newest) });
        }
        let signed: Value = serde_json::from_str(&newest.figures)
            .with_context(|| format!("the figures signed under {}", newest.key))?;
        let changes = differences(&signed, &to_sign(figures));
        Ok(match changes.is_empty() {
            true => Self::Signed(newest),
            false => Self::Changed { signed: newest, changes },
        })
    }

    /// The word for it.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Open { .. } => "open",
            Self::Signed(_) => "signed",
            Self::Changed { .. } => "changed since it was signed",
        }
    }
}

/// What is signed: every figure that the page shows, as text. The same figures give the same text.
#[must_use]
pub fn to_sign(figures: &PeriodBooks) -> Value {
    let text = Money::amount_text;
    let PeriodBooks { currency, period, rows, totals, roll, differences, .. } = figures;
    let Period { name, start, end } = period;
    let settlements = rows.iter().map(|row| {
        let figures = json!({
            "amazon": text(row.amazon), "journal": text(row.journal),
            "ledger": row.ledger.map(text), "bank": row.bank.map(text), "closed": row.closed,
        });
        (row.settlement.to_string(), figures)
    });
    let differences: Vec<_> = differences
        .iter()
        .map(|one| {
            json!({ "settlement": one.settlement.as_ref().map(SettlementId::as_str),
                    "bank_line": one.bank_line, "kind": one.kind.to_string(),
                    "amount": one.amount.to_string(), "open": one.open })
        })
        .collect();
    let bank = figures.bank_lines.iter().map(|line| {
        let detail = json!({ "date": line.date.to_string(), "currency": line.currency,
                             "amount": line.amount, "settlement": line.settlement_id });
        (line.id(), detail)
    });
    let documents =
        figures.documents.iter().map(|(key, stands)| (key.clone(), stands.words().into()));
    json!({
        "period": name, "start": start.to_string(), "end": end.to_string(),
        "currency": currency.code(),
        "settlements": settlements.collect::<serde_json::Map<_, _>>(),
        "totals": { "amazon": text(totals.amazon), "journal": text(totals.journal),
                    "ledger": text(totals.ledger), "bank": text(totals.bank) },
        "clearing": { "opening": text(roll.opening), "deposits": text(roll.deposits),
                      "rows": text(roll.rows), "bank": text(roll.bank),
                      "waived": text(roll.waived), "accruals": text(roll.accruals),
                      "closing": text(roll.closing), "ledger": roll.ledger.map(text) },
        "differences": differences,
        "bank_lines": bank.collect::<serde_json::Map<_, _>>(),
        "documents": documents.collect::<serde_json::Map<_, _>>(),
        "waiting": figures.waiting,
    })
}

/// What two sets of figures do not have in common, each as a sentence: first what is behind the
/// figures, then the figures.
fn differences(signed: &Value, now: &Value) -> Vec<String> {
    let mut found = Vec::new();
    compare("", signed, now, &mut found);
    let is_figure = |told: &String| !RECORDS.iter().any(|(_, of)| told.starts_with(of));
    found.sort_by_key(is_figure);
    found
}

/// The lists of what is behind the figures, and what one of each is called.
const RECORDS: [(&str, &str); 4] = [
    ("settlements", "settlement"),
    ("waiting", "settlement"),
    ("bank_lines", "bank line"),
    ("documents", "document"),
];

fn compare(place: &str, signed: &Value, now: &Value, found: &mut Vec<String>) {
    if signed == now {
        return;
    }
    let within = |name: &str| match RECORDS.iter().find(|(list, _)| *list == place) {
        Some((_, of)) => format!("{of} {name}"),
        None if place.is_empty() => name.to_owned(),
        None => format!("{place}, {name}"),
    };
    match (signed, now) {
        (Value::Object(was), Value::Object(is)) => {
            for (name, was) in was {
                compare(&within(name), was, is.get(name).unwrap_or(&Value::Null), found);
            }
            for (name, is) in is.iter().filter(|(name, _)| !was.contains_key(*name)) {
                compare(&within(name), &Value::Null, is, found);
            }
        }
        (Value::Array(was), Value::Array(is)) => {
            let gone = was.iter().filter(|one| !is.contains(one));
            found.extend(gone.map(|one| format!("{place}: no longer {}", short(one))));
            let new = is.iter().filter(|one| !was.contains(one));
            found.extend(new.map(|one| format!("{place}: new is {}", short(one))));
        }
        _ => found.push(format!("{place}: was {}, is {}", short(signed), short(now))),
    }
}

/// A value in one line.
fn short(value: &Value) -> String {
    match value {
        Value::Null => "nothing".to_owned(),
        Value::String(text) => text.clone(),
        Value::Object(members) => {
            let members = members.iter().filter(|(_, member)| !member.is_null());
            let members: Vec<_> =
                members.map(|(name, one)| format!("{name} {}", short(one))).collect();
            members.join(" ")
        }
        other => other.to_string(),
    }
}

/// Signs a period in a person's name.
///
/// # Errors
/// [`NotToSign`] while anything stands in the way, [`store::Error::AlreadyThere`] when it is signed.
pub async fn sign(
    store: &Store,
    connection: &str,
    figures: &PeriodBooks,
    (actor, at): (&Actor, Timestamp),
) -> anyhow::Result<()> {
    let key = key(connection, figures.currency, &figures.period.name);
    if !figures.obstacles.is_empty() {
        let (period, currency) = (key.period, key.currency);
        let obstacles = figures.obstacles.clone();
        return Err(NotToSign { period, currency, obstacles }.into());
    }
    let text = to_sign(figures).to_string();
    let sha256 = store::DocumentHash::of(text.as_bytes()).to_string();
    let clearing = figures.roll.closing.to_string();
    let detail = json!({ "sha256": sha256, "settlements": figures.rows.len(),
                         "clearing_account": clearing });
    let event = event(&key, (actor, at), "period signed", detail);
    Ok(store.period_signed(&key, &text, &event).await?)
}

/// Takes a signature back in a person's name, with the reason.
///
/// # Errors
/// [`store::Error::Unknown`] when the period is not signed.
pub async fn reopen(
    store: &Store,
    key: &PeriodKey,
    reason: &str,
    by: (&Actor, Timestamp),
) -> anyhow::Result<()> {
    let event = event(key, by, "period re-opened", json!({ "reason": reason }));
    Ok(store.period_reopened(key, reason, &event).await?)
}

/// What names a period in the store.
#[must_use]
pub fn key(connection: &str, currency: Currency, period: &str) -> PeriodKey {
    PeriodKey {
        connection: connection.to_owned(),
        currency: currency.code().to_owned(),
        period: period.to_owned(),
    }
}

fn event(
    key: &PeriodKey,
    (actor, at): (&Actor, Timestamp),
    action: &str,
    detail: Value,
) -> NewEvent {
    NewEvent {
        at,
        actor: actor.label(),
        connection: key.connection.clone(),
        record: key.period.clone(),
        subject: format!("period {} {}", key.period, key.currency),
        action: action.to_owned(),
        from: None,
        to: None,
        detail,
    }
}
