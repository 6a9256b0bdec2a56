//! `listFinancialEventGroups`.

use bytes::Bytes;
use jiff::Timestamp;
use serde::Deserialize;
use url::Url;
use wire::{Class, Page};

use super::{FinancesV0, FinancialEventGroup, PLAN, ROOT};
use crate::client::list::lists;
use crate::client::query::{Query, TO_100, Window, WindowRule};
use crate::client::{Call, Operation};
use crate::{Error, json};

const STARTED: WindowRule =
    WindowRule::half_open("FinancialEventGroupStartedAfter", "FinancialEventGroupStartedBefore")
        .two_minutes_ago()
        .longest(
            180,
            "the service answers a window of more than 180 days with nothing; ask for parts",
        );

/// Which groups to list: the parameters of `listFinancialEventGroups`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListFinancialEventGroups {
    started: Window,
    max_results_per_page: Option<u8>,
    next_token: Option<String>,
}

impl ListFinancialEventGroups {
    /// Groups that began at this time or later (`FinancialEventGroupStartedAfter`).
    #[must_use]
    pub fn started_after(time: Timestamp) -> Self {
        Self {
            started: Window { after: Some(time), before: None },
            max_results_per_page: None,
            next_token: None,
        }
    }

    /// Only groups that began before this time (`FinancialEventGroupStartedBefore`): at least two
    /// minutes ago, and at most 180 days after the other.
    #[must_use]
    pub fn started_before(mut self, time: Timestamp) -> Self {
        self.started.before = Some(time);
        self
    }

    /// How many groups a page has (`MaxResultsPerPage`): 1 to 100; the service's 10 unless said.
    #[must_use]
    pub fn max_results_per_page(mut self, groups: u8) -> Self {
        self.max_results_per_page = Some(groups);
        self
    }
}

/// The body of an answer.
#[derive(Deserialize)]
pub(crate) struct ListFinancialEventGroupsResponse {
    payload: ListFinancialEventGroupsPayload,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ListFinancialEventGroupsPayload {
    #[serde(default, deserialize_with = "json::list")]
    financial_event_group_list: Vec<FinancialEventGroup>,
    next_token: Option<String>,
}

impl From<ListFinancialEventGroupsResponse> for Page<FinancialEventGroup> {
    fn from(answer: ListFinancialEventGroupsResponse) -> Self {
        Self {
            items: answer.payload.financial_event_group_list,
            next_token: answer.payload.next_token,
        }
    }
}

impl Call for ListFinancialEventGroups {
    const OPERATION: Operation =
        Operation { name: "listFinancialEventGroups", class: Class::Safe, plan: PLAN };
    type Answer = ListFinancialEventGroupsResponse;

    fn request(&self, base: &Url) -> Result<http::Request<Bytes>, Error> {
        Query::default()
            .size("MaxResultsPerPage", self.max_results_per_page, &TO_100)
            .window(&STARTED, self.started)
            .set("NextToken", self.next_token.as_ref())
            .get(base, &ROOT, &["financialEventGroups"])
    }
}

lists! {
    FinancesV0: "listFinancialEventGroups",
    ListFinancialEventGroups => Page<FinancialEventGroup>, FinancialEventGroup;
    token "NextToken" in next_token;
    /// A group lasts two weeks.
    at most 10_000 pages {
        fn check(&self, now: Timestamp) -> Result<(), Error> {
            STARTED.check(self.started, now)
        }
    };
    list_financial_event_groups,
    list_financial_event_groups_pages,
    list_financial_event_groups_stream
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::client::call::testing::line;
    use crate::client::list::List;

    fn after(time: &str) -> ListFinancialEventGroups {
        ListFinancialEventGroups::started_after(time.parse().unwrap())
    }

    #[test]
    fn every_parameter_by_amazons_name() {
        let query = after("2026-11-01T00:00:00Z")
            .started_before("2026-11-02T00:00:00Z".parse().unwrap())
            .max_results_per_page(100)
            .from_page("t=");
        let expected = "GET /finances/v0/financialEventGroups?MaxResultsPerPage=100\
            &FinancialEventGroupStartedAfter=2026-11-01T00%3A00%3A00Z\
            &FinancialEventGroupStartedBefore=2026-11-02T00%3A00%3A00Z&NextToken=t%3D";
        assert_eq!(line(&query).unwrap(), expected);
        for size in [0, 101] {
            assert!(line(&after("2026-11-01T00:00:00Z").max_results_per_page(size)).is_err());
        }
    }

    #[test]
    fn a_window_is_at_most_180_days_and_ends_two_minutes_ago() {
        let now = "2026-11-23T12:00:00Z".parse().unwrap();
        let check =
            |query: ListFinancialEventGroups| match line(&query).and_then(|_| query.check(now)) {
                Ok(()) => "",
                Err(Error::InvalidParameter { parameter, .. }) => parameter,
                Err(error) => panic!("{error:?}"),
            };
        let before = "FinancialEventGroupStartedBefore";
        assert_eq!(check(after("2026-11-23T11:58:00Z")), "");
        assert_eq!(check(after("2026-11-23T11:58:01Z")), "FinancialEventGroupStartedAfter");
        assert_eq!(check(after("2026-05-27T11:58:00Z")), "");
        assert_eq!(check(after("2026-05-27T11:57:59Z")), before);
        let november = || after("2026-11-01T00:00:00Z");
        assert_eq!(check(november().started_before(now)), before);
        assert_eq!(
            check(november().started_before("2026-11-01T00:00:00Z".parse().unwrap())),
            before
        );
    }
}
