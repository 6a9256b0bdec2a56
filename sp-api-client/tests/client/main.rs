//! The client against a mock server: one test program, one file per concern.

mod common;
mod documents;
mod failures;
mod login;
mod paging;
mod rates;
mod secrets;
mod simulation;
