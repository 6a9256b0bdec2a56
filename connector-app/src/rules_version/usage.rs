//! What the rules did to the newest settlements: money, rows, first and last day, by role and by
//! triple.

use std::collections::BTreeMap;

use jiff::civil::Date;
use ledger_mapper::{Account, Role, RuleRef, Source};
use rust_decimal::Decimal;
use serde::Deserialize;
use settlement_model::Triple;
use store::SettlementRecord;

/// Amounts of one kind in the newest settlements.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Used {
    /// Their sums by currency, signed as Amazon does.
    pub amounts: BTreeMap<String, Decimal>,
    /// How many rows.
    pub rows: u64,
    /// The end of the first settlement that has one.
    pub first: Date,
    /// The end of the last settlement that has one.
    pub last: Date,
}

/// What became of a triple.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mapped {
    /// Its role in the newest settlement that has it.
    pub role: Role,
    /// Its account there.
    pub account: String,
    /// What gave it both.
    pub rule: RuleRef,
    /// How much of it there was.
    pub used: Used,
}

/// What the rules did to the newest settlements.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Usage {
    /// How many settlements were looked at.
    pub settlements: usize,
    /// By role.
    pub roles: BTreeMap<Role, Used>,
    /// By triple.
    pub triples: BTreeMap<Triple, Mapped>,
}

/// The plan that is kept with a settlement, as far as it is looked at here.
#[derive(Deserialize)]
struct Kept {
    journals: Vec<Document>,
    #[serde(default)]
    invoices: Vec<Document>,
}

#[derive(Deserialize)]
struct Document {
    lines: Vec<Line>,
}

#[derive(Deserialize)]
struct Line {
    account: Account,
    #[serde(default)]
    sources: Vec<Source>,
}

/// Looks at the plans that are kept with settlements, given in the order of their ends. One without
/// a plan that can be read is left out.
#[must_use]
pub fn usage(records: &[SettlementRecord]) -> Usage {
    let mut usage = Usage::default();
    for record in records {
        let plan = record.plan.as_deref().map(serde_json::from_str::<Kept>);
        let end = record.end.get(..10).and_then(|day| day.parse().ok());
        let (Some(Ok(kept)), Some(end)) = (plan, end) else { continue };
        usage.settlements += 1;
        let lines = kept.journals.iter().chain(&kept.invoices).flat_map(|one| &one.lines);
        for (line, source) in lines.flat_map(|line| line.sources.iter().map(move |s| (line, s))) {
            usage.add(line, source, &record.currency, end);
        }
    }
    usage
}

impl Usage {
    fn add(&mut self, line: &Line, source: &Source, currency: &str, end: Date) {
        let nothing = || Used { amounts: BTreeMap::new(), rows: 0, first: end, last: end };
        self.roles.entry(source.role).or_insert_with(nothing).add(source, currency, end);
        let mapped = self.triples.entry(source.triple.clone()).or_insert_with(|| Mapped {
            role: source.role,
            account: String::new(),
            rule: source.rule.clone(),
            used: nothing(),
        });
        mapped.role = source.role;
        mapped.account = line.account.to_string();
        mapped.rule = source.rule.clone();
        mapped.used.add(source, currency, end);
    }
}

impl Used {
    fn add(&mut self, source: &Source, currency: &str, end: Date) {
        let sum = self.amounts.entry(currency.to_owned()).or_default();
        // More money than fits is for nobody to read.
        *sum = sum.saturating_add(source.amount);
        self.rows = self.rows.saturating_add(source.rows);
        self.first = self.first.min(end);
        self.last = self.last.max(end);
    }
}
