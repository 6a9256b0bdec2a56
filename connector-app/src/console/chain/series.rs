//! A picture of the settlements of one connection and currency, each a bar from its start to its end.

use std::collections::{BTreeMap, BTreeSet};

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use settlement_model::chain::{Chains, Finding};
use settlement_model::{ReportTime, Settlement, SettlementId};

use crate::console::address;
use crate::console::states;
use crate::day;

/// The time that is drawn, in the picture's own units.
#[derive(Debug, Clone, Copy)]
pub(super) struct Window {
    from: Timestamp,
    to: Timestamp,
}

/// How wide the time is drawn.
const WIDTH: i64 = 1_100;
/// How high a stream is, with the room to the next.
const ROW: i64 = 40;
/// Above the first stream, for the months.
const HEAD: i64 = 24;
/// How far back is drawn.
const DAYS: i64 = 400;
/// Beyond now, so that the newest bar does not touch the edge.
const AHEAD: i64 = 15;

impl Window {
    /// The time until now, a good year of it.
    pub(super) fn ending(now: Timestamp) -> Self {
        let days = |days: i64| SignedDuration::from_hours(days * 24);
        Self {
            from: now.saturating_sub(days(DAYS)).unwrap_or(Timestamp::MIN),
            to: now.saturating_add(days(AHEAD)).unwrap_or(Timestamp::MAX),
        }
    }

    fn x(&self, at: Timestamp) -> i64 {
        let at = at.clamp(self.from, self.to);
        let whole = self.to.duration_since(self.from).as_secs().max(1);
        at.duration_since(self.from).as_secs() * WIDTH / whole
    }

    /// The months that begin in it.
    fn months(&self) -> Vec<Mark> {
        let first = TimeZone::UTC.to_datetime(self.from).date();
        let mut month = first.first_of_month();
        let mut marks = Vec::new();
        for _ in 0..24 {
            month = month.saturating_add(jiff::Span::new().months(1));
            let at = day::begin_of(month);
            if at > self.to {
                break;
            }
            let label = if month.month() == 1 || marks.is_empty() { "%b %Y" } else { "%b" };
            marks.push(Mark { x: self.x(at), label: month.strftime(label).to_string() });
        }
        marks
    }
}

/// Where a month begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Mark {
    pub(super) x: i64,
    pub(super) label: String,
}

/// A settlement, or the time that none covers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Bar {
    pub(super) x: i64,
    pub(super) y: i64,
    pub(super) width: i64,
    /// The class that paints it: the tone of its state, `gap` or `overlap`.
    pub(super) kind: &'static str,
    pub(super) href: String,
    /// In words, for everybody.
    pub(super) title: String,
}

/// The picture, and what it shows in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Series {
    pub(super) connection: String,
    pub(super) currency: String,
    pub(super) bars: Vec<Bar>,
    pub(super) marks: Vec<Mark>,
    /// The marketplace of each stream, and where it is written.
    pub(super) names: Vec<(i64, String)>,
    pub(super) width: i64,
    pub(super) height: i64,
    /// What is missing or overlaps, one sentence each.
    pub(super) findings: Vec<Told>,
    pub(super) count: usize,
}

/// A finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Told {
    /// `gap`, `overlap` or `note`.
    pub(super) kind: &'static str,
    pub(super) text: String,
    pub(super) href: String,
}

impl Series {
    pub(super) fn of(
        (connection, currency): (&str, &str),
        settlements: &[Settlement],
        chains: &Chains,
        state: impl Fn(&str) -> String,
        window: &Window,
    ) -> Self {
        let by_id: BTreeMap<_, _> = settlements.iter().map(|one| (&one.id, one)).collect();
        let page = |id: &SettlementId| address::path(&["settlements", connection, id.as_str()]);
        let (mut bars, mut names) = (Vec::new(), Vec::new());
        let mut row_of = BTreeMap::new();
        for (row, stream) in chains.streams.iter().enumerate() {
            let y = HEAD + ROW * i64::try_from(row).unwrap_or_default();
            let name =
                stream.marketplace.clone().unwrap_or_else(|| "no marketplace named".to_owned());
            names.push((y + 12, name));
            for id in &stream.settlements {
                row_of.insert(id.clone(), y);
                let Some(one) = by_id.get(id) else { continue };
                let (start, end) = (instant(one.start), instant(one.end));
                if end < window.from {
                    continue;
                }
                let word = state(id.as_str());
                bars.push(Bar {
                    kind: states::tone(&word),
                    title: format!(
                        "{id}, {} to {}, {} {word}",
                        told_day(start),
                        told_day(end),
                        one.total
                    ),
                    href: page(id),
                    ..bar(window, start, end, y)
                });
            }
        }
        let mut findings = Vec::new();
        let mut drawn = BTreeSet::new();
        for finding in &chains.findings {
            let Some((told, span)) = tell(finding, &page) else { continue };
            if let Some((later, from, to, kind)) = span
                && let Some(y) = row_of.get(later)
                && to >= window.from
                && drawn.insert((from, to, *y))
            {
                bars.push(Bar { kind, title: told.text.clone(), ..bar(window, from, to, *y) });
            }
            findings.push(told);
        }
        let rows = i64::try_from(chains.streams.len()).unwrap_or_default();
        Self {
            connection: connection.to_owned(),
            currency: currency.to_owned(),
            bars,
            marks: window.months(),
            names,
            width: WIDTH,
            height: HEAD + ROW * rows + 4,
            findings,
            count: by_id.len(),
        }
    }
}

fn bar(window: &Window, from: Timestamp, to: Timestamp, y: i64) -> Bar {
    let (x, end) = (window.x(from), window.x(to));
    Bar {
        x,
        y: y + 16,
        width: (end - x - 1).max(2),
        kind: "quiet",
        href: String::new(),
        title: String::new(),
    }
}

/// From when to when something is drawn, on the row of which settlement, and how.
type Span<'f> = (&'f SettlementId, Timestamp, Timestamp, &'static str);

fn tell<'f>(
    finding: &'f Finding,
    page: &impl Fn(&SettlementId) -> String,
) -> Option<(Told, Option<Span<'f>>)> {
    let told = |kind, text, about: &SettlementId| Told { kind, text, href: page(about) };
    Some(match finding {
        Finding::Gap { before, after, from, to } => {
            let (from, to) = (instant(*from), instant(*to));
            let text = format!(
                "Nothing covers {} to {}: a settlement is missing between {before} and {after}.",
                told_day(from),
                told_day(to)
            );
            (told("gap", text, after), Some((after, from, to, "gap")))
        }
        Finding::Overlap { first, second, from, to } => {
            let (from, to) = (instant(*from), instant(*to));
            let text =
                format!("{first} and {second} share {} to {}.", told_day(from), told_day(to));
            (told("overlap", text, second), Some((second, from, to, "overlap")))
        }
        Finding::Reserve { before, after, closing, opening } => {
            let text = format!("{before} kept {closing} back, and {after} gives {opening} back.");
            (told("note", text, after), None)
        }
        Finding::Debt { before, after, owed, charged } => {
            let text =
                format!("{before} ended owing {owed}, and {after} charges {charged} for it.");
            (told("note", text, after), None)
        }
        Finding::RolledOver { before, after, amount } => {
            let text = format!("{amount} of the debt of {before} was taken over into {after}.");
            (told("note", text, after), None)
        }
        Finding::FailedPayout { id, amount, .. } => {
            let text = format!("A payout of {amount} came back, and {id} has it again.");
            (told("note", text, id), None)
        }
        _ => return None,
    })
}

fn instant(time: ReportTime) -> Timestamp {
    match time {
        ReportTime::Instant(at) => at,
        ReportTime::Date(date) => day::begin_of(date),
    }
}

fn told_day(at: Timestamp) -> String {
    at.strftime("%-d %b %Y").to_string()
}

#[cfg(test)]
mod tests {
    use settlement_model::{Currency, Money, chain};

    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().expect("a time")
    }

    fn settlement(id: &str, start: &str, end: &str) -> Settlement {
        let zero = Money::zero(Currency::parse("USD").expect("a code"));
        Settlement {
            id: SettlementId::parse(id).expect("an id"),
            start: ReportTime::Instant(at(start)),
            end: ReportTime::Instant(at(end)),
            deposit_date: None,
            total: zero,
            rows: 0,
            sum: zero,
            groups: Vec::new(),
            line: 2,
        }
    }

    fn series(settlements: &[Settlement]) -> Series {
        let chains = chain::check(settlements).expect("small");
        let window = Window::ending(at("2026-06-20T00:00:00Z"));
        Series::of(("us", "USD"), settlements, &chains, |_| "posted".to_owned(), &window)
    }

    #[test]
    fn a_gap_is_a_bar_between_the_two_and_a_sentence() {
        let drawn = series(&[
            settlement("81", "2026-05-03T00:00:00Z", "2026-05-17T00:00:00Z"),
            settlement("83", "2026-05-31T00:00:00Z", "2026-06-14T00:00:00Z"),
        ]);
        let [before, after, gap] = drawn.bars.as_slice() else { panic!("{:?}", drawn.bars) };
        assert_eq!(gap.kind, "gap");
        assert!(before.x + before.width < gap.x + 2 && gap.x + gap.width < after.x + 2);
        assert_eq!(drawn.findings.len(), 1);
        assert_eq!(
            drawn.findings[0].text,
            "Nothing covers 17 May 2026 to 31 May 2026: a settlement is missing between 81 and 83."
        );
        assert_eq!(drawn.findings[0].href, "/settlements/us/83");
    }

    #[test]
    fn an_unbroken_series_has_no_finding_and_what_is_long_past_is_not_drawn() {
        let drawn = series(&[
            settlement("70", "2020-05-03T00:00:00Z", "2026-05-17T00:00:00Z"),
            settlement("81", "2026-05-17T00:00:00Z", "2026-05-31T00:00:00Z"),
        ]);
        assert!(drawn.findings.is_empty());
        assert_eq!((drawn.bars.len(), drawn.count), (2, 2));
        assert_eq!(drawn.bars[0].x, 0, "what began before the picture begins at its edge");
        assert!(drawn.bars.iter().all(|bar| bar.x + bar.width <= drawn.width));
        let gone = series(&[settlement("70", "2020-05-03T00:00:00Z", "2020-05-17T00:00:00Z")]);
        assert!(gone.bars.is_empty());
    }

    #[test]
    fn months_are_marked_in_order() {
        let marks = Window::ending(at("2026-06-20T00:00:00Z")).months();
        assert!(marks.len() >= 13, "{marks:?}");
        assert!(marks.is_sorted_by_key(|mark| mark.x));
        assert!(marks.iter().any(|mark| mark.label == "Jan 2026"), "{marks:?}");
    }
}
