//! `listExpectedPayouts`: what will be paid out next.

use std::time::Duration;

use bytes::Bytes;
use futures_core::Stream;
use serde::Deserialize;
use url::Url;
use wire::{Class, Page, Plan};

use super::{ExpectedPayout, MARKETPLACES_MAX, PAGES_MAX, ROOT, Transfers};
use crate::client::{Call, Operation, call};
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
pub(crate) struct ListExpectedPayoutsResponse {
    #[serde(default, deserialize_with = "json::list")]
    expected_payouts: Vec<ExpectedPayout>,
    next_token: Option<String>,
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
        let ids = call::comma_separated("marketplaceIds", &self.marketplace_ids, MARKETPLACES_MAX)?;
        let parameters = [
            ("marketplaceIds", ids),
            ("accountType", self.account_type.clone().unwrap_or_default()),
            ("nextToken", self.next_token.clone().unwrap_or_default()),
        ];
        let path = [&ROOT[..], &["payouts", "expected"]].concat();
        call::get(&call::with_query(base, &path, parameters)?)
    }
}

impl<'a> Transfers<'a> {
    /// `listExpectedPayouts`: one page of payouts to come, and the token of the next.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`] for what the service would refuse, and those of any call.
    pub async fn list_expected_payouts(
        self,
        query: &ListExpectedPayouts,
    ) -> Result<Page<ExpectedPayout>, Error> {
        let answer = self.client.call(query).await?;
        Ok(Page { items: answer.expected_payouts, next_token: answer.next_token })
    }

    /// `listExpectedPayouts` to the end. The stream ends after an error.
    pub fn list_expected_payouts_stream(
        self,
        query: ListExpectedPayouts,
    ) -> impl Stream<Item = Result<ExpectedPayout, Error>> + Send + use<'a> {
        wire::pages(PAGES_MAX, move |token| {
            let query = token.map_or_else(|| query.clone(), |token| query.clone().from_page(token));
            async move { self.list_expected_payouts(&query).await }
        })
    }
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
