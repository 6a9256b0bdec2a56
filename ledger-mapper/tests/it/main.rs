//! Planning settlements, from outside the crate.

mod accounting;
mod accrual;
mod adjustment;
mod alignment;
mod calendars;
mod drill;
mod fees;
mod holds;
mod order;
mod order_match;
mod plan;
mod properties;
mod reconcile;
mod report;
mod reversal;
mod rules;
mod samples;
mod schema;
mod support;
mod worked;
