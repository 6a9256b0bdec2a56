//! `[postgres]` and `[retention]`: where the store is when it is shared, and how long things are kept.

use schemars::JsonSchema;
use serde::Deserialize;

use super::SecretSource;

/// A PostgreSQL server, for several processes that share the work.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Postgres {
    /// `postgres://user:password@host:port/database?sslmode=verify-full`.
    pub url: SecretSource,
    /// The schema that holds the tables; made when it is missing.
    #[serde(default = "default_schema")]
    pub schema: String,
    /// The most connections each process opens.
    #[serde(default = "default_connections_max")]
    pub connections_max: u32,
}

fn default_schema() -> String {
    "ml_connector".to_owned()
}

const fn default_connections_max() -> u32 {
    8
}

/// How long things are kept; `purge` removes what is older.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Retention {
    /// Years for which the documents of settlements are kept, counted from a settlement's end. What
    /// the law asks for books and vouchers: ten in most places, and never less than one here.
    pub settlement_years: u16,
}

impl Default for Retention {
    fn default() -> Self {
        Self { settlement_years: 10 }
    }
}
