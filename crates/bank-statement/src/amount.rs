//! Amounts as banks write them: exact, or refused.

use rust_decimal::Decimal;
use settlement_model::{Currency, Money};

use crate::side::Side;

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

/// An amount of a table: one sign before or behind, brackets for minus, thousands separators, the
/// currency's sign or code, and the letters of debit and credit.
pub(crate) fn with_sign(
    text: &str,
    sign: DecimalSign,
    currency: Currency,
) -> Result<Money, String> {
    let refuse = || format!("\"{text}\" is not an amount of {currency}");
    let Written { negative, digits, .. } = Written::of(text, currency).ok_or_else(refuse)?;
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
    if !well_grouped || !all_digits(&whole) || !all_digits(decimals) {
        return Err(refuse());
    }
    let plain = format!("{}{whole}.{decimals}", if negative { "-" } else { "" });
    let amount: Decimal = plain.trim_end_matches('.').parse().map_err(|_| refuse())?;
    Money::new(amount, currency).map_err(|error| error.to_string())
}

/// Which side the letters beside an amount name, if there are any.
pub(crate) fn mark(text: &str, currency: Currency) -> Option<Side> {
    Written::of(text, currency)?.side
}

/// How currencies are written beside amounts, other than by their code.
const SIGNS: [(&str, &[&str]); 12] = [
    ("$", &["USD", "CAD", "AUD", "MXN", "SGD", "NZD", "HKD", "TWD", "BRL", "CLP", "COP"]),
    ("us$", &["USD"]),
    ("ca$", &["CAD"]),
    ("c$", &["CAD"]),
    ("au$", &["AUD"]),
    ("a$", &["AUD"]),
    ("r$", &["BRL"]),
    ("€", &["EUR"]),
    ("£", &["GBP"]),
    ("¥", &["JPY", "CNY"]),
    ("kr", &["SEK", "DKK", "NOK"]),
    ("zł", &["PLN"]),
];

fn names(word: &str, currency: Currency) -> bool {
    let word = word.to_lowercase();
    word.eq_ignore_ascii_case(currency.code())
        || SIGNS.iter().any(|(sign, codes)| *sign == word && codes.contains(&currency.code()))
}

/// A cell taken apart.
struct Written {
    negative: bool,
    side: Option<Side>,
    /// From the first digit to the last, or from the decimal sign before it.
    digits: String,
}

impl Written {
    /// Nothing when something stands around the digits that is not understood, or the signs
    /// contradict each other.
    fn of(text: &str, currency: Currency) -> Option<Self> {
        let first = text.find(|char: char| char.is_ascii_digit())?;
        let last = text.rfind(|char: char| char.is_ascii_digit())?;
        let start = match text.get(..first)?.chars().next_back() {
            Some('.' | ',') => first - 1,
            _ => first,
        };
        let mut around = Around::default();
        let opened = around.note(text.get(..start)?, '(', currency)?;
        let closed = around.note(text.get(last + 1..)?, ')', currency)?;
        (opened == closed).then_some(())?;
        let digits = text.get(start..=last)?.replace(['\u{a0}', '\u{202f}', '’'], "'");
        let minus = opened || around.sign == Some('-');
        let plus = around.sign == Some('+') || around.side == Some(Side::Credit);
        let negative = minus || around.side == Some(Side::Debit);
        (!(negative && plus)).then_some(())?;
        Some(Self { negative, side: around.side, digits })
    }
}

/// What stands before and behind the digits, each at most once.
#[derive(Default)]
struct Around {
    sign: Option<char>,
    side: Option<Side>,
    currency: bool,
}

impl Around {
    /// Takes in one of the two parts; whether the bracket is in it.
    fn note(&mut self, part: &str, bracket: char, currency: Currency) -> Option<bool> {
        let mut bracketed = false;
        let in_word = |char: char| char.is_alphabetic() || matches!(char, '$' | '€' | '£' | '¥');
        let mut rest = part.trim();
        while let Some(first) = rest.chars().next() {
            let word = rest.find(|char| !in_word(char)).unwrap_or(rest.len());
            let (token, after) = rest.split_at(word.max(first.len_utf8()));
            rest = after.trim_start();
            match first {
                '-' | '\u{2212}' if self.sign.is_none() => self.sign = Some('-'),
                '+' if self.sign.is_none() => self.sign = Some('+'),
                _ if first == bracket && !bracketed => bracketed = true,
                _ if !self.currency && names(token, currency) => self.currency = true,
                _ if self.side.is_none() => self.side = Some(Side::of_mark(token)?),
                _ => return None,
            }
        }
        Some(bracketed)
    }
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
    let digits = Written::of(cell, currency)?.digits;
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
