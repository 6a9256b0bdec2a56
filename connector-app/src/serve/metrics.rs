//! What Prometheus reads: counts of this process, and figures of the whole store.

use std::fmt;
use std::time::Duration;

use jiff::Timestamp;
use prometheus_client::encoding::text::{encode_eof, encode_registry};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Registry;
use store::{AlertRecord, Overview};

use super::in_force::Reloaded;
use crate::alert::Kind;
use crate::connect::Traffic;
use crate::pipeline::settlement::State;

/// The prefix of every name.
const PREFIX: &str = "ml_connector";

/// The ages that client secrets are counted by: below so many days, and what that is called.
/// `check` and the alert warn in the last month of the 180 days that Amazon gives.
const SECRET_AGES: [(i64, &str); 3] = [(90, "below 90"), (150, "90 to 149"), (180, "150 to 179")];

/// Those that Amazon does not take any more.
const TOO_OLD: &str = "180 and more";

/// Names and values of labels.
type Labels = Vec<(&'static str, String)>;

/// The counts of this process since it started.
pub struct Metrics {
    registry: Registry,
    runs: Family<Labels, Counter>,
    requests: Family<Labels, Counter>,
    waits: Family<Labels, Counter>,
    waited_millis: Family<Labels, Counter>,
    reloads: Family<Labels, Counter>,
    under_way: Gauge,
}

impl fmt::Debug for Metrics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Metrics").finish_non_exhaustive()
    }
}

impl Default for Metrics {
    fn default() -> Self {
        let mut registry = Registry::with_prefix(PREFIX);
        let runs = Family::<Labels, Counter>::default();
        let requests = Family::<Labels, Counter>::default();
        let waits = Family::<Labels, Counter>::default();
        let waited_millis = Family::<Labels, Counter>::default();
        let reloads = Family::<Labels, Counter>::default();
        let under_way = Gauge::default();
        registry.register("runs", "Runs that ended, by flow and outcome", runs.clone());
        let text = "Requests to Amazon and Epicor, by operation and status";
        registry.register("requests", text, requests.clone());
        let text = "Waits for the rate of an operation, or before another attempt";
        registry.register("throttle_waits", text, waits.clone());
        let text = "Milliseconds of those waits";
        registry.register("throttle_wait_milliseconds", text, waited_millis.clone());
        let text = "Times the configuration was read again, by what became of it";
        registry.register("configuration_reloads", text, reloads.clone());
        registry.register("connections_under_way", "Connections worked on now", under_way.clone());
        Self { registry, runs, requests, waits, waited_millis, reloads, under_way }
    }
}

impl Traffic for Metrics {
    fn answered(&self, operation: &'static str, status: Option<u16>) {
        let status = status.map_or_else(|| "none".to_owned(), |status| status.to_string());
        let labels = vec![("operation", operation.to_owned()), ("status", status)];
        self.requests.get_or_create(&labels).inc();
    }

    fn waits(&self, operation: &'static str, wait: Duration) {
        let labels = vec![("operation", operation.to_owned())];
        self.waits.get_or_create(&labels).inc();
        let millis = u64::try_from(wait.as_millis()).unwrap_or(u64::MAX);
        self.waited_millis.get_or_create(&labels).inc_by(millis);
    }
}

/// What is read from outside of this process for one answer.
#[derive(Debug)]
pub struct Reading {
    /// Counts over the store; `None` when it cannot be reached.
    pub overview: Option<Overview>,
    /// Since when each connection's client secret is in use, where that can be told.
    pub client_secrets: Vec<Timestamp>,
    /// The alerts that stand.
    pub alerts: Vec<AlertRecord>,
    /// Whether the newest configuration file was accepted.
    pub configuration_valid: bool,
    /// Now.
    pub now: Timestamp,
}

impl Metrics {
    /// A run ended.
    pub fn ran(&self, flow: &str, outcome: &str) {
        let labels = vec![("flow", flow.to_owned()), ("outcome", outcome.to_owned())];
        self.runs.get_or_create(&labels).inc();
    }

    /// The configuration was read again.
    pub fn reloaded(&self, what: Reloaded) {
        let word = match what {
            Reloaded::Accepted => "accepted",
            Reloaded::Refused => "refused",
        };
        self.reloads.get_or_create(&vec![("outcome", word.to_owned())]).inc();
    }

    /// So many connections are worked on.
    pub fn under_way(&self, connections: usize) {
        self.under_way.set(i64::try_from(connections).unwrap_or(i64::MAX));
    }

    /// The text that Prometheus reads.
    ///
    /// # Errors
    /// None that can happen: writing into memory.
    pub fn text(&self, reading: &Reading) -> Result<String, fmt::Error> {
        let mut text = String::new();
        encode_registry(&mut text, &self.registry)?;
        encode_registry(&mut text, &gauges(reading))?;
        encode_eof(&mut text)?;
        Ok(text)
    }
}

/// The figures of the store, at this moment.
fn gauges(reading: &Reading) -> Registry {
    let mut registry = Registry::with_prefix(PREFIX);
    let mut one = |name: &str, help: &str, value: i64| {
        let gauge: Gauge = Gauge::default();
        gauge.set(value);
        registry.register(name, help, gauge);
    };
    let reachable = i64::from(reading.overview.is_some());
    one("store_reachable", "Whether the store could be read", reachable);
    let valid = i64::from(reading.configuration_valid);
    one("configuration_valid", "Whether the newest configuration file was accepted", valid);
    let overview = reading.overview.clone().unwrap_or_default();
    let held = overview.settlements.iter().find(|(state, _)| state == State::Held.as_str());
    let held = held.map_or(0, |(_, count)| *count) + overview.reports_held;
    one("held", "Settlements and reports that need a person", whole(held));

    let mut many = |name: &str, help: &str, values: Vec<(Labels, i64)>| {
        let family = Family::<Labels, Gauge>::default();
        for (labels, value) in values {
            family.get_or_create(&labels).set(value);
        }
        registry.register(name, help, family);
    };
    let by = |label: &'static str, counts: Vec<(String, u64)>| {
        let labelled = |(word, count)| (vec![(label, word)], whole(count));
        counts.into_iter().map(labelled).collect::<Vec<_>>()
    };
    many("settlements", "Settlements by state", by("state", overview.settlements));
    let text = "Documents for Epicor by step; `unknown` is looked up before anything is sent again";
    many("postings", text, by("step", overview.postings));
    many("lanes", "Connections that a worker acts for now", by("owner", overview.lanes));
    let outcomes = overview.flows.iter().map(|count| {
        let outcome = count.outcome.clone().unwrap_or_else(|| "none".to_owned());
        (vec![("flow", count.flow.clone()), ("outcome", outcome)], whole(count.connections))
    });
    let text = "Connections by the outcome of their last run";
    many("last_runs", text, outcomes.collect());
    many("next_due_seconds", "Seconds until a flow is due; negative when late", next_due(reading));
    let standing = Kind::ALL.map(|kind| {
        let of_kind = reading.alerts.iter().filter(|alert| alert.kind == kind.as_str());
        (vec![("kind", kind.as_str().to_owned())], whole(of_kind.count() as u64))
    });
    let text = "Alerts that stand; `silence` is a settlement that was due and is not seen";
    many("alerts", text, standing.into());
    let (ages, oldest) = secret_ages(reading);
    let text = "Connections by the age of their Amazon client secret, which Amazon wants renewed \
                within 180 days; `credentials status` and the alert say which";
    many("client_secrets", text, ages);
    let text = "Days since the oldest Amazon client secret was set";
    let gauge: Gauge = Gauge::default();
    gauge.set(oldest);
    registry.register("client_secret_oldest_days", text, gauge);
    registry
}

/// How many client secrets are how old, and the age of the oldest in days. A few series, however
/// many connections there are.
fn secret_ages(reading: &Reading) -> (Vec<(Labels, i64)>, i64) {
    let days =
        |set_at: &Timestamp| reading.now.duration_since(*set_at).as_hours().div_euclid(24).max(0);
    let mut counts = [0; SECRET_AGES.len() + 1];
    let mut oldest = 0;
    for set_at in &reading.client_secrets {
        let age = days(set_at);
        oldest = oldest.max(age);
        let bucket = SECRET_AGES.iter().position(|(below, _)| age < *below);
        counts[bucket.unwrap_or(SECRET_AGES.len())] += 1;
    }
    let words = SECRET_AGES.iter().map(|(_, word)| *word).chain([TOO_OLD]);
    let labelled = |(word, count): (&str, i64)| (vec![("days", word.to_owned())], count);
    (words.zip(counts).map(labelled).collect(), oldest)
}

/// Seconds until the first connection of each flow is due.
fn next_due(reading: &Reading) -> Vec<(Labels, i64)> {
    let mut first = std::collections::BTreeMap::<&str, Timestamp>::new();
    for count in reading.overview.iter().flat_map(|overview| &overview.flows) {
        if let Some(due) = count.due {
            let known = first.entry(&count.flow).or_insert(due);
            *known = due.min(*known);
        }
    }
    let labelled = |(flow, due): (&str, Timestamp)| {
        (vec![("flow", flow.to_owned())], due.duration_since(reading.now).as_secs())
    };
    first.into_iter().map(labelled).collect()
}

fn whole(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;

    use super::*;

    #[test]
    fn ten_thousand_secrets_are_five_lines() {
        let now: Timestamp = "2026-11-26T12:00:00Z".parse().expect("an instant");
        let set = |days: i64| now - SignedDuration::from_hours(24 * days);
        let client_secrets = (0..10_000).map(|number| set(number % 200)).collect();
        let reading = Reading {
            overview: None,
            client_secrets,
            alerts: Vec::new(),
            configuration_valid: true,
            now,
        };
        let text = Metrics::default().text(&reading).expect("text");
        let mut lines: Vec<_> = text
            .lines()
            .filter(|line| line.contains("client_secret") && !line.starts_with('#'))
            .collect();
        lines.sort_unstable();
        assert_eq!(
            lines,
            [
                "ml_connector_client_secret_oldest_days 199",
                "ml_connector_client_secrets{days=\"150 to 179\"} 1500",
                "ml_connector_client_secrets{days=\"180 and more\"} 1000",
                "ml_connector_client_secrets{days=\"90 to 149\"} 3000",
                "ml_connector_client_secrets{days=\"below 90\"} 4500",
            ]
        );
    }
}
