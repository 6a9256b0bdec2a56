//! The connector as its users meet it: the real binary, the real store, servers that answer.

mod alerts;
mod ap_invoices;
mod backups;
mod bad_input;
mod canary;
mod catalog;
mod check;
mod command_line;
mod credentials;
mod demo;
mod effects;
mod hints;
mod init;
mod json_schema;
mod kill;
mod kill_anywhere;
mod matrix;
mod orders;
mod own_documents;
mod past;
mod people;
mod process;
mod proof;
mod reconcile;
mod reissue;
mod reverse;
mod rules;
mod samples;
mod series;
mod serve;
mod shared_store;
mod support;
mod sweep;
#[cfg(feature = "otlp")]
mod telemetry;
mod workers;
