//! Where a secret is kept: the vault, an environment variable or a file, never the configuration
//! itself.

use std::borrow::Cow;
use std::fmt;
use std::path::{Path, PathBuf};

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Deserializer, de};

use super::keyring;

/// Names the place of a secret: `{ vault = true }`, `{ env = "NAME" }`, `{ file = "path" }` or
/// `{ keyring = "NAME" }`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub enum SecretSource {
    /// The store, encrypted; see `credentials`.
    #[default]
    Vault,
    /// An environment variable.
    Env(String),
    /// An entry of the operating system's keyring, under `ml-connector`.
    Keyring(String),
    /// A file that only its owner may read; a trailing line end is cut off.
    File(PathBuf),
}

/// The secret is not where the configuration says.
#[derive(Debug, thiserror::Error)]
#[error("{what}: {place} {problem}")]
pub struct SecretUnavailable {
    /// Which secret, such as `amazon.client_secret`.
    pub what: String,
    /// Where it was looked for.
    pub place: String,
    /// What is wrong and what to do.
    pub problem: String,
}

impl SecretSource {
    /// Reads the secret. `what` names it in the error; `folder` is where relative files start.
    ///
    /// # Errors
    /// [`SecretUnavailable`] when it is missing, empty or readable by others.
    pub fn read(&self, what: &str, folder: &Path) -> Result<SecretString, SecretUnavailable> {
        let fail = |place: String, problem: &str| SecretUnavailable {
            what: what.to_owned(),
            place,
            problem: problem.to_owned(),
        };
        let (place, text) = match self {
            Self::Vault => {
                let problem = "is not open; this secret is named by no variable and no file";
                return Err(fail("the vault".to_owned(), problem));
            }
            Self::Env(name) => {
                let place = format!("environment variable {name}");
                let text = std::env::var(name)
                    .map_err(|_| fail(place.clone(), "is not set; set it and start again"))?;
                (place, text)
            }
            Self::Keyring(name) => {
                let place = format!("keyring entry {name}");
                let found = keyring::read(name).map_err(|problem| fail(place.clone(), &problem))?;
                (place, found.expose_secret().to_owned())
            }
            Self::File(file) => {
                let path = folder.join(file);
                let place = format!("file {}", path.display());
                if readable_by_others(&path) {
                    return Err(fail(place, "can be read by others; run chmod 600 on it"));
                }
                let text = std::fs::read_to_string(&path)
                    .map_err(|error| fail(place.clone(), &format!("cannot be read: {error}")))?;
                (place, text)
            }
        };
        let text = text.trim_end_matches(['\r', '\n']);
        if text.is_empty() {
            return Err(fail(place, "is empty"));
        }
        Ok(SecretString::from(text))
    }
}

impl SecretSource {
    /// The kind of place, for people.
    #[must_use]
    pub fn place(&self) -> String {
        match self {
            Self::Vault => "vault".to_owned(),
            Self::Env(name) => format!("variable {name}"),
            Self::Keyring(name) => format!("keyring {name}"),
            Self::File(path) => format!("file {}", path.display()),
        }
    }
}

#[cfg(unix)]
fn readable_by_others(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    std::fs::metadata(path).is_ok_and(|meta| meta.permissions().mode() & 0o077 != 0)
}

#[cfg(not(unix))]
fn readable_by_others(_: &Path) -> bool {
    false
}

impl<'de> Deserialize<'de> for SecretSource {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Place)
    }
}

impl JsonSchema for SecretSource {
    fn schema_name() -> Cow<'static, str> {
        "SecretSource".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let form = |name: &str, value: serde_json::Value| {
            serde_json::json!({
                "type": "object", "properties": { name: value }, "required": [name],
                "additionalProperties": false,
            })
        };
        json_schema!({
            "description": format!("Where the secret is: {FORMS}."),
            "oneOf": [
                form("vault", serde_json::json!({ "const": true })),
                form("env", serde_json::json!({ "type": "string", "minLength": 1 })),
                form("file", serde_json::json!({ "type": "string", "minLength": 1 })),
                form("keyring", serde_json::json!({ "type": "string", "minLength": 1 })),
            ],
        })
    }
}

/// How a place is written.
const FORMS: &str =
    "{ vault = true }, { env = \"NAME\" }, { file = \"path\" } or { keyring = \"NAME\" }";

/// Takes the table form and refuses a plain string without echoing it.
struct Place;

impl<'de> de::Visitor<'de> for Place {
    type Value = SecretSource;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(FORMS)
    }

    fn visit_str<E: de::Error>(self, _: &str) -> Result<Self::Value, E> {
        Err(E::custom(format!("a secret must not stand in this file; write {FORMS}")))
    }

    fn visit_map<A: de::MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let wrong = || de::Error::custom(format!("write {FORMS}"));
        let source = match map.next_key::<String>()?.as_deref() {
            Some("vault") if map.next_value()? => SecretSource::Vault,
            Some("env") => SecretSource::Env(map.next_value()?),
            Some("file") => SecretSource::File(map.next_value()?),
            Some("keyring") => SecretSource::Keyring(map.next_value()?),
            _ => return Err(wrong()),
        };
        if map.next_key::<String>()?.is_some() {
            return Err(wrong());
        }
        Ok(source)
    }
}
