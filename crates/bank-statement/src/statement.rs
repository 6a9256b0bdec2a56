//! What a bank statement says, whatever form it came in.

use std::fmt;

use jiff::civil::Date;
use settlement_model::{Currency, Money};

use crate::defect::Unreadable;

/// The form of a bank statement's file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Form {
    /// ISO 20022 `camt.053`, bank to customer statement.
    Camt053,
    /// BAI2, cash management balance reporting.
    Bai2,
    /// Open Financial Exchange, 1.x (SGML) and 2.x (XML).
    Ofx,
    /// A table with headings.
    Csv,
}

impl fmt::Display for Form {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Camt053 => "camt.053",
            Self::Bai2 => "BAI2",
            Self::Ofx => "OFX",
            Self::Csv => "CSV",
        })
    }
}

/// One statement of one account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// The form it came in.
    pub form: Form,
    /// The account, as the bank names it; empty when the file does not.
    pub account: String,
    /// The account's currency.
    pub currency: Currency,
    /// The booked balance before the first line, if the file states it.
    pub opening: Option<Money>,
    /// The booked balance after the last line, if the file states it.
    pub closing: Option<Money>,
    /// Its lines, in the order of the file.
    pub lines: Vec<Line>,
    /// What the file's own totals proved.
    pub proof: Proof,
}

/// One line of a bank statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The bank's own reference; where it gives none, one made of date, amount and text, the same
    /// each time the line is read. Unique within the statement.
    pub reference: String,
    /// The value date; the booking date where the bank gives no other.
    pub date: Date,
    /// What the account received; negative when it paid.
    pub amount: Money,
    /// Whether it is booked; a pending line may still change.
    pub booked: bool,
    /// What the bank says about it: payer, purpose, remittance information.
    pub text: String,
}

/// How far a file's own totals vouch for its lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Proof {
    /// Opening balance, booked lines and closing balance, or control totals, agree.
    Totals,
    /// Every line's running balance follows from the one before it.
    RunningBalance,
    /// The file states nothing that its lines could be checked against.
    None,
}

impl Statement {
    /// The sum of the booked lines.
    ///
    /// # Errors
    /// [`Unreadable`] when it does not fit the number.
    pub fn booked(&self) -> Result<Money, Unreadable> {
        let mut sum = Money::zero(self.currency);
        for line in self.lines.iter().filter(|line| line.booked) {
            sum = sum
                .checked_add(line.amount)
                .map_err(|error| Unreadable::of(self.form, error.to_string()))?;
        }
        Ok(sum)
    }

    /// Whether opening balance and lines reach the closing balance, where both are stated.
    pub(crate) fn check(&self) -> Result<(), Unreadable> {
        let (Some(opening), Some(closing)) = (self.opening, self.closing) else { return Ok(()) };
        let reached = opening
            .checked_add(self.booked()?)
            .map_err(|error| Unreadable::of(self.form, error.to_string()))?;
        if reached == closing {
            return Ok(());
        }
        Err(Unreadable::of(
            self.form,
            format!(
                "the statement opens with {opening} and closes with {closing}, but its booked lines \
                 lead to {reached}; it is incomplete or was changed: get it from the bank again"
            ),
        ))
    }

    /// Gives a reference of its own to each line whose bank gave none, or gave it twice.
    pub(crate) fn name_lines(&mut self) {
        let mut seen = std::collections::BTreeSet::new();
        for line in &mut self.lines {
            let base = if line.reference.is_empty() {
                format!("{} {} {}", line.date, line.amount.amount_text(), line.text)
            } else {
                line.reference.clone()
            };
            let mut reference = base.clone();
            let mut count = 1_u64;
            while !seen.insert(reference.clone()) {
                count += 1;
                reference = format!("{base} #{count}");
            }
            line.reference = reference;
        }
    }
}
