//! The connector on one machine: over and over it acts for each connection it gets the lane of,
//! with the connector's own code from the lease to the posted journal.

use std::sync::Arc;
use std::time::Duration;

use connector_app::amazon::SettlementReports;
use connector_app::lane;
use connector_app::ledger::{EpicorLedger, JournalFields, Ledger};
use connector_app::pipeline::settlement::{Event, State};
use connector_app::pipeline::{Actor, Watch, Worker};
use connector_app::sync::Run;
use epicor_odata_client::{ApiKey, Identity};
use sp_api_client::{Credentials, Region};
use store::{SettlementRecord, Store};
use wire::{Clock, SeededRandom};

use crate::amazon::{Amazon, listed};
use crate::machine::{Machine, ServerTime};
use crate::network::{BeforeGuard, Network};
use crate::retry::PlainRetry;
use crate::world::{Connection, TIMEOUT, World, index};

/// Counted when a clerk said so and was not refused.
pub(crate) const BY_HAND: &str = "settlements that a clerk entered by hand";

/// In one round out of so many, a clerk says that a settlement was entered by hand.
const ROUNDS_BY_HAND: u64 = 12;

/// More settlements than a connection has.
const MOST_SETTLEMENTS: u64 = 3;

/// When it is not done by then, it is stuck.
const GIVE_UP_AFTER: Duration = Duration::from_secs(12 * 3600);

/// Runs a machine until everything is in the books: the process on it, and after a crash the next one.
pub(crate) async fn run(machine: Arc<Machine>) {
    let world = Arc::clone(&machine.world);
    while !is_over(&world).await {
        let process = Process::start(&machine);
        let ended = tokio::select! {
            biased;
            () = machine.crashed() => false,
            () = process.work() => true,
        };
        if !ended {
            let down = world.between(Duration::from_millis(500), Duration::from_secs(90));
            tokio::time::sleep(down).await;
            machine.awake().await;
            machine.tell(|| "starts again".to_owned());
        }
    }
}

/// Everything is in the books, or never will be.
async fn is_over(world: &World) -> bool {
    world.elapsed() > GIVE_UP_AFTER || is_done(world).await
}

async fn is_done(world: &World) -> bool {
    let there = world.store.settlements(None).await.expect("readable");
    let expected: usize = world.connections.iter().map(|one| one.documents.len()).sum();
    let is_booked = |record: &SettlementRecord| {
        [State::Posted, State::ByHand].map(State::as_str).contains(&record.state.as_str())
    };
    there.len() == expected && there.iter().all(is_booked)
}

/// What is lost in a crash.
struct Process<'a> {
    machine: &'a Arc<Machine>,
    store: Store,
    sides: Vec<Sides>,
}

/// The two systems of one connection.
struct Sides {
    amazon: SettlementReports,
    ledger: Box<dyn Ledger>,
}

impl Watch for Machine {
    fn note(&self, text: &str) {
        self.tell(|| text.to_owned());
    }
}

impl<'a> Process<'a> {
    fn start(machine: &'a Arc<Machine>) -> Self {
        let world = &machine.world;
        let store = world.store.with_interruptions(machine.clone());
        let sides = world.connections.iter().map(|connection| Sides {
            amazon: amazon(machine),
            ledger: ledger(machine, connection),
        });
        Self { machine, store, sides: sides.collect() }
    }

    async fn work(&self) {
        let world = &self.machine.world;
        loop {
            for (connection, sides) in world.connections.iter().zip(&self.sides) {
                if let Err(error) = self.act_for(connection, sides).await {
                    self.machine.tell(|| format!("{}: {error:#}", connection.site.connection));
                }
            }
            if is_over(world).await {
                return;
            }
            let pause = world.between(Duration::from_secs(5), Duration::from_secs(120));
            self.machine.sleep(pause).await;
        }
    }

    async fn act_for(&self, connection: &Connection, sides: &Sides) -> anyhow::Result<()> {
        let (machine, site) = (self.machine.as_ref(), &connection.site);
        let time = ServerTime(machine);
        let name = &site.connection;
        if machine.world.terms.is_free() && machine.world.below(ROUNDS_BY_HAND) == 0 {
            self.enter_by_hand(connection).await?;
        }
        let work = async |store: Store| {
            machine.tell(|| format!("acts for {name}"));
            self.release_held(&store, connection, sides).await?;
            let (amazon, ledger) = (&sides.amazon, sides.ledger.as_ref());
            let run = Run { site, store: &store, amazon, ledger, clock: machine, watch: machine };
            for (record, error) in run.once(&listed(connection)).await?.failures {
                machine.tell(|| format!("{name}: {record}: {error:#}"));
            }
            Ok(())
        };
        match lane::under_lease(&self.store, name, &machine.name, &time, work).await {
            Err(error) if error.is::<lane::Taken>() => Ok(()),
            done => done,
        }
    }

    /// A clerk says that a settlement was entered by hand, whatever is being done with it: people need
    /// no lease. It is refused of what the connector writes.
    async fn enter_by_hand(&self, connection: &Connection) -> anyhow::Result<()> {
        let world = &self.machine.world;
        let (site, clock, watch) = (&connection.site, self.machine.as_ref(), self.machine.as_ref());
        let records = self.store.settlements(Some(&site.connection)).await?;
        let Some(record) = records.get(index(world.below(MOST_SETTLEMENTS))) else { return Ok(()) };
        let worker = Worker { site, store: &self.store, ledger: None, clock, watch };
        let person = Actor::Person("clerk".to_owned());
        worker.entered_by_hand(&record.key, person, Some("in the books")).await?;
        world.count(BY_HAND);
        self.machine.tell(|| format!("a clerk entered {} by hand", record.key));
        Ok(())
    }

    /// What a clerk does with what is held: sooner or later it is looked at and tried again.
    async fn release_held(
        &self,
        store: &Store,
        connection: &Connection,
        sides: &Sides,
    ) -> anyhow::Result<()> {
        let world = &self.machine.world;
        let (site, clock, watch) = (&connection.site, self.machine.as_ref(), self.machine.as_ref());
        let ledger = Some(sides.ledger.as_ref());
        for record in store.settlements(Some(&site.connection)).await? {
            if record.state != State::Held.as_str() || !(world.is_calm() || world.below(4) == 0) {
                continue;
            }
            self.machine.tell(|| format!("a clerk releases {}: {:?}", record.key, record.hold));
            world.count(held_for(&record));
            let worker = Worker { site, store, ledger, clock, watch };
            let person = Actor::Person("clerk".to_owned());
            worker.decide(&record.key, Event::Resume, person, Some("tried again")).await?;
        }
        Ok(())
    }
}

/// Faults of the network justify that a posting is held, and nothing else does.
fn held_for(record: &SettlementRecord) -> &'static str {
    let hold = record.hold.as_deref().unwrap_or_default();
    if hold.contains("\"posting_held\"") { "held and released" } else { HELD_FOR_NOTHING }
}

/// Counted when a settlement is held for a reason that no fault explains.
pub(crate) const HELD_FOR_NOTHING: &str = "held for nothing";

fn amazon(machine: &Arc<Machine>) -> SettlementReports {
    let credentials = Credentials {
        client_id: "application".to_owned(),
        client_secret: "secret".into(),
        refresh_token: "Atzr|1".into(),
    };
    let client = sp_api_client::Client::builder(Region::NorthAmerica, credentials)
        .transport(Arc::new(Amazon(machine.clone())))
        .clock(machine.clone())
        .random(Arc::new(SeededRandom::new(1)))
        .build();
    SettlementReports::new(client.expect("a client"))
}

fn ledger(machine: &Arc<Machine>, connection: &Connection) -> Box<dyn Ledger> {
    let fields = JournalFields {
        book: None,
        journal_code: "GJ".to_owned(),
        entry: connection.entry,
        segment_separator: '-',
        user: "connector".to_owned(),
    };
    let network = Arc::new(Network(machine.clone()));
    let grace = connection.site.posting.send_grace;
    let ledger = EpicorLedger::new(fields, network, machine.clone(), grace, |guarded| {
        let identity =
            Identity::Basic { user: "connector".to_owned(), password: "connector".into() };
        let base = "https://erp.example.com/kinetic".parse().expect("an address");
        let key = ApiKey::from("stand-in-key");
        epicor_odata_client::Client::builder(base, connection.company, key, identity)
            .transport(Arc::new(BeforeGuard { guarded, machine: machine.clone() }))
            .clock(machine.clone())
            .random(Arc::new(SeededRandom::new(1)))
            .timeout(TIMEOUT)
            .build()
    });
    let ledger = ledger.expect("a ledger");
    if machine.world.terms.looks_up { Box::new(ledger) } else { Box::new(PlainRetry::over(ledger)) }
}
