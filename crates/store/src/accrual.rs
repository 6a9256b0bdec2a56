//! Month-end accruals: one for each fiscal period and currency, with the journal and the reversal that
//! are written for it.

use jiff::Timestamp;

use crate::{
    Store, audit,
    audit::NewEvent,
    engine::{Row, Tx, params},
    error::{Error, Fault, about},
    posting::{self, NewPosting},
    record::{RecordKey, RecordKind},
    signed_period::PeriodKey,
};

impl From<&PeriodKey> for RecordKey {
    /// The period's accrual.
    fn from(key: &PeriodKey) -> Self {
        Self {
            connection: key.connection.clone(),
            kind: RecordKind::Accrual,
            id: format!("{} {}", key.period, key.currency),
        }
    }
}

/// A recorded accrual.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccrualRecord {
    /// The period that it is of.
    pub key: PeriodKey,
    /// Its state now.
    pub state: String,
    /// The two journals and what is in them, as JSON.
    pub plan: String,
    /// Why it is held.
    pub hold: Option<String>,
    /// How a later look at the period differs from the plan, as JSON; `None` when it does not.
    pub differs: Option<String>,
    /// When it was first prepared.
    pub created: Timestamp,
    /// When it last changed.
    pub updated: Timestamp,
}

impl AccrualRecord {
    fn read(mut row: Row) -> Result<Self, Fault> {
        Ok(Self {
            key: PeriodKey::read(&mut row)?,
            state: row.text("state")?,
            plan: row.text("plan")?,
            hold: row.text_if_any("hold")?,
            differs: row.text_if_any("differs")?,
            created: row.parsed("created")?,
            updated: row.parsed("updated")?,
        })
    }
}

/// What else changes with an accrual's state. `None` leaves a member as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AccrualMove {
    /// Another plan.
    pub plan: Option<String>,
    /// `Some(None)` clears the reason it was held for.
    pub hold: Option<Option<String>>,
    /// `Some(None)` when the plan is what would be planned now.
    pub differs: Option<Option<String>>,
}

fn named(key: &PeriodKey) -> String {
    RecordKey::from(key).to_string()
}

async fn found(tx: &mut Tx<'_>, key: &PeriodKey) -> Result<Option<AccrualRecord>, Fault> {
    let query = "SELECT * FROM accruals WHERE connection = ?1 AND currency = ?2 AND period = ?3";
    let params = params![&key.connection, &key.currency, &key.period];
    tx.row(query, &params).await?.map(AccrualRecord::read).transpose()
}

/// Moves an accrual within the caller's transaction and appends the event.
async fn advance(
    tx: &mut Tx<'_>,
    key: &PeriodKey,
    (from, to): (&str, &str),
    change: &AccrualMove,
    event: &NewEvent,
) -> Result<(), Fault> {
    let changed = tx
        .execute(
            "UPDATE accruals SET state = ?5, plan = coalesce(?6, plan),
                hold = CASE WHEN ?7 = 1 THEN ?8 ELSE hold END,
                differs = CASE WHEN ?9 = 1 THEN ?10 ELSE differs END, updated = ?11
             WHERE connection = ?1 AND currency = ?2 AND period = ?3 AND state = ?4",
            &params![
                &key.connection,
                &key.currency,
                &key.period,
                from,
                to,
                change.plan.as_ref(),
                change.hold.is_some(),
                change.hold.as_ref().and_then(Option::as_ref),
                change.differs.is_some(),
                change.differs.as_ref().and_then(Option::as_ref),
                event.at,
            ],
        )
        .await?;
    let state =
        "SELECT state FROM accruals WHERE connection = ?1 AND currency = ?2 AND period = ?3";
    let state = (state, &params![&key.connection, &key.currency, &key.period][..]);
    audit::moved(tx, changed, (&named(key), from, to), state, event).await
}

impl Store {
    /// Records the first plan of a period's accrual.
    ///
    /// # Errors
    /// [`Error::AlreadyThere`] when the period has an accrual.
    pub async fn accrual_prepared(
        &self,
        key: &PeriodKey,
        plan: &str,
        state: &str,
        event: &NewEvent,
    ) -> Result<(), Error> {
        let record = named(key);
        about(&record, async {
            let mut tx = self.write(&key.connection).await?;
            let insert =
                "INSERT INTO accruals (connection, currency, period, state, plan, created, updated)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6)
                 ON CONFLICT (connection, currency, period) DO NOTHING";
            let params =
                params![&key.connection, &key.currency, &key.period, state, plan, event.at];
            if tx.execute(insert, &params).await? != 1 {
                return Err(Error::AlreadyThere { record: record.clone() }.into());
            }
            audit::append_move(&mut tx, event, None, state).await?;
            tx.commit().await
        })
        .await
    }

    /// Moves an accrual from one state to another, together with what is to be written for it: all of
    /// it, or nothing. Both states may be the same.
    ///
    /// # Errors
    /// [`Error::AlreadyThere`] when a key was recorded before, [`Error::Stale`] when the accrual is
    /// not in `from`, [`Error::Unknown`] when the period has none.
    pub async fn accrual_advance(
        &self,
        key: &PeriodKey,
        moved: (&str, &str),
        change: &AccrualMove,
        intents: &[NewPosting],
        event: &NewEvent,
    ) -> Result<(), Error> {
        about(&named(key), async {
            let mut tx = self.write(&key.connection).await?;
            advance(&mut tx, key, moved, change, event).await?;
            posting::intend(&mut tx, &key.into(), intents, event.at).await?;
            tx.commit().await
        })
        .await
    }

    /// A period's accrual; `None` when none was prepared.
    ///
    /// # Errors
    /// [`Error::Corrupt`] when the record cannot be read back.
    pub async fn accrual(&self, key: &PeriodKey) -> Result<Option<AccrualRecord>, Error> {
        about(&named(key), async { found(&mut self.read().await?, key).await }).await
    }

    /// The accruals of one connection, or of all, in the order of connection, period and currency.
    ///
    /// # Errors
    /// [`Error::Corrupt`] when a record cannot be read back.
    pub async fn accruals(&self, connection: Option<&str>) -> Result<Vec<AccrualRecord>, Error> {
        about("accruals", async {
            let query = "SELECT * FROM accruals WHERE (?1 IS NULL OR connection = ?1)
                 ORDER BY connection, period, currency";
            let rows = self.read().await?.rows(query, &params![connection]).await?;
            rows.into_iter().map(AccrualRecord::read).collect()
        })
        .await
    }
}
