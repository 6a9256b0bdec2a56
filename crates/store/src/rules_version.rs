//! The texts that a connection's rules file had.

use jiff::Timestamp;

use crate::{
    Store, audit,
    audit::NewEvent,
    document::DocumentHash,
    engine::{Row, Tx, params},
    error::{Error, Fault, about},
};

/// A text that a rules file had.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RulesVersionRecord {
    /// 1 for the connection's first, and so on.
    pub number: u64,
    /// The hash of the text.
    pub hash: DocumentHash,
    /// The whole file.
    pub text: String,
    /// When it was seen first.
    pub saved: Timestamp,
    /// Who saved it; for a text that was found, who found it.
    pub saved_by: String,
    /// Why.
    pub reason: String,
}

impl RulesVersionRecord {
    fn read(mut row: Row) -> Result<Self, Fault> {
        Ok(Self {
            number: row.number("number")?,
            hash: row.parsed("hash")?,
            text: row.text("text")?,
            saved: row.parsed("saved")?,
            saved_by: row.text("saved_by")?,
            reason: row.text("reason")?,
        })
    }
}

/// A text to keep, and why it is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NewRulesVersion<'a> {
    /// The whole file.
    pub text: &'a str,
    /// See [`RulesVersionRecord::reason`].
    pub reason: &'a str,
}

impl Store {
    /// Keeps the text that takes the place of another, which is kept first unless it is the newest
    /// one known: a person may have written it with an editor. Returns the new version's number.
    ///
    /// # Errors
    /// [`Error::Database`] when the database cannot be written.
    pub async fn rules_saved(
        &self,
        connection: &str,
        former: NewRulesVersion<'_>,
        new: NewRulesVersion<'_>,
        event: &NewEvent,
    ) -> Result<u64, Error> {
        about(&format!("rules of {connection}"), async {
            let mut tx = self.write(connection).await?;
            let newest = newest(&mut tx, connection).await?;
            let mut number = newest.as_ref().map_or(0, |(number, _)| *number);
            let is_known = newest.is_some_and(|(_, hash)| hash == hash_of(former.text));
            let found = (!is_known).then_some(former);
            for version in found.into_iter().chain([new]) {
                number += 1;
                let insert = "INSERT INTO rules_versions (connection, number, hash, text, saved,
                        saved_by, reason) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
                let params = params![
                    connection,
                    number,
                    hash_of(version.text),
                    version.text,
                    event.at,
                    &event.actor,
                    version.reason,
                ];
                tx.execute(insert, &params).await?;
            }
            audit::append(&mut tx, event).await?;
            tx.commit().await?;
            Ok(number)
        })
        .await
    }

    /// The texts that the rules file of a connection had, newest first.
    ///
    /// # Errors
    /// [`Error::Corrupt`] when a record cannot be read back.
    pub async fn rules_versions(&self, connection: &str) -> Result<Vec<RulesVersionRecord>, Error> {
        about(&format!("rules of {connection}"), async {
            let query = "SELECT * FROM rules_versions WHERE connection = ?1 ORDER BY number DESC";
            let rows = self.read().await?.rows(query, &params![connection]).await?;
            rows.into_iter().map(RulesVersionRecord::read).collect()
        })
        .await
    }
}

fn hash_of(text: &str) -> DocumentHash {
    DocumentHash::of(text.as_bytes())
}

async fn newest(tx: &mut Tx<'_>, connection: &str) -> Result<Option<(u64, DocumentHash)>, Fault> {
    let query = "SELECT number, hash FROM rules_versions WHERE connection = ?1
         ORDER BY number DESC LIMIT 1";
    let row = tx.row(query, &params![connection]).await?;
    row.map(|mut row| Ok((row.number("number")?, row.parsed("hash")?))).transpose()
}
