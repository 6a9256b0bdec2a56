//! A shop: both stand-ins, a store that outlives every process, and a clock that skips its waits.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use connector_app::amazon::{OrderFacts, SellerOrders};
use connector_app::config::{Config, Orders};
use connector_app::connect::{self, Links};
use connector_app::ledger::EpicorLedger;
use connector_app::pipeline::order::State;
use connector_app::pipeline::order_proof::Proof;
use connector_app::pipeline::{OrderWork, Silent, Site, Sweep, Unready, Watch};
use connector_app::secrets::Secrets;
use connector_app::stage::{CONNECTION, Setting, Stage};
use connector_app::sync::orders::OrdersSummary;
use connector_app::sync::shipments::ShipmentsSummary;
use fixtures::amazon;
use fixtures::amazon::orders::{Change, FulfilledBy, Marketplace, Order, OrderItem, ShipTo};
use jiff::{SignedDuration, Timestamp};
use ledger_mapper::{OrderMonies, Rules, match_order};
use settlement_model::Money;
use store::{OrderKey, Store};
use wire::Clock;

/// What is sold: by a cross reference, and under the part's own number.
pub(crate) const SKUS: [&str; 2] = ["SKU-WIDGET-1", "WIDGET-2"];

pub(crate) const TABLES: &str = r#"
[connection.orders]
since = "2025-11-01"
report_after_days = 36500
other_customer = "AMAZON"
tax_region = "NOTAX"
countries = { US = 1, CA = 2, DE = 3, JP = 4 }
carriers = { UPSG = "UPS" }

[connection.orders.charges]
shipping = "SHIP"
shipping_discount = "DISC"
gift_wrap = "GIFT"
"#;

pub(crate) fn at(text: &str) -> Timestamp {
    text.parse().expect("an instant")
}

/// Two of one article and one of another, ordered on 10 November and paid a day later.
pub(crate) fn order(id: &str, fulfilled_by: FulfilledBy) -> Order {
    let created = at("2026-11-10T10:00:00Z");
    Order {
        id: id.to_owned(),
        marketplace: Marketplace::US,
        fulfilled_by,
        created,
        items: vec![OrderItem::new("11", SKUS[0], 2, 9999), OrderItem::new("12", SKUS[1], 1, 1300)],
        business: None,
        replaces: None,
        ship_to: ShipTo::default(),
        history: vec![(created + SignedDuration::from_hours(24), Change::Paid)],
    }
}

/// The stand-in Amazon's clock, seen with an error of ours; a wait puts it forward.
#[derive(Debug)]
struct SkippingClock {
    stage: Arc<Stage>,
    off: SignedDuration,
    began: Timestamp,
    skipped: Mutex<Duration>,
}

#[async_trait]
impl Clock for SkippingClock {
    fn now(&self) -> Timestamp {
        self.stage.amazon.now() + self.off
    }

    fn monotonic(&self) -> Duration {
        self.stage.amazon.now().duration_since(self.began).unsigned_abs()
    }

    async fn sleep(&self, duration: Duration) {
        self.stage.amazon.advance(duration);
        *self.skipped.lock().unwrap_or_else(PoisonError::into_inner) += duration;
        tokio::task::yield_now().await;
    }
}

/// Everything that is lost when a process ends.
struct Process {
    site: Site,
    amazon: Arc<SellerOrders>,
    ledger: EpicorLedger,
}

pub(crate) struct Shop {
    pub(crate) stage: Arc<Stage>,
    pub(crate) store: Store,
    pub(crate) setting: Orders,
    clock: Arc<SkippingClock>,
    page: u8,
}

impl Shop {
    /// A shop that sells the seller's own orders, on 20 November 2026.
    pub(crate) async fn open(orders: Vec<Order>) -> Self {
        let today = Some(at("2026-11-20T12:00:00Z"));
        Self::set(amazon::Options { orders, today, ..amazon::Options::default() }, 0).await
    }

    /// A shop whose own clock is off by so many seconds.
    pub(crate) async fn set(options: amazon::Options, off: i64) -> Self {
        let mut setting = Setting::new(Vec::new());
        setting.amazon = amazon::Options { personal_data: true, ..options };
        TABLES.clone_into(&mut setting.tables);
        // Waits cost nothing here, and a busy machine must not make a request late.
        (setting.settle_seconds, setting.send_grace_seconds) = (90, 60);
        let stage = Arc::new(Stage::set(setting).await.expect("stand-ins start"));
        let config = Config::load(&stage.config()).expect("a configuration");
        let orders = config.connection(None).expect("one").orders.clone().expect("orders");
        let clock = Arc::new(SkippingClock {
            began: stage.amazon.now(),
            stage: Arc::clone(&stage),
            off: SignedDuration::from_secs(off),
            skipped: Mutex::default(),
        });
        let store = Store::open(&config.data_dir()).expect("a store");
        Self { stage, store, setting: orders, clock, page: 100 }
    }

    /// How often Amazon was asked for something.
    pub(crate) fn asked(&self, operation: &str) -> usize {
        let requests = self.stage.amazon.requests();
        requests.iter().filter(|request| request.operation == operation).count()
    }

    /// Every order that is known, with its state.
    pub(crate) async fn states(&self) -> BTreeMap<String, State> {
        let records = self.store.orders(Some(CONNECTION), None).await.expect("a store");
        let state = |word: &str| State::parse(word).expect("a known state");
        records.into_iter().map(|one| (one.key.order_id, state(&one.state))).collect()
    }

    /// What each buyer was charged, as far as the order or a report has told it.
    pub(crate) async fn charged(&self) -> BTreeMap<String, Money> {
        let records = self.store.orders(Some(CONNECTION), None).await.expect("a store");
        let rules = Rules::sample();
        let monies = OrderMonies::new(&rules, []);
        let (now, due) = (self.clock.now(), SignedDuration::ZERO);
        let charged = records.into_iter().map(|one| {
            let facts: OrderFacts = serde_json::from_str(&one.told.payload).expect("facts");
            let matched = match_order(&facts.order, &monies, now, due).expect("small amounts");
            (one.key.order_id, matched.charged)
        });
        charged.collect()
    }

    /// Reads pages of ten, in windows of two months, so that there are many edges.
    pub(crate) fn small_pages(&mut self) {
        self.page = 10;
        self.setting.window_days = 60;
    }

    async fn process(&self) -> Process {
        let config = Config::load(&self.stage.config()).expect("a configuration");
        let connection = config.connection(None).expect("one connection");
        let clock: Arc<dyn Clock> = self.clock.clone();
        let watch: Arc<dyn Watch> = Arc::new(Silent);
        let secrets = Secrets::open(&config).await.expect("no vault");
        let links = Links::new(Arc::clone(&clock));
        let amazon = connect::amazon(connection, &secrets, &clock, &watch, &links).await;
        let amazon = amazon.expect("Amazon");
        let amazon = Arc::new(amazon.orders(true).with_page_size(self.page));
        let ledger = connect::epicor(connection, &config.folder, &secrets, &clock, &links).await;
        Process {
            site: connect::site(connection, &config.folder).expect("a site"),
            ledger: ledger.expect("Epicor").with_addresses(amazon.clone()),
            amazon,
        }
    }

    fn with<'a>(&'a self, process: &'a Process) -> OrderWork<'a> {
        OrderWork {
            site: &process.site,
            setting: &self.setting,
            store: &self.store,
            amazon: &process.amazon,
            ledger: &process.ledger,
            clock: self.clock.as_ref(),
            watch: &Silent,
        }
    }

    /// One run of a fresh process.
    pub(crate) async fn summary(&self) -> OrdersSummary {
        let process = self.process().await;
        self.with(&process).once().await.expect("a run")
    }

    /// One run of a fresh process, in which nothing may fail.
    pub(crate) async fn run(&self) -> OrdersSummary {
        let summary = self.summary().await;
        assert!(summary.failures.is_empty(), "{:?}", summary.failures);
        summary
    }

    /// One run of a fresh process, in which anything may fail.
    pub(crate) async fn run_anyway(&self) {
        let process = self.process().await;
        // What failed is tried again by the next run.
        let _ = self.with(&process).once().await;
    }

    /// One run over the shipments by a fresh process, in which anything may fail.
    pub(crate) async fn shipments_anyway(&self) -> ShipmentsSummary {
        let process = self.process().await;
        self.with(&process).shipments().await.expect("a run")
    }

    pub(crate) async fn shipments(&self) -> ShipmentsSummary {
        let summary = self.shipments_anyway().await;
        assert!(summary.failures.is_empty(), "{:?}", summary.failures);
        summary
    }

    /// Counts every document in Epicor; the keys that do not stand there once.
    pub(crate) async fn sweep(&self) -> Vec<String> {
        let process = self.process().await;
        let sweep = Sweep {
            connection: CONNECTION,
            store: &self.store,
            target: &process.ledger,
            clock: self.clock.as_ref(),
            watch: &Silent,
        };
        let swept = sweep.run().await.expect("a sweep");
        assert!(swept.failures.is_empty(), "{:?}", swept.failures);
        swept.incidents.into_iter().map(|incident| incident.key).collect()
    }

    /// Proves what can be; a report that Amazon cancels is asked for again, a quarter of an hour later.
    pub(crate) async fn prove(&self) -> Vec<Proof> {
        let mut proofs = Vec::new();
        for _ in 0..40 {
            let process = self.process().await;
            let mut proved = self.with(&process).prove().await.expect("proofs");
            proofs.append(&mut proved.proofs);
            match proved.unready {
                None => return proofs,
                Some(Unready::Cancelled { .. }) => self.pass(16).await,
                Some(unready) => panic!("{unready}"),
            }
        }
        panic!("the proof never ends")
    }

    /// Lets minutes pass.
    pub(crate) async fn pass(&self, minutes: u64) {
        self.clock.sleep(Duration::from_mins(minutes)).await;
    }

    /// How much time was waited away.
    pub(crate) fn waited(&self) -> Duration {
        *self.clock.skipped.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn record(&self, id: &str) -> store::OrderRecord {
        let key = OrderKey { connection: CONNECTION.to_owned(), order_id: id.to_owned() };
        self.store.order(&key).await.expect("a store").expect("a known order")
    }

    pub(crate) async fn state(&self, id: &str) -> State {
        State::parse(&self.record(id).await.state).expect("a known state")
    }

    pub(crate) async fn hold(&self, id: &str) -> String {
        self.record(id).await.hold.unwrap_or_default()
    }

    pub(crate) async fn order_num(&self, id: &str) -> i64 {
        let number = self.record(id).await.order_num;
        number.and_then(|number| number.parse().ok()).expect("an entered order")
    }

    pub(crate) fn is_cancelled(&self, id: &str) -> bool {
        let orders = self.stage.amazon.orders();
        orders.iter().any(|order| order.id == id && order.status == "CANCELLED")
    }

    /// No buyer's name or street is in any file of the data folder.
    pub(crate) fn assert_nothing_personal_is_kept(&self) {
        let folder = self.stage.folder().join("data");
        let mut files = 0;
        for entry in std::fs::read_dir(&folder).expect("the data folder") {
            let path = entry.expect("an entry").path();
            files += 1;
            assert!(!holds(&path, "Casey Sample") && !holds(&path, "Example Road"), "{path:?}");
        }
        assert!(files > 0);
    }
}

fn holds(path: &Path, text: &str) -> bool {
    let bytes = std::fs::read(path).expect("a file");
    bytes.windows(text.len()).any(|window| window == text.as_bytes())
}
