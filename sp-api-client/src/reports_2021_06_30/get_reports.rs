//! `getReports`: the reports there are.

use std::time::Duration;

use bytes::Bytes;
use jiff::Timestamp;
use serde::Deserialize;
use url::Url;
use wire::{Class, Page, Plan};

use super::{ProcessingStatus, ROOT, Report, Reports};
use crate::Error;
use crate::client::list::lists;
use crate::client::{Call, Operation};
use crate::filter::{Filter, filters};

#[cfg(test)]
mod tests;

/// Which reports to list: the parameters of `getReports`. Settlement reports are listed for the whole account,
/// whatever marketplaces are named.
///
/// ```
/// use sp_api_client::reports_2021_06_30::{GetReports, ProcessingStatus};
///
/// let settlements = GetReports::of_types(["GET_V2_SETTLEMENT_REPORT_DATA_FLAT_FILE_V2"])
///     .processing_statuses([ProcessingStatus::Done])
///     .page_size(100);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GetReports(Filter);

impl GetReports {
    /// Reports of these types (`reportTypes`): one to ten.
    #[must_use]
    pub fn of_types(types: impl IntoIterator<Item = impl Into<String>>) -> Self {
        Self(Filter::of_types(types))
    }
}

filters! { GetReports of "reports" }

/// The body of an answer.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct GetReportsResponse {
    reports: Vec<Report>,
    next_token: Option<String>,
}

impl From<GetReportsResponse> for Page<Report> {
    fn from(answer: GetReportsResponse) -> Self {
        Self { items: answer.reports, next_token: answer.next_token }
    }
}

impl Call for GetReports {
    const OPERATION: Operation = Operation {
        name: "getReports",
        class: Class::Safe,
        // 0.0222 a second.
        plan: Plan { interval: Duration::from_secs(45), burst: 10 },
    };
    type Answer = GetReportsResponse;

    fn request(&self, base: &Url) -> Result<http::Request<Bytes>, Error> {
        self.0.query("reportTypes").get(base, &ROOT, &["reports"])
    }
}

lists! {
    Reports: "getReports", GetReports => Page<Report>, Report;
    /// It is sent alone: it stands for them.
    token "nextToken" in 0.next_token;
    /// The reports of 90 days are far fewer.
    at most 1000 pages {
        fn check(&self, now: Timestamp) -> Result<(), Error> {
            self.0.check(now)
        }
    };
    get_reports, get_reports_pages, get_reports_stream
}
