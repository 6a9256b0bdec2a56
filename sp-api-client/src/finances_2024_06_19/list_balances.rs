//! `listBalances`: what the seller's accounts hold.

use std::time::Duration;

use bytes::Bytes;
use jiff::civil::Date;
use serde::Deserialize;
use url::Url;
use wire::{Class, Page, Plan};

use super::{Balance, BalanceType, Finances, ROOT};
use crate::client::list::lists;
use crate::client::query::Query;
use crate::client::{Call, Operation};
use crate::{Error, json};

/// Which balances to list: the parameters of `listBalances`. All of them, as they are now, unless
/// said.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ListBalances {
    marketplace_ids: Vec<String>,
    balance_type: Option<BalanceType>,
    account_type: Option<String>,
    as_of_date: Option<Date>,
    next_token: Option<String>,
}

impl ListBalances {
    /// Only accounts of these marketplaces (`marketplaceIds`).
    #[must_use]
    pub fn marketplace_ids(mut self, ids: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.marketplace_ids = ids.into_iter().map(Into::into).collect();
        self
    }

    /// Only this kind of money (`balanceType`).
    #[must_use]
    pub fn balance_type(mut self, balance_type: BalanceType) -> Self {
        self.balance_type = Some(balance_type);
        self
    }

    /// Only this kind of account (`accountType`), like `Standard Orders`.
    #[must_use]
    pub fn account_type(mut self, account_type: impl Into<String>) -> Self {
        self.account_type = Some(account_type.into());
        self
    }

    /// As it was on this day (`asOfDate`) instead of now.
    #[must_use]
    pub fn as_of_date(mut self, date: Date) -> Self {
        self.as_of_date = Some(date);
        self
    }
}

/// The body of an answer.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ListBalancesResponse {
    #[serde(default, deserialize_with = "json::list")]
    balances: Vec<Balance>,
    next_token: Option<String>,
}

impl From<ListBalancesResponse> for Page<Balance> {
    fn from(answer: ListBalancesResponse) -> Self {
        Self { items: answer.balances, next_token: answer.next_token }
    }
}

impl Call for ListBalances {
    const OPERATION: Operation = Operation {
        name: "listBalances",
        class: Class::Safe,
        // 0.5 a second.
        plan: Plan { interval: Duration::from_secs(2), burst: 10 },
    };
    type Answer = ListBalancesResponse;

    fn request(&self, base: &Url) -> Result<http::Request<Bytes>, Error> {
        Query::default()
            .list("marketplaceIds", &self.marketplace_ids, ..)
            .set("balanceType", self.balance_type.as_ref())
            .set("accountType", self.account_type.as_ref())
            .set("asOfDate", self.as_of_date)
            .set("nextToken", self.next_token.as_ref())
            .get(base, &ROOT, &["balances"])
    }
}

lists! {
    Finances: "listBalances", ListBalances => Page<Balance>, Balance;
    token "nextToken" in next_token;
    /// Pages of 500.
    at most 100_000 pages;
    list_balances, list_balances_pages, list_balances_stream
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_parameter_by_amazons_name_and_none_unless_set() {
        let base = Url::parse("https://sellingpartnerapi-na.amazon.com/").unwrap();
        let query = ListBalances::default()
            .marketplace_ids(["A", "B"])
            .balance_type(BalanceType::AccountLevelReserve)
            .account_type("Standard Orders")
            .as_of_date("2026-11-01".parse().unwrap())
            .from_page("t");
        let expected = "/finances/2024-06-19/balances?marketplaceIds=A%2CB\
            &balanceType=ACCOUNT_LEVEL_RESERVE&accountType=Standard+Orders\
            &asOfDate=2026-11-01&nextToken=t";
        assert_eq!(query.request(&base).unwrap().uri().path_and_query().unwrap(), expected);
        let bare = ListBalances::default().request(&base).unwrap();
        assert_eq!(bare.uri().path_and_query().unwrap(), "/finances/2024-06-19/balances");
    }
}
