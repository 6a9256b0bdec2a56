#![doc = include_str!("../README.md")]

mod audit;
mod document;
mod error;
mod folder;
mod migrations;
mod posting;
mod report;
mod settlement;
mod sql;

use std::{
    fs::File,
    path::Path,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use rusqlite::{Connection, OpenFlags, Transaction, TransactionBehavior};

pub use crate::{
    audit::{AuditCheck, Event, NewEvent},
    document::{DocumentHash, NotAHash, StoredDocument},
    error::Error,
    posting::{NewPosting, PostingChange, PostingRecord},
    report::{DISCOVERED, NewReport, RETRIEVED, ReportRecord},
    settlement::{NewSettlement, Recorded, SettlementChange, SettlementKey, SettlementRecord},
};
use crate::{
    error::Fault,
    migrations::{Found, LATEST},
};

/// How long a writer waits for another connection's short transaction.
const BUSY: Duration = Duration::from_secs(5);

/// The durable state of the connector: one data folder, one writing process.
///
/// Every method is one transaction and returns when it is on the disk. A method that changes a
/// record compares its state with the one the caller saw, asserts that exactly one row changed, and
/// appends the audit event in the same transaction. Methods block for a few milliseconds; call them
/// inline. The store has no clock: every time is the caller's.
#[derive(Debug)]
pub struct Store {
    // Declared before the lock, so that the database is closed before the folder is free again.
    connection: Mutex<Connection>,
    _lock: Option<File>,
}

impl Store {
    /// Opens a data folder for writing, and makes it (for its owner alone) if it is missing.
    ///
    /// The folder stays locked until the store is dropped or the process ends, however it ends.
    /// The schema is brought up to date, all of it or none of it.
    ///
    /// # Errors
    /// [`Error::InUse`] when another process has it, [`Error::NewerSchema`] when a newer version
    /// wrote it, [`Error::Corrupt`] when the file is damaged or not ours, [`Error::Io`] when the
    /// operating system refuses.
    pub fn open(dir: &Path) -> Result<Self, Error> {
        let folder = folder::claim(dir)?;
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let mut connection = Connection::open_with_flags(&folder.database, flags)
            .map_err(|error| Fault::from(error).about("database"))?;
        prepare(&mut connection).map_err(|fault| fault.about("database"))?;
        Ok(Self { connection: Mutex::new(connection), _lock: Some(folder.lock) })
    }

    /// Opens a data folder for reading, also while another process writes to it. Each call sees
    /// one consistent moment.
    ///
    /// # Errors
    /// [`Error::NothingHere`] when the folder is missing or was never written,
    /// [`Error::NewerSchema`] and [`Error::OlderSchema`] when another version wrote it.
    pub fn open_read_only(dir: &Path) -> Result<Self, Error> {
        let database = folder::database(dir);
        let nothing = || Error::NothingHere { dir: dir.to_owned() };
        if !database.exists() {
            return Err(nothing());
        }
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let found = Connection::open_with_flags(&database, flags)
            .map_err(Fault::from)
            .and_then(|connection| {
                connection.busy_timeout(BUSY)?;
                Ok((migrations::look(&connection)?, connection))
            })
            .map_err(|fault| fault.about("database"))?;
        match found {
            (Found::Nothing, _) => Err(nothing()),
            (Found::Version(found), _) if found < LATEST => {
                Err(Error::OlderSchema { found, known: LATEST })
            }
            (Found::Version(_), connection) => {
                Ok(Self { connection: Mutex::new(connection), _lock: None })
            }
        }
    }

    /// A store in memory, for tests and dry runs; it is gone when dropped.
    ///
    /// # Errors
    /// [`Error::Sqlite`] when there is no memory for it.
    pub fn in_memory() -> Result<Self, Error> {
        let open = || -> Result<_, Fault> {
            let mut connection = Connection::open_in_memory()?;
            prepare(&mut connection)?;
            Ok(connection)
        };
        let connection = open().map_err(|fault| fault.about("database"))?;
        Ok(Self { connection: Mutex::new(connection), _lock: None })
    }

    /// Runs `work` in one transaction and commits it; any fault rolls all of it back.
    fn write<T>(
        &self,
        record: &str,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, Fault>,
    ) -> Result<T, Error> {
        self.transact(TransactionBehavior::Immediate, work).map_err(|fault| fault.about(record))
    }

    /// Runs `work` on one consistent moment of the data.
    fn read<T>(
        &self,
        record: &str,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, Fault>,
    ) -> Result<T, Error> {
        self.transact(TransactionBehavior::Deferred, work).map_err(|fault| fault.about(record))
    }

    fn transact<T>(
        &self,
        behavior: TransactionBehavior,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, Fault>,
    ) -> Result<T, Fault> {
        // A panic under the lock rolled its transaction back: what the next caller finds is whole.
        let mut connection = self.connection.lock().unwrap_or_else(PoisonError::into_inner);
        let transaction = connection.transaction_with_behavior(behavior)?;
        let done = work(&transaction)?;
        transaction.commit()?;
        Ok(done)
    }
}

/// Durability over speed: every commit is synced before it is reported.
fn prepare(connection: &mut Connection) -> Result<(), Fault> {
    connection.busy_timeout(BUSY)?;
    // Before anything is changed: a newer schema, or another program's file, stays as it is.
    migrations::look(connection)?;
    connection.pragma_update_and_check(None, "journal_mode", "WAL", |_| Ok(()))?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    // On macOS a plain sync does not reach the disk; elsewhere this changes nothing.
    connection.pragma_update(None, "fullfsync", true)?;
    connection.pragma_update(None, "foreign_keys", true)?;
    migrations::migrate(connection)
}
