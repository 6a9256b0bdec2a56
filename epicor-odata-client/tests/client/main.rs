//! The client against a small Epicor of its own.

mod connection;
mod contracts;
mod gl_journal_entry;
mod gl_journal_lookups;
mod lost_answers;
mod secrets;
mod support;
