#![doc = include_str!("../README.md")]

mod block;
mod buffer;
mod cells;
pub mod chain;
mod date;
pub mod date_range;
mod defect;
mod document;
pub mod expected;
mod marketplace;
mod money;
mod number;
mod owned_row;
mod records;
mod reference;
mod settlement;
mod source;
mod tally;
mod v1;
mod v2;
mod xml;

pub use defect::{Defect, Reason, Unreadable};
pub use document::{DecimalSign, Document, Form, Limits, ReadOptions, ZoneSource, read, read_rows};
pub use marketplace::{InvalidMarketplaceId, Marketplace, MarketplaceId, Region};
pub use money::{Currency, Money, MoneyError};
pub use owned_row::OwnedRow;
pub use reference::OrderReference;
pub use settlement::{
    Fulfillment, Group, InvalidSettlementId, LineSpan, ReportTime, Settlement, SettlementId, Triple,
};
pub use v2::{Item, Row, RowReader, SettlementRow};
