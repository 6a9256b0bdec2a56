//! The client against a small Epicor of its own.

mod answers;
mod connection;
mod contracts;
mod filters;
mod gl_journal_entry;
mod gl_journal_lookups;
mod lost_answers;
mod model;
mod paging;
#[path = "../schemas/mod.rs"]
mod schemas;
mod secrets;
mod services;
mod stand_in;
mod support;
mod tls;
mod tokens;
