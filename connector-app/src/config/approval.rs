//! `[connection.approval]`: who approves a settlement.

use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::pipeline::settlement;

/// Who approves a settlement.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Approval {
    /// Approve by policy what ties, maps and passes every check; otherwise a person runs `approve`.
    pub automatic: bool,
    /// Larger deposits (absolute value, text such as "250000.00") always wait for a person.
    #[serde(deserialize_with = "exact")]
    #[schemars(with = "String")]
    pub limit: Option<Decimal>,
}

/// An amount written as text, so that no float ever stands between the file and us.
fn exact<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<Decimal>, D::Error> {
    let text = String::deserialize(deserializer)?;
    let amount = text.parse().map_err(|_| {
        serde::de::Error::custom(format!(
            "\"{text}\" is not an amount; write one such as \"250000.00\""
        ))
    })?;
    Ok(Some(amount))
}

impl Approval {
    /// The policy for [`settlement::decide`].
    #[must_use]
    pub fn policy(&self) -> settlement::Policy {
        settlement::Policy { automatic: self.automatic, limit: self.limit }
    }
}
