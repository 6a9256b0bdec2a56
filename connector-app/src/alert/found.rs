//! What needs a person, from what the store holds and what a run met.

mod held;

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use settlement_model::expected::{Expected, Past, Rhythm, Standing, expect};
use settlement_model::{Currency, MarketplaceId, ReportTime, SettlementId};
use store::{DocumentHash, PastSettlement, PeriodKey, SignedPeriodRecord, Store};

use super::{Alert, Kind, Message, Ran};
use crate::config::{Config, Connection};
use crate::reconcile::watch::{self, ChangedPeriod};
use crate::secrets::{CLIENT_SECRET, CLIENT_SECRET_LIFE, client_secret_since, renewal};

/// So many days before a secret expires it is told, each once.
const SECRET_DAYS: [i64; 5] = [0, 1, 7, 14, 30];

/// As much as is said of one failure or hold; the rest is in `status`.
const TEXT_CHARS: usize = 600;

/// Everything of a connection that needs a person.
///
/// # Errors
/// The store's errors.
pub async fn all(
    store: &Store,
    (config, connection): (&Config, &Connection),
    ran: &Ran,
    now: Timestamp,
) -> anyhow::Result<Vec<Alert>> {
    let mut found = held::all(store, &connection.name).await?;
    found.extend(ran.failure.iter().map(|error| failed(ran, error)));
    let expected = expected(store, &connection.name).await?;
    found.extend(expected.iter().filter_map(|one| silence(one, now)));
    found.extend(secret_age(store, config, connection, now).await?);
    let changed = watch::changed(store, config, connection, now).await?;
    found.extend(changed.iter().map(signed_period));
    let differing = ran.not_reconciled.iter().flatten();
    found.extend(differing.map(|message| Alert {
        kind: Kind::NotReconciled,
        stage: String::new(),
        message: message.clone(),
    }));
    Ok(found)
}

/// Whoever answers for a signature learns what is no longer as it was signed, each time it changes.
fn signed_period(changed: &ChangedPeriod) -> Alert {
    let ChangedPeriod { signed, changes } = changed;
    let SignedPeriodRecord { key, signed: at, signed_by, .. } = signed;
    let PeriodKey { connection, currency, period } = key;
    let all = changes.join("; ");
    Alert {
        kind: Kind::SignedPeriod,
        stage: DocumentHash::of(all.as_bytes()).to_string(),
        message: Message {
            record: format!("period {period} {currency}"),
            what: format!(
                "changed after {signed_by} signed it on {}: {}",
                day(*at),
                shortened(&all)
            ),
            who: "the controller, or whoever signed it".to_owned(),
            next: format!(
                "undo what changed, or re-open the period with the explanation and sign it anew: \
                 `ml-connector reconcile reopen {period} --currency {currency} --connection \
                 {connection} --reason TEXT`"
            ),
        },
    }
}

fn failed(ran: &Ran, error: &str) -> Alert {
    Alert {
        kind: Kind::Failed,
        stage: String::new(),
        message: Message {
            record: ran.record(),
            what: format!("failed: {}", shortened(error)),
            who: "the IT admin, unless the error names someone else".to_owned(),
            next: format!(
                "nothing is lost and the next run tries again; if it stays, mend what the error \
                 names and run `ml-connector run {}`",
                ran.flow
            ),
        },
    }
}

/// What settlements of a connection are expected next, by those that came.
///
/// # Errors
/// The store's errors.
pub async fn expected(store: &Store, connection: &str) -> anyhow::Result<Vec<Expected>> {
    let past = store.past_settlements(connection).await?;
    Ok(expect(past.iter().filter_map(read)))
}

/// A settlement as the calendar takes it; one whose facts this version cannot read tells nothing.
fn read(past: &PastSettlement) -> Option<Past> {
    let id = past.marketplace.as_deref().and_then(|id| MarketplaceId::parse(id).ok());
    let store = id.as_ref().and_then(MarketplaceId::marketplace);
    Some(Past {
        id: SettlementId::parse(&past.settlement_id).ok()?,
        currency: Currency::parse(&past.currency).ok()?,
        marketplace: store.map(|store| store.name.to_owned()),
        start: time(&past.start)?,
        end: time(&past.end)?,
        owes: past.deposit.starts_with('-'),
    })
}

fn time(text: &str) -> Option<ReportTime> {
    let date = || text.parse::<Date>().map(ReportTime::Date);
    text.parse::<Timestamp>().map(ReportTime::Instant).or_else(|_| date()).ok()
}

/// The stream of an expected settlement in words: `EUR Amazon.de`.
#[must_use]
pub fn stream(expected: &Expected) -> String {
    match &expected.marketplace {
        Some(store) => format!("{} {store}", expected.currency),
        None => expected.currency.to_string(),
    }
}

/// A day as people write it: `11 Nov 2026`.
#[must_use]
pub fn day(time: Timestamp) -> String {
    time.strftime("%-d %b %Y").to_string()
}

fn silence(expected: &Expected, now: Timestamp) -> Option<Alert> {
    if expected.standing(now) != Standing::Late {
        return None;
    }
    let rhythm = match expected.rhythm {
        Rhythm::Every { days: 1 } => "they come daily".to_owned(),
        Rhythm::Every { days } => format!("they come every {days} days"),
        Rhythm::Irregular => "they come irregularly".to_owned(),
        Rhythm::Unknown => "it was the first".to_owned(),
    };
    let (due, since) = (day(expected.due), day(expected.since));
    Some(Alert {
        kind: Kind::Silence,
        stage: String::new(),
        message: Message {
            record: format!("settlement after {} ({})", expected.last, stream(expected)),
            what: format!("was due {due} and is not seen; the last one ended {since}, {rhythm}"),
            who: "the accountant".to_owned(),
            next: "look for it in Seller Central under Payments, All statements: if it is there, \
                   download it (Flat file V2) and take it in with `ml-connector import FILE`; if \
                   not, ask Amazon's seller support"
                .to_owned(),
        },
    })
}

async fn secret_age(
    store: &Store,
    config: &Config,
    connection: &Connection,
    now: Timestamp,
) -> anyhow::Result<Option<Alert>> {
    let set_at = client_secret_since(Some(store), config, connection).await?;
    Ok(set_at.and_then(|set_at| of_secret(renewal(connection), set_at, now)))
}

fn of_secret(next: String, set_at: Timestamp, now: Timestamp) -> Option<Alert> {
    let ends = set_at.checked_add(CLIENT_SECRET_LIFE).unwrap_or(Timestamp::MAX);
    let left = ends.duration_since(now);
    let within = |days: &&i64| left <= SignedDuration::from_hours(**days * 24);
    let stage = SECRET_DAYS.iter().find(within)?;
    let day = day(ends);
    let what = match left.as_hours() / 24 {
        _ if left <= SignedDuration::ZERO => {
            format!("has expired on {day}: Amazon may refuse it at any time")
        }
        0 => format!("expires on {day}, in less than a day"),
        days => format!("expires on {day}, in {days} days"),
    };
    Some(Alert {
        kind: Kind::SecretAge,
        stage: stage.to_string(),
        message: Message {
            record: CLIENT_SECRET.to_owned(),
            what,
            who: "the IT admin".to_owned(),
            next,
        },
    })
}

/// On one line, and not longer than a person reads.
fn shortened(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(TEXT_CHARS) {
        Some((end, _)) => format!("{} …", line[..end].trim_end()),
        None => line,
    }
}

#[cfg(test)]
mod tests;
