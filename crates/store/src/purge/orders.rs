//! Orders with their packs and documents, and alerts that are over, once they are old enough.

use jiff::civil::Date;
use serde_json::json;

use crate::{
    Store, audit,
    audit::NewEvent,
    engine::{Tx, Value, params},
    error::{Error, Fault, about},
};

/// How many orders one certificate names at most; the caller goes on until there are fewer.
pub const ORDERS_AT_ONCE: usize = 1_000;

/// Which orders are due.
#[derive(Clone, Copy, Debug)]
pub struct OldOrders<'a> {
    /// Neither they nor their packs changed on this day or later.
    pub before: Date,
    /// The states in which nothing more comes of an order.
    pub order_states: &'a [&'a str],
    /// The states in which nothing more comes of a pack.
    pub shipment_states: &'a [&'a str],
}

impl OldOrders<'_> {
    async fn due(&self, tx: &mut Tx<'_>, connection: &str) -> Result<Vec<String>, Fault> {
        let mut params = params![connection, self.before].to_vec();
        let mut lists = [self.order_states, self.shipment_states].into_iter().map(|states| {
            let first = params.len() + 1;
            params.extend(states.iter().map(Value::from));
            let places: Vec<_> = (first..=params.len()).map(|place| format!("?{place}")).collect();
            places.join(", ")
        });
        let (orders, shipments) =
            (lists.next().unwrap_or_default(), lists.next().unwrap_or_default());
        drop(lists);
        let query = format!(
            "SELECT order_id FROM orders o
             WHERE connection = ?1 AND updated < ?2 AND changed < ?2 AND state IN ({orders})
             AND NOT EXISTS (
                 SELECT 1 FROM shipments s
                 WHERE s.connection = o.connection AND s.order_id = o.order_id
                 AND (s.updated >= ?2 OR s.state NOT IN ({shipments}))
             )
             ORDER BY order_id LIMIT {ORDERS_AT_ONCE}"
        );
        let rows = tx.rows(&query, &params).await?;
        rows.into_iter().map(|mut row| row.text("order_id")).collect()
    }
}

impl Store {
    /// The first [`ORDERS_AT_ONCE`] orders of a connection that are due.
    ///
    /// # Errors
    /// [`Error::Database`] when the database cannot be read.
    pub async fn orders_due(
        &self,
        connection: &str,
        old: OldOrders<'_>,
    ) -> Result<Vec<String>, Error> {
        about("orders", async { old.due(&mut self.read().await?, connection).await }).await
    }

    /// Removes the first [`ORDERS_AT_ONCE`] orders that are due, with their packs and with what was
    /// written for them. What the audit log tells of them stays. The event, whose detail becomes the
    /// list of ids, is the certificate; there is none when nothing was removed.
    ///
    /// # Errors
    /// [`Error::Database`] when the disk or the database refuses.
    pub async fn purge_orders(
        &self,
        connection: &str,
        old: OldOrders<'_>,
        event: &NewEvent,
    ) -> Result<Vec<String>, Error> {
        about("orders", async {
            let mut tx = self.write(connection).await?;
            let due = old.due(&mut tx, connection).await?;
            for order_id in &due {
                for delete in [
                    "DELETE FROM postings WHERE connection = ?1 AND record = ?2
                     AND record_kind IN ('order', 'shipment')",
                    "DELETE FROM shipments WHERE connection = ?1 AND order_id = ?2",
                    "DELETE FROM orders WHERE connection = ?1 AND order_id = ?2",
                ] {
                    tx.execute(delete, &params![connection, order_id]).await?;
                }
            }
            if !due.is_empty() {
                let before = old.before.to_string();
                let detail = json!({ "orders_unchanged_since_before": before, "orders": due });
                audit::append(&mut tx, &NewEvent { detail, ..event.clone() }).await?;
            }
            tx.commit().await?;
            Ok(due)
        })
        .await
    }

    /// The alerts of a connection that were over before a day, and are kept because somebody who was
    /// told of them could not be told of their end.
    ///
    /// # Errors
    /// [`Error::Database`] when the database cannot be read.
    pub async fn alerts_due(&self, connection: &str, before: Date) -> Result<Vec<String>, Error> {
        about("alerts", async { over(&mut self.read().await?, connection, before).await }).await
    }

    /// Removes the [alerts that are due](Self::alerts_due); the event is the certificate.
    ///
    /// # Errors
    /// [`Error::Database`] when the disk or the database refuses.
    pub async fn purge_alerts(
        &self,
        connection: &str,
        before: Date,
        event: &NewEvent,
    ) -> Result<Vec<String>, Error> {
        about("alerts", async {
            let mut tx = self.write(connection).await?;
            let due = over(&mut tx, connection, before).await?;
            for key in &due {
                for delete in [
                    "DELETE FROM alerts_told WHERE connection = ?1 AND key = ?2",
                    "DELETE FROM alerts WHERE connection = ?1 AND key = ?2",
                ] {
                    tx.execute(delete, &params![connection, key]).await?;
                }
            }
            if !due.is_empty() {
                let detail = json!({ "over_before": before.to_string(), "alerts": due });
                audit::append(&mut tx, &NewEvent { detail, ..event.clone() }).await?;
            }
            tx.commit().await?;
            Ok(due)
        })
        .await
    }
}

async fn over(tx: &mut Tx<'_>, connection: &str, before: Date) -> Result<Vec<String>, Fault> {
    let query = "SELECT key FROM alerts WHERE connection = ?1 AND cleared < ?2 ORDER BY key";
    let rows = tx.rows(query, &params![connection, before]).await?;
    rows.into_iter().map(|mut row| row.text("key")).collect()
}
