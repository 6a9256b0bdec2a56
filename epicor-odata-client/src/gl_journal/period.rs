use jiff::civil::Date;

use super::{GlJournals, MAX_ROWS};
use crate::dataset::{ColumnError, Row};
use crate::error::{Error, ReadAnswer};
use crate::odata::{Filter, Query};

const PERIODS: &str = "Erp.BO.GLBookPerSearchSvc/GLBookPerSearches";

/// The key of the set without the company, which is the same in every row.
const KEY: [&str; 5] =
    ["BookID", "FiscalCalendarID", "FiscalYear", "FiscalYearSuffix", "FiscalPeriod"];
const COLUMNS: [&str; 7] = [
    "FiscalCalendarID",
    "FiscalYear",
    "FiscalYearSuffix",
    "FiscalPeriod",
    "StartDate",
    "EndDate",
    "ClosedPeriod",
];

/// A fiscal period of one book. Each book opens and closes its periods by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PeriodState {
    /// `FiscalCalendarID`.
    pub fiscal_calendar_id: String,
    /// `FiscalYear`.
    pub fiscal_year: i64,
    /// `FiscalYearSuffix`; empty in most companies.
    pub fiscal_year_suffix: String,
    /// `FiscalPeriod`.
    pub fiscal_period: i64,
    /// `StartDate`: the first day.
    pub start: Date,
    /// `EndDate`: the last day.
    pub end: Date,
    /// `ClosedPeriod`: nothing may be posted into it any more.
    pub closed: bool,
}

impl PeriodState {
    fn read(row: &Row) -> Result<Option<Self>, ColumnError> {
        let (Some(start), Some(end)) = (row.date("StartDate")?, row.date("EndDate")?) else {
            return Ok(None);
        };
        Ok(Some(Self {
            fiscal_calendar_id: row.text("FiscalCalendarID")?.to_owned(),
            fiscal_year: row.integer("FiscalYear")?,
            fiscal_year_suffix: row.text("FiscalYearSuffix")?.to_owned(),
            fiscal_period: row.integer("FiscalPeriod")?,
            start,
            end,
            closed: row.boolean("ClosedPeriod")?,
        }))
    }
}

impl GlJournals<'_> {
    /// The period of a book that `day` lies in, open or closed; `None` when there is none.
    ///
    /// Closing periods at a year's end (`CloseFiscalPeriod`) are left out: ordinary journals do
    /// not go there. An *earliest apply date* may still block a day of an open period.
    ///
    /// # Errors
    /// Any [`Error`] a read ends in, and [`Error::InvalidResponse`] when several periods hold the
    /// day.
    pub async fn open_period(&self, book: &str, day: Date) -> Result<Option<PeriodState>, Error> {
        let query = Query::new()
            .filter(
                Filter::eq("BookID", book)
                    .and(Filter::le("StartDate", day))
                    .and(Filter::ge("EndDate", day))
                    .and(Filter::eq("CloseFiscalPeriod", 0_i64)),
            )
            .select(COLUMNS)
            .orderby(KEY);
        let rows = self.client.read_all(PERIODS, query, MAX_ROWS).await?;
        match rows.as_slice() {
            [] => Ok(None),
            [row] => PeriodState::read(row).in_answer_to(PERIODS),
            several => {
                let count = several.len();
                let reason = format!("{count} periods of book {book} hold the day {day}");
                Err(Error::invalid_response(PERIODS, reason))
            }
        }
    }
}
