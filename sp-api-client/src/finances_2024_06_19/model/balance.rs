//! Balances and summaries.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Breakdown, Currency, RelatedIdentifier};
use crate::DateOrTime;
use crate::json;
use crate::text::open_enum;

/// What an account holds (`Balance`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Balance {
    /// `partnerMetadata`.
    pub partner_metadata: Option<PartnerMetadata>,
    /// `balanceType`.
    pub balance_type: Option<BalanceType>,
    /// `amount`.
    pub amount: Option<Currency>,
    /// `balances`: what it is made of.
    #[serde(default, deserialize_with = "json::list")]
    pub balances: Vec<Self>,
    /// `asOfDate`: the day it was so, when one was asked for.
    pub as_of_date: Option<DateOrTime>,
    /// `lastUpdatedTime`.
    pub last_updated_time: Option<Timestamp>,
}

open_enum! {
    /// What kind of money a balance is (`balanceType`).
    BalanceType {
        /// `AVAILABLE`.
        Available = "AVAILABLE",
        /// `RESERVED`.
        Reserved = "RESERVED",
        /// `ACCOUNT_LEVEL_RESERVE`.
        AccountLevelReserve = "ACCOUNT_LEVEL_RESERVE",
        /// `DEFERRED`.
        Deferred = "DEFERRED",
        /// `TOTAL`.
        Total = "TOTAL",
    }
}

/// Whose account it is (`PartnerMetadata`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct PartnerMetadata {
    /// `partnerId`.
    pub partner_id: Option<String>,
    /// `accountType`: like `Standard Orders`. Spelt differently from API to API.
    pub account_type: Option<String>,
    /// `marketplaceId`.
    pub marketplace_id: Option<String>,
}

/// What came in and went out, and what remains of it (`Summary`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Summary {
    /// `partnerMetadata`.
    pub partner_metadata: Option<PartnerMetadata>,
    /// `netProceeds`: positive in favour of the seller.
    pub net_proceeds: Option<Currency>,
    /// `relatedIdentifiers`.
    #[serde(default, deserialize_with = "json::list")]
    pub related_identifiers: Vec<RelatedIdentifier>,
    /// `breakdowns`.
    #[serde(default, deserialize_with = "json::list")]
    pub breakdowns: Vec<Breakdown>,
    /// `periodStart`.
    pub period_start: Option<DateOrTime>,
    /// `periodEnd`.
    pub period_end: Option<DateOrTime>,
}
