#![doc = include_str!("../README.md")]

mod auth;
mod client;
mod error;
mod region;
pub mod reports_2021_06_30;
mod text;
mod user_agent;

pub use auth::{Credentials, LwaErrorCode};
pub use client::{Client, ClientBuilder};
pub use error::{Error, ErrorKind, Refusal};
pub use region::Region;
pub use reports_2021_06_30::Reports;
#[doc(no_inline)]
pub use wire::{Clock, Page, Random, RetryPolicy, Transport, TransportError, WaitNotice};
