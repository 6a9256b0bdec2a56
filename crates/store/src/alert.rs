//! Alerts: what needs a person, and who was told of it when, so that a restart tells nothing twice.

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::{
    Store,
    engine::{Row, Tx, params},
    error::{Error, Fault, about},
};

/// Something that needs a person now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewAlert {
    /// What it is about, unique within the connection: `held settlement 81`.
    pub key: String,
    /// The caller's word for its kind: `held`.
    pub kind: String,
    /// How far it has come; when this changes, it is told anew.
    pub stage: String,
    /// What is to be said, as the caller writes it.
    pub message: String,
}

/// A recorded alert.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AlertRecord {
    /// The connection, by its configured name.
    pub connection: String,
    /// See [`NewAlert::key`].
    pub key: String,
    /// See [`NewAlert::kind`].
    pub kind: String,
    /// See [`NewAlert::stage`].
    pub stage: String,
    /// See [`NewAlert::message`].
    pub message: String,
    /// When it was first found.
    pub raised: Timestamp,
    /// When it was over; such an alert is kept until everyone who was told of it knows.
    pub cleared: Option<Timestamp>,
    /// The channels that were told of it, and when last.
    pub told: BTreeMap<String, Timestamp>,
}

impl AlertRecord {
    fn read(mut row: Row) -> Result<Self, Fault> {
        Ok(Self {
            connection: row.text("connection")?,
            key: row.text("key")?,
            kind: row.text("kind")?,
            stage: row.text("stage")?,
            message: row.text("message")?,
            raised: row.parsed("raised")?,
            cleared: row.parsed_if_any("cleared")?,
            told: BTreeMap::new(),
        })
    }
}

/// The alerts of one connection, or of all, with whom they were told to.
async fn recorded(tx: &mut Tx<'_>, connection: Option<&str>) -> Result<Vec<AlertRecord>, Fault> {
    let query = "SELECT * FROM alerts WHERE ?1 IS NULL OR connection = ?1 ORDER BY connection, key";
    let rows = tx.rows(query, &params![connection]).await?;
    let mut alerts: Vec<_> = rows.into_iter().map(AlertRecord::read).collect::<Result<_, _>>()?;
    let query = "SELECT * FROM alerts_told WHERE ?1 IS NULL OR connection = ?1";
    for mut row in tx.rows(query, &params![connection]).await? {
        let (connection, key) = (row.text("connection")?, row.text("key")?);
        let known = alerts.iter_mut().find(|one| one.connection == connection && one.key == key);
        if let Some(alert) = known {
            alert.told.insert(row.text("channel")?, row.parsed("told")?);
        }
    }
    Ok(alerts)
}

async fn raise(
    tx: &mut Tx<'_>,
    connection: &str,
    alert: &NewAlert,
    known: Option<&AlertRecord>,
    at: Timestamp,
) -> Result<(), Fault> {
    let goes_on = known.filter(|known| known.cleared.is_none());
    if goes_on.is_none_or(|known| known.stage != alert.stage) {
        let forget = "DELETE FROM alerts_told WHERE connection = ?1 AND key = ?2";
        tx.execute(forget, &params![connection, &alert.key]).await?;
    }
    let raised = goes_on.map_or(at, |known| known.raised);
    let NewAlert { key, kind, stage, message } = alert;
    tx.execute(
        "INSERT INTO alerts (connection, key, kind, stage, message, raised)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)
         ON CONFLICT (connection, key) DO UPDATE
         SET kind = ?3, stage = ?4, message = ?5, raised = ?6, cleared = NULL",
        &params![connection, key, kind, stage, message, raised],
    )
    .await?;
    Ok(())
}

/// Forgets the alerts that are over, once nobody is left to be told.
async fn forget(tx: &mut Tx<'_>, connection: &str) -> Result<(), Fault> {
    let query = "DELETE FROM alerts WHERE connection = ?1 AND cleared IS NOT NULL AND NOT EXISTS (
             SELECT 1 FROM alerts_told WHERE alerts_told.connection = alerts.connection
             AND alerts_told.key = alerts.key)";
    tx.execute(query, &params![connection]).await?;
    Ok(())
}

impl Store {
    /// Records what needs a person now, of the kinds that were looked for. What is new is raised,
    /// what changed its stage is to be told anew, and what is found no longer is cleared.
    ///
    /// # Errors
    /// [`Error::Database`] when the disk or the database refuses.
    pub async fn alerts_found(
        &self,
        connection: &str,
        kinds: &[&str],
        found: &[NewAlert],
        at: Timestamp,
    ) -> Result<(), Error> {
        about(&format!("alerts of {connection}"), async {
            let mut tx = self.write(connection).await?;
            let known = recorded(&mut tx, Some(connection)).await?;
            for alert in found {
                let known = known.iter().find(|known| known.key == alert.key);
                raise(&mut tx, connection, alert, known, at).await?;
            }
            let over = known.iter().filter(|known| {
                known.cleared.is_none()
                    && kinds.contains(&known.kind.as_str())
                    && found.iter().all(|found| found.key != known.key)
            });
            for alert in over {
                let query = "UPDATE alerts SET cleared = ?3 WHERE connection = ?1 AND key = ?2";
                tx.execute(query, &params![connection, &alert.key, at]).await?;
            }
            forget(&mut tx, connection).await?;
            tx.commit().await
        })
        .await
    }

    /// The alerts of one connection, or of all, ordered by connection and key: those that are open,
    /// and those that are over and must still be told to someone.
    ///
    /// # Errors
    /// [`Error::Corrupt`] when a record cannot be read back.
    pub async fn alerts(&self, connection: Option<&str>) -> Result<Vec<AlertRecord>, Error> {
        about("alerts", async { recorded(&mut self.read().await?, connection).await }).await
    }

    /// Records that a channel was told how these alerts stand. One that is over is forgotten when
    /// nobody else is left to be told.
    ///
    /// # Errors
    /// [`Error::Database`] when the disk or the database refuses.
    pub async fn alerts_told(
        &self,
        connection: &str,
        channel: &str,
        told: &[AlertRecord],
        at: Timestamp,
    ) -> Result<(), Error> {
        about(&format!("alerts of {connection}"), async {
            let mut tx = self.write(connection).await?;
            for alert in told {
                if alert.cleared.is_some() {
                    let query = "DELETE FROM alerts_told
                         WHERE connection = ?1 AND key = ?2 AND channel = ?3";
                    tx.execute(query, &params![connection, &alert.key, channel]).await?;
                } else {
                    let query = "INSERT INTO alerts_told (connection, key, channel, told)
                         SELECT connection, key, ?3, ?4 FROM alerts
                         WHERE connection = ?1 AND key = ?2
                         ON CONFLICT (connection, key, channel) DO UPDATE SET told = ?4";
                    tx.execute(query, &params![connection, &alert.key, channel, at]).await?;
                }
            }
            forget(&mut tx, connection).await?;
            tx.commit().await
        })
        .await
    }
}
