//! What was posted in a period, and the documents that it comes from.

use std::collections::BTreeMap;

use anyhow::Context as _;
use jiff::civil::Date;
use ledger_mapper::{FeeInvoice, Journal};
use rust_decimal::Decimal;
use store::{DocumentHash, PostingSummary, SettlementKey, Store};

use crate::ledger::Document;
use crate::pipeline::posting::Step;
use crate::pipeline::{draft_of, posting_number};
use crate::reconcile::FourFigures;
use crate::reconcile::period::PeriodBooks;

/// A document that is posted in the period.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PostedDocument {
    /// The settlement it is of, or the accrual, by period and currency.
    pub record: String,
    /// `journal` or `ap-invoice`.
    pub kind: &'static str,
    /// Its key.
    pub key: String,
    /// Epicor's number of it.
    pub number: String,
    /// Its date.
    pub date: Date,
    /// Its lines.
    pub lines: Vec<PostedLine>,
}

/// A line of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PostedLine {
    /// The account.
    pub account: String,
    /// Its name in the rules.
    pub account_name: String,
    /// Its role.
    pub role: String,
    /// The debit, or zero.
    pub debit: Decimal,
    /// The credit, or zero.
    pub credit: Decimal,
    /// How many rows of the settlement are behind it.
    pub rows: u64,
}

/// The documents of a period that were read back from Epicor, in the order in which they were
/// recorded.
///
/// # Errors
/// The store's errors, or a document that another version wrote.
pub async fn posted_in(
    store: &Store,
    connection: &str,
    figures: &PeriodBooks,
) -> anyhow::Result<Vec<PostedDocument>> {
    let mut documents = Vec::new();
    // Only what is in the period is read whole: a connection has postings of all its years.
    let of_period = |one: &PostingSummary| {
        figures.documents.contains_key(&one.key) && one.step == Step::Confirmed.as_str()
    };
    let written = store.posting_summaries(connection).await?;
    for PostingSummary { key, .. } in written.into_iter().filter(of_period) {
        let posting = store.posting(&key).await?;
        let posting = posting.with_context(|| format!("{key}: it was there a moment ago"))?;
        let (date, lines) = match draft_of(&posting)?.document {
            Document::Journal(journal) => (journal.date, of_journal(&journal)),
            Document::ApInvoice(invoice) => (invoice.date, of_invoice(&invoice)),
            _ => continue,
        };
        documents.push(PostedDocument {
            number: posting_number(&posting).unwrap_or_default(),
            kind: if posting.kind == "journal" { "journal" } else { "ap-invoice" },
            record: posting.record.id,
            key,
            date,
            lines,
        });
    }
    Ok(documents)
}

fn of_journal(journal: &Journal) -> Vec<PostedLine> {
    let line = |line: &ledger_mapper::JournalLine| PostedLine {
        account: line.account.to_string(),
        account_name: line.account_name.clone().unwrap_or_default(),
        role: line.role.to_string(),
        debit: line.debit,
        credit: line.credit,
        rows: line.rows,
    };
    journal.lines.iter().map(line).collect()
}

fn of_invoice(invoice: &FeeInvoice) -> Vec<PostedLine> {
    let line = |line: &ledger_mapper::FeeLine| PostedLine {
        account: line.account.to_string(),
        account_name: line.account_name.clone().unwrap_or_default(),
        role: line.role.to_string(),
        debit: line.amount.max(Decimal::ZERO),
        credit: (-line.amount).max(Decimal::ZERO),
        rows: line.rows,
    };
    invoice.lines.iter().map(line).collect()
}

/// The documents that a period's figures come from: the settlements' and the bank's. File name and
/// hash.
///
/// # Errors
/// The store's errors.
pub async fn sources(
    store: &Store,
    connection: &str,
    figures: &PeriodBooks,
) -> anyhow::Result<BTreeMap<String, DocumentHash>> {
    let mut sources = BTreeMap::new();
    for FourFigures { settlement, .. } in &figures.rows {
        let key = SettlementKey {
            connection: connection.to_owned(),
            settlement_id: settlement.to_string(),
        };
        let record = store.settlement(&key).await?;
        let record = record.with_context(|| format!("{key}: it was there a moment ago"))?;
        sources.insert(format!("settlement-{settlement}.txt"), record.document);
    }
    for line in &figures.bank_lines {
        let hash = line.document.to_string();
        let short = hash.get(..8).unwrap_or_default();
        sources.insert(format!("bank-statement-{short}"), line.document);
    }
    Ok(sources)
}
