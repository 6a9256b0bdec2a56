use proptest::prelude::*;

use super::NumberProblem::{Ambiguous, Blank, Contradicts, NotANumber, TooLarge, TooManyDecimals};
use super::*;

/// Reads amounts one after the other, as a document's lines 1, 2, …, and shows the last.
fn last_of(amounts: &[&str], currency: &str) -> Result<String, NumberProblem> {
    last_in(DecimalSign::Undetermined, amounts, currency)
}

/// As [`last_of`], in the report of a marketplace with this decimal sign.
fn last_in(prior: DecimalSign, amounts: &[&str], currency: &str) -> Result<String, NumberProblem> {
    let currency = Currency::parse(currency).expect("a currency");
    let mut numbers = Numbers::new(prior);
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
    for text in ["-4.20", "4.20-", "\u{2212}4.20", "\u{ff0d}4.20", "  -4.2   "] {
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
fn the_marketplace_decides_where_the_document_is_silent() {
    use DecimalSign::{Comma, Point};
    assert_eq!(last_in(Point, &["1,234"], "USD").as_deref(), Ok("1234.00"));
    assert_eq!(last_in(Comma, &["1.234"], "EUR").as_deref(), Ok("1234.00"));
    assert_eq!(last_in(Point, &["1,234"], "JPY").as_deref(), Ok("1234"));
    assert_eq!(last_in(Point, &["1.234"], "KWD").as_deref(), Ok("1.234"));
    assert_eq!(last_in(Point, &["1,234"], "KWD").as_deref(), Ok("1234.000"));
    assert_eq!(last_in(Comma, &["1,234"], "KWD").as_deref(), Ok("1.234"));
    // What the number says against the marketplace's sign is not rounded away.
    assert_eq!(last_in(Comma, &["1,234"], "EUR"), Err(Ambiguous));
    assert_eq!(last_in(Point, &["1.234"], "JPY"), Err(Ambiguous));
}

#[test]
fn what_the_document_shows_counts_more_than_the_marketplace() {
    use DecimalSign::{Comma, Point};
    assert_eq!(last_in(Comma, &["0.50", "1,234"], "EUR").as_deref(), Ok("1234.00"));
    assert_eq!(last_in(Point, &["12,50"], "USD").as_deref(), Ok("12.50"));
    // But once the marketplace decided a number, the document must not show the other sign.
    assert_eq!(last_in(Point, &["1,234", "12,50"], "USD"), Err(Contradicts { settled_on: 1 }));
    assert_eq!(last_in(Comma, &["7", "1.234", "0.5"], "EUR"), Err(Contradicts { settled_on: 2 }));
}

#[test]
fn spaces_separate_thousands_and_nothing_else() {
    for space in [' ', '\u{a0}', '\u{202f}'] {
        let amount = format!("-1{space}135,72");
        assert_eq!(last_of(&[&amount], "SEK").as_deref(), Ok("-1135.72"), "{amount:?}");
    }
    assert_eq!(last_of(&["12 345 678"], "SEK").as_deref(), Ok("12345678.00"));
    assert_eq!(last_of(&["1 234.50"], "USD").as_deref(), Ok("1234.50"));
    assert_eq!(last_of(&["1 234,567"], "KWD").as_deref(), Ok("1234.567"));
    for text in ["1 23", "1  234", "0 123", "1 234 ,5", "1,234 567", "1 234.567,8"] {
        assert_eq!(last_of(&[text], "SEK"), Err(NotANumber), "{text}");
    }
}

#[test]
fn rupees_are_grouped_by_lakhs_too() {
    assert_eq!(last_of(&["1,23,456.00"], "INR").as_deref(), Ok("123456.00"));
    assert_eq!(last_of(&["-12,34,56,789.5"], "INR").as_deref(), Ok("-123456789.50"));
    assert_eq!(last_of(&["123,456.00"], "INR").as_deref(), Ok("123456.00"));
    for text in ["123,45,678.00", "1,23,45.00", "0,12,345.00", "1,2,345.00"] {
        assert_eq!(last_of(&[text], "INR"), Err(NotANumber), "{text}");
    }
}

#[test]
fn nothing_is_rounded() {
    assert_eq!(last_of(&["4.205"], "USD"), Err(Ambiguous));
    assert_eq!(last_of(&["0.50", "4.205"], "USD"), Err(TooManyDecimals));
    assert_eq!(last_of(&["0.005"], "USD"), Err(TooManyDecimals));
    assert_eq!(last_of(&["0.50", "4.2000"], "USD").as_deref(), Ok("4.20"));
    assert_eq!(last_of(&["12.00"], "JPY").as_deref(), Ok("12"));
    let fine_zero = format!("0.{}", "0".repeat(50));
    assert_eq!(last_of(&[&fine_zero], "USD").as_deref(), Ok("0.00"));
    assert_eq!(last_of(&["9".repeat(40).as_str()], "USD"), Err(TooLarge));
    assert_eq!(last_of(&["9".repeat(29).as_str()], "USD"), Err(TooLarge));
}

#[test]
fn zeros_that_may_be_thousands_are_not_lost() {
    assert_eq!(last_of(&["0,50", "1,000"], "EUR"), Err(TooManyDecimals));
    assert_eq!(last_of(&["0.50", "-12.000"], "USD"), Err(TooManyDecimals));
    assert_eq!(last_of(&["0.0", "1.000"], "JPY"), Err(TooManyDecimals));
    assert_eq!(last_of(&["0,5", "1,000"], "KWD").as_deref(), Ok("1.000"));
    // No thousand is written so.
    assert_eq!(last_of(&["0,50", "0,000"], "EUR").as_deref(), Ok("0.00"));
    assert_eq!(last_of(&["0,50", "1 234,000"], "EUR").as_deref(), Ok("1234.00"));
}

#[test]
fn what_is_no_number_is_refused() {
    assert_eq!(last_of(&["  "], "USD"), Err(Blank));
    for text in ["N/A", "-", ".", "--1", "-1-", "1e3", "$1", "12 34.50", "5.", "٣", "NaN"] {
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
        let mut numbers = Numbers::new(DecimalSign::Undetermined);
        prop_assert_eq!(numbers.money(&text, currency, 1), Ok(money));
        let sign = if comma { DecimalSign::Comma } else { DecimalSign::Point };
        prop_assert_eq!(numbers.sign(), sign);
    }
}
