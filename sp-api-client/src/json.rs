//! How single values are written in JSON: exactly, and as tolerantly as Amazon is careless.

use rust_decimal::Decimal;
use serde::de::{Deserialize, Deserializer, Error};
use serde_json::Value;

/// A list that may be missing or `null` instead of empty.
pub(crate) fn list<'de, D, T>(deserializer: D) -> Result<Vec<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}

/// A member that is known and of no use: whatever it holds is passed over, and not counted as
/// unknown.
#[derive(Debug)]
pub(crate) struct Unused;

impl<'de> Deserialize<'de> for Unused {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Value::deserialize(deserializer).map(|_| Self)
    }
}

/// A decimal from its digits, whether Amazon writes it as a number or as a text.
pub(crate) fn decimal<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Decimal, D::Error> {
    let value = Value::deserialize(deserializer)?;
    read(&value).ok_or_else(|| D::Error::custom("this is no number, or one with too many digits"))
}

/// A decimal that may be missing, `null`, or an empty text.
pub(crate) fn decimal_or_none<'de, D>(deserializer: D) -> Result<Option<Decimal>, D::Error>
where
    D: Deserializer<'de>,
{
    let value = Value::deserialize(deserializer)?;
    if value.is_null() || value == "" {
        return Ok(None);
    }
    let unreadable = || D::Error::custom("this is no number, or one with too many digits");
    read(&value).map(Some).ok_or_else(unreadable)
}

fn read(value: &Value) -> Option<Decimal> {
    let text = match value {
        Value::Number(number) => number.to_string(),
        Value::String(text) => text.trim().to_owned(),
        _ => return None,
    };
    if text.contains(['e', 'E']) {
        return Decimal::from_scientific(&text).ok();
    }
    Decimal::from_str_exact(&text).ok()
}

/// A decimal that Amazon writes as a JSON number.
pub(crate) mod number {
    use rust_decimal::Decimal;
    use serde::ser::{Error, Serialize, Serializer};

    pub(crate) use super::decimal as deserialize;

    pub(crate) fn serialize<S: Serializer>(value: &Decimal, to: S) -> Result<S::Ok, S::Error> {
        let number: serde_json::Number = value.to_string().parse().map_err(S::Error::custom)?;
        number.serialize(to)
    }

    /// One that may be missing.
    pub(crate) mod option {
        use super::{Decimal, Serializer};
        pub(crate) use crate::json::decimal_or_none as deserialize;

        #[expect(clippy::ref_option, reason = "the signature that serde calls")]
        pub(crate) fn serialize<S: Serializer>(
            value: &Option<Decimal>,
            to: S,
        ) -> Result<S::Ok, S::Error> {
            match value {
                Some(value) => super::serialize(value, to),
                None => to.serialize_none(),
            }
        }
    }
}

/// A decimal that Amazon writes as a JSON text.
pub(crate) mod text {
    use rust_decimal::Decimal;
    use serde::ser::Serializer;

    pub(crate) use super::decimal as deserialize;

    pub(crate) fn serialize<S: Serializer>(value: &Decimal, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(value)
    }

    /// One that may be missing.
    pub(crate) mod option {
        use super::{Decimal, Serializer};
        pub(crate) use crate::json::decimal_or_none as deserialize;

        #[expect(clippy::ref_option, reason = "the signature that serde calls")]
        pub(crate) fn serialize<S: Serializer>(
            value: &Option<Decimal>,
            to: S,
        ) -> Result<S::Ok, S::Error> {
            match value {
                Some(value) => super::serialize(value, to),
                None => to.serialize_none(),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    #[derive(Debug, PartialEq, serde::Serialize, serde::Deserialize)]
    struct Number(#[serde(with = "number")] Decimal);

    #[test]
    fn digits_are_kept_whichever_way_they_are_written() {
        for (written, expected) in [
            ("19.90", "19.90"),
            ("\"19.90\"", "19.90"),
            ("-0.1", "-0.1"),
            ("10", "10"),
            ("1E+2", "100"),
            ("1.5e-3", "0.0015"),
            ("9007199254740993.01", "9007199254740993.01"),
        ] {
            let Number(read) = serde_json::from_str(written).unwrap();
            assert_eq!(read.to_string(), expected, "{written}");
        }
    }

    #[test]
    fn what_cannot_be_kept_exactly_is_refused() {
        for written in ["\"1,5\"", "\"\"", "true", "null", "{}", "0.12345678901234567890123456789"]
        {
            assert!(serde_json::from_str::<Number>(written).is_err(), "{written}");
        }
    }

    #[test]
    fn a_list_may_be_null() {
        #[derive(serde::Deserialize)]
        struct Lists {
            #[serde(default, deserialize_with = "list")]
            missing: Vec<u8>,
            #[serde(default, deserialize_with = "list")]
            null: Vec<u8>,
            #[serde(default, deserialize_with = "list")]
            full: Vec<u8>,
        }
        let lists: Lists = serde_json::from_value(json!({"null": null, "full": [1]})).unwrap();
        assert_eq!((lists.missing, lists.null, lists.full), (vec![], vec![], vec![1]));
    }

    proptest! {
        #[test]
        fn a_decimal_survives_the_way_there_and_back(mantissa: i64, scale in 0_u32..19) {
            let number = Number(Decimal::new(mantissa, scale));
            let written = serde_json::to_string(&number).unwrap();
            prop_assert!(!written.contains('"'), "{written}");
            prop_assert_eq!(serde_json::from_str::<Number>(&written).unwrap(), number);
        }
    }
}
