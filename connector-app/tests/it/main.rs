//! The connector as its users meet it: the real binary, the real store, servers that answer.

mod bad_input;
mod credentials;
mod demo;
mod effects;
mod kill;
mod kill_anywhere;
mod matrix;
mod own_documents;
mod people;
mod rules;
mod samples;
mod shared_store;
mod support;
