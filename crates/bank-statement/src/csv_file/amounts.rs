//! The amounts of a table's rows, with the sign that marks and columns of debit and credit give them.

use settlement_model::{Currency, Money};

use super::columns::{MoneyPlaces, SidePlace};
use super::table::Row;
use crate::amount::{self, DecimalSign};
use crate::defect::Unreadable;
use crate::side::Side;

/// How the amounts of this table are to be read.
#[derive(Debug)]
pub(super) struct Amounts {
    money: MoneyPlaces,
    decimals: DecimalSign,
    currency: Currency,
    /// The column that says debit or credit.
    side: Option<usize>,
    /// Whether an amount is negative by itself: then all of them have their signs.
    signed: bool,
    /// Whether an amount is marked as a credit: then one without a mark may be a debit.
    credits_marked: bool,
}

impl Amounts {
    pub(super) fn of(
        money: MoneyPlaces,
        lines: &[Row],
        decimals: DecimalSign,
        currency: Currency,
    ) -> Result<Self, Unreadable> {
        let mut amounts =
            Self { money, decimals, currency, side: None, signed: false, credits_marked: false };
        match &amounts.money {
            MoneyPlaces::One { amount, side } => {
                let (place, side) = (*amount, side.clone());
                for row in lines {
                    let written = amounts.read(row, place)?;
                    amounts.signed |= written.is_negative();
                    let mark = amount::mark(row.cell(place), currency);
                    amounts.credits_marked |= mark == Some(Side::Credit);
                }
                amounts.side = amounts.side_column(&side, place, lines)?;
            }
            MoneyPlaces::Two { debit, .. } => amounts.one_sign(*debit, lines)?,
        }
        Ok(amounts)
    }

    /// The amount of a line; positive when the account received it.
    pub(super) fn of_row(&self, row: &Row) -> Result<Money, Unreadable> {
        match self.money {
            MoneyPlaces::One { amount, .. } => self.of_one(row, amount),
            MoneyPlaces::Two { debit, credit } => self.of_two(row, debit, credit),
        }
    }

    /// A balance in a column of its own.
    pub(super) fn balance(&self, row: &Row, place: usize) -> Result<Option<Money>, Unreadable> {
        (!row.cell(place).is_empty()).then(|| self.read(row, place)).transpose()
    }

    fn read(&self, row: &Row, place: usize) -> Result<Money, Unreadable> {
        amount::with_sign(row.cell(place), self.decimals, self.currency)
            .map_err(|message| row.refuse(message))
    }

    fn of_one(&self, row: &Row, place: usize) -> Result<Money, Unreadable> {
        let amount = self.read(row, place)?;
        let written = row.cell(place);
        let marked = amount.is_negative() || amount::mark(written, self.currency).is_some();
        if amount.is_zero() {
            return Ok(amount);
        }
        if self.credits_marked && !marked && self.side.is_none() {
            return Err(row.refuse(format!(
                "\"{written}\" is not marked, and others are marked as credits: whether it is a \
                 debit is in doubt; get the statement in another form"
            )));
        }
        let Some(side) = self.side else { return Ok(amount) };
        let word = row.cell(side);
        match Side::of_cell(word) {
            None => Err(row.refuse(format!("\"{word}\" beside an amount is neither debit nor credit"))),
            Some(Side::Debit) if !self.signed => Ok(amount.negated()),
            Some(side) if (side == Side::Debit) == amount.is_negative() => Ok(amount),
            Some(_) => Err(row.refuse(format!(
                "\"{word}\" contradicts the sign of \"{written}\"; get the statement in another form"
            ))),
        }
    }

    fn of_two(&self, row: &Row, debit: usize, credit: usize) -> Result<Money, Unreadable> {
        if row.cell(debit).is_empty() && row.cell(credit).is_empty() {
            return Err(row.refuse("the row has neither a debit nor a credit"));
        }
        let read = |place| self.balance(row, place);
        let zero = Money::zero(self.currency);
        // Some banks write what was paid with a minus, some without.
        let (paid, received) = (read(debit)?.unwrap_or(zero).abs(), read(credit)?.unwrap_or(zero));
        received.checked_sub(paid).map_err(|error| row.refuse(error.to_string()))
    }

    /// Refuses debits of which some have a minus and some have none: one kind was paid back.
    fn one_sign(&self, debit: usize, lines: &[Row]) -> Result<(), Unreadable> {
        let mut minus = None;
        for row in lines {
            let Some(paid) = self.balance(row, debit)?.filter(|paid| !paid.is_zero()) else {
                continue;
            };
            let credit = amount::mark(row.cell(debit), self.currency) == Some(Side::Credit);
            if credit || *minus.get_or_insert(paid.is_negative()) != paid.is_negative() {
                let written = row.cell(debit);
                return Err(row.refuse(format!(
                    "\"{written}\" in the column of debits has another sign than those above; get \
                     the statement in another form"
                )));
            }
        }
        Ok(())
    }

    /// Which column says debit or credit, if one does.
    fn side_column(
        &self,
        side: &SidePlace,
        amount: usize,
        lines: &[Row],
    ) -> Result<Option<usize>, Unreadable> {
        let places = match side {
            SidePlace::At(place) => return Ok(Some(*place)),
            SidePlace::Among(places) => places,
        };
        let every = |place: &&usize| {
            !lines.is_empty() && lines.iter().all(|row| Side::of_cell(row.cell(**place)).is_some())
        };
        if let Some(place) = places.iter().find(every) {
            return Ok(Some(*place));
        }
        // A column of other words, too, beside amounts that all look received.
        for row in lines.iter().filter(|_| !self.signed) {
            let says_debit = |place: &&usize| Side::of_word(row.cell(**place)) == Some(Side::Debit);
            if let Some(place) = places.iter().find(says_debit)
                && !self.read(row, amount)?.is_zero()
            {
                return Err(row.refuse(format!(
                    "\"{}\" stands beside \"{}\", and no amount has a sign: which lines are debits \
                     is in doubt; get the statement in another form",
                    row.cell(*place),
                    row.cell(amount),
                )));
            }
        }
        Ok(None)
    }
}
