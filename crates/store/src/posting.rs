//! Postings: one row per document that we write into Epicor or send to Amazon, whatever its kind and
//! whatever record it is written for. The row is there before anything is sent, so that a restart
//! knows what may already have arrived.
//!
//! A record's transition and its intents are one transaction: [`Store::intents_recorded`] for a
//! settlement. Another kind of record has a method of its own, which advances the record and calls
//! [`intend`] before it commits.

use jiff::Timestamp;

use crate::{
    Store, audit,
    audit::NewEvent,
    engine::{Row, Tx, params},
    error::{Error, Fault, about},
    record::RecordKey,
    settlement::{self, SettlementChange, SettlementKey},
};

/// A document that we intend to write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewPosting {
    /// The deterministic key (connection, kind, the record's id, and what tells its documents apart,
    /// such as period, part and revision). Unique in the store, whatever the record.
    pub key: String,
    /// What is written: `journal`, `ap-invoice`, `sales-order`, `customer-shipment`,
    /// `shipment-confirmation`, `cross-reference`.
    pub kind: String,
    /// The short text that is written into the document and searched for there.
    pub token: String,
    /// The Epicor `GroupID`; empty for a document that is in no group.
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
    /// The record that it is written for.
    pub record: RecordKey,
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
    /// When its key was last counted where it was written; `None` before the first count.
    pub swept: Option<Timestamp>,
    /// What the last count found, as JSON; `None` when it was as it should be.
    pub incident: Option<String>,
    /// When the intent was recorded.
    pub created: Timestamp,
    /// When it last changed.
    pub updated: Timestamp,
}

impl PostingRecord {
    pub(crate) fn read(mut row: Row) -> Result<Self, Fault> {
        Ok(Self {
            key: row.text("key")?,
            record: record_of(&mut row)?,
            kind: row.text("kind")?,
            token: row.text("token")?,
            group_id: row.text("group_id")?,
            payload: row.text("payload")?,
            step: row.text("step")?,
            attempts: row.number("attempts")?,
            since: row.parsed("since")?,
            outcome: row.text_if_any("outcome")?,
            swept: row.parsed_if_any("swept")?,
            incident: row.text_if_any("incident")?,
            created: row.parsed("created")?,
            updated: row.parsed("updated")?,
        })
    }
}

/// A recorded posting without what it writes, for those who look at many.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PostingSummary {
    /// The record that it is written for.
    pub record: RecordKey,
    /// See [`NewPosting::kind`].
    pub kind: String,
    /// See [`NewPosting::key`].
    pub key: String,
    /// See [`NewPosting::token`].
    pub token: String,
    /// Its step now.
    pub step: String,
    /// See [`PostingRecord::incident`].
    pub incident: Option<String>,
}

impl PostingSummary {
    fn read(mut row: Row) -> Result<Self, Fault> {
        Ok(Self {
            record: record_of(&mut row)?,
            kind: row.text("kind")?,
            key: row.text("key")?,
            token: row.text("token")?,
            step: row.text("step")?,
            incident: row.text_if_any("incident")?,
        })
    }
}

fn record_of(row: &mut Row) -> Result<RecordKey, Fault> {
    Ok(RecordKey {
        connection: row.text("connection")?,
        kind: row.parsed("record_kind")?,
        id: row.text("record")?,
    })
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

/// Records what is to be written for a record, within the transaction that moves the record.
///
/// # Errors
/// [`Error::AlreadyThere`] when a key was recorded before.
pub(crate) async fn intend(
    tx: &mut Tx<'_>,
    record: &RecordKey,
    intents: &[NewPosting],
    at: Timestamp,
) -> Result<(), Fault> {
    for intent in intents {
        let added = tx
            .execute(
                "INSERT INTO postings (key, connection, record_kind, record, kind, token, group_id,
                    payload, step, since, created, updated)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?10, ?10)
                 ON CONFLICT (key) DO NOTHING",
                &params![
                    &intent.key,
                    &record.connection,
                    record.kind.as_str(),
                    &record.id,
                    &intent.kind,
                    &intent.token,
                    &intent.group_id,
                    &intent.payload,
                    &intent.step,
                    at,
                ],
            )
            .await?;
        if added != 1 {
            return Err(Error::AlreadyThere { record: named(&intent.key) }.into());
        }
    }
    Ok(())
}

async fn found(tx: &mut Tx<'_>, key: &str) -> Result<Option<PostingRecord>, Fault> {
    let row = tx.row("SELECT * FROM postings WHERE key = ?1", &params![key]).await?;
    row.map(PostingRecord::read).transpose()
}

impl Store {
    /// Records what is to be written for a settlement together with its transition: all intents and
    /// the new state, or nothing.
    ///
    /// # Errors
    /// [`Error::AlreadyThere`] when a key was recorded before, [`Error::Stale`] when the settlement
    /// is not in `from`, [`Error::Unknown`] when it was never read.
    pub async fn intents_recorded(
        &self,
        settlement: &SettlementKey,
        (from, to): (&str, &str),
        change: &SettlementChange,
        intents: &[NewPosting],
        event: &NewEvent,
    ) -> Result<(), Error> {
        about(&settlement.to_string(), async {
            let mut tx = self.write(&settlement.connection).await?;
            settlement::advance(&mut tx, settlement, (from, to), change, event).await?;
            intend(&mut tx, &settlement.into(), intents, event.at).await?;
            tx.commit().await
        })
        .await
    }

    /// A posting by its key; `None` when it was never intended.
    ///
    /// # Errors
    /// [`Error::Corrupt`] when the record cannot be read back.
    pub async fn posting(&self, key: &str) -> Result<Option<PostingRecord>, Error> {
        about(&named(key), async { found(&mut self.read().await?, key).await }).await
    }

    /// The postings of a record, in the order of their recording.
    ///
    /// # Errors
    /// [`Error::Corrupt`] when a posting cannot be read back.
    pub async fn postings_of(
        &self,
        record: impl Into<RecordKey>,
    ) -> Result<Vec<PostingRecord>, Error> {
        let record = record.into();
        about(&format!("postings of {record}"), async {
            let query = "SELECT * FROM postings
                 WHERE connection = ?1 AND record_kind = ?2 AND record = ?3 ORDER BY number";
            let params = params![&record.connection, record.kind.as_str(), &record.id];
            let rows = self.read().await?.rows(query, &params).await?;
            rows.into_iter().map(PostingRecord::read).collect()
        })
        .await
    }

    /// Every document of a connection, without what is in it, in the order of their recording.
    ///
    /// # Errors
    /// [`Error::Corrupt`] when one cannot be read back.
    pub async fn posting_summaries(&self, connection: &str) -> Result<Vec<PostingSummary>, Error> {
        about(&format!("postings of {connection}"), async {
            let query = "SELECT connection, record_kind, record, kind, key, token, step, incident
                 FROM postings WHERE connection = ?1 ORDER BY number";
            let rows = self.read().await?.rows(query, &params![connection]).await?;
            rows.into_iter().map(PostingSummary::read).collect()
        })
        .await
    }

    /// The postings of one connection whose intent was recorded at `since` or later, in the order of
    /// their recording.
    ///
    /// # Errors
    /// [`Error::Corrupt`] when a posting cannot be read back.
    pub async fn postings_since(
        &self,
        connection: &str,
        since: Timestamp,
    ) -> Result<Vec<PostingRecord>, Error> {
        about("postings", async {
            let query = "SELECT * FROM postings WHERE connection = ?1 AND created >= ?2
                 ORDER BY number";
            let rows = self.read().await?.rows(query, &params![connection, since]).await?;
            rows.into_iter().map(PostingRecord::read).collect()
        })
        .await
    }

    /// The postings of one connection, or of all, whose last count found an incident.
    ///
    /// # Errors
    /// [`Error::Corrupt`] when a posting cannot be read back.
    pub async fn incidents(&self, connection: Option<&str>) -> Result<Vec<PostingRecord>, Error> {
        about("incidents", async {
            let query = "SELECT * FROM postings
                 WHERE incident IS NOT NULL AND (?1 IS NULL OR connection = ?1) ORDER BY number";
            let rows = self.read().await?.rows(query, &params![connection]).await?;
            rows.into_iter().map(PostingRecord::read).collect()
        })
        .await
    }

    /// Keeps what the count of a posting's key found, with an event if there is something to tell.
    ///
    /// # Errors
    /// [`Error::Unknown`] when it was never intended.
    pub async fn posting_swept(
        &self,
        connection: &str,
        key: &str,
        at: Timestamp,
        incident: Option<String>,
        event: Option<&NewEvent>,
    ) -> Result<(), Error> {
        let record = named(key);
        about(&record, async {
            let mut tx = self.write(connection).await?;
            let update = "UPDATE postings SET swept = ?2, incident = ?3 WHERE key = ?1";
            let changed = tx.execute(update, &params![key, at, incident.as_ref()]).await?;
            if changed != 1 {
                return Err(Error::Unknown { record: record.clone() }.into());
            }
            if let Some(event) = event {
                audit::append(&mut tx, event).await?;
            }
            tx.commit().await
        })
        .await
    }

    /// Moves a posting from one step to another. `from` and `to` may be equal: `since` then moves
    /// only when an attempt is counted, so that waiting on does not start the wait again.
    ///
    /// # Errors
    /// [`Error::Stale`] when it is not in `from`, [`Error::Unknown`] when it was never intended.
    pub async fn posting_advance(
        &self,
        key: &str,
        from: &str,
        to: &str,
        change: &PostingChange,
        event: &NewEvent,
    ) -> Result<(), Error> {
        let record = named(key);
        about(&record, async {
            let mut tx = self.write(&event.connection).await?;
            let changed = tx
                .execute(
                    "UPDATE postings SET step = ?3, attempts = coalesce(?5, attempts),
                        since = CASE WHEN ?5 IS NOT NULL OR ?2 <> ?3 THEN ?4 ELSE since END,
                        outcome = coalesce(?6, outcome), updated = ?7
                     WHERE key = ?1 AND step = ?2",
                    &params![
                        key,
                        from,
                        to,
                        change.at,
                        change.attempts,
                        change.outcome.as_ref(),
                        event.at,
                    ],
                )
                .await?;
            let step = ("SELECT step AS state FROM postings WHERE key = ?1", &params![key][..]);
            audit::moved(&mut tx, changed, (&record, from, to), step, event).await?;
            tx.commit().await
        })
        .await
    }
}
