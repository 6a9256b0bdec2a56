//! Asks for a run of the settlements of a connection. The part of this process that acts for the
//! connection, one at a time, takes it up within a second; so no button acts beside it.

use store::Store;

use super::seat::Seat;
use crate::serve::Server;

/// The flow that takes settlements to Epicor.
const FLOW: &str = "settlements";

/// `false` when nothing is scheduled for the connection yet.
pub(super) async fn for_a_run(
    server: &Server,
    store: &Store,
    seat: &Seat,
    connection: &str,
) -> anyhow::Result<bool> {
    let (at, by) = (server.clock().now(), seat.actor().label());
    let asked = store.run_asked(connection, FLOW, at, &by).await?;
    if !asked {
        tracing::warn!(connection, "no schedule has the flow {FLOW}");
    }
    Ok(asked)
}
