//! `listSummary`: what a settlement, or a period, comes to.

use std::time::Duration;

use bytes::Bytes;
use futures_core::Stream;
use jiff::civil::Date;
use serde::Deserialize;
use url::Url;
use wire::{Class, Page, Plan};

use super::{Finances, MARKETPLACES_MAX, PAGES_MAX, ROOT, Summary};
use crate::client::{Call, Operation, call};
use crate::{Error, json};

/// Which summaries to list: the parameters of `listSummary`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListSummary {
    of: Of,
    marketplace_ids: Vec<String>,
    account_type: Option<String>,
    next_token: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Of {
    Settlement(String),
    Period(Date, Date),
}

impl ListSummary {
    /// The summary of a settlement (`relatedIdentifierName` `SETTLEMENT_ID`).
    #[must_use]
    pub fn of_settlement(settlement_id: impl Into<String>) -> Self {
        Self::new(Of::Settlement(settlement_id.into()))
    }

    /// The summaries of a period: from `start` (`periodStart`) to `end` (`periodEnd`), both
    /// included.
    #[must_use]
    pub fn of_period(start: Date, end: Date) -> Self {
        Self::new(Of::Period(start, end))
    }

    fn new(of: Of) -> Self {
        Self { of, marketplace_ids: Vec::new(), account_type: None, next_token: None }
    }

    /// Only accounts of these marketplaces (`marketplaceIds`).
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
pub(crate) struct SummaryResponse {
    #[serde(default, deserialize_with = "json::list")]
    summaries: Vec<Summary>,
    next_token: Option<String>,
}

impl Call for ListSummary {
    const OPERATION: Operation = Operation {
        name: "listSummary",
        class: Class::Safe,
        // 0.5 a second.
        plan: Plan { interval: Duration::from_secs(2), burst: 10 },
    };
    type Answer = SummaryResponse;

    fn request(&self, base: &Url) -> Result<http::Request<Bytes>, Error> {
        let ids = call::comma_separated("marketplaceIds", &self.marketplace_ids, MARKETPLACES_MAX)?;
        let [first, second] = match &self.of {
            Of::Settlement(id) => [
                ("relatedIdentifierName", Some("SETTLEMENT_ID".to_owned())),
                ("relatedIdentifierValue", Some(id.clone())),
            ],
            Of::Period(start, end) if end < start => {
                let reason = "it lies before periodStart";
                return Err(Error::InvalidParameter { parameter: "periodEnd", reason });
            }
            Of::Period(start, end) => {
                [("periodStart", Some(start.to_string())), ("periodEnd", Some(end.to_string()))]
            }
        };
        let parameters = [
            ("marketplaceIds", Some(ids)),
            ("accountType", self.account_type.clone()),
            first,
            second,
            ("nextToken", self.next_token.clone()),
        ];
        let parameters = parameters.map(|(name, value)| (name, value.unwrap_or_default()));
        call::get(&call::with_query(base, &[&ROOT[..], &["summary"]].concat(), parameters)?)
    }
}

impl<'a> Finances<'a> {
    /// `listSummary`: one page of summaries, and the token of the next.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`] for what the service would refuse, and those of any call.
    pub async fn list_summary(self, query: &ListSummary) -> Result<Page<Summary>, Error> {
        let SummaryResponse { summaries, next_token } = self.client.call(query).await?;
        Ok(Page { items: summaries, next_token })
    }

    /// `listSummary` to the end. The stream ends after an error.
    pub fn list_summary_stream(
        self,
        query: ListSummary,
    ) -> impl Stream<Item = Result<Summary, Error>> + Send + use<'a> {
        wire::pages(PAGES_MAX, move |token| {
            let query = token.map_or_else(|| query.clone(), |token| query.clone().from_page(token));
            async move { self.list_summary(&query).await }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(query: &ListSummary) -> Result<String, Error> {
        let base = Url::parse("https://sellingpartnerapi-na.amazon.com/").unwrap();
        let request = query.request(&base)?;
        assert_eq!(request.uri().path(), "/finances/2024-06-19/summary");
        Ok(request.uri().query().unwrap_or_default().to_owned())
    }

    #[test]
    fn a_settlement_by_its_id() {
        let query = ListSummary::of_settlement("12345").marketplace_ids(["A"]).from_page("t");
        let expected = "marketplaceIds=A&relatedIdentifierName=SETTLEMENT_ID\
            &relatedIdentifierValue=12345&nextToken=t";
        assert_eq!(request(&query).unwrap(), expected);
    }

    #[test]
    fn a_period_by_its_days_the_right_way_round() {
        let [first, last] = ["2026-11-01", "2026-11-30"].map(|date| date.parse().unwrap());
        let query = ListSummary::of_period(first, last).account_type("Standard Orders");
        let expected = "accountType=Standard+Orders&periodStart=2026-11-01&periodEnd=2026-11-30";
        assert_eq!(request(&query).unwrap(), expected);
        let error = request(&ListSummary::of_period(last, first)).unwrap_err();
        assert!(matches!(error, Error::InvalidParameter { parameter: "periodEnd", .. }));
    }
}
