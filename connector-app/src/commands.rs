//! One module per command. Each returns the exit code it earned; errors carry theirs with them.

mod audit;
mod credentials;
mod decide;
mod demo;
mod import;
mod orders;
mod plan;
mod rules;
mod status;
mod sync;

use std::path::PathBuf;
use std::sync::Arc;

use store::{SettlementKey, Store};
use wire::{Clock, SystemClock};

use crate::cli::{AuditCommand, Cli, Command, Common, SyncCommand};
use crate::config::{Config, Connection, DEFAULT_FILE};
use crate::exit::Exit;
use crate::pipeline::Actor;
use crate::pipeline::settlement::Event;

/// Runs the command of `cli`.
///
/// # Errors
/// What the command could not do; [`Exit::of`] tells the exit code.
pub async fn run(cli: Cli) -> anyhow::Result<Exit> {
    let app = App { common: cli.common, clock: Arc::new(SystemClock::new()) };
    match cli.command {
        Command::Demo(args) => demo::run(&app, &args).await,
        Command::Sync(SyncCommand::Orders(args)) => orders::sync_orders(&app, args).await,
        Command::Sync(SyncCommand::Settlements) => sync::settlements(&app).await,
        Command::Sync(SyncCommand::Shipments) => orders::sync_shipments(&app).await,
        Command::Import { files } => import::run(&app, &files).await,
        Command::Plan(args) => plan::run(&app, &args).await,
        Command::Approve(decision) => decide::run(&app, &decision, &Event::Approved).await,
        Command::Hold(decision) => decide::run(&app, &decision, &Event::Hold).await,
        Command::Release(decision) => decide::run(&app, &decision, &Event::Reconsider).await,
        Command::Status { id } => status::run(&app, id.as_deref()).await,
        Command::Credentials(command) => credentials::run(&app, &command).await,
        Command::Rules(command) => rules::run(&app, &command),
        Command::Audit(AuditCommand::Show { id }) => audit::show(&app, &id).await,
        Command::Audit(AuditCommand::Verify { file: None }) => audit::verify(&app).await,
        Command::Audit(AuditCommand::Verify { file: Some(file) }) => {
            audit::verify_export(&app, &file)
        }
        Command::Audit(AuditCommand::Export { file }) => audit::export(&app, &file).await,
    }
}

/// What every command has: the common options and the clock.
#[derive(Debug)]
struct App {
    common: Common,
    clock: Arc<dyn Clock>,
}

impl App {
    fn config_path(&self) -> PathBuf {
        self.common.config.clone().unwrap_or_else(|| PathBuf::from(DEFAULT_FILE))
    }

    fn config(&self) -> anyhow::Result<Config> {
        Ok(Config::load(&self.config_path())?)
    }

    /// The connections a command works on: the named one, or all.
    fn connections<'a>(&self, config: &'a Config) -> anyhow::Result<Vec<&'a Connection>> {
        match &self.common.connection {
            Some(name) => Ok(vec![config.connection(Some(name))?]),
            None => Ok(config.connections.iter().collect()),
        }
    }

    /// The person at the keyboard, as the system names them.
    fn person() -> Actor {
        let name = std::env::var("USER").or_else(|_| std::env::var("USERNAME"));
        Actor::Person(name.unwrap_or_else(|_| "unknown".to_owned()))
    }
}

/// The settlement of that id among the connections of the store.
async fn find(store: &Store, connection: Option<&str>, id: &str) -> anyhow::Result<SettlementKey> {
    let mut found: Vec<_> = store
        .settlements(connection)
        .await?
        .into_iter()
        .map(|record| record.key)
        .filter(|key| key.settlement_id == id)
        .collect();
    match (found.pop(), found.is_empty()) {
        (Some(key), true) => Ok(key),
        (None, _) => anyhow::bail!(
            "there is no settlement {id} in the store; `ml-connector status` lists them"
        ),
        (Some(_), false) => {
            anyhow::bail!("several connections have a settlement {id}; name one with --connection")
        }
    }
}
