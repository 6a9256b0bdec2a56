//! Which column of a table holds what, told from the headings or by the caller.

use crate::defect::Unreadable;
use crate::statement::Form;

/// Which column holds what, by its heading; letter case does not matter. A column that is left empty
/// is looked for by the headings that banks are known to use.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CsvColumns {
    /// The value or booking date.
    pub date: String,
    /// The amount. Leave it empty when there are two columns instead.
    pub amount: String,
    /// What the account paid.
    pub debit: String,
    /// What the account received.
    pub credit: String,
    /// Whether the amount is a debit or a credit, where a column of its own says so.
    pub sign: String,
    /// The bank's reference.
    pub reference: String,
    /// The currency.
    pub currency: String,
    /// The balance after the line.
    pub balance: String,
}

impl CsvColumns {
    /// The headings that the caller named.
    fn named(&self) -> impl Iterator<Item = &str> {
        let all = [
            &self.date,
            &self.amount,
            &self.debit,
            &self.credit,
            &self.sign,
            &self.reference,
            &self.currency,
            &self.balance,
        ];
        all.into_iter().map(String::as_str).filter(|heading| !heading.is_empty())
    }
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
/// Columns that say debit or credit and nothing else, by their letters alone.
const SIDES: [&str; 20] = [
    "sollhaben",
    "habensoll",
    "sollhabenkennzeichen",
    "sollhabenkz",
    "sh",
    "hs",
    "shkennzeichen",
    "drcr",
    "crdr",
    "dc",
    "cd",
    "debitcredit",
    "creditdebit",
    "debitorcredit",
    "creditordebit",
    "debitcreditindicator",
    "creditdebitindicator",
    "afbij",
    "vorzeichen",
    "sign",
];
/// Columns that may say debit or credit, and may say something else.
const KINDS: [&str; 3] = ["type", "transaction type", "details"];

/// Where the columns are.
#[derive(Debug)]
pub(super) struct Places {
    pub(super) date: usize,
    pub(super) money: MoneyPlaces,
    pub(super) reference: Option<usize>,
    pub(super) currency: Option<usize>,
    pub(super) balance: Option<usize>,
}

/// Where the amounts are.
#[derive(Debug, Clone)]
pub(super) enum MoneyPlaces {
    /// In one column; another may say whether it is a debit or a credit.
    One { amount: usize, side: SidePlace },
    /// In two columns.
    Two { debit: usize, credit: usize },
}

/// The column that says debit or credit.
#[derive(Debug, Clone)]
pub(super) enum SidePlace {
    /// A column that says nothing else.
    At(usize),
    /// Columns that may: their cells show it.
    Among(Vec<usize>),
}

impl Places {
    /// Nothing when a date or an amount is not among the headings.
    pub(super) fn of(headings: &[String], columns: &CsvColumns) -> Option<Self> {
        let place = |named: &str, known: &[&str]| place(headings, named, known);
        Some(Self {
            date: place(&columns.date, &DATES)?,
            money: money(headings, columns)?,
            reference: place(&columns.reference, &REFERENCES),
            currency: place(&columns.currency, &CURRENCIES),
            balance: place(&columns.balance, &BALANCES),
        })
    }

    /// The columns whose cells are no words about the line.
    pub(super) fn used(&self) -> Vec<usize> {
        let mut used = vec![self.date];
        used.extend([self.reference, self.currency, self.balance].into_iter().flatten());
        used.extend(self.money_columns());
        if let MoneyPlaces::One { side: SidePlace::At(place), .. } = self.money {
            used.push(place);
        }
        used
    }

    /// The columns of amounts.
    pub(super) fn money_columns(&self) -> Vec<usize> {
        match self.money {
            MoneyPlaces::One { amount, .. } => vec![amount],
            MoneyPlaces::Two { debit, credit } => vec![debit, credit],
        }
    }
}

fn money(headings: &[String], columns: &CsvColumns) -> Option<MoneyPlaces> {
    let place = |named: &str, known: &[&str]| place(headings, named, known);
    let one = || {
        let amount = place(&columns.amount, &AMOUNTS)?;
        Some(MoneyPlaces::One { amount, side: side(headings, columns, amount) })
    };
    let two = || {
        let (debit, credit) = (place(&columns.debit, &DEBITS)?, place(&columns.credit, &CREDITS)?);
        Some(MoneyPlaces::Two { debit, credit })
    };
    match (columns.amount.is_empty(), columns.debit.is_empty() && columns.credit.is_empty()) {
        (true, true) => one().or_else(two),
        (true, false) => two(),
        (false, _) => one(),
    }
}

fn side(headings: &[String], columns: &CsvColumns, amount: usize) -> SidePlace {
    let letters = |heading: &String| -> String {
        heading.chars().filter(|char| char.is_alphanumeric()).collect::<String>().to_lowercase()
    };
    let told = match columns.sign.as_str() {
        "" => headings.iter().position(|heading| SIDES.contains(&letters(heading).as_str())),
        named => find(headings, &[named]),
    };
    if let Some(place) = told.filter(|place| *place != amount) {
        return SidePlace::At(place);
    }
    let may = |heading: &String| {
        let heading = heading.trim().to_lowercase();
        heading.is_empty() || KINDS.contains(&heading.as_str())
    };
    let places = headings.iter().enumerate().filter(|(_, heading)| may(heading));
    SidePlace::Among(places.map(|(place, _)| place).collect())
}

/// Refuses headings that the caller named and the table lacks.
pub(super) fn all_there(headings: &[String], columns: &CsvColumns) -> Result<(), Unreadable> {
    match columns.named().find(|named| find(headings, &[*named]).is_none()) {
        None => Ok(()),
        Some(named) => {
            let known = headings.join(", ");
            let message = format!("there is no column \"{named}\" among: {known}");
            Err(Unreadable::of(Form::Csv, message))
        }
    }
}

/// Whether some of what a table needs is among these cells.
pub(super) fn resemble(cells: &[String], columns: &CsvColumns) -> bool {
    find(cells, &DATES).is_some()
        || find(cells, &AMOUNTS).is_some()
        || columns.named().any(|named| find(cells, &[named]).is_some())
}

/// The column that the caller named, or the first that is known.
fn place(headings: &[String], named: &str, known: &[&str]) -> Option<usize> {
    if named.is_empty() { find(headings, known) } else { find(headings, &[named]) }
}

fn find(headings: &[String], names: &[&str]) -> Option<usize> {
    names.iter().find_map(|name| {
        headings.iter().position(|heading| {
            heading.trim().trim_matches('"').to_lowercase() == name.trim().to_lowercase()
        })
    })
}
