//! Mappings: the part that a person named for a SKU, moved by compare-and-set while it becomes a
//! cross reference in Epicor.

use std::fmt;

use jiff::Timestamp;

use crate::{
    Store, audit,
    audit::NewEvent,
    engine::{Row, Tx, params},
    error::{Error, Fault, about, refused},
    posting::{self, NewPosting},
    record::{RecordKey, RecordKind},
};

/// What names a mapping: a SKU within one connection.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MappingKey {
    /// The connection, by its configured name.
    pub connection: String,
    /// The seller's own number at Amazon.
    pub sku: String,
}

impl fmt::Display for MappingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SKU {} of {}", self.sku, self.connection)
    }
}

impl From<&MappingKey> for RecordKey {
    fn from(key: &MappingKey) -> Self {
        Self { connection: key.connection.clone(), kind: RecordKind::Listing, id: key.sku.clone() }
    }
}

/// What a SKU is in the company's own stock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MappedTo {
    /// Epicor's `PartNum`.
    pub part: String,
    /// The unit it is sold in; the part's own sales unit when `None`.
    pub unit: Option<String>,
    /// How many of that unit one SKU is; at least 1.
    pub multiple: u32,
}

/// A recorded mapping.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MappingRecord {
    /// Which SKU.
    pub key: MappingKey,
    /// What it is.
    pub to: MappedTo,
    /// Its state now.
    pub state: String,
    /// Why its cross reference is not in Epicor, as JSON.
    pub hold: Option<String>,
    /// How many cross references were intended so far.
    pub revision: u32,
    /// When a person first named a part.
    pub created: Timestamp,
    /// When it last changed.
    pub updated: Timestamp,
}

impl MappingRecord {
    fn read(mut row: Row) -> Result<Self, Fault> {
        Ok(Self {
            key: MappingKey { connection: row.text("connection")?, sku: row.text("sku")? },
            to: MappedTo {
                part: row.text("part")?,
                unit: row.text_if_any("unit")?,
                multiple: row.number("multiple")?,
            },
            state: row.text("state")?,
            hold: row.text_if_any("hold")?,
            revision: row.number("revision")?,
            created: row.parsed("created")?,
            updated: row.parsed("updated")?,
        })
    }
}

async fn found(tx: &mut Tx<'_>, key: &MappingKey) -> Result<Option<MappingRecord>, Fault> {
    let query = "SELECT * FROM mappings WHERE connection = ?1 AND sku = ?2";
    let row = tx.row(query, &params![&key.connection, &key.sku]).await?;
    row.map(MappingRecord::read).transpose()
}

impl Store {
    /// Records the part that a person named for a SKU, and moves the mapping from one state to
    /// another; from `None` for the first one. A later part replaces the one before.
    ///
    /// # Errors
    /// [`Error::Stale`] when the mapping is not in `from`, [`Error::Unknown`] when there is none,
    /// [`Error::AlreadyThere`] when there is one and `from` is `None`.
    pub async fn mapping_accepted(
        &self,
        key: &MappingKey,
        to: &MappedTo,
        (from, state): (Option<&str>, &str),
        event: &NewEvent,
    ) -> Result<(), Error> {
        let record = key.to_string();
        about(&record, async {
            let mut tx = self.write(&key.connection).await?;
            let before = found(&mut tx, key).await?.map(|mapping| mapping.state);
            match (from, &before) {
                (None, Some(_)) => {
                    return Err(Error::AlreadyThere { record: record.clone() }.into());
                }
                (Some(from), before) if before.as_deref() != Some(from) => {
                    return Err(refused(&record, from, before.clone()).into());
                }
                _ => {}
            }
            tx.execute(
                "INSERT INTO mappings (connection, sku, part, unit, multiple, state, created, updated)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?7)
                 ON CONFLICT (connection, sku) DO UPDATE SET part = ?3, unit = ?4, multiple = ?5,
                    state = ?6, hold = NULL, updated = ?7",
                &params![
                    &key.connection,
                    &key.sku,
                    &to.part,
                    to.unit.as_ref(),
                    to.multiple,
                    state,
                    event.at,
                ],
            )
            .await?;
            audit::append_move(&mut tx, event, from, state).await?;
            tx.commit().await
        })
        .await
    }

    /// A mapping by its key; `None` when nobody named a part.
    ///
    /// # Errors
    /// [`Error::Corrupt`] when the record cannot be read back.
    pub async fn mapping(&self, key: &MappingKey) -> Result<Option<MappingRecord>, Error> {
        about(&key.to_string(), async { found(&mut self.read().await?, key).await }).await
    }

    /// The mappings of a connection, by SKU.
    ///
    /// # Errors
    /// [`Error::Corrupt`] when a record cannot be read back.
    pub async fn mappings(&self, connection: &str) -> Result<Vec<MappingRecord>, Error> {
        about(&format!("mappings of {connection}"), async {
            let query = "SELECT * FROM mappings WHERE connection = ?1 ORDER BY sku";
            let rows = self.read().await?.rows(query, &params![connection]).await?;
            rows.into_iter().map(MappingRecord::read).collect()
        })
        .await
    }

    /// Those of a connection, or of all, that are in a state, by connection and SKU.
    ///
    /// # Errors
    /// [`Error::Corrupt`] when a record cannot be read back.
    pub async fn mappings_in(
        &self,
        connection: Option<&str>,
        state: &str,
    ) -> Result<Vec<MappingRecord>, Error> {
        about("mappings", async {
            let query = "SELECT * FROM mappings WHERE state = ?1 AND (?2 = '' OR connection = ?2)
                 ORDER BY connection, sku";
            let params = params![state, connection.unwrap_or_default()];
            let rows = self.read().await?.rows(query, &params).await?;
            rows.into_iter().map(MappingRecord::read).collect()
        })
        .await
    }

    /// Moves a mapping from one state to another, together with the cross references that are to be
    /// written for it: all of it, or nothing.
    ///
    /// # Errors
    /// [`Error::AlreadyThere`] when a key was recorded before, [`Error::Stale`] when the mapping is
    /// not in `from`, [`Error::Unknown`] when there is none.
    pub async fn mapping_advance(
        &self,
        key: &MappingKey,
        (from, to): (&str, &str),
        hold: Option<&str>,
        intents: &[NewPosting],
        event: &NewEvent,
    ) -> Result<(), Error> {
        about(&key.to_string(), async {
            let mut tx = self.write(&key.connection).await?;
            let documents = u32::from(!intents.is_empty());
            let changed = tx
                .execute(
                    "UPDATE mappings SET state = ?4, hold = ?5, revision = revision + ?6,
                        updated = ?7
                     WHERE connection = ?1 AND sku = ?2 AND state = ?3",
                    &params![&key.connection, &key.sku, from, to, hold, documents, event.at],
                )
                .await?;
            let state = "SELECT state FROM mappings WHERE connection = ?1 AND sku = ?2";
            let state = (state, &params![&key.connection, &key.sku][..]);
            audit::moved(&mut tx, changed, (&key.to_string(), from, to), state, event).await?;
            posting::intend(&mut tx, &key.into(), intents, event.at).await?;
            tx.commit().await
        })
        .await
    }
}
