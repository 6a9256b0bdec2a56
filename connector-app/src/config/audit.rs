//! `[audit]`: whose signatures on the audit log are taken.

use ::vault::PublicKey;
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer};

/// Whose signatures on the audit log are taken.
///
/// With a vault, all machines on one store sign by one key, which the store itself keeps; without,
/// each machine makes a key of its own. Who can write the database can put another key into the vault,
/// and sign a log that was written anew: against that, the keys are named here.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Audit {
    /// The public keys of all machines on the store, and former ones, as `ml-connector audit key`
    /// prints them there. Once one is named no other is trusted, this machine's own neither.
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
