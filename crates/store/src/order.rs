//! Orders: one row per Amazon order and connection, moved by compare-and-set. No personal data comes
//! here: what a buyer is called and where the goods go is for the caller to keep out of it.

use std::fmt;

use jiff::Timestamp;

use crate::{
    Store, audit,
    audit::NewEvent,
    engine::{Row, Tx, params},
    error::{Error, Fault, about},
    posting::{self, NewPosting},
    record::{RecordKey, RecordKind},
};

/// What names an order: Amazon's order id within one connection.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OrderKey {
    /// The connection, by its configured name.
    pub connection: String,
    /// Amazon's `orderId`.
    pub order_id: String,
}

impl fmt::Display for OrderKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "order {} of {}", self.order_id, self.connection)
    }
}

impl From<&OrderKey> for RecordKey {
    fn from(key: &OrderKey) -> Self {
        Self {
            connection: key.connection.clone(),
            kind: RecordKind::Order,
            id: key.order_id.clone(),
        }
    }
}

/// An order as Amazon told it at one moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrderTold {
    /// Amazon's `fulfillmentStatus`.
    pub status: String,
    /// Amazon's `lastUpdatedTime`.
    pub changed: Timestamp,
    /// The order without the buyer, as JSON.
    pub payload: String,
}

/// A recorded order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrderRecord {
    /// Which order.
    pub key: OrderKey,
    /// What Amazon told of it last.
    pub told: OrderTold,
    /// Its state now.
    pub state: String,
    /// Why it waits, as JSON.
    pub hold: Option<String>,
    /// What Epicor has of it, as JSON.
    pub entered: Option<String>,
    /// Epicor's `OrderNum`, once it is entered.
    pub order_num: Option<String>,
    /// How many documents were written for it so far.
    pub revision: u32,
    /// When it was first read.
    pub created: Timestamp,
    /// When it last changed.
    pub updated: Timestamp,
}

impl OrderRecord {
    pub(crate) fn read(mut row: Row) -> Result<Self, Fault> {
        Ok(Self {
            key: OrderKey { connection: row.text("connection")?, order_id: row.text("order_id")? },
            told: OrderTold {
                status: row.text("status")?,
                changed: row.parsed("changed")?,
                payload: row.text("payload")?,
            },
            state: row.text("state")?,
            hold: row.text_if_any("hold")?,
            entered: row.text_if_any("entered")?,
            order_num: row.text_if_any("order_num")?,
            revision: row.number("revision")?,
            created: row.parsed("created")?,
            updated: row.parsed("updated")?,
        })
    }
}

/// What else changes with an order's state. The default changes nothing else.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OrderMove {
    /// `None` leaves what Amazon told, `Some` replaces it.
    pub told: Option<OrderTold>,
    /// `None` leaves the hold, `Some(None)` clears it, `Some(Some(json))` sets it.
    pub hold: Option<Option<String>>,
    /// `None` leaves what Epicor has, `Some(json)` replaces it.
    pub entered: Option<String>,
    /// `None` leaves Epicor's number, `Some` sets it.
    pub order_num: Option<String>,
}

async fn found(tx: &mut Tx<'_>, key: &OrderKey) -> Result<Option<OrderRecord>, Fault> {
    let query = "SELECT * FROM orders WHERE connection = ?1 AND order_id = ?2";
    let row = tx.row(query, &params![&key.connection, &key.order_id]).await?;
    row.map(OrderRecord::read).transpose()
}

/// Moves an order within the caller's transaction and appends the event.
async fn advance(
    tx: &mut Tx<'_>,
    key: &OrderKey,
    (from, to): (&str, &str),
    (change, documents): (&OrderMove, u32),
    event: &NewEvent,
) -> Result<(), Fault> {
    let told = change.told.as_ref();
    let changed = tx
        .execute(
            "UPDATE orders SET state = ?4, hold = CASE WHEN ?5 = 1 THEN ?6 ELSE hold END,
                status = coalesce(?7, status), changed = coalesce(?8, changed),
                payload = coalesce(?9, payload), entered = coalesce(?10, entered),
                order_num = coalesce(?11, order_num), revision = revision + ?12, updated = ?13
             WHERE connection = ?1 AND order_id = ?2 AND state = ?3",
            &params![
                &key.connection,
                &key.order_id,
                from,
                to,
                change.hold.is_some(),
                change.hold.as_ref().and_then(Option::as_ref),
                told.map(|told| &told.status),
                told.map(|told| told.changed.to_string()).as_ref(),
                told.map(|told| &told.payload),
                change.entered.as_ref(),
                change.order_num.as_ref(),
                documents,
                event.at,
            ],
        )
        .await?;
    let state = "SELECT state FROM orders WHERE connection = ?1 AND order_id = ?2";
    let state = (state, &params![&key.connection, &key.order_id][..]);
    audit::moved(tx, changed, (&key.to_string(), from, to), state, event).await
}

impl Store {
    /// Records an order that was told for the first time; `false` when it was known: then nothing is
    /// written.
    ///
    /// # Errors
    /// [`Error::Database`] when the disk or the database refuses.
    pub async fn order_told(
        &self,
        key: &OrderKey,
        told: &OrderTold,
        (state, hold): (&str, Option<&str>),
        event: &NewEvent,
    ) -> Result<bool, Error> {
        about(&key.to_string(), async {
            let mut tx = self.write(&key.connection).await?;
            let added = tx
                .execute(
                    "INSERT INTO orders (connection, order_id, status, changed, payload, state,
                        hold, created, updated)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?8)
                     ON CONFLICT (connection, order_id) DO NOTHING",
                    &params![
                        &key.connection,
                        &key.order_id,
                        &told.status,
                        told.changed,
                        &told.payload,
                        state,
                        hold,
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

    /// An order by its key; `None` when it was never told.
    ///
    /// # Errors
    /// [`Error::Corrupt`] when the record cannot be read back.
    pub async fn order(&self, key: &OrderKey) -> Result<Option<OrderRecord>, Error> {
        about(&key.to_string(), async { found(&mut self.read().await?, key).await }).await
    }

    /// An order as the connections beside its own have it, by their names. Whoever has recorded an order
    /// and asks then is seen by all who ask later.
    ///
    /// # Errors
    /// [`Error::Corrupt`] when a record cannot be read back.
    pub async fn order_elsewhere(&self, key: &OrderKey) -> Result<Vec<OrderRecord>, Error> {
        about(&key.to_string(), async {
            let query = "SELECT * FROM orders WHERE order_id = ?1 AND connection <> ?2
                 ORDER BY connection";
            let elsewhere = params![&key.order_id, &key.connection];
            let rows = self.read().await?.rows(query, &elsewhere).await?;
            rows.into_iter().map(OrderRecord::read).collect()
        })
        .await
    }

    /// The order that Epicor knows by a number.
    ///
    /// # Errors
    /// [`Error::Corrupt`] when the record cannot be read back.
    pub async fn order_numbered(
        &self,
        connection: &str,
        order_num: &str,
    ) -> Result<Option<OrderRecord>, Error> {
        about(&format!("order number {order_num} of {connection}"), async {
            let query = "SELECT * FROM orders WHERE connection = ?1 AND order_num = ?2";
            let row = self.read().await?.row(query, &params![connection, order_num]).await?;
            row.map(OrderRecord::read).transpose()
        })
        .await
    }

    /// The orders of one connection, or of all, in this state, or in any; ordered by id.
    ///
    /// # Errors
    /// [`Error::Corrupt`] when a record cannot be read back.
    pub async fn orders(
        &self,
        connection: Option<&str>,
        state: Option<&str>,
    ) -> Result<Vec<OrderRecord>, Error> {
        about("orders", async {
            let query = "SELECT * FROM orders WHERE (?1 IS NULL OR connection = ?1)
                    AND (?2 IS NULL OR state = ?2)
                 ORDER BY order_id, connection";
            let rows = self.read().await?.rows(query, &params![connection, state]).await?;
            rows.into_iter().map(OrderRecord::read).collect()
        })
        .await
    }

    /// How many orders of a connection are in each state.
    ///
    /// # Errors
    /// [`Error::Corrupt`] when a count cannot be read.
    pub async fn order_counts(&self, connection: &str) -> Result<Vec<(String, u64)>, Error> {
        about(&format!("orders of {connection}"), async {
            let query = "SELECT state, count(*) AS orders FROM orders WHERE connection = ?1
                 GROUP BY state ORDER BY state";
            let rows = self.read().await?.rows(query, &params![connection]).await?;
            rows.into_iter()
                .map(|mut row| Ok((row.text("state")?, row.number("orders")?)))
                .collect()
        })
        .await
    }

    /// Records what is to be written for an order together with its transition: all of it, or
    /// nothing. Each intent counts as one more document of the order.
    ///
    /// # Errors
    /// [`Error::AlreadyThere`] when a key was recorded before, [`Error::Stale`] when the order is not
    /// in `from`, [`Error::Unknown`] when it was never told.
    pub async fn order_intended(
        &self,
        key: &OrderKey,
        moved: (&str, &str),
        change: &OrderMove,
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

    /// Moves an order from one state to another; both may be the same.
    ///
    /// # Errors
    /// [`Error::Stale`] when it is not in `from`, [`Error::Unknown`] when it was never told.
    pub async fn order_advance(
        &self,
        key: &OrderKey,
        from: &str,
        to: &str,
        change: &OrderMove,
        event: &NewEvent,
    ) -> Result<(), Error> {
        self.order_intended(key, (from, to), change, &[], event).await
    }
}
