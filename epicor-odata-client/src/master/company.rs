use crate::client::Client;
use crate::record::{Records, record};

record! {
    /// A company: a row of `Company`.
    Company in "Erp.BO.CompanySvc/Companies" by ["Company1"] {
        /// As it stands in every address.
        company: String = "Company1",
        name: String = "Name",
        country: String = "Country",
        /// The currency its main book is usually kept in.
        base_currency: String = "BaseCurrCode",
        fiscal_calendar_id: String = "FiscalCalendarID",
    }
}

impl Client {
    /// The companies this user sees. Epicor shows one, or those the user belongs to.
    #[must_use]
    pub fn companies(&self) -> Records<'_, Company> {
        self.records()
    }
}
