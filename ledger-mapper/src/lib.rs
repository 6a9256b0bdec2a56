#![doc = include_str!("../README.md")]

mod calendar;
mod catalogue;
mod file_error;
mod form;
mod hold;
mod journal;
mod key;
mod nearest;
mod pattern;
mod plan;
mod role;
mod rules;

pub use calendar::{Calendar, Period};
pub use catalogue::{CatalogueEntry, Confidence, catalogue};
pub use file_error::{CalendarError, FileError, RulesError};
pub use hold::Hold;
pub use journal::{Journal, JournalError, JournalLine, RoleShare, Source};
pub use key::JournalKey;
pub use plan::{Context, Plan, plan};
pub use role::{Role, RoleInfo, Side, Statement, roles};
pub use rules::{Account, RuleRef, Rules};
