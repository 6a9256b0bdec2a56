//! A process in miniature: the whole path run inside the test, on a clock that only moves when
//! something waits, and the faults that the stand-ins are given.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use connector_app::config::Config;
use connector_app::connect;
use connector_app::ledger::{DocumentTarget, Draft, EpicorLedger, Kind, Sent};
use connector_app::pipeline::posting::Found;
use connector_app::pipeline::settlement::State;
use connector_app::pipeline::{Silent, Site, Watch, Worker, documents_of};
use connector_app::secrets::Secrets;
use connector_app::stage::{Setting, Stage};
use connector_app::sync::{Run, Summary};
use fixtures::{Fault, documents};
use jiff::{SignedDuration, Timestamp};
use store::Store;
use tokio::runtime::{Handle, Id};
use wire::{Clock, ManualClock, ReqwestTransport, Transport, TransportOptions};

use crate::in_memory::InMemory;

/// A process: everything that is lost when it dies. The store is what stays.
pub(crate) struct Process {
    pub(crate) site: Site,
    pub(crate) amazon: connector_app::amazon::SettlementReports,
    pub(crate) ledger: EpicorLedger,
    pub(crate) clock: Arc<dyn Clock>,
}

impl Process {
    pub(crate) async fn start(stage: &Stage, clock: &Arc<ManualClock>) -> Self {
        Self::start_over(stage, clock, sockets()).await
    }

    pub(crate) async fn start_over(
        stage: &Stage,
        clock: &Arc<ManualClock>,
        transport: Arc<dyn Transport>,
    ) -> Self {
        let config = Config::load(&stage.config()).expect("a configuration");
        let connection = config.connection(None).expect("one connection");
        let clock: Arc<dyn Clock> = clock.clone();
        let watch: Arc<dyn Watch> = Arc::new(Silent);
        let secrets = Secrets::open(&config).await.expect("no vault");
        let links = connect::Links::new(clock.clone()).over(transport);
        Self {
            site: connect::site(connection, &config.folder).expect("a site"),
            amazon: connect::amazon(connection, &secrets, &clock, &watch, &links)
                .await
                .expect("Amazon"),
            ledger: connect::epicor(connection, &config.folder, &secrets, &clock, &links)
                .await
                .expect("Epicor"),
            clock,
        }
    }

    /// The worker of this process.
    pub(crate) fn worker<'a>(&'a self, store: &'a Store) -> Worker<'a> {
        Worker {
            site: &self.site,
            store,
            ledger: Some(&self.ledger),
            clock: self.clock.as_ref(),
            watch: &Silent,
        }
    }

    /// One run in which nothing fails.
    pub(crate) async fn summary(&self, store: &Store) -> Summary {
        let summary = self.once(store).await.expect("a run");
        assert!(summary.failures.is_empty(), "{:?}", summary.failures);
        summary
    }

    async fn once(&self, store: &Store) -> anyhow::Result<Summary> {
        let run = Run {
            site: &self.site,
            store,
            amazon: &self.amazon,
            ledger: &self.ledger,
            clock: self.clock.as_ref(),
            watch: &Silent,
        };
        run.once(&self.amazon.list().await?).await
    }

    /// One run; errors are what a scheduler would see and try again after.
    pub(crate) async fn run(&self, store: &Store) -> anyhow::Result<()> {
        let summary = self.once(store).await?;
        match summary.failures.into_iter().next() {
            Some((record, error)) => Err(error.context(record)),
            None => Ok(()),
        }
    }
}

/// One set of sockets for all processes of a test: setting up TLS takes longer than a whole run.
pub(crate) fn sockets() -> Arc<dyn Transport> {
    static OF_RUNTIMES: LazyLock<Mutex<HashMap<Id, Arc<dyn Transport>>>> =
        LazyLock::new(Mutex::default);
    let id = Handle::current().id();
    let mut sockets = OF_RUNTIMES.lock().unwrap_or_else(PoisonError::into_inner);
    let made = || {
        let made = ReqwestTransport::new(&TransportOptions::default());
        Arc::new(made.expect("sockets")) as Arc<dyn Transport>
    };
    Arc::clone(sockets.entry(id).or_insert_with(made))
}

pub(crate) fn clock() -> Arc<ManualClock> {
    Arc::new(ManualClock::new("2026-11-23T12:00:00Z".parse::<Timestamp>().expect("an instant")))
}

/// Times that suit the manual clock; faults that answer late are later than the timeout.
pub(crate) fn setting(names: &[&str]) -> Setting {
    let settlements = names.iter().map(|name| documents::get(name).expect("it ships")).collect();
    let mut setting = Setting::new(settlements);
    setting.settle_seconds = 120;
    setting.send_grace_seconds = 10;
    setting.request_timeout_seconds = 3;
    setting
}

pub(crate) async fn stage(names: &[&str]) -> Stage {
    Stage::set(setting(names)).await.expect("stand-ins start")
}

/// Exactly the settlements' documents are posted, each once, equal to the plan.
pub(crate) async fn assert_posted_once(stage: &Stage, store: &Store, what: &str) {
    let mut expected = BTreeMap::new();
    for record in store.settlements(None).await.expect("readable") {
        assert_eq!(record.state, State::Posted.as_str(), "{what}: {:?}", record.hold);
        for document in documents_of(&record).expect("a plan") {
            let kind = document.kind();
            *expected.entry((kind, Draft::new(document).group_id)).or_insert(0) += 1;
        }
    }
    let mut posted = BTreeMap::new();
    for journal in stage.epicor.posted_journals() {
        *posted.entry((Kind::Journal, journal.group_id)).or_insert(0) += 1;
    }
    for invoice in stage.epicor.ap_invoices() {
        assert!(invoice.posted, "{what}: invoice {} is not posted", invoice.invoice_num);
        *posted.entry((Kind::ApInvoice, invoice.group_id)).or_insert(0) += 1;
    }
    assert_eq!(posted, expected, "{what}");
    assert!(stage.epicor.unposted_groups().is_empty(), "{what}: left in entry");
    store.verify_audit().await.unwrap_or_else(|error| panic!("{what}: {error}"));
}

/// Runs until nothing fails any more; a bounded number of times, each a new process.
pub(crate) async fn run_to_the_end(
    stage: &Stage,
    store: &Store,
    clock: &Arc<ManualClock>,
    what: &str,
) {
    run_over(stage, store, clock, sockets(), what).await;
}

async fn run_over(
    stage: &Stage,
    store: &Store,
    clock: &Arc<ManualClock>,
    transport: Arc<dyn Transport>,
    what: &str,
) {
    let mut last = None;
    for _ in 0..6 {
        let process = Process::start_over(stage, clock, Arc::clone(&transport)).await;
        match process.run(store).await {
            Ok(()) => {
                let open = store.settlements(None).await.expect("readable");
                if !open.is_empty() && open.iter().all(|r| r.state == State::Posted.as_str()) {
                    return;
                }
                last = open.into_iter().find_map(|record| record.hold);
            }
            Err(error) => last = Some(format!("{error:#}")),
        }
        clock.sleep(SignedDuration::from_secs(300).unsigned_abs()).await;
    }
    panic!("{what}: not done after six runs: {last:?}");
}

/// Posts everything, with one fault at one request to Epicor, without sockets; then everything is
/// posted once. Gives back the paths of the requests to Epicor.
pub(crate) async fn posts_in_memory(
    setting: Setting,
    fault: Option<(usize, Fault)>,
    what: &str,
) -> Vec<String> {
    let stage = Arc::new(Stage::set(setting).await.expect("stand-ins start"));
    let store = Store::in_memory().expect("a store");
    let clock = clock();
    let transport = Arc::new(InMemory::new(&stage, &clock, sockets(), fault));
    run_over(&stage, &store, &clock, transport.clone(), what).await;
    assert_posted_once(&stage, &store, what).await;
    transport.paths()
}

pub(crate) type NamedFault = (&'static str, fn() -> Fault);

pub(crate) const FAULTS: [NamedFault; 8] = [
    ("500, nothing done", || Fault::Status(500)),
    ("done, then 500", || Fault::StatusAfter(500)),
    ("429", || Fault::Status(429)),
    ("reset, nothing done", || Fault::ResetBefore),
    ("done, then reset", || Fault::ResetAfter),
    ("done, half an answer", || Fault::TruncateBody),
    ("done, answered too late", || {
        Fault::DelayAfter(SignedDuration::from_millis(3500).unsigned_abs())
    }),
    ("a proxy's page", || Fault::Html503),
];

/// Requests with the faults that strike them: each request gets a fifth of the faults and each fault a
/// fifth of the requests, or every one gets every other with `ML_FAULTS=all`.
pub(crate) fn struck<R: Copy>(requests: &[R], faults: &[NamedFault]) -> Vec<(R, NamedFault)> {
    let all = std::env::var("ML_FAULTS").is_ok_and(|which| which == "all");
    let mut struck = Vec::new();
    for (at, request) in requests.iter().enumerate() {
        for (number, fault) in faults.iter().enumerate() {
            if all || (at + number).is_multiple_of(5) {
                struck.push((*request, *fault));
            }
        }
    }
    struck
}

/// Runs scenarios a few at a time: each is mostly waiting, and too many at once wait for each other
/// longer than their requests may take.
pub(crate) async fn a_few_at_a_time<S>(scenarios: impl IntoIterator<Item = S>)
where
    S: Future<Output = ()> + Send + 'static,
{
    const AT_A_TIME: usize = 6;
    let mut running = std::collections::VecDeque::new();
    for scenario in scenarios {
        if running.len() == AT_A_TIME
            && let Some(oldest) = running.pop_front()
        {
            finished(oldest).await;
        }
        running.push_back(tokio::spawn(scenario));
    }
    for scenario in running {
        finished(scenario).await;
    }
}

async fn finished(scenario: tokio::task::JoinHandle<()>) {
    scenario.await.expect("the scenario holds");
}

/// Each effect of a document run twice in a row, from nothing to posted: the second changes nothing.
pub(crate) async fn each_effect_twice(
    target: &dyn DocumentTarget,
    draft: &Draft,
    clock: &ManualClock,
) {
    let soon = || clock.now() + SignedDuration::from_secs(10);
    let found = || async { target.look_up(draft).await.expect("asked").found };
    assert_eq!(found().await, Found::Absent);
    assert_eq!(target.remove(draft, soon()).await, Sent::Done, "nothing to remove is no error");
    assert_eq!(target.write(draft, soon()).await, Sent::Done);
    assert_eq!(found().await, Found::Entered);
    assert!(matches!(target.write(draft, soon()).await, Sent::Refused(_)), "a second group");
    assert_eq!(found().await, Found::Entered, "and nothing was added to the first");
    assert_eq!(target.post(draft, soon()).await, Sent::Done);
    assert_eq!(found().await, Found::Posted);
    assert_ne!(target.post(draft, soon()).await, Sent::Done, "there is no group any more");
    assert_eq!(target.remove(draft, soon()).await, Sent::Done, "what is posted stays");
    assert_eq!(found().await, Found::Posted);
}
