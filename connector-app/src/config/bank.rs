//! `[connection.bank]`: how deposits are recognised on bank statements.

use schemars::JsonSchema;
use serde::Deserialize;

/// How deposits are recognised on bank statements.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Bank {
    /// What a line's text contains when it is from Amazon; letter case does not matter. Empty takes
    /// every line.
    pub payer: String,
    /// How many days a deposit may be on its way before it counts as missing.
    pub transit_days: i32,
}

impl Default for Bank {
    fn default() -> Self {
        Self { payer: "amazon".to_owned(), transit_days: 5 }
    }
}
