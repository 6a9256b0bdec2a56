//! `listSummary`: what a settlement, or a period, comes to.

use std::time::Duration;

use bytes::Bytes;
use jiff::civil::Date;
use serde::Deserialize;
use url::Url;
use wire::{Class, Page, Plan};

use super::{Finances, ROOT, Summary};
use crate::client::list::lists;
use crate::client::query::Query;
use crate::client::{Call, Operation};
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
}

/// The body of an answer.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SummaryResponse {
    #[serde(default, deserialize_with = "json::list")]
    summaries: Vec<Summary>,
    next_token: Option<String>,
}

impl From<SummaryResponse> for Page<Summary> {
    fn from(answer: SummaryResponse) -> Self {
        Self { items: answer.summaries, next_token: answer.next_token }
    }
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
        let query = Query::default()
            .list("marketplaceIds", &self.marketplace_ids, ..)
            .set("accountType", self.account_type.as_ref());
        let query = match &self.of {
            Of::Settlement(id) => query
                .set("relatedIdentifierName", Some("SETTLEMENT_ID"))
                .required("relatedIdentifierValue", id, "this is no id of a settlement"),
            Of::Period(start, end) => query
                .refuse(end < start, "periodEnd", "it lies before periodStart")
                .set("periodStart", Some(start))
                .set("periodEnd", Some(end)),
        };
        query.set("nextToken", self.next_token.as_ref()).get(base, &ROOT, &["summary"])
    }
}

lists! {
    Finances: "listSummary", ListSummary => Page<Summary>, Summary;
    token "nextToken" in next_token;
    /// An account has a summary for each store and kind of account.
    at most 100_000 pages;
    list_summary, list_summary_pages, list_summary_stream
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
