use crate::client::Client;
use crate::record::{Records, record};

record! {
    /// A book of the general ledger: a row of `GLBook`.
    Book in "Erp.BO.GLBookSvc/GLBooks" by ["BookID"] {
        /// Like `MAIN`.
        book_id: String = "BookID",
        description: String = "Description",
        /// Whether it is the company's main book.
        main_book: bool = "MainBook",
        /// The chart of accounts it uses.
        coa_code: String = "COACode",
        /// The currency it is kept in.
        currency_code: String = "CurrencyCode",
        fiscal_calendar_id: String = "FiscalCalendarID",
        inactive: bool = "Inactive",
    }
}

impl Client {
    /// The books of the general ledger.
    #[must_use]
    pub fn gl_books(&self) -> Records<'_, Book> {
        self.records()
    }
}
