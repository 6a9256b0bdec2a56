//! Rows above and below the lines that state a balance and are no lines themselves.

use super::columns::Places;
use super::table::Row;

/// How banks name the balance before the first line.
const OPENINGS: [&str; 13] = [
    "anfangssaldo",
    "alter saldo",
    "alter kontostand",
    "opening balance",
    "beginning balance",
    "starting balance",
    "previous balance",
    "balance brought forward",
    "solde initial",
    "saldo inicial",
    "saldo iniziale",
    "beginsaldo",
    "brought forward",
];
/// And the one after the last.
const CLOSINGS: [&str; 11] = [
    "endsaldo",
    "neuer saldo",
    "neuer kontostand",
    "closing balance",
    "ending balance",
    "balance carried forward",
    "solde final",
    "saldo final",
    "saldo finale",
    "eindsaldo",
    "carried forward",
];
/// What may stand between such a name and its day.
const BEFORE_A_DAY: [&str; 10] = ["as", "of", "on", "at", "per", "am", "zum", "vom", "au", "al"];

/// Which balance a row states.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Edge {
    /// Before the first line.
    Opening,
    /// After the last line.
    Closing,
    /// One of the two, without saying which.
    Unnamed,
}

/// The rows of a table: balances, lines, balances.
#[derive(Debug, Clone, Copy)]
pub(super) struct Parts<'t> {
    pub(super) before: &'t [Row],
    pub(super) lines: &'t [Row],
    pub(super) after: &'t [Row],
}

impl<'t> Parts<'t> {
    pub(super) fn of(rows: &'t [Row], places: &Places) -> Self {
        let states = |at: usize, row: &Row| match edge(row, places) {
            // A row between two others that lacks its amount is a line that lacks it.
            Some(Edge::Unnamed) => at == 0 || at + 1 == rows.len(),
            named => named.is_some(),
        };
        let is_line = |(at, row): (usize, &Row)| !states(at, row);
        let first = rows.iter().enumerate().position(is_line).unwrap_or(rows.len());
        let last = rows.iter().enumerate().rposition(is_line).map_or(first, |at| at + 1);
        let (rest, after) = rows.split_at(last);
        let (before, lines) = rest.split_at(first);
        Self { before, lines, after }
    }
}

/// The balance that a row states instead of a line.
pub(super) fn edge(row: &Row, places: &Places) -> Option<Edge> {
    let balance = places.balance.map_or("", |place| row.cell(place));
    let amounts: Vec<&str> = places.money_columns().iter().map(|place| row.cell(*place)).collect();
    let without_amount = amounts.iter().all(|cell| cell.is_empty());
    let named = (0..row.cells.len()).find_map(|place| named(row.cell(place)));
    if named.is_none() {
        return (without_amount && !balance.is_empty()).then_some(Edge::Unnamed);
    }
    // A line that is only called so moves the balance to something else than its amount.
    let moves = |cell: &&str| {
        !balance.is_empty() && *cell != balance && cell.contains(|char| ('1'..='9').contains(&char))
    };
    let states = !balance.is_empty() || !without_amount;
    named.filter(|_| states && !amounts.iter().any(moves))
}

fn named(cell: &str) -> Option<Edge> {
    let cell = cell.to_lowercase();
    let is = |names: &[&str]| {
        let mut rests = names.iter().filter_map(|name| cell.strip_prefix(name));
        rests.any(|rest| {
            let mut words = rest.split(|char: char| !char.is_alphabetic());
            words.all(|word| word.is_empty() || BEFORE_A_DAY.contains(&word))
        })
    };
    if is(&OPENINGS) { Some(Edge::Opening) } else { is(&CLOSINGS).then_some(Edge::Closing) }
}
