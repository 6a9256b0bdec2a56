//! The clearing account over time: up with each settlement, down with each line of the bank.

use jiff::civil::Date;
use rust_decimal::Decimal;
use settlement_model::{Currency, Money};

use crate::console::figures::figure;

/// The balance as a line, and as a table of its last days.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Balance {
    pub(super) connection: String,
    pub(super) currency: String,
    /// The line, for the attribute `points`.
    pub(super) points: String,
    pub(super) zero: i64,
    pub(super) width: i64,
    pub(super) height: i64,
    pub(super) high: String,
    pub(super) high_y: i64,
    pub(super) now: String,
    pub(super) first: String,
    pub(super) last: String,
    /// The newest movements, newest first: day, movement, balance.
    pub(super) days: Vec<(String, String, String)>,
}

const WIDTH: i64 = 1_100;
const HEIGHT: i64 = 130;
const PAD: i64 = 20;
/// How many movements stand in the table.
const DAYS: usize = 12;

impl Balance {
    /// Of what went on the account, or off it if negative, each on its day; `None` when nothing ever
    /// moved.
    pub(super) fn of(
        connection: &str,
        currency: Currency,
        mut movements: Vec<(Date, Money)>,
        today: Date,
    ) -> Option<Self> {
        movements.sort_by_key(|(date, amount)| (*date, amount.amount()));
        let first = movements.first()?.0;
        let mut balance = Decimal::ZERO;
        let mut steps = Vec::with_capacity(movements.len());
        for (date, amount) in &movements {
            balance += amount.amount();
            steps.push((*date, amount.amount(), balance));
        }
        let low = steps.iter().map(|step| step.2).min()?.min(Decimal::ZERO);
        let high = steps.iter().map(|step| step.2).max()?.max(Decimal::ZERO);
        let span = (high - low).max(Decimal::ONE);
        let y = |amount: Decimal| {
            let above = (amount - low) * Decimal::from(HEIGHT - 2 * PAD) / span;
            HEIGHT - PAD - i64::try_from(above.round()).unwrap_or_default()
        };
        let last = today.max(steps.last()?.0);
        let whole = i64::from((last - first).get_days()).max(1);
        let x = |date: Date| i64::from((date - first).get_days()) * WIDTH / whole;

        let mut points = vec![format!("0,{}", y(Decimal::ZERO))];
        let mut level = Decimal::ZERO;
        for (date, _, after) in &steps {
            points.push(format!("{},{}", x(*date), y(level)));
            points.push(format!("{},{}", x(*date), y(*after)));
            level = *after;
        }
        points.push(format!("{WIDTH},{}", y(level)));
        let text = |amount| figure(amount, currency).text;
        let day = |date: Date| date.strftime("%-d %b %Y").to_string();
        let days = steps.iter().rev().take(DAYS);
        Some(Self {
            connection: connection.to_owned(),
            currency: currency.to_string(),
            points: points.join(" "),
            zero: y(Decimal::ZERO),
            width: WIDTH,
            height: HEIGHT,
            high: text(high),
            high_y: y(high),
            now: text(level),
            first: day(first),
            last: day(last),
            days: days
                .map(|(date, amount, after)| (day(*date), text(*amount), text(*after)))
                .collect(),
        })
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn usd() -> Currency {
        Currency::parse("USD").expect("a code")
    }

    #[test]
    fn what_was_paid_out_and_came_leaves_nothing() {
        let movement = |date, cents| {
            let amount = Money::new(Decimal::new(cents, 2), usd()).expect("cents");
            (date, amount)
        };
        let movements = vec![
            movement(date(2026, 5, 20), -10_000),
            movement(date(2026, 5, 17), 10_000),
            movement(date(2026, 5, 31), 5_000),
        ];
        let balance = Balance::of("us", usd(), movements, date(2026, 6, 1)).expect("a balance");
        assert_eq!((balance.now.as_str(), balance.high.as_str()), ("50.00", "100.00"));
        assert_eq!(
            balance.days[0],
            ("31 May 2026".to_owned(), "50.00".to_owned(), "50.00".to_owned())
        );
        assert_eq!(balance.days[1].2, "0.00");
        assert!(balance.points.starts_with(&format!("0,{}", balance.zero)));
        assert!(balance.high_y < balance.zero);
    }

    #[test]
    fn an_account_that_never_moved_is_not_drawn() {
        assert_eq!(Balance::of("us", usd(), Vec::new(), date(2026, 6, 1)), None);
    }
}
