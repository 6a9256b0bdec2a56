#![doc = include_str!("../README.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]
#![cfg_attr(
    not(feature = "full"),
    allow(
        dead_code,
        unused_imports,
        unused_macros,
        reason = "some of what the APIs share is idle"
    )
)]

mod auth;
#[cfg(feature = "catalog-items")]
pub mod catalog_items_2022_04_01;
mod client;
#[cfg(feature = "data-kiosk")]
pub mod data_kiosk_2023_11_15;
mod date_or_time;
#[cfg(feature = "documents")]
mod download;
mod error;
#[cfg(feature = "fba-inventory")]
pub mod fba_inventory_v1;
#[cfg(feature = "feeds")]
pub mod feeds_2021_06_30;
#[cfg(any(feature = "feeds", feature = "reports"))]
mod filter;
#[cfg(feature = "finances")]
pub mod finances_2024_06_19;
#[cfg(feature = "invoices")]
pub mod finances_invoices_2026_06_25;
#[cfg(feature = "finances-v0")]
pub mod finances_v0;
#[cfg(any(feature = "catalog-items", feature = "listings-items"))]
mod items;
mod json;
#[cfg(feature = "listings-items")]
pub mod listings_items_2021_08_01;
#[cfg(feature = "notifications")]
pub mod notifications_v1;
#[cfg(any(feature = "orders", feature = "orders-v0"))]
mod order_id;
#[cfg(feature = "orders")]
pub mod orders_2026_01_01;
#[cfg(feature = "orders-v0")]
pub mod orders_v0;
mod personal;
#[cfg(feature = "documents")]
mod polling;
mod region;
#[cfg(feature = "reports")]
pub mod reports_2021_06_30;
#[cfg(feature = "sellers")]
pub mod sellers_v1;
mod text;
#[cfg(feature = "tokens")]
pub mod tokens_2021_03_01;
#[cfg(feature = "transfers")]
pub mod transfers_2024_06_01;
mod user_agent;

pub use auth::{Credentials, LwaErrorCode, SecretInUse};
#[cfg(feature = "catalog-items")]
pub use catalog_items_2022_04_01::CatalogItems;
pub use client::{Client, ClientBuilder, UnknownMember};
#[cfg(feature = "data-kiosk")]
pub use data_kiosk_2023_11_15::DataKiosk;
pub use date_or_time::DateOrTime;
pub use error::{Error, ErrorKind, Refusal};
#[cfg(feature = "fba-inventory")]
pub use fba_inventory_v1::FbaInventory;
#[cfg(feature = "feeds")]
pub use feeds_2021_06_30::Feeds;
#[cfg(feature = "finances")]
pub use finances_2024_06_19::Finances;
#[cfg(feature = "invoices")]
pub use finances_invoices_2026_06_25::Invoices;
#[cfg(feature = "finances-v0")]
pub use finances_v0::FinancesV0;
#[cfg(feature = "listings-items")]
pub use listings_items_2021_08_01::ListingsItems;
#[cfg(feature = "notifications")]
pub use notifications_v1::Notifications;
#[cfg(feature = "orders")]
pub use orders_2026_01_01::Orders;
#[cfg(feature = "orders-v0")]
pub use orders_v0::OrdersV0;
pub use personal::Personal;
pub use region::Region;
#[cfg(feature = "reports")]
pub use reports_2021_06_30::Reports;
#[cfg(feature = "sellers")]
pub use sellers_v1::Sellers;
#[cfg(feature = "tokens")]
pub use tokens_2021_03_01::Tokens;
#[cfg(feature = "transfers")]
pub use transfers_2024_06_01::Transfers;
#[doc(no_inline)]
pub use wire::{
    BrokenPaging, ByteStream, Class, Clock, GateKey, Gates, HttpClient, InsecureUrl, Page,
    Priority, Random, Reached, Request, ReqwestTransport, Response, RetryPolicy, SavedBucket,
    SavedGate, SystemClock, Transport, TransportError, TransportErrorKind, TransportOptions,
    WaitNotice, WaitReason,
};
