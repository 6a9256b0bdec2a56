//! The schedule: when each flow of each connection is due, and who takes it up.
//!
//! The times are the caller's: the store keeps them, finds those that have come, and on PostgreSQL
//! hands each connection to one worker. A flow stays due until its run has ended, so that the run of
//! a worker that died is taken up again as soon as its lease is over.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use jiff::Timestamp;

use crate::{
    Lease, Store,
    engine::{Access, Engine, Row, params},
    error::{Error, Fault, about},
    lane::{millis, sortable},
};

/// What the configuration says about one flow of one connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Planned {
    /// The connection, by its configured name.
    pub connection: String,
    /// The flow: `settlements`.
    pub flow: String,
    /// When it is to run, in the configuration's words.
    pub spec: String,
    /// When that is next; `None` where only a person starts it.
    pub due: Option<Timestamp>,
}

/// One flow of one connection, as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScheduleRecord {
    /// What was planned last.
    pub planned: Planned,
    /// The outcome of the last run that ended.
    pub outcome: Option<String>,
    /// When that run ended.
    pub ended: Option<Timestamp>,
}

/// A flow whose time has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DueFlow {
    /// The flow: `settlements`.
    pub flow: String,
    /// When it was due; `None` where it never is by itself.
    pub due: Option<Timestamp>,
    /// When somebody asked for it.
    pub asked: Option<Timestamp>,
    /// Who did.
    pub asked_by: Option<String>,
}

/// A connection to act for, with what is due.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claimed {
    /// The connection, by its configured name.
    pub connection: String,
    /// Its lane, on PostgreSQL. On SQLite there is one process, and it needs none.
    pub lease: Option<Lease>,
    /// The flows that are due, in the order of their names.
    pub flows: Vec<DueFlow>,
}

/// What is due and not taken, those that were asked for first.
const DUE_SQLITE: &str = "SELECT connection, flow, due, asked, asked_by FROM schedule
     WHERE due <= ?1 OR asked IS NOT NULL ORDER BY asked IS NULL, due LIMIT ?2";

/// As [`DUE_SQLITE`], with the lane of each connection, in one statement: what another worker looks
/// at just now is skipped, and what another one holds is left to it.
const DUE_POSTGRES: &str = "WITH due AS (
        SELECT s.connection, s.flow, s.due, s.asked, s.asked_by
        FROM schedule s LEFT JOIN lanes l ON l.lane = s.connection
        WHERE (s.due <= ?1 OR s.asked IS NOT NULL)
          AND (l.until IS NULL OR l.until <= clock_timestamp())
        ORDER BY s.asked IS NULL, s.due LIMIT ?2
        FOR UPDATE OF s SKIP LOCKED
     ), taken AS (
        INSERT INTO lanes (lane, owner, fence, until)
        SELECT connection, ?3, 1, clock_timestamp() + ?4 * interval '1 millisecond'
        FROM (SELECT DISTINCT connection FROM due) AS connections
        ON CONFLICT (lane) DO UPDATE
        SET owner = excluded.owner, fence = lanes.fence + 1, until = excluded.until
        WHERE lanes.until <= clock_timestamp()
        RETURNING lane, fence
     )
     SELECT due.connection, due.flow, due.due, due.asked, due.asked_by, taken.fence
     FROM due JOIN taken ON taken.lane = due.connection";

/// The most rows one look takes.
const ROWS_MAX: u64 = 1_000;

const PLAN: &str = "INSERT INTO schedule (connection, flow, spec, due) VALUES (?1, ?2, ?3, ?4)
     ON CONFLICT (connection, flow) DO UPDATE SET spec = ?3, due = ?4";

fn planned(row: &mut Row) -> Result<Planned, Fault> {
    Ok(Planned {
        connection: row.text("connection")?,
        flow: row.text("flow")?,
        spec: row.text("spec")?,
        due: row.parsed_if_any("due")?,
    })
}

impl Store {
    /// The whole schedule, by connection and flow.
    ///
    /// # Errors
    /// [`Error::Corrupt`] when a record cannot be read back.
    pub async fn schedule(&self) -> Result<Vec<ScheduleRecord>, Error> {
        about("schedule", async {
            let query = "SELECT * FROM schedule ORDER BY connection, flow";
            let rows = self.read().await?.rows(query, &params![]).await?;
            rows.into_iter()
                .map(|mut row| {
                    Ok(ScheduleRecord {
                        planned: planned(&mut row)?,
                        outcome: row.text_if_any("outcome")?,
                        ended: row.parsed_if_any("ended")?,
                    })
                })
                .collect()
        })
        .await
    }

    /// Plans flows anew and forgets those that are `gone`, all of it or none of it. What somebody
    /// asked for stays asked for.
    ///
    /// # Errors
    /// [`Error::Database`] when the disk or the database refuses.
    pub async fn schedule_set(&self, planned: &[Planned], gone: &[Planned]) -> Result<(), Error> {
        about("schedule", async {
            let mut tx = self.begin(Access::Write).await?;
            for plan in planned {
                let due = plan.due.map(sortable);
                let params = params![&plan.connection, &plan.flow, &plan.spec, due.as_ref()];
                tx.execute(PLAN, &params).await?;
            }
            for plan in gone {
                let query = "DELETE FROM schedule WHERE connection = ?1 AND flow = ?2";
                tx.execute(query, &params![&plan.connection, &plan.flow]).await?;
            }
            tx.commit().await
        })
        .await
    }

    /// Somebody wants a flow to run now. `false` when it is not in the schedule: no process that
    /// serves this store has it in its configuration.
    ///
    /// # Errors
    /// [`Error::Database`] when the disk or the database refuses.
    pub async fn run_asked(
        &self,
        connection: &str,
        flow: &str,
        at: Timestamp,
        by: &str,
    ) -> Result<bool, Error> {
        about(&format!("{flow} of {connection}"), async {
            let mut tx = self.begin(Access::Ask).await?;
            let query = "UPDATE schedule SET asked = ?3, asked_by = ?4
                 WHERE connection = ?1 AND flow = ?2";
            let asked = tx.execute(query, &params![connection, flow, sortable(at), by]).await?;
            tx.commit().await?;
            Ok(asked == 1)
        })
        .await
    }

    /// Takes up to `limit` flows whose time has come, by connection, those that were asked for
    /// first. On PostgreSQL each connection comes with its lane, claimed for `owner` for a time; on
    /// SQLite nothing is written, and the caller leaves out what it is at itself (`busy`).
    ///
    /// # Errors
    /// [`Error::Database`] when the database refuses.
    pub async fn due_claim(
        &self,
        now: Timestamp,
        limit: u64,
        busy: &BTreeSet<String>,
        (owner, time): (&str, Duration),
    ) -> Result<Vec<Claimed>, Error> {
        about("schedule", async {
            let now = sortable(now);
            let (rows, lanes) = match &*self.engine {
                Engine::Sqlite(_) => {
                    let params = params![now, ROWS_MAX];
                    (self.read().await?.rows(DUE_SQLITE, &params).await?, false)
                }
                Engine::Postgres(_) => {
                    let mut tx = self.begin(Access::Write).await?;
                    let params = params![now, limit.min(ROWS_MAX), owner, millis(time)];
                    let rows = tx.rows(DUE_POSTGRES, &params).await?;
                    tx.commit().await?;
                    (rows, true)
                }
            };
            let mut claimed: BTreeMap<String, Claimed> = BTreeMap::new();
            for mut row in rows {
                let connection = row.text("connection")?;
                let full = claimed.len() as u64 >= limit && !claimed.contains_key(&connection);
                if !lanes && (busy.contains(&connection) || full) {
                    continue;
                }
                let fence = if lanes { Some(row.number("fence")?) } else { None };
                let lane = || connection.clone();
                let entry = claimed.entry(lane()).or_insert_with(|| Claimed {
                    connection: lane(),
                    lease: fence.map(|fence| Lease {
                        lane: lane(),
                        owner: owner.to_owned(),
                        fence,
                    }),
                    flows: Vec::new(),
                });
                entry.flows.push(DueFlow {
                    flow: row.text("flow")?,
                    due: row.parsed_if_any("due")?,
                    asked: row.parsed_if_any("asked")?,
                    asked_by: row.text_if_any("asked_by")?,
                });
            }
            let mut claimed: Vec<_> = claimed.into_values().collect();
            for one in &mut claimed {
                one.flows.sort_by(|a, b| a.flow.cmp(&b.flow));
            }
            Ok(claimed)
        })
        .await
    }
}
