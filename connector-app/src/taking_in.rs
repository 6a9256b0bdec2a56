//! Takes in a settlement file that a person downloaded, from the command line or the console.

use store::Store;
use wire::Clock;

use crate::lane;
use crate::pipeline::settlement::State;
use crate::pipeline::{Actor, Intake, ReadOutcome, Silent, Site, Worker};

/// A settlement of the file.
#[derive(Debug)]
pub struct TakenIn {
    /// Whether it was known.
    pub outcome: ReadOutcome,
    /// Where it stands; a known one where it stood.
    pub state: State,
}

/// Keeps the file, records its settlements and takes the new ones as far as they go without Epicor.
///
/// # Errors
/// [`UnreadableDocument`](crate::pipeline::UnreadableDocument): then nothing was kept.
/// [`Taken`](lane::Taken) while another process acts for the connection, or the store's errors.
pub async fn take_in(
    (store, site, clock): (&Store, &Site, &dyn Clock),
    actor: &Actor,
    name: &str,
    bytes: &[u8],
) -> anyhow::Result<Vec<TakenIn>> {
    lane::alone(store, &site.connection, clock, async |store| {
        let intake = Intake { site, store: &store };
        let worker = Worker { site, store: &store, ledger: None, clock, watch: &Silent };
        let mut taken = Vec::new();
        for outcome in intake.import(clock.now(), actor, name, bytes).await? {
            let state = match &outcome {
                ReadOutcome::New(key) | ReadOutcome::Reissued(key) => worker.run(key).await?,
                ReadOutcome::Known(key) => worker.state(key).await?,
            };
            taken.push(TakenIn { outcome, state });
        }
        Ok(taken)
    })
    .await
}
