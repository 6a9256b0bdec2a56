//! Global trade item numbers: UPC, EAN, JAN and GTIN in one form.

/// A GTIN of 14 digits, filled with zeros on the left, whose check digit is right.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Gtin([u8; 14]);

impl Gtin {
    /// Reads 8, 12, 13 or 14 digits; blanks and hyphens between them do not matter. `None`:
    /// the text is no GTIN, or its check digit is wrong.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let digits: Option<Vec<u8>> = text
            .chars()
            .filter(|c| !matches!(c, ' ' | '-'))
            .map(|c| c.to_digit(10).and_then(|digit| u8::try_from(digit).ok()))
            .collect();
        let digits = digits.filter(|digits| matches!(digits.len(), 8 | 12 | 13 | 14))?;
        let mut all = [0; 14];
        all[14 - digits.len()..].copy_from_slice(&digits);
        // From the left, digits of the full form weigh 3 and 1 in turn; the sum is a ten.
        let weights = [3_u32, 1].into_iter().cycle();
        let sum: u32 =
            all.iter().zip(weights).map(|(digit, weight)| u32::from(*digit) * weight).sum();
        (sum > 0 && sum.is_multiple_of(10)).then_some(Self(all))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_number_in_all_its_forms() {
        let upc = Gtin::parse("036000291452");
        assert!(upc.is_some());
        assert_eq!(upc, Gtin::parse("0036000291452"));
        assert_eq!(upc, Gtin::parse("0-00-36000-29145-2"));
        assert_ne!(upc, Gtin::parse("4006381333931"));
    }

    #[test]
    fn a_wrong_digit_or_another_length_is_no_gtin() {
        assert!(Gtin::parse("4006381333931").is_some());
        for wrong in ["4006381333932", "406381333931", "B00000001", "", "00000000", "٤006381333931"]
        {
            assert_eq!(Gtin::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn any_single_wrong_digit_is_noticed() {
        let right = "4006381333931";
        for place in 0..right.len() {
            for digit in '0'..='9' {
                let mut wrong = right.to_owned();
                wrong.replace_range(place..=place, &digit.to_string());
                assert_eq!(Gtin::parse(&wrong).is_some(), wrong == right, "{wrong}");
            }
        }
    }
}
