use jiff::civil::Date;
use rust_decimal::Decimal;

use super::{GlJournals, GroupId, MAX_ROWS};
use crate::dataset::{ColumnError, Row};
use crate::error::{Error, ReadAnswer};
use crate::odata::{Filter, Query};

const POSTED_LINES: &str = "Erp.BO.GLJrnDtlSvc/GLJrnDtls";

/// The key of the set without the company, which is the same in every row.
const KEY: [&str; 6] =
    ["BookID", "FiscalYear", "FiscalYearSuffix", "JournalCode", "JournalNum", "JournalLine"];
/// The columns a [`PostedLine`] is read from; the service is slow, so no others.
const COLUMNS: [&str; 14] = [
    "BookID",
    "FiscalYear",
    "FiscalYearSuffix",
    "FiscalPeriod",
    "JournalCode",
    "JournalNum",
    "JournalLine",
    "GroupID",
    "Description",
    "GLAccount",
    "DebitAmount",
    "CreditAmount",
    "JEDate",
    "CurrencyCode",
];

/// Which posted lines to look for: all three must match.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PostedQuery {
    /// `GroupID` they were entered in.
    pub group_id: GroupId,
    /// What `Description` starts with.
    pub token: String,
    /// The earliest `JEDate`.
    pub je_date_from: Date,
}

/// A posted line: a row of `GLJrnDtl`. There is one for each book that was posted to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PostedLine {
    /// `BookID`.
    pub book_id: String,
    /// `JournalNum`.
    pub journal_num: i64,
    /// `JournalLine`.
    pub journal_line: i64,
    /// `FiscalYear`.
    pub fiscal_year: i64,
    /// `FiscalPeriod`.
    pub fiscal_period: i64,
    /// `JournalCode`.
    pub journal_code: String,
    /// `GroupID` it was entered in. The group itself is gone, and the id may be in use again.
    pub group_id: String,
    /// `Description`, with our token at its start.
    pub description: String,
    /// `GLAccount`, segments joined by `|`.
    pub account: String,
    /// `DebitAmount`, in [`currency`](Self::currency).
    pub debit: Decimal,
    /// `CreditAmount`, in [`currency`](Self::currency).
    pub credit: Decimal,
    /// `JEDate`.
    pub je_date: Option<Date>,
    /// `CurrencyCode`.
    pub currency: String,
}

impl PostedLine {
    fn read(row: &Row) -> Result<Self, ColumnError> {
        Ok(Self {
            book_id: row.text("BookID")?.to_owned(),
            journal_num: row.integer("JournalNum")?,
            journal_line: row.integer("JournalLine")?,
            fiscal_year: row.integer("FiscalYear")?,
            fiscal_period: row.integer("FiscalPeriod")?,
            journal_code: row.text("JournalCode")?.to_owned(),
            group_id: row.text("GroupID")?.to_owned(),
            description: row.text("Description")?.to_owned(),
            account: row.text("GLAccount")?.to_owned(),
            debit: row.decimal("DebitAmount")?,
            credit: row.decimal("CreditAmount")?,
            je_date: row.date("JEDate")?,
            currency: row.text("CurrencyCode")?.to_owned(),
        })
    }
}

impl PostedQuery {
    fn query(&self) -> Query {
        Query::new()
            .filter(
                Filter::eq("GroupID", self.group_id.as_str())
                    .and(Filter::startswith("Description", &self.token))
                    .and(Filter::ge("JEDate", self.je_date_from)),
            )
            .select(COLUMNS)
            .orderby(KEY)
    }
}

impl GlJournals<'_> {
    /// The posted lines that match, by book, year, journal and line; none when nothing was
    /// posted.
    ///
    /// # Errors
    /// Any [`Error`] a read ends in. Never takes an error for "nothing posted".
    pub async fn posted(&self, query: &PostedQuery) -> Result<Vec<PostedLine>, Error> {
        let rows = self.client.read_all(POSTED_LINES, query.query(), MAX_ROWS).await?;
        let lines = rows.iter().map(PostedLine::read);
        lines.collect::<Result<_, _>>().in_answer_to(POSTED_LINES)
    }
}
