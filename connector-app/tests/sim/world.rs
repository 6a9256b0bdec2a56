//! What all machines of one seed share.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;

use connector_app::pipeline::{ChainPolicy, Site, posting, settlement};
use epicor_odata_client::Entry;
use fixtures::documents::{SettlementDocument, generate};
use fixtures::epicor::{Company, GlAccountRow, Options, StandIn};
use jiff::civil::date;
use jiff::{SignedDuration, Timestamp};
use ledger_mapper::{Calendar, FeePolicy, Rules};
use store::Store;
use tokio::time::Instant;
use wire::{Random as _, SeededRandom};

/// What the simulation is about: the constants that carry the promise, and how they may be broken.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Terms {
    /// The site's settle time.
    pub(crate) settle: SignedDuration,
    /// The site's send grace.
    pub(crate) grace: SignedDuration,
    /// The longest time after its sending at which a request is still carried out.
    pub(crate) landing_max: Duration,
    /// Whether a lost answer is looked up, or what it was about simply sent again.
    pub(crate) looks_up: bool,
    /// Machines fall asleep in the middle of dialogues, for long, and nothing else happens to them.
    pub(crate) drowsy: bool,
    /// Exactly these sleeps happen, in this order, and nothing else.
    pub(crate) schedule: &'static [Nap],
}

/// A machine falls asleep when a request is ready to go, whichever machine comes there first.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Nap {
    /// The service that the request goes to.
    pub(crate) service: &'static str,
    /// Its methods that count.
    pub(crate) methods: &'static [&'static str],
    /// How long the machine sleeps.
    pub(crate) time: Duration,
}

/// The longest wait for an answer of Epicor's.
pub(crate) const TIMEOUT: Duration = Duration::from_secs(30);

/// The promise holds while settle ≥ grace + timeout + the longest delay on the way.
impl Default for Terms {
    fn default() -> Self {
        Self {
            settle: SignedDuration::from_secs(120),
            grace: SignedDuration::from_secs(10),
            landing_max: Duration::from_secs(80),
            looks_up: true,
            drowsy: false,
            schedule: &[],
        }
    }
}

impl Terms {
    /// Whether anything may happen, and not only what the terms name.
    pub(crate) fn is_free(&self) -> bool {
        !self.drowsy && self.schedule.is_empty()
    }
}

/// From here on nothing goes wrong any more, and people release what is held.
const CALM_AFTER: Duration = Duration::from_secs(2 * 3600);

/// A seller with a company: the settlements that Amazon lists, and where they go.
#[derive(Debug)]
pub(crate) struct Connection {
    pub(crate) site: Site,
    pub(crate) company: &'static str,
    pub(crate) entry: Entry,
    pub(crate) documents: Vec<&'static SettlementDocument>,
}

#[derive(Debug)]
pub(crate) struct World {
    pub(crate) terms: Terms,
    pub(crate) epicor: StandIn,
    pub(crate) store: Store,
    pub(crate) connections: Vec<Connection>,
    pub(crate) machines: usize,
    /// How long requests and answers are under way, at most.
    pub(crate) way: Duration,
    /// Whether a machine's timers count the time it slept, as some systems' do.
    pub(crate) timers_count_sleep: bool,
    started: Instant,
    random: SeededRandom,
    left: Mutex<Left>,
    /// How many sleeps of the schedule have begun.
    naps: Mutex<usize>,
    tally: Mutex<BTreeMap<&'static str, u64>>,
    trace: Option<Mutex<Vec<String>>>,
}

/// What may still go wrong: how often, and with how many of a thousand occasions.
#[derive(Debug)]
struct Left {
    faults: u64,
    fault_per_mille: u64,
    mishaps: u64,
    mishap_per_mille: u64,
}

impl World {
    /// The world of a seed; `told` keeps the record of what happens.
    pub(crate) async fn new(seed: u64, terms: Terms, told: bool) -> Arc<Self> {
        let random = SeededRandom::new(seed);
        let scheduled = !terms.schedule.is_empty();
        let sellers = if scheduled { 1 } else { 1 + random.below(3) };
        let connections = (0..sellers).map(|number| connection(number, &random, terms)).collect();
        let options =
            Options { companies: companies(), accounts: accounts(), ..Options::default() };
        let mut left = Left {
            faults: random.below(40),
            fault_per_mille: 10 + random.below(240),
            mishaps: random.below(16),
            mishap_per_mille: 5 + random.below(40),
        };
        if scheduled {
            (left.faults, left.mishaps) = (0, 0);
        }
        Arc::new(Self {
            terms,
            epicor: StandIn::start(options).await.expect("a stand-in Epicor"),
            store: Store::in_memory().expect("a store"),
            connections,
            // Each sleeper leaves its work to another, and one is awake in the end.
            machines: if scheduled { terms.schedule.len() + 1 } else { 1 + index(random.below(3)) },
            way: match scheduled {
                true => Duration::from_millis(50),
                false => Duration::from_millis([300, 300, 1000, 6000][index(random.below(4))]),
            },
            timers_count_sleep: !scheduled && random.below(2) == 0,
            started: Instant::now(),
            random,
            left: Mutex::new(left),
            naps: Mutex::default(),
            tally: Mutex::default(),
            trace: told.then(Mutex::default),
        })
    }

    /// The true time since the beginning.
    pub(crate) fn elapsed(&self) -> Duration {
        self.started.elapsed()
    }

    /// The true time of day, which only a database server knows here.
    pub(crate) fn now(&self) -> Timestamp {
        let start: Timestamp = "2026-11-23T12:00:00Z".parse().expect("an instant");
        start + SignedDuration::try_from(self.elapsed()).expect("short")
    }

    pub(crate) fn below(&self, bound: u64) -> u64 {
        self.random.below(bound)
    }

    /// A time between two, to the millisecond.
    pub(crate) fn between(&self, low: Duration, high: Duration) -> Duration {
        let millis = |time: Duration| u64::try_from(time.as_millis()).expect("short");
        let (low, high) = (millis(low), millis(high));
        Duration::from_millis(low + self.below(high.saturating_sub(low) + 1))
    }

    /// Whether the time of faults is over.
    pub(crate) fn is_calm(&self) -> bool {
        self.elapsed() > CALM_AFTER
    }

    /// Whether something goes wrong with this request.
    pub(crate) fn spoils_request(&self) -> bool {
        let mut left = self.left.lock().expect("not poisoned");
        let draw = self.below(1000);
        let struck = !self.is_calm() && left.faults > 0 && draw < left.fault_per_mille;
        left.faults -= u64::from(struck);
        struck
    }

    /// Whether something happens to a machine at this point; in the middle of a dialogue that
    /// changes something, more easily than elsewhere.
    pub(crate) fn strikes_machine(&self, in_dialogue: bool) -> bool {
        let mut left = self.left.lock().expect("not poisoned");
        let draw = self.below(1000);
        let per_mille = match (self.terms.drowsy, in_dialogue) {
            (true, true) => 250,
            (true, false) => 0,
            (false, true) => 6 * left.mishap_per_mille,
            (false, false) => left.mishap_per_mille,
        };
        let struck = !self.is_calm() && left.mishaps > 0 && draw < per_mille;
        left.mishaps -= u64::from(struck);
        struck
    }

    /// How long a machine sleeps that is about to call this method of a service, by the schedule.
    pub(crate) fn nap_before(&self, service: &str, method: &str) -> Option<Duration> {
        let mut naps = self.naps.lock().expect("not poisoned");
        let next = self.terms.schedule.get(*naps)?;
        let is_due = next.service == service && next.methods.contains(&method);
        *naps += usize::from(is_due);
        is_due.then_some(next.time)
    }

    pub(crate) fn count(&self, what: &'static str) {
        *self.tally.lock().expect("not poisoned").entry(what).or_default() += 1;
    }

    pub(crate) fn tally(&self) -> BTreeMap<&'static str, u64> {
        self.tally.lock().expect("not poisoned").clone()
    }

    /// Notes what happened, where a person wants to read it.
    pub(crate) fn tell(&self, who: &str, what: impl FnOnce() -> String) {
        if let Some(trace) = &self.trace {
            let line = format!("{:>12.3?}  {who:<9} {}", self.elapsed(), what());
            trace.lock().expect("not poisoned").push(line);
        }
    }

    pub(crate) fn told(&self) -> String {
        let trace = self.trace.as_ref().map(|trace| trace.lock().expect("not poisoned").join("\n"));
        trace.unwrap_or_default()
    }
}

/// Two sellers into the first company, a third into the second; some book fees as invoices.
fn connection(number: u64, random: &SeededRandom, terms: Terms) -> Connection {
    // A settlement id is one account's: no two connections draw the same.
    let pool: Vec<_> = documents().iter().skip(index(number)).step_by(3).collect();
    let mut documents: Vec<_> =
        (0..=random.below(4) / 3).map(|_| pool[index(random.below(pool.len() as u64))]).collect();
    documents.dedup();
    let site = Site {
        connection: ["us", "eu", "other"][index(number)].to_owned(),
        rules: rules().clone(),
        calendar: Calendar::months(),
        zone: None,
        // Half of the settlements end before it, in UTC.
        go_live: (terms.is_free() && random.below(5) == 0).then(|| date(2026, 8, 20)),
        approval: settlement::Policy { automatic: true, limit: None },
        // The settlements are drawn, and follow on nothing.
        chain: ChainPolicy::Warn,
        fees: (random.below(2) == 0).then(|| FeePolicy::all_fees("AMAZON")),
        parts: None,
        posting: posting::Policy {
            settle: terms.settle,
            send_grace: terms.grace,
            ..posting::Policy::default()
        },
    };
    let company = if number < 2 { "EPIC06" } else { "EPIC07" };
    let entry = if random.below(2) == 0 { Entry::Dialogue } else { Entry::Compact };
    Connection { site, company, entry, documents }
}

pub(crate) fn index(small: u64) -> usize {
    usize::try_from(small).expect("small")
}

fn companies() -> Vec<Company> {
    ["EPIC06", "EPIC07"]
        .map(|id| Company {
            id: id.to_owned(),
            name: "Example".to_owned(),
            currency: "USD".to_owned(),
        })
        .to_vec()
}

pub(crate) fn rules() -> &'static Rules {
    static RULES: OnceLock<Rules> = OnceLock::new();
    RULES.get_or_init(Rules::sample)
}

/// The accounts that the rules name.
fn accounts() -> Vec<GlAccountRow> {
    let accounts: BTreeMap<_, _> = ledger_mapper::roles()
        .iter()
        .filter_map(|info| rules().account_for(&info.role))
        .map(|account| (account.as_str(), rules().account_name(account).unwrap_or_default()))
        .collect();
    accounts.into_iter().map(|(account, name)| GlAccountRow::active(account, name)).collect()
}

/// Small settlements; some cross the end of a month and make two journals.
fn documents() -> &'static [SettlementDocument] {
    static DOCUMENTS: OnceLock<Vec<SettlementDocument>> = OnceLock::new();
    DOCUMENTS.get_or_init(|| (0..24).map(|number| generate(number, 10)).collect())
}
