//! Exact money: a decimal amount of one currency, never finer than the currency's smallest unit.

use std::fmt;

use rust_decimal::Decimal;
use thiserror::Error;

/// An ISO 4217 currency, such as `USD`.
///
/// Amazon states it once per settlement, in the `currency` column of the settlement row.
///
/// ```
/// # use settlement_model::Currency;
/// assert_eq!(Currency::parse("JPY")?.exponent(), 0);
/// assert!(Currency::parse("dollars").is_err());
/// # Ok::<(), settlement_model::MoneyError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(try_from = "String", into = "String"))]
pub struct Currency {
    code: [u8; 3],
    exponent: u8,
}

impl Currency {
    /// Reads a three-letter ISO 4217 code; letter case and surrounding blanks do not matter.
    ///
    /// # Errors
    ///
    /// [`MoneyError::UnknownCurrency`] when ISO 4217 does not list the code as a currency with a
    /// smallest unit (gold, `XAU`, has none).
    pub fn parse(code: &str) -> Result<Self, MoneyError> {
        let unknown = || MoneyError::UnknownCurrency(code.trim().to_owned());
        let upper = code.trim().to_ascii_uppercase();
        let exponent = iso_currency::Currency::from_code(&upper)
            .and_then(iso_currency::Currency::exponent)
            .and_then(|exponent| u8::try_from(exponent).ok())
            .ok_or_else(unknown)?;
        let code = upper.as_bytes().try_into().map_err(|_| unknown())?;
        Ok(Self { code, exponent })
    }

    /// The code in capitals, such as `USD`.
    #[must_use]
    pub fn code(&self) -> &str {
        std::str::from_utf8(&self.code).unwrap_or_default()
    }

    /// How many decimals an amount of this currency has: 2 for USD, 0 for JPY, 3 for KWD.
    #[must_use]
    pub fn exponent(self) -> u32 {
        u32::from(self.exponent)
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.code())
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl TryFrom<String> for Currency {
    type Error = MoneyError;

    fn try_from(code: String) -> Result<Self, MoneyError> {
        Self::parse(&code)
    }
}

impl From<Currency> for String {
    fn from(currency: Currency) -> Self {
        currency.code().to_owned()
    }
}

/// An amount of one currency, with exactly the currency's decimals.
///
/// The sign is the owner's; in a [`Settlement`](crate::Settlement) it is Amazon's: positive raises
/// the seller's balance. Arithmetic is exact and checked.
///
/// Two currencies never mix: there is no `+` and no `Ord`, and
/// [`checked_add`](Self::checked_add) of two currencies is [`MoneyError::CurrencyMismatch`]. Were
/// each currency a type of its own (`Money<Usd>`), it would not even compile; but the currency of a
/// settlement is known when its document is read and not before, so every caller would carry a type
/// parameter that nothing can fill in, or match on an enum of all currencies for each sum. The
/// error says the same at the only time at which it can be said, and `#[must_use]` results make it
/// hard to overlook.
///
/// ```
/// # use settlement_model::{Currency, Money, MoneyError};
/// let dollars = Currency::parse("USD")?;
/// let price = Money::new("45.5".parse().unwrap(), dollars)?;
/// let fee = Money::new("-2.98".parse().unwrap(), dollars)?;
/// assert_eq!(price.checked_add(fee)?.to_string(), "42.52 USD");
/// let yen = Money::zero(Currency::parse("JPY")?);
/// assert!(matches!(price.checked_add(yen), Err(MoneyError::CurrencyMismatch { .. })));
/// # Ok::<(), settlement_model::MoneyError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(try_from = "MoneyForm", into = "MoneyForm"))]
pub struct Money {
    /// Its scale is always the currency's exponent, and zero is never negative, so that equal
    /// amounts are equal in every bit.
    amount: Decimal,
    currency: Currency,
}

impl Money {
    /// An amount of a currency. Trailing zeros are added or dropped to fit the currency's decimals.
    ///
    /// # Errors
    ///
    /// [`MoneyError::TooManyDecimals`] when the amount is finer than the currency's smallest unit:
    /// it is refused, not rounded. [`MoneyError::Overflow`] when it does not fit 96 bits.
    pub fn new(amount: Decimal, currency: Currency) -> Result<Self, MoneyError> {
        let plain = amount.normalize();
        let missing = currency
            .exponent()
            .checked_sub(plain.scale())
            .ok_or(MoneyError::TooManyDecimals { amount, currency })?;
        let units = 10_i128
            .checked_pow(missing)
            .and_then(|factor| plain.mantissa().checked_mul(factor))
            .ok_or(MoneyError::Overflow)?;
        Self::from_units(units, currency)
    }

    /// An amount counted in the currency's smallest unit (cents for USD, yen for JPY).
    pub(crate) fn from_units(units: i128, currency: Currency) -> Result<Self, MoneyError> {
        let amount = Decimal::try_from_i128_with_scale(units, currency.exponent())
            .map_err(|_| MoneyError::Overflow)?;
        Ok(Self { amount, currency })
    }

    /// The most that an amount can be, in the currency's smallest unit: 96 bits.
    pub(crate) const MOST_UNITS: u128 = (1 << 96) - 1;

    /// The amount counted in the currency's smallest unit.
    pub(crate) fn units(self) -> i128 {
        self.amount.mantissa()
    }

    /// Nothing, in this currency.
    #[must_use]
    pub fn zero(currency: Currency) -> Self {
        let mut amount = Decimal::ZERO;
        amount.rescale(currency.exponent());
        Self { amount, currency }
    }

    /// The amount in the currency's main unit, such as 42.52 dollars.
    #[must_use]
    pub fn amount(self) -> Decimal {
        self.amount
    }

    /// The currency the amount is in.
    #[must_use]
    pub fn currency(self) -> Currency {
        self.currency
    }

    /// The sum of two amounts of one currency.
    ///
    /// # Errors
    ///
    /// [`MoneyError::CurrencyMismatch`] for two currencies, [`MoneyError::Overflow`] when the sum
    /// does not fit 96 bits.
    pub fn checked_add(self, other: Self) -> Result<Self, MoneyError> {
        if self.currency != other.currency {
            return Err(MoneyError::CurrencyMismatch {
                left: self.currency,
                right: other.currency,
            });
        }
        // Not Decimal::checked_add: near its limits that one drops decimals to make the sum fit.
        let units = self.amount.mantissa() + other.amount.mantissa();
        Self::from_units(units, self.currency)
    }

    /// The difference of two amounts of one currency.
    ///
    /// # Errors
    ///
    /// As [`checked_add`](Self::checked_add).
    pub fn checked_sub(self, other: Self) -> Result<Self, MoneyError> {
        self.checked_add(other.negated())
    }

    /// The same amount with the other sign.
    #[must_use]
    pub fn negated(self) -> Self {
        if self.is_zero() {
            return self;
        }
        Self { amount: -self.amount, ..self }
    }

    /// The amount without its sign.
    #[must_use]
    pub fn abs(self) -> Self {
        Self { amount: self.amount.abs(), ..self }
    }

    /// Whether the amount is exactly nothing.
    #[must_use]
    pub fn is_zero(self) -> bool {
        self.amount.is_zero()
    }

    /// Whether the amount is below zero.
    #[must_use]
    pub fn is_negative(self) -> bool {
        self.amount.is_sign_negative()
    }

    /// The amount as text with all of the currency's decimals and a point: `42.50`, `-0.01`, `7`.
    #[must_use]
    pub fn amount_text(self) -> String {
        self.amount.to_string()
    }
}

/// `42.52 USD`
impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.amount, self.currency)
    }
}

impl fmt::Debug for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Money as it is written to JSON: `{"amount":"42.52","currency":"USD"}`. Text, because readers
/// of JSON numbers tend to round them.
#[cfg(feature = "serde")]
#[derive(serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct MoneyForm {
    amount: String,
    currency: Currency,
}

#[cfg(feature = "serde")]
impl From<Money> for MoneyForm {
    fn from(money: Money) -> Self {
        Self { amount: money.amount_text(), currency: money.currency }
    }
}

#[cfg(feature = "serde")]
impl TryFrom<MoneyForm> for Money {
    type Error = String;

    fn try_from(form: MoneyForm) -> Result<Self, String> {
        let amount = Decimal::from_str_exact(&form.amount)
            .map_err(|_| format!("\"{}\" is not an amount", form.amount))?;
        Self::new(amount, form.currency).map_err(|error| error.to_string())
    }
}

/// Why an amount of money cannot be what was asked for.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum MoneyError {
    /// ISO 4217 has no such currency with a smallest unit.
    #[error("\"{0}\" is not an ISO 4217 currency code")]
    UnknownCurrency(String),
    /// Two currencies met in one sum.
    #[error("an amount in {left} and one in {right} cannot be added")]
    CurrencyMismatch {
        /// The currency of the first amount.
        left: Currency,
        /// The currency of the second amount.
        right: Currency,
    },
    /// The amount is finer than the currency's smallest unit.
    #[error("{amount} has more decimals than {currency} allows ({})", .currency.exponent())]
    TooManyDecimals {
        /// The amount as it was given.
        amount: Decimal,
        /// The currency it should be in.
        currency: Currency,
    },
    /// The amount needs more than 96 bits.
    #[error("the amount is too large to be computed exactly")]
    Overflow,
}

#[cfg(test)]
mod tests;
