//! One connection's turn: everything that is due for it, while nobody else acts for it.

use std::future::pending;
use std::sync::{Arc, Mutex, PoisonError};

use store::{Claimed, DueFlow, Next, Store};
use tokio::task::{JoinError, JoinSet};
use tracing::Instrument as _;
use tracing::field::Empty;
use wire::Clock;

use super::Server;
use super::in_force::Loaded;
use super::keeper;
use super::rates::Rates;
use super::stop::{RunClock, Stop};
use crate::alert::{self, Ran};
use crate::exit::Exit;
use crate::flow::{self, Cause, Done, Recorded, Work};
use crate::lane;
use crate::pipeline::Watch;
use crate::schedule::seed;

/// How a turn ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ended {
    /// Everything that was due ran, or was left because the process stops.
    Well,
    /// The store did not take it; the connection rests before the next turn.
    Badly,
}

/// The run that is under way in a turn, so that its end can be recorded from outside of it.
type UnderWay = Arc<Mutex<Option<(Recorded, DueFlow)>>>;

/// Runs what is due, each flow after the other. Whatever happens in it, others do not notice.
pub(super) async fn take(server: Arc<Server>, claimed: Claimed) -> Ended {
    let connection = claimed.connection.clone();
    let lease = claimed.lease.clone();
    match turn(&server, claimed).await {
        Ok(store) => {
            if let Some(lease) = lease
                && let Err(error) = store.lane_release(&lease, server.clock.now()).await
            {
                tracing::warn!("{connection}: free when its lease is over: {error}");
            }
            Ended::Well
        }
        // The lane is kept until its lease is over, so that other workers let it rest too.
        Err(error) => {
            if keeper::may_pass(&error) {
                tracing::debug!("{connection}: {error:#}");
            } else if lane::is_lost(&error) {
                // The other one goes on with what was under way here; nobody needs to act.
                tracing::warn!("{connection}: {error:#}");
            } else {
                tracing::error!("{connection}: {error:#}");
            }
            Ended::Badly
        }
    }
}

async fn turn(server: &Arc<Server>, claimed: Claimed) -> anyhow::Result<Store> {
    let connection = claimed.connection.clone();
    let lease = claimed.lease.clone();
    let store = server.keeper.write().await?;
    let under = lease.clone().map_or_else(|| store.clone(), |lease| store.under(lease));
    let under_way = UnderWay::default();
    let gates = server.links.rates();
    let rates = Rates { gates: &gates, store: &under, connection: &connection };
    rates.take_note().await;
    // A task of its own: a long computation in it delays no renewal, a panic ends only it, and
    // dropping the set ends it wherever it waits.
    let mut work = JoinSet::new();
    work.spawn(flows(Arc::clone(server), under.clone(), claimed, Arc::clone(&under_way)));
    let lost = async {
        match &lease {
            Some(lease) => lane::renew(&store, lease, server.clock.as_ref()).await,
            None => pending().await,
        }
    };
    let ended = tokio::select! {
        ended = work.join_next() => ended,
        lost = lost => return Err(lost),
        () = server.stop.wait_to_leave() => None,
        () = rates.keep_on(server.clock.as_ref()) => None,
    };
    work.shutdown().await;
    rates.keep().await;
    let run = under_way.lock().unwrap_or_else(PoisonError::into_inner).take();
    match (ended, run) {
        (Some(Ok(went)), _) => went?,
        (Some(Err(panic)), run) => panicked(server, &under, &connection, run, &panic).await?,
        (None, Some((run, _))) => run.left(&under, server.clock.now()).await?,
        (None, None) => {}
    }
    under.checkpoint(&connection, server.clock.now()).await?;
    Ok(store)
}

/// The flows that are due, until the process is to stop.
async fn flows(
    server: Arc<Server>,
    store: Store,
    claimed: Claimed,
    under_way: UnderWay,
) -> anyhow::Result<()> {
    let loaded = server.in_force.get();
    for due in claimed.flows {
        if server.stop.asked() {
            break;
        }
        let name = claimed.connection.as_str();
        // Another worker may have a newer configuration, and plan what this one does not know.
        if flow::named(&due.flow).is_none() || loaded.config.connection(Some(name)).is_err() {
            continue;
        }
        let cause = if due.asked.is_some() { Cause::RunNow } else { Cause::Schedule };
        let what = (name, due.flow.as_str());
        let why = (cause, due.asked_by.clone());
        let run = Recorded::begin(&store, what, why, server.clock.now()).await?;
        keep(&under_way, Some((run, due.clone())));
        let (flow, trigger) = (due.flow.as_str(), cause.as_str());
        let span = tracing::info_span!("run", connection = name, flow, trigger, outcome = Empty);
        let done = one(&server, &loaded, &store, name, &due).instrument(span.clone()).await;
        let outcome = done.as_ref().map_or(store::INTERRUPTED, |done| done.exit.as_str());
        span.record("outcome", outcome);
        let Some((run, _)) = keep(&under_way, None) else { break };
        match done {
            Some(done) => ended(&server, &store, name, &run, &due, &done).await?,
            None => run.left(&store, server.clock.now()).await?,
        }
    }
    Ok(())
}

fn keep(slot: &UnderWay, run: Option<(Recorded, DueFlow)>) -> Option<(Recorded, DueFlow)> {
    std::mem::replace(&mut *slot.lock().unwrap_or_else(PoisonError::into_inner), run)
}

/// One flow; `None` when it was left: the process stops, or another one has taken over.
async fn one(
    server: &Server,
    loaded: &Loaded,
    store: &Store,
    connection: &str,
    due: &DueFlow,
) -> Option<Done> {
    let secrets = match loaded.secrets(store).await {
        Ok(secrets) => secrets,
        Err(error) => return Some(Done::failed(&error)),
    };
    let clock = Arc::new(RunClock::new(Arc::clone(&server.clock), server.stop.clone()));
    let watch = RunWatch { run: format!("{connection}, {}", due.flow), stop: server.stop.clone() };
    let work = Work {
        config: Arc::clone(&loaded.config),
        connection: connection.to_owned(),
        store: store.clone(),
        secrets,
        links: Arc::clone(&server.links),
        clock: Arc::clone(&clock) as Arc<dyn Clock>,
        watch: Arc::new(watch),
    };
    tokio::select! {
        went = flow::run(&due.flow, work) => {
            match went {
                Err(error) if lane::is_lost(&error) => None,
                went => Some(went.unwrap_or_else(|error| Done::failed(&error))),
            }
        }
        () = clock.parked() => None,
    }
}

/// Records the end of a run. What was cut short by a stop stays due.
async fn ended(
    server: &Server,
    store: &Store,
    connection: &str,
    run: &Recorded,
    due: &DueFlow,
    done: &Done,
) -> anyhow::Result<()> {
    let now = server.clock.now();
    tell(connection, &due.flow, done);
    server.metrics.ran(&due.flow, done.exit.as_str());
    let next = (!server.stop.asked()).then(|| {
        let loaded = server.in_force.get();
        let spec = loaded.config.connection(Some(connection)).ok().zip(flow::named(&due.flow));
        let spec = spec.map(|(connection, flow)| connection.runs(flow));
        let seed = seed(connection, &due.flow);
        let again = spec.and_then(|spec| spec.due_after(now, done.may_pass(), seed));
        Next { due: again, asked: due.asked }
    });
    run.end(store, now, done, next).await?;
    let config = Arc::clone(&server.in_force.get().config);
    if let Ok(connection) = config.connection(Some(connection)) {
        let ran = Ran::of(&due.flow, done);
        let told = alert::after_run(&config, store, &server.clock, connection, &ran).await;
        if let Err(error) = told {
            let connection = connection.name.as_str();
            tracing::error!(connection, "nobody could be told how a run ended: {error:#}");
        }
    }
    Ok(())
}

fn tell(connection: &str, flow: &str, done: &Done) {
    let (outcome, counts) = (done.exit.as_str(), &done.counts);
    match (done.exit, done.message.as_deref().unwrap_or_default()) {
        (Exit::Ok, _) => tracing::info!(connection, flow, outcome, %counts, "ran"),
        (Exit::Held, message) => {
            tracing::warn!(connection, flow, outcome, %counts, message, "ran");
        }
        (_, message) => tracing::error!(connection, flow, outcome, %counts, message, "ran"),
    }
}

/// A defect in the program: the run failed, and the next one comes in its time.
async fn panicked(
    server: &Server,
    store: &Store,
    connection: &str,
    run: Option<(Recorded, DueFlow)>,
    panic: &JoinError,
) -> anyhow::Result<()> {
    let Some((run, due)) = run else { anyhow::bail!("a turn broke off: {panic}") };
    let message = "the run broke off by a defect in the program; its log says where; please report";
    let done = Done {
        exit: Exit::Failed,
        counts: serde_json::Value::Null,
        message: Some(message.to_owned()),
    };
    ended(server, store, connection, &run, &due, &done).await
}

/// Logs what a run says.
#[derive(Debug)]
struct RunWatch {
    run: String,
    stop: Stop,
}

impl Watch for RunWatch {
    fn note(&self, text: &str) {
        tracing::info!("{}: {text}", self.run);
    }

    fn stopping(&self) -> bool {
        self.stop.asked()
    }
}
