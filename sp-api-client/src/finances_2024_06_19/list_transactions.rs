//! `listTransactions`: what was booked.

use std::time::Duration;

use bytes::Bytes;
use jiff::Timestamp;
use serde::Deserialize;
use url::Url;
use wire::{Class, Page, Plan};

use super::{Finances, ROOT, Transaction, TransactionStatus};
use crate::client::list::lists;
use crate::client::query::{Query, Window, WindowRule};
use crate::client::{Call, Operation};
use crate::{Error, json};

#[cfg(test)]
mod tests;

const POSTED: WindowRule = WindowRule::half_open("postedAfter", "postedBefore")
    .two_minutes_ago()
    .longest(180, "the service answers a window of more than 180 days with nothing; ask for parts");

/// Which transactions to list: the parameters of `listTransactions`.
///
/// ```
/// use sp_api_client::finances_2024_06_19::ListTransactions;
///
/// let november = ListTransactions::posted_since("2026-11-01T00:00:00Z".parse()?)
///     .posted_before("2026-12-01T00:00:00Z".parse()?);
/// let order = ListTransactions::of_order("171-9876543-2109876");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListTransactions {
    posted: Window,
    marketplace_id: Option<String>,
    transaction_status: Option<TransactionStatus>,
    related_identifier: Option<(&'static str, String)>,
    next_token: Option<String>,
}

impl ListTransactions {
    /// With neither a time nor a related identifier, of which the service wants one.
    const ALL: Self = Self {
        posted: Window { after: None, before: None },
        marketplace_id: None,
        transaction_status: None,
        related_identifier: None,
        next_token: None,
    };

    /// Transactions booked at this time or later (`postedAfter`).
    #[must_use]
    pub fn posted_since(time: Timestamp) -> Self {
        Self::ALL.posted_after(time)
    }

    /// Transactions of an order (`relatedIdentifierName` `ORDER_ID`).
    #[must_use]
    pub fn of_order(order_id: impl Into<String>) -> Self {
        Self { related_identifier: Some(("ORDER_ID", order_id.into())), ..Self::ALL }
    }

    /// Transactions of a financial event group (`FINANCIAL_EVENT_GROUP_ID`). Its id is not that of
    /// a settlement.
    #[must_use]
    pub fn of_financial_event_group(id: impl Into<String>) -> Self {
        let related_identifier = Some(("FINANCIAL_EVENT_GROUP_ID", id.into()));
        Self { related_identifier, ..Self::ALL }
    }

    /// Only transactions booked at this time or later (`postedAfter`).
    #[must_use]
    pub fn posted_after(mut self, time: Timestamp) -> Self {
        self.posted.after = Some(time);
        self
    }

    /// Only transactions booked before this time (`postedBefore`): at least two minutes ago, which
    /// it is unless said, and at most 180 days after `postedAfter`.
    #[must_use]
    pub fn posted_before(mut self, time: Timestamp) -> Self {
        self.posted.before = Some(time);
        self
    }

    /// Only transactions of this marketplace (`marketplaceId`). In the US store this leaves out
    /// the orders that the seller ships.
    #[must_use]
    pub fn marketplace_id(mut self, id: impl Into<String>) -> Self {
        self.marketplace_id = Some(id.into());
        self
    }

    /// Only transactions with this status (`transactionStatus`).
    #[must_use]
    pub fn transaction_status(mut self, status: TransactionStatus) -> Self {
        self.transaction_status = Some(status);
        self
    }
}

/// The body of an answer.
#[derive(Deserialize)]
pub(crate) struct ListTransactionsResponse {
    payload: TransactionsPayload,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct TransactionsPayload {
    next_token: Option<String>,
    #[serde(default, deserialize_with = "json::list")]
    transactions: Vec<Transaction>,
}

impl From<ListTransactionsResponse> for Page<Transaction> {
    fn from(answer: ListTransactionsResponse) -> Self {
        Self { items: answer.payload.transactions, next_token: answer.payload.next_token }
    }
}

impl Call for ListTransactions {
    const OPERATION: Operation = Operation {
        name: "listTransactions",
        class: Class::Safe,
        // 0.5 a second.
        plan: Plan { interval: Duration::from_secs(2), burst: 10 },
    };
    type Answer = ListTransactionsResponse;

    fn request(&self, base: &Url) -> Result<http::Request<Bytes>, Error> {
        let (name, value) = self.related_identifier.as_ref().map(|(n, v)| (n, v)).unzip();
        let nameless = value.is_some_and(String::is_empty);
        Query::default()
            .window(&POSTED, self.posted)
            .refuse(nameless, "relatedIdentifierValue", "this is no id")
            .set("marketplaceId", self.marketplace_id.as_ref())
            .set("transactionStatus", self.transaction_status.as_ref())
            .set("relatedIdentifierName", name)
            .set("relatedIdentifierValue", value)
            .set("nextToken", self.next_token.as_ref())
            .get(base, &ROOT, &["transactions"])
    }
}

lists! {
    Finances: "listTransactions", ListTransactions => Page<Transaction>, Transaction;
    token "nextToken" in next_token;
    /// Pages of 500.
    at most 100_000 pages {
        fn check(&self, now: Timestamp) -> Result<(), Error> {
            POSTED.check(self.posted, now)
        }
    };
    list_transactions, list_transactions_pages, list_transactions_stream
}
