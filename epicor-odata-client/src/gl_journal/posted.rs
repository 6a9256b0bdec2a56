use jiff::civil::Date;
use rust_decimal::Decimal;

use super::{GlJournals, GroupId};
use crate::error::Error;
use crate::limit;
use crate::odata::Filter;
use crate::record::record;

record! {
    /// A posted line: a row of `GLJrnDtl`. There is one for each book that was posted to.
    PostedLine in "Erp.BO.GLJrnDtlSvc/GLJrnDtls"
    by ["BookID", "FiscalYear", "FiscalYearSuffix", "JournalCode", "JournalNum", "JournalLine"] {
        book_id: String = "BookID",
        fiscal_year: i64 = "FiscalYear",
        /// Empty in most companies.
        fiscal_year_suffix: String = "FiscalYearSuffix",
        fiscal_period: i64 = "FiscalPeriod",
        journal_code: String = "JournalCode",
        journal_num: i64 = "JournalNum",
        journal_line: i64 = "JournalLine",
        /// The group it was entered in, which is gone: its id may be in use again.
        group_id: String = "GroupID",
        /// With our token at its start.
        description: String = "Description",
        /// Segments joined by `|`.
        account: String = "GLAccount",
        /// In [`currency`](Self::currency).
        debit: Decimal = "DebitAmount",
        /// In [`currency`](Self::currency).
        credit: Decimal = "CreditAmount",
        /// In the currency of the book, at the journal's rate.
        book_debit: Decimal = "BookDebitAmount",
        /// In the currency of the book, at the journal's rate.
        book_credit: Decimal = "BookCreditAmount",
        /// The journal entry date.
        je_date: Option<Date> = "JEDate",
        currency: String = "CurrencyCode",
    }
}

/// Which posted lines to look for: all three must match.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PostedQuery {
    /// `GroupID` they were entered in.
    pub group_id: GroupId,
    /// The first word of `Description`.
    pub token: String,
    /// The earliest `JEDate`.
    pub je_date_from: Date,
}

/// Which posted lines to search for, over any group. What is `None` does not matter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JournalSearch {
    /// The earliest `JEDate`. The table holds every line ever posted, so it is not optional.
    pub je_date_from: Date,
    /// The latest `JEDate`.
    pub je_date_to: Option<Date>,
    /// What `Description` starts with.
    pub description: Option<String>,
    /// `BookID`.
    pub book_id: Option<String>,
    /// `JournalCode`.
    pub journal_code: Option<String>,
    /// `JournalNum`.
    pub journal_num: Option<i64>,
    /// `GLAccount`, segments joined by `|`.
    pub account: Option<String>,
    /// `SourceModule`: `GL` for entered journals, `AP` and `AR` for invoices.
    pub source_module: Option<String>,
}

impl JournalSearch {
    /// Every line from a day on.
    #[must_use]
    pub fn from(je_date_from: Date) -> Self {
        Self {
            je_date_from,
            je_date_to: None,
            description: None,
            book_id: None,
            journal_code: None,
            journal_num: None,
            account: None,
            source_module: None,
        }
    }

    fn filter(&self) -> Filter {
        let text = |column, value: &Option<String>| {
            value.as_deref().map(|value| Filter::eq(column, value))
        };
        let starts = |text: &String| Filter::startswith("Description", text);
        let conditions = [
            self.je_date_to.map(|day| Filter::le("JEDate", day)),
            self.description.as_ref().map(starts),
            text("BookID", &self.book_id),
            text("JournalCode", &self.journal_code),
            self.journal_num.map(|number| Filter::eq("JournalNum", number)),
            text("GLAccount", &self.account),
            text("SourceModule", &self.source_module),
        ];
        let from = Filter::ge("JEDate", self.je_date_from);
        conditions.into_iter().flatten().fold(from, Filter::and)
    }
}

impl GlJournals<'_> {
    /// The posted lines that match, by book, year, journal and line; none when nothing was
    /// posted.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`] when the token is not one word, and any [`Error`] a read ends in.
    /// Never takes an error for "nothing posted".
    pub async fn posted(&self, query: &PostedQuery) -> Result<Vec<PostedLine>, Error> {
        let token = query.token.as_str();
        if token.is_empty() || limit::first_word(token) != token {
            let reason = "it is not one word".to_owned();
            return Err(Error::InvalidParameter { parameter: "the token", reason });
        }
        let filter = Filter::eq("GroupID", query.group_id.as_str())
            .and(Filter::startswith("Description", token))
            .and(Filter::ge("JEDate", query.je_date_from));
        let mut lines: Vec<PostedLine> = self.client.records().matching(filter).await?;
        // `2026-10` starts with `2026-1`, and is another's. Epicor itself does not look at the case.
        lines.retain(|line| limit::first_word(&line.description).eq_ignore_ascii_case(token));
        Ok(lines)
    }

    /// The posted lines a search finds, by book, year, journal and line.
    ///
    /// # Errors
    /// Any [`Error`] a read ends in.
    pub async fn search(&self, search: &JournalSearch) -> Result<Vec<PostedLine>, Error> {
        self.client.records().matching(search.filter()).await
    }
}
