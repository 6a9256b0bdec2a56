//! `listTransactions`: what was booked.

use std::time::Duration;

use bytes::Bytes;
use futures_core::Stream;
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use url::Url;
use wire::{Class, Page, Plan};

use super::{Finances, PAGES_MAX, ROOT, Transaction, TransactionStatus};
use crate::client::{Call, Operation, call};
use crate::{Error, json};

#[cfg(test)]
mod tests;

/// The service knows nothing of the last two minutes.
const EDGE: SignedDuration = SignedDuration::from_mins(2);
/// A longer window is answered with nothing at all.
const WINDOW_MAX: SignedDuration = SignedDuration::from_hours(180 * 24);

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
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ListTransactions {
    posted_after: Option<Timestamp>,
    posted_before: Option<Timestamp>,
    marketplace_id: Option<String>,
    transaction_status: Option<TransactionStatus>,
    related_identifier: Option<(&'static str, String)>,
    next_token: Option<String>,
}

impl ListTransactions {
    /// Transactions booked at this time or later (`postedAfter`).
    #[must_use]
    pub fn posted_since(time: Timestamp) -> Self {
        Self { posted_after: Some(time), ..Self::default() }
    }

    /// Transactions of an order (`relatedIdentifierName` `ORDER_ID`).
    #[must_use]
    pub fn of_order(order_id: impl Into<String>) -> Self {
        Self { related_identifier: Some(("ORDER_ID", order_id.into())), ..Self::default() }
    }

    /// Transactions of a financial event group (`FINANCIAL_EVENT_GROUP_ID`). Its id is not that of
    /// a settlement.
    #[must_use]
    pub fn of_financial_event_group(id: impl Into<String>) -> Self {
        let related_identifier = Some(("FINANCIAL_EVENT_GROUP_ID", id.into()));
        Self { related_identifier, ..Self::default() }
    }

    /// Only transactions booked at this time or later (`postedAfter`).
    #[must_use]
    pub fn posted_after(mut self, time: Timestamp) -> Self {
        self.posted_after = Some(time);
        self
    }

    /// Only transactions booked before this time (`postedBefore`): at least two minutes ago, which
    /// it is unless said, and at most 180 days after `postedAfter`.
    #[must_use]
    pub fn posted_before(mut self, time: Timestamp) -> Self {
        self.posted_before = Some(time);
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

    /// Goes on behind a page that was read (`nextToken`), with the same parameters.
    #[must_use]
    pub fn from_page(mut self, token: impl Into<String>) -> Self {
        self.next_token = Some(token.into());
        self
    }

    /// Refuses what the service would refuse, or answer with nothing, because of the time it is.
    fn check_window(&self, now: Timestamp) -> Result<(), Error> {
        let edge = now.saturating_sub(EDGE).unwrap_or(Timestamp::MIN);
        let invalid = |parameter, reason| Err(Error::InvalidParameter { parameter, reason });
        let late = "the service wants a time at least two minutes ago";
        if self.posted_after.is_some_and(|after| after > edge) {
            return invalid("postedAfter", late);
        }
        if self.posted_before.is_some_and(|before| before > edge) {
            return invalid("postedBefore", late);
        }
        let Some(after) = self.posted_after else { return Ok(()) };
        let window = self.posted_before.unwrap_or(edge).duration_since(after);
        if window.is_negative() || (window.is_zero() && self.posted_before.is_some()) {
            return invalid("postedBefore", "it must lie behind postedAfter");
        }
        if window > WINDOW_MAX {
            return invalid(
                "postedBefore",
                "the service answers a window of more than 180 days with nothing; ask for parts",
            );
        }
        Ok(())
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

impl Call for ListTransactions {
    const OPERATION: Operation = Operation {
        name: "listTransactions",
        class: Class::Safe,
        // 0.5 a second.
        plan: Plan { interval: Duration::from_secs(2), burst: 10 },
    };
    type Answer = ListTransactionsResponse;

    fn request(&self, base: &Url) -> Result<http::Request<Bytes>, Error> {
        let status = self.transaction_status.as_ref().map(|status| status.as_str().to_owned());
        let (name, value) = self.related_identifier.clone().unzip();
        let parameters = [
            ("postedAfter", self.posted_after.map(call::time)),
            ("postedBefore", self.posted_before.map(call::time)),
            ("marketplaceId", self.marketplace_id.clone()),
            ("transactionStatus", status),
            ("relatedIdentifierName", name.map(str::to_owned)),
            ("relatedIdentifierValue", value),
            ("nextToken", self.next_token.clone()),
        ];
        let parameters = parameters.map(|(name, value)| (name, value.unwrap_or_default()));
        call::get(&call::with_query(base, &[&ROOT[..], &["transactions"]].concat(), parameters)?)
    }
}

impl<'a> Finances<'a> {
    /// `listTransactions`: one page of transactions, and the token of the next.
    ///
    /// An empty page with a token is not the end.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`] for what the service would refuse, and those of any call.
    pub async fn list_transactions(
        self,
        query: &ListTransactions,
    ) -> Result<Page<Transaction>, Error> {
        query.check_window(self.client.now())?;
        let TransactionsPayload { next_token, transactions } =
            self.client.call(query).await?.payload;
        Ok(Page { items: transactions, next_token })
    }

    /// `listTransactions`, page by page: whoever keeps a page's token can go on from it.
    pub fn list_transactions_pages(
        self,
        query: ListTransactions,
    ) -> impl Stream<Item = Result<Page<Transaction>, Error>> + Send + use<'a> {
        wire::whole_pages(PAGES_MAX, move |token| {
            let query = token.map_or_else(|| query.clone(), |token| query.clone().from_page(token));
            async move { self.list_transactions(&query).await }
        })
    }

    /// `listTransactions` to the end. The stream ends after an error.
    pub fn list_transactions_stream(
        self,
        query: ListTransactions,
    ) -> impl Stream<Item = Result<Transaction, Error>> + Send + use<'a> {
        wire::pages(PAGES_MAX, move |token| {
            let query = token.map_or_else(|| query.clone(), |token| query.clone().from_page(token));
            async move { self.list_transactions(&query).await }
        })
    }
}
