//! Tables with headings, as online banking exports them.

use jiff::civil::Date;
use settlement_model::{Currency, Money};

use crate::Options;
use crate::amount::{self, DecimalSign};
use crate::date::{self, DayFirst};
use crate::defect::Unreadable;
use crate::statement::{Form, Line, Proof, Statement};

/// Which column holds what, by its heading; letter case does not matter.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CsvColumns {
    /// The value or booking date.
    pub date: String,
    /// The amount, signed. Leave it empty when there are two columns instead.
    pub amount: String,
    /// What the account paid.
    pub debit: String,
    /// What the account received.
    pub credit: String,
    /// The bank's reference; may be empty.
    pub reference: String,
    /// The currency; may be empty.
    pub currency: String,
    /// The balance after the line; may be empty.
    pub balance: String,
}

/// Headings that are understood without being told, the better ones first.
const DATES: [&str; 14] = [
    "value date",
    "valutadatum",
    "wertstellung",
    "valuta",
    "date de valeur",
    "booking date",
    "buchungstag",
    "buchungsdatum",
    "posting date",
    "post date",
    "posted date",
    "transaction date",
    "date",
    "datum",
];
const AMOUNTS: [&str; 7] =
    ["amount", "betrag", "umsatz", "montant", "importe", "importo", "bedrag"];
const DEBITS: [&str; 9] = [
    "debit",
    "debits",
    "debit amount",
    "withdrawal",
    "withdrawals",
    "paid out",
    "money out",
    "soll",
    "débit",
];
const CREDITS: [&str; 9] = [
    "credit",
    "credits",
    "credit amount",
    "deposit",
    "deposits",
    "paid in",
    "money in",
    "haben",
    "crédit",
];
const REFERENCES: [&str; 8] = [
    "reference",
    "bank reference",
    "transaction id",
    "transaction reference",
    "referenz",
    "ref",
    "référence",
    "fitid",
];
const CURRENCIES: [&str; 5] = ["currency", "currency code", "währung", "devise", "ccy"];
const BALANCES: [&str; 6] =
    ["balance", "running balance", "running bal.", "saldo", "kontostand", "solde"];

/// The table and where its columns are.
struct Table {
    headings: Vec<String>,
    rows: Vec<(u64, Vec<String>)>,
}

struct Places {
    date: usize,
    money: MoneyPlaces,
    reference: Option<usize>,
    currency: Option<usize>,
    balance: Option<usize>,
}

#[derive(Clone, Copy)]
enum MoneyPlaces {
    Signed(usize),
    Two { debit: usize, credit: usize },
}

pub(crate) fn read(text: &str, options: &Options) -> Result<Statement, Unreadable> {
    let table = table(text)?;
    let places = places(&table.headings, options.columns.as_ref())?;
    let currency = currency(&table, &places, options)?;
    let order = order(&table, &places, options)?;
    let sign = sign(&table, &places, currency)?;

    let mut lines = Vec::with_capacity(table.rows.len());
    let mut balances = Vec::new();
    for (number, row) in &table.rows {
        let refuse = |message: String| Unreadable::at(Form::Csv, *number, message);
        let cell = |place: usize| row.get(place).map_or("", |cell| cell.trim());
        let written = cell(places.date);
        let date: Date = date::of_cell(written, order)
            .ok_or_else(|| refuse(format!("\"{written}\" is not a date")))?;
        let amount = amount_of(&cell, places.money, sign, currency).map_err(refuse)?;
        if let Some(place) = places.balance.filter(|place| !cell(*place).is_empty()) {
            let balance = amount::with_sign(cell(place), sign, currency).map_err(refuse)?;
            balances.push((*number, amount, balance));
        }
        lines.push(Line {
            reference: places.reference.map_or("", cell).to_owned(),
            date,
            amount,
            booked: true,
            text: words(&table.headings, row, &places),
        });
    }
    let proof = running(&balances, lines.len())?;
    Ok(Statement {
        form: Form::Csv,
        account: String::new(),
        currency,
        opening: None,
        closing: None,
        lines,
        proof,
    })
}

/// Finds the headings: banks put the account's name and other words above them.
fn table(text: &str) -> Result<Table, Unreadable> {
    let separator = [b';', b'\t', b',']
        .into_iter()
        .max_by_key(|separator| text.bytes().filter(|byte| byte == separator).count())
        .unwrap_or(b',');
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(separator)
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes());
    let mut headings: Option<Vec<String>> = None;
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record
            .map_err(|error| Unreadable::of(Form::Csv, format!("it is no table: {error}")))?;
        let line = record.position().map_or(0, csv::Position::line);
        let cells: Vec<String> = record.iter().map(str::to_owned).collect();
        match &headings {
            None if looks_like_headings(&cells) => headings = Some(cells),
            None => {}
            Some(_) if cells.iter().all(|cell| cell.trim().is_empty()) => {}
            Some(headings) if cells.len() > headings.len() + 1 || cells.len() < 2 => {
                let message = format!(
                    "the row has {} cells where the headings have {}; remove what is below the \
                     table, or get the file again",
                    cells.len(),
                    headings.len()
                );
                return Err(Unreadable::at(Form::Csv, line, message));
            }
            Some(_) => rows.push((line, cells)),
        }
    }
    let headings = headings.ok_or_else(|| {
        Unreadable::of(
            Form::Csv,
            "no row of headings with a date and an amount was found; name the columns when importing",
        )
    })?;
    Ok(Table { headings, rows })
}

fn looks_like_headings(cells: &[String]) -> bool {
    let has = |names: &[&str]| find(cells, names).is_some();
    cells.len() >= 2
        && cells.iter().all(|cell| date::of_cell(cell, DayFirst::Yes).is_none())
        && (cells.iter().filter(|cell| !cell.trim().is_empty()).count() >= 3
            || (has(&DATES) && has(&AMOUNTS)))
}

fn find(headings: &[String], names: &[&str]) -> Option<usize> {
    names.iter().find_map(|name| {
        headings.iter().position(|heading| {
            heading.trim().trim_matches('"').to_lowercase() == name.trim().to_lowercase()
        })
    })
}

fn places(headings: &[String], columns: Option<&CsvColumns>) -> Result<Places, Unreadable> {
    let missing = |what: &str| {
        let known = headings.join(", ");
        Unreadable::of(
            Form::Csv,
            format!("no column for the {what} among: {known}; name the columns when importing"),
        )
    };
    let place = |named: fn(&CsvColumns) -> &String, known: &[&str]| match columns.map(named) {
        Some(name) if name.is_empty() => None,
        Some(name) => find(headings, &[name.as_str()]),
        None => find(headings, known),
    };
    let date = place(|columns| &columns.date, &DATES).ok_or_else(|| missing("date"))?;
    let debit = place(|columns| &columns.debit, &DEBITS);
    let credit = place(|columns| &columns.credit, &CREDITS);
    let money = match (place(|columns| &columns.amount, &AMOUNTS), debit, credit) {
        (Some(amount), ..) => MoneyPlaces::Signed(amount),
        (None, Some(debit), Some(credit)) => MoneyPlaces::Two { debit, credit },
        (None, ..) => return Err(missing("amount")),
    };
    Ok(Places {
        date,
        money,
        reference: place(|columns| &columns.reference, &REFERENCES),
        currency: place(|columns| &columns.currency, &CURRENCIES),
        balance: place(|columns| &columns.balance, &BALANCES),
    })
}

fn currency(table: &Table, places: &Places, options: &Options) -> Result<Currency, Unreadable> {
    let mut found: Option<Currency> = options.currency;
    if let Some(place) = places.currency {
        for (line, row) in &table.rows {
            let code = row.get(place).map_or("", |cell| cell.trim());
            let stated = Currency::parse(code)
                .map_err(|error| Unreadable::at(Form::Csv, *line, error.to_string()))?;
            if found.is_some_and(|known| known != stated) {
                let message =
                    format!("a line in {stated} among others; import one currency a file");
                return Err(Unreadable::at(Form::Csv, *line, message));
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
fn order(table: &Table, places: &Places, options: &Options) -> Result<DayFirst, Unreadable> {
    let mut proof: Option<(DayFirst, u64)> = None;
    let mut doubt = None;
    for (line, row) in &table.rows {
        let cell = row.get(places.date).map_or("", String::as_str);
        if let Some(order) = date::order_of(cell) {
            if let Some((_, earlier)) = proof.filter(|(known, _)| *known != order) {
                let message = format!("\"{cell}\" contradicts the date in line {earlier}");
                return Err(Unreadable::at(Form::Csv, *line, message));
            }
            proof = Some((order, *line));
        } else if date::is_ambiguous(cell) {
            doubt.get_or_insert((*line, cell));
        }
    }
    match (proof, options.day_first, doubt) {
        (Some((order, _)), ..) | (None, Some(order), _) => Ok(order),
        (None, None, None) => Ok(DayFirst::Yes),
        (None, None, Some((line, cell))) => {
            let message =
                format!("\"{cell}\" may be two days; say whether the day or the month comes first");
            Err(Unreadable::at(Form::Csv, line, message))
        }
    }
}

fn sign(table: &Table, places: &Places, currency: Currency) -> Result<DecimalSign, Unreadable> {
    let columns: Vec<usize> = match places.money {
        MoneyPlaces::Signed(place) => vec![place],
        MoneyPlaces::Two { debit, credit } => vec![debit, credit],
    };
    let cells = table
        .rows
        .iter()
        .flat_map(|(_, row)| columns.iter().chain(&places.balance).filter_map(|at| row.get(*at)))
        .map(String::as_str);
    amount::sign_of(cells, currency).map_err(|(one, other)| {
        let message = format!("\"{one}\" and \"{other}\" contradict each other about the decimals");
        Unreadable::of(Form::Csv, message)
    })
}

fn amount_of<'r>(
    cell: &impl Fn(usize) -> &'r str,
    places: MoneyPlaces,
    sign: DecimalSign,
    currency: Currency,
) -> Result<Money, String> {
    let (debit, credit) = match places {
        MoneyPlaces::Signed(place) => return amount::with_sign(cell(place), sign, currency),
        MoneyPlaces::Two { debit, credit } => (cell(debit), cell(credit)),
    };
    let read = |text: &str| match text {
        "" => Ok(Money::zero(currency)),
        text => amount::with_sign(text, sign, currency),
    };
    if debit.is_empty() && credit.is_empty() {
        return Err("the row has neither a debit nor a credit".to_owned());
    }
    // Some banks write what was paid with a minus, some without.
    let (paid, received) = (read(debit)?.abs(), read(credit)?);
    received.checked_sub(paid).map_err(|error| error.to_string())
}

/// Everything else that the row says, in the order of the columns.
fn words(headings: &[String], row: &[String], places: &Places) -> String {
    let money = match places.money {
        MoneyPlaces::Signed(place) => [place, place],
        MoneyPlaces::Two { debit, credit } => [debit, credit],
    };
    let used = [Some(places.date), places.reference, places.currency, places.balance];
    let left = row.iter().take(headings.len()).enumerate().filter(|(at, cell)| {
        !used.contains(&Some(*at)) && !money.contains(at) && !cell.trim().is_empty()
    });
    left.map(|(_, cell)| cell.trim()).collect::<Vec<_>>().join(" ")
}

/// Checks each balance against its neighbour's, whether the newest line comes first or last.
fn running(balances: &[(u64, Money, Money)], lines: usize) -> Result<Proof, Unreadable> {
    if balances.len() < 2 || balances.len() != lines {
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
