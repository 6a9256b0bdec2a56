#![doc = include_str!("../README.md")]

pub mod alert;
pub mod amazon;
pub mod check;
pub mod checkpoint;
pub mod cli;
pub mod commands;
pub mod config;
pub mod connect;
pub mod data_flow;
mod day;
pub mod exit;
pub mod flow;
pub mod lane;
pub mod ledger;
pub mod order_payments;
pub mod output;
pub mod pipeline;
pub mod reconcile;
pub mod schedule;
pub mod secrets;
pub mod serve;
pub mod stage;
pub mod sync;
#[cfg(feature = "otlp")]
pub mod telemetry;
