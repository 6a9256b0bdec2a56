//! From a journal line back to the rows of the report.

use std::io::Read;

use jiff::civil::Date;
use settlement_model::{
    Currency, Defect, Item, Money, MoneyError, ReportTime, Row, RowReader, Settlement,
    SettlementId, Triple,
};
use thiserror::Error;

use crate::fees::{FeeInvoice, FeeLine};
use crate::journal::{Journal, JournalLine, Source};
use crate::plan::Context;
use crate::rules::{Account, RowFacts, Verdict};

/// A row of the report that is behind a journal line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceRow {
    /// The line of the report, counted from 1 as an editor does.
    pub line: u64,
    /// What the amount is for.
    pub triple: Triple,
    /// Column `order-id`; empty when blank.
    pub order_id: String,
    /// Column `sku`; empty when blank.
    pub sku: String,
    /// Column `posted-date-time`, or `posted-date` without it.
    pub posted: ReportTime,
    /// Column `amount`, signed as Amazon does.
    pub amount: Money,
}

/// Why the rows behind a journal line cannot be listed.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum DrillError {
    /// The document cannot be read.
    #[error("the document cannot be read")]
    Document(#[source] Defect),
    /// The rows found are not those that the line was made of.
    #[error(
        "the line was made of {expected_rows} rows with {expected}, but {rows} rows with {found} fit \
         it now. The document, the rules, the calendar or the zone are not those it was planned \
         with: take the ones whose version the journal names"
    )]
    Differs {
        /// How many rows the line remembers.
        expected_rows: u64,
        /// Their sum.
        expected: Money,
        /// How many were found.
        rows: u64,
        /// The sum of those.
        found: Money,
    },
    /// The amounts cannot be added.
    #[error(transparent)]
    Amount(#[from] MoneyError),
}

/// The way back from one line of a planned journal, or of the fee invoice taken out of it, to the
/// rows behind it.
///
/// It is exact: a row is judged as the plan judged it, by settlement, period, triple, rule and
/// account. For a reversal, drill into the journal it reverses.
#[derive(Debug, Clone, Copy)]
pub struct Drill<'a> {
    period: &'a str,
    account: &'a Account,
    /// What the line remembers of its rows.
    sources: &'a [Source],
    /// How many rows it remembers.
    rows: u64,
    currency: Currency,
    settlement: &'a SettlementId,
    /// The local day on which the settlement ended.
    end: Date,
    context: &'a Context<'a>,
}

impl<'a> Drill<'a> {
    /// Asks for the rows behind a line of a journal.
    ///
    /// `settlement` and `context` are those that the journal was planned with.
    #[must_use]
    pub fn new(
        journal: &'a Journal,
        line: &'a JournalLine,
        settlement: &'a Settlement,
        context: &'a Context<'a>,
    ) -> Self {
        Self {
            period: &journal.period,
            account: &line.account,
            sources: &line.sources,
            rows: line.rows,
            currency: journal.currency,
            settlement: &settlement.id,
            end: settlement.end.date_in(context.zone),
            context,
        }
    }

    /// Asks for the rows behind a line of a fee invoice.
    ///
    /// `settlement` and `context` are those that its journal was planned with.
    #[must_use]
    pub fn of_fees(
        invoice: &'a FeeInvoice,
        line: &'a FeeLine,
        settlement: &'a Settlement,
        context: &'a Context<'a>,
    ) -> Self {
        Self {
            period: &invoice.period,
            account: &line.account,
            sources: &line.sources,
            rows: line.rows,
            currency: invoice.currency,
            settlement: &settlement.id,
            end: settlement.end.date_in(context.zone),
            context,
        }
    }

    /// Whether a row is one of those behind the line.
    #[must_use]
    pub fn takes(&self, row: &Row<'_>) -> bool {
        self.source_of(row).is_some()
    }

    /// The source that a row was counted in; `None` if the row is not behind the line.
    ///
    /// It tells the rule that gave the row its account.
    #[must_use]
    pub fn source_of(&self, row: &Row<'_>) -> Option<&'a Source> {
        if row.settlement_id() != self.settlement {
            return None;
        }
        let date = row.posted().date_in(self.context.zone).min(self.end);
        let period = self.context.calendar.period_of(date)?;
        if period.name != self.period {
            return None;
        }
        let triple = triple_of(row);
        let mut sources = self.sources.iter().filter(|source| source.triple == triple);
        let first = sources.next()?;
        let verdict = self.context.rules.classify(&RowFacts {
            triple: &triple,
            date,
            marketplace: row.marketplace_name(),
            // A plan without SKUs is one that no SKU decides.
            sku: Some(row.sku()),
            fulfillment: &row.fulfillment(),
            currency: self.currency,
        });
        let Verdict::Known(class) = verdict else { return None };
        if class.account.ok().as_ref() != Some(self.account) {
            return None;
        }
        let counted = |source: &&Source| source.rule == class.rule && source.role == class.role;
        [first].into_iter().chain(sources).find(counted)
    }

    /// Lists the rows behind the line, in the order of the document, and makes sure that they are
    /// as many and as much as the line says.
    ///
    /// There are none behind the deposit and the balance carried over: the plan made these lines
    /// from the settlement's total and the other lines. Where a line has very many rows, read the
    /// document yourself and ask [`takes`](Self::takes).
    ///
    /// # Errors
    /// If the document has a defect, or the rows are not those that the line was made of.
    pub fn rows<R: Read>(&self, mut reader: RowReader<R>) -> Result<Vec<SourceRow>, DrillError> {
        let currency = self.currency;
        let mut rows = Vec::new();
        let mut found = Money::zero(currency);
        while let Some(item) = reader.next() {
            let Item::Row(row) = item.map_err(DrillError::Document)? else { continue };
            if self.takes(&row) {
                found = found.checked_add(row.amount())?;
                rows.push(source_row(&row));
            }
        }
        let expected = self.sources.iter().try_fold(Money::zero(currency), |sum, source| {
            sum.checked_add(Money::new(source.amount, currency)?)
        })?;
        let count = u64::try_from(rows.len()).unwrap_or(u64::MAX);
        if (count, found) != (self.rows, expected) {
            let expected_rows = self.rows;
            return Err(DrillError::Differs { expected_rows, expected, rows: count, found });
        }
        Ok(rows)
    }
}

pub(crate) fn triple_of(row: &Row<'_>) -> Triple {
    Triple {
        transaction_type: row.transaction_type().to_owned(),
        amount_type: row.amount_type().to_owned(),
        amount_description: row.amount_description().to_owned(),
    }
}

fn source_row(row: &Row<'_>) -> SourceRow {
    SourceRow {
        line: row.line(),
        triple: triple_of(row),
        order_id: row.order_id().to_owned(),
        sku: row.sku().to_owned(),
        posted: row.posted(),
        amount: row.amount(),
    }
}
