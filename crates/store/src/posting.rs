//! Postings: one row per document that we write into Epicor. The row is there before anything is
//! sent, so that a restart knows what may already have arrived.

use jiff::Timestamp;
use rusqlite::{OptionalExtension, Row, Transaction, params, params_from_iter};

use crate::{
    Store, audit,
    audit::NewEvent,
    error::{Error, Fault, refused},
    settlement::{self, SettlementChange, SettlementKey},
    sql,
};

/// A document that we intend to write into Epicor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewPosting {
    /// The deterministic key (connection, kind, settlement id, period, part, revision). Unique in
    /// the store, whatever the settlement.
    pub key: String,
    /// What is written: `journal`, `ap-invoice`.
    pub kind: String,
    /// The short text that is written into the Epicor document and searched for there.
    pub token: String,
    /// The Epicor `GroupID`.
    pub group_id: String,
    /// What is to be sent, as JSON.
    pub payload: String,
    /// Its first step.
    pub step: String,
}

/// A recorded posting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PostingRecord {
    /// See [`NewPosting::key`].
    pub key: String,
    /// The settlement that it posts.
    pub settlement: SettlementKey,
    /// See [`NewPosting::kind`].
    pub kind: String,
    /// See [`NewPosting::token`].
    pub token: String,
    /// See [`NewPosting::group_id`].
    pub group_id: String,
    /// See [`NewPosting::payload`].
    pub payload: String,
    /// Its step now.
    pub step: String,
    /// How many attempts were counted.
    pub attempts: u32,
    /// When this step was entered, or its newest attempt was counted.
    pub since: Timestamp,
    /// What came of it, as JSON.
    pub outcome: Option<String>,
    /// When the intent was recorded.
    pub created: Timestamp,
    /// When it last changed.
    pub updated: Timestamp,
}

impl PostingRecord {
    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            key: row.get("key")?,
            settlement: SettlementKey {
                connection: row.get("connection")?,
                settlement_id: row.get("settlement_id")?,
            },
            kind: row.get("kind")?,
            token: row.get("token")?,
            group_id: row.get("group_id")?,
            payload: row.get("payload")?,
            step: row.get("step")?,
            attempts: row.get("attempts")?,
            since: sql::time(row, "since")?,
            outcome: row.get("outcome")?,
            created: sql::time(row, "created")?,
            updated: sql::time(row, "updated")?,
        })
    }
}

/// What else changes with a posting's step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PostingChange {
    /// When the step is entered, by the caller's clock.
    pub at: Timestamp,
    /// `None` leaves the number of attempts, `Some` sets it: one more when something is sent again,
    /// zero when a person starts it anew.
    pub attempts: Option<u32>,
    /// `None` leaves the outcome, `Some(json)` replaces it.
    pub outcome: Option<String>,
}

fn named(key: &str) -> String {
    format!("posting {key}")
}

fn insert(
    transaction: &Transaction<'_>,
    settlement: &SettlementKey,
    intent: &NewPosting,
    at: Timestamp,
) -> Result<(), Fault> {
    let added = transaction.execute(
        "INSERT INTO postings (key, connection, settlement_id, kind, token, group_id, payload,
            step, since, created, updated)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?9, ?9)
         ON CONFLICT (key) DO NOTHING",
        params![
            intent.key,
            settlement.connection,
            settlement.settlement_id,
            intent.kind,
            intent.token,
            intent.group_id,
            intent.payload,
            intent.step,
            at.to_string(),
        ],
    )?;
    if added != 1 {
        return Err(Error::AlreadyThere { record: named(&intent.key) }.into());
    }
    Ok(())
}

fn found(transaction: &Transaction<'_>, key: &str) -> Result<Option<PostingRecord>, Fault> {
    Ok(transaction
        .query_row("SELECT * FROM postings WHERE key = ?1", [key], PostingRecord::read)
        .optional()?)
}

impl Store {
    /// Records what is to be written into Epicor together with the settlement's transition: all
    /// intents and the new state, or nothing.
    ///
    /// # Errors
    /// [`Error::AlreadyThere`] when a key was recorded before, [`Error::Stale`] when the settlement
    /// is not in `from`, [`Error::Unknown`] when it was never read.
    pub fn intents_recorded(
        &self,
        settlement: &SettlementKey,
        from: &str,
        to: &str,
        intents: &[NewPosting],
        event: &NewEvent,
    ) -> Result<(), Error> {
        self.write(&settlement.to_string(), |transaction| {
            let change = SettlementChange::default();
            settlement::advance(transaction, settlement, (from, to), &change, event)?;
            intents.iter().try_for_each(|intent| insert(transaction, settlement, intent, event.at))
        })
    }

    /// A posting by its key; `None` when it was never intended.
    ///
    /// # Errors
    /// [`Error::Corrupt`] when the record cannot be read back.
    pub fn posting(&self, key: &str) -> Result<Option<PostingRecord>, Error> {
        self.read(&named(key), |transaction| found(transaction, key))
    }

    /// The postings of a settlement, in the order of their recording.
    ///
    /// # Errors
    /// [`Error::Corrupt`] when a record cannot be read back.
    pub fn postings_of(&self, settlement: &SettlementKey) -> Result<Vec<PostingRecord>, Error> {
        self.read(&format!("postings of {settlement}"), |transaction| {
            let mut statement = transaction.prepare(
                "SELECT * FROM postings WHERE connection = ?1 AND settlement_id = ?2
                 ORDER BY number",
            )?;
            let found = statement.query_map(
                [&settlement.connection, &settlement.settlement_id],
                PostingRecord::read,
            )?;
            Ok(found.collect::<Result<_, _>>()?)
        })
    }

    /// The postings whose step is none of `closed`, in the order of their recording: the work that
    /// a restart resumes.
    ///
    /// # Errors
    /// [`Error::Corrupt`] when a record cannot be read back.
    pub fn postings_open(&self, closed: &[&str]) -> Result<Vec<PostingRecord>, Error> {
        let marks = vec!["?"; closed.len()].join(", ");
        self.read("open postings", |transaction| {
            let mut statement = transaction.prepare(&format!(
                "SELECT * FROM postings WHERE step NOT IN ({marks}) ORDER BY number"
            ))?;
            let found = statement.query_map(params_from_iter(closed), PostingRecord::read)?;
            Ok(found.collect::<Result<_, _>>()?)
        })
    }

    /// Moves a posting from one step to another. `from` and `to` may be equal: `since` then moves
    /// only when an attempt is counted, so that waiting on does not start the wait again.
    ///
    /// # Errors
    /// [`Error::Stale`] when it is not in `from`, [`Error::Unknown`] when it was never intended.
    pub fn posting_advance(
        &self,
        key: &str,
        from: &str,
        to: &str,
        change: &PostingChange,
        event: &NewEvent,
    ) -> Result<(), Error> {
        let record = named(key);
        self.write(&record, |transaction| {
            let changed = transaction.execute(
                "UPDATE postings SET step = ?3, attempts = coalesce(?5, attempts),
                    since = CASE WHEN ?5 IS NOT NULL OR ?2 <> ?3 THEN ?4 ELSE since END,
                    outcome = coalesce(?6, outcome), updated = ?7
                 WHERE key = ?1 AND step = ?2",
                params![
                    key,
                    from,
                    to,
                    change.at.to_string(),
                    change.attempts,
                    change.outcome,
                    event.at.to_string(),
                ],
            )?;
            if changed != 1 {
                let actual = found(transaction, key)?.map(|posting| posting.step);
                return Err(refused(&record, from, actual).into());
            }
            audit::append_move(transaction, event, Some(from), to)?;
            Ok(())
        })
    }
}
