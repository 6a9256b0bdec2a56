#![doc = include_str!("../README.md")]

mod baq;
mod call;
mod client;
mod credentials;
pub mod dataset;
mod error;
mod function;
mod get_rows;
pub mod gl_journal;
mod login;
mod metadata;
mod method;
pub mod odata;
mod operation;
mod pages;
mod ping;
mod service;

pub use baq::Baq;
pub use call::Effect;
pub use client::Client;
pub use client::builder::{CallSettings, ClientBuilder};
pub use credentials::{ApiKey, Identity, TokenForm};
pub use error::{Answer, ConnectionFault, Credential, Detail, Error};
pub use function::Function;
pub use get_rows::{GetRows, ListPages};
pub use metadata::{Column, EntityType, InvalidMetadata, Metadata};
pub use method::Method;
pub use operation::Operation;
pub use ping::Ping;
pub use service::{EntitySet, Service};
