//! Planning settlements, from outside the crate.

mod accrual;
mod adjustment;
mod fees;
mod order;
mod plan;
mod properties;
mod reconcile;
mod reversal;
mod samples;
mod support;
mod worked;
