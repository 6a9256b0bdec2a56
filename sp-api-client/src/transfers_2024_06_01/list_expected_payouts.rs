//! `listExpectedPayouts`: what will be paid out next.

use std::time::Duration;

use bytes::Bytes;
use serde::Deserialize;
use url::Url;
use wire::{Class, Page, Plan};

use super::{ExpectedPayout, ROOT, Transfers};
use crate::client::list::lists;
use crate::client::query::Query;
use crate::client::{Call, Operation};
use crate::{Error, json};

/// Which payouts to expect: the parameters of `listExpectedPayouts`. All of them unless said.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ListExpectedPayouts {
    marketplace_ids: Vec<String>,
    account_type: Option<String>,
    next_token: Option<String>,
}

impl ListExpectedPayouts {
    /// Only payouts of these marketplaces (`marketplaceIds`).
    #[must_use]
    pub fn marketplace_ids(mut self, ids: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.marketplace_ids = ids.into_iter().map(Into::into).collect();
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
pub(crate) struct ListExpectedPayoutsResponse {
    #[serde(default, deserialize_with = "json::list")]
    expected_payouts: Vec<ExpectedPayout>,
    next_token: Option<String>,
}

impl From<ListExpectedPayoutsResponse> for Page<ExpectedPayout> {
    fn from(answer: ListExpectedPayoutsResponse) -> Self {
        Self { items: answer.expected_payouts, next_token: answer.next_token }
    }
}

impl Call for ListExpectedPayouts {
    const OPERATION: Operation = Operation {
        name: "listExpectedPayouts",
        class: Class::Safe,
        // 0.5 a second.
        plan: Plan { interval: Duration::from_secs(2), burst: 10 },
    };
    type Answer = ListExpectedPayoutsResponse;

    fn request(&self, base: &Url) -> Result<http::Request<Bytes>, Error> {
        Query::default()
            .list("marketplaceIds", &self.marketplace_ids, ..)
            .set("accountType", self.account_type.as_ref())
            .set("nextToken", self.next_token.as_ref())
            .get(base, &ROOT, &["payouts", "expected"])
    }
}

lists! {
    Transfers: "listExpectedPayouts", ListExpectedPayouts => Page<ExpectedPayout>, ExpectedPayout;
    token "nextToken" in next_token;
    /// An account has one for each store and kind of account.
    at most 10_000 pages;
    list_expected_payouts, list_expected_payouts_pages, list_expected_payouts_stream
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::client::call::testing::line;

    #[test]
    fn every_parameter_by_amazons_name_and_none_unless_set() {
        let query = ListExpectedPayouts::default()
            .marketplace_ids(["A"])
            .account_type("Standard Orders")
            .from_page("t");
        let expected = "GET /finances/transfers/2024-06-01/payouts/expected?marketplaceIds=A\
            &accountType=Standard+Orders&nextToken=t";
        assert_eq!(line(&query).unwrap(), expected);
        let expected = "GET /finances/transfers/2024-06-01/payouts/expected";
        assert_eq!(line(&ListExpectedPayouts::default()).unwrap(), expected);
    }
}
