//! The schema, as numbered files, one folder for each engine. A file that was ever released is never
//! edited: its SHA-256 is kept in each database that it made, and a difference is refused.

pub(crate) mod postgres;
pub(crate) mod sqlite;

use crate::{
    document::DocumentHash,
    error::{Error, Fault},
};

/// The step of that number, in the file of that name in either folder.
macro_rules! migration {
    ($version:literal, $name:literal) => {
        Migration {
            version: $version,
            name: $name,
            sqlite: include_str!(concat!("../migrations/sqlite/", $name, ".sql")),
            postgres: include_str!(concat!("../migrations/postgres/", $name, ".sql")),
        }
    };
}

/// Every step of the schema, oldest first.
const MIGRATIONS: &[Migration] = &[
    migration!(1, "0001_spine"),
    migration!(2, "0002_checkpoints"),
    migration!(3, "0003_runs"),
    migration!(4, "0004_orders"),
    migration!(5, "0005_alerts"),
    migration!(6, "0006_bank"),
    migration!(7, "0007_console"),
    migration!(8, "0008_periods"),
    migration!(9, "0009_catalog"),
    migration!(10, "0010_rates"),
    migration!(11, "0011_accruals"),
    migration!(12, "0012_elsewhere"),
    migration!(13, "0013_asked_by"),
];

/// The schema version that this program reads and writes, on either engine.
pub(crate) const LATEST: u32 = MIGRATIONS[MIGRATIONS.len() - 1].version;

/// One step of the schema.
pub(crate) struct Migration {
    version: u32,
    name: &'static str,
    sqlite: &'static str,
    postgres: &'static str,
}

/// What a text of SQL is known by.
fn sha256(sql: &str) -> String {
    DocumentHash::of(sql.as_bytes()).to_string()
}

/// What a database turned out to be.
pub(crate) enum Found {
    /// Empty: nothing was ever written.
    Nothing,
    /// Ours, at this schema version.
    Version(u32),
}

/// Refuses a schema that a newer program made.
fn known(found: u32) -> Result<u32, Fault> {
    if found > LATEST {
        return Err(Error::NewerSchema { found, known: LATEST }.into());
    }
    Ok(found)
}

/// Refuses a database whose step was made by another text than this program ships.
fn unchanged(version: u32, sql: &str, kept: Option<&str>) -> Result<(), Fault> {
    if kept == Some(sha256(sql).as_str()) {
        return Ok(());
    }
    Err(Error::Corrupt {
        record: "database".to_owned(),
        what: format!("schema {version} is not the one this program ships"),
    }
    .into())
}
