//! Credentials: sealed texts by connection and name. The store cannot read them.

use std::{collections::BTreeSet, fmt};

use jiff::Timestamp;
use serde_json::json;

use crate::{
    Store, audit,
    audit::NewEvent,
    engine::{Access, Row, Tx, params},
    error::{Error, Fault, about, refused},
    lane,
};

/// A sealed credential.
#[derive(Clone, PartialEq, Eq)]
pub struct SecretRecord {
    /// The connection, by its configured name.
    pub connection: String,
    /// Its name within the connection: `amazon.client_secret`.
    pub name: String,
    /// The secret, encrypted by the caller.
    pub sealed: String,
    /// When a person set it. Encrypting it anew does not change that.
    pub set_at: Timestamp,
}

/// Shows no part of the sealed text.
impl fmt::Debug for SecretRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SecretRecord")
            .field("connection", &self.connection)
            .field("name", &self.name)
            .field("set_at", &self.set_at)
            .finish_non_exhaustive()
    }
}

impl SecretRecord {
    fn read(mut row: Row) -> Result<Self, Fault> {
        Ok(Self {
            connection: row.text("connection")?,
            name: row.text("name")?,
            sealed: row.text("sealed")?,
            set_at: row.parsed("set_at")?,
        })
    }
}

/// A credential that was encrypted anew.
#[derive(Clone, PartialEq, Eq)]
pub struct Resealed {
    /// The record as it was read.
    pub was: SecretRecord,
    /// The text that takes the place of `was.sealed`.
    pub sealed: String,
}

/// Keeps a sealed text in place of the former one.
const KEEP: &str = "INSERT INTO secrets (connection, name, sealed, set_at) VALUES (?1, ?2, ?3, ?4)
     ON CONFLICT (connection, name) DO UPDATE SET sealed = ?3, set_at = ?4";

/// Shows no part of the sealed texts.
impl fmt::Debug for Resealed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Resealed").field("was", &self.was).finish_non_exhaustive()
    }
}

fn named(connection: &str, name: &str) -> String {
    format!("secret {name} of {connection}")
}

async fn found(
    tx: &mut Tx<'_>,
    connection: &str,
    name: &str,
) -> Result<Option<SecretRecord>, Fault> {
    let query = "SELECT * FROM secrets WHERE connection = ?1 AND name = ?2";
    tx.row(query, &params![connection, name]).await?.map(SecretRecord::read).transpose()
}

/// Refuses when there is a secret beside those that were sealed anew.
async fn left_behind(tx: &mut Tx<'_>, resealed: &[Resealed]) -> Result<(), Fault> {
    let known: BTreeSet<_> =
        resealed.iter().map(|new| (&*new.was.connection, &*new.was.name)).collect();
    for row in tx.rows("SELECT * FROM secrets ORDER BY connection, name", &[]).await? {
        let there = SecretRecord::read(row)?;
        if !known.contains(&(&*there.connection, &*there.name)) {
            let record = named(&there.connection, &there.name);
            return Err(refused(&record, "not set", Some(format!("set {}", there.set_at))).into());
        }
    }
    Ok(())
}

impl Store {
    /// Keeps a sealed credential in place of the former one, and appends the event.
    ///
    /// # Errors
    /// [`Error::Database`] when the disk or the database refuses.
    pub async fn secret_set(
        &self,
        connection: &str,
        name: &str,
        sealed: &str,
        event: &NewEvent,
    ) -> Result<(), Error> {
        about(&named(connection, name), async {
            let mut tx = self.write(connection).await?;
            tx.execute(KEEP, &params![connection, name, sealed, event.at]).await?;
            audit::append(&mut tx, event).await?;
            tx.commit().await
        })
        .await
    }

    /// Keeps a sealed credential unless there is one, and appends the event if it was kept. Returns
    /// what is there now.
    ///
    /// # Errors
    /// [`Error::Database`] when the disk or the database refuses.
    pub async fn secret_set_once(
        &self,
        connection: &str,
        name: &str,
        sealed: &str,
        event: &NewEvent,
    ) -> Result<SecretRecord, Error> {
        about(&named(connection, name), async {
            let mut tx = self.write(connection).await?;
            let query = "INSERT INTO secrets (connection, name, sealed, set_at)
                 VALUES (?1, ?2, ?3, ?4) ON CONFLICT (connection, name) DO NOTHING";
            if tx.execute(query, &params![connection, name, sealed, event.at]).await? == 1 {
                audit::append(&mut tx, event).await?;
            }
            let kept = found(&mut tx, connection, name).await?;
            tx.commit().await?;
            kept.ok_or_else(|| Error::Unknown { record: named(connection, name) }.into())
        })
        .await
    }

    /// A credential that waited under a name of its own takes the place of another: it is kept as
    /// `accepted` says, what it waited under is forgotten, and the event is appended.
    ///
    /// # Errors
    /// [`Error::Unknown`] when nothing waits under that name.
    pub async fn secret_accepted(
        &self,
        accepted: &SecretRecord,
        waited_under: &str,
        event: &NewEvent,
    ) -> Result<(), Error> {
        let SecretRecord { connection, name, sealed, set_at } = accepted;
        about(&named(connection, waited_under), async {
            let mut tx = self.write(connection).await?;
            let forget = "DELETE FROM secrets WHERE connection = ?1 AND name = ?2";
            if tx.execute(forget, &params![connection, waited_under]).await? != 1 {
                let record = named(connection, waited_under);
                return Err(Error::Unknown { record }.into());
            }
            tx.execute(KEEP, &params![connection, name, sealed, *set_at]).await?;
            audit::append(&mut tx, event).await?;
            tx.commit().await
        })
        .await
    }

    /// A sealed credential; `None` when it was never set, or was forgotten.
    ///
    /// # Errors
    /// [`Error::Corrupt`] when the record cannot be read back.
    pub async fn secret(
        &self,
        connection: &str,
        name: &str,
    ) -> Result<Option<SecretRecord>, Error> {
        about(&named(connection, name), async {
            found(&mut self.read().await?, connection, name).await
        })
        .await
    }

    /// The sealed credentials of one connection, or of all, ordered by connection and name.
    ///
    /// # Errors
    /// [`Error::Corrupt`] when a record cannot be read back.
    pub async fn secrets(&self, connection: Option<&str>) -> Result<Vec<SecretRecord>, Error> {
        about("secrets", async {
            let query = "SELECT * FROM secrets WHERE ?1 IS NULL OR connection = ?1
                 ORDER BY connection, name";
            let rows = self.read().await?.rows(query, &params![connection]).await?;
            rows.into_iter().map(SecretRecord::read).collect()
        })
        .await
    }

    /// Replaces the sealed texts of all secrets there are by new ones: all of them, or none. `event`
    /// is told once in the chain of each connection.
    ///
    /// # Errors
    /// [`Error::Stale`] when a secret was set since they were read, or is not among them,
    /// [`Error::Unknown`] when one was forgotten.
    pub async fn secrets_resealed(
        &self,
        resealed: &[Resealed],
        event: &NewEvent,
    ) -> Result<(), Error> {
        let connections: BTreeSet<_> = resealed.iter().map(|new| &*new.was.connection).collect();
        about("secrets", async {
            let mut tx = self.begin(Access::Write).await?;
            tx.sign_with(self.signer.clone());
            // In one order, so that two of these never wait for each other.
            for connection in &connections {
                audit::lock(&mut tx, connection).await?;
            }
            // Behind the chains, as for whoever sets one; a connection may have its first secret.
            tx.lock_table("secrets").await?;
            if let Some(lease) = &self.lease {
                lane::check(&mut tx, lease).await?;
            }
            for Resealed { was, sealed } in resealed {
                let query = "UPDATE secrets SET sealed = ?4
                     WHERE connection = ?1 AND name = ?2 AND sealed = ?3";
                let params = params![&was.connection, &was.name, &was.sealed, sealed];
                if tx.execute(query, &params).await? != 1 {
                    let now = found(&mut tx, &was.connection, &was.name).await?;
                    let actual = now.map(|now| format!("set {}", now.set_at));
                    let record = named(&was.connection, &was.name);
                    return Err(refused(&record, &format!("set {}", was.set_at), actual).into());
                }
            }
            left_behind(&mut tx, resealed).await?;
            for connection in &connections {
                let event = NewEvent { connection: (*connection).to_owned(), ..event.clone() };
                audit::append(&mut tx, &event).await?;
            }
            tx.commit().await
        })
        .await
    }

    /// Forgets all credentials of a connection, and returns their names; the event's detail becomes
    /// what was forgotten.
    ///
    /// # Errors
    /// [`Error::Database`] when the disk or the database refuses.
    pub async fn secrets_forget(
        &self,
        connection: &str,
        event: &NewEvent,
    ) -> Result<Vec<String>, Error> {
        about(&format!("secrets of {connection}"), async {
            let mut tx = self.write(connection).await?;
            let query = "DELETE FROM secrets WHERE connection = ?1 RETURNING name";
            let rows = tx.rows(query, &params![connection]).await?;
            let names = rows.into_iter().map(|mut row| row.text("name"));
            let mut forgotten = names.collect::<Result<Vec<_>, _>>()?;
            forgotten.sort_unstable();
            let detail = json!({ "credentials": forgotten });
            audit::append(&mut tx, &NewEvent { detail, ..event.clone() }).await?;
            tx.commit().await?;
            Ok(forgotten)
        })
        .await
    }

    /// A fact about the installation; `None` when it was never noted.
    ///
    /// # Errors
    /// [`Error::Database`] when the database cannot be read.
    pub async fn setting(&self, name: &str) -> Result<Option<String>, Error> {
        about(&format!("setting {name}"), async {
            let query = "SELECT value FROM settings WHERE name = ?1";
            let row = self.read().await?.row(query, &params![name]).await?;
            row.map(|mut row| row.text("value")).transpose()
        })
        .await
    }

    /// Notes a fact about the installation unless it is noted already, and returns what is noted.
    ///
    /// # Errors
    /// [`Error::Database`] when the disk or the database refuses.
    pub async fn setting_once(&self, name: &str, value: &str) -> Result<String, Error> {
        about(&format!("setting {name}"), async {
            let mut tx = self.begin(Access::Write).await?;
            let query = "INSERT INTO settings (name, value) VALUES (?1, ?2)
                 ON CONFLICT (name) DO NOTHING";
            tx.execute(query, &params![name, value]).await?;
            let kept = tx.row("SELECT value FROM settings WHERE name = ?1", &params![name]).await?;
            tx.commit().await?;
            Ok(kept.map(|mut row| row.text("value")).transpose()?.unwrap_or_default())
        })
        .await
    }
}
