#![doc = include_str!("../README.md")]

mod defect;
mod document;
mod marketplace;
mod money;
mod settlement;

pub use defect::{Defect, Reason, Unreadable};
pub use document::{DecimalSign, Document, Form, Limits, ReadOptions, ZoneSource};
pub use marketplace::{Marketplace, Region};
pub use money::{Currency, Money, MoneyError};
pub use settlement::{
    Fulfillment, Group, InvalidSettlementId, LineSpan, ReportTime, Settlement, SettlementId, Triple,
};
