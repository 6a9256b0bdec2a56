//! Settlements written as short tables, and journals printed as such.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::LazyLock;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use ledger_mapper::{Calendar, Context, Journal, Plan, Rules, plan};
use rust_decimal::Decimal;
use settlement_model::{
    Currency, Fulfillment, Group, LineSpan, Money, ReportTime, Settlement, SettlementId, Triple,
};

/// A settlement of US dollars. Each row of the table is `date | triple | amount`; the date is a day
/// in Pacific time. `end` is an instant.
pub(crate) fn settlement(id: &str, total: &str, end: &str, table: &str) -> Settlement {
    let rows = table.lines().map(str::trim).filter(|row| !row.is_empty());
    let groups: Vec<Group> = (3..).zip(rows).map(|(line, row)| group(line, row)).collect();
    let currency = usd();
    let sum = groups.iter().fold(Money::zero(currency), |sum, group| {
        sum.checked_add(group.amount).expect("small amounts")
    });
    Settlement {
        id: SettlementId::parse(id).expect("digits"),
        start: ReportTime::Date(Date::constant(2026, 1, 1)),
        end: ReportTime::Instant(end.parse().expect("an instant")),
        deposit_date: None,
        total: money(total),
        rows: groups.iter().map(|group| group.rows).sum(),
        sum,
        groups,
        line: 2,
    }
}

fn group(line: u64, row: &str) -> Group {
    let cells: Vec<&str> = row.split('|').map(str::trim).collect();
    let &[date, triple, amount] = cells.as_slice() else {
        panic!("date | triple | amount, not {row}");
    };
    let names: Vec<&str> = triple.split(" / ").collect();
    let &[transaction_type, amount_type, amount_description] = names.as_slice() else {
        panic!("a triple has three names, not {triple}");
    };
    Group {
        triple: Triple {
            transaction_type: transaction_type.to_owned(),
            amount_type: amount_type.to_owned(),
            amount_description: amount_description.to_owned(),
        },
        date: date.parse().expect("a date"),
        marketplace: None,
        fulfillment: Fulfillment::Unstated,
        sku: None,
        amount: money(amount),
        rows: 1,
        lines: LineSpan { first: line, last: line },
    }
}

pub(crate) fn usd() -> Currency {
    Currency::parse("USD").expect("ISO 4217")
}

pub(crate) fn money(amount: &str) -> Money {
    Money::new(amount.parse().expect("a decimal"), usd()).expect("cents")
}

pub(crate) fn pacific() -> TimeZone {
    TimeZone::get("America/Los_Angeles").expect("the bundled time zones")
}

/// Plans with calendar months in Pacific time.
pub(crate) fn plan_with(settlement: &Settlement, rules: &Rules) -> Plan {
    let (calendar, zone) = (Calendar::months(), pacific());
    let context = Context::new("acme-us", rules, &calendar, &zone);
    plan(settlement, &context)
}

/// Plans with the sample chart, calendar months and Pacific time.
pub(crate) fn sample_plan(settlement: &Settlement) -> Plan {
    plan_with(settlement, sample_rules())
}

/// The sample chart, parsed once.
pub(crate) fn sample_rules() -> &'static Rules {
    static SAMPLE: LazyLock<Rules> = LazyLock::new(Rules::sample);
    &SAMPLE
}

/// The journals as tables, with their totals.
pub(crate) fn table(plan: &Plan) -> String {
    let mut text = String::new();
    for journal in &plan.journals {
        write_journal(&mut text, journal).expect("a String");
    }
    text
}

fn write_journal(text: &mut String, journal: &Journal) -> std::fmt::Result {
    writeln!(text, "{} on {}", journal.key, journal.date)?;
    for line in &journal.lines {
        writeln!(
            text,
            "{} {:<27} {:>9} {:>9} {:>2}",
            line.account,
            line.role.as_str(),
            line.debit,
            line.credit,
            line.rows
        )?;
    }
    writeln!(text, "{:<32} {:>9} {:>9}", "", journal.debits().amount(), journal.credits().amount())
}

/// What each account is credited less what it is debited over all journals; zeros left out.
pub(crate) fn effect<'a>(
    journals: impl IntoIterator<Item = &'a Journal>,
) -> BTreeMap<String, Decimal> {
    let mut effect: BTreeMap<String, Decimal> = BTreeMap::new();
    for line in journals.into_iter().flat_map(|journal| &journal.lines) {
        *effect.entry(line.account.to_string()).or_default() += line.credit - line.debit;
    }
    effect.retain(|_, amount| !amount.is_zero());
    effect
}

/// One journal as a table, with its totals.
pub(crate) fn journal_table(journal: &Journal) -> String {
    let mut text = String::new();
    write_journal(&mut text, journal).expect("a String");
    text
}
