//! Amounts as text: which sign separates the decimals, and what number that makes.
//!
//! A document's amounts are written one way. The first amount that can be read in one way only
//! settles which; the settlement's total comes first. From then on every amount must fit.

use crate::defect::Reason;
use crate::document::DecimalSign;
use crate::money::{Currency, Money};

/// Why a cell is not an amount.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NumberProblem {
    /// The cell is blank.
    Blank,
    /// The text is not a number.
    NotANumber,
    /// `1,234` before anything tells whether the comma separates thousands or decimals.
    Ambiguous,
    /// A decimal sign other than the one found on this line of the document.
    Contradicts {
        /// The line that settled the decimal sign.
        settled_on: u64,
    },
    /// Too many digits to be computed exactly.
    TooLarge,
    /// More decimals than the currency has.
    TooManyDecimals,
}

impl NumberProblem {
    /// What kind of defect it is of a document.
    pub(crate) fn reason(self) -> Reason {
        match self {
            Self::Blank | Self::NotANumber => Reason::BadNumber,
            Self::Ambiguous => Reason::AmbiguousNumber,
            Self::Contradicts { .. } => Reason::ContradictoryNumbers,
            Self::TooLarge => Reason::Overflow,
            Self::TooManyDecimals => Reason::TooManyDecimals,
        }
    }
}

/// What a document has shown so far about how it writes numbers.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Numbers {
    sign: DecimalSign,
    settled_on: u64,
}

/// A number as its digits without the decimal sign, and how many of them are decimals.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Digits {
    value: i128,
    decimals: u32,
}

impl Numbers {
    pub(crate) fn new() -> Self {
        Self { sign: DecimalSign::Undetermined, settled_on: 0 }
    }

    pub(crate) fn sign(self) -> DecimalSign {
        self.sign
    }

    /// Reads an amount of a currency and learns from it.
    pub(crate) fn money(
        &mut self,
        text: &str,
        currency: Currency,
        line: u64,
    ) -> Result<Money, NumberProblem> {
        let digits = self.read(text, line)?;
        let units = in_units(digits, currency.exponent())?;
        Money::from_units(units, currency).map_err(|_| NumberProblem::TooLarge)
    }

    /// Checks an amount whose currency is not known.
    pub(crate) fn check(&mut self, text: &str, line: u64) -> Result<(), NumberProblem> {
        self.read(text, line).map(drop)
    }

    fn read(&mut self, text: &str, line: u64) -> Result<Digits, NumberProblem> {
        let (negative, body) = split_sign(text)?;
        let (whole, decimals, shows) = self.split_decimals(body)?;
        let mut value: i128 = 0;
        for digit in whole.bytes().chain(decimals.bytes()) {
            if digit.is_ascii_digit() {
                value = value
                    .checked_mul(10)
                    .and_then(|value| value.checked_add(i128::from(digit - b'0')))
                    .ok_or(NumberProblem::TooLarge)?;
            }
        }
        if self.sign == DecimalSign::Undetermined && shows != DecimalSign::Undetermined {
            self.sign = shows;
            self.settled_on = line;
        }
        Ok(Digits {
            value: if negative { -value } else { value },
            decimals: u32::try_from(decimals.len()).map_err(|_| NumberProblem::TooLarge)?,
        })
    }

    /// Splits a number without its sign into its whole part, which may hold grouping separators,
    /// and its decimals; and tells which decimal sign this proves.
    fn split_decimals(self, body: &str) -> Result<(&str, &str, DecimalSign), NumberProblem> {
        let bytes = body.as_bytes();
        let is_separator = |byte: &u8| matches!(byte, b'.' | b',');
        if !bytes.iter().any(u8::is_ascii_digit)
            || !bytes.iter().all(|byte| byte.is_ascii_digit() || is_separator(byte))
        {
            return Err(NumberProblem::NotANumber);
        }
        let Some(last_at) = bytes.iter().rposition(is_separator) else {
            return Ok((body, "", DecimalSign::Undetermined));
        };
        let last = sign_of(bytes[last_at]);
        let whole_only = (body, "", other(last));
        let with_decimals = (&body[..last_at], &body[last_at + 1..], last);
        let separators = bytes.iter().filter(|byte| is_separator(byte)).count();
        let mixed =
            bytes[..last_at].iter().any(|&byte| is_separator(&byte) && byte != bytes[last_at]);
        let reading = if mixed {
            with_decimals
        } else if separators > 1 || (self.sign == other(last) && is_grouped(body)) {
            whole_only
        } else if self.sign == DecimalSign::Undetermined && is_grouped(body) {
            return Err(NumberProblem::Ambiguous);
        } else {
            with_decimals
        };
        let (whole, decimals, shows) = reading;
        let grouped = whole.bytes().any(|byte| is_separator(&byte));
        let ends_in_sign = whole.len() < body.len() && decimals.is_empty();
        if ends_in_sign || (grouped && !is_grouped(whole)) {
            return Err(NumberProblem::NotANumber);
        }
        if self.sign == other(shows) {
            return Err(NumberProblem::Contradicts { settled_on: self.settled_on });
        }
        Ok((whole, decimals, shows))
    }
}

/// Takes the sign off: `-1`, `+1`, `1-`, and the true minus of typography, U+2212.
fn split_sign(text: &str) -> Result<(bool, &str), NumberProblem> {
    const MINUS: [char; 2] = ['-', '\u{2212}'];
    let text = text.trim();
    if text.is_empty() {
        return Err(NumberProblem::Blank);
    }
    if let Some(body) = text.strip_prefix(MINUS).or_else(|| text.strip_suffix(MINUS)) {
        return Ok((true, body));
    }
    Ok((false, text.strip_prefix('+').unwrap_or(text)))
}

/// Whether digits stand in groups of three behind one kind of separator: `1,234`, `12.345.678`.
fn is_grouped(whole: &str) -> bool {
    let Some(separator) = whole.bytes().find(|byte| !byte.is_ascii_digit()) else {
        return false;
    };
    let mut groups = whole.split(char::from(separator));
    let leading = groups
        .next()
        .is_some_and(|group| (1..=3).contains(&group.len()) && !group.starts_with('0'));
    leading && groups.all(|group| group.len() == 3 && group.bytes().all(|b| b.is_ascii_digit()))
}

fn sign_of(separator: u8) -> DecimalSign {
    match separator {
        b',' => DecimalSign::Comma,
        _ => DecimalSign::Point,
    }
}

fn other(sign: DecimalSign) -> DecimalSign {
    match sign {
        DecimalSign::Point => DecimalSign::Comma,
        DecimalSign::Comma => DecimalSign::Point,
        DecimalSign::Undetermined => DecimalSign::Undetermined,
    }
}

/// The number counted in units of `10^-exponent`; only zeros may be lost.
fn in_units(digits: Digits, exponent: u32) -> Result<i128, NumberProblem> {
    if let Some(surplus) = digits.decimals.checked_sub(exponent) {
        let Some(divisor) = 10_i128.checked_pow(surplus) else {
            // More decimals than an i128 has digits: they are zeros, or the number is too fine.
            return if digits.value == 0 { Ok(0) } else { Err(NumberProblem::TooManyDecimals) };
        };
        return if digits.value % divisor == 0 {
            Ok(digits.value / divisor)
        } else {
            Err(NumberProblem::TooManyDecimals)
        };
    }
    10_i128
        .checked_pow(exponent - digits.decimals)
        .and_then(|factor| digits.value.checked_mul(factor))
        .ok_or(NumberProblem::TooLarge)
}

#[cfg(test)]
mod tests;
