//! `approve`, `hold`, `release`: a person's decision about one settlement.

use anyhow::Context as _;
use store::SettlementKey;

use super::App;
use crate::cli::{Approval, Decision};
use crate::connect;
use crate::exit::Exit;
use crate::lane;
use crate::output;
use crate::pipeline::settlement::{Event, State};
use crate::pipeline::{Silent, Worker};

pub(super) async fn approve(app: &App, approval: &Approval) -> anyhow::Result<Exit> {
    let reason = approval.decision.reason.as_deref();
    decided(app, &approval.decision, async |worker, key| {
        worker.approve(key, approval.date, App::person(), reason).await
    })
    .await
}

/// Held is what it asks for.
pub(super) async fn hold(app: &App, decision: &Decision) -> anyhow::Result<Exit> {
    let reason = decision.reason.as_deref();
    let held = decided(app, decision, async |worker, key| {
        worker.decide(key, Event::Hold, App::person(), reason).await
    });
    held.await.map(|exit| if exit == Exit::Held { Exit::Ok } else { exit })
}

pub(super) async fn release(app: &App, decision: &Decision) -> anyhow::Result<Exit> {
    let reason = decision.reason.as_deref();
    decided(app, decision, async |worker, key| worker.release(key, App::person(), reason).await)
        .await
}

/// Decides, takes the settlement as far as it goes without Epicor, and shows where it stands.
async fn decided(
    app: &App,
    decision: &Decision,
    decide: impl AsyncFnOnce(&Worker<'_>, &SettlementKey) -> anyhow::Result<State>,
) -> anyhow::Result<Exit> {
    let config = app.config()?;
    let store = connect::store(&config).await?;
    let key = super::find(&store, app.common.connection.as_deref(), &decision.id).await?;
    let connection = config.connection(Some(&key.connection))?;
    let site = connect::site(connection, &config.folder)?;
    let worker = Worker {
        site: &site,
        store: &store,
        ledger: None,
        clock: app.clock.as_ref(),
        watch: &Silent,
    };
    decide(&worker, &key).await.with_context(|| {
        format!(
            "settlement {} stays as it is; `ml-connector status` tells where it stands",
            key.settlement_id
        )
    })?;
    // `sync settlements` does the rest.
    let clock = app.clock.as_ref();
    let went = lane::alone(&store, &key.connection, clock, async |store| {
        Worker { store: &store, ..worker }.run(&key).await
    });
    let state = match went.await {
        // The process that is at it goes on from the decision.
        Err(error) if error.is::<lane::Taken>() => worker.state(&key).await?,
        other => other?,
    };
    super::status::show(app, &store, &key).await?;
    if !app.common.json && matches!(state, State::Approved | State::Posting | State::Mapped) {
        output::line(
            "  next: `ml-connector sync settlements` takes it to Epicor, or `post ID` this one",
        );
    }
    Ok(if state == State::Held { Exit::Held } else { Exit::Ok })
}
