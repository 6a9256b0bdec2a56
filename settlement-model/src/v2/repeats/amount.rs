//! Amounts in the plainest form, eight characters at once.

use crate::document::DecimalSign;
use crate::money::Currency;

/// `00000000`
pub(super) const ZEROS: u64 = 0x3030_3030_3030_3030;

/// How a document writes amounts of one currency: `-12.34`, with exactly the currency's decimals
/// and nothing between thousands.
#[derive(Debug, Clone, Copy)]
pub(super) struct Shape {
    /// The decimal sign as its difference to `0`, standing where it does in the last eight
    /// characters; nothing without decimals.
    sign: u64,
    /// The place of that sign.
    sign_at: u64,
    /// The places in front of it, of the whole part; none without decimals.
    whole_at: u64,
    /// The places of all other digits.
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
            0 => return Some(Self { sign: 0, sign_at: 0, whole_at: 0, decimals_at: u64::MAX }),
            exponent @ 1..=4 => 8 * exponent,
            _ => return None,
        };
        let decimals_at = u64::MAX << (64 - decimal_bits);
        let sign_bits = 64 - decimal_bits - 8;
        let sign_at = 0xff << sign_bits;
        let whole_at = !(decimals_at | sign_at);
        Some(Self { sign: u64::from(sign ^ b'0') << sign_bits, sign_at, whole_at, decimals_at })
    }

    /// The number that ends the text and begins at `start`, in units of the currency. `None` when
    /// it is in any other form, even a valid one, or has more than eight characters and a sign.
    #[inline(always)]
    pub(super) fn units(self, text: &[u8], start: usize) -> Option<i64> {
        let negative = text.get(start) == Some(&b'-');
        let length = text.len().checked_sub(start + usize::from(negative))?;
        if !(1..=8).contains(&length) {
            return None;
        }
        // What stands before the number counts as zeros.
        let own = u64::MAX << (64 - 8 * length);
        let word = (u64::from_le_bytes(*text.last_chunk::<8>()?) ^ ZEROS) & own;
        if word & self.sign_at != self.sign {
            return None;
        }
        // Taking the sign out moves the whole part up by one.
        let digits = (word & self.decimals_at) | (word & self.whole_at) << 8;
        if !are_digits(digits) {
            return None;
        }
        let value = number(digits);
        Some(if negative { -value } else { value })
    }
}

/// Whether each byte is 0 to 9.
#[inline(always)]
pub(super) fn are_digits(bytes: u64) -> bool {
    // The high half-byte is empty, and stays so after adding 6.
    const HIGH: u64 = 0xf0f0_f0f0_f0f0_f0f0;
    (bytes | bytes.wrapping_add(0x0606_0606_0606_0606)) & HIGH == 0
}

/// The number that eight digits make, the first in the lowest byte.
#[inline(always)]
fn number(digits: u64) -> i64 {
    // Neighbours join: first digits, then pairs, then fours.
    let pairs = (digits.wrapping_mul(10) + (digits >> 8)) & 0x00ff_00ff_00ff_00ff;
    let fours = (pairs.wrapping_mul(100) + (pairs >> 16)) & 0x0000_ffff_0000_ffff;
    ((fours & 0xffff) * 10_000 + (fours >> 32)).cast_signed()
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
