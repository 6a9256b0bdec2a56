//! Whether the connection's fiscal periods are Epicor's: by them settlements are cut, periods signed
//! and months accrued.

use epicor_odata_client::Client;
use epicor_odata_client::master::{Book, FiscalPeriod};
use jiff::civil::Date;
use jiff::{Span, ToSpan as _};
use ledger_mapper::Calendar;

use super::{Finding, chain, ok, warning};

const WHAT: &str = "calendar";

/// Compares the periods of a year before today and a year after it.
pub(super) async fn finding(
    client: &Client,
    book: &Book,
    calendar: &Calendar,
    today: Date,
) -> Finding {
    let id = &book.fiscal_calendar_id;
    let periods = match client.fiscal_periods().of_calendar(id).await {
        Ok(periods) => periods,
        // Nothing else needs them.
        Err(error) => {
            let why = chain(&error);
            let message = format!("Epicor's fiscal periods cannot be compared with ours: {why}");
            return warning(WHAT, message);
        }
    };
    let year: Span = 1.year();
    let from = today.saturating_sub(year);
    let until = today.saturating_add(year);
    let near: Vec<_> = periods.iter().filter_map(days).collect();
    let near = near.iter().filter(|(_, start, end)| *end >= from && *start <= until);
    let mut count = 0;
    for (name, start, end) in near {
        let ours = calendar.period_of(*start);
        let same = ours.as_ref().is_some_and(|ours| ours.start == *start && ours.end == *end);
        if !same {
            let ours = ours.map_or_else(
                || format!("no period of the connection's calendar holds {start}"),
                |ours| {
                    let (name, start, end) = (ours.name, ours.start, ours.end);
                    format!("the connection's period {name} is {start} to {end}")
                },
            );
            return warning(
                WHAT,
                format!(
                    "period {name} of Epicor's fiscal calendar {id} is {start} to {end}, and {ours}; \
                     write Epicor's periods into a file and name it as `calendar` of the connection"
                ),
            );
        }
        count += 1;
    }
    ok(WHAT, format!("{count} periods near today are those of Epicor's fiscal calendar {id}"))
}

/// A period with days: what Epicor calls it, its first day and its last.
fn days(period: &FiscalPeriod) -> Option<(String, Date, Date)> {
    let name =
        format!("{} of {}{}", period.fiscal_period, period.fiscal_year, period.fiscal_year_suffix);
    Some((name, period.start?, period.end?))
}
