//! Reports: what Amazon's `getReports` showed us. Settlement reports are published by Amazon on its
//! own schedule and live for 90 days, so each is recorded the moment it is seen.

use jiff::Timestamp;

use crate::{
    Store, audit,
    audit::NewEvent,
    document::{DocumentHash, Hints, NewDocument, Packed},
    engine::{Row, Tx, params},
    error::{Error, Fault, about, refused},
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
    /// The one marketplace of Amazon's `marketplaceIds`; `None` when there are several, or none.
    pub marketplace: Option<String>,
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
    /// The one marketplace of Amazon's `marketplaceIds`.
    pub marketplace: Option<String>,
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
    fn read(mut row: Row) -> Result<Self, Fault> {
        Ok(Self {
            connection: row.text("connection")?,
            report_id: row.text("report_id")?,
            report_document_id: row.text("report_document_id")?,
            created: row.parsed("created")?,
            marketplace: row.text_if_any("marketplace")?,
            state: row.text("state")?,
            document: row.parsed_if_any("document")?,
            hold: row.text_if_any("hold")?,
            discovered: row.parsed("discovered")?,
            updated: row.parsed("updated")?,
        })
    }
}

fn named(connection: &str, report_id: &str) -> String {
    format!("report {report_id} of {connection}")
}

async fn state(
    tx: &mut Tx<'_>,
    connection: &str,
    report_id: &str,
) -> Result<Option<String>, Fault> {
    let query = "SELECT state FROM reports WHERE connection = ?1 AND report_id = ?2";
    let row = tx.row(query, &params![connection, report_id]).await?;
    row.map(|mut row| row.text("state")).transpose()
}

async fn marketplace(
    tx: &mut Tx<'_>,
    connection: &str,
    report_id: &str,
) -> Result<Option<String>, Fault> {
    let query = "SELECT marketplace FROM reports WHERE connection = ?1 AND report_id = ?2";
    let row = tx.row(query, &params![connection, report_id]).await?;
    Ok(row.map(|mut row| row.text_if_any("marketplace")).transpose()?.flatten())
}

impl Store {
    /// Records a listed report as [`DISCOVERED`]. `false` when it was known: then nothing is
    /// written, so that polling the list again leaves no trace.
    ///
    /// # Errors
    /// [`Error::Database`] when the disk or the database refuses.
    pub async fn report_discovered(
        &self,
        report: &NewReport,
        event: &NewEvent,
    ) -> Result<bool, Error> {
        about(&named(&report.connection, &report.report_id), async {
            let mut tx = self.write(&report.connection).await?;
            let added = tx
                .execute(
                    "INSERT INTO reports (connection, report_id, report_document_id, created,
                        marketplace, state, discovered, updated)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?7)
                     ON CONFLICT (connection, report_id) DO NOTHING",
                    &params![
                        &report.connection,
                        &report.report_id,
                        &report.report_document_id,
                        report.created,
                        report.marketplace.as_deref(),
                        DISCOVERED,
                        event.at,
                    ],
                )
                .await?;
            if added == 0 {
                return Ok(false);
            }
            audit::append_move(&mut tx, event, None, DISCOVERED).await?;
            tx.commit().await?;
            Ok(true)
        })
        .await
    }

    /// Keeps the downloaded document and moves the report from [`DISCOVERED`] to [`RETRIEVED`].
    ///
    /// # Errors
    /// [`Error::Stale`] when the report is not `discovered`, [`Error::Unknown`] when it was never
    /// recorded; then the document is not kept either.
    pub async fn report_retrieved(
        &self,
        connection: &str,
        report_id: &str,
        document: NewDocument<'_>,
        event: &NewEvent,
    ) -> Result<DocumentHash, Error> {
        let packed = Packed::new(document.name, document.bytes)?;
        let record = named(connection, report_id);
        about(&record, async {
            let mut tx = self.write(connection).await?;
            let hints = Hints {
                charset: document.charset.map(str::to_owned),
                marketplace: marketplace(&mut tx, connection, report_id).await?,
            };
            packed.keep(&mut tx, &hints).await?;
            let changed = tx
                .execute(
                    "UPDATE reports SET state = ?3, document = ?4, updated = ?5
                     WHERE connection = ?1 AND report_id = ?2 AND state = ?6",
                    &params![connection, report_id, RETRIEVED, packed.hash, event.at, DISCOVERED],
                )
                .await?;
            if changed != 1 {
                let actual = state(&mut tx, connection, report_id).await?;
                return Err(refused(&record, DISCOVERED, actual).into());
            }
            audit::append_move(&mut tx, event, Some(DISCOVERED), RETRIEVED).await?;
            tx.commit().await?;
            Ok(packed.hash)
        })
        .await
    }

    /// Moves a report from one state to another. `hold` replaces what was there: `None` clears it.
    ///
    /// # Errors
    /// [`Error::Stale`] when the report is not in `from`, [`Error::Unknown`] when it was never
    /// recorded.
    pub async fn report_advance(
        &self,
        connection: &str,
        report_id: &str,
        from: &str,
        to: &str,
        hold: Option<&str>,
        event: &NewEvent,
    ) -> Result<(), Error> {
        let record = named(connection, report_id);
        about(&record, async {
            let mut tx = self.write(connection).await?;
            let changed = tx
                .execute(
                    "UPDATE reports SET state = ?4, hold = ?5, updated = ?6
                     WHERE connection = ?1 AND report_id = ?2 AND state = ?3",
                    &params![connection, report_id, from, to, hold, event.at],
                )
                .await?;
            if changed != 1 {
                let actual = state(&mut tx, connection, report_id).await?;
                return Err(refused(&record, from, actual).into());
            }
            audit::append_move(&mut tx, event, Some(from), to).await?;
            tx.commit().await
        })
        .await
    }

    /// All reports of a connection, oldest `created` first.
    ///
    /// # Errors
    /// [`Error::Corrupt`] when a record cannot be read back.
    pub async fn reports(&self, connection: &str) -> Result<Vec<ReportRecord>, Error> {
        let mut reports: Vec<_> = about(&format!("reports of {connection}"), async {
            let query = "SELECT * FROM reports WHERE connection = ?1 ORDER BY report_id";
            let rows = self.read().await?.rows(query, &params![connection]).await?;
            rows.into_iter().map(ReportRecord::read).collect::<Result<_, _>>()
        })
        .await?;
        reports.sort_by_key(|report| report.created);
        Ok(reports)
    }
}
