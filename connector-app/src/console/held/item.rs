//! From reasons to decisions: what is decided once stands once, whatever waits for it.

use std::collections::BTreeMap;

use jiff::Timestamp;
use ledger_mapper::Role;
use rust_decimal::Decimal;
use serde_json::Value;
use settlement_model::{Currency, Triple};
use store::SettlementKey;

use crate::console::address::{self, with_query};
use crate::console::figures::{age, counted, figure};
use crate::pipeline::HeldReason;

/// What kind of record waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::console) enum Kind {
    Settlement,
    Report,
    Order,
    Shipment,
    Accrual,
    CrossReference,
    /// One that was written into Epicor or sent to Amazon.
    Document,
}

impl Kind {
    const fn word(self) -> &'static str {
        match self {
            Self::Settlement => "settlement",
            Self::Report => "report",
            Self::Order => "order",
            Self::Shipment => "shipment",
            Self::Accrual => "accrual",
            Self::CrossReference => "cross reference",
            Self::Document => "document",
        }
    }
}

/// A record that waits for a person.
#[derive(Debug, Clone)]
pub(in crate::console) struct Waiting {
    pub(in crate::console) kind: Kind,
    pub(in crate::console) connection: String,
    pub(in crate::console) id: String,
    /// Its page; empty where it has none.
    pub(in crate::console) href: String,
    pub(in crate::console) since: Timestamp,
    /// Of the amounts of its reasons; empty where they have none.
    pub(in crate::console) currency: String,
    pub(in crate::console) reasons: Vec<HeldReason>,
}

/// Something to be decided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::console) struct Item {
    pub(in crate::console) title: String,
    /// The first reason in full.
    pub(in crate::console) why: String,
    pub(in crate::console) rows: String,
    pub(in crate::console) money: Vec<String>,
    /// Since when the oldest waits: `3 days`.
    pub(in crate::console) oldest: String,
    pub(in crate::console) since: Timestamp,
    /// The first of them.
    pub(in crate::console) records: Vec<Record>,
    /// How many records wait beside those.
    pub(in crate::console) more: usize,
    pub(in crate::console) choices: Vec<Choice>,
}

/// A record that waits for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::console) struct Record {
    pub(in crate::console) label: String,
    pub(in crate::console) href: String,
    pub(in crate::console) connection: String,
}

/// What can be done, as a link to where it is done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::console) struct Choice {
    pub(in crate::console) label: String,
    pub(in crate::console) href: String,
    pub(in crate::console) primary: bool,
}

/// How many of the records that wait for one decision are named.
const RECORDS: usize = 12;

/// What is decided together: the code of the reason, the connection, and what tells it apart.
type Together = (String, String, String);

/// Gathers what waits by what must be decided, what has waited longest first.
pub(in crate::console) fn gather(waiting: Vec<Waiting>, now: Timestamp) -> Vec<Item> {
    let mut gathered: BTreeMap<Together, Gathered> = BTreeMap::new();
    for record in waiting {
        let mut reasons = record.reasons.clone();
        if reasons.is_empty() {
            reasons.push(HeldReason::new("held", "It is held, and no reason was kept."));
        }
        for reason in reasons {
            let key = together(&record, &reason);
            gathered.entry(key).or_default().add(&record, reason);
        }
    }
    let mut items: Vec<_> =
        gathered.into_values().filter_map(|gathered| gathered.into_item(now)).collect();
    items.sort_by(|a, b| a.since.cmp(&b.since).then_with(|| a.title.cmp(&b.title)));
    items
}

fn together(record: &Waiting, reason: &HeldReason) -> Together {
    let apart = match reason.reason.as_str() {
        "unknown_amount" => triple(reason).to_string(),
        "role_without_account" => fact(reason, "role").to_owned(),
        _ => format!("{} {}", record.kind.word(), record.id),
    };
    (reason.reason.clone(), record.connection.clone(), apart)
}

fn fact<'r>(reason: &'r HeldReason, name: &str) -> &'r str {
    reason.facts.get(name).and_then(Value::as_str).unwrap_or_default()
}

fn triple(reason: &HeldReason) -> Triple {
    Triple {
        transaction_type: fact(reason, "transaction_type").to_owned(),
        amount_type: fact(reason, "amount_type").to_owned(),
        amount_description: fact(reason, "amount_description").to_owned(),
    }
}

#[derive(Default)]
struct Gathered {
    first: Option<(Waiting, HeldReason)>,
    rows: u64,
    money: BTreeMap<String, Decimal>,
    since: Option<Timestamp>,
    records: Vec<Record>,
}

impl Gathered {
    fn add(&mut self, record: &Waiting, reason: HeldReason) {
        self.rows += reason.facts.get("rows").and_then(Value::as_u64).unwrap_or_default();
        let amount = fact(&reason, "amount").parse::<Decimal>().ok();
        if let (Some(amount), false) = (amount, record.currency.is_empty()) {
            *self.money.entry(record.currency.clone()).or_default() += amount;
        }
        self.since = Some(self.since.map_or(record.since, |since| since.min(record.since)));
        let label = format!("{} {}", record.kind.word(), record.id);
        if self.records.last().is_none_or(|last| last.label != label) {
            let (href, connection) = (record.href.clone(), record.connection.clone());
            self.records.push(Record { label, href, connection });
        }
        self.first.get_or_insert_with(|| (record.clone(), reason));
    }

    fn into_item(self, now: Timestamp) -> Option<Item> {
        let (record, reason) = self.first?;
        let since = self.since?;
        let money = self.money.iter().map(|(code, amount)| match Currency::parse(code) {
            Ok(currency) => format!("{} {code}", figure(*amount, currency).text),
            Err(_) => format!("{amount} {code}"),
        });
        Some(Item {
            title: title(&record, &reason),
            rows: if self.rows == 0 { String::new() } else { counted(self.rows, "row") },
            money: money.collect(),
            oldest: age(since, now),
            since,
            more: self.records.len().saturating_sub(RECORDS),
            records: self.records.into_iter().take(RECORDS).collect(),
            choices: choices(&record, &reason),
            why: reason.message,
        })
    }
}

/// What is the matter, in the clerk's words.
fn title(record: &Waiting, reason: &HeldReason) -> String {
    let plain = match reason.reason.as_str() {
        "unknown_amount" => return format!("New to everybody: {}", triple(reason)),
        "role_without_account" => {
            let role = Role::named(fact(reason, "role"));
            let title = role.map_or("a role", |role| role.info().title.as_str());
            return format!("No account for {title}");
        }
        "does_not_tie" => "The rows do not add up to the deposit",
        "no_segment" => "A segment of an account has no value for these rows",
        "needs_rows" => "The SKU decides, and the rows were read without it",
        "no_period" => "A day that is in no period of the calendar",
        "arithmetic" => "The amounts do not make a journal",
        "chain_gap" => "A settlement is missing before it",
        "chain_overlap" => "It shares time with another settlement",
        "other_connection" => "Another connection has it, too",
        "reissued" => "Amazon issued it again, with other content",
        "held_by_person" => "Somebody stopped it",
        "account_missing" => "Epicor does not have an account",
        "account_inactive" => "An account is inactive in Epicor",
        "vendor_missing" => "Epicor does not have the vendor",
        "vendor_inactive" => "The vendor is inactive in Epicor",
        "posting_held" => "Epicor did not take it",
        "missing" => "It was in Epicor, and is not any more",
        "more_than_once" => "It is in Epicor more than once",
        "period_closed" => "A period is closed in Epicor",
        "accrual_outdated" => "A settlement came after it was accrued",
        "period_signed" => "A person has signed the period",
        "nothing_open" => "Nothing is open any more",
        _ => match record.kind {
            Kind::Settlement => "A settlement is held",
            Kind::Report => "A report cannot be read",
            Kind::Order => "An order waits",
            Kind::Shipment => "A shipment waits",
            Kind::Accrual => "An accrual is held",
            Kind::CrossReference => "A cross reference is held",
            Kind::Document => "A document needs a look",
        },
    };
    plain.to_owned()
}

fn choices(record: &Waiting, reason: &HeldReason) -> Vec<Choice> {
    let base = &record.href;
    let choice =
        |label: &str, href: String, primary| Choice { label: label.to_owned(), href, primary };
    let on_page = |label, end: &str, primary| choice(label, format!("{base}{end}"), primary);
    match (record.kind, reason.reason.as_str()) {
        (_, "unknown_amount") => {
            let Triple { transaction_type, amount_type, amount_description } = triple(reason);
            let query = [
                ("connection", record.connection.as_str()),
                ("transaction_type", &transaction_type),
                ("amount_type", &amount_type),
                ("amount_description", &amount_description),
            ];
            vec![
                choice("Say what it is …", with_query("/mapping/decide", &query), true),
                on_page("See its rows", "/rows", false),
            ]
        }
        (_, "role_without_account") => {
            let connection = record.connection.as_str();
            let query = [("connection", connection), ("of_role", fact(reason, "role"))];
            vec![choice("Name its account …", with_query("/mapping/decide", &query), true)]
        }
        (_, "no_segment" | "needs_rows" | "no_period") => {
            let query = [("connection", record.connection.as_str())];
            vec![choice("Open the mapping", with_query("/mapping", &query), true)]
        }
        (Kind::Settlement, "does_not_tie") => vec![
            choice("Try a file downloaded again", "/drop".to_owned(), true),
            on_page("See its rows", "/rows", false),
        ],
        (Kind::Settlement, "chain_gap" | "chain_overlap") => vec![
            choice("See the chain", "/chain".to_owned(), true),
            on_page("It is right as it is: release …", "/release", false),
        ],
        (Kind::Settlement, "other_connection") => {
            let (connection, settlement_id) =
                (fact(reason, "connection").to_owned(), record.id.clone());
            let there = address::settlement(&SettlementKey { connection, settlement_id });
            vec![
                choice("See it there", there, true),
                on_page("It is booked here: release …", "/release", false),
            ]
        }
        (Kind::Settlement, "reissued") => vec![
            on_page("See what changed", "/changed", true),
            on_page("Leave the books as they are …", "/release", false),
        ],
        (Kind::Settlement, "held_by_person") => vec![on_page("Release …", "/release", true)],
        (Kind::Settlement, "posting_held") => vec![
            on_page("See what Epicor said", "/epicor", true),
            on_page("It is mended: go on …", "/release", false),
        ],
        (Kind::Settlement, _) => vec![on_page("It is mended: look again …", "/release", true)],
        (Kind::Report, _) => vec![choice("Try a file downloaded again", "/drop".to_owned(), true)],
        (Kind::Order | Kind::Shipment, _) => vec![on_page("See the order", "", true)],
        (Kind::Accrual, _) => vec![on_page("See the period", "", true)],
        (Kind::Document, _) if base.is_empty() => Vec::new(),
        (Kind::Document, _) => vec![on_page("See the document", "", true)],
        // `catalog accept` decides it; the reason says what stands in Epicor.
        (Kind::CrossReference, _) => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().expect("a time")
    }

    fn reason(code: &str, facts: Value) -> HeldReason {
        let mut reason = HeldReason::new(code, format!("why {code}"));
        if let Value::Object(facts) = facts {
            reason.facts = facts;
        }
        reason
    }

    fn fee(amount: &str) -> HeldReason {
        reason(
            "unknown_amount",
            serde_json::json!({
                "transaction_type": "ServiceFee", "amount_type": "Shiny new fee",
                "amount_description": "Base & more", "rows": 2, "amount": amount,
            }),
        )
    }

    fn held(id: &str, since: &str, reasons: Vec<HeldReason>) -> Waiting {
        Waiting {
            kind: Kind::Settlement,
            connection: "us".to_owned(),
            id: id.to_owned(),
            href: format!("/settlements/us/{id}"),
            since: at(since),
            currency: "USD".to_owned(),
            reasons,
        }
    }

    #[test]
    fn one_new_fee_in_two_settlements_is_one_decision() {
        let tie = reason("does_not_tie", serde_json::json!({ "amount": "1.00" }));
        let items = gather(
            vec![
                held("82", "2026-05-20T00:00:00Z", vec![fee("-10.00"), tie]),
                held("81", "2026-05-18T00:00:00Z", vec![fee("-31.20")]),
            ],
            at("2026-05-22T00:00:00Z"),
        );
        let [first, second] = items.as_slice() else { panic!("two decisions: {items:?}") };
        assert_eq!(first.title, "New to everybody: ServiceFee / Shiny new fee / Base & more");
        assert_eq!((first.rows.as_str(), first.oldest.as_str()), ("4 rows", "4 days"));
        assert_eq!(first.money, ["-41.20 USD"]);
        let records: Vec<_> = first.records.iter().map(|record| record.label.as_str()).collect();
        assert_eq!(records, ["settlement 82", "settlement 81"]);
        assert!(first.choices[0].primary);
        assert!(
            first.choices[0].href.ends_with("amount_description=Base+%26+more"),
            "{}",
            first.choices[0].href
        );
        assert_eq!(second.title, "The rows do not add up to the deposit");
    }

    #[test]
    fn settlements_that_do_not_tie_are_decided_one_by_one() {
        let tie = || reason("does_not_tie", Value::Null);
        let both = vec![
            held("81", "2026-05-18T00:00:00Z", vec![tie()]),
            held("82", "2026-05-18T00:00:00Z", vec![tie()]),
        ];
        assert_eq!(gather(both, at("2026-05-18T00:00:00Z")).len(), 2);
    }

    #[test]
    fn of_many_that_wait_for_one_decision_the_first_are_named() {
        let many =
            (100..130).map(|id| held(&id.to_string(), "2026-05-18T00:00:00Z", vec![fee("-1.00")]));
        let items = gather(many.collect(), at("2026-05-18T00:00:00Z"));
        assert_eq!((items.len(), items[0].records.len(), items[0].more), (1, RECORDS, 18));
        assert_eq!(items[0].money, ["-30.00 USD"]);
    }

    #[test]
    fn whatever_waits_can_be_acted_on() {
        for code in [
            "arithmetic",
            "chain_gap",
            "other_connection",
            "reissued",
            "held_by_person",
            "posting_held",
            "odd",
        ] {
            let one = vec![held("81", "2026-05-18T00:00:00Z", vec![reason(code, Value::Null)])];
            let items = gather(one, at("2026-05-18T00:00:00Z"));
            assert!(items[0].choices.iter().any(|choice| choice.primary), "{code}");
        }
        let without = vec![held("81", "2026-05-18T00:00:00Z", Vec::new())];
        assert_eq!(gather(without, at("2026-05-18T00:00:00Z"))[0].title, "A settlement is held");
    }
}
