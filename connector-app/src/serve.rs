//! The long-running part: runs every flow by the schedule, and tells how it goes.
//!
//! One loop looks once a second what is due, in one query whatever the number of connections, and
//! gives each connection that is a turn; nothing is kept in memory for those that are not. Several
//! processes on one PostgreSQL server share the work: each turn holds the connection's lane.

mod door;
mod health;
mod in_force;
mod keeper;
mod metrics;
mod rates;
mod signals;
mod stop;
mod turn;
mod untold;

use std::collections::{BTreeSet, HashMap};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::Context as _;
use store::Claimed;
use tokio::task::{Id, JoinSet};
use wire::Clock;

pub use health::router;
pub use in_force::{InForce, Loaded, Refused, Reloaded};
pub use keeper::Keeper;
pub use metrics::{Metrics, Reading};
pub use stop::{RunClock, Stop};

use crate::config::ConfigError;
use crate::connect::{Links, Traffic};
use crate::console::{self, Desk};
use crate::{lane, schedule};
use door::Certificate;
use signals::Signals;
use turn::Ended;
use untold::Untold;

/// How often the schedule is looked at: what somebody asks for begins within this time.
const LOOK: Duration = Duration::from_secs(1);

/// How long a connection rests whose turn the store did not take.
const REST: Duration = Duration::from_secs(10);

/// How long what is left at the end of a stop may take to give its lanes back.
const LEAVE: Duration = Duration::from_secs(5);

/// How to serve.
#[derive(Debug, Clone)]
pub struct Options {
    /// The configuration file.
    pub config: PathBuf,
    /// Where to listen, in place of the configuration's `[serve] listen`.
    pub listen: Option<SocketAddr>,
    /// As one of many: on PostgreSQL, without a listener unless `listen` names one.
    pub worker: bool,
}

/// What the process says once it serves.
#[derive(Debug, Clone, Copy)]
pub struct Serving {
    /// Where it listens, if it does.
    pub address: Option<SocketAddr>,
    /// Whether it speaks TLS there.
    pub encrypted: bool,
    /// Whether it shows the console there.
    pub console: bool,
    /// How many connections it works for.
    pub connections: usize,
}

/// What every part of the process shares.
#[derive(Debug)]
pub struct Server {
    /// The store.
    pub keeper: Keeper,
    /// The configuration.
    pub in_force: InForce,
    /// The counts.
    pub metrics: Arc<Metrics>,
    /// The end.
    pub stop: Stop,
    /// What the console remembers.
    pub desk: Desk,
    links: Arc<Links>,
    untold: Untold,
    clock: Arc<dyn Clock>,
    /// Whether browsers come over TLS.
    secure: bool,
    /// Whether the store's schedule says what the configuration says.
    planned: AtomicBool,
    /// Why it does not yet.
    waiting_for: Mutex<Option<String>>,
    /// When the loop last came around, in milliseconds of the clock.
    beat: AtomicU64,
}

impl Server {
    /// Reads the configuration; opens nothing.
    ///
    /// # Errors
    /// [`ConfigError`] with file, line and column.
    pub fn new(config: &std::path::Path, clock: Arc<dyn Clock>) -> Result<Self, ConfigError> {
        let in_force = InForce::load(config, clock.now())?;
        let metrics = Arc::new(Metrics::default());
        let traffic: Arc<dyn Traffic> = metrics.clone();
        let config = Arc::clone(&in_force.get().config);
        Ok(Self {
            secure: config.serve.is_encrypted(),
            keeper: Keeper::new(config),
            desk: Desk::default(),
            untold: Untold::default(),
            in_force,
            metrics,
            stop: Stop::default(),
            links: Arc::new(Links::new(Arc::clone(&clock)).observed(traffic)),
            clock,
            planned: AtomicBool::new(false),
            waiting_for: Mutex::default(),
            beat: AtomicU64::new(0),
        })
    }

    /// The clock.
    #[must_use]
    pub fn clock(&self) -> &Arc<dyn Clock> {
        &self.clock
    }

    /// What keeps the pace of both systems, and their connections.
    #[must_use]
    pub fn links(&self) -> &Arc<Links> {
        &self.links
    }

    /// Whether browsers come over TLS, to this process or to the proxy before it.
    #[must_use]
    pub const fn secure(&self) -> bool {
        self.secure
    }

    /// Whether the store was opened and its schedule says what the configuration says.
    #[must_use]
    pub fn is_planned(&self) -> bool {
        self.planned.load(Ordering::Acquire)
    }

    /// What the process waits for before it can work.
    #[must_use]
    pub fn waiting_for(&self) -> Option<String> {
        self.waiting_for.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// How long ago the loop last came around.
    #[must_use]
    pub fn since_last_beat(&self) -> Duration {
        let beat = Duration::from_millis(self.beat.load(Ordering::Relaxed));
        self.clock.monotonic().saturating_sub(beat)
    }

    fn beat(&self) {
        let now = u64::try_from(self.clock.monotonic().as_millis()).unwrap_or(u64::MAX);
        self.beat.store(now, Ordering::Relaxed);
    }

    fn wait_for(&self, what: Option<String>) {
        let mut waiting = self.waiting_for.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(what) = what.as_ref().filter(|what| waiting.as_ref() != Some(what)) {
            tracing::warn!("waiting: {what}");
        }
        *waiting = what;
    }

    /// Reads the configuration again: when its file changed, or always.
    fn reload(&self, always: bool) {
        let now = self.clock.now();
        let former = self.in_force.get();
        let read = match always {
            true => Some(self.in_force.reload(now)),
            false => self.in_force.look_again(now),
        };
        let Some(read) = read else { return };
        self.metrics.reloaded(read);
        if let Some(Refused { at, reason }) = self.in_force.refused() {
            self.untold.refused(&reason, at);
        }
        if read == Reloaded::Accepted {
            self.untold.accepted(&former.config, &self.in_force.get().config, now);
            tracing::info!("the changed configuration is in force");
            self.links.renew();
            self.planned.store(false, Ordering::Release);
        }
    }

    /// Tells the audit log what the newest configuration changed. A store that cannot be had just now
    /// is asked again when the loop comes round.
    async fn tell_changes(&self) {
        if self.untold.is_empty() {
            return;
        }
        let telling = async {
            let store = self.keeper.write().await?;
            anyhow::Ok(self.untold.tell(&store).await?)
        };
        if let Err(error) = telling.await {
            tracing::debug!("the audit log is not told of the configuration yet: {error:#}");
        }
    }

    /// Brings the store's schedule to what the configuration says. A store that cannot be had just
    /// now is waited for.
    ///
    /// # Errors
    /// The store's other errors.
    async fn plan(&self) -> anyhow::Result<()> {
        let planning = async {
            let store = self.keeper.write().await?;
            let kept = store.schedule().await?;
            let config = &self.in_force.get().config;
            let (planned, gone) = schedule::plan(config, &kept, self.clock.now());
            if !(planned.is_empty() && gone.is_empty()) {
                store.schedule_set(&planned, &gone).await?;
            }
            Desk::tell(self, &store).await?;
            anyhow::Ok(())
        };
        match planning.await {
            Ok(()) => {
                self.wait_for(None);
                self.planned.store(true, Ordering::Release);
                Ok(())
            }
            Err(error) if keeper::may_pass(&error) => {
                self.wait_for(Some(format!("{error:#}")));
                Ok(())
            }
            Err(error) => Err(error),
        }
    }
}

/// Serves until the process is told to stop. `tell` learns how once that has begun.
///
/// # Errors
/// When the configuration is wrong, the address cannot be had, or the store can never be opened.
pub async fn serve(
    options: &Options,
    clock: Arc<dyn Clock>,
    tell: impl FnOnce(Serving),
) -> anyhow::Result<()> {
    let server = Arc::new(Server::new(&options.config, clock)?);
    let config = Arc::clone(&server.in_force.get().config);
    if options.worker && config.postgres.is_none() {
        return Err(ConfigError::Refused {
            path: options.config.clone(),
            connection: String::new(),
            message: "serve --worker shares a PostgreSQL server with others; name it under \
                      [postgres], or run serve without --worker"
                .to_owned(),
        }
        .into());
    }
    let mut signals = Signals::listen().context("listening for signals")?;
    let address = match options.listen {
        Some(address) => Some(address),
        None => (!options.worker).then_some(config.serve.listen),
    };
    let mut web = JoinSet::new();
    let mut bound = None;
    let certificate = Certificate::load(&config)?;
    if let Some(address) = address {
        if let Some(message) = door::fault(&config, address) {
            let (path, connection) = (options.config.clone(), String::new());
            return Err(ConfigError::Refused { path, connection, message }.into());
        }
        let mut app = router(Arc::clone(&server));
        if config.console.enabled {
            app = app.merge(console::router(Arc::clone(&server)));
        }
        let at = (address, certificate.clone());
        bound = Some(door::open(at, app, &server.stop, &mut web).await?);
    }
    server.beat();
    server.plan().await?;
    tell(Serving {
        address: bound,
        encrypted: config.serve.tls.is_some(),
        console: config.console.enabled,
        connections: config.connections.len(),
    });
    let mut turns = Turns::new(&server, certificate);
    turns.go_round(&mut signals).await?;
    turns.come_to_an_end(&mut signals).await;
    Ok(())
}

/// The connections that are worked on, and those that rest.
struct Turns {
    server: Arc<Server>,
    under_way: JoinSet<Ended>,
    of: HashMap<Id, String>,
    /// Until when, by the clock.
    resting: HashMap<String, Duration>,
    /// Whether more was due than could be taken.
    more: bool,
    certificate: Option<Arc<Certificate>>,
}

impl Turns {
    fn new(server: &Arc<Server>, certificate: Option<Arc<Certificate>>) -> Self {
        Self {
            certificate,
            server: Arc::clone(server),
            under_way: JoinSet::new(),
            of: HashMap::new(),
            resting: HashMap::new(),
            more: false,
        }
    }

    /// Looks again and again until a signal asks to stop.
    async fn go_round(&mut self, signals: &mut Signals) -> anyhow::Result<()> {
        loop {
            self.server.beat();
            self.server.reload(false);
            self.server.tell_changes().await;
            if !self.server.is_planned() {
                self.server.plan().await?;
            }
            if self.server.is_planned() {
                self.look().await;
            }
            // Until the next look: a second, or until there is room for what is due already.
            let clock = Arc::clone(&self.server.clock);
            let mut pause = clock.sleep(LOOK);
            loop {
                tokio::select! {
                    () = &mut pause => break,
                    stop = signals.next() => {
                        if stop {
                            return Ok(());
                        }
                        self.server.reload(true);
                        if let Some(certificate) = &self.certificate {
                            certificate.renew(&self.server.in_force.get().config);
                        }
                        break;
                    }
                    Some(ended) = self.under_way.join_next_with_id() => {
                        self.ended(ended);
                        if self.more {
                            break;
                        }
                    }
                }
            }
        }
    }

    /// Gives a turn to the connections whose time has come, as far as there is room.
    async fn look(&mut self) {
        let server = Arc::clone(&self.server);
        let room = server.in_force.get().config.serve.connections_at_once as usize;
        let room = room.saturating_sub(self.under_way.len());
        if room == 0 {
            self.more = true;
            return;
        }
        let now = server.clock.monotonic();
        self.resting.retain(|_, until| *until > now);
        let busy: BTreeSet<_> = self.of.values().chain(self.resting.keys()).cloned().collect();
        let claim = async {
            let store = server.keeper.read().await?;
            let owner = (lane::owner(), lane::LEASE);
            let owner = (owner.0.as_str(), owner.1);
            anyhow::Ok(store.due_claim(server.clock.now(), room as u64, &busy, owner).await?)
        };
        match claim.await {
            Ok(claimed) => {
                self.more = claimed.len() == room;
                for one in claimed {
                    self.begin(one);
                }
                server.wait_for(None);
            }
            Err(error) => server.wait_for(Some(format!("{error:#}"))),
        }
        server.metrics.under_way(self.under_way.len());
    }

    fn begin(&mut self, claimed: Claimed) {
        let connection = claimed.connection.clone();
        let task = self.under_way.spawn(turn::take(Arc::clone(&self.server), claimed));
        self.of.insert(task.id(), connection);
    }

    fn ended(&mut self, ended: Result<(Id, Ended), tokio::task::JoinError>) {
        let (id, well) = match ended {
            Ok((id, ended)) => (id, ended == Ended::Well),
            Err(error) => (error.id(), false),
        };
        if let Some(connection) = self.of.remove(&id)
            && !well
        {
            self.resting.insert(connection, self.server.clock.monotonic() + REST);
        }
        self.server.metrics.under_way(self.under_way.len());
    }

    /// Lets what is under way come to a good moment, in bounded time. A second signal ends it at
    /// once: then the lanes are free when their leases are over.
    async fn come_to_an_end(mut self, signals: &mut Signals) {
        let server = Arc::clone(&self.server);
        let seconds = server.in_force.get().config.serve.stop_seconds;
        tracing::info!(connections = self.under_way.len(), seconds, "stopping");
        server.stop.ask();
        tokio::select! {
            () = self.all() => {}
            () = server.clock.sleep(Duration::from_secs(u64::from(seconds))) => {}
            () = signals.stop() => return,
        }
        server.stop.leave();
        tokio::select! {
            () = self.all() => {}
            () = server.clock.sleep(LEAVE) => {}
            () = signals.stop() => {}
        }
    }

    async fn all(&mut self) {
        while self.under_way.join_next().await.is_some() {}
    }
}
