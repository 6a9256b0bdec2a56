//! `backfill`: what Amazon published between two days. It is the ordinary run over a window: what is
//! known already stays as it is, and a run that was stopped goes on where it was.

use anyhow::{Context as _, bail};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use super::{App, orders, sync};
use crate::cli::{BackfillArgs, Backfilled};
use crate::exit::Exit;
use crate::output::{self, ATTENTION, styled};
use crate::pipeline::ORDERS_KEPT;

/// An earlier time is refused; by the time Amazon is asked it is a little later.
const MARGIN: SignedDuration = SignedDuration::from_mins(30);

/// What Amazon keeps of the past.
#[derive(Debug)]
struct Past {
    /// How long.
    lives: SignedDuration,
    /// The same in words.
    kept: &'static str,
    /// What a person does about what is gone.
    instead: &'static str,
}

const SETTLEMENTS: Past = Past {
    lives: SignedDuration::from_hours(90 * 24),
    kept: "Amazon keeps settlement reports for 90 days",
    instead: "Download older settlements in Seller Central (Payments, All statements, Flat file V2) and \
              run `ml-connector import FILE`",
};

const ORDERS: Past = Past {
    lives: ORDERS_KEPT,
    kept: "Amazon keeps orders for two years",
    instead: "Finance enters older orders in Epicor by hand, with Amazon's order id as the PO number",
};

pub(super) async fn run(app: &App, args: BackfillArgs) -> anyhow::Result<Exit> {
    let past = match args.what {
        Backfilled::Settlements => SETTLEMENTS,
        Backfilled::Orders => ORDERS,
    };
    let asked = window(&past, (args.from, args.to), app.clock.now())?;
    if let Some(missing) = asked.out_of_reach {
        say(app, &past, missing, args);
    }
    let days = (asked.since, asked.until);
    match args.what {
        Backfilled::Settlements => sync::over(app, Some(days)).await,
        Backfilled::Orders => orders::backfill(app, days).await,
    }
}

/// What can be fetched of the days that were asked for.
#[derive(Debug, PartialEq, Eq)]
struct Window {
    since: Timestamp,
    until: Timestamp,
    /// The days from the first one to this one are gone at Amazon.
    out_of_reach: Option<Date>,
}

fn window(past: &Past, (from, to): (Date, Date), now: Timestamp) -> anyhow::Result<Window> {
    if from > to {
        bail!("--from {from} is after --to {to}; exchange them");
    }
    let midnight = |day: Date| -> anyhow::Result<Timestamp> {
        Ok(day.to_zoned_datetime(TimeZone::UTC).context("reading the days")?.timestamp())
    };
    let oldest = now - past.lives + MARGIN;
    let until = midnight(to.tomorrow().context("reading the days")?)?.min(now);
    if until <= oldest {
        bail!("{}, so nothing of {from} to {to} can be fetched. {}", past.kept, past.instead);
    }
    let first = midnight(from)?;
    if first > now {
        bail!("--from {from} is still to come; nothing is published yet");
    }
    let out_of_reach = (first < oldest).then(|| oldest.to_zoned_datetime(TimeZone::UTC).date());
    Ok(Window { since: first.max(oldest), until, out_of_reach })
}

fn say(app: &App, past: &Past, gone_until: Date, args: BackfillArgs) {
    let (from, kept) = (args.from, past.kept);
    if app.common.json {
        output::line(json!({
            "asked_from": from.to_string(), "fetched_from": gone_until.to_string(), "reason": kept,
        }));
        return;
    }
    output::note(format!(
        "{} {kept}: what is from {from} to {gone_until} is gone there. {}.",
        styled(ATTENTION, "note:"),
        past.instead
    ));
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    const NOW: &str = "2026-11-26T12:00:00Z";

    fn of(from: Date, to: Date) -> anyhow::Result<Window> {
        window(&SETTLEMENTS, (from, to), NOW.parse().expect("an instant"))
    }

    #[test]
    fn whole_days_are_asked_for_as_far_as_they_go() {
        let inside = of(date(2026, 10, 1), date(2026, 10, 31)).expect("in reach");
        assert_eq!(inside.since, "2026-10-01T00:00:00Z".parse().expect("an instant"));
        assert_eq!(inside.until, "2026-11-01T00:00:00Z".parse().expect("an instant"));
        assert_eq!(inside.out_of_reach, None);
        let today = of(date(2026, 11, 26), date(2027, 1, 1)).expect("in reach");
        assert_eq!(today.until, NOW.parse().expect("an instant"), "the future is not asked for");
    }

    #[test]
    fn what_amazon_no_longer_has_is_said() {
        let partly = of(date(2026, 1, 1), date(2026, 10, 31)).expect("partly in reach");
        assert_eq!(partly.since, "2026-08-28T12:30:00Z".parse().expect("an instant"));
        assert_eq!(partly.out_of_reach, Some(date(2026, 8, 28)));
        let gone = of(date(2025, 1, 1), date(2025, 12, 31)).expect_err("too old");
        assert!(gone.to_string().contains("`ml-connector import FILE`"), "{gone}");
        assert!(of(date(2026, 11, 1), date(2026, 10, 1)).is_err());
        assert!(of(date(2027, 1, 1), date(2027, 1, 2)).is_err());

        let orders = |from, to| window(&ORDERS, (from, to), NOW.parse().expect("an instant"));
        let gone = orders(date(2023, 1, 1), date(2024, 11, 26)).expect_err("too old");
        assert!(gone.to_string().contains("two years, so nothing of 2023-01-01"), "{gone}");
        let partly = orders(date(2023, 1, 1), date(2025, 1, 1)).expect("partly in reach");
        assert_eq!(partly.out_of_reach, Some(date(2024, 11, 27)));
    }
}
