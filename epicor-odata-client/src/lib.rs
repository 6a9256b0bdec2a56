#![doc = include_str!("../README.md")]

mod call;
mod client;
mod company;
mod credentials;
pub mod dataset;
mod error;
pub mod gl_journal;
pub mod odata;

pub use client::Client;
pub use client::builder::{CallSettings, ClientBuilder};
pub use company::Ping;
pub use credentials::{ApiKey, Identity};
pub use error::{Answer, Credential, Detail, Error};
