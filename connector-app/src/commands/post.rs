//! `post` and `reverse`: one settlement, in Epicor, now.

use anyhow::Context as _;
use store::SettlementKey;

use super::{App, recorded};
use crate::cli::Reversal;
use crate::connect::{self, Links};
use crate::exit::Exit;
use crate::lane;
use crate::pipeline::settlement::State;
use crate::pipeline::{Silent, Worker};
use crate::secrets::Secrets;

pub(super) async fn post(app: &App, id: &str) -> anyhow::Result<Exit> {
    in_epicor(app, id, async |worker, key| {
        let state = worker.state(key).await?;
        anyhow::ensure!(
            matches!(state, State::Approved | State::Posting),
            "settlement {id} is {state}; `post` takes one that is approved. {}",
            match state {
                State::Ready => format!("`ml-connector approve {id}` approves it"),
                State::ByHand => "It was entered by hand".to_owned(),
                State::Held => "`ml-connector status` says why it is held".to_owned(),
                _ => "`ml-connector sync settlements` takes it as far as it goes".to_owned(),
            }
        );
        worker.run(key).await
    })
    .await
}

pub(super) async fn reverse(app: &App, reversal: &Reversal) -> anyhow::Result<Exit> {
    in_epicor(app, &reversal.id, async |worker, key| {
        let person = App::person();
        let reversed = worker.reverse(key, reversal.date, person, &reversal.reason).await;
        reversed.with_context(|| {
            format!("settlement {} is not reversed; nothing was changed", reversal.id)
        })?;
        worker.run(key).await
    })
    .await
}

/// Works on one settlement with its company's books at hand. Epicor is asked before the store is
/// touched, so that a wrong key leaves everything as it was.
async fn in_epicor(
    app: &App,
    id: &str,
    work: impl AsyncFnOnce(&Worker<'_>, &SettlementKey) -> anyhow::Result<State>,
) -> anyhow::Result<Exit> {
    let config = app.config()?;
    let store = connect::store(&config).await?;
    let key = super::find(&store, app.common.connection.as_deref(), id).await?;
    let connection = config.connection(Some(&key.connection))?;
    recorded::warn(connection);
    let site = connect::site(connection, &config.folder)?;
    let secrets = Secrets::open(&config).await?;
    let links = Links::new(app.clock.clone());
    let ledger = connect::epicor(connection, &config.folder, &secrets, &app.clock, &links).await?;
    ledger.ping().await.context("asking Epicor for its company; nothing was changed")?;
    let clock = app.clock.as_ref();
    let state = lane::alone(&store, &key.connection, clock, async |store| {
        let worker =
            Worker { site: &site, store: &store, ledger: Some(&ledger), clock, watch: &Silent };
        work(&worker, &key).await
    })
    .await?;
    super::status::show(app, &store, &key).await?;
    Ok(if state == State::Held { Exit::Held } else { Exit::Ok })
}
