//! Amounts in the plainest form, eight characters at once.

use crate::document::DecimalSign;
use crate::money::Currency;

/// `00000000`
const ZEROS: u64 = 0x3030_3030_3030_3030;

/// How a document writes amounts of one currency: `-12.34`, with exactly the currency's decimals
/// and nothing between thousands.
#[derive(Debug, Clone, Copy)]
pub(super) struct Shape {
    /// The decimal sign, standing where it does in the last eight characters; 0 without decimals.
    sign: u64,
    /// The place of that sign.
    sign_at: u64,
    /// The places of the decimals.
    decimals_at: u64,
}

impl Shape {
    /// `None` as long as the document has not shown its decimal sign.
    pub(super) fn new(sign: DecimalSign, currency: Currency) -> Option<Self> {
        let sign = match sign {
            DecimalSign::Point => b'.',
            DecimalSign::Comma => b',',
            DecimalSign::Undetermined => return None,
        };
        // The last of the eight characters is the highest byte.
        let decimal_bits = match currency.exponent() {
            0 => return Some(Self { sign: 0, sign_at: 0, decimals_at: 0 }),
            exponent @ 1..=4 => 8 * exponent,
            _ => return None,
        };
        let decimals_at = u64::MAX << (64 - decimal_bits);
        let sign_bits = 64 - decimal_bits - 8;
        Some(Self { sign: u64::from(sign) << sign_bits, sign_at: 0xff << sign_bits, decimals_at })
    }

    /// The number that ends the text and begins at `start`, in units of the currency. `None` when
    /// it is in any other form, even a valid one, or has more than eight characters and a sign.
    #[inline]
    pub(super) fn units(self, text: &[u8], start: usize) -> Option<i64> {
        let negative = text.get(start) == Some(&b'-');
        let length = text.len().checked_sub(start + usize::from(negative))?;
        if !(1..=8).contains(&length) {
            return None;
        }
        let word = u64::from_le_bytes(*text.last_chunk::<8>()?);
        // What stands before the number counts as zeros.
        let own = u64::MAX << (64 - 8 * length);
        let word = (word & own) | (ZEROS & !own);
        if word & self.sign_at != self.sign {
            return None;
        }
        let digits = if self.sign_at == 0 {
            word
        } else {
            // Taking the sign out moves the whole part up by one.
            let whole_at = !(self.decimals_at | self.sign_at);
            (word & self.decimals_at) | (word & whole_at) << 8 | (ZEROS & 0xff)
        };
        let value = i64::from(eight_digits(digits)?);
        Some(if negative { -value } else { value })
    }
}

/// The number that eight digits make, the first in the lowest byte.
#[inline]
fn eight_digits(text: u64) -> Option<u32> {
    const LOW: u64 = 0x0f0f_0f0f_0f0f_0f0f;
    let digits = text ^ ZEROS;
    // A digit is 0 to 9 now: no high half-byte, and none after adding 6 either.
    let no_digit = (digits | digits.wrapping_add(0x0606_0606_0606_0606)) & !LOW;
    if no_digit != 0 {
        return None;
    }
    // Neighbours join: first digits, then pairs, then fours.
    let pairs = (digits.wrapping_mul(10) + (digits >> 8)) & 0x00ff_00ff_00ff_00ff;
    let fours = (pairs.wrapping_mul(100) + (pairs >> 16)) & 0x0000_ffff_0000_ffff;
    let eight = (fours & 0xffff) * 10_000 + (fours >> 32);
    u32::try_from(eight).ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::money::Money;
    use crate::number::Numbers;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4096))]

        /// Whatever is taken here has the same value in the full rules.
        #[test]
        fn no_other_reading_than_the_full_one(
            text in "-?[0-9]{0,6}[.,]?[0-9]{0,4}|[-+0-9., ]{0,9}",
            code in prop::sample::select(vec!["USD", "JPY", "KWD"]),
            comma: bool,
        ) {
            let currency = Currency::parse(code).expect("a currency");
            let (sign, settling) =
                if comma { (DecimalSign::Comma, "0,0") } else { (DecimalSign::Point, "0.0") };
            let mut numbers = Numbers::new(DecimalSign::Undetermined);
            numbers.check(settling, 1).expect("an amount");
            let line = format!("ItemPrice\tTax\t{text}");
            let shape = Shape::new(sign, currency).expect("settled");
            if let Some(units) = shape.units(line.as_bytes(), 14) {
                let full = numbers.money(&text, currency, 2);
                prop_assert_eq!(full.map(Money::units), Ok(i128::from(units)));
            }
        }

        #[test]
        fn the_plain_form_is_taken(units in -9_999_999_i64..=9_999_999) {
            let dollars = Currency::parse("USD").expect("a currency");
            let shape = Shape::new(DecimalSign::Comma, dollars).expect("settled");
            let sign = if units < 0 { "-" } else { "" };
            let cents = units.unsigned_abs();
            let line = format!("12345678\t{sign}{},{:02}", cents / 100, cents % 100);
            prop_assert_eq!(shape.units(line.as_bytes(), 9), Some(units));
        }
    }
}
