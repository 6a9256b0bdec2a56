//! What we send and read, held against Amazon's published models.
//!
//! The models lie beside the repository (`../shared/contracts/sp-api`), or where the environment
//! variable `SP_API_MODELS` says: a clone of Amazon's `selling-partner-api-models` will do. Without
//! them there is nothing to compare with, and each of these tests says so.
#![expect(deprecated, reason = "what Amazon removes is checked until it does")]
#![expect(clippy::print_stderr, reason = "what is not checked is said")]

mod model;
mod service;
mod table;

mod catalog_items;
mod data_kiosk;
mod fba_inventory;
mod features;
mod feeds;
mod finances;
mod finances_v0;
mod invoices;
mod listings_items;
mod notifications;
mod orders;
mod orders_v0;
mod reports;
mod rules;
mod sellers;
