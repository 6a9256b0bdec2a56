use proptest::prelude::*;

use super::NumberProblem::{Ambiguous, Blank, Contradicts, NotANumber, TooLarge, TooManyDecimals};
use super::*;

/// Reads amounts one after the other, as a document's lines 1, 2, …, and shows the last.
fn last_of(amounts: &[&str], currency: &str) -> Result<String, NumberProblem> {
    let currency = Currency::parse(currency).expect("a currency");
    let mut numbers = Numbers::new();
    let mut last = Err(Blank);
    for (line, amount) in (1..).zip(amounts) {
        last = numbers.money(amount, currency, line);
    }
    last.map(Money::amount_text)
}

#[test]
fn the_first_amount_settles_the_decimal_sign() {
    assert_eq!(last_of(&["12.50"], "USD").as_deref(), Ok("12.50"));
    assert_eq!(last_of(&["12,50"], "EUR").as_deref(), Ok("12.50"));
    assert_eq!(last_of(&["12.50", "12,50"], "USD"), Err(Contradicts { settled_on: 1 }));
    assert_eq!(last_of(&["7", "12,50", "12.5"], "EUR"), Err(Contradicts { settled_on: 2 }));
}

#[test]
fn signs_stand_before_or_behind() {
    for text in ["-4.20", "4.20-", "\u{2212}4.20", "  -4.2   "] {
        assert_eq!(last_of(&[text], "USD").as_deref(), Ok("-4.20"), "{text}");
    }
    assert_eq!(last_of(&["+4.20"], "USD").as_deref(), Ok("4.20"));
    assert_eq!(last_of(&["-.5"], "USD").as_deref(), Ok("-0.50"));
}

#[test]
fn grouping_is_accepted_only_where_it_can_be_nothing_else() {
    assert_eq!(last_of(&["1,234.50"], "USD").as_deref(), Ok("1234.50"));
    assert_eq!(last_of(&["1.234.567,8"], "EUR").as_deref(), Ok("1234567.80"));
    assert_eq!(last_of(&["1,234,567", "0.5"], "USD").as_deref(), Ok("0.50"));
    assert_eq!(last_of(&["0.50", "1,234"], "USD").as_deref(), Ok("1234.00"));
    assert_eq!(last_of(&["0,50", "-1.234"], "EUR").as_deref(), Ok("-1234.00"));
    assert_eq!(last_of(&["1,234"], "USD"), Err(Ambiguous));
    assert_eq!(last_of(&["1.234"], "KWD"), Err(Ambiguous));
    assert_eq!(last_of(&["1,234"], "JPY"), Err(Ambiguous));
    for text in ["1,23,456.00", "12,34.50", "0,123.00", "1,234,56", "1.234,5.6", "1.,5"] {
        assert_eq!(last_of(&[text], "USD"), Err(NotANumber), "{text}");
    }
}

#[test]
fn nothing_is_rounded() {
    assert_eq!(last_of(&["4.205"], "USD"), Err(Ambiguous));
    assert_eq!(last_of(&["0.50", "4.205"], "USD"), Err(TooManyDecimals));
    assert_eq!(last_of(&["0.005"], "USD"), Err(TooManyDecimals));
    assert_eq!(last_of(&["0.50", "4.200"], "USD").as_deref(), Ok("4.20"));
    assert_eq!(last_of(&["12.00"], "JPY").as_deref(), Ok("12"));
    let fine_zero = format!("0.{}", "0".repeat(50));
    assert_eq!(last_of(&[&fine_zero], "USD").as_deref(), Ok("0.00"));
    assert_eq!(last_of(&["9".repeat(40).as_str()], "USD"), Err(TooLarge));
    assert_eq!(last_of(&["9".repeat(29).as_str()], "USD"), Err(TooLarge));
}

#[test]
fn what_is_no_number_is_refused() {
    assert_eq!(last_of(&["  "], "USD"), Err(Blank));
    for text in ["N/A", "-", ".", "--1", "-1-", "1e3", "$1", "1 234.50", "5.", "٣", "NaN"] {
        assert_eq!(last_of(&[text], "USD"), Err(NotANumber), "{text}");
    }
}

proptest! {
    #[test]
    fn what_is_written_is_read(cents in -10_i128.pow(15)..10_i128.pow(15), comma: bool) {
        let currency = Currency::parse("EUR").expect("a currency");
        let money = Money::from_units(cents, currency).expect("small");
        let point = money.amount_text();
        let text = if comma { point.replace('.', ",") } else { point };
        let mut numbers = Numbers::new();
        prop_assert_eq!(numbers.money(&text, currency, 1), Ok(money));
        let sign = if comma { DecimalSign::Comma } else { DecimalSign::Point };
        prop_assert_eq!(numbers.sign(), sign);
    }
}
