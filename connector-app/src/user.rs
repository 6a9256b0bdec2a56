//! Who may use the console: what an administrator does about users, from the command line or from
//! the console itself. Whatever takes something from a user ends their sessions.

use anyhow::Context as _;
use jiff::Timestamp;
use secrecy::SecretString;
use serde_json::json;
use store::{NewEvent, NewUser, Store};

use crate::console::Roles;
use crate::pipeline::Actor;
use crate::secrets::entropy;

/// The most characters a user's name has.
const NAME_MAX: usize = 64;

/// A name or a password that cannot be one. Nothing was changed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Unfit(String);

/// An event about a user, in the console's own chain of the audit log.
#[must_use]
pub fn event(by: &Actor, at: Timestamp, user: &str, action: &str) -> NewEvent {
    NewEvent {
        at,
        actor: by.label(),
        connection: store::CONSOLE.to_owned(),
        record: "users".to_owned(),
        subject: format!("user {user}"),
        action: action.to_owned(),
        from: None,
        to: None,
        detail: json!({}),
    }
}

/// Adds a user.
///
/// # Errors
/// [`Unfit`], or [`store::Error::AlreadyThere`] when the name is taken.
pub async fn add(
    store: &Store,
    (by, at): (&Actor, Timestamp),
    name: &str,
    roles: &Roles,
    password: SecretString,
) -> anyhow::Result<()> {
    let plain = |c: char| c.is_alphanumeric() || ".-_@".contains(c);
    if name.is_empty() || name.chars().count() > NAME_MAX || !name.chars().all(plain) {
        let what = format!(
            "user {name:?}: a name takes up to {NAME_MAX} letters, digits, and . - _ @ only"
        );
        return Err(Unfit(what).into());
    }
    let (name, roles) = (name.to_owned(), roles.to_string());
    let new = NewUser { name, roles, password: hashed(password).await? };
    Ok(store.user_add(&new, &event(by, at, &new.name, "added")).await?)
}

/// Gives a user these roles in place of those they have; `false` when they have them already.
///
/// # Errors
/// [`store::Error::Unknown`] when there is no such user.
pub async fn set_roles(
    store: &Store,
    (by, at): (&Actor, Timestamp),
    name: &str,
    roles: &Roles,
) -> anyhow::Result<bool> {
    let unknown = || store::Error::Unknown { record: format!("user {name}") };
    let was = store.user(name).await?.ok_or_else(unknown)?.roles;
    let roles = roles.to_string();
    if was == roles {
        return Ok(false);
    }
    let event = event(by, at, name, "roles set");
    store.user_roles(name, (&was, &roles), &event).await?;
    Ok(true)
}

/// Sets a user's password.
///
/// # Errors
/// [`Unfit`], or [`store::Error::Unknown`] when there is no such user.
pub async fn set_password(
    store: &Store,
    (by, at): (&Actor, Timestamp),
    name: &str,
    password: SecretString,
) -> anyhow::Result<()> {
    let hash = hashed(password).await?;
    Ok(store.user_password(name, &hash, &event(by, at, name, "password set")).await?)
}

/// Lets a user sign in no more, or again; `false` when it is so already.
///
/// # Errors
/// [`store::Error::Unknown`] when there is no such user.
pub async fn set_disabled(
    store: &Store,
    (by, at): (&Actor, Timestamp),
    name: &str,
    disabled: bool,
) -> anyhow::Result<bool> {
    let action = if disabled { "disabled" } else { "enabled" };
    Ok(store.user_disabled(name, disabled, &event(by, at, name, action)).await?)
}

/// Hashes beside the threads that serve: it takes a core for a while.
async fn hashed(password: SecretString) -> anyhow::Result<String> {
    let hash = move || vault::hash_password(&password, &mut entropy);
    let hashed = tokio::task::spawn_blocking(hash).await.context("hashing a password")?;
    Ok(hashed.map_err(|error| Unfit(error.to_string()))?)
}
