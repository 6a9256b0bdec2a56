//! The connector as its users meet it: the real binary, the real store, servers that answer.

mod ap_invoices;
mod bad_input;
mod credentials;
mod demo;
mod effects;
mod kill;
mod matrix;
mod orders;
mod own_documents;
mod people;
mod process;
mod rules;
mod samples;
mod shared_store;
mod support;
