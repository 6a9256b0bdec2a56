//! Reports: what Amazon's `getReports` showed us. Settlement reports are published by Amazon on its
//! own schedule and live for 90 days, so each is recorded the moment it is seen.

use std::collections::BTreeSet;

use jiff::Timestamp;
use rusqlite::{OptionalExtension, Row, Transaction, params};

use crate::{
    Store, audit,
    audit::NewEvent,
    document::{DocumentHash, Packed},
    error::{Error, Fault, refused},
    sql,
};

/// The state of a report that was listed and not yet downloaded.
pub const DISCOVERED: &str = "discovered";

/// The state of a report whose document is kept.
pub const RETRIEVED: &str = "retrieved";

/// A report as `getReports` lists it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewReport {
    /// The connection, by its configured name.
    pub connection: String,
    /// Amazon's `reportId`.
    pub report_id: String,
    /// Amazon's `reportDocumentId`, the handle for `getReportDocument`.
    pub report_document_id: String,
    /// Amazon's `createdTime`.
    pub created: Timestamp,
}

/// A recorded report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReportRecord {
    /// The connection, by its configured name.
    pub connection: String,
    /// Amazon's `reportId`.
    pub report_id: String,
    /// Amazon's `reportDocumentId`.
    pub report_document_id: String,
    /// Amazon's `createdTime`.
    pub created: Timestamp,
    /// `discovered`, `retrieved`, then what the caller sets: `read` or `held`.
    pub state: String,
    /// The kept document, once retrieved.
    pub document: Option<DocumentHash>,
    /// Why it is held, as JSON.
    pub hold: Option<String>,
    /// When it was first seen.
    pub discovered: Timestamp,
    /// When it last changed.
    pub updated: Timestamp,
}

impl ReportRecord {
    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            connection: row.get("connection")?,
            report_id: row.get("report_id")?,
            report_document_id: row.get("report_document_id")?,
            created: sql::time(row, "created")?,
            state: row.get("state")?,
            document: sql::hash_if_any(row, "document")?,
            hold: row.get("hold")?,
            discovered: sql::time(row, "discovered")?,
            updated: sql::time(row, "updated")?,
        })
    }
}

fn named(connection: &str, report_id: &str) -> String {
    format!("report {report_id} of {connection}")
}

fn state(
    transaction: &Transaction<'_>,
    connection: &str,
    report_id: &str,
) -> Result<Option<String>, Fault> {
    Ok(transaction
        .query_row(
            "SELECT state FROM reports WHERE connection = ?1 AND report_id = ?2",
            [connection, report_id],
            |row| row.get(0),
        )
        .optional()?)
}

impl Store {
    /// The ids of all reports known for a connection, in any state.
    ///
    /// # Errors
    /// [`Error::Sqlite`] when the database cannot be read.
    pub fn reports_known(&self, connection: &str) -> Result<BTreeSet<String>, Error> {
        self.read(&format!("reports of {connection}"), |transaction| {
            let mut statement =
                transaction.prepare("SELECT report_id FROM reports WHERE connection = ?1")?;
            let ids = statement.query_map([connection], |row| row.get(0))?;
            Ok(ids.collect::<Result<_, _>>()?)
        })
    }

    /// Records a listed report as [`DISCOVERED`]. `false` when it was known: then nothing is
    /// written, so that polling the list again leaves no trace.
    ///
    /// # Errors
    /// [`Error::Sqlite`] when the disk or the database refuses.
    pub fn report_discovered(&self, report: &NewReport, event: &NewEvent) -> Result<bool, Error> {
        self.write(&named(&report.connection, &report.report_id), |transaction| {
            let added = transaction.execute(
                "INSERT INTO reports (connection, report_id, report_document_id, created, state,
                    discovered, updated)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6)
                 ON CONFLICT (connection, report_id) DO NOTHING",
                params![
                    report.connection,
                    report.report_id,
                    report.report_document_id,
                    report.created.to_string(),
                    DISCOVERED,
                    event.at.to_string(),
                ],
            )?;
            if added == 0 {
                return Ok(false);
            }
            audit::append_move(transaction, event, None, DISCOVERED)?;
            Ok(true)
        })
    }

    /// Keeps the downloaded document and moves the report from [`DISCOVERED`] to [`RETRIEVED`].
    ///
    /// # Errors
    /// [`Error::Stale`] when the report is not `discovered`, [`Error::Unknown`] when it was never
    /// recorded; then the document is not kept either.
    pub fn report_retrieved(
        &self,
        connection: &str,
        report_id: &str,
        name: &str,
        bytes: &[u8],
        event: &NewEvent,
    ) -> Result<DocumentHash, Error> {
        let packed = Packed::new(name, bytes)?;
        let record = named(connection, report_id);
        self.write(&record, |transaction| {
            packed.keep(transaction)?;
            let changed = transaction.execute(
                "UPDATE reports SET state = ?3, document = ?4, updated = ?5
                 WHERE connection = ?1 AND report_id = ?2 AND state = ?6",
                params![
                    connection,
                    report_id,
                    RETRIEVED,
                    packed.hash.to_string(),
                    event.at.to_string(),
                    DISCOVERED,
                ],
            )?;
            if changed != 1 {
                let actual = state(transaction, connection, report_id)?;
                return Err(refused(&record, DISCOVERED, actual).into());
            }
            audit::append_move(transaction, event, Some(DISCOVERED), RETRIEVED)?;
            Ok(packed.hash)
        })
    }

    /// Moves a report from one state to another. `hold` replaces what was there: `None` clears it.
    ///
    /// # Errors
    /// [`Error::Stale`] when the report is not in `from`, [`Error::Unknown`] when it was never
    /// recorded.
    pub fn report_advance(
        &self,
        connection: &str,
        report_id: &str,
        from: &str,
        to: &str,
        hold: Option<&str>,
        event: &NewEvent,
    ) -> Result<(), Error> {
        let record = named(connection, report_id);
        self.write(&record, |transaction| {
            let changed = transaction.execute(
                "UPDATE reports SET state = ?4, hold = ?5, updated = ?6
                 WHERE connection = ?1 AND report_id = ?2 AND state = ?3",
                params![connection, report_id, from, to, hold, event.at.to_string()],
            )?;
            if changed != 1 {
                let actual = state(transaction, connection, report_id)?;
                return Err(refused(&record, from, actual).into());
            }
            audit::append_move(transaction, event, Some(from), to)?;
            Ok(())
        })
    }

    /// The state of one report; `None` when it was never recorded.
    ///
    /// # Errors
    /// [`Error::Sqlite`] when the database cannot be read.
    pub fn report_state(&self, connection: &str, report_id: &str) -> Result<Option<String>, Error> {
        self.read(&named(connection, report_id), |transaction| {
            state(transaction, connection, report_id)
        })
    }

    /// All reports of a connection, oldest `created` first.
    ///
    /// # Errors
    /// [`Error::Corrupt`] when a record cannot be read back.
    pub fn reports(&self, connection: &str) -> Result<Vec<ReportRecord>, Error> {
        let mut reports: Vec<_> =
            self.read(&format!("reports of {connection}"), |transaction| {
                let mut statement = transaction
                    .prepare("SELECT * FROM reports WHERE connection = ?1 ORDER BY report_id")?;
                let found = statement.query_map([connection], ReportRecord::read)?;
                Ok(found.collect::<Result<_, _>>()?)
            })?;
        reports.sort_by_key(|report| report.created);
        Ok(reports)
    }
}
