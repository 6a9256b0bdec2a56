//! `listBalances`: what the seller's accounts hold.

use std::time::Duration;

use bytes::Bytes;
use futures_core::Stream;
use jiff::civil::Date;
use serde::Deserialize;
use url::Url;
use wire::{Class, Page, Plan};

use super::{Balance, BalanceType, Finances, MARKETPLACES_MAX, PAGES_MAX, ROOT};
use crate::client::{Call, Operation, call};
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

    /// Goes on behind a page that was read (`nextToken`), with the same parameters.
    #[must_use]
    pub fn from_page(mut self, token: impl Into<String>) -> Self {
        self.next_token = Some(token.into());
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

impl Call for ListBalances {
    const OPERATION: Operation = Operation {
        name: "listBalances",
        class: Class::Safe,
        // 0.5 a second.
        plan: Plan { interval: Duration::from_secs(2), burst: 10 },
    };
    type Answer = ListBalancesResponse;

    fn request(&self, base: &Url) -> Result<http::Request<Bytes>, Error> {
        let ids = call::comma_separated("marketplaceIds", &self.marketplace_ids, MARKETPLACES_MAX)?;
        let parameters = [
            ("marketplaceIds", Some(ids)),
            ("balanceType", self.balance_type.as_ref().map(|kind| kind.as_str().to_owned())),
            ("accountType", self.account_type.clone()),
            ("asOfDate", self.as_of_date.map(|date| date.to_string())),
            ("nextToken", self.next_token.clone()),
        ];
        let parameters = parameters.map(|(name, value)| (name, value.unwrap_or_default()));
        call::get(&call::with_query(base, &[&ROOT[..], &["balances"]].concat(), parameters)?)
    }
}

impl<'a> Finances<'a> {
    /// `listBalances`: one page of balances, and the token of the next.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`] for what the service would refuse, and those of any call.
    pub async fn list_balances(self, query: &ListBalances) -> Result<Page<Balance>, Error> {
        let ListBalancesResponse { balances, next_token } = self.client.call(query).await?;
        Ok(Page { items: balances, next_token })
    }

    /// `listBalances` to the end. The stream ends after an error.
    pub fn list_balances_stream(
        self,
        query: ListBalances,
    ) -> impl Stream<Item = Result<Balance, Error>> + Send + use<'a> {
        wire::pages(PAGES_MAX, move |token| {
            let query = token.map_or_else(|| query.clone(), |token| query.clone().from_page(token));
            async move { self.list_balances(&query).await }
        })
    }
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
