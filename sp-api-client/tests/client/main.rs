//! The client against a mock server: one test program, one file per concern.

mod common;
mod documents;
mod failures;
mod lists;
mod login;
mod long_running;
mod orders;
mod paging;
mod rates;
mod resets;
mod restricted;
mod secrets;
mod sharing;
mod simulation;
mod tolerance;
mod writes;
