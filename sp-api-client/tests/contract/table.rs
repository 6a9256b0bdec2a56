//! The operations that Amazon publishes, and which of them are covered:
//! `docs/sp-api-operations.md`.
//!
//! `UPDATE_DOCS=1 cargo test -p sp-api-client --test contract table` writes the document anew.

use std::fmt::Write;
use std::path::{Path, PathBuf};

use rust_decimal::Decimal;

use crate::rules::{BY_TYPE, Rule, rules};

/// Amazon's operations: module of ours, name, method, path, rate a second, burst, note.
const OPERATIONS: &str = include_str!("../../data/operations.csv");
const DOCUMENT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/sp-api-operations.md");
const TESTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/contract");
const SOURCES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/src");

/// What is published about an operation.
pub(crate) struct Published {
    pub(crate) rate: Decimal,
    pub(crate) burst: u32,
}

/// What is published about the rate of the operation of this name at this path.
pub(crate) fn published(name: &str, path: &str) -> Option<Published> {
    let row = rows().find(|row| row[1] == name && row[3] == path);
    let row = row.unwrap_or_else(|| panic!("{name} is not in data/operations.csv"));
    Some(Published { rate: row[4].parse().ok()?, burst: row[5].parse().unwrap() })
}

/// The published model of a module, by its file.
fn model(module: &str) -> String {
    match module {
        "fba_inventory_v1" => "fbaInventory".to_owned(),
        "finances_invoices_2026_06_25" => "financesInvoices_2026-06-25".to_owned(),
        "finances_v0" => "financesV0".to_owned(),
        "notifications_v1" => "notifications".to_owned(),
        "orders_v0" => "ordersV0".to_owned(),
        "sellers_v1" => "sellers".to_owned(),
        dated => {
            let (name, date) = dated.split_at(dated.len() - "_2021_06_30".len());
            let mut words = name.split('_').map(str::to_owned);
            let first = words.next().unwrap();
            let rest = words.map(|word| word[..1].to_uppercase() + &word[1..]);
            format!("{first}{}_{}", rest.collect::<String>(), date[1..].replace('_', "-"))
        }
    }
}

fn rows() -> impl Iterator<Item = [&'static str; 7]> {
    OPERATIONS.lines().skip(1).map(|line| {
        let cells: Vec<_> = line.split(',').collect();
        cells.try_into().unwrap_or_else(|_| panic!("{line}"))
    })
}

/// Every source of a module, as one text.
fn sources(folder: PathBuf) -> String {
    let Ok(entries) = std::fs::read_dir(folder) else { return String::new() };
    let texts = entries.map(|entry| {
        let path = entry.unwrap().path();
        if path.is_dir() { sources(path) } else { std::fs::read_to_string(path).unwrap() }
    });
    texts.collect()
}

fn is_covered(own: &str, name: &str) -> bool {
    own.contains(&format!("name: \"{name}\""))
}

#[test]
fn every_covered_operation_has_a_contract_test() {
    let tests = sources(Path::new(TESTS).to_owned());
    let mut untested = Vec::new();
    for [module, name, ..] in rows() {
        let test = format!("check(\"{}/{name}\"", model(module));
        let covered = is_covered(&sources(Path::new(SOURCES).join(module)), name);
        if covered && !tests.contains(&test) {
            untested.push(test);
        }
    }
    assert_eq!(untested, [""; 0]);
}

#[test]
fn the_sources_have_no_operation_that_is_not_in_the_table() {
    for [module, ..] in rows() {
        let own = sources(Path::new(SOURCES).join(module));
        for operation in own.split("Operation {").skip(1) {
            let Some(rest) = operation.trim_start().strip_prefix("name: \"") else { continue };
            let name = rest.split('"').next().unwrap();
            let told = rows().any(|row| row[0] == module && row[1] == name);
            assert!(told, "{module}: {name} is not in data/operations.csv");
        }
    }
}

fn document() -> String {
    let (mut text, mut module, mut own) = (String::new(), "", String::new());
    let (mut covered, mut count) = (0, 0);
    for [of, name, method, path, rate, burst, note] in rows() {
        if of != module {
            module = of;
            own = sources(Path::new(SOURCES).join(module));
            write!(text, "\n## {module}\n\n| operation | request | rate/s | burst | covered |\n")
                .unwrap();
            text.push_str("|---|---|---|---|---|\n");
        }
        let is_covered = is_covered(&own, name);
        count += 1;
        covered += u32::from(is_covered);
        let told = match (is_covered, note) {
            (true, "") => "yes".to_owned(),
            (true, note) => format!("yes ({note})"),
            (false, "") => "no".to_owned(),
            (false, note) => format!("no: {note}"),
        };
        let (rate, burst) = if rate.is_empty() { ("not stated", "") } else { (rate, burst) };
        writeln!(text, "| {name} | {method} `{path}` | {rate} | {burst} | {told} |").unwrap();
    }
    format!(
        "# Operations of the Selling Partner API\n\n\
         {covered} of {count} are covered by `sp-api-client`, each in the module that heads its \
         table. Rates are\nthe published ones of a new account. Generated from \
         `sp-api-client/data/operations.csv` and the sources:\n\
         `UPDATE_DOCS=1 cargo test -p sp-api-client --test contract table`.\n{text}{}",
        checked()
    )
}

/// What is checked before anything is sent.
fn checked() -> String {
    let mut text = "\n## Checked before sending\n\n\
        What Amazon's models say in prose alone. A call that breaks one of these rules is an error \
        that names\nthe parameter, and is not sent. What the models say in numbers and lists \
        (lengths, sizes of pages, how\nmany values) is checked too.\n\n\
        | operation | parameter | rule |\n|---|---|---|\n"
        .to_owned();
    for Rule { operation, parameter, rule, .. } in rules() {
        writeln!(text, "| {operation} | {parameter} | {rule} |").unwrap();
    }
    text.push_str("\nThese cannot be broken: the types do not let them be said.\n\n");
    for (operation, rule) in BY_TYPE {
        writeln!(text, "- {operation}: {rule}").unwrap();
    }
    text
}

#[test]
fn the_document_is_up_to_date() {
    let document = document();
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(DOCUMENT, &document).unwrap();
    }
    let written = std::fs::read_to_string(DOCUMENT).unwrap_or_default();
    assert!(
        written == document,
        "docs/sp-api-operations.md is out of date: see tests/contract/table.rs"
    );
}
