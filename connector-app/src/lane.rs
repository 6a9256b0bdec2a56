//! Acting for a connection alone: one process at a time speaks for a selling account and posts into
//! a company, however many share the store.

use std::time::Duration;

use store::{Lease, Store};
use wire::Clock;

/// How long a lease runs without being renewed: how long the others wait for a process that died.
/// A renewal may fail twice, and a machine be busy for seconds, before the work is given up.
pub const LEASE: Duration = Duration::from_secs(10);

/// How often it is renewed.
const RENEWAL: Duration = Duration::from_secs(3);

/// Another process acts for this connection now.
#[derive(Debug, thiserror::Error)]
#[error(
    "connection {connection}: another ml-connector process is acting for it now; nothing was done \
     here. Try again when it has finished; `status` shows how far it is"
)]
pub struct Taken {
    /// The connection.
    pub connection: String,
}

/// Whether it failed because another process acts for the connection now. That one goes on where this
/// one stopped.
#[must_use]
pub fn is_lost(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        cause.is::<Taken>() || matches!(cause.downcast_ref(), Some(store::Error::LeaseLost { .. }))
    })
}

/// Does the work while no other process can act for the connection. The work gets the store to use:
/// it refuses every write once the lease is lost.
///
/// # Errors
/// [`Taken`] when another process is at it, the store's errors, and those of the work.
pub async fn alone<T>(
    store: &Store,
    connection: &str,
    clock: &dyn Clock,
    work: impl AsyncFnOnce(Store) -> anyhow::Result<T>,
) -> anyhow::Result<T> {
    // A data folder is open for writing in one process only.
    if !store.is_shared() {
        let done = work(store.clone()).await;
        let vouched = store.checkpoint(connection, clock.now()).await;
        let done = done?;
        vouched?;
        return Ok(done);
    }
    under_lease(store, connection, &owner(), clock, work).await
}

/// As [`alone`], by a lease in `owner`'s name whatever the store is on.
///
/// # Errors
/// As [`alone`].
pub async fn under_lease<T>(
    store: &Store,
    connection: &str,
    owner: &str,
    clock: &dyn Clock,
    work: impl AsyncFnOnce(Store) -> anyhow::Result<T>,
) -> anyhow::Result<T> {
    let claimed = store.lane_claim(connection, owner, LEASE, clock.now()).await?;
    let Some(lease) = claimed else {
        return Err(Taken { connection: connection.to_owned() }.into());
    };
    let done = tokio::select! {
        // A process that slept learns of its lost lease before it does anything else.
        biased;
        lost = renew(store, &lease, clock) => Err(lost),
        done = work(store.under(lease.clone())) => done,
    };
    let vouched = store.checkpoint(connection, clock.now()).await;
    let released = store.lane_release(&lease, clock.now()).await;
    // What the work failed at comes first.
    let done = done?;
    vouched?;
    released?;
    Ok(done)
}

/// Ends only when the lease cannot be kept: then whatever is under way stops where it is, and
/// whoever takes over finds it in the store.
pub(crate) async fn renew(store: &Store, lease: &Lease, clock: &dyn Clock) -> anyhow::Error {
    loop {
        clock.sleep(RENEWAL).await;
        match store.lane_renew(lease, LEASE, clock.now()).await {
            Ok(true) => {}
            Ok(false) => return Taken { connection: lease.lane.clone() }.into(),
            // The next renewal may come in time; if not, the writes are refused.
            Err(error) => tracing::warn!(%error, lane = lease.lane, "the lease was not renewed"),
        }
    }
}

/// This process, as the others are told.
#[must_use]
pub fn owner() -> String {
    format!("process {} of {}", std::process::id(), host())
}

fn host() -> String {
    let name = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    match name.trim() {
        "" => "an unnamed machine".to_owned(),
        name => name.to_owned(),
    }
}
