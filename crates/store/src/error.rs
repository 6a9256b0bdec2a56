use std::{error::Error as StdError, path::PathBuf};

use rusqlite::ErrorCode;

/// Why the store refused, in words for the person who must act.
///
/// A refused transition changed nothing: each one is a single transaction. Only
/// [`Error::CommitUnknown`] leaves open whether it is recorded.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Another process has the data folder open for writing.
    #[error(
        "data folder {}: another ml-connector process is using it; \
         stop that process or name another folder", dir.display()
    )]
    InUse {
        /// The data folder.
        dir: PathBuf,
    },
    /// The data folder, or the schema, holds no connector data, so there is nothing to show.
    #[error("{place}: nothing is recorded here yet; check its name, or read a settlement first")]
    NothingHere {
        /// The place, for example `data folder /var/lib/ml-connector`.
        place: String,
    },
    /// The data was written by a newer version of this program, which this one could damage.
    #[error(
        "the data was written by a newer version of ml-connector \
         (schema {found}, this program knows {known}); the IT administrator installs that version"
    )]
    NewerSchema {
        /// The schema version found in the database.
        found: u32,
        /// The newest schema version that this program knows.
        known: u32,
    },
    /// The data was written by an older version, and a read-only store must not upgrade it.
    #[error(
        "the data was written by an older version of ml-connector \
         (schema {found}, this program needs {known}); any command that writes upgrades it"
    )]
    OlderSchema {
        /// The schema version found in the database.
        found: u32,
        /// The schema version that this program needs.
        known: u32,
    },
    /// The store was opened for reading, or for asking, and not for writing.
    #[error("{record}: the data is open for reading only; nothing was changed")]
    ReadOnly {
        /// The record that was to be written.
        record: String,
    },
    /// The record was not in the state the caller had seen: someone else moved it meanwhile.
    #[error(
        "{record}: it is `{actual}` now, not `{expected}`; it changed in the meantime and \
         nothing was done: look at it again before deciding"
    )]
    Stale {
        /// The record, for example `settlement 810 of us`.
        record: String,
        /// The state the caller expected.
        expected: String,
        /// The state the store holds.
        actual: String,
    },
    /// No such record.
    #[error("{record}: not known here; check its id and the connection's name")]
    Unknown {
        /// The record, for example `settlement 810 of us`.
        record: String,
    },
    /// A record with this key is already there: the same work must not be recorded twice.
    #[error(
        "{record}: already recorded, or its key belongs to another record; \
         nothing was changed, so nothing is sent twice"
    )]
    AlreadyThere {
        /// The record whose key is taken.
        record: String,
    },
    /// What is kept is damaged, or is not ours.
    #[error("{record}: the kept data is damaged ({what}); the IT administrator restores a backup")]
    Corrupt {
        /// The record, or `database`.
        record: String,
        /// What does not fit.
        what: String,
    },
    /// A backup is restored into an empty store only.
    #[error(
        "there is data here already ({table}): restore into an empty data folder or a new schema; \
         nothing was changed"
    )]
    NotEmpty {
        /// A table that has rows.
        table: String,
    },
    /// The file is not a whole backup that this version can restore.
    #[error("backup {}: {what}; nothing was restored: take another backup", path.display())]
    BadBackup {
        /// The file.
        path: PathBuf,
        /// What is the matter with it.
        what: String,
    },
    /// The audit log was edited, cut or re-ordered outside this program.
    #[error(
        "audit event {seq} of {connection}: {what}; the log was changed outside ml-connector: \
         keep a copy as evidence and compare it with the last backup"
    )]
    AuditBroken {
        /// Whose chain it is.
        connection: String,
        /// The first event that does not fit.
        seq: u64,
        /// What does not fit.
        what: String,
    },
    /// The operating system refused something about the data folder.
    #[error(
        "{}: could not {doing}; the IT administrator checks the folder's permissions and disk",
        path.display()
    )]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What was attempted, as a verb: `create the folder`.
        doing: &'static str,
        /// The operating system's answer.
        source: std::io::Error,
    },
    /// Another worker took over the lane that this one held; nothing more may be written for it.
    #[error(
        "{record}: another worker has taken over {lane} since; nothing was changed. \
         It goes on there; nobody needs to act"
    )]
    LeaseLost {
        /// The record that was to be written.
        record: String,
        /// The lane, for example `us`.
        lane: String,
    },
    /// The address of the PostgreSQL server cannot be read.
    #[error(
        "the database's address is not of the form postgres://user:password@host:port/database; \
         the IT administrator corrects it"
    )]
    BadAddress,
    /// The database server cannot be reached, or gives no connection.
    #[error(
        "{record}: the database server cannot be reached and nothing was changed; \
         the IT administrator checks that it runs and accepts connections, then runs this again"
    )]
    Unreachable {
        /// The record, or `database`.
        record: String,
        /// What went wrong.
        source: sqlx::Error,
    },
    /// The database server went away as it was to commit.
    #[error(
        "{record}: the database server went away before it said whether this was recorded; \
         the IT administrator checks that it runs, and `ml-connector status` then shows how it stands"
    )]
    CommitUnknown {
        /// The record, or `database`.
        record: String,
        /// What went wrong.
        source: sqlx::Error,
    },
    /// The database refused; the transaction was rolled back.
    #[error(
        "{record}: the database refused and nothing was changed; \
         the IT administrator checks its free space and permissions"
    )]
    Database {
        /// The record, or `database`.
        record: String,
        /// The database's answer.
        source: Box<dyn StdError + Send + Sync>,
    },
}

/// What can stop a piece of work inside a transaction. The transaction's owner names the record.
pub(crate) enum Fault {
    /// SQLite said no.
    Sqlite(rusqlite::Error),
    /// PostgreSQL, or the way to it, said no.
    Postgres(sqlx::Error),
    /// PostgreSQL was asked to commit and did not say that it has.
    Commit(sqlx::Error),
    /// What was kept cannot be read back.
    Damaged(String),
    /// The lane that the work was done under has another holder.
    LeaseLost(String),
    /// The store was not opened for that.
    ReadOnly,
    /// The store said no.
    Told(Error),
}

impl From<rusqlite::Error> for Fault {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sqlite(error)
    }
}

impl From<sqlx::Error> for Fault {
    fn from(error: sqlx::Error) -> Self {
        Self::Postgres(error)
    }
}

impl From<Error> for Fault {
    fn from(error: Error) -> Self {
        Self::Told(error)
    }
}

impl Fault {
    /// The error for people, about `record`.
    pub(crate) fn about(self, record: &str) -> Error {
        let record = record.to_owned();
        match self {
            Self::Told(error) => error,
            Self::Damaged(what) => Error::Corrupt { record, what },
            Self::LeaseLost(lane) => Error::LeaseLost { record, lane },
            Self::ReadOnly => Error::ReadOnly { record },
            Self::Sqlite(source) => of_sqlite(record, source),
            Self::Postgres(source) => of_postgres(record, source),
            Self::Commit(source) => match of_postgres(record, source) {
                Error::Unreachable { record, source } => Error::CommitUnknown { record, source },
                refused => refused,
            },
        }
    }
}

fn of_sqlite(record: String, source: rusqlite::Error) -> Error {
    match source.sqlite_error_code() {
        Some(ErrorCode::ReadOnly) => Error::ReadOnly { record },
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => {
            Error::Corrupt { record, what: source.to_string() }
        }
        _ => Error::Database { record, source: Box::new(source) },
    }
}

fn of_postgres(record: String, source: sqlx::Error) -> Error {
    use sqlx::Error as E;
    match source {
        E::Io(_) | E::Tls(_) | E::PoolTimedOut | E::PoolClosed | E::WorkerCrashed => {
            Error::Unreachable { record, source }
        }
        E::ColumnDecode { .. } | E::Decode(_) => {
            Error::Corrupt { record, what: source.to_string() }
        }
        E::Database(answer) if answer.code().is_some_and(|code| let_go(&code)) => {
            Error::Unreachable { record, source: E::Database(answer) }
        }
        _ => Error::Database { record, source: Box::new(source) },
    }
}

/// Whether the server ended the connection: it stops, or the process was silent for too long.
fn let_go(code: &str) -> bool {
    const IDLE_IN_TRANSACTION: &str = "25P03";
    const OPERATOR_INTERVENTION: &str = "57P";
    code == IDLE_IN_TRANSACTION || code.starts_with(OPERATOR_INTERVENTION)
}

/// Runs the work of one transaction, and says of an error which record it is about.
pub(crate) async fn about<T>(
    record: &str,
    work: impl Future<Output = Result<T, Fault>>,
) -> Result<T, Error> {
    work.await.map_err(|fault| fault.about(record))
}

/// The refusal of a compare-and-set that touched no row: `actual` is the state now, if any.
pub(crate) fn refused(record: &str, expected: &str, actual: Option<String>) -> Error {
    let record = record.to_owned();
    match actual {
        Some(actual) => Error::Stale { record, expected: expected.to_owned(), actual },
        None => Error::Unknown { record },
    }
}
