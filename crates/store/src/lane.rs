//! Lanes: who may act for a selling account or a company now.
//!
//! Several processes may share a PostgreSQL store. For each lane one of them holds a lease, for a
//! bounded time. Every new holder gets a higher fence, and every write of a store
//! [under](Store::under) a lease checks that its fence is still the newest, in the same transaction:
//! a holder that was suspended past its lease finds out before it has changed anything.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use crate::{
    Store,
    engine::{Access, Engine, Tx, params},
    error::{Error, Fault, about},
};

/// A lane that was claimed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lease {
    /// What it is for, for example a connection's name.
    pub lane: String,
    /// Who holds it.
    pub owner: String,
    /// Higher than that of every holder before.
    pub fence: u64,
}

/// Claims a lane that is free or our own. The time of the claim is `?3` on SQLite, and the server's
/// clock on PostgreSQL: clocks of different machines are never compared.
const CLAIM_SQLITE: &str = "INSERT INTO lanes (lane, owner, fence, until) VALUES (?1, ?2, 1, ?4)
     ON CONFLICT (lane) DO UPDATE SET owner = ?2, fence = lanes.fence + 1, until = ?4
     WHERE lanes.until <= ?3 RETURNING fence";

const CLAIM_POSTGRES: &str = "INSERT INTO lanes (lane, owner, fence, until)
     VALUES (?1, ?2, 1, clock_timestamp() + ?3 * interval '1 millisecond')
     ON CONFLICT (lane) DO UPDATE SET owner = ?2, fence = lanes.fence + 1, until = excluded.until
     WHERE lanes.until <= clock_timestamp() RETURNING fence";

impl Store {
    /// Claims a lane for a time; `None` while somebody else holds it.
    ///
    /// `now` counts on SQLite alone, where there is one process and one clock. PostgreSQL counts by
    /// its own.
    ///
    /// # Errors
    /// [`Error::Database`] when the database refuses.
    pub async fn lane_claim(
        &self,
        lane: &str,
        owner: &str,
        time: Duration,
        now: Timestamp,
    ) -> Result<Option<Lease>, Error> {
        about(&named(lane), async {
            let mut tx = self.begin(Access::Write).await?;
            let claimed = match &*self.engine {
                Engine::Sqlite(_) => {
                    let until = sortable(later(now, time));
                    let params = params![lane, owner, sortable(now), until];
                    tx.row(CLAIM_SQLITE, &params).await?
                }
                Engine::Postgres(_) => {
                    tx.row(CLAIM_POSTGRES, &params![lane, owner, millis(time)]).await?
                }
            };
            let fence = claimed.map(|mut row| row.number("fence")).transpose()?;
            tx.commit().await?;
            let lease = |fence| Lease { lane: lane.to_owned(), owner: owner.to_owned(), fence };
            Ok(fence.map(lease))
        })
        .await
    }

    /// Extends a lease, counted from now. `false` when the lane has another holder since: the work
    /// under it must stop.
    ///
    /// # Errors
    /// [`Error::Database`] when the database refuses.
    pub async fn lane_renew(
        &self,
        lease: &Lease,
        time: Duration,
        now: Timestamp,
    ) -> Result<bool, Error> {
        about(&named(&lease.lane), async {
            let mut tx = self.begin(Access::Write).await?;
            let renewed = match &*self.engine {
                Engine::Sqlite(_) => {
                    let until = sortable(later(now, time));
                    let query = "UPDATE lanes SET until = ?3 WHERE lane = ?1 AND fence = ?2";
                    tx.execute(query, &params![&lease.lane, lease.fence, until]).await?
                }
                Engine::Postgres(_) => {
                    let query = "UPDATE lanes
                         SET until = clock_timestamp() + ?3 * interval '1 millisecond'
                         WHERE lane = ?1 AND fence = ?2";
                    tx.execute(query, &params![&lease.lane, lease.fence, millis(time)]).await?
                }
            };
            tx.commit().await?;
            Ok(renewed == 1)
        })
        .await
    }

    /// Gives a lane back before its time, so that another worker need not wait for it. A lane that
    /// has another holder since stays with it.
    ///
    /// # Errors
    /// [`Error::Database`] when the database refuses.
    pub async fn lane_release(&self, lease: &Lease, now: Timestamp) -> Result<(), Error> {
        self.lane_renew(lease, Duration::ZERO, now).await.map(|_ours| ())
    }

    /// This store, for work under a lease: each write of a record checks it first.
    #[must_use]
    pub fn under(&self, lease: Lease) -> Self {
        Self { lease: Some(lease), ..self.clone() }
    }
}

/// Refuses to go on when the lane has another holder. The row stays locked until the transaction
/// ends, so that nobody can claim the lane between this check and the commit.
pub(crate) async fn check(tx: &mut Tx<'_>, lease: &Lease) -> Result<(), Fault> {
    let query = format!("SELECT fence FROM lanes WHERE lane = ?1{}", tx.for_share());
    let row = tx.row(&query, &params![&lease.lane]).await?;
    let newest: Option<u64> = row.map(|mut row| row.number("fence")).transpose()?;
    if newest == Some(lease.fence) {
        return Ok(());
    }
    Err(Fault::LeaseLost(lease.lane.clone()))
}

fn named(lane: &str) -> String {
    format!("lane {lane}")
}

fn later(now: Timestamp, time: Duration) -> Timestamp {
    let time = SignedDuration::try_from(time).unwrap_or(SignedDuration::MAX);
    now.checked_add(time).unwrap_or(Timestamp::MAX)
}

/// A time whose text sorts as the time does.
pub(crate) fn sortable(at: Timestamp) -> String {
    format!("{at:.9}")
}

pub(crate) fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}
