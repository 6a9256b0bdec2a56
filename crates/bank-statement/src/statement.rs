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
    /// What the line is known by, the same in every file that has it: the transaction's id (OFX
    /// `FITID`), else date, amount and the bank's reference, or its text where the bank gives no
    /// reference. Equal lines are numbered. Unique within the file's account.
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
}

/// Gives each line of a file the reference by which it is known from then on.
///
/// It is made of nothing but the line, so that another file with the same days names the line alike.
/// Equal lines are numbered over all statements of an account. The booked ones go first: whether a
/// pending one is in the file must not matter. Then the text decides, not the order of the file,
/// which some banks turn around.
pub(crate) fn name_lines(statements: &mut [Statement]) {
    let mut lines: Vec<(&str, Option<usize>, &mut Line)> = Vec::new();
    for (number, Statement { form, account, lines: of_it, .. }) in statements.iter_mut().enumerate()
    {
        for line in of_it {
            line.reference = told(&line.reference).to_owned();
            // Each statement of OFX may tell of the same transaction, by its id.
            let has_id = *form == Form::Ofx && !line.reference.is_empty();
            lines.push((account, has_id.then_some(number), line));
        }
    }
    lines.sort_by(|(.., one), (.., other)| {
        (!one.booked, &one.text).cmp(&(!other.booked, &other.text))
    });
    let mut seen = std::collections::BTreeSet::new();
    for (account, statement, line) in lines {
        let base = if statement.is_some() { line.reference.clone() } else { line.name() };
        let mut reference = base.clone();
        let mut count = 1_u64;
        while !seen.insert((account, statement, reference.clone())) {
            count += 1;
            reference = format!("{base} #{count}");
        }
        line.reference = reference;
    }
}

impl Line {
    /// Its day, its amount, and the bank's reference; its text where the bank gives none. A reference
    /// alone does not do: banks begin their counts anew, and use one for several lines.
    fn name(&self) -> String {
        let words = if is_count(&self.reference) { &self.text } else { &self.reference };
        format!("{} {} {words}", self.date, self.amount.amount_text())
    }
}

/// A reference, or nothing where the bank says that there is none.
fn told(reference: &str) -> &str {
    let reference = reference.trim();
    let letters: String = reference.chars().filter(|char| char.is_alphanumeric()).collect();
    let none = ["NONREF", "NOTPROVIDED", "NOTAVAILABLE"].contains(&letters.to_uppercase().as_str())
        || letters.chars().all(|char| char == '0');
    if none { "" } else { reference }
}

/// Whether a reference is nothing, or so short a number that it counts the lines of its file.
fn is_count(reference: &str) -> bool {
    reference.len() <= 4 && reference.bytes().all(|byte| byte.is_ascii_digit())
}
