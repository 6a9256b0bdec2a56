//! What the bank received from Amazon: statements are taken in, and people say whose deposit a line
//! is, or that a difference was written off.

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

/// Notes whose deposit the line of that reference is.
///
/// # Errors
/// [`store::Error::Unknown`] when there is no such line or settlement.
pub async fn assign(
    store: &Store,
    reference: &str,
    settlement: &SettlementKey,
    by: &By<'_>,
) -> anyhow::Result<()> {
    known(store, settlement).await?;
    let id = settlement.settlement_id.as_str();
    let event = by.event("bank line assigned", Some(id), json!({ "bank_line": reference }));
    Ok(store.bank_line_assigned(&by.connection.name, reference, Some(id), &event).await?)
}

/// Takes back whose deposit a line was said to be.
///
/// # Errors
/// [`store::Error::Unknown`] when there is no such line.
pub async fn unassign(store: &Store, reference: &str, by: &By<'_>) -> anyhow::Result<()> {
    let event = by.event("bank line set free", None, json!({ "bank_line": reference }));
    Ok(store.bank_line_assigned(&by.connection.name, reference, None, &event).await?)
}

/// Notes that a difference of a settlement was written off in the ledger, on which day and why.
/// Posts nothing. Returns the amount in the settlement's currency.
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
) -> anyhow::Result<Money> {
    let amount = Money::new(amount, known(store, settlement).await?)?;
    let id = settlement.settlement_id.as_str();
    let detail = json!({ "amount": amount.to_string(), "day": day.to_string(), "reason": reason });
    let event = by.event("waived", Some(id), detail);
    store.waived(settlement, (&amount.amount_text(), day), &event).await?;
    Ok(amount)
}

/// The currency of a settlement that there is.
async fn known(store: &Store, settlement: &SettlementKey) -> anyhow::Result<Currency> {
    let record = store.settlement(settlement).await?;
    let record = record.ok_or_else(|| store::Error::Unknown { record: settlement.to_string() })?;
    Ok(Currency::parse(&record.currency)?)
}
