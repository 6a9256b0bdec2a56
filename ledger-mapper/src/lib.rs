#![doc = include_str!("../README.md")]

mod adjustment;
mod calendar;
mod catalogue;
mod fees;
mod file_error;
mod form;
mod hold;
mod journal;
mod key;
mod lines;
mod nearest;
mod pattern;
mod plan;
mod reversal;
mod role;
mod rules;

pub use adjustment::{AdjustmentError, adjustment};
pub use calendar::{Calendar, Period};
pub use catalogue::{CatalogueEntry, Confidence, catalogue};
pub use fees::{FeeDocument, FeeError, FeeInvoice, FeeLine, FeePolicy, FeePosting, fee_invoice};
pub use file_error::{CalendarError, FileError, RulesError};
pub use hold::Hold;
pub use journal::{Journal, JournalError, JournalLine, RoleShare, Source};
pub use key::JournalKey;
pub use plan::{Context, Plan, plan};
pub use reversal::{ReversalError, reversal};
pub use role::{Role, RoleInfo, Side, Statement, roles};
pub use rules::{Account, RuleRef, Rules};
