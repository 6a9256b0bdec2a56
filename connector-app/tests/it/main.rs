//! The connector as its users meet it: the real binary, the real store, servers that answer.

mod ap_invoices;
mod backups;
mod bad_input;
mod canary;
mod check;
mod command_line;
mod credentials;
mod demo;
mod effects;
mod init;
mod json_schema;
mod kill;
mod kill_anywhere;
mod matrix;
mod own_documents;
mod past;
mod people;
mod process;
mod proof;
mod rules;
mod samples;
mod shared_store;
mod support;
