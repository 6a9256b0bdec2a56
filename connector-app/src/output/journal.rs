//! A planned settlement: the sentence "deposit = journal" first, then the journals by account.

use anstyle::Style;
use ledger_mapper::{FeeInvoice, Journal, Plan};
use rust_decimal::Decimal;
use serde_json::{Map, Value, json};
use settlement_model::{Currency, Unreadable};

use super::{ATTENTION, Align, BAD, GOOD, HEAD, QUIET, Table, grouped, styled};
use crate::pipeline::{HeldReason, Planned};

/// The JSON contract of `plan --json`: one object.
///
/// # Errors
/// Never in practice: a plan always serialises.
pub fn plan_lines(planned: &Planned) -> serde_json::Result<String> {
    serde_json::to_string(planned)
}

/// A plan for people.
#[must_use]
pub fn plan_people(planned: &Planned) -> Vec<String> {
    let plan = &planned.plan;
    let mut lines = vec![headline(plan)];
    for journal in &plan.journals {
        lines.push(String::new());
        lines.push(format!(
            "  Journal {}, dated {} {}",
            styled(HEAD, &journal.period),
            journal.date,
            styled(QUIET, format!("({}, key {})", journal.zone, journal.key)),
        ));
        lines.extend(journal_table(journal).lines());
        for invoice in planned.invoices.iter().filter(|invoice| invoice.journal == journal.key) {
            lines.push(String::new());
            lines.push(format!(
                "  {} {} of vendor {}, dated {}",
                capital(&invoice.document.to_string()),
                styled(HEAD, &invoice.number),
                invoice.vendor,
                invoice.date,
            ));
            lines.extend(invoice_table(invoice).lines());
        }
    }
    if plan.journals.is_empty() && plan.held.is_empty() {
        lines.push("  No money moved: nothing to post.".to_owned());
    }
    for hold in &plan.held {
        lines.push(String::new());
        lines.push(held_line(&hold.message()));
    }
    lines
}

/// A reason to hold, for people.
fn held_line(message: &str) -> String {
    format!("  {} {message}", styled(ATTENTION, "held:"))
}

fn headline(plan: &Plan) -> String {
    let tie = if plan.ties {
        styled(GOOD, "ties to the cent")
    } else {
        styled(BAD, format!("does not tie: {}", plan.difference.amount_text()))
    };
    format!(
        "{}  {} {}  {} rows, {tie}",
        styled(HEAD, format!("Settlement {}", plan.settlement_id)),
        styled(HEAD, format!("deposit {}", grouped(&plan.deposit.amount_text()))),
        plan.currency,
        plan.rows,
    )
}

/// The journal by account.
#[must_use]
pub fn journal_table(journal: &Journal) -> Table {
    let mut table = Table::new(&[
        ("Account", Align::Left),
        ("Name", Align::Left),
        ("Debit", Align::Right),
        ("Credit", Align::Right),
        ("Rows", Align::Right),
    ])
    .indent(4);
    let plain = Style::new();
    let side = |amount: Decimal| {
        if amount.is_zero() { String::new() } else { text(amount, journal.currency) }
    };
    for line in &journal.lines {
        let name = line.account_name.clone().unwrap_or_else(|| line.role.to_string());
        let rows = if line.rows == 0 { String::new() } else { line.rows.to_string() };
        let cells = [line.account.to_string(), name, side(line.debit), side(line.credit), rows];
        table.row(plain, cells);
    }
    table.rule();
    let (debits, credits) = (journal.debits(), journal.credits());
    table.row(
        HEAD,
        [
            String::new(),
            "Σ".to_owned(),
            grouped(&debits.amount_text()),
            grouped(&credits.amount_text()),
            String::new(),
        ],
    );
    table
}

/// A supplier invoice by account: what each is debited, and the total.
fn invoice_table(invoice: &FeeInvoice) -> Table {
    let mut table = Table::new(&[
        ("Account", Align::Left),
        ("Name", Align::Left),
        ("Amount", Align::Right),
        ("Rows", Align::Right),
    ])
    .indent(4);
    for line in &invoice.lines {
        let name = line.account_name.clone().unwrap_or_else(|| line.role.to_string());
        let amount = text(line.amount, invoice.currency);
        let cells = [line.account.to_string(), name, amount, line.rows.to_string()];
        table.row(Style::new(), cells);
    }
    table.rule();
    let total: Decimal = invoice.lines.iter().map(|line| line.amount).sum();
    let sum = ["", "Σ", &text(total, invoice.currency), ""].map(str::to_owned);
    table.row(HEAD, sum);
    table
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

fn text(amount: Decimal, currency: Currency) -> String {
    let money = settlement_model::Money::new(amount, currency);
    grouped(&money.map_or_else(|_| amount.to_string(), settlement_model::Money::amount_text))
}

/// The JSON contract for a document that cannot be read: one object.
#[must_use]
pub fn unreadable_json(document: &str, unreadable: &Unreadable) -> Value {
    let held: Vec<_> = unreadable
        .defects
        .iter()
        .map(|defect| {
            let HeldReason { reason, message, facts } = HeldReason::from(defect);
            let mut entry = Map::new();
            entry.insert("reason".to_owned(), reason.into());
            entry.extend(facts);
            entry.insert("message".to_owned(), message.into());
            Value::Object(entry)
        })
        .collect();
    let mut document = json!({ "document": document, "held": held });
    if unreadable.more > 0 {
        document["more"] = unreadable.more.into();
    }
    document
}

/// A document that cannot be read, for people.
#[must_use]
pub fn unreadable_people(document: &str, unreadable: &Unreadable) -> Vec<String> {
    let mut lines = vec![format!("{}  cannot be read", styled(HEAD, document))];
    for defect in &unreadable.defects {
        let place = match (defect.line, &defect.column) {
            (Some(line), Some(column)) => format!("line {line}, {column}: "),
            (Some(line), None) => format!("line {line}: "),
            _ => String::new(),
        };
        lines.push(held_line(&format!("{place}{}", defect.message)));
    }
    if unreadable.more > 0 {
        lines.push(format!("        and {} more", unreadable.more));
    }
    lines
}
