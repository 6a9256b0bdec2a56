//! What `reconcile` prints.

use anstyle::Style;
use ledger_mapper::{Difference, Reconciliation};
use serde_json::json;
use settlement_model::{Currency, Money, SettlementId};

use crate::config::Connection;
use crate::output::{self, ATTENTION, Align, BAD, GOOD, HEAD, QUIET, Table, grouped, styled};
use crate::reconcile::watch::ChangedPeriod;
use crate::reconcile::{AsOf, FourFigures};

/// Told on standard error: it concerns every figure.
pub(super) fn unreadable(what: &[String]) {
    for what in what {
        output::note(format!("{} {what}", styled(BAD, "not readable:")));
    }
}

/// What is no longer as it was signed, on standard error likewise.
pub(super) fn changed(periods: &[ChangedPeriod]) {
    for period in periods {
        let ChangedPeriod { signed, changes } = period;
        for change in changes {
            let head = styled(BAD, "changed since it was signed:");
            output::note(format!("{head} {}: {change}", signed.key));
        }
    }
}

pub(super) fn as_json(
    connection: &Connection,
    currency: Currency,
    as_of: &AsOf,
) -> serde_json::Value {
    let AsOf { until, result, rows } = as_of;
    let text = |money: Money| money.amount_text();
    let settlements: Vec<_> = rows
        .iter()
        .map(|row| {
            json!({ "settlement_id": row.settlement.as_str(), "amazon": text(row.amazon),
                    "journal": text(row.journal), "ledger": row.ledger.map(text),
                    "bank": row.bank.map(text), "closed": row.closed })
        })
        .collect();
    let differences: Vec<_> = result
        .differences
        .iter()
        .map(|difference| {
            json!({ "settlement_id": difference.settlement.as_ref().map(SettlementId::as_str),
                    "bank_line": difference.bank_line, "kind": difference.kind.to_string(),
                    "amount": text(difference.amount), "open": difference.open,
                    "age_days": difference.age_days })
        })
        .collect();
    let roll = &result.roll_forward;
    json!({
        "connection": connection.name, "currency": currency.code(),
        "until": until.to_string(), "reconciled": result.is_reconciled(),
        "settlements": settlements, "differences": differences,
        "clearing": { "opening": text(roll.opening), "deposits": text(roll.deposits),
                      "rows": text(roll.rows), "bank": text(roll.bank),
                      "waived": text(roll.waived), "closing": text(roll.closing),
                      "explained": text(roll.explained), "unexplained": text(roll.unexplained),
                      "ledger_difference": roll.ledger_difference.map(text) },
        "open_by_age": { "to_7_days": text(result.ageing.week),
                         "to_14_days": text(result.ageing.fortnight),
                         "to_30_days": text(result.ageing.month),
                         "older": text(result.ageing.older) },
    })
}

pub(super) fn people(connection: &Connection, currency: Currency, as_of: &AsOf) -> Vec<String> {
    let AsOf { until, result, rows } = as_of;
    let verdict = if result.is_reconciled() {
        styled(GOOD, "reconciled")
    } else {
        styled(BAD, "not reconciled")
    };
    let head = format!("{} {} until {until}", connection.name, currency);
    let mut lines = vec![format!("{}: {verdict}", styled(HEAD, head))];
    lines.extend(four_columns(rows));
    lines.push(String::new());
    lines.extend(roll_forward(result));
    for difference in &result.differences {
        lines.push(sentence(difference));
    }
    lines
}

pub(super) fn four_columns(figures: &[FourFigures]) -> Vec<String> {
    let mut table = Table::new(&[
        ("Settlement", Align::Left),
        ("Amazon", Align::Right),
        ("Journal", Align::Right),
        ("Epicor", Align::Right),
        ("Bank", Align::Right),
        ("", Align::Left),
    ])
    .indent(2);
    let amount = |money: Option<Money>| {
        money.map_or_else(|| "-".to_owned(), |money| grouped(&money.amount_text()))
    };
    for row in figures {
        let (style, word) = if row.closed { (GOOD, "closed") } else { (ATTENTION, "open") };
        let plain = Style::new();
        table.styled_row(vec![
            (row.settlement.to_string(), HEAD),
            (amount(Some(row.amazon)), plain),
            (amount(Some(row.journal)), plain),
            (amount(row.ledger), plain),
            (amount(row.bank), plain),
            (word.to_owned(), style),
        ]);
    }
    table.lines()
}

/// The clearing account, line by line.
pub(super) fn clearing(rows: &[(&str, Option<Money>)]) -> Vec<String> {
    let mut table = Table::new(&[("Amazon clearing", Align::Left), ("", Align::Right)]).indent(2);
    for (words, money) in rows {
        if let Some(money) = money {
            table.row(Style::new(), [(*words).to_owned(), grouped(&money.amount_text())]);
        }
    }
    table.lines()
}

fn roll_forward(result: &Reconciliation) -> Vec<String> {
    let roll = &result.roll_forward;
    let mut lines = clearing(&[
        ("accrued, and not taken back yet", (!roll.opening.is_zero()).then_some(roll.opening)),
        ("+ totals of the settlements", Some(roll.deposits)),
        ("+ opening debts, card charges, payouts returned", Some(roll.rows)),
        ("- received by the bank", Some(roll.bank)),
        ("- written off", Some(roll.waived)),
        ("= closing balance", Some(roll.closing)),
        ("Epicor's balance beyond that", roll.ledger_difference),
    ]);
    if roll.ledger_difference.is_some_and(|difference| !difference.is_zero()) {
        let hint =
            "other postings are on the account, or bank receipts are not booked in Epicor yet";
        lines.push(format!("  {} {hint}", styled(ATTENTION, "note:")));
    }
    lines
}

pub(super) fn sentence(difference: &Difference) -> String {
    let whose = match (&difference.settlement, &difference.bank_line) {
        (Some(settlement), Some(line)) => format!("settlement {settlement}, bank line {line}"),
        (Some(settlement), None) => format!("settlement {settlement}"),
        (None, Some(line)) => format!("bank line {line}"),
        (None, None) => "the account".to_owned(),
    };
    let style = if difference.open { ATTENTION } else { QUIET };
    let age = match difference.age_days {
        0 => String::new(),
        1 => ", 1 day".to_owned(),
        days => format!(", {days} days"),
    };
    let kind = difference.kind;
    format!("  {} {whose}: {kind}{age}", styled(style, difference.amount))
}
