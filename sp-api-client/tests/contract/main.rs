//! What we send and read, held against Amazon's published models.
//!
//! `SP_API_MODELS` names the folder of the models: a clone of Amazon's `selling-partner-api-models`
//! will do. Without it there is nothing to compare with, and that is said.
#![expect(deprecated, reason = "what Amazon removes is checked until it does")]

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
