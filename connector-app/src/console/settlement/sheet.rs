//! A journal, or a supplier invoice, by account.

use std::collections::BTreeMap;

use ledger_mapper::{FeeInvoice, Journal, JournalLine, Role};
use rust_decimal::Decimal;
use settlement_model::Currency;

use crate::console::figures::{change, side};
use crate::ledger::Document;

/// A table of accounts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::console) struct Sheet {
    pub(in crate::console) title: String,
    /// Its dates, its key.
    pub(in crate::console) facts: String,
    pub(in crate::console) lines: Vec<SheetLine>,
    pub(in crate::console) debits: String,
    pub(in crate::console) credits: String,
    /// Whether there is a settlement before it to compare with.
    pub(in crate::console) compared: bool,
}

/// One account of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::console) struct SheetLine {
    pub(in crate::console) account: String,
    pub(in crate::console) name: String,
    /// The roles that share it, where the name does not say it.
    pub(in crate::console) roles: String,
    pub(in crate::console) debit: String,
    pub(in crate::console) credit: String,
    /// How many rows are behind it; empty for the deposit and what is carried over.
    pub(in crate::console) rows: String,
    /// Where these rows are.
    pub(in crate::console) href: String,
    /// Against the settlement before.
    pub(in crate::console) change: String,
}

/// What an account was debited, less what it was credited, by account.
pub(in crate::console) type Nets = BTreeMap<String, Decimal>;

/// The nets of all documents together.
pub(in crate::console) fn nets(documents: &[Document]) -> Nets {
    let mut nets = Nets::new();
    let mut add = |account: &str, amount: Decimal| {
        *nets.entry(account.to_owned()).or_default() += amount;
    };
    for document in documents {
        match document {
            Document::Journal(journal) => {
                for line in &journal.lines {
                    add(line.account.as_str(), line.debit - line.credit);
                }
            }
            Document::ApInvoice(invoice) => {
                for line in &invoice.lines {
                    add(line.account.as_str(), line.amount);
                }
            }
            Document::SalesOrder(_)
            | Document::ShipmentConfirmation(_)
            | Document::CrossReference(_)
            | Document::CustomerShipment(_) => {}
        }
    }
    nets
}

/// The tables of a settlement's documents. Each line leads to its rows under `base`, if there is
/// one; `before` is what the settlement before did to the accounts.
pub(in crate::console) fn sheets(
    documents: &[Document],
    base: Option<&str>,
    before: Option<&Nets>,
) -> Vec<Sheet> {
    let nets = nets(documents);
    // The comparison is of the whole settlement: it stands where the whole stands.
    let alone = documents.len() == 1;
    let mut sheets = Vec::with_capacity(documents.len() + 1);
    if let (false, Some(currency)) = (alone, documents.first().and_then(currency_of)) {
        sheets.push(together(documents, &nets, before, currency));
    }
    for (number, document) in documents.iter().enumerate() {
        let drill = |line: usize, rows: u64| match (base, rows) {
            (Some(base), 1..) => format!("{base}/rows?document={number}&line={line}"),
            _ => String::new(),
        };
        match document {
            Document::Journal(journal) => {
                let compared = before.filter(|_| alone).map(|before| (&nets, before));
                sheets.push(of_journal(journal, drill, compared));
            }
            Document::ApInvoice(invoice) => sheets.push(of_invoice(invoice, drill)),
            Document::SalesOrder(_)
            | Document::ShipmentConfirmation(_)
            | Document::CrossReference(_)
            | Document::CustomerShipment(_) => {}
        }
    }
    sheets
}

fn currency_of(document: &Document) -> Option<Currency> {
    match document {
        Document::Journal(journal) => Some(journal.currency),
        Document::ApInvoice(invoice) => Some(invoice.currency),
        Document::SalesOrder(_)
        | Document::ShipmentConfirmation(_)
        | Document::CrossReference(_)
        | Document::CustomerShipment(_) => None,
    }
}

/// How an account's net compares, seen from the side that it is on.
fn compared(net: Decimal, before: Option<Decimal>, currency: Currency) -> String {
    let sign = if net.is_sign_negative() { -Decimal::ONE } else { Decimal::ONE };
    change(net * sign, before.map(|before| before * sign), currency)
}

/// All documents in one table, an account once.
fn together(
    documents: &[Document],
    nets: &Nets,
    before: Option<&Nets>,
    currency: Currency,
) -> Sheet {
    let mut lines = Vec::with_capacity(nets.len());
    let (mut debits, mut credits) = (Decimal::ZERO, Decimal::ZERO);
    for (account, net) in nets.iter().filter(|(_, net)| !net.is_zero()) {
        let (debit, credit) = (*net.max(&Decimal::ZERO), (-net).max(Decimal::ZERO));
        debits += debit;
        credits += credit;
        let (name, rows) = about(documents, account);
        lines.push(SheetLine {
            account: account.clone(),
            name,
            roles: String::new(),
            debit: side(debit, currency),
            credit: side(credit, currency),
            rows: if rows == 0 { String::new() } else { rows.to_string() },
            href: String::new(),
            change: before
                .map(|before| compared(*net, before.get(account).copied(), currency))
                .unwrap_or_default(),
        });
    }
    Sheet {
        title: "The whole settlement".to_owned(),
        facts: format!("{} documents together, each account once", documents.len()),
        lines,
        debits: side(debits, currency),
        credits: side(credits, currency),
        compared: before.is_some(),
    }
}

/// An account's name, and how many rows are behind it in all documents.
fn about(documents: &[Document], account: &str) -> (String, u64) {
    let mut name = String::new();
    let mut count: u64 = 0;
    let mut add = |of: &str, named: &Option<String>, role: Role, rows: u64| {
        if of == account {
            if name.is_empty() {
                name = named.clone().unwrap_or_else(|| role.info().title.clone());
            }
            count = count.saturating_add(rows);
        }
    };
    for document in documents {
        match document {
            Document::Journal(journal) => journal.lines.iter().for_each(|line| {
                add(line.account.as_str(), &line.account_name, line.role, line.rows);
            }),
            Document::ApInvoice(invoice) => invoice.lines.iter().for_each(|line| {
                add(line.account.as_str(), &line.account_name, line.role, line.rows);
            }),
            Document::SalesOrder(_)
            | Document::ShipmentConfirmation(_)
            | Document::CrossReference(_)
            | Document::CustomerShipment(_) => {}
        }
    }
    (name, count)
}

fn of_journal(
    journal: &Journal,
    drill: impl Fn(usize, u64) -> String,
    comparing: Option<(&Nets, &Nets)>,
) -> Sheet {
    let currency = journal.currency;
    let line = |(number, line): (usize, &JournalLine)| {
        let account = line.account.as_str();
        let change = comparing.map(|(nets, before)| {
            let net = nets.get(account).copied().unwrap_or_default();
            compared(net, before.get(account).copied(), currency)
        });
        SheetLine {
            account: account.to_owned(),
            name: named(line.account_name.as_deref(), line.role),
            roles: roles(line),
            debit: side(line.debit, currency),
            credit: side(line.credit, currency),
            rows: if line.rows == 0 { String::new() } else { line.rows.to_string() },
            href: drill(number, line.rows),
            change: change.unwrap_or_default(),
        }
    };
    Sheet {
        title: format!("Journal {}", journal.period),
        facts: format!("dated {}, days cut in {}, key {}", journal.date, journal.zone, journal.key),
        lines: journal.lines.iter().enumerate().map(line).collect(),
        debits: crate::output::grouped(&journal.debits().amount_text()),
        credits: crate::output::grouped(&journal.credits().amount_text()),
        compared: comparing.is_some(),
    }
}

fn of_invoice(invoice: &FeeInvoice, drill: impl Fn(usize, u64) -> String) -> Sheet {
    let currency = invoice.currency;
    let (mut debits, mut credits) = (Decimal::ZERO, Decimal::ZERO);
    let lines = invoice.lines.iter().enumerate().map(|(number, line)| {
        let (debit, credit) = (line.amount.max(Decimal::ZERO), (-line.amount).max(Decimal::ZERO));
        debits += debit;
        credits += credit;
        SheetLine {
            account: line.account.to_string(),
            name: named(line.account_name.as_deref(), line.role),
            roles: String::new(),
            debit: side(debit, currency),
            credit: side(credit, currency),
            rows: line.rows.to_string(),
            href: drill(number, line.rows),
            change: String::new(),
        }
    });
    Sheet {
        lines: lines.collect(),
        title: format!("Supplier {} {}", invoice.document, invoice.number),
        facts: format!(
            "vendor {}, dated {}, period {}",
            invoice.vendor, invoice.date, invoice.period
        ),
        debits: side(debits, currency),
        credits: side(credits, currency),
        compared: false,
    }
}

fn named(name: Option<&str>, role: Role) -> String {
    name.map_or_else(|| role.info().title.clone(), str::to_owned)
}

/// What shares the account, when it is more than one role.
fn roles(line: &JournalLine) -> String {
    if line.roles.len() < 2 {
        return String::new();
    }
    let titles: Vec<_> = line.roles.iter().map(|share| share.role.info().title.as_str()).collect();
    titles.join(", ")
}

#[cfg(test)]
mod tests;
