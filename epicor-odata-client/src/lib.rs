#![doc = include_str!("../README.md")]

pub mod ap_invoice;
mod call;
pub mod claim;
mod client;
mod company;
mod credentials;
pub mod dataset;
mod dialogue;
mod entry;
mod error;
pub mod gl_account;
pub mod gl_journal;
mod group_id;
mod limit;
pub mod master;
pub mod odata;
pub mod once;
pub mod part;
mod record;
pub mod sales_order;
pub mod shipment;
mod task;

pub use client::Client;
pub use client::builder::{CallSettings, ClientBuilder};
pub use company::Ping;
pub use credentials::{ApiKey, Identity};
pub use entry::Entry;
pub use error::{Answer, Credential, Detail, Error};
pub use group_id::{GroupId, InvalidGroupId};
pub use record::{Column, FromColumn, Kind, MAX_RECORDS, Record, Records};
pub use task::{Agent, Task, TaskState};
