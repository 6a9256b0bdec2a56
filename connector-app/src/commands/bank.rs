//! `bank import|list|assign|waive`: what the bank received, and what people say about it.

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use bank_statement::{Currency, DayFirst, Options, Proof, Statement};
use serde_json::json;
use store::{BankLineRecord, DocumentHash, NewEvent, Store};

use super::App;
use crate::cli::{BankCommand, BankImport};
use crate::config::Connection;
use crate::connect;
use crate::exit::Exit;
use crate::lane;
use crate::output::{self, Align, HEAD, QUIET, Table, grouped, styled};

pub(super) async fn run(app: &App, command: &BankCommand) -> anyhow::Result<Exit> {
    let config = app.config()?;
    let connection = config.connection(app.common.connection.as_deref())?;
    match command {
        BankCommand::Import(import) => {
            // Everything is read before the store is opened: a bad file leaves it as it was.
            let mut files = Vec::new();
            for path in &import.files {
                files.push(read(path, import)?);
            }
            let store = connect::store(&config).await?;
            let clock = app.clock.as_ref();
            lane::alone(&store, &connection.name, clock, async |store| {
                take_in(app, connection, &store, &files).await
            })
            .await?;
        }
        BankCommand::List => list(app, connection, &connect::store_to_read(&config).await?).await?,
        BankCommand::Assign { reference, settlement } => {
            let store = connect::store(&config).await?;
            let key = super::find(&store, Some(&connection.name), settlement).await?;
            let detail = json!({ "bank_line": reference });
            let event = event(app, connection, "bank line assigned", settlement, detail);
            let id = Some(key.settlement_id.as_str());
            store.bank_line_assigned(&connection.name, reference, id, &event).await?;
            output::line(format!(
                "bank line {reference} is the deposit of settlement {settlement}"
            ));
        }
        BankCommand::Waive { settlement, amount, reason } => {
            let store = connect::store(&config).await?;
            let key = super::find(&store, Some(&connection.name), settlement).await?;
            let record = store.settlement(&key).await?.context("it was there a moment ago")?;
            let currency = Currency::parse(&record.currency)?;
            let amount = bank_statement::Money::new(*amount, currency)?;
            let detail = json!({ "amount": amount.to_string(), "reason": reason });
            let event = event(app, connection, "waived", settlement, detail);
            store.waived(&key, &amount.amount_text(), &event).await?;
            output::line(format!("{amount} of settlement {settlement} is written off: {reason}"));
        }
    }
    Ok(Exit::Ok)
}

/// A statement's file, read.
struct File {
    name: String,
    bytes: Vec<u8>,
    statements: Vec<Statement>,
}

fn read(path: &PathBuf, import: &BankImport) -> anyhow::Result<File> {
    let currency = import.currency.as_deref().map(Currency::parse).transpose()?;
    let day_first = match (import.day_first, import.month_first) {
        (true, _) => Some(DayFirst::Yes),
        (_, true) => Some(DayFirst::No),
        _ => None,
    };
    let bytes = std::fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    let options = Options { currency, columns: None, day_first };
    let statements = bank_statement::read(&bytes, &options)
        .with_context(|| format!("{}: nothing of it was taken in", path.display()))?;
    let name =
        Path::new(path).file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
    Ok(File { name, bytes, statements })
}

async fn take_in(
    app: &App,
    connection: &Connection,
    store: &Store,
    files: &[File],
) -> anyhow::Result<()> {
    for file in files {
        for statement in &file.statements {
            let lines = ours(statement, &connection.bank.payer, DocumentHash::of(&file.bytes));
            let (booked, of) = (lines.len(), statement.lines.len());
            let mut new = 0;
            if booked > 0 {
                store.put_document(&file.name, &file.bytes).await?;
                let detail = json!({ "file": file.name, "form": statement.form.to_string(),
                                     "lines": booked, "document": lines.first().map(|l| l.document.to_string()) });
                let event = event(app, connection, "bank statement imported", "bank", detail);
                new = store.bank_lines_imported(&connection.name, &lines, &event).await?;
            }
            if app.common.json {
                output::line(json!({
                    "connection": connection.name, "document": file.name,
                    "form": statement.form.to_string(), "account": statement.account,
                    "lines": of, "amazon": booked, "new": new,
                    "proof": proof_word(statement.proof),
                }));
                continue;
            }
            output::line(format!(
                "{}: {} statement, {of} lines, {booked} from Amazon, {new} of them new; {}",
                styled(HEAD, &file.name),
                statement.form,
                proof_sentence(statement.proof),
            ));
            if booked < of {
                let others = format!(
                    "{} lines without \"{}\" in their text were left out",
                    of - booked,
                    connection.bank.payer
                );
                output::line(format!("  {}", styled(QUIET, others)));
            }
        }
    }
    Ok(())
}

/// The booked lines that name the payer.
fn ours(statement: &Statement, payer: &str, document: DocumentHash) -> Vec<BankLineRecord> {
    let payer = payer.to_lowercase();
    let named = statement.lines.iter().filter(|line| {
        line.booked && (payer.is_empty() || line.text.to_lowercase().contains(&payer))
    });
    named
        .map(|line| BankLineRecord {
            account: statement.account.clone(),
            reference: line.reference.clone(),
            date: line.date,
            currency: line.amount.currency().code().to_owned(),
            amount: line.amount.amount_text(),
            text: line.text.clone(),
            document,
            settlement_id: None,
        })
        .collect()
}

const fn proof_word(proof: Proof) -> &'static str {
    match proof {
        Proof::Totals => "totals",
        Proof::RunningBalance => "running balance",
        Proof::None => "none",
    }
}

const fn proof_sentence(proof: Proof) -> &'static str {
    match proof {
        Proof::Totals => "its totals agree",
        Proof::RunningBalance => "its balances follow from each other",
        Proof::None => "it states no totals to check",
    }
}

async fn list(app: &App, connection: &Connection, store: &Store) -> anyhow::Result<()> {
    let lines = store.bank_lines(&connection.name).await?;
    if app.common.json {
        for line in &lines {
            output::line(json!({
                "connection": connection.name, "account": line.account,
                "reference": line.reference, "date": line.date.to_string(),
                "currency": line.currency, "amount": line.amount, "text": line.text,
                "settlement_id": line.settlement_id,
            }));
        }
        return Ok(());
    }
    let mut table = Table::new(&[
        ("Date", Align::Left),
        ("Amount", Align::Right),
        ("", Align::Left),
        ("Reference", Align::Left),
        ("Settlement", Align::Left),
        ("Text", Align::Left),
    ])
    .indent(2);
    for line in &lines {
        table.row(
            anstyle::Style::new(),
            [
                line.date.to_string(),
                grouped(&line.amount),
                line.currency.clone(),
                line.reference.clone(),
                line.settlement_id.clone().unwrap_or_default(),
                line.text.chars().take(60).collect(),
            ],
        );
    }
    for line in table.lines() {
        output::line(line);
    }
    Ok(())
}

fn event(
    app: &App,
    connection: &Connection,
    action: &str,
    record: &str,
    detail: serde_json::Value,
) -> NewEvent {
    let subject = if record == "bank" { record.to_owned() } else { format!("settlement {record}") };
    NewEvent {
        at: app.clock.now(),
        actor: App::person().label(),
        connection: connection.name.clone(),
        record: record.to_owned(),
        subject,
        action: action.to_owned(),
        from: None,
        to: None,
        detail,
    }
}
