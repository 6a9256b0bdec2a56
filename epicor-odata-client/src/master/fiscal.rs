use jiff::civil::Date;

use crate::client::Client;
use crate::error::Error;
use crate::odata::Filter;
use crate::record::{Records, record};

record! {
    /// A fiscal calendar: a row of `FiscalCal`.
    FiscalCalendar in "Erp.BO.FiscalCalSvc/FiscalCals" by ["FiscalCalendarID"] {
        fiscal_calendar_id: String = "FiscalCalendarID",
        description: String = "Description",
        start: Option<Date> = "StartDate",
        end: Option<Date> = "EndDate",
    }
}

record! {
    /// A period of a fiscal calendar: a row of `FiscalPer`. It has dates only: whether it is open
    /// is each book's own affair, see [`BookPeriod`].
    FiscalPeriod in "Erp.BO.FiscalPerSearchSvc/FiscalPerSearches"
    by ["FiscalCalendarID", "FiscalYear", "FiscalYearSuffix", "FiscalPeriod"] {
        fiscal_calendar_id: String = "FiscalCalendarID",
        fiscal_year: i64 = "FiscalYear",
        /// Empty in most companies.
        fiscal_year_suffix: String = "FiscalYearSuffix",
        fiscal_period: i64 = "FiscalPeriod",
        /// The first day.
        start: Option<Date> = "StartDate",
        /// The last day.
        end: Option<Date> = "EndDate",
    }
}

record! {
    /// A fiscal period of one book. Each book opens and closes its periods by itself.
    BookPeriod in "Erp.BO.GLBookPerSearchSvc/GLBookPerSearches"
    by ["BookID", "FiscalCalendarID", "FiscalYear", "FiscalYearSuffix", "FiscalPeriod"] {
        fiscal_calendar_id: String = "FiscalCalendarID",
        fiscal_year: i64 = "FiscalYear",
        /// Empty in most companies.
        fiscal_year_suffix: String = "FiscalYearSuffix",
        fiscal_period: i64 = "FiscalPeriod",
        /// The first day.
        start: Option<Date> = "StartDate",
        /// The last day.
        end: Option<Date> = "EndDate",
        /// Nothing may be posted into it any more.
        closed: bool = "ClosedPeriod",
    }
}

impl Client {
    /// The fiscal calendars.
    #[must_use]
    pub fn fiscal_calendars(&self) -> Records<'_, FiscalCalendar> {
        self.records()
    }

    /// The periods of all fiscal calendars.
    #[must_use]
    pub fn fiscal_periods(&self) -> Records<'_, FiscalPeriod> {
        self.records()
    }

    /// The fiscal periods of all books, with what is open and closed.
    #[must_use]
    pub fn book_periods(&self) -> Records<'_, BookPeriod> {
        self.records()
    }
}

impl Records<'_, FiscalPeriod> {
    /// The periods of one calendar, by year and period. 4-4-5 and 13-period years come as they
    /// are.
    ///
    /// # Errors
    /// Any [`Error`] a read ends in.
    pub async fn of_calendar(&self, calendar: &str) -> Result<Vec<FiscalPeriod>, Error> {
        self.matching(Filter::eq("FiscalCalendarID", calendar)).await
    }
}

impl Records<'_, BookPeriod> {
    /// The period of a book that `day` lies in, open or closed; `None` when there is none.
    ///
    /// Closing periods at a year's end (`CloseFiscalPeriod`) are left out: ordinary journals do
    /// not go there. An *earliest apply date* may still block a day of an open period.
    ///
    /// # Errors
    /// Any [`Error`] a read ends in, and [`Error::InvalidResponse`] when several periods hold the
    /// day.
    pub async fn holding(&self, book: &str, day: Date) -> Result<Option<BookPeriod>, Error> {
        let holds = Filter::eq("BookID", book)
            .and(Filter::le("StartDate", day))
            .and(Filter::ge("EndDate", day))
            .and(Filter::eq("CloseFiscalPeriod", 0_i64));
        self.only(holds).await
    }
}
