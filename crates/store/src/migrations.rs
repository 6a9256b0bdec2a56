//! The schema, as numbered files. A file that was ever released is never edited: its SHA-256 is
//! kept in each database that it made, and a difference is refused.

use rusqlite::{Connection, OptionalExtension, Transaction, TransactionBehavior, params};

use crate::{
    document::DocumentHash,
    error::{Error, Fault},
};

const MIGRATIONS: [(u32, &str, &str); 1] =
    [(1, "spine", include_str!("../migrations/0001_spine.sql"))];

/// The schema version that this program reads and writes.
pub(crate) const LATEST: u32 = 1;

/// `MLcn` in ASCII: marks the file as ours (SQLite's `application_id`).
const APPLICATION_ID: i32 = 0x4d4c_636e;

/// What a database file turned out to be.
pub(crate) enum Found {
    /// Empty: nothing was ever written.
    Nothing,
    /// Ours, at this schema version.
    Version(u32),
}

/// Looks at the file's header and refuses what this program must not touch.
pub(crate) fn look(connection: &Connection) -> Result<Found, Fault> {
    let application: i32 =
        connection.pragma_query_value(None, "application_id", |row| row.get(0))?;
    let found: u32 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    match (application, found) {
        (0, 0) => Ok(Found::Nothing),
        (APPLICATION_ID, found) if found > LATEST => {
            Err(Error::NewerSchema { found, known: LATEST }.into())
        }
        (APPLICATION_ID, found) => Ok(Found::Version(found)),
        _ => Err(Error::Corrupt {
            record: "database".to_owned(),
            what: "the file belongs to another program".to_owned(),
        }
        .into()),
    }
}

/// Brings the database to [`LATEST`], all of it or none of it.
pub(crate) fn migrate(connection: &mut Connection) -> Result<(), Fault> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let found = match look(&transaction)? {
        Found::Nothing => 0,
        Found::Version(found) => found,
    };
    transaction.execute_batch(
        "CREATE TABLE IF NOT EXISTS schema_migrations (
            version INTEGER PRIMARY KEY, name TEXT NOT NULL, sha256 TEXT NOT NULL
        ) STRICT",
    )?;
    for (version, name, sql) in MIGRATIONS {
        let sha256 = DocumentHash::of(sql.as_bytes()).to_string();
        if version <= found {
            unchanged(&transaction, version, &sha256)?;
            continue;
        }
        transaction.execute_batch(sql)?;
        transaction.execute(
            "INSERT INTO schema_migrations (version, name, sha256) VALUES (?1, ?2, ?3)",
            params![version, name, sha256],
        )?;
    }
    transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
    transaction.pragma_update(None, "user_version", LATEST)?;
    Ok(transaction.commit()?)
}

fn unchanged(transaction: &Transaction<'_>, version: u32, sha256: &str) -> Result<(), Fault> {
    let kept: Option<String> = transaction
        .query_row("SELECT sha256 FROM schema_migrations WHERE version = ?1", [version], |row| {
            row.get(0)
        })
        .optional()?;
    if kept.as_deref() == Some(sha256) {
        return Ok(());
    }
    Err(Error::Corrupt {
        record: "database".to_owned(),
        what: format!("schema {version} is not the one this program ships"),
    }
    .into())
}
