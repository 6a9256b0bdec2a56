//! `approve`, `hold`, `release`: a person's decision about one settlement.

use anyhow::Context as _;

use super::{App, orders};
use crate::cli::Decision;
use crate::connect;
use crate::exit::Exit;
use crate::lane;
use crate::output;
use crate::pipeline::settlement::{Event, State};
use crate::pipeline::{Silent, Worker};

pub(super) async fn run(app: &App, decision: &Decision, event: &Event) -> anyhow::Result<Exit> {
    if orders::is_order_id(&decision.id) && *event != Event::Approved {
        return orders::decide(app, decision, *event == Event::Hold).await;
    }
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
    let event = match event {
        // What was on its way goes on being posted; what was not is looked at afresh.
        Event::Reconsider if !store.postings_of(&key).await?.is_empty() => Event::Resume,
        other => other.clone(),
    };
    let asked = event.clone();
    let decided = worker.decide(&key, event, App::person(), decision.reason.as_deref()).await;
    decided.with_context(|| {
        format!(
            "settlement {} stays as it is; `ml-connector status` tells where it stands",
            key.settlement_id
        )
    })?;
    // As far as it goes without Epicor; `sync settlements` does the rest.
    let clock = app.clock.as_ref();
    let went = lane::alone(&store, &key.connection, clock, async |store| {
        Worker { store: &store, ..worker }.run(&key).await
    });
    let state = match went.await {
        // The process that is at it goes on from the decision.
        Err(error) if error.is::<lane::Taken>() => worker.state(&key).await?,
        other => other?,
    };
    if app.common.json {
        output::line(super::status::settlement_json(&store, &key).await?);
    } else {
        for line in super::status::table(&store, Some(&key.connection), Some(&decision.id)).await? {
            output::line(line);
        }
        if matches!(state, State::Approved | State::Posting | State::Mapped) {
            output::line("  next: `ml-connector sync settlements` takes it to Epicor");
        }
    }
    // Held is what `hold` asks for; after a release it means that a person is needed still.
    let held = state == State::Held && asked != Event::Hold;
    Ok(if held { Exit::Held } else { Exit::Ok })
}
