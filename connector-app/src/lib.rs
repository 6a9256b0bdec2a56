#![doc = include_str!("../README.md")]

pub mod amazon;
pub mod cli;
pub mod commands;
pub mod config;
pub mod connect;
mod day;
pub mod exit;
pub mod lane;
pub mod ledger;
pub mod output;
pub mod pipeline;
pub mod secrets;
pub mod stage;
pub mod sync;
