//! `[audit]`: whose signatures on the audit log are taken.

use ::vault::PublicKey;
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer};

/// Whose signatures on the audit log are taken.
///
/// With a vault, all machines on one store sign by one key, and nothing is to be said here. Without,
/// each machine makes a key of its own, and names those of the others.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Audit {
    /// The public keys of other machines, and former ones, as `ml-connector audit key` prints them
    /// there. This machine's own need not be named.
    #[serde(deserialize_with = "keys")]
    #[schemars(with = "Vec<String>")]
    pub trusted_keys: Vec<PublicKey>,
}

fn keys<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<PublicKey>, D::Error> {
    let read = |text: String| {
        text.parse().map_err(|_| {
            serde::de::Error::custom(format!(
                "\"{text}\" is no public key; write what `ml-connector audit key` prints"
            ))
        })
    };
    Vec::<String>::deserialize(deserializer)?.into_iter().map(read).collect()
}
