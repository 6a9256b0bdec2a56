//! What we send and read, held against Amazon's published models.
//!
//! The models lie beside the repository (`../shared/contracts/sp-api`). Without them these tests
//! pass without a word: there is nothing to compare with.

mod model;
mod service;
mod table;

mod catalog_items;
mod data_kiosk;
mod feeds;
mod finances;
mod listings_items;
mod notifications;
mod orders;
mod reports;
mod sellers;
