//! Amounts as text: which sign separates the decimals, and what number that makes.
//!
//! A document's amounts are written one way. The first amount that can be read in one way only
//! settles which; the settlement's total comes first. From then on every amount must fit. Where an
//! amount can be read in two ways and none before it told, the sign of the marketplace's reports
//! decides, if one is known, and then every amount must fit that.
//!
//! Three decimals in a currency that has fewer are held even when they are zeros, whatever told the
//! decimal sign: `1,000` euros may be a thousand that got among amounts with a decimal comma, and
//! where it is paid and taken back, the total would not notice.

use std::borrow::Cow;

use crate::defect::Reason;
use crate::document::DecimalSign;
use crate::money::{Currency, Money};

/// The currency whose amounts are grouped by lakhs and crores.
const RUPEES: &str = "INR";

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
    /// More decimals than the currency has. Zeros are none, unless they may be thousands.
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
    /// The sign to assume where nothing shows one.
    prior: DecimalSign,
}

/// What may stand between the digits of a number's whole part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Grouping {
    Thousands,
    /// As in India, `12,34,567`, or as `Thousands`.
    Lakhs,
}

/// A number as its digits without the decimal sign, and how many of them are decimals.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Digits {
    value: i128,
    decimals: u32,
}

impl Numbers {
    pub(crate) fn new(prior: DecimalSign) -> Self {
        Self { sign: DecimalSign::Undetermined, settled_on: 0, prior }
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
        let digits = self.read(text, Some(currency), line)?;
        let units = in_units(digits, currency.exponent())?;
        Money::from_units(units, currency).map_err(|_| NumberProblem::TooLarge)
    }

    /// Checks an amount whose currency is not known.
    pub(crate) fn check(&mut self, text: &str, line: u64) -> Result<(), NumberProblem> {
        self.read(text, None, line).map(drop)
    }

    fn read(
        &mut self,
        text: &str,
        currency: Option<Currency>,
        line: u64,
    ) -> Result<Digits, NumberProblem> {
        let (negative, body) = split_sign(text)?;
        let ungrouped = without_spaces(body)?;
        let spaced = ungrouped.len() < body.len();
        let (whole, decimals, shows) = self.split_decimals(&ungrouped, spaced, currency)?;
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
    /// and its decimals; and tells which decimal sign this proves. `spaced`: its thousands were
    /// separated by spaces, so that a point or comma can be nothing but the decimal sign.
    fn split_decimals(
        self,
        body: &str,
        spaced: bool,
        currency: Option<Currency>,
    ) -> Result<(&str, &str, DecimalSign), NumberProblem> {
        let lakhs = currency.is_some_and(|currency| currency.code() == RUPEES);
        let grouping = if lakhs { Grouping::Lakhs } else { Grouping::Thousands };
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
        let two_ways = separators == 1 && !spaced && is_grouped(body, grouping);
        let assumed = match self.sign {
            // Three decimals in a currency that has other than three speak against what is assumed.
            DecimalSign::Undetermined
                if self.prior == last && currency.is_none_or(|one| one.exponent() != 3) =>
            {
                DecimalSign::Undetermined
            }
            DecimalSign::Undetermined => self.prior,
            settled => settled,
        };
        let reading = if mixed {
            with_decimals
        } else if separators > 1 || (two_ways && assumed == other(last)) {
            whole_only
        } else if two_ways && assumed == DecimalSign::Undetermined {
            return Err(NumberProblem::Ambiguous);
        } else if two_ways && currency.is_some_and(|one| one.exponent() < 3) {
            return Err(NumberProblem::TooManyDecimals);
        } else {
            with_decimals
        };
        let (whole, decimals, shows) = reading;
        let grouped = whole.bytes().any(|byte| is_separator(&byte));
        let ends_in_sign = whole.len() < body.len() && decimals.is_empty();
        if ends_in_sign || (grouped && (spaced || !is_grouped(whole, grouping))) {
            return Err(NumberProblem::NotANumber);
        }
        if self.sign == other(shows) {
            return Err(NumberProblem::Contradicts { settled_on: self.settled_on });
        }
        Ok((whole, decimals, shows))
    }
}

/// Takes the sign off: `-1`, `+1`, `1-`, and the true minus of typography, U+2212, which in
/// Shift_JIS is U+FF0D.
fn split_sign(text: &str) -> Result<(bool, &str), NumberProblem> {
    const MINUS: [char; 3] = ['-', '\u{2212}', '\u{ff0d}'];
    let text = text.trim();
    if text.is_empty() {
        return Err(NumberProblem::Blank);
    }
    if let Some(body) = text.strip_prefix(MINUS).or_else(|| text.strip_suffix(MINUS)) {
        return Ok((true, body));
    }
    Ok((false, text.strip_prefix('+').unwrap_or(text)))
}

/// Takes the spaces out that separate thousands, as in Swedish and French reports: `1 135,72`.
fn without_spaces(body: &str) -> Result<Cow<'_, str>, NumberProblem> {
    // A plain one, and the two that do not let a line break: U+00A0 and U+202F.
    const SPACES: [char; 3] = [' ', '\u{a0}', '\u{202f}'];
    if !body.contains(SPACES) {
        return Ok(Cow::Borrowed(body));
    }
    let end = body.find(['.', ',']).unwrap_or(body.len());
    let (whole, decimals) = body.split_at(end);
    let groups = || whole.split(SPACES);
    if !are_groups(groups(), 3) || decimals.contains(SPACES) {
        return Err(NumberProblem::NotANumber);
    }
    Ok(Cow::Owned(groups().chain([decimals]).collect()))
}

/// Whether digits stand in groups behind one kind of separator: `1,234`, `12.345.678`.
fn is_grouped(whole: &str, grouping: Grouping) -> bool {
    let Some(separator) = whole.bytes().find(|byte| !byte.is_ascii_digit()) else {
        return false;
    };
    let separator = char::from(separator);
    // The last group has three digits in India, too.
    let lakhs = || {
        whole.rsplit_once(separator).is_some_and(|(front, last)| {
            are_groups(front.split(separator), 2) && last.len() == 3 && is_digits(last)
        })
    };
    are_groups(whole.split(separator), 3) || (grouping == Grouping::Lakhs && lakhs())
}

/// Whether all are digits, so many in each but the first, which has fewer or as many.
fn are_groups<'g>(mut groups: impl Iterator<Item = &'g str>, size: usize) -> bool {
    let leading = groups.next().is_some_and(|group| {
        (1..=size).contains(&group.len()) && !group.starts_with('0') && is_digits(group)
    });
    leading && groups.all(|group| group.len() == size && is_digits(group))
}

fn is_digits(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
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
