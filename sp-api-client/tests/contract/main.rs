//! What we send and read, held against Amazon's published models.
//!
//! The models lie beside the repository (`../shared/contracts/sp-api`). Without them these tests
//! pass without a word: there is nothing to compare with.

mod model;
mod service;

mod reports;
