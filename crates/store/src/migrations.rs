//! The schema, as numbered files, one folder for each engine. A file that was ever released is never
//! edited: its SHA-256 is kept in each database that it made, and a difference is refused.

pub(crate) mod postgres;
pub(crate) mod sqlite;

use crate::{
    document::DocumentHash,
    error::{Error, Fault},
};

/// The schema version that this program reads and writes, on either engine.
pub(crate) const LATEST: u32 = 4;

/// One step of the schema.
pub(crate) struct Migration {
    version: u32,
    name: &'static str,
    sql: &'static str,
}

impl Migration {
    fn sha256(&self) -> String {
        DocumentHash::of(self.sql.as_bytes()).to_string()
    }
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
fn unchanged(migration: &Migration, kept: Option<&str>) -> Result<(), Fault> {
    if kept == Some(migration.sha256().as_str()) {
        return Ok(());
    }
    Err(Error::Corrupt {
        record: "database".to_owned(),
        what: format!("schema {} is not the one this program ships", migration.version),
    }
    .into())
}
