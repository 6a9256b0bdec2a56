#![doc = include_str!("../README.md")]

mod accrual;
mod alert;
mod audit;
mod backup;
mod bank;
mod checkpoint;
mod document;
mod engine;
mod error;
mod figures;
mod folder;
#[cfg(feature = "interruptions")]
mod interruption;
mod lane;
mod listing;
mod mapping;
mod migrations;
mod order;
mod overview;
mod page;
mod poll;
mod posting;
mod purge;
mod rate;
mod record;
mod report;
mod rules_version;
mod run;
mod schedule;
mod secret;
mod settlement;
mod shipment;
mod signed_period;
mod user;

use std::{
    path::Path,
    sync::{Arc, Weak},
};

#[cfg(feature = "interruptions")]
pub use crate::interruption::{Interruptions, Moment};
pub use crate::{
    accrual::{AccrualMove, AccrualRecord},
    alert::{AlertRecord, NewAlert},
    audit::{AuditCheck, AuditLine, ChainEnd, Event, NewEvent},
    backup::BackupSummary,
    bank::{BankLineRecord, WaiverRecord},
    checkpoint::{CHECKPOINT_EVERY, Checkpoint, Signer},
    document::{DocumentHash, Hints, NewDocument, NotAHash, StoredDocument},
    engine::postgres::PostgresOptions,
    error::Error,
    figures::FiguresRecord,
    lane::Lease,
    listing::{ListingRecord, ListingsKept},
    mapping::{MappedTo, MappingKey, MappingRecord},
    order::{OrderKey, OrderMove, OrderRecord, OrderTold},
    overview::{FlowCount, Overview},
    page::{ListFilter, SettlementSummary},
    poll::Poll,
    posting::{NewPosting, PostingChange, PostingRecord, PostingSummary},
    purge::{ORDERS_AT_ONCE, OldOrders},
    rate::RateRecord,
    record::{NotAKind, RecordKey, RecordKind},
    report::{DISCOVERED, NewReport, RETRIEVED, ReportRecord},
    rules_version::{NewRulesVersion, RulesVersionRecord},
    run::{INTERRUPTED, NewRun, Next, RunEnd, RunRecord},
    schedule::{Claimed, DueFlow, Planned, ScheduleRecord},
    secret::{Resealed, SecretRecord},
    settlement::{
        NewContent, NewSettlement, PastSettlement, Recorded, SettlementChange, SettlementElsewhere,
        SettlementKey, SettlementRecord,
    },
    shipment::{ShipmentKey, ShipmentMove, ShipmentRecord},
    signed_period::{PeriodKey, SignedPeriodRecord},
    user::{CONSOLE, NewUser, SessionRecord, UserRecord},
};
use crate::{
    engine::{Access, Engine, Tx, postgres::Postgres, sqlite::Sqlite},
    error::Fault,
};

/// The durable state of the connector, on SQLite (one data folder, one writing process) or on
/// PostgreSQL (any number of processes).
///
/// Every method is one transaction and returns when it is on the disk. A method that changes a
/// record compares its state with the one the caller saw, asserts that exactly one row changed, and
/// appends the audit event in the same transaction. On SQLite a method blocks for a few
/// milliseconds and never yields. The store has no clock: every time is the caller's.
///
/// A clone is another handle to the same data.
#[derive(Clone, Debug)]
pub struct Store {
    engine: Arc<Engine>,
    /// What the work is done under, when several processes share the data.
    lease: Option<Lease>,
    /// Vouches for the audit log as it grows.
    signer: Option<Arc<dyn Signer>>,
    #[cfg(feature = "interruptions")]
    interrupted: interruption::Interrupted,
}

/// A handle to a store that lets it close with the last [`Store`].
#[derive(Clone, Debug, Default)]
pub struct WeakStore {
    engine: Weak<Engine>,
    signer: Option<Arc<dyn Signer>>,
}

impl WeakStore {
    /// The store, if it is open still.
    #[must_use]
    pub fn upgrade(&self) -> Option<Store> {
        let signer = self.signer.clone();
        self.engine.upgrade().map(|engine| Store { signer, ..Store::around(engine) })
    }
}

impl Store {
    /// Opens a data folder for writing, and makes it (for its owner alone) if it is missing.
    ///
    /// The folder stays locked until the last handle is dropped or the process ends, however it
    /// ends. The schema is brought up to date, all of it or none of it.
    ///
    /// # Errors
    /// [`Error::InUse`] when another process has it, [`Error::NewerSchema`] when a newer version
    /// wrote it, [`Error::Corrupt`] when the file is damaged or not ours, [`Error::Io`] when the
    /// operating system refuses.
    pub fn open(dir: &Path) -> Result<Self, Error> {
        Sqlite::open(dir).map(|engine| Self::over(Engine::Sqlite(engine)))
    }

    /// Opens a data folder for reading, also while another process writes to it. Each call sees
    /// one consistent moment.
    ///
    /// # Errors
    /// [`Error::NothingHere`] when the folder is missing or was never written,
    /// [`Error::NewerSchema`] and [`Error::OlderSchema`] when another version wrote it.
    pub fn open_read_only(dir: &Path) -> Result<Self, Error> {
        Sqlite::open_read_only(dir).map(|engine| Self::over(Engine::Sqlite(engine)))
    }

    /// Opens a data folder for asking the process that writes to it for something, with
    /// [`run_asked`](Self::run_asked); everything else can be read alone.
    ///
    /// # Errors
    /// As [`open_read_only`](Self::open_read_only).
    pub fn open_to_ask(dir: &Path) -> Result<Self, Error> {
        Sqlite::open_to_ask(dir).map(|engine| Self::over(Engine::Sqlite(engine)))
    }

    /// A store in memory, for tests and dry runs; it is gone with its last handle.
    ///
    /// # Errors
    /// [`Error::Database`] when there is no memory for it.
    pub fn in_memory() -> Result<Self, Error> {
        Sqlite::in_memory().map(|engine| Self::over(Engine::Sqlite(engine)))
    }

    /// Connects to a PostgreSQL server. The schema is made, or brought up to date, all of it or
    /// none of it; processes that start together do so one after the other.
    ///
    /// # Errors
    /// [`Error::BadAddress`] when the address cannot be read, [`Error::Unreachable`] when the server
    /// does not answer, [`Error::NewerSchema`] when a newer version wrote the data,
    /// [`Error::Database`] when the server refuses.
    pub async fn connect(options: &PostgresOptions) -> Result<Self, Error> {
        Postgres::connect(options).await.map(|engine| Self::over(Engine::Postgres(engine)))
    }

    /// Connects for reading alone, also while other processes write. Each call sees one consistent
    /// moment. Nothing is made and nothing is brought up to date, so a role that may read the tables
    /// is enough.
    ///
    /// # Errors
    /// As [`connect`](Self::connect), and [`Error::NothingHere`] when the schema is missing or was
    /// never written, [`Error::OlderSchema`] when an older version wrote it.
    pub async fn connect_to_read(options: &PostgresOptions) -> Result<Self, Error> {
        Self::connect_beside(options, Access::Read).await
    }

    /// As [`connect_to_read`](Self::connect_to_read), and for asking the processes that write for
    /// something, with [`run_asked`](Self::run_asked).
    ///
    /// # Errors
    /// As [`connect_to_read`](Self::connect_to_read).
    pub async fn connect_to_ask(options: &PostgresOptions) -> Result<Self, Error> {
        Self::connect_beside(options, Access::Ask).await
    }

    async fn connect_beside(options: &PostgresOptions, most: Access) -> Result<Self, Error> {
        let engine = Postgres::connect_beside(options, most).await?;
        Ok(Self::over(Engine::Postgres(engine)))
    }

    /// Whether other processes may write to the same data. Then whoever acts for a connection
    /// [claims](Self::lane_claim) it first.
    #[must_use]
    pub fn is_shared(&self) -> bool {
        matches!(*self.engine, Engine::Postgres(_))
    }

    /// A handle that does not keep the data open.
    #[must_use]
    pub fn downgrade(&self) -> WeakStore {
        WeakStore { engine: Arc::downgrade(&self.engine), signer: self.signer.clone() }
    }

    fn over(engine: Engine) -> Self {
        Self::around(Arc::new(engine))
    }

    fn around(engine: Arc<Engine>) -> Self {
        Self {
            engine,
            lease: None,
            signer: None,
            #[cfg(feature = "interruptions")]
            interrupted: interruption::Interrupted::default(),
        }
    }

    /// The same store, which lets this signer vouch for the audit log every
    /// [`CHECKPOINT_EVERY`] events, in the transaction that appends the event.
    #[must_use]
    pub fn signed_by(self, signer: Arc<dyn Signer>) -> Self {
        Self { signer: Some(signer), ..self }
    }

    /// A transaction under no lease.
    async fn begin(&self, access: Access) -> Result<Tx<'_>, Fault> {
        #[cfg(feature = "interruptions")]
        {
            self.interrupted.at(Moment::BeforeBegin).await;
            let mut tx = self.engine.begin(access).await?;
            tx.interrupted.clone_from(&self.interrupted);
            Ok(tx)
        }
        #[cfg(not(feature = "interruptions"))]
        self.engine.begin(access).await
    }

    /// A transaction that changes what is kept about a connection: one after the other, each under
    /// the lease, if there is one.
    async fn write(&self, connection: &str) -> Result<Tx<'_>, Fault> {
        let mut tx = self.begin(Access::Write).await?;
        tx.sign_with(self.signer.clone());
        audit::lock(&mut tx, connection).await?;
        if let Some(lease) = &self.lease {
            lane::check(&mut tx, lease).await?;
        }
        Ok(tx)
    }

    /// A transaction that sees one consistent moment.
    async fn read(&self) -> Result<Tx<'_>, Fault> {
        self.begin(Access::Read).await
    }
}
