//! What takes its time: reports, feeds and queries are asked about until they are through.

use std::time::Duration;

use crate::Error;
use crate::client::{Call, Client};
use crate::text::open_enum;

/// The first pause between two questions; it doubles up to the longest.
const FIRST_PAUSE: Duration = Duration::from_secs(5);
const LONGEST_PAUSE: Duration = Duration::from_mins(1);

open_enum! {
    /// How far a report, a feed or a query is (`processingStatus`).
    ProcessingStatus {
        /// `CANCELLED`: on request, for want of data, or for being asked for too often.
        Cancelled = "CANCELLED",
        /// `DONE`: there is a document.
        Done = "DONE",
        /// `FATAL`: it failed.
        Fatal = "FATAL",
        /// `IN_PROGRESS`.
        InProgress = "IN_PROGRESS",
        /// `IN_QUEUE`.
        InQueue = "IN_QUEUE",
    }
}

impl ProcessingStatus {
    /// Whether it stays so. A status that is new to this version is not taken for the last.
    #[must_use]
    pub fn is_final(&self) -> bool {
        matches!(self, Self::Cancelled | Self::Done | Self::Fatal)
    }
}

/// Calls until `status` is final or `patience` is over, and gives back what was told last.
pub(crate) async fn until_final<C: Call + Sync>(
    client: &Client,
    patience: Duration,
    call: &C,
    status: fn(&C::Answer) -> &ProcessingStatus,
) -> Result<C::Answer, Error> {
    let clock = client.shell().link.clock.as_ref();
    let begun = clock.monotonic();
    let mut pause = FIRST_PAUSE;
    loop {
        let told = client.call(call).await?;
        let left = patience.saturating_sub(clock.monotonic().saturating_sub(begun));
        if status(&told).is_final() || left.is_zero() {
            return Ok(told);
        }
        clock.sleep(pause.min(left)).await;
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
}
