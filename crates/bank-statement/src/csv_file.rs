//! Tables with headings, as online banking exports them.

mod amounts;
mod columns;
mod edges;
mod table;

use jiff::civil::Date;
use settlement_model::{Currency, Money};

pub use self::columns::CsvColumns;

use self::amounts::Amounts;
use self::edges::{Edge, Parts};
use self::table::{Row, Table};
use crate::Options;
use crate::amount::{self, DecimalSign};
use crate::date::{self, DayFirst};
use crate::defect::Unreadable;
use crate::side::Side;
use crate::statement::{Form, Line, Proof, Statement};

pub(crate) fn read(text: &str, options: &Options) -> Result<Statement, Unreadable> {
    let columns = options.columns.clone().unwrap_or_default();
    let table = Table::find(text, &columns)?;
    let parts = Parts::of(&table.rows, &table.places);
    let currency = currency(&table, parts, options)?;
    let order = order(&table, options)?;
    let decimals = decimals(&table, currency)?;
    let amounts = Amounts::of(table.places.money.clone(), parts.lines, decimals, currency)?;

    let mut statement = Statement {
        form: Form::Csv,
        account: String::new(),
        currency,
        opening: None,
        closing: None,
        lines: Vec::with_capacity(parts.lines.len()),
        proof: Proof::None,
    };
    let mut balances = Vec::new();
    for row in parts.before {
        state(&mut statement, &mut balances, row, &table, &amounts)?;
    }
    for row in parts.lines {
        let written = row.cell(table.places.date);
        let date: Date = date::of_cell(written, order)
            .ok_or_else(|| row.refuse(format!("\"{written}\" is not a date")))?;
        let amount = amounts.of_row(row)?;
        let balance = table.places.balance.map(|place| amounts.balance(row, place)).transpose()?;
        balances.extend(balance.flatten().map(|balance| (row.line, amount, balance)));
        statement.lines.push(Line {
            reference: table.places.reference.map_or("", |place| row.cell(place)).to_owned(),
            date,
            amount,
            booked: true,
            text: words(&table, row),
        });
    }
    for row in parts.after {
        state(&mut statement, &mut balances, row, &table, &amounts)?;
    }
    statement.proof = running(&balances, table.rows.len())?;
    if statement.opening.is_some() && statement.closing.is_some() {
        statement.proof = Proof::Totals;
    }
    Ok(statement)
}

/// Takes in a row that states a balance: it moves nothing, and its neighbours must lead to it.
fn state(
    statement: &mut Statement,
    balances: &mut Vec<(u64, Money, Money)>,
    row: &Row,
    table: &Table,
    amounts: &Amounts,
) -> Result<(), Unreadable> {
    let running = table.places.balance.map(|place| amounts.balance(row, place)).transpose()?;
    let balance = match running.flatten() {
        Some(balance) => {
            balances.push((row.line, Money::zero(statement.currency), balance));
            balance
        }
        None => amounts.of_row(row)?,
    };
    let place = match edges::edge(row, &table.places) {
        Some(Edge::Opening) => &mut statement.opening,
        Some(Edge::Closing) => &mut statement.closing,
        Some(Edge::Unnamed) | None => return Ok(()),
    };
    match place.replace(balance).filter(|known| *known != balance) {
        None => Ok(()),
        Some(known) => Err(row.refuse(format!(
            "the file states this balance twice, as {known} and as {balance}; import one account a file"
        ))),
    }
}

fn currency(table: &Table, parts: Parts<'_>, options: &Options) -> Result<Currency, Unreadable> {
    let mut found: Option<Currency> = options.currency;
    if let Some(place) = table.places.currency {
        // A row of a balance may leave the currency out.
        let edges = parts.before.iter().chain(parts.after);
        let stated = edges.filter(|row| !row.cell(place).is_empty()).chain(parts.lines);
        for row in stated {
            let stated =
                Currency::parse(row.cell(place)).map_err(|error| row.refuse(error.to_string()))?;
            if found.is_some_and(|known| known != stated) {
                return Err(row.refuse(format!(
                    "a line in {stated} among others; import one currency a file"
                )));
            }
            found = Some(stated);
        }
    }
    found.ok_or_else(|| {
        let message = "the file does not say its currency; name it when importing";
        Unreadable::of(Form::Csv, message)
    })
}

/// Day or month first, by proof of the file's own dates, or as the caller says.
fn order(table: &Table, options: &Options) -> Result<DayFirst, Unreadable> {
    let mut proof: Option<(DayFirst, u64)> = None;
    let mut doubt = None;
    for row in &table.rows {
        let cell = row.cell(table.places.date);
        if let Some(order) = date::order_of(cell) {
            if let Some((_, earlier)) = proof.filter(|(known, _)| *known != order) {
                let message = format!("\"{cell}\" contradicts the date in line {earlier}");
                return Err(row.refuse(message));
            }
            proof = Some((order, row.line));
        } else if date::is_ambiguous(cell) {
            doubt.get_or_insert((row, cell));
        }
    }
    match (proof, options.day_first, doubt) {
        (Some((order, _)), ..) | (None, Some(order), _) => Ok(order),
        (None, None, None) => Ok(DayFirst::Yes),
        (None, None, Some((row, cell))) => Err(row.refuse(format!(
            "\"{cell}\" may be two days; say whether the day or the month comes first"
        ))),
    }
}

fn decimals(table: &Table, currency: Currency) -> Result<DecimalSign, Unreadable> {
    let mut columns = table.places.money_columns();
    columns.extend(table.places.balance);
    let cells = table.rows.iter().flat_map(|row| columns.iter().map(|place| row.cell(*place)));
    amount::sign_of(cells, currency).map_err(|(one, other)| {
        let message = format!("\"{one}\" and \"{other}\" contradict each other about the decimals");
        Unreadable::of(Form::Csv, message)
    })
}

/// Everything else that the row says, in the order of the columns.
fn words(table: &Table, row: &Row) -> String {
    let used = table.places.used();
    let left = (0..table.headings.len()).filter(|place| !used.contains(place));
    // A column without a heading that says debit or credit says no more than the amount.
    let side = |place: &usize| {
        table.headings.get(*place).is_some_and(|heading| heading.trim().is_empty())
            && Side::of_cell(row.cell(*place)).is_some()
    };
    let left = left.filter(|place| !side(place));
    let words = left.map(|place| row.cell(place)).filter(|cell| !cell.is_empty());
    words.collect::<Vec<_>>().join(" ")
}

/// Checks each balance against its neighbour's, whether the newest line comes first or last.
fn running(balances: &[(u64, Money, Money)], rows: usize) -> Result<Proof, Unreadable> {
    if balances.len() < 2 || balances.len() != rows {
        return Ok(Proof::None);
    }
    let follows = |before: &(u64, Money, Money), after: &(u64, Money, Money)| {
        before.2.checked_add(after.1).ok() == Some(after.2)
    };
    let pairs = || balances.iter().zip(balances.iter().skip(1));
    let oldest_first = pairs().find(|(one, next)| !follows(one, next)).map(|(_, next)| next.0);
    let newest_first = pairs().find(|(one, next)| !follows(next, one)).map(|(one, _)| one.0);
    match (oldest_first, newest_first) {
        (None, _) | (_, None) => Ok(Proof::RunningBalance),
        (Some(line), Some(_)) => {
            let message = "the balance does not follow from the line beside it; a line is missing \
                           or was changed: get the file from the bank again";
            Err(Unreadable::at(Form::Csv, line, message))
        }
    }
}
