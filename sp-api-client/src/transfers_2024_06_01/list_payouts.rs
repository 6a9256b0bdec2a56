//! `listPayouts`: what was paid out, or is on its way.

use std::time::Duration;

use bytes::Bytes;
use jiff::Timestamp;
use serde::Deserialize;
use url::Url;
use wire::{Class, Page, Plan};

use super::{Payout, ROOT, Transfers};
use crate::client::list::lists;
use crate::client::query::{Query, Window, WindowRule};
use crate::client::{Call, Operation};
use crate::{Error, json};

const CREATED: WindowRule = WindowRule::half_open("createdAfter", "createdBefore");

/// Which payouts to list: the parameters of `listPayouts`. All of them unless said.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ListPayouts {
    marketplace_ids: Vec<String>,
    created: Window,
    payout_id: Option<String>,
    account_type: Option<String>,
    next_token: Option<String>,
}

impl ListPayouts {
    /// Only payouts of these marketplaces (`marketplaceIds`).
    #[must_use]
    pub fn marketplace_ids(mut self, ids: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.marketplace_ids = ids.into_iter().map(Into::into).collect();
        self
    }

    /// Only payouts made at this time or later (`createdAfter`).
    #[must_use]
    pub fn created_after(mut self, time: Timestamp) -> Self {
        self.created.after = Some(time);
        self
    }

    /// Only payouts made before this time (`createdBefore`).
    #[must_use]
    pub fn created_before(mut self, time: Timestamp) -> Self {
        self.created.before = Some(time);
        self
    }

    /// Only this payout (`payoutId`).
    #[must_use]
    pub fn payout_id(mut self, id: impl Into<String>) -> Self {
        self.payout_id = Some(id.into());
        self
    }

    /// Only this kind of account (`accountType`), like `Standard Orders`.
    #[must_use]
    pub fn account_type(mut self, account_type: impl Into<String>) -> Self {
        self.account_type = Some(account_type.into());
        self
    }
}

/// The body of an answer.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ListPayoutsResponse {
    #[serde(default, deserialize_with = "json::list")]
    payouts: Vec<Payout>,
    next_token: Option<String>,
}

impl From<ListPayoutsResponse> for Page<Payout> {
    fn from(answer: ListPayoutsResponse) -> Self {
        Self { items: answer.payouts, next_token: answer.next_token }
    }
}

impl Call for ListPayouts {
    const OPERATION: Operation = Operation {
        name: "listPayouts",
        class: Class::Safe,
        // 0.5 a second.
        plan: Plan { interval: Duration::from_secs(2), burst: 10 },
    };
    type Answer = ListPayoutsResponse;

    fn request(&self, base: &Url) -> Result<http::Request<Bytes>, Error> {
        Query::default()
            .list("marketplaceIds", &self.marketplace_ids, ..)
            .window(&CREATED, self.created)
            .set("payoutId", self.payout_id.as_ref())
            .set("accountType", self.account_type.as_ref())
            .set("nextToken", self.next_token.as_ref())
            .get(base, &ROOT, &["payouts"])
    }
}

lists! {
    Transfers: "listPayouts", ListPayouts => Page<Payout>, Payout;
    token "nextToken" in next_token;
    /// A payout a day for decades.
    at most 10_000 pages;
    list_payouts, list_payouts_pages, list_payouts_stream
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::client::call::testing::line;

    #[test]
    fn every_parameter_by_amazons_name_and_none_unless_set() {
        let query = ListPayouts::default()
            .marketplace_ids(["A", "B"])
            .created_after("2026-11-01T00:00:00Z".parse().unwrap())
            .created_before("2026-11-02T00:00:00Z".parse().unwrap())
            .payout_id("7")
            .account_type("Standard Orders")
            .from_page("t");
        let expected = "GET /finances/transfers/2024-06-01/payouts?marketplaceIds=A%2CB\
            &createdAfter=2026-11-01T00%3A00%3A00Z&createdBefore=2026-11-02T00%3A00%3A00Z\
            &payoutId=7&accountType=Standard+Orders&nextToken=t";
        assert_eq!(line(&query).unwrap(), expected);
        let expected = "GET /finances/transfers/2024-06-01/payouts";
        assert_eq!(line(&ListPayouts::default()).unwrap(), expected);
    }

    #[test]
    fn a_window_has_a_length() {
        let time: Timestamp = "2026-11-01T00:00:00Z".parse().unwrap();
        let error = line(&ListPayouts::default().created_after(time).created_before(time));
        assert!(matches!(error, Err(Error::InvalidParameter { parameter: "createdBefore", .. })));
    }
}
