//! `approve`, `hold`, `by-hand`, `release`: a person's decision about one settlement.

use super::App;
use crate::cli;
use crate::connect;
use crate::decision::{self, Decision};
use crate::exit::Exit;
use crate::output;
use crate::pipeline::settlement::State;

pub(super) async fn approve(app: &App, approval: &cli::Approval) -> anyhow::Result<Exit> {
    decided(app, &approval.decision, Decision::Approve(approval.date)).await
}

/// Held is what it asks for.
pub(super) async fn hold(app: &App, asked: &cli::Decision) -> anyhow::Result<Exit> {
    let held = decided(app, asked, Decision::Hold).await;
    held.map(|exit| if exit == Exit::Held { Exit::Ok } else { exit })
}

pub(super) async fn by_hand(app: &App, asked: &cli::Decision) -> anyhow::Result<Exit> {
    decided(app, asked, Decision::EnteredByHand).await
}

pub(super) async fn release(app: &App, asked: &cli::Decision) -> anyhow::Result<Exit> {
    decided(app, asked, Decision::Release).await
}

/// Decides, and shows where the settlement stands.
async fn decided(app: &App, asked: &cli::Decision, decision: Decision) -> anyhow::Result<Exit> {
    let config = app.config()?;
    let store = connect::store(&config).await?;
    let key = super::find(&store, app.common.connection.as_deref(), &asked.id).await?;
    let connection = config.connection(Some(&key.connection))?;
    let site = connect::site(connection, &config.folder)?;
    let who = (App::person(), asked.reason.as_deref());
    // `sync settlements` does the rest.
    let with = (&store, &site, app.clock.as_ref());
    let state = decision::decide(with, &key, decision, who).await?;
    super::status::show(app, &store, &key).await?;
    if !app.common.json && matches!(state, State::Approved | State::Posting | State::Mapped) {
        output::line(
            "  next: `ml-connector sync settlements` takes it to Epicor, or `post ID` this one",
        );
    }
    Ok(if state == State::Held { Exit::Held } else { Exit::Ok })
}
