//! The two engines behind one small face: statements, rows and transactions.
//!
//! Statements are written once, with `?1`, `?2` … for their parameters, in the SQL that SQLite and
//! PostgreSQL share. What they do not share (opening, locking, migrating) is each engine's own.

pub(crate) mod postgres;
pub(crate) mod sqlite;
mod value;

pub(crate) use value::{Row, Value, params};

use std::sync::Arc;

#[cfg(feature = "interruptions")]
use crate::interruption::{Interrupted, Moment};
use crate::{checkpoint::Signer, error::Fault};

/// Where the data is.
#[derive(Debug)]
pub(crate) enum Engine {
    /// One file, one process.
    Sqlite(sqlite::Sqlite),
    /// A server, any number of processes.
    Postgres(postgres::Postgres),
}

/// What a transaction may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Access {
    /// Sees one consistent moment and changes nothing.
    Read,
    /// Asks the process that writes for something, beside it.
    Ask,
    /// Changes records.
    Write,
}

/// A transaction; dropped before [`commit`](Self::commit), it leaves nothing behind.
pub(crate) struct Tx<'s> {
    on: On<'s>,
    /// Vouches for the events that are appended.
    signer: Option<Arc<dyn Signer>>,
    #[cfg(feature = "interruptions")]
    pub(crate) interrupted: Interrupted,
}

/// The engine that a transaction is on.
enum On<'s> {
    Sqlite(sqlite::Tx<'s>),
    Postgres(postgres::Tx),
}

impl Engine {
    pub(crate) async fn begin(&self, access: Access) -> Result<Tx<'_>, Fault> {
        let on = match self {
            Self::Sqlite(engine) => On::Sqlite(engine.begin(access).await?),
            Self::Postgres(engine) => On::Postgres(engine.begin(access).await?),
        };
        Ok(Tx {
            on,
            signer: None,
            #[cfg(feature = "interruptions")]
            interrupted: Interrupted::default(),
        })
    }
}

impl Tx<'_> {
    pub(crate) fn sign_with(&mut self, signer: Option<Arc<dyn Signer>>) {
        self.signer = signer;
    }

    pub(crate) fn signer(&self) -> Option<Arc<dyn Signer>> {
        self.signer.clone()
    }

    /// Runs a statement and returns how many rows it touched.
    pub(crate) async fn execute(&mut self, sql: &str, params: &[Value<'_>]) -> Result<u64, Fault> {
        match &mut self.on {
            On::Sqlite(tx) => tx.execute(sql, params),
            On::Postgres(tx) => tx.execute(sql, params).await,
        }
    }

    /// All rows of a query.
    pub(crate) async fn rows(
        &mut self,
        sql: &str,
        params: &[Value<'_>],
    ) -> Result<Vec<Row>, Fault> {
        match &mut self.on {
            On::Sqlite(tx) => tx.rows(sql, params),
            On::Postgres(tx) => tx.rows(sql, params).await,
        }
    }

    /// The only row of a query, if there is one.
    pub(crate) async fn row(
        &mut self,
        sql: &str,
        params: &[Value<'_>],
    ) -> Result<Option<Row>, Fault> {
        Ok(self.rows(sql, params).await?.pop())
    }

    /// What a query adds to keep others from changing the rows it read until this transaction ends.
    /// SQLite has one writer at a time and needs nothing.
    pub(crate) fn for_update(&self) -> &'static str {
        match &self.on {
            On::Sqlite(_) => "",
            On::Postgres(_) => " FOR UPDATE",
        }
    }

    /// As [`for_update`](Self::for_update), for rows that others may still read in this way.
    pub(crate) fn for_share(&self) -> &'static str {
        match &self.on {
            On::Sqlite(_) => "",
            On::Postgres(_) => " FOR SHARE",
        }
    }

    /// Keeps others from changing a table, and from adding to it, until this transaction ends. They are
    /// waited for first. SQLite has one writer at a time and needs nothing.
    pub(crate) async fn lock_table(&mut self, table: &'static str) -> Result<(), Fault> {
        match &self.on {
            On::Sqlite(_) => Ok(()),
            On::Postgres(_) => {
                let lock = format!("LOCK TABLE {table} IN SHARE ROW EXCLUSIVE MODE");
                self.execute(&lock, &[]).await.map(|_locked| ())
            }
        }
    }

    pub(crate) async fn commit(self) -> Result<(), Fault> {
        #[cfg(feature = "interruptions")]
        self.interrupted.at(Moment::BeforeCommit).await;
        match self.on {
            On::Sqlite(tx) => tx.commit(),
            On::Postgres(tx) => tx.commit().await,
        }?;
        #[cfg(feature = "interruptions")]
        self.interrupted.at(Moment::AfterCommit).await;
        Ok(())
    }
}
