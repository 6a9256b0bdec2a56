//! The operating system's keyring: Keychain on macOS, Credential Manager on Windows, the Secret
//! Service on Linux desktops. Servers have none, so the program is built without it unless asked.

use secrecy::SecretString;

/// What our entries are listed under.
#[cfg(feature = "keychain")]
const SERVICE: &str = "ml-connector";

/// Reads an entry.
///
/// # Errors
/// What is wrong and what to do, for people.
#[cfg(feature = "keychain")]
pub(super) fn read(name: &str) -> Result<SecretString, String> {
    let entry = keyring::Entry::new(SERVICE, name);
    entry
        .and_then(|entry| entry.get_password())
        .map(SecretString::from)
        .map_err(|error| told(&error))
}

/// Writes an entry, unless there is one.
///
/// # Errors
/// What is wrong and what to do, for people.
#[cfg(feature = "keychain")]
pub fn write_to_keyring(name: &str, secret: &SecretString) -> Result<(), String> {
    let entry = keyring::Entry::new(SERVICE, name).map_err(|error| told(&error))?;
    match entry.get_password() {
        Err(keyring::Error::NoEntry) => {
            let text = secrecy::ExposeSecret::expose_secret(secret);
            entry.set_password(text).map_err(|error| told(&error))
        }
        Ok(_) => Err("has an entry of this name already; nothing was changed".to_owned()),
        Err(error) => Err(told(&error)),
    }
}

#[cfg(feature = "keychain")]
fn told(error: &keyring::Error) -> String {
    match error {
        keyring::Error::NoEntry => {
            "has no entry of this name; make one with `credentials key --keyring NAME`".to_owned()
        }
        other => format!("cannot be used: {other}; unlock it, or keep the key in a file"),
    }
}

#[cfg(not(feature = "keychain"))]
const ABSENT: &str =
    "is not in this build; build it with `--features keychain`, or keep the key in a file";

/// Always refused: this build has no keyring.
///
/// # Errors
/// Always.
#[cfg(not(feature = "keychain"))]
pub(super) fn read(_: &str) -> Result<SecretString, String> {
    Err(ABSENT.to_owned())
}

/// Always refused: this build has no keyring.
///
/// # Errors
/// Always.
#[cfg(not(feature = "keychain"))]
pub fn write_to_keyring(_: &str, _: &SecretString) -> Result<(), String> {
    Err(ABSENT.to_owned())
}
