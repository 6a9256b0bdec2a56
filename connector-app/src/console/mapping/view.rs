//! The mapping as the page shows it; pure.

use std::collections::BTreeMap;

use ledger_mapper::{RuleRef, Rules};
use rust_decimal::Decimal;
use settlement_model::{Currency, Triple};
use store::{Event, SettlementRecord};

use crate::console::address::with_query;
use crate::console::figures::{self, figure};
use crate::console::telling::who;
use crate::pipeline::HeldReason;
use crate::pipeline::settlement::State;
use crate::rules_version::{LiveAccount, LiveAccounts, Usage, Used};

/// What the page is made of.
pub(super) struct View<'a> {
    pub(super) connection: &'a str,
    pub(super) rules: &'a Rules,
    pub(super) usage: &'a Usage,
    pub(super) accounts: &'a LiveAccounts,
    /// The story of the rules, oldest first.
    pub(super) events: &'a [Event],
}

/// An amount that waits for a decision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ToDecide {
    pub(super) what: String,
    pub(super) why: &'static str,
    pub(super) money: String,
    pub(super) rows: u64,
    pub(super) settlements: usize,
    pub(super) href: String,
}

/// A role and its account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct RoleRow {
    pub(super) title: &'static str,
    pub(super) name: &'static str,
    pub(super) account: String,
    pub(super) account_name: String,
    pub(super) word: &'static str,
    pub(super) tone: &'static str,
    pub(super) used: Seen,
    pub(super) changed: String,
    pub(super) href: String,
}

/// A `[[rule]]` of the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Rule {
    pub(super) asks: String,
    pub(super) gives: String,
    pub(super) place: String,
}

/// A triple of the newest settlements.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct TripleRow {
    pub(super) what: String,
    pub(super) role: &'static str,
    pub(super) account: String,
    pub(super) own: bool,
    pub(super) by: String,
    pub(super) used: Seen,
    pub(super) changed: String,
    pub(super) href: String,
}

/// How much of something there was, and when.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Seen {
    pub(super) money: String,
    pub(super) rows: u64,
    pub(super) first: String,
    pub(super) last: String,
}

impl From<&Used> for Seen {
    fn from(used: &Used) -> Self {
        Self {
            money: money(&used.amounts),
            rows: used.rows,
            first: figures::day(&used.first.to_string()),
            last: figures::day(&used.last.to_string()),
        }
    }
}

/// Sums by currency: `-12.40 USD, 3.00 EUR`.
fn money(amounts: &BTreeMap<String, Decimal>) -> String {
    let told = amounts.iter().map(|(code, amount)| match Currency::parse(code) {
        Ok(currency) => format!("{} {code}", figure(*amount, currency).text),
        Err(_) => format!("{amount} {code}"),
    });
    told.collect::<Vec<_>>().join(", ")
}

/// The page that decides about a triple.
pub(super) fn decide_triple(connection: &str, triple: &Triple) -> String {
    let Triple { transaction_type, amount_type, amount_description } = triple;
    let pairs = [
        ("connection", connection),
        ("transaction_type", transaction_type),
        ("amount_type", amount_type),
        ("amount_description", amount_description),
    ];
    with_query("/mapping/decide", &pairs)
}

fn decide_role(connection: &str, role: &str) -> String {
    with_query("/mapping/decide", &[("connection", connection), ("of_role", role)])
}

impl View<'_> {
    /// Who decided about this last, and when.
    fn changed(&self, of: &str) -> String {
        let about = |event: &&Event| {
            event.connection == self.connection && event.detail["of"].as_str() == Some(of)
        };
        let newest = self.events.iter().rev().find(about);
        newest.map_or_else(String::new, |event| {
            format!("{}, {}", who(&event.actor), figures::day(&event.at.to_string()))
        })
    }

    /// What Epicor says of an account: its name, a word and its tone.
    fn live(&self, account: Option<&str>) -> (String, &'static str, &'static str) {
        let Some(account) = account else { return (String::new(), "none: holds", "attention") };
        let in_file = || {
            let accounts =
                ledger_mapper::roles().iter().filter_map(|info| self.rules.account_for(&info.role));
            let mut same = accounts.filter(|one| one.as_str() == account);
            let name = same.next().and_then(|one| self.rules.account_name(one));
            name.unwrap_or_default().to_owned()
        };
        match self.accounts.accounts.get(account) {
            None if account.contains('{') => (in_file(), "by segment", "quiet"),
            None => (in_file(), "not asked yet", "quiet"),
            Some(LiveAccount { known: false, .. }) => (in_file(), "not in Epicor", "bad"),
            Some(LiveAccount { name, active: false, .. }) => (name.clone(), "inactive", "bad"),
            Some(LiveAccount { name, .. }) => (name.clone(), "active", "good"),
        }
    }

    /// Every role of the catalogue.
    pub(super) fn roles(&self) -> Vec<RoleRow> {
        let row = |info: &'static ledger_mapper::RoleInfo| {
            let account = self.rules.account_for(&info.role);
            let (account_name, word, tone) = self.live(account.map(ledger_mapper::Account::as_str));
            let name = info.role.as_str();
            RoleRow {
                title: &info.title,
                name,
                account: account.map(ToString::to_string).unwrap_or_default(),
                account_name,
                word,
                tone,
                used: self.usage.roles.get(&info.role).map(Seen::from).unwrap_or_default(),
                changed: self.changed(name),
                href: decide_role(self.connection, name),
            }
        };
        ledger_mapper::roles().iter().map(row).collect()
    }

    /// The rules of the file, the one that wins first.
    pub(super) fn rules(&self) -> Vec<Rule> {
        let row = |rule: ledger_mapper::ListedRule| {
            let asks = rule.asks.iter().map(|(field, text)| format!("{} = {text}", field.as_str()));
            let from = rule.from.map(|day| format!("from {day}"));
            let until = rule.until.map(|day| format!("until {day}"));
            let asks: Vec<_> = asks.chain(from).chain(until).collect();
            let role = rule.role.map(|role| role.info().title.clone());
            let gives: Vec<_> =
                role.into_iter().chain(rule.account.map(|one| one.to_string())).collect();
            let place = match rule.rule {
                RuleRef::Rule { number, line, .. } => format!("rule {number}, line {line}"),
                other => other.to_string(),
            };
            Rule { asks: asks.join(", "), gives: gives.join(" on "), place }
        };
        self.rules.listed().into_iter().map(row).collect()
    }

    /// The triples of the newest settlements.
    pub(super) fn triples(&self) -> Vec<TripleRow> {
        let row = |(triple, mapped): (&Triple, &crate::rules_version::Mapped)| {
            let what = triple.to_string();
            TripleRow {
                role: &mapped.role.info().title,
                account: mapped.account.clone(),
                own: matches!(mapped.rule, RuleRef::Rule { .. }),
                by: match &mapped.rule {
                    RuleRef::Catalogue { .. } => "inherited".to_owned(),
                    RuleRef::Rule { number, .. } => format!("own rule {number}"),
                    _ => "suspense".to_owned(),
                },
                used: Seen::from(&mapped.used),
                changed: self.changed(&what),
                href: decide_triple(self.connection, triple),
                what,
            }
        };
        self.usage.triples.iter().map(row).collect()
    }

    /// What holds settlements until somebody decides about it.
    pub(super) fn to_decide(&self, records: &[SettlementRecord]) -> Vec<ToDecide> {
        let mut found: BTreeMap<String, (ToDecide, BTreeMap<String, Decimal>)> = BTreeMap::new();
        for record in records.iter().filter(|record| record.state == State::Held.as_str()) {
            for reason in HeldReason::parse_all(record.hold.as_deref()) {
                let Some(waits) = self.waits(&reason) else { continue };
                let (one, sums) =
                    found.entry(waits.what.clone()).or_insert_with(|| (waits, BTreeMap::new()));
                one.settlements += 1;
                one.rows +=
                    reason.facts.get("rows").and_then(serde_json::Value::as_u64).unwrap_or(0);
                let amount = reason.facts.get("amount").and_then(|amount| amount.as_str());
                let amount: Decimal = amount.and_then(|text| text.parse().ok()).unwrap_or_default();
                let sum = sums.entry(record.currency.clone()).or_default();
                *sum = sum.saturating_add(amount);
            }
        }
        let told = found.into_values().map(|(one, sums)| ToDecide { money: money(&sums), ..one });
        told.collect()
    }

    fn waits(&self, reason: &HeldReason) -> Option<ToDecide> {
        let fact = |name: &str| reason.facts.get(name).and_then(|value| value.as_str());
        let text = |name: &str| fact(name).unwrap_or_default().to_owned();
        let (what, why, href) = match reason.reason.as_str() {
            "unknown_amount" => {
                let triple = Triple {
                    transaction_type: text("transaction_type"),
                    amount_type: text("amount_type"),
                    amount_description: text("amount_description"),
                };
                let href = decide_triple(self.connection, &triple);
                (triple.to_string(), "nobody has said what it is", href)
            }
            "role_without_account" => {
                let role = fact("role")?;
                let title = ledger_mapper::Role::named(role)?.info().title.clone();
                (title, "the role has no account", decide_role(self.connection, role))
            }
            _ => return None,
        };
        Some(ToDecide { what, why, money: String::new(), rows: 0, settlements: 0, href })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn view<'a>(rules: &'a Rules, usage: &'a Usage, accounts: &'a LiveAccounts) -> View<'a> {
        View { connection: "us", rules, usage, accounts, events: &[] }
    }

    fn live(name: &str, known: bool, active: bool) -> LiveAccount {
        LiveAccount { name: name.to_owned(), known, active }
    }

    #[test]
    fn an_account_is_as_epicor_has_it() {
        let text = Rules::sample_text().replace("storage_fees = \"5120\"\n", "");
        let rules = Rules::parse(&text, "rules.toml").expect("rules");
        let mut accounts = LiveAccounts::default();
        accounts.accounts.insert("4000".to_owned(), live("Sales US", true, true));
        accounts.accounts.insert("5100".to_owned(), live("Fees", true, false));
        accounts.accounts.insert("5130".to_owned(), live("", false, false));
        let usage = Usage::default();
        let roles = view(&rules, &usage, &accounts).roles();
        let of = |name: &str| roles.iter().find(|row| row.name == name).expect("a role");
        let told = |name: &str| (of(name).account_name.as_str(), of(name).word, of(name).tone);
        assert_eq!(told("product_sales"), ("Sales US", "active", "good"));
        assert_eq!(told("referral_fees"), ("Fees", "inactive", "bad"));
        assert_eq!(told("advertising"), ("Advertising", "not in Epicor", "bad"));
        assert_eq!(told("shipping_income"), ("Shipping income", "not asked yet", "quiet"));
        assert_eq!(told("storage_fees"), ("", "none: holds", "attention"));
        assert_eq!(of("storage_fees").href, "/mapping/decide?connection=us&of_role=storage_fees");
    }

    #[test]
    fn one_fee_in_two_settlements_is_one_decision() {
        let hold = |rows: u64, amount: &str| {
            json!([{ "reason": "unknown_amount", "message": "Nothing says what it is.",
                     "transaction_type": "Fees", "amount_type": "New & shiny",
                     "amount_description": "Base fee", "rows": rows, "amount": amount }])
            .to_string()
        };
        let record = |id: &str, state: &str, hold: String| SettlementRecord {
            key: store::SettlementKey { connection: "us".to_owned(), settlement_id: id.to_owned() },
            document: store::DocumentHash::of(b"x"),
            source: String::new(),
            currency: "USD".to_owned(),
            deposit: "1.00".to_owned(),
            start: String::new(),
            end: "2026-10-14T00:00:00Z".to_owned(),
            rows: 1,
            content: String::new(),
            state: state.to_owned(),
            hold: Some(hold),
            plan: None,
            reissue: None,
            waived: None,
            created: jiff::Timestamp::UNIX_EPOCH,
            updated: jiff::Timestamp::UNIX_EPOCH,
        };
        let records = [
            record("81", "held", hold(2, "-10.00")),
            record("82", "held", hold(1, "-2.50")),
            record("83", "posted", hold(9, "-99.00")),
        ];
        let (rules, usage, accounts) = (Rules::sample(), Usage::default(), LiveAccounts::default());
        let found = view(&rules, &usage, &accounts).to_decide(&records);
        let [one] = found.as_slice() else { panic!("{found:?}") };
        assert_eq!((one.money.as_str(), one.rows, one.settlements), ("-12.50 USD", 3, 2));
        assert!(one.href.ends_with("&amount_type=New+%26+shiny&amount_description=Base+fee"));
    }
}
