//! Settlements: one row per settlement and connection, moved by compare-and-set.

use std::fmt;

use jiff::Timestamp;

use crate::{
    Store, audit,
    audit::NewEvent,
    document::{self, DocumentHash},
    engine::{Row, Tx, params},
    error::{Error, Fault, about},
};

/// What names a settlement: Amazon's settlement id within one connection.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SettlementKey {
    /// The connection, by its configured name.
    pub connection: String,
    /// Amazon's `settlement-id`.
    pub settlement_id: String,
}

impl fmt::Display for SettlementKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "settlement {} of {}", self.settlement_id, self.connection)
    }
}

/// A settlement that was read from a kept document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewSettlement {
    /// Which settlement.
    pub key: SettlementKey,
    /// The kept document it was read from.
    pub document: DocumentHash,
    /// Where the document came from: `report 123` or `import file.txt`.
    pub source: String,
    /// ISO 4217 code of all its amounts.
    pub currency: String,
    /// The `total-amount`, as decimal text; negative when the seller owes Amazon.
    pub deposit: String,
    /// The `settlement-start-date`, in the caller's sortable form (RFC 3339, UTC).
    pub start: String,
    /// The `settlement-end-date`, in the same form; lists are ordered by its text.
    pub end: String,
    /// How many rows it has.
    pub rows: u64,
    /// Its first state.
    pub state: String,
    /// SHA-256 of the settlement's own content, by the caller's recipe. It must not depend on the
    /// document around it: the same settlement in two documents has one content.
    pub content: String,
    /// What of it is compared with the settlements before and after it, as JSON; see
    /// [`Store::chain_facts`].
    pub chain: String,
}

/// What recording a settlement found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recorded {
    /// It was unknown and is recorded now.
    New,
    /// It was known, with the same content.
    Same,
    /// It was known, with another content: Amazon issued it again. The record is unchanged.
    Reissue {
        /// The document the known content was read from.
        known: DocumentHash,
    },
}

/// A recorded settlement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SettlementRecord {
    /// Which settlement.
    pub key: SettlementKey,
    /// The document it was first read from.
    pub document: DocumentHash,
    /// See [`NewSettlement::source`].
    pub source: String,
    /// See [`NewSettlement::currency`].
    pub currency: String,
    /// See [`NewSettlement::deposit`].
    pub deposit: String,
    /// See [`NewSettlement::start`].
    pub start: String,
    /// See [`NewSettlement::end`].
    pub end: String,
    /// See [`NewSettlement::rows`].
    pub rows: u64,
    /// See [`NewSettlement::content`].
    pub content: String,
    /// Its state now.
    pub state: String,
    /// Why it is held, as JSON.
    pub hold: Option<String>,
    /// What is to be posted, as JSON.
    pub plan: Option<String>,
    /// What is known of other contents under its id, as JSON.
    pub reissue: Option<String>,
    /// What a person has waived of the checks, as JSON.
    pub waived: Option<String>,
    /// When it was first read.
    pub created: Timestamp,
    /// When it last changed.
    pub updated: Timestamp,
}

impl SettlementRecord {
    fn read(mut row: Row) -> Result<Self, Fault> {
        Ok(Self {
            key: SettlementKey {
                connection: row.text("connection")?,
                settlement_id: row.text("settlement_id")?,
            },
            document: row.parsed("document")?,
            source: row.text("source")?,
            currency: row.text("currency")?,
            deposit: row.text("deposit")?,
            start: row.text("start_date")?,
            end: row.text("end_date")?,
            rows: row.number("row_count")?,
            content: row.text("content")?,
            state: row.text("state")?,
            hold: row.text_if_any("hold")?,
            plan: row.text_if_any("plan")?,
            reissue: row.text_if_any("reissue")?,
            waived: row.text_if_any("waived")?,
            created: row.parsed("created")?,
            updated: row.parsed("updated")?,
        })
    }
}

/// What else changes with a settlement's state. The default changes nothing else.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SettlementChange {
    /// `None` leaves the hold, `Some(None)` clears it, `Some(Some(json))` sets it.
    pub hold: Option<Option<String>>,
    /// `None` leaves the plan, `Some(json)` replaces it.
    pub plan: Option<String>,
    /// `None` leaves what is known of other contents, `Some(json)` replaces it.
    pub reissue: Option<String>,
    /// `None` leaves what was waived, `Some(json)` replaces it.
    pub waived: Option<String>,
    /// `Some` when a person decided for another content: the record is of that one from now on.
    pub content: Option<NewContent>,
}

/// Another content that a settlement takes on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewContent {
    /// The kept document it is read from.
    pub document: DocumentHash,
    /// See [`NewSettlement::source`].
    pub source: String,
    /// See [`NewSettlement::deposit`].
    pub deposit: String,
    /// See [`NewSettlement::start`].
    pub start: String,
    /// See [`NewSettlement::end`].
    pub end: String,
    /// See [`NewSettlement::rows`].
    pub rows: u64,
    /// See [`NewSettlement::content`].
    pub content: String,
    /// See [`NewSettlement::chain`].
    pub chain: String,
}

/// Moves a settlement within the caller's transaction and appends the event.
pub(crate) async fn advance(
    tx: &mut Tx<'_>,
    key: &SettlementKey,
    (from, to): (&str, &str),
    change: &SettlementChange,
    event: &NewEvent,
) -> Result<(), Fault> {
    let changed = tx
        .execute(
            "UPDATE settlements SET state = ?4, hold = CASE WHEN ?5 = 1 THEN ?6 ELSE hold END,
                plan = coalesce(?7, plan), reissue = coalesce(?9, reissue),
                waived = coalesce(?10, waived), updated = ?8
             WHERE connection = ?1 AND settlement_id = ?2 AND state = ?3",
            &params![
                &key.connection,
                &key.settlement_id,
                from,
                to,
                change.hold.is_some(),
                change.hold.as_ref().and_then(Option::as_ref),
                change.plan.as_ref(),
                event.at,
                change.reissue.as_ref(),
                change.waived.as_ref(),
            ],
        )
        .await?;
    let state = "SELECT state FROM settlements WHERE connection = ?1 AND settlement_id = ?2";
    let state = (state, &params![&key.connection, &key.settlement_id][..]);
    audit::moved(tx, changed, (&key.to_string(), from, to), state, event).await?;
    match &change.content {
        Some(content) => take_on(tx, key, content).await,
        None => Ok(()),
    }
}

/// Makes the record one of another content; it was moved by the same transaction.
async fn take_on(tx: &mut Tx<'_>, key: &SettlementKey, content: &NewContent) -> Result<(), Fault> {
    document::required(tx, &content.document).await?;
    tx.execute(
        "UPDATE settlements SET document = ?3, source = ?4, deposit = ?5, start_date = ?6,
            end_date = ?7, row_count = ?8, content = ?9, chain = ?10
         WHERE connection = ?1 AND settlement_id = ?2",
        &params![
            &key.connection,
            &key.settlement_id,
            content.document,
            &content.source,
            &content.deposit,
            &content.start,
            &content.end,
            content.rows,
            &content.content,
            &content.chain,
        ],
    )
    .await?;
    Ok(())
}

async fn found(tx: &mut Tx<'_>, key: &SettlementKey) -> Result<Option<SettlementRecord>, Fault> {
    let query = "SELECT * FROM settlements WHERE connection = ?1 AND settlement_id = ?2";
    let row = tx.row(query, &params![&key.connection, &key.settlement_id]).await?;
    row.map(SettlementRecord::read).transpose()
}

async fn insert(tx: &mut Tx<'_>, new: &NewSettlement, event: &NewEvent) -> Result<(), Fault> {
    tx.execute(
        "INSERT INTO settlements (connection, settlement_id, document, source, currency, deposit,
            start_date, end_date, row_count, content, state, chain, created, updated)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?13, ?12, ?12)",
        &params![
            &new.key.connection,
            &new.key.settlement_id,
            new.document,
            &new.source,
            &new.currency,
            &new.deposit,
            &new.start,
            &new.end,
            new.rows,
            &new.content,
            &new.state,
            event.at,
            &new.chain,
        ],
    )
    .await?;
    audit::append_move(tx, event, None, &new.state).await?;
    Ok(())
}

/// A settlement as another connection has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SettlementElsewhere {
    /// The other connection's settlement.
    pub key: SettlementKey,
    /// Its state there.
    pub state: String,
}

/// A settlement that came, as far as it tells of the next one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PastSettlement {
    /// Amazon's number of it.
    pub settlement_id: String,
    /// ISO code.
    pub currency: String,
    /// What was paid out, or is owed if negative, as decimal text.
    pub deposit: String,
    /// When it began, as its document says.
    pub start: String,
    /// When it ended, as its document says.
    pub end: String,
    /// The marketplace its report named, if it named one.
    pub marketplace: Option<String>,
}

impl Store {
    /// Records a settlement that was read, or says how it compares with the one that is known.
    ///
    /// Only [`Recorded::New`] appends the event. In every case it is noted that this document
    /// showed the settlement, so that [`events_of`](Self::events_of) tells of its reports too.
    ///
    /// # Errors
    /// [`Error::Unknown`] when the document is not kept.
    pub async fn settlement_read(
        &self,
        new: &NewSettlement,
        event: &NewEvent,
    ) -> Result<Recorded, Error> {
        about(&new.key.to_string(), async {
            let mut tx = self.write(&new.key.connection).await?;
            document::required(&mut tx, &new.document).await?;
            let recorded = match found(&mut tx, &new.key).await? {
                None => {
                    insert(&mut tx, new, event).await?;
                    Recorded::New
                }
                Some(known) if known.content == new.content => Recorded::Same,
                Some(known) => Recorded::Reissue { known: known.document },
            };
            tx.execute(
                "INSERT INTO sightings (connection, settlement_id, document, source)
                 VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING",
                &params![&new.key.connection, &new.key.settlement_id, new.document, &new.source,],
            )
            .await?;
            tx.commit().await?;
            Ok(recorded)
        })
        .await
    }

    /// A settlement by its key; `None` when it was never read.
    ///
    /// # Errors
    /// [`Error::Corrupt`] when the record cannot be read back.
    pub async fn settlement(&self, key: &SettlementKey) -> Result<Option<SettlementRecord>, Error> {
        about(&key.to_string(), async { found(&mut self.read().await?, key).await }).await
    }

    /// The settlements of one connection, or of all, ordered by end, then id.
    ///
    /// # Errors
    /// [`Error::Corrupt`] when a record cannot be read back.
    pub async fn settlements(
        &self,
        connection: Option<&str>,
    ) -> Result<Vec<SettlementRecord>, Error> {
        about("settlements", async {
            let query = "SELECT * FROM settlements WHERE ?1 IS NULL OR connection = ?1
                 ORDER BY end_date, settlement_id, connection";
            let rows = self.read().await?.rows(query, &params![connection]).await?;
            rows.into_iter().map(SettlementRecord::read).collect()
        })
        .await
    }

    /// The connections beside its own that have read a settlement of this id, by name. Whoever has
    /// recorded a settlement and asks then is seen by all who ask later: of two that came at once, one
    /// at least learns of the other.
    ///
    /// # Errors
    /// [`Error::Database`] when the database cannot be read.
    pub async fn settlement_elsewhere(
        &self,
        key: &SettlementKey,
    ) -> Result<Vec<SettlementElsewhere>, Error> {
        about(&key.to_string(), async {
            // The key of the sightings begins with the id; that of the settlements does not.
            let query = "SELECT connection, settlement_id, state FROM settlements
                 WHERE settlement_id = ?1 AND connection IN (
                     SELECT connection FROM sightings
                     WHERE settlement_id = ?1 AND connection <> ?2)
                 ORDER BY connection";
            let found = params![&key.settlement_id, &key.connection];
            let rows = self.read().await?.rows(query, &found).await?;
            let read = |mut row: Row| -> Result<_, Fault> {
                let (connection, settlement_id) =
                    (row.text("connection")?, row.text("settlement_id")?);
                let key = SettlementKey { connection, settlement_id };
                Ok(SettlementElsewhere { key, state: row.text("state")? })
            };
            rows.into_iter().map(read).collect()
        })
        .await
    }

    /// What is compared of the settlements of one connection and currency, ordered by end, then id.
    ///
    /// # Errors
    /// [`Error::Database`] when the database cannot be read.
    pub async fn chain_facts(
        &self,
        connection: &str,
        currency: &str,
    ) -> Result<Vec<String>, Error> {
        about("settlements", async {
            let query = "SELECT chain FROM settlements WHERE connection = ?1 AND currency = ?2
                 ORDER BY end_date, settlement_id";
            let rows = self.read().await?.rows(query, &params![connection, currency]).await?;
            rows.into_iter().map(|mut row| row.text("chain")).collect()
        })
        .await
    }

    /// What is kept of each settlement of a connection beside its plan, see
    /// [`NewSettlement::chain`], by settlement id.
    ///
    /// # Errors
    /// [`Error::Database`] when the database cannot be read.
    pub async fn settlement_chains(
        &self,
        connection: &str,
    ) -> Result<Vec<(String, String)>, Error> {
        about(&format!("settlements of {connection}"), async {
            let query = "SELECT settlement_id, chain FROM settlements WHERE connection = ?1
                 ORDER BY settlement_id";
            let rows = self.read().await?.rows(query, &params![connection]).await?;
            let read = |mut row: Row| Ok((row.text("settlement_id")?, row.text("chain")?));
            rows.into_iter().map(read).collect()
        })
        .await
    }

    /// Every settlement of a connection as far as it tells of the next one, in the order of
    /// [`settlements`](Self::settlements).
    ///
    /// # Errors
    /// [`Error::Corrupt`] when a record cannot be read back.
    pub async fn past_settlements(&self, connection: &str) -> Result<Vec<PastSettlement>, Error> {
        about(&format!("settlements of {connection}"), async {
            let query = "SELECT settlement_id, currency, deposit, start_date, end_date, marketplace
                 FROM settlements JOIN documents ON documents.hash = settlements.document
                 WHERE connection = ?1 ORDER BY end_date, settlement_id";
            let rows = self.read().await?.rows(query, &params![connection]).await?;
            let read = |mut row: Row| -> Result<_, Fault> {
                Ok(PastSettlement {
                    settlement_id: row.text("settlement_id")?,
                    currency: row.text("currency")?,
                    deposit: row.text("deposit")?,
                    start: row.text("start_date")?,
                    end: row.text("end_date")?,
                    marketplace: row.text_if_any("marketplace")?,
                })
            };
            rows.into_iter().map(read).collect()
        })
        .await
    }

    /// Moves a settlement from one state to another. `from` and `to` may be equal, to keep something
    /// with it.
    ///
    /// # Errors
    /// [`Error::Stale`] when it is not in `from`, [`Error::Unknown`] when it was never read.
    pub async fn settlement_advance(
        &self,
        key: &SettlementKey,
        from: &str,
        to: &str,
        change: &SettlementChange,
        event: &NewEvent,
    ) -> Result<(), Error> {
        self.intents_recorded(key, (from, to), change, &[], event).await
    }
}
