//! The schema of a database file.

use rusqlite::{Connection, OptionalExtension, TransactionBehavior, params};

use super::{Found, LATEST, MIGRATIONS, known, sha256, unchanged};
use crate::error::{Error, Fault};

/// `MLcn` in ASCII: marks the file as ours (SQLite's `application_id`).
const APPLICATION_ID: i32 = 0x4d4c_636e;

/// Looks at the file's header and refuses what this program must not touch.
pub(crate) fn look(connection: &Connection) -> Result<Found, Fault> {
    let application: i32 =
        connection.pragma_query_value(None, "application_id", |row| row.get(0))?;
    let found: u32 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    match (application, found) {
        (0, 0) => Ok(Found::Nothing),
        (APPLICATION_ID, found) => known(found).map(Found::Version),
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
    for migration in MIGRATIONS {
        if migration.version <= found {
            let kept: Option<String> = transaction
                .query_row(
                    "SELECT sha256 FROM schema_migrations WHERE version = ?1",
                    [migration.version],
                    |row| row.get(0),
                )
                .optional()?;
            unchanged(migration.version, migration.sqlite, kept.as_deref())?;
            continue;
        }
        transaction.execute_batch(migration.sqlite)?;
        transaction.execute(
            "INSERT INTO schema_migrations (version, name, sha256) VALUES (?1, ?2, ?3)",
            params![migration.version, migration.name, sha256(migration.sqlite)],
        )?;
    }
    transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
    transaction.pragma_update(None, "user_version", LATEST)?;
    Ok(transaction.commit()?)
}
