//! How values are written in JSON: money as text with the currency's decimals.

/// A [`Decimal`](rust_decimal::Decimal) as text, as it is: `"42.50"`.
pub(crate) mod decimal {
    use rust_decimal::Decimal;
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub(crate) fn serialize<S: Serializer>(value: &Decimal, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(value)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Decimal, D::Error> {
        let text = String::deserialize(from)?;
        Decimal::from_str_exact(&text).map_err(|error| D::Error::custom(format!("{text}: {error}")))
    }
}

/// A [`Money`](settlement_model::Money) without its currency, which stands beside it.
pub(crate) mod amount {
    use serde::Serializer;
    use settlement_model::Money;

    pub(crate) fn serialize<S: Serializer>(value: &Money, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&value.amount_text())
    }
}
