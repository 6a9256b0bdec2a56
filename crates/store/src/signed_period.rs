//! Fiscal periods that a person signed.

use jiff::Timestamp;

use crate::{
    Store, audit,
    audit::NewEvent,
    document::DocumentHash,
    engine::{Row, Tx, params},
    error::{Error, Fault, about},
};

/// What names a fiscal period of a connection's money in one currency.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PeriodKey {
    /// The connection, by its configured name.
    pub connection: String,
    /// ISO 4217 code.
    pub currency: String,
    /// The calendar's name of it.
    pub period: String,
}

impl std::fmt::Display for PeriodKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { connection, currency, period } = self;
        write!(f, "period {period} {currency} of {connection}")
    }
}

/// A signature under a period's figures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedPeriodRecord {
    /// Which period.
    pub key: PeriodKey,
    /// 1 for the period's first signature, and so on.
    pub number: u64,
    /// What was signed, as JSON.
    pub figures: String,
    /// The hash of `figures`.
    pub hash: DocumentHash,
    /// When it was signed.
    pub signed: Timestamp,
    /// Who signed it.
    pub signed_by: String,
    /// When it was re-opened; `None` while it stands.
    pub reopened: Option<Timestamp>,
    /// Who re-opened it.
    pub reopened_by: Option<String>,
    /// Why it was re-opened.
    pub reason: Option<String>,
}

impl PeriodKey {
    pub(crate) fn read(row: &mut Row) -> Result<Self, Fault> {
        Ok(Self {
            connection: row.text("connection")?,
            currency: row.text("currency")?,
            period: row.text("period")?,
        })
    }
}

impl SignedPeriodRecord {
    fn read(mut row: Row) -> Result<Self, Fault> {
        Ok(Self {
            key: PeriodKey::read(&mut row)?,
            number: row.number("number")?,
            figures: row.text("figures")?,
            hash: row.parsed("hash")?,
            signed: row.parsed("signed")?,
            signed_by: row.text("signed_by")?,
            reopened: row.parsed_if_any("reopened")?,
            reopened_by: row.text_if_any("reopened_by")?,
            reason: row.text_if_any("reason")?,
        })
    }
}

impl Store {
    /// Keeps a person's signature under a period's figures, in the name of the event's actor.
    ///
    /// # Errors
    /// [`Error::AlreadyThere`] when the period is signed, and was not re-opened since.
    pub async fn period_signed(
        &self,
        key: &PeriodKey,
        figures: &str,
        event: &NewEvent,
    ) -> Result<(), Error> {
        about(&key.to_string(), async {
            let mut tx = self.write(&key.connection).await?;
            let newest = newest(&mut tx, key).await?;
            if newest.as_ref().is_some_and(|newest| newest.reopened.is_none()) {
                return Err(Error::AlreadyThere { record: key.to_string() }.into());
            }
            let insert =
                "INSERT INTO signed_periods (connection, currency, period, number, figures,
                    hash, signed, signed_by) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
            let params = params![
                &key.connection,
                &key.currency,
                &key.period,
                newest.map_or(0, |newest| newest.number) + 1,
                figures,
                DocumentHash::of(figures.as_bytes()),
                event.at,
                &event.actor,
            ];
            tx.execute(insert, &params).await?;
            audit::append(&mut tx, event).await?;
            tx.commit().await
        })
        .await
    }

    /// Takes a period's signature back, in the name of the event's actor.
    ///
    /// # Errors
    /// [`Error::Unknown`] when the period is not signed.
    pub async fn period_reopened(
        &self,
        key: &PeriodKey,
        reason: &str,
        event: &NewEvent,
    ) -> Result<(), Error> {
        about(&key.to_string(), async {
            let mut tx = self.write(&key.connection).await?;
            let update = "UPDATE signed_periods SET reopened = ?4, reopened_by = ?5, reason = ?6
                 WHERE connection = ?1 AND currency = ?2 AND period = ?3 AND reopened IS NULL";
            let params = params![
                &key.connection,
                &key.currency,
                &key.period,
                event.at,
                &event.actor,
                reason
            ];
            if tx.execute(update, &params).await? != 1 {
                return Err(Error::Unknown { record: format!("a signature under {key}") }.into());
            }
            audit::append(&mut tx, event).await?;
            tx.commit().await
        })
        .await
    }

    /// Every signature of a connection, in the order of period, currency and number.
    ///
    /// # Errors
    /// [`Error::Corrupt`] when a record cannot be read back.
    pub async fn signed_periods(&self, connection: &str) -> Result<Vec<SignedPeriodRecord>, Error> {
        about(&format!("signed periods of {connection}"), async {
            let query = "SELECT * FROM signed_periods WHERE connection = ?1
                 ORDER BY period, currency, number";
            let rows = self.read().await?.rows(query, &params![connection]).await?;
            rows.into_iter().map(SignedPeriodRecord::read).collect()
        })
        .await
    }
}

async fn newest(tx: &mut Tx<'_>, key: &PeriodKey) -> Result<Option<SignedPeriodRecord>, Fault> {
    let query = "SELECT * FROM signed_periods
         WHERE connection = ?1 AND currency = ?2 AND period = ?3 ORDER BY number DESC LIMIT 1";
    let params = params![&key.connection, &key.currency, &key.period];
    tx.row(query, &params).await?.map(SignedPeriodRecord::read).transpose()
}
