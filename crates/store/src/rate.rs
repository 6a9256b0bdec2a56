//! What is left of request budgets: one row for each account, application and operation of a
//! connection. A hint for the next process; the server that is called has the last word.

use jiff::Timestamp;

use crate::{
    Store,
    engine::{Row, params},
    error::{Error, Fault, about},
};

/// A budget as it was at one moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RateRecord {
    /// The account that is called for.
    pub account: String,
    /// The application that calls.
    pub application: String,
    /// What is called.
    pub operation: String,
    /// The whole calls that were left.
    pub tokens: u32,
    /// Since when the next one was being earned; later than `saved` while a rest was asked for.
    pub earning_since: Timestamp,
    /// The time to earn one, in nanoseconds.
    pub interval_ns: u64,
    /// When this was.
    pub saved: Timestamp,
}

impl RateRecord {
    fn read(mut row: Row) -> Result<Self, Fault> {
        Ok(Self {
            account: row.text("account")?,
            application: row.text("application")?,
            operation: row.text("operation")?,
            tokens: row.number("tokens")?,
            earning_since: row.parsed("earning_since")?,
            interval_ns: row.number("interval_ns")?,
            saved: row.parsed("saved")?,
        })
    }
}

impl Store {
    /// The budgets of a connection, as they were kept last.
    ///
    /// # Errors
    /// [`Error::Corrupt`] when a record cannot be read back.
    pub async fn rates(&self, connection: &str) -> Result<Vec<RateRecord>, Error> {
        about("rates", async {
            let query = "SELECT * FROM rates WHERE connection = ?1
                 ORDER BY account, application, operation";
            let rows = self.read().await?.rows(query, &params![connection]).await?;
            rows.into_iter().map(RateRecord::read).collect()
        })
        .await
    }

    /// Keeps budgets of a connection, in place of what was kept of each.
    ///
    /// # Errors
    /// [`Error::LeaseLost`] when another process acts for the connection, [`Error::Database`] when
    /// the disk or the database refuses.
    pub async fn rates_set(&self, connection: &str, rates: &[RateRecord]) -> Result<(), Error> {
        about("rates", async {
            let mut tx = self.write_unaudited().await?;
            for rate in rates {
                tx.execute(
                    "INSERT INTO rates (connection, account, application, operation, tokens,
                        earning_since, interval_ns, saved) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
                     ON CONFLICT (connection, account, application, operation) DO UPDATE
                     SET tokens = ?5, earning_since = ?6, interval_ns = ?7, saved = ?8",
                    &params![
                        connection,
                        &rate.account,
                        &rate.application,
                        &rate.operation,
                        rate.tokens,
                        rate.earning_since,
                        rate.interval_ns,
                        rate.saved,
                    ],
                )
                .await?;
            }
            tx.commit().await
        })
        .await
    }
}
