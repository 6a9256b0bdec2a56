#![doc = include_str!("../README.md")]

pub mod ap_invoice;
pub mod ar_invoice;
mod baq;
mod call;
pub mod cash_receipt;
pub mod claim;
mod client;
pub mod contract;
mod credentials;
pub mod dataset;
mod dialogue;
mod entry;
mod error;
mod function;
mod get_rows;
pub mod gl_account;
pub mod gl_journal;
mod group_id;
mod limit;
mod login;
pub mod master;
pub mod metadata;
mod method;
pub mod odata;
pub mod once;
mod operation;
mod pages;
pub mod part;
mod ping;
mod probe;
mod record;
pub mod sales_order;
mod service;
pub mod shipment;
mod task;

pub use baq::Baq;
pub use call::Effect;
pub use client::Client;
pub use client::builder::{CallSettings, ClientBuilder};
pub use credentials::{ApiKey, Identity, TokenForm};
pub use entry::Entry;
pub use error::{Answer, ConnectionFault, Credential, Detail, Error};
pub use function::Function;
pub use get_rows::{GetRows, ListPages};
pub use group_id::{GroupId, InvalidGroupId};
pub use method::Method;
pub use operation::Operation;
pub use ping::Ping;
pub use probe::Probe;
pub use record::{Column, FromColumn, Kind, MAX_RECORDS, Record, Records};
pub use service::{EntitySet, Service};
pub use task::{Agent, Task, TaskState};
#[doc(no_inline)]
pub use wire::{
    ByteStream, Class, Clock, HttpClient, InsecureUrl, Random, Reached, Request, ReqwestTransport,
    Response, RetryPolicy, Transport, TransportError, TransportErrorKind, TransportOptions,
};
