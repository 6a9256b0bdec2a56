//! One module per command. Each returns the exit code it earned; errors carry theirs with them.

mod accrue;
mod alerts;
mod audit;
mod backfill;
mod backup;
mod bank;
mod catalog;
mod check;
mod credentials;
mod data;
mod decide;
mod demo;
mod import;
mod init;
mod manual;
mod orders;
mod pack;
mod plan;
mod post;
mod purge;
mod reconcile;
mod recorded;
mod rules;
mod runs;
mod serve;
mod spinner;
mod status;
mod sweep;
mod sync;
mod users;

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use serde_json::Value;
use store::{SettlementKey, Store};
use wire::{Clock, SystemClock};

use crate::cli::{AuditCommand, Cli, Command, Common, ConfigCommand, OrdersCommand};
use crate::config::{Config, Connection, DEFAULT_FILE};
use crate::exit::Exit;
use crate::output;
use crate::pipeline::Actor;

/// Runs the command of `cli`.
///
/// # Errors
/// What the command could not do; [`Exit::of`] tells the exit code.
pub async fn run(cli: Cli) -> anyhow::Result<Exit> {
    let app = App { common: cli.common, clock: Arc::new(SystemClock::new()) };
    match cli.command {
        Command::Demo(args) => demo::run(&app, &args).await,
        Command::Init(args) => init::run(&app, &args),
        Command::Config(ConfigCommand::Schema) => init::schema(),
        Command::Catalog(command) => catalog::run(&app, &command).await,
        Command::Orders(OrdersCommand::List(args)) => orders::list::run(&app, &args).await,
        Command::Check => check::run(&app).await,
        Command::Sync { command } => sync::run(&app, command).await,
        Command::Import { files } => import::run(&app, &files).await,
        Command::Plan(args) => plan::run(&app, &args).await,
        Command::Bank(command) => bank::run(&app, &command).await,
        Command::Reconcile(args) => reconcile::run(&app, &args).await,
        Command::Pack(args) => pack::run(&app, &args).await,
        Command::Accrue(args) => accrue::run(&app, &args).await,
        Command::Approve(approval) => decide::approve(&app, &approval).await,
        Command::Hold(decision) if orders::is_order_id(&decision.id) => {
            orders::hold(&app, &decision).await
        }
        Command::Hold(decision) => decide::hold(&app, &decision).await,
        Command::ByHand(decision) => decide::by_hand(&app, &decision).await,
        Command::Release(decision) if orders::is_order_id(&decision.id) => {
            orders::release(&app, &decision).await
        }
        Command::Release(decision) => decide::release(&app, &decision).await,
        Command::Post { id } => post::post(&app, &id).await,
        Command::Reverse(reversal) => post::reverse(&app, &reversal).await,
        Command::Sweep => sweep::run(&app).await,
        Command::Serve(args) => serve::run(&app, &args).await,
        Command::Run { flow } => runs::now(&app, &flow).await,
        Command::Runs { limit } => runs::list(&app, limit).await,
        Command::Status { id } => status::run(&app, id.as_deref()).await,
        Command::Alerts { command } => alerts::run(&app, command).await,
        Command::Credentials(command) => credentials::run(&app, &command).await,
        Command::Rules(command) => rules::run(&app, &command).await,
        Command::Users(command) => users::run(&app, &command).await,
        Command::Audit(AuditCommand::Show { id }) => audit::show(&app, &id).await,
        Command::Audit(AuditCommand::Verify { file: None, key }) => {
            audit::proof::verify(&app, key.as_deref()).await
        }
        Command::Audit(AuditCommand::Verify { file: Some(file), key }) => {
            audit::proof::verify_export(&app, &file, key.as_deref())
        }
        Command::Audit(AuditCommand::Export { file }) => audit::proof::export(&app, &file).await,
        Command::Backfill(args) => backfill::run(&app, args).await,
        Command::Purge(args) => purge::run(&app, args).await,
        Command::Data => data::run(&app),
        Command::Completions { shell } => manual::completions(shell),
        Command::Man { dir } => manual::pages(&app, dir.as_deref()),
        Command::Backup { file } => backup::backup(&app, &file).await,
        Command::Restore { file } => backup::restore(&app, &file).await,
        Command::Audit(AuditCommand::Key) => audit::proof::key(&app).await,
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

    /// Prints what was done, for machines or for people.
    fn tell(&self, done: &Value, people: impl fmt::Display) {
        match self.common.json {
            true => output::line(done),
            false => output::line(people),
        }
    }

    /// What a line of one connection is about: `orders:`, or `us, orders:` where it could be another's.
    fn about(&self, config: &Config, connection: &Connection, what: &str) -> String {
        match self.shows_several(config) {
            true => format!("{}, {what}", connection.name),
            false => what.to_owned(),
        }
    }

    /// Whether what is shown may be of more than one connection.
    fn shows_several(&self, config: &Config) -> bool {
        self.common.connection.is_none() && config.connections.len() > 1
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
