//! What was kept long enough goes, and leaves a certificate in the audit log.

mod orders;

use jiff::{Timestamp, civil::Date};
use serde_json::json;

use crate::{
    Store, audit,
    audit::NewEvent,
    document::DocumentHash,
    engine::{Tx, Value, params},
    error::{Error, Fault, about},
};

pub use self::orders::{ORDERS_AT_ONCE, OldOrders};

/// A document all of whose settlements are older than a day and in one of the final states. `?1` is
/// the connection, `?2` the day; the states go where the two dots are. Times begin with the day.
const DUE: &str = "SELECT d.hash AS hash FROM documents d
     WHERE d.purged IS NULL
     AND EXISTS (SELECT 1 FROM sightings s WHERE s.document = d.hash AND s.connection = ?1)
     AND NOT EXISTS (
         SELECT 1 FROM sightings s JOIN settlements t
             ON t.connection = s.connection AND t.settlement_id = s.settlement_id
         WHERE s.document = d.hash AND (t.end_date >= ?2 OR t.state NOT IN (..))
     )
     ORDER BY d.hash";

impl Store {
    /// The documents of a connection all of whose settlements ended before a day and are in one of
    /// the states `final_states`. Documents that show another connection's settlement count as that
    /// one's, too.
    ///
    /// # Errors
    /// [`Error::Database`] when the database cannot be read.
    pub async fn documents_due(
        &self,
        connection: &str,
        before: Date,
        final_states: &[&str],
    ) -> Result<Vec<DocumentHash>, Error> {
        about("documents", async {
            due(&mut self.read().await?, connection, before, final_states).await
        })
        .await
    }

    /// Removes the bytes of the [documents that are due](Self::documents_due). What is known of
    /// their settlements stays, and so does the hash. The event, whose detail becomes the list of
    /// hashes, is the certificate; there is none when nothing was removed.
    ///
    /// # Errors
    /// [`Error::Database`] when the disk or the database refuses.
    pub async fn purge_documents(
        &self,
        connection: &str,
        before: Date,
        final_states: &[&str],
        event: &NewEvent,
    ) -> Result<Vec<DocumentHash>, Error> {
        about("documents", async {
            let mut tx = self.write(connection).await?;
            let due = due(&mut tx, connection, before, final_states).await?;
            for hash in &due {
                remove(&mut tx, hash, event.at).await?;
            }
            if !due.is_empty() {
                let hashes: Vec<_> = due.iter().map(ToString::to_string).collect();
                let detail = json!({ "settlements_ended_before": before.to_string(),
                                     "documents": hashes });
                audit::append(&mut tx, &NewEvent { detail, ..event.clone() }).await?;
            }
            tx.commit().await?;
            Ok(due)
        })
        .await
    }
}

async fn due(
    tx: &mut Tx<'_>,
    connection: &str,
    before: Date,
    final_states: &[&str],
) -> Result<Vec<DocumentHash>, Fault> {
    let before = before.to_string();
    let places: Vec<_> = (3..final_states.len() + 3).map(|place| format!("?{place}")).collect();
    let query = DUE.replace("(..)", &format!("({})", places.join(", ")));
    let mut params = params![connection, &before].to_vec();
    params.extend(final_states.iter().map(Value::from));
    let rows = tx.rows(&query, &params).await?;
    rows.into_iter().map(|mut row| row.parsed("hash")).collect()
}

async fn remove(tx: &mut Tx<'_>, hash: &DocumentHash, at: Timestamp) -> Result<(), Fault> {
    let query = "UPDATE documents SET gzip = ?2, purged = ?3 WHERE hash = ?1";
    let nothing: &[u8] = &[];
    tx.execute(query, &params![*hash, nothing, at]).await.map(|_removed| ())
}
