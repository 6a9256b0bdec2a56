//! What one channel is told in one go, and what of it is news.

use std::fmt::Write as _;

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use store::AlertRecord;

use super::{Kind, Message, message};

/// An alert that stands is repeated after this time. A little less than a day, so that runs at the
/// same hour each day repeat it each day.
const REPEATED_AFTER: SignedDuration = SignedDuration::from_hours(23);

/// What happened to an alert, as its reader sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Event {
    /// It is new, or has come further.
    Raised,
    /// It stands since yesterday or longer.
    Reminder,
    /// It is over.
    Cleared,
}

impl Event {
    /// The word in JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Raised => "raised",
            Self::Reminder => "reminder",
            Self::Cleared => "cleared",
        }
    }
}

/// What a channel is told now.
#[derive(Debug, Clone, PartialEq)]
pub struct Digest {
    connection: String,
    at: Timestamp,
    news: Vec<(Event, AlertRecord, Message)>,
}

impl Digest {
    /// What is due to a channel; `None` when it knows everything.
    #[must_use]
    pub fn due(
        connection: &str,
        alerts: &[AlertRecord],
        channel: &str,
        wanted: impl Fn(&str) -> bool,
        now: Timestamp,
    ) -> Option<Self> {
        let news = alerts
            .iter()
            .filter(|alert| wanted(&alert.kind))
            .filter_map(|alert| Some((event(alert, channel, now)?, alert.clone(), message(alert))));
        let mut news: Vec<_> = news.collect();
        // The bad news first.
        news.sort_by_key(|(event, ..)| *event);
        let connection = connection.to_owned();
        (!news.is_empty()).then_some(Self { connection, at: now, news })
    }

    /// What `alerts test` sends.
    #[must_use]
    pub fn trial(connection: &str, at: Timestamp) -> Self {
        let message = Message {
            record: "test".to_owned(),
            what: "this is a test; nothing needs you".to_owned(),
            who: "nobody".to_owned(),
            next: "nothing: alerts arrive here".to_owned(),
        };
        let alert = AlertRecord {
            connection: connection.to_owned(),
            key: "test".to_owned(),
            kind: "test".to_owned(),
            stage: String::new(),
            message: String::new(),
            raised: at,
            cleared: None,
            told: std::collections::BTreeMap::default(),
        };
        Self { connection: connection.to_owned(), at, news: vec![(Event::Raised, alert, message)] }
    }

    /// The alerts in it, as they stand in the store.
    #[must_use]
    pub fn records(&self) -> Vec<AlertRecord> {
        self.news.iter().map(|(_, alert, _)| alert.clone()).collect()
    }

    /// One line that says what it is about.
    #[must_use]
    pub fn subject(&self) -> String {
        let of = &self.connection;
        match self.news.as_slice() {
            [(event, alert, message)] => {
                let kind = kind_words(&alert.kind);
                let over = if *event == Event::Cleared { " is over" } else { "" };
                format!("ml-connector, {of}: {kind}, {}{over}", message.record)
            }
            news => {
                let open = news.iter().filter(|(event, ..)| *event != Event::Cleared).count();
                match news.len() - open {
                    0 => format!("ml-connector, {of}: {open} alerts"),
                    over => format!("ml-connector, {of}: {open} alerts, {over} over"),
                }
            }
        }
    }

    /// The whole text, for people.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = String::new();
        for (event, alert, message) in &self.news {
            let Message { record, what, who, next } = message;
            let since = alert.raised.strftime("%Y-%m-%d %H:%M UTC");
            // Writing into memory does not fail.
            let _ = match event {
                Event::Cleared => writeln!(text, "OVER: {record}\n  It {what}\n"),
                _ => writeln!(
                    text,
                    "{record} {what}\n  Since: {since}\n  Who: {who}\n  Next: {next}\n"
                ),
            };
        }
        let _ = write!(text, "Connection {}; all of it: ml-connector alerts list", self.connection);
        text
    }

    /// The same for machines; `text` is what chat systems show.
    #[must_use]
    pub fn json(&self) -> Value {
        let alerts = self.news.iter().map(|(event, alert, message)| {
            json!({
                "event": event.as_str(), "kind": alert.kind, "record": message.record,
                "what": message.what, "who": message.who, "next": message.next,
                "raised": alert.raised.to_string(),
            })
        });
        json!({
            "source": "ml-connector", "connection": self.connection, "at": self.at.to_string(),
            "text": format!("{}\n\n{}", self.subject(), self.text()),
            "alerts": alerts.collect::<Vec<_>>(),
        })
    }
}

fn event(alert: &AlertRecord, channel: &str, now: Timestamp) -> Option<Event> {
    let told = alert.told.get(channel);
    match (alert.cleared, told) {
        (Some(_), None) => None,
        (Some(_), Some(_)) => Some(Event::Cleared),
        (None, None) => Some(Event::Raised),
        // Its stages are its reminders.
        (None, Some(_)) if alert.kind == Kind::SecretAge.as_str() => None,
        (None, Some(told)) => {
            (now.duration_since(*told) >= REPEATED_AFTER).then_some(Event::Reminder)
        }
    }
}

fn kind_words(kind: &str) -> &str {
    match kind {
        "secret_age" => "secret expires",
        "silence" => "settlement not seen",
        "not_reconciled" => "not reconciled",
        "signed_period" => "signed period changed",
        other => other,
    }
}

#[cfg(test)]
mod tests;
