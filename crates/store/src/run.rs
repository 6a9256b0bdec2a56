//! Runs: each time a flow went over a connection, why it started and how it ended.

use jiff::Timestamp;

use crate::{
    Store,
    engine::{Access, Row, Tx, params},
    error::{Error, Fault, about},
    lane::{self, sortable},
};

/// The outcome of a run whose process ended before it did.
pub const INTERRUPTED: &str = "interrupted";

/// How many runs of a flow and connection are kept.
const KEPT: u64 = 500;

/// A run that begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewRun {
    /// The connection, by its configured name.
    pub connection: String,
    /// The flow: `settlements`.
    pub flow: String,
    /// Why: `schedule`, `run-now`, `command`.
    pub cause: String,
    /// Who asked for it; `None` where its time had come.
    pub asked_by: Option<String>,
    /// Which process.
    pub worker: String,
    /// When.
    pub started: Timestamp,
}

/// How a run ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunEnd {
    /// When.
    pub ended: Timestamp,
    /// The caller's word for it: `ok`, `held`, `failed`.
    pub outcome: String,
    /// What it did, as JSON.
    pub counts: Option<String>,
    /// What a person should know.
    pub message: Option<String>,
    /// What becomes of the schedule; `None` leaves it, so that what was due is due still.
    pub next: Option<Next>,
}

/// What the schedule says after a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Next {
    /// When the flow is due again; `None` where only a person starts it.
    pub due: Option<Timestamp>,
    /// The wish that this run fulfilled. One that came later stays.
    pub asked: Option<Timestamp>,
}

/// A recorded run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunRecord {
    /// Its number, in the order of starting.
    pub number: u64,
    /// How it began.
    pub began: NewRun,
    /// When it ended; `None` while it is under way, or when its process died.
    pub ended: Option<Timestamp>,
    /// The caller's word for how it ended.
    pub outcome: Option<String>,
    /// What it did, as JSON.
    pub counts: Option<String>,
    /// What a person should know.
    pub message: Option<String>,
}

impl RunRecord {
    fn read(mut row: Row) -> Result<Self, Fault> {
        Ok(Self {
            number: row.number("number")?,
            began: NewRun {
                connection: row.text("connection")?,
                flow: row.text("flow")?,
                cause: row.text("cause")?,
                asked_by: row.text_if_any("asked_by")?,
                worker: row.text("worker")?,
                started: row.parsed("started")?,
            },
            ended: row.parsed_if_any("ended")?,
            outcome: row.text_if_any("outcome")?,
            counts: row.text_if_any("counts")?,
            message: row.text_if_any("message")?,
        })
    }
}

impl Store {
    /// Records that a run begins, and returns its number. A run of the same flow that never ended is
    /// ended as [`INTERRUPTED`]: nobody else acts for this connection now. Only the newest runs are
    /// kept.
    ///
    /// # Errors
    /// [`Error::LeaseLost`] when another worker acts for the connection since.
    pub async fn run_started(&self, run: &NewRun) -> Result<u64, Error> {
        let NewRun { connection, flow, cause, asked_by, worker, started } = run;
        about(&named(connection, flow), async {
            let mut tx = self.write_unaudited().await?;
            let query = "UPDATE runs SET ended = ?3, outcome = ?4
                 WHERE connection = ?1 AND flow = ?2 AND ended IS NULL";
            tx.execute(query, &params![connection, flow, *started, INTERRUPTED]).await?;
            let query = "DELETE FROM runs WHERE connection = ?1 AND flow = ?2 AND number <=
                 (SELECT number FROM runs WHERE connection = ?1 AND flow = ?2
                  ORDER BY number DESC LIMIT 1 OFFSET ?3)";
            tx.execute(query, &params![connection, flow, KEPT - 1]).await?;
            let query = "INSERT INTO runs (connection, flow, cause, worker, started, asked_by)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6) RETURNING number";
            let params = params![connection, flow, cause, worker, *started, asked_by.as_ref()];
            let row = tx.row(query, &params).await?;
            let number = row.map(|mut row| row.number("number")).transpose()?;
            tx.commit().await?;
            number.ok_or_else(|| Fault::Damaged("a run got no number".to_owned()))
        })
        .await
    }

    /// Records how a run ended, and when its flow is due again.
    ///
    /// # Errors
    /// [`Error::LeaseLost`] when another worker acts for the connection since,
    /// [`Error::Unknown`] when the run has ended already.
    pub async fn run_ended(&self, number: u64, run: &NewRun, end: &RunEnd) -> Result<(), Error> {
        let NewRun { connection, flow, .. } = run;
        let record = named(connection, flow);
        about(&record, async {
            let mut tx = self.write_unaudited().await?;
            let query = "UPDATE runs SET ended = ?2, outcome = ?3, counts = ?4, message = ?5
                 WHERE number = ?1 AND ended IS NULL";
            let (counts, message) = (end.counts.as_ref(), end.message.as_ref());
            let params = params![number, end.ended, &end.outcome, counts, message];
            if tx.execute(query, &params).await? != 1 {
                return Err(Error::Unknown { record: format!("run {number}, {record}") }.into());
            }
            let query = "UPDATE schedule SET outcome = ?3, ended = ?4
                 WHERE connection = ?1 AND flow = ?2";
            tx.execute(query, &params![connection, flow, &end.outcome, end.ended]).await?;
            if let Some(Next { due, asked }) = end.next {
                let query = "UPDATE schedule SET due = ?3,
                     asked = CASE WHEN asked > ?4 THEN asked END,
                     asked_by = CASE WHEN asked > ?4 THEN asked_by END
                     WHERE connection = ?1 AND flow = ?2";
                let asked = asked.map_or_else(String::new, sortable);
                let due = due.map(sortable);
                tx.execute(query, &params![connection, flow, due.as_ref(), asked]).await?;
            }
            tx.commit().await
        })
        .await
    }

    /// The newest runs of one connection, or of all, newest first.
    ///
    /// # Errors
    /// [`Error::Corrupt`] when a record cannot be read back.
    pub async fn runs(
        &self,
        connection: Option<&str>,
        limit: u64,
    ) -> Result<Vec<RunRecord>, Error> {
        about("runs", async {
            let query = "SELECT * FROM runs WHERE ?1 IS NULL OR connection = ?1
                 ORDER BY number DESC LIMIT ?2";
            let rows = self.read().await?.rows(query, &params![connection, limit]).await?;
            rows.into_iter().map(RunRecord::read).collect()
        })
        .await
    }

    /// A transaction that changes what no audit event tells: how the work is organised.
    pub(crate) async fn write_unaudited(&self) -> Result<Tx<'_>, Fault> {
        let mut tx = self.begin(Access::Write).await?;
        if let Some(lease) = &self.lease {
            lane::check(&mut tx, lease).await?;
        }
        Ok(tx)
    }
}

fn named(connection: &str, flow: &str) -> String {
    format!("{flow} of {connection}")
}
