//! Amounts as banks write them: exact, or refused.

use rust_decimal::Decimal;
use settlement_model::{Currency, Money};

/// The sign that stands before the decimals.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum DecimalSign {
    Point,
    Comma,
}

/// An amount whose decimal sign is a point and that has no thousands separators.
pub(crate) fn plain(text: &str, currency: Currency) -> Result<Money, String> {
    with_sign(text, DecimalSign::Point, currency)
}

/// An amount in the currency's smallest unit, without a decimal sign.
pub(crate) fn in_units(text: &str, currency: Currency) -> Result<Money, String> {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(format!("\"{text}\" is not an amount"));
    }
    let units: i128 = text.parse().map_err(|_| format!("\"{text}\" is too large an amount"))?;
    let amount = Decimal::try_from_i128_with_scale(units, currency.exponent())
        .map_err(|error| format!("\"{text}\": {error}"))?;
    Money::new(amount, currency).map_err(|error| error.to_string())
}

/// An amount of a table: signs before or behind, brackets for minus, thousands separators, a
/// currency sign.
pub(crate) fn with_sign(
    text: &str,
    sign: DecimalSign,
    currency: Currency,
) -> Result<Money, String> {
    let refuse = || format!("\"{text}\" is not an amount of {currency}");
    let (negative, digits) = unsigned(text);
    let (point, separator) = match sign {
        DecimalSign::Point => ('.', ','),
        DecimalSign::Comma => (',', '.'),
    };
    let (whole, decimals) = digits.rsplit_once(point).unwrap_or((&digits, ""));
    let groups: Vec<&str> = whole.split([separator, '\'', ' ']).collect();
    let well_grouped = groups.len() == 1
        || (groups.first().is_some_and(|group| (1..=3).contains(&group.len()))
            && groups.iter().skip(1).all(|group| group.len() == 3));
    let whole = groups.concat();
    let all_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if !well_grouped || !all_digits(&whole) || !all_digits(decimals) || digits.is_empty() {
        return Err(refuse());
    }
    if whole.is_empty() && decimals.is_empty() {
        return Err(refuse());
    }
    let plain = format!("{}{whole}.{decimals}", if negative { "-" } else { "" });
    let amount: Decimal = plain.trim_end_matches('.').parse().map_err(|_| refuse())?;
    Money::new(amount, currency).map_err(|error| error.to_string())
}

/// Whether it is negative, and what is left without signs, brackets, blanks and currency.
fn unsigned(text: &str) -> (bool, String) {
    let text = text.trim();
    let bracketed = text.starts_with('(') && text.ends_with(')');
    let mut negative = bracketed;
    let mut rest = String::new();
    for char in text.chars() {
        match char {
            '-' | '\u{2212}' => negative = !negative,
            '+' | '(' | ')' | '$' | '€' | '£' | '¥' => {}
            '\u{a0}' | '\u{202f}' | '’' => rest.push('\''),
            _ => rest.push(char),
        }
    }
    let rest = rest.trim_matches(|char: char| {
        char.is_whitespace() || char == '\'' || char.is_ascii_alphabetic()
    });
    (negative, rest.to_owned())
}

/// The decimal sign of a whole column, by its evidence; `Err` names two cells that contradict.
pub(crate) fn sign_of<'c>(
    cells: impl Iterator<Item = &'c str>,
    currency: Currency,
) -> Result<DecimalSign, (String, String)> {
    let mut proof: Option<(DecimalSign, &str)> = None;
    for cell in cells {
        let Some(sign) = evidence(cell, currency) else { continue };
        match proof {
            Some((known, earlier)) if known != sign => {
                return Err((earlier.to_owned(), cell.to_owned()));
            }
            _ => proof = Some((sign, cell)),
        }
    }
    Ok(proof.map_or(DecimalSign::Point, |(sign, _)| sign))
}

/// What one cell proves. The last separator, unless it stands before three digits that the currency
/// cannot have as decimals; a separator that repeats is one of thousands.
fn evidence(cell: &str, currency: Currency) -> Option<DecimalSign> {
    let (_, digits) = unsigned(cell);
    let last = digits.rfind(['.', ','])?;
    let separator = digits.get(last..)?.chars().next()?;
    let behind = digits.len() - last - 1;
    let as_decimal = match separator {
        '.' => DecimalSign::Point,
        _ => DecimalSign::Comma,
    };
    let other = match as_decimal {
        DecimalSign::Point => DecimalSign::Comma,
        DecimalSign::Comma => DecimalSign::Point,
    };
    let repeats = digits.matches(separator).count() > 1;
    if repeats || (behind == 3 && currency.exponent() < 3) {
        return Some(other);
    }
    // Three digits of a currency with three decimals prove nothing, unless the other sign is there.
    let both = digits.contains('.') && digits.contains(',');
    (behind != 3 || both).then_some(as_decimal)
}
