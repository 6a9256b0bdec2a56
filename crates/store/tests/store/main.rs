//! What any engine of the store must do (`conformance`), and what the data folder must survive.

mod backup;
mod conformance;
mod crash;
mod folder;
mod postgres;
mod samples;
mod server;
mod tamper;
