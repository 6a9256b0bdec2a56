use super::{GlJournals, MAX_ROWS};
use crate::dataset::{ColumnError, Row};
use crate::error::{Error, ReadAnswer};
use crate::odata::Query;

const BOOKS: &str = "Erp.BO.GLBookSvc/GLBooks";

const COLUMNS: [&str; 7] = [
    "BookID",
    "Description",
    "MainBook",
    "COACode",
    "CurrencyCode",
    "FiscalCalendarID",
    "Inactive",
];

/// A book of the general ledger: a row of `GLBook`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Book {
    /// `BookID`, like `MAIN`.
    pub book_id: String,
    /// `Description`.
    pub description: String,
    /// `MainBook`: whether it is the company's main book.
    pub main_book: bool,
    /// `COACode`: the chart of accounts it uses.
    pub coa_code: String,
    /// `CurrencyCode`: the currency it is kept in.
    pub currency_code: String,
    /// `FiscalCalendarID`.
    pub fiscal_calendar_id: String,
    /// `Inactive`.
    pub inactive: bool,
}

impl Book {
    fn read(row: &Row) -> Result<Self, ColumnError> {
        Ok(Self {
            book_id: row.text("BookID")?.to_owned(),
            description: row.text("Description")?.to_owned(),
            main_book: row.boolean("MainBook")?,
            coa_code: row.text("COACode")?.to_owned(),
            currency_code: row.text("CurrencyCode")?.to_owned(),
            fiscal_calendar_id: row.text("FiscalCalendarID")?.to_owned(),
            inactive: row.boolean("Inactive")?,
        })
    }
}

impl GlJournals<'_> {
    /// All books of the company, by id.
    ///
    /// # Errors
    /// Any [`Error`] a read ends in.
    pub async fn books(&self) -> Result<Vec<Book>, Error> {
        let query = Query::new().select(COLUMNS).orderby(["BookID"]);
        let rows = self.client.read_all(BOOKS, query, MAX_ROWS).await?;
        rows.iter().map(Book::read).collect::<Result<_, _>>().in_answer_to(BOOKS)
    }
}
