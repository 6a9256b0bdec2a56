//! Signed checkpoints: whoever holds the signing key vouches for a chain of the audit log up to an
//! event. Who rewrites the database, chain and all, cannot sign it.

use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    Store, audit,
    engine::{Row, Tx, params},
    error::{Error, Fault, about},
};

/// A chain is vouched for at least this often, in events.
pub const CHECKPOINT_EVERY: u64 = 100;

/// Signs for whoever runs the connector. The store knows no key.
pub trait Signer: Send + Sync + fmt::Debug {
    /// The half of the key that anybody may have, as text.
    fn public_key(&self) -> String;

    /// The signature of a text, as text.
    fn sign(&self, text: &[u8]) -> String;
}

/// A chain as it was vouched for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checkpoint {
    /// Whose chain.
    pub connection: String,
    /// Its newest event then.
    pub seq: u64,
    /// That event's hash, which stands for all before it.
    pub head: String,
    /// When it was signed.
    pub at: Timestamp,
    /// The signer's key.
    pub public_key: String,
    /// The signature of [`text`](Self::text).
    pub signature: String,
}

impl Checkpoint {
    fn new(signer: &dyn Signer, connection: &str, seq: u64, head: &str, at: Timestamp) -> Self {
        let mut checkpoint = Self {
            connection: connection.to_owned(),
            seq,
            head: head.to_owned(),
            at,
            public_key: signer.public_key(),
            signature: String::new(),
        };
        checkpoint.signature = signer.sign(&checkpoint.text());
        checkpoint
    }

    /// What is signed: a JSON list of the form's name and every field.
    #[must_use]
    pub fn text(&self) -> Vec<u8> {
        let Self { connection, seq, head, at, public_key, .. } = self;
        let form = "ml-connector audit checkpoint 1";
        serde_json::json!([form, connection, seq, head, at.to_string(), public_key])
            .to_string()
            .into_bytes()
    }

    fn read(mut row: Row) -> Result<Self, Fault> {
        Ok(Self {
            connection: row.text("connection")?,
            seq: row.number("seq")?,
            head: row.text("head")?,
            at: row.parsed("at")?,
            public_key: row.text("public_key")?,
            signature: row.text("signature")?,
        })
    }
}

/// Vouches for the event just appended, when its turn has come. Part of the caller's transaction.
pub(crate) async fn when_due(
    tx: &mut Tx<'_>,
    connection: &str,
    seq: u64,
    head: &str,
    at: Timestamp,
) -> Result<(), Fault> {
    match tx.signer() {
        Some(signer) if seq.is_multiple_of(CHECKPOINT_EVERY) => {
            let checkpoint = Checkpoint::new(signer.as_ref(), connection, seq, head, at);
            keep(tx, &checkpoint).await
        }
        _ => Ok(()),
    }
}

async fn keep(tx: &mut Tx<'_>, checkpoint: &Checkpoint) -> Result<(), Fault> {
    let Checkpoint { connection, seq, head, at, public_key, signature } = checkpoint;
    let insert = "INSERT INTO checkpoints (connection, seq, head, at, public_key, signature)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (connection, seq) DO NOTHING";
    let values = params![connection, *seq, head, *at, public_key, signature];
    tx.execute(insert, &values).await.map(|_kept| ())
}

/// The checkpoints of a chain, oldest first.
pub(crate) async fn of_chain(tx: &mut Tx<'_>, connection: &str) -> Result<Vec<Checkpoint>, Fault> {
    let query = "SELECT * FROM checkpoints WHERE connection = ?1 ORDER BY seq";
    let rows = tx.rows(query, &params![connection]).await?;
    rows.into_iter().map(Checkpoint::read).collect()
}

impl Store {
    /// Vouches for a connection's chain as it stands, at the end of a piece of work. Does nothing
    /// without a [signer](Store::signed_by), or when the newest event is vouched for already.
    ///
    /// # Errors
    /// [`Error::Database`] when the disk or the database refuses.
    pub async fn checkpoint(&self, connection: &str, at: Timestamp) -> Result<(), Error> {
        let Some(signer) = &self.signer else { return Ok(()) };
        about("checkpoint", async {
            let mut tx = self.write(connection).await?;
            let (seq, head) = audit::end(&mut tx, connection).await?;
            if seq > 0 {
                let checkpoint = Checkpoint::new(signer.as_ref(), connection, seq, &head, at);
                keep(&mut tx, &checkpoint).await?;
            }
            tx.commit().await
        })
        .await
    }

    /// The checkpoints of a connection's chain, oldest first.
    ///
    /// # Errors
    /// [`Error::Database`] when the database cannot be read.
    pub async fn checkpoints(&self, connection: &str) -> Result<Vec<Checkpoint>, Error> {
        about("checkpoints", async { of_chain(&mut self.read().await?, connection).await }).await
    }
}
