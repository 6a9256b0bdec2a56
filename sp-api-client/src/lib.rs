#![doc = include_str!("../README.md")]

mod auth;
pub mod catalog_items_2022_04_01;
mod client;
pub mod data_kiosk_2023_11_15;
mod date_or_time;
mod download;
mod error;
pub mod fba_inventory_v1;
pub mod feeds_2021_06_30;
mod filter;
pub mod finances_2024_06_19;
pub mod finances_invoices_2026_06_25;
pub mod finances_v0;
mod items;
mod json;
pub mod listings_items_2021_08_01;
pub mod notifications_v1;
mod order_id;
pub mod orders_2026_01_01;
pub mod orders_v0;
mod personal;
mod polling;
mod region;
pub mod reports_2021_06_30;
pub mod sellers_v1;
mod text;
pub mod tokens_2021_03_01;
pub mod transfers_2024_06_01;
mod user_agent;

pub use auth::{Credentials, LwaErrorCode, SecretInUse};
pub use catalog_items_2022_04_01::CatalogItems;
pub use client::{Client, ClientBuilder};
pub use data_kiosk_2023_11_15::DataKiosk;
pub use date_or_time::DateOrTime;
pub use error::{Error, ErrorKind, Refusal};
pub use fba_inventory_v1::FbaInventory;
pub use feeds_2021_06_30::Feeds;
pub use finances_2024_06_19::Finances;
pub use finances_invoices_2026_06_25::Invoices;
pub use finances_v0::FinancesV0;
pub use listings_items_2021_08_01::ListingsItems;
pub use notifications_v1::Notifications;
pub use orders_2026_01_01::Orders;
pub use orders_v0::OrdersV0;
pub use personal::Personal;
pub use region::Region;
pub use reports_2021_06_30::Reports;
pub use sellers_v1::Sellers;
pub use tokens_2021_03_01::Tokens;
pub use transfers_2024_06_01::Transfers;
#[doc(no_inline)]
pub use wire::{
    ByteStream, Class, Clock, GateKey, Gates, HttpClient, Page, Priority, Random, Request,
    ReqwestTransport, Response, RetryPolicy, SavedBucket, SavedGate, Transport, TransportError,
    TransportErrorKind, TransportOptions, WaitNotice, WaitReason,
};
