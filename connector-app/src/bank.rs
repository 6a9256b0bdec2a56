//! What the bank received from Amazon: statements are taken in, and people say whose deposit a line
//! is, or that a difference was written off.

use std::fmt;

use anyhow::Context as _;
use bank_statement::{Currency, Money, Options, Statement};
use jiff::Timestamp;
use jiff::civil::Date;
use rust_decimal::Decimal;
use serde_json::{Value, json};
use store::{BankLineRecord, DocumentHash, NewEvent, SettlementKey, Store};

use crate::config::Connection;
use crate::pipeline::Actor;

/// A statement's file, read: nothing of it is in the store yet.
#[derive(Debug)]
pub struct File {
    name: String,
    bytes: Vec<u8>,
    /// Its statements.
    pub statements: Vec<Statement>,
}

/// What was taken in of one statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TakenIn {
    /// Its lines.
    pub lines: usize,
    /// Of those, the booked ones that name the payer.
    pub from_amazon: usize,
    /// Of those, the ones that were not known.
    pub new: u64,
}

/// Reads a statement's file: camt.053, BAI2, OFX or CSV.
///
/// # Errors
/// Why it cannot be read, with the line; nothing of it counts then.
pub fn read(name: &str, bytes: Vec<u8>, options: &Options) -> anyhow::Result<File> {
    let statements = bank_statement::read(&bytes, options)
        .with_context(|| format!("{name}: nothing of it was taken in"))?;
    Ok(File { name: name.to_owned(), bytes, statements })
}

impl File {
    /// Its name, without a folder.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }
}

/// Whose doing it is, for the audit log.
#[derive(Debug, Clone, Copy)]
pub struct By<'a> {
    /// The connection.
    pub connection: &'a Connection,
    /// In whose name.
    pub actor: &'a Actor,
    /// When.
    pub at: Timestamp,
}

impl By<'_> {
    fn event(&self, action: &str, settlement: Option<&str>, detail: Value) -> NewEvent {
        let subject = settlement.map_or("bank".to_owned(), |id| format!("settlement {id}"));
        NewEvent {
            at: self.at,
            actor: self.actor.label(),
            connection: self.connection.name.clone(),
            record: settlement.unwrap_or("bank").to_owned(),
            subject,
            action: action.to_owned(),
            from: None,
            to: None,
            detail,
        }
    }
}

/// Takes a statement of a file in: the booked lines that name the payer, all or none. Lines that are
/// known stay as they are.
///
/// # Errors
/// [`store::Error::Corrupt`] when a known line comes again with another date or amount.
pub async fn take_in(
    store: &Store,
    file: &File,
    statement: &Statement,
    by: &By<'_>,
) -> anyhow::Result<TakenIn> {
    let document = DocumentHash::of(&file.bytes);
    let lines = from_amazon(statement, &by.connection.bank.payer, document);
    let mut new = 0;
    if !lines.is_empty() {
        store.put_document(&file.name, &file.bytes).await?;
        let detail = json!({ "file": file.name, "form": statement.form.to_string(),
                             "lines": lines.len(), "document": document.to_string() });
        let event = by.event("bank statement imported", None, detail);
        new = store.bank_lines_imported(&by.connection.name, &lines, &event).await?;
    }
    Ok(TakenIn { lines: statement.lines.len(), from_amazon: lines.len(), new })
}

/// The booked lines that name the payer.
fn from_amazon(statement: &Statement, payer: &str, document: DocumentHash) -> Vec<BankLineRecord> {
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

/// A reference that lines of several accounts have. Nothing was changed.
#[derive(Debug, thiserror::Error)]
#[error(
    "{} bank lines have the reference {reference}; name the account, too: {}",
    .lines.len(),
    .lines.join(", ")
)]
pub struct Ambiguous {
    /// The reference.
    pub reference: String,
    /// The lines that have it, with their accounts.
    pub lines: Vec<String>,
}

/// Notes whose deposit a line is; `named` is its [id](BankLineRecord::id), or its reference where no
/// other line has it. Returns the line's id.
///
/// # Errors
/// [`store::Error::Unknown`] when there is no such line or settlement, [`Ambiguous`].
pub async fn assign(
    store: &Store,
    named: &str,
    settlement: &SettlementKey,
    by: &By<'_>,
) -> anyhow::Result<String> {
    known(store, settlement).await?;
    let id = settlement.settlement_id.as_str();
    belongs_to(store, named, Some(id), by).await
}

/// Takes back whose deposit a line was said to be; `named` as for [`assign`]. Returns the line's id.
///
/// # Errors
/// [`store::Error::Unknown`] when there is no such line, [`Ambiguous`].
pub async fn unassign(store: &Store, named: &str, by: &By<'_>) -> anyhow::Result<String> {
    belongs_to(store, named, None, by).await
}

async fn belongs_to(
    store: &Store,
    named: &str,
    settlement: Option<&str>,
    by: &By<'_>,
) -> anyhow::Result<String> {
    let connection = &by.connection.name;
    let line = line_named(store, connection, named).await?;
    let action = if settlement.is_some() { "bank line assigned" } else { "bank line set free" };
    let event = by.event(action, settlement, json!({ "bank_line": line.id() }));
    let key = (line.account.as_str(), line.reference.as_str());
    store.bank_line_assigned(connection, key, settlement, &event).await?;
    Ok(line.id())
}

/// The line of that id, or the only one of that reference.
async fn line_named(
    store: &Store,
    connection: &str,
    named: &str,
) -> anyhow::Result<BankLineRecord> {
    let lines = store.bank_lines(connection).await?;
    let (mut found, others): (Vec<_>, Vec<_>) =
        lines.into_iter().partition(|line| line.id() == named);
    if found.is_empty() {
        found = others.into_iter().filter(|line| line.reference == named).collect();
    }
    let lines = found.iter().map(BankLineRecord::id).collect();
    match (found.pop(), found.is_empty()) {
        (Some(line), true) => Ok(line),
        (Some(_), false) => Err(Ambiguous { reference: named.to_owned(), lines }.into()),
        (None, _) => {
            let record = format!("bank line {named} of {connection}");
            Err(store::Error::Unknown { record }.into())
        }
    }
}

/// Notes that a difference of a settlement was written off in the ledger, on which day and why.
/// Posts nothing. A settlement has one write-off: a second one takes the place of the first.
///
/// # Errors
/// [`store::Error::Unknown`] when there is no such settlement, or an amount finer than the
/// currency's smallest unit.
pub async fn waive(
    store: &Store,
    settlement: &SettlementKey,
    (amount, day): (Decimal, Date),
    reason: &str,
    by: &By<'_>,
) -> anyhow::Result<WrittenOff> {
    let amount = Money::new(amount, known(store, settlement).await?)?;
    let id = settlement.settlement_id.as_str();
    let mut before = store.waivers(&settlement.connection).await?;
    before.retain(|waiver| waiver.settlement_id == id);
    let replaced = before.pop().map(|waiver| waiver.amount);
    let detail = json!({ "amount": amount.to_string(), "day": day.to_string(), "reason": reason,
                         "replaced": replaced });
    let event = by.event("waived", Some(id), detail);
    store.waived(settlement, (&amount.amount_text(), day), &event).await?;
    Ok(WrittenOff { settlement: id.to_owned(), amount, replaced })
}

/// What was written off of a settlement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrittenOff {
    /// Of which settlement.
    pub settlement: String,
    /// How much, in the settlement's currency; positive is money that Amazon owed.
    pub amount: Money,
    /// What had been written off before and is not any more.
    pub replaced: Option<String>,
}

impl fmt::Display for WrittenOff {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} of settlement {} is written off", self.amount, self.settlement)?;
        match &self.replaced {
            Some(before) => write!(f, ", in place of {before} before"),
            None => Ok(()),
        }
    }
}

/// The currency of a settlement that there is.
async fn known(store: &Store, settlement: &SettlementKey) -> anyhow::Result<Currency> {
    let record = store.settlement(settlement).await?;
    let record = record.ok_or_else(|| store::Error::Unknown { record: settlement.to_string() })?;
    Ok(Currency::parse(&record.currency)?)
}
