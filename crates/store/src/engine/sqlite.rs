//! SQLite: one data folder, one writing process, everything on the caller's thread.

use std::{fs::File, path::Path, time::Duration};

use rusqlite::{
    Connection, OpenFlags, ToSql, params_from_iter,
    types::{ToSqlOutput, ValueRef},
};
use tokio::sync::{Mutex, MutexGuard};

use super::{Access, Row, Value};
use crate::{
    error::{Error, Fault},
    folder,
    migrations::{self, Found, LATEST},
};

/// How long a writer waits for another connection's short transaction.
const BUSY: Duration = Duration::from_secs(5);

/// An open database.
#[derive(Debug)]
pub(crate) struct Sqlite {
    // Declared before the lock, so that the database is closed before the folder is free again.
    connection: Mutex<Connection>,
    _lock: Option<File>,
    asks_only: bool,
}

impl Sqlite {
    /// Opens a data folder for writing and brings it up to date.
    pub(crate) fn open(dir: &Path) -> Result<Self, Error> {
        let folder = folder::claim(dir)?;
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let mut connection = Connection::open_with_flags(&folder.database, flags)
            .map_err(|error| Fault::from(error).about("database"))?;
        prepare(&mut connection).map_err(|fault| fault.about("database"))?;
        Ok(Self { connection: Mutex::new(connection), _lock: Some(folder.lock), asks_only: false })
    }

    /// Opens a data folder for reading, also while another process writes to it.
    pub(crate) fn open_read_only(dir: &Path) -> Result<Self, Error> {
        let connection = beside(dir, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
        Ok(Self { connection: Mutex::new(connection), _lock: None, asks_only: false })
    }

    /// Opens a data folder for asking the process that writes to it.
    pub(crate) fn open_to_ask(dir: &Path) -> Result<Self, Error> {
        let connection = beside(dir, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
        Ok(Self { connection: Mutex::new(connection), _lock: None, asks_only: true })
    }

    /// A database in memory.
    pub(crate) fn in_memory() -> Result<Self, Error> {
        let open = || -> Result<_, Fault> {
            let mut connection = Connection::open_in_memory()?;
            prepare(&mut connection)?;
            Ok(connection)
        };
        let connection = open().map_err(|fault| fault.about("database"))?;
        Ok(Self { connection: Mutex::new(connection), _lock: None, asks_only: false })
    }

    pub(super) async fn begin(&self, access: Access) -> Result<Tx<'_>, Fault> {
        if self.asks_only && access == Access::Write {
            return Err(Fault::ReadOnly);
        }
        let connection = self.connection.lock().await;
        connection.execute_batch(match access {
            Access::Read => "BEGIN DEFERRED",
            Access::Write | Access::Ask => "BEGIN IMMEDIATE",
        })?;
        Ok(Tx { connection, open: true })
    }
}

/// Opens the database beside a process that may be writing to it; neither makes nor upgrades it.
fn beside(dir: &Path, flags: OpenFlags) -> Result<Connection, Error> {
    let database = folder::database(dir);
    let nothing = || Error::NothingHere { place: format!("data folder {}", dir.display()) };
    if !database.exists() {
        return Err(nothing());
    }
    let found = Connection::open_with_flags(&database, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX)
        .map_err(Fault::from)
        .and_then(|connection| {
            connection.busy_timeout(BUSY)?;
            Ok((migrations::sqlite::look(&connection)?, connection))
        })
        .map_err(|fault| fault.about("database"))?;
    match found {
        (Found::Nothing, _) => Err(nothing()),
        (Found::Version(found), _) if found < LATEST => {
            Err(Error::OlderSchema { found, known: LATEST })
        }
        (Found::Version(_), connection) => Ok(connection),
    }
}

/// Durability over speed: every commit is synced before it is reported.
fn prepare(connection: &mut Connection) -> Result<(), Fault> {
    connection.busy_timeout(BUSY)?;
    // Before anything is changed: a newer schema, or another program's file, stays as it is.
    migrations::sqlite::look(connection)?;
    connection.pragma_update_and_check(None, "journal_mode", "WAL", |_| Ok(()))?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    // On macOS a plain sync does not reach the disk; elsewhere this changes nothing.
    connection.pragma_update(None, "fullfsync", true)?;
    connection.pragma_update(None, "foreign_keys", true)?;
    // What is deleted is overwritten: a forgotten credential leaves nothing in the file.
    connection.pragma_update_and_check(None, "secure_delete", true, |_| Ok(()))?;
    migrations::sqlite::migrate(connection)
}

/// A transaction of the only connection.
pub(crate) struct Tx<'s> {
    connection: MutexGuard<'s, Connection>,
    open: bool,
}

impl Tx<'_> {
    pub(super) fn execute(&mut self, sql: &str, params: &[Value<'_>]) -> Result<u64, Fault> {
        let mut statement = self.connection.prepare_cached(sql)?;
        Ok(statement.execute(params_from_iter(params))? as u64)
    }

    pub(super) fn rows(&mut self, sql: &str, params: &[Value<'_>]) -> Result<Vec<Row>, Fault> {
        let mut statement = self.connection.prepare_cached(sql)?;
        let columns = statement.column_names().map(str::to_owned).collect();
        let width = statement.column_count();
        let mut found = statement.query(params_from_iter(params))?;
        let mut rows = Vec::new();
        while let Some(row) = found.next()? {
            let values = (0..width).map(|place| Value::try_from(row.get_ref(place)?));
            let values = values.collect::<Result<_, Fault>>()?;
            rows.push(Row { columns: std::sync::Arc::clone(&columns), values });
        }
        Ok(rows)
    }

    pub(super) fn commit(mut self) -> Result<(), Fault> {
        self.connection.execute_batch("COMMIT")?;
        self.open = false;
        Ok(())
    }
}

impl Drop for Tx<'_> {
    fn drop(&mut self) {
        if self.open {
            // A failure here leaves the transaction open, and the next BEGIN says so.
            let _rolled_back = self.connection.execute_batch("ROLLBACK");
        }
    }
}

impl ToSql for Value<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Value::Text(Some(text)) => ValueRef::Text(text.as_bytes()),
            Value::Bytes(Some(bytes)) => ValueRef::Blob(bytes),
            Value::Integer(Some(number)) => ValueRef::Integer(*number),
            Value::Text(None) | Value::Bytes(None) | Value::Integer(None) => ValueRef::Null,
        }))
    }
}

impl TryFrom<ValueRef<'_>> for Value<'static> {
    type Error = Fault;

    fn try_from(found: ValueRef<'_>) -> Result<Self, Fault> {
        Ok(match found {
            ValueRef::Null => Self::Text(None),
            ValueRef::Integer(number) => Self::Integer(Some(number)),
            ValueRef::Text(text) => {
                let text = std::str::from_utf8(text)
                    .map_err(|_| Fault::Damaged("a text is not UTF-8".to_owned()))?;
                Self::Text(Some(text.to_owned().into()))
            }
            ValueRef::Blob(bytes) => Self::Bytes(Some(bytes.to_owned().into())),
            ValueRef::Real(_) => return Err(Fault::Damaged("a number is not whole".to_owned())),
        })
    }
}
