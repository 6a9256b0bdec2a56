use super::*;

fn money(amount: &str, currency: &str) -> Result<Money, MoneyError> {
    let amount = Decimal::from_str_exact(amount).expect("a decimal");
    Money::new(amount, Currency::parse(currency)?)
}

#[test]
fn amounts_have_exactly_the_decimals_of_their_currency() {
    let shown = |amount, currency| money(amount, currency).map(Money::amount_text);
    assert_eq!(shown("42.5", "USD").as_deref(), Ok("42.50"));
    assert_eq!(shown("42.500", "USD").as_deref(), Ok("42.50"));
    assert_eq!(shown("-7", "KWD").as_deref(), Ok("-7.000"));
    assert_eq!(shown("1234.0", "JPY").as_deref(), Ok("1234"));
}

#[test]
fn finer_amounts_are_refused_and_not_rounded() {
    for (amount, currency) in [("0.005", "USD"), ("1.5", "JPY"), ("1.0001", "KWD")] {
        let refused = money(amount, currency);
        assert!(
            matches!(refused, Err(MoneyError::TooManyDecimals { .. })),
            "{amount} {currency}: {refused:?}"
        );
    }
}

#[test]
fn equal_amounts_are_equal_however_they_came_about() {
    let zero = money("-0.00", "USD").expect("zero");
    assert_eq!(zero, Money::zero(zero.currency()));
    assert_eq!(zero.negated(), zero);
    assert!(!zero.is_negative());
    assert_eq!(zero.to_string(), "0.00 USD");
    let cent = money("0.01", "USD").expect("a cent");
    assert_eq!(cent.checked_sub(cent), Ok(zero));
    assert_eq!(cent.negated().abs(), cent);
}

#[test]
fn sums_never_mix_currencies_and_never_round() {
    let dollar = money("1", "USD").expect("a dollar");
    let yen = money("1", "JPY").expect("a yen");
    assert!(matches!(dollar.checked_add(yen), Err(MoneyError::CurrencyMismatch { .. })));
    let largest = Money::from_units((1 << 96) - 1, dollar.currency()).expect("the largest");
    let cent = money("0.01", "USD").expect("a cent");
    assert_eq!(largest.checked_add(cent), Err(MoneyError::Overflow));
    assert_eq!(Money::new(Decimal::MAX, dollar.currency()), Err(MoneyError::Overflow));
}

#[test]
fn currencies_are_those_of_iso_4217_with_a_smallest_unit() {
    let exponent = |code| Currency::parse(code).map(Currency::exponent);
    assert_eq!(exponent(" usd "), Ok(2));
    assert_eq!(exponent("JPY"), Ok(0));
    for code in ["", "US", "USDX", "XAU", "€€€", "ZZZ"] {
        let unknown = MoneyError::UnknownCurrency(code.to_owned());
        assert_eq!(exponent(code), Err(unknown));
    }
}
