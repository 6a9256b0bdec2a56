//! A run of a flow as a command: alone, recorded, and told to whom it concerns.

use anyhow::Context as _;
use store::Store;

use super::App;
use crate::alert::{self, Ran};
use crate::config::{Config, Connection};
use crate::exit::Exit;
use crate::flow::{Cause, Done, Recorded};
use crate::lane;
use crate::output::{self, ATTENTION, styled};

/// Does the work of a flow over one connection while nobody else acts for it, and records how it went;
/// gives back what it did, and the exit code that it earned.
///
/// # Errors
/// Those of the work and of the store, and [`lane::Taken`].
pub(super) async fn recorded<T>(
    app: &App,
    config: &Config,
    (connection, flow): (&Connection, &str),
    store: &Store,
    work: impl AsyncFnOnce(&Store) -> anyhow::Result<(T, Done)>,
) -> anyhow::Result<(T, Exit)> {
    let (name, clock) = (connection.name.as_str(), app.clock.as_ref());
    lane::alone(store, name, clock, async |store| {
        let cause = (Cause::Command, Some(App::person().label()));
        let run = Recorded::begin(&store, (name, flow), cause, clock.now()).await?;
        let went = work(&store).await;
        let done = went.as_ref().map_or_else(Done::failed, |(_, done)| done.clone());
        run.end(&store, clock.now(), &done, None).await?;
        let told = tell(app, config, &store, (connection, flow), &done).await;
        let (summary, done) = went?;
        Ok((summary, done.exit.worse(told)))
    })
    .await
}

/// Raises and calls off alerts after a recorded run, and tells people; the exit code that this earned.
pub(super) async fn tell(
    app: &App,
    config: &Config,
    store: &Store,
    (connection, flow): (&Connection, &str),
    done: &Done,
) -> Exit {
    let ran = Ran::of(flow, done);
    match alert::after_run(config, store, &app.clock, connection, &ran).await {
        Ok(()) => Exit::Ok,
        Err(error) => {
            let exit = Exit::of(&error);
            output::complain(&error.context("nobody could be told how this run ended"));
            exit
        }
    }
}

/// Goes over the connections that have what a flow needs, one after the other: one connection's
/// trouble is not another's.
///
/// # Errors
/// When the configuration cannot be read, or no connection has the table `wants`.
pub(super) async fn each(
    app: &App,
    flow: &str,
    (has, wants): (impl Fn(&Connection) -> bool, &str),
    one: impl AsyncFn(&Config, &Connection) -> anyhow::Result<Exit>,
) -> anyhow::Result<Exit> {
    let config = app.config()?;
    let mut exit = Exit::Ok;
    let mut any = false;
    for connection in app.connections(&config)? {
        if !has(connection) {
            continue;
        }
        any = true;
        warn(connection);
        let went = one(&config, connection).await;
        match went.with_context(|| format!("connection {}", connection.name)) {
            Ok(reached) => exit = exit.worse(reached),
            Err(error) => {
                output::complain(&error);
                exit = exit.worse(Exit::of(&error));
                tell_of_failure(app, &config, (connection, flow), &error).await;
            }
        }
    }
    anyhow::ensure!(any, "no connection has {wants}: add it to {}", app.config_path().display());
    Ok(exit)
}

/// Tells what would break exactly-once; `check` calls it a failure.
pub(super) fn warn(connection: &Connection) {
    if let Some(why) = connection.posting.settles_too_early() {
        let name = &connection.name;
        output::note(format!("{} connection {name}: {why}", styled(ATTENTION, "warning:")));
    }
}

/// What failed before a run began leaves the store as it was, unless others are to be told.
async fn tell_of_failure(
    app: &App,
    config: &Config,
    (connection, flow): (&Connection, &str),
    error: &anyhow::Error,
) {
    if !config.alerts.reach_people() || error.is::<lane::Taken>() {
        return;
    }
    let ran = Ran::of(flow, &Done::failed(error));
    if let Err(error) = alert::after_command(config, &app.clock, connection, &ran).await {
        output::complain(&error.context("nobody could be told of that"));
    }
}
