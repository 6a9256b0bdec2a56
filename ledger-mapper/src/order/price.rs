//! Unit prices that give a line's price to the cent.

use rust_decimal::{Decimal, RoundingStrategy};
use settlement_model::{Money, MoneyError};

/// A quantity at one price.
pub(super) struct Priced {
    pub(super) quantity: u64,
    pub(super) unit_price: Decimal,
    pub(super) amount: Money,
}

/// Divides an amount over a quantity: by one unit price if one with so many decimals gives the
/// amount when it is multiplied and rounded, else by two prices of whole cents.
pub(super) fn priced(
    amount: Money,
    quantity: u64,
    decimals: u32,
) -> Result<Vec<Priced>, MoneyError> {
    let currency = amount.currency();
    let count = Decimal::from(quantity);
    let quotient = amount.amount().checked_div(count).ok_or(MoneyError::Overflow)?;
    let unit_price = half_up(quotient, decimals.max(currency.exponent()));
    let product = unit_price.checked_mul(count).ok_or(MoneyError::Overflow)?;
    if half_up(product, currency.exponent()) == amount.amount() {
        return Ok(vec![Priced { quantity, unit_price, amount }]);
    }
    let low = quotient.round_dp_with_strategy(currency.exponent(), RoundingStrategy::ToZero);
    let cent = Decimal::new(1, currency.exponent());
    let rest = low.checked_mul(count).and_then(|low| amount.amount().checked_sub(low));
    let dearer = rest.and_then(|rest| u64::try_from(rest.checked_div(cent)?).ok());
    let dearer = dearer.ok_or(MoneyError::Overflow)?;
    let line = |quantity: u64, unit_price: Decimal| {
        let product =
            unit_price.checked_mul(Decimal::from(quantity)).ok_or(MoneyError::Overflow)?;
        Ok(Priced { quantity, unit_price, amount: Money::new(product, currency)? })
    };
    Ok(vec![line(quantity.saturating_sub(dearer), low)?, line(dearer, low + cent)?])
}

fn half_up(value: Decimal, decimals: u32) -> Decimal {
    value.round_dp_with_strategy(decimals, RoundingStrategy::MidpointAwayFromZero)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use settlement_model::Currency;

    use super::*;

    fn dollars(cents: i64) -> Money {
        let usd = Currency::parse("USD").expect("ISO 4217");
        Money::new(Decimal::new(cents, 2), usd).expect("cents")
    }

    #[test]
    fn three_for_ten_dollars() {
        let lines = priced(dollars(1000), 3, 5).expect("a price");
        let [line] = lines.as_slice() else { panic!("one price") };
        assert_eq!(line.unit_price.to_string(), "3.33333");
        let lines = priced(dollars(1000), 3, 2).expect("two prices");
        let prices = lines.iter().map(|line| (line.quantity, line.unit_price.to_string()));
        let prices: Vec<_> = prices.collect();
        assert_eq!(prices, [(2, "3.33".to_owned()), (1, "3.34".to_owned())]);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(300))]

        #[test]
        fn prices_give_the_amount(cents in 0_i64..10_000_000, quantity in 1_u64..5000, decimals in 0_u32..7) {
            let lines = priced(dollars(cents), quantity, decimals).expect("prices");
            prop_assert_eq!(lines.iter().map(|line| line.quantity).sum::<u64>(), quantity);
            let mut sum = dollars(0);
            for line in lines {
                let product = line.unit_price * Decimal::from(line.quantity);
                prop_assert_eq!(half_up(product, 2), line.amount.amount());
                prop_assert!(line.quantity > 0);
                sum = sum.checked_add(line.amount).expect("small amounts");
            }
            prop_assert_eq!(sum, dollars(cents));
        }
    }
}
