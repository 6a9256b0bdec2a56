//! Shipments: one row per Epicor pack and Amazon order in it, moved by compare-and-set.

use std::fmt;

use jiff::Timestamp;

use crate::{
    Store, audit,
    audit::NewEvent,
    engine::{Row, Tx, params},
    error::{Error, Fault, about},
    order::OrderKey,
    posting::{self, NewPosting},
    record::{RecordKey, RecordKind},
};

/// What names a shipment: a pack, and which Amazon order's part of it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ShipmentKey {
    /// The connection, by its configured name.
    pub connection: String,
    /// Epicor's `PackNum`.
    pub pack_num: String,
    /// Amazon's `orderId`.
    pub order_id: String,
}

impl fmt::Display for ShipmentKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "pack {} for order {} of {}", self.pack_num, self.order_id, self.connection)
    }
}

/// A shipment's confirmations belong to the story of its order.
impl From<&ShipmentKey> for RecordKey {
    fn from(key: &ShipmentKey) -> Self {
        Self {
            connection: key.connection.clone(),
            kind: RecordKind::Shipment,
            id: key.order_id.clone(),
        }
    }
}

/// A recorded shipment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShipmentRecord {
    /// Which shipment.
    pub key: ShipmentKey,
    /// What is to be confirmed, as JSON.
    pub content: String,
    /// Its state now.
    pub state: String,
    /// Why it waits, as JSON.
    pub hold: Option<String>,
    /// How many confirmations were intended so far.
    pub revision: u32,
    /// When the pack was first seen.
    pub created: Timestamp,
    /// When it last changed.
    pub updated: Timestamp,
}

impl ShipmentRecord {
    pub(crate) fn read(mut row: Row) -> Result<Self, Fault> {
        Ok(Self {
            key: ShipmentKey {
                connection: row.text("connection")?,
                pack_num: row.text("pack_num")?,
                order_id: row.text("order_id")?,
            },
            content: row.text("content")?,
            state: row.text("state")?,
            hold: row.text_if_any("hold")?,
            revision: row.number("revision")?,
            created: row.parsed("created")?,
            updated: row.parsed("updated")?,
        })
    }
}

/// What else changes with a shipment's state. The default changes nothing else.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ShipmentMove {
    /// `None` leaves the content, `Some(json)` replaces it: the pack was corrected.
    pub content: Option<String>,
    /// `None` leaves the hold, `Some(None)` clears it, `Some(Some(json))` sets it.
    pub hold: Option<Option<String>>,
}

async fn found(tx: &mut Tx<'_>, key: &ShipmentKey) -> Result<Option<ShipmentRecord>, Fault> {
    let query = "SELECT * FROM shipments WHERE connection = ?1 AND pack_num = ?2 AND order_id = ?3";
    let row = tx.row(query, &params![&key.connection, &key.pack_num, &key.order_id]).await?;
    row.map(ShipmentRecord::read).transpose()
}

/// Moves a shipment within the caller's transaction and appends the event.
async fn advance(
    tx: &mut Tx<'_>,
    key: &ShipmentKey,
    (from, to): (&str, &str),
    (change, documents): (&ShipmentMove, u32),
    event: &NewEvent,
) -> Result<(), Fault> {
    let changed = tx
        .execute(
            "UPDATE shipments SET state = ?5, hold = CASE WHEN ?6 = 1 THEN ?7 ELSE hold END,
                content = coalesce(?8, content), revision = revision + ?9, updated = ?10
             WHERE connection = ?1 AND pack_num = ?2 AND order_id = ?3 AND state = ?4",
            &params![
                &key.connection,
                &key.pack_num,
                &key.order_id,
                from,
                to,
                change.hold.is_some(),
                change.hold.as_ref().and_then(Option::as_ref),
                change.content.as_ref(),
                documents,
                event.at,
            ],
        )
        .await?;
    let state = "SELECT state FROM shipments
         WHERE connection = ?1 AND pack_num = ?2 AND order_id = ?3";
    let state = (state, &params![&key.connection, &key.pack_num, &key.order_id][..]);
    audit::moved(tx, changed, (&key.to_string(), from, to), state, event).await
}

impl Store {
    /// Records a pack that was seen for the first time; `false` when it was known: then nothing is
    /// written.
    ///
    /// # Errors
    /// [`Error::Database`] when the disk or the database refuses.
    pub async fn shipment_seen(
        &self,
        key: &ShipmentKey,
        content: &str,
        state: &str,
        event: &NewEvent,
    ) -> Result<bool, Error> {
        about(&key.to_string(), async {
            let mut tx = self.write(&key.connection).await?;
            let added = tx
                .execute(
                    "INSERT INTO shipments (connection, pack_num, order_id, content, state, created,
                        updated)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6)
                     ON CONFLICT (connection, pack_num, order_id) DO NOTHING",
                    &params![
                        &key.connection,
                        &key.pack_num,
                        &key.order_id,
                        content,
                        state,
                        event.at,
                    ],
                )
                .await?;
            if added == 0 {
                return Ok(false);
            }
            audit::append_move(&mut tx, event, None, state).await?;
            tx.commit().await?;
            Ok(true)
        })
        .await
    }

    /// A shipment by its key; `None` when it was never seen.
    ///
    /// # Errors
    /// [`Error::Corrupt`] when the record cannot be read back.
    pub async fn shipment(&self, key: &ShipmentKey) -> Result<Option<ShipmentRecord>, Error> {
        about(&key.to_string(), async { found(&mut self.read().await?, key).await }).await
    }

    /// The shipments of one connection, or of all, in this state, or in any; in the order of packs.
    ///
    /// # Errors
    /// [`Error::Corrupt`] when a record cannot be read back.
    pub async fn shipments(
        &self,
        connection: Option<&str>,
        state: Option<&str>,
    ) -> Result<Vec<ShipmentRecord>, Error> {
        about("shipments", async {
            let query = "SELECT * FROM shipments WHERE (?1 IS NULL OR connection = ?1)
                    AND (?2 IS NULL OR state = ?2)
                 ORDER BY length(pack_num), pack_num, order_id, connection";
            let rows = self.read().await?.rows(query, &params![connection, state]).await?;
            rows.into_iter().map(ShipmentRecord::read).collect()
        })
        .await
    }

    /// The shipments of one order, in the order of packs.
    ///
    /// # Errors
    /// [`Error::Corrupt`] when a record cannot be read back.
    pub async fn shipments_of(&self, order: &OrderKey) -> Result<Vec<ShipmentRecord>, Error> {
        about(&format!("shipments of {order}"), async {
            let query = "SELECT * FROM shipments WHERE connection = ?1 AND order_id = ?2
                 ORDER BY length(pack_num), pack_num";
            let params = params![&order.connection, &order.order_id];
            let rows = self.read().await?.rows(query, &params).await?;
            rows.into_iter().map(ShipmentRecord::read).collect()
        })
        .await
    }

    /// Records what Amazon is to be told together with the shipment's transition: all of it, or
    /// nothing. Each intent counts as one more confirmation of the shipment.
    ///
    /// # Errors
    /// [`Error::AlreadyThere`] when a key was recorded before, [`Error::Stale`] when the shipment is
    /// not in `from`, [`Error::Unknown`] when it was never seen.
    pub async fn shipment_intended(
        &self,
        key: &ShipmentKey,
        moved: (&str, &str),
        change: &ShipmentMove,
        intents: &[NewPosting],
        event: &NewEvent,
    ) -> Result<(), Error> {
        about(&key.to_string(), async {
            let mut tx = self.write(&key.connection).await?;
            let documents = u32::try_from(intents.len()).unwrap_or(u32::MAX);
            advance(&mut tx, key, moved, (change, documents), event).await?;
            posting::intend(&mut tx, &key.into(), intents, event.at).await?;
            tx.commit().await
        })
        .await
    }

    /// Moves a shipment from one state to another; both may be the same.
    ///
    /// # Errors
    /// [`Error::Stale`] when it is not in `from`, [`Error::Unknown`] when it was never seen.
    pub async fn shipment_advance(
        &self,
        key: &ShipmentKey,
        from: &str,
        to: &str,
        change: &ShipmentMove,
        event: &NewEvent,
    ) -> Result<(), Error> {
        self.shipment_intended(key, (from, to), change, &[], event).await
    }
}
