//! From a settlement report to posted journals: a pure core that decides, a thin shell that acts.
//!
//! * [`settlement`], [`posting`], [`order`], [`shipment`] and [`accrual`] are the tables: state, event ▶
//!   next state, effect.
//! * [`Intake`] brings documents in: discovered ▶ retrieved ▶ read.
//! * [`Worker`] takes one settlement as far as it goes: read ▶ … ▶ posted, or held.
//! * [`PostingRunner`] writes one document exactly once, whatever its kind: see [`crate::ledger`].
//! * [`Sweep`] counts each document once more, day by day.
//!
//! Each arrow is one store transaction that also appends the audit event, so a process may end
//! anywhere and the next one goes on from the store.

mod accrual_booked;
mod accrual_plan;
mod accrual_refused;
mod accrual_worker;
mod audit;
mod chain;
mod elsewhere;
mod hold;
mod intake;
mod mapping_worker;
mod order_decision;
mod order_intake;
mod order_judge;
mod order_load;
mod order_pack;
mod order_work;
mod order_worker;
mod planned;
mod reissue;
mod requested;
mod run_posting;
mod shipment_content;
mod shipment_worker;
mod sweep;
mod waived;
mod worker;
mod written;

pub mod accrual;
pub mod mapping;
pub mod order;
pub mod order_proof;
pub mod posting;
pub mod settlement;
pub mod shipment;
pub mod shipment_feed;

use std::collections::BTreeMap;
use std::fmt;

pub use accrual_booked::{Booked, booked, booked_settlements};
pub use accrual_plan::KeptAccrual;
pub use accrual_refused::AccrualRefused;
pub use accrual_worker::{AccrualWorker, accrual_state};
pub use audit::Actor;
pub use chain::ChainPolicy;
pub use hold::HeldReason;
pub use intake::{
    Intake, ReadOutcome, UnreadableDocument, content_of, read_document, read_options,
    read_options_in,
};
pub use mapping::mapped_parts;
pub use mapping_worker::{MappingWorker, accept as accept_mapping};
pub use order_decision::{hold as hold_order, release as release_order};
pub use order_intake::{ORDERS_KEPT, OrderIntake, Polled, Recorded, told};
pub use order_judge::{Judged, Masters};
pub use order_load::{Loaded, OrderLoad, Standing, standing as load_standing};
pub use order_work::OrderWork;
pub use order_worker::OrderWorker;
pub use planned::{KeptPlan, Planned, documents_of, journals_of};
pub use reissue::OTHER_CONTENT;
pub use requested::{Requested, Unready, Wanted};
pub use run_posting::{PostingEnd, PostingRunner, RecordEnd, draft_of, intent_of, posting_number};
pub use shipment_content::Content;
pub use shipment_worker::{ShipmentWorker, release as release_shipment};
pub use sweep::{Incident, Sweep, Swept};
pub(crate) use worker::state_of;
pub use worker::{
    BeforeGoLive, NotByHand, NotKept, Obstructed, Worker, kept_document, settlement_of,
    settlement_read,
};

use jiff::civil::Date;
use jiff::tz::TimeZone;
use ledger_mapper::{Calendar, FeePolicy, Rules};

use crate::config::MappedPart;

/// One connection, ready to work: its name, rules, calendar, zone and policies.
#[derive(Debug)]
pub struct Site {
    /// The connection's name, part of every key.
    pub connection: String,
    /// The mapping rules in force.
    pub rules: Rules,
    /// The fiscal calendar.
    pub calendar: Calendar,
    /// The cut-off zone; the marketplace's when `None`.
    pub zone: Option<TimeZone>,
    /// The day from which settlements are booked; all are when `None`.
    pub go_live: Option<Date>,
    /// Who approves.
    pub approval: settlement::Policy,
    /// What a gap or an overlap in the series of settlements does.
    pub chain: ChainPolicy,
    /// How fees are booked as supplier invoices; in the journals when `None`.
    pub fees: Option<FeePolicy>,
    /// Which parts a settlement's SKUs must have; none need one when `None`.
    pub parts: Option<PartsPolicy>,
    /// How documents are posted.
    pub posting: posting::Policy,
}

impl Site {
    /// Whether a settlement that ended on this day was entered by hand, before the connection went live.
    #[must_use]
    pub fn is_before_go_live(&self, ended: Date) -> bool {
        self.go_live.is_some_and(|first| ended < first)
    }
}

/// Where the part of a SKU is looked for before anything of a settlement is posted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartsPolicy {
    /// The customers (`CustID`) whose part cross references count.
    pub customers: Vec<String>,
    /// The parts that the configuration names.
    pub configured: BTreeMap<String, MappedPart>,
}

/// Told what is going on, for progress bars and logs. All of it is also in the audit log.
pub trait Watch: fmt::Debug + Send + Sync {
    /// One line for people: "waiting 120 s before asking Epicor again".
    fn note(&self, text: &str);

    /// Whether the work is to stop at the next moment at which nothing is under way.
    fn stopping(&self) -> bool {
        false
    }
}

/// Watches in silence.
#[derive(Debug, Clone, Copy, Default)]
pub struct Silent;

impl Watch for Silent {
    fn note(&self, _: &str) {}
}

/// The store holds a word this version does not know.
#[derive(Debug, thiserror::Error)]
#[error(
    "{record} is stored as \"{word}\", which this version does not know; run the version that wrote it, or a newer one"
)]
pub struct UnknownWord {
    /// Which record.
    pub record: String,
    /// The stored word.
    pub word: String,
}
