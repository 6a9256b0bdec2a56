//! `listFinancialEventGroups`.

use std::time::Duration;

use bytes::Bytes;
use futures_core::Stream;
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use url::Url;
use wire::{Class, Page, Plan};

use super::{FinancesV0, FinancialEventGroup};
use crate::client::{Call, Operation, call};
use crate::{Error, json};

const PAGE_SIZE_MAX: u8 = 100;
/// A group lasts two weeks; more pages are a list that does not end.
const PAGES_MAX: u32 = 10_000;
/// The service knows nothing of the last two minutes.
const EDGE: SignedDuration = SignedDuration::from_mins(2);
/// A longer window is answered with nothing at all.
const WINDOW_MAX: SignedDuration = SignedDuration::from_hours(180 * 24);

/// Which groups to list: the parameters of `listFinancialEventGroups`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListFinancialEventGroups {
    started_after: Timestamp,
    started_before: Option<Timestamp>,
    max_results_per_page: Option<u8>,
    next_token: Option<String>,
}

impl ListFinancialEventGroups {
    /// Groups that began at this time or later (`FinancialEventGroupStartedAfter`).
    #[must_use]
    pub fn started_after(time: Timestamp) -> Self {
        Self {
            started_after: time,
            started_before: None,
            max_results_per_page: None,
            next_token: None,
        }
    }

    /// Only groups that began before this time (`FinancialEventGroupStartedBefore`): at least two
    /// minutes ago, and at most 180 days after the other.
    #[must_use]
    pub fn started_before(mut self, time: Timestamp) -> Self {
        self.started_before = Some(time);
        self
    }

    /// How many groups a page has (`MaxResultsPerPage`): 1 to 100; the service's 10 unless said.
    #[must_use]
    pub fn max_results_per_page(mut self, groups: u8) -> Self {
        self.max_results_per_page = Some(groups);
        self
    }

    /// Goes on behind a page that was read (`NextToken`), with the same parameters.
    #[must_use]
    pub fn from_page(mut self, token: impl Into<String>) -> Self {
        self.next_token = Some(token.into());
        self
    }

    /// Refuses what the service would refuse, or answer with nothing, because of the time it is.
    fn check_window(&self, now: Timestamp) -> Result<(), Error> {
        let edge = now.saturating_sub(EDGE).unwrap_or(Timestamp::MIN);
        let invalid = |parameter, reason| Err(Error::InvalidParameter { parameter, reason });
        let (after, before) =
            ("FinancialEventGroupStartedAfter", "FinancialEventGroupStartedBefore");
        let late = "the service wants a time at least two minutes ago";
        if self.started_after > edge {
            return invalid(after, late);
        }
        if self.started_before.is_some_and(|before| before > edge) {
            return invalid(before, late);
        }
        if self.started_before.is_some_and(|before| before <= self.started_after) {
            return invalid(before, "it must lie behind FinancialEventGroupStartedAfter");
        }
        if self.started_before.unwrap_or(edge).duration_since(self.started_after) > WINDOW_MAX {
            let reason = "the service answers a window of more than 180 days with nothing; ask for \
                parts";
            return invalid(before, reason);
        }
        Ok(())
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

impl Call for ListFinancialEventGroups {
    const OPERATION: Operation = Operation {
        name: "listFinancialEventGroups",
        class: Class::Safe,
        // 0.5 a second.
        plan: Plan { interval: Duration::from_secs(2), burst: 30 },
    };
    type Answer = ListFinancialEventGroupsResponse;

    fn request(&self, base: &Url) -> Result<http::Request<Bytes>, Error> {
        if self.max_results_per_page.is_some_and(|size| !(1..=PAGE_SIZE_MAX).contains(&size)) {
            let reason = "the service takes 1 to 100";
            return Err(Error::InvalidParameter { parameter: "MaxResultsPerPage", reason });
        }
        let parameters = [
            ("MaxResultsPerPage", self.max_results_per_page.map(|size| size.to_string())),
            ("FinancialEventGroupStartedBefore", self.started_before.map(call::time)),
            ("FinancialEventGroupStartedAfter", Some(call::time(self.started_after))),
            ("NextToken", self.next_token.clone()),
        ];
        let parameters = parameters.map(|(name, value)| (name, value.unwrap_or_default()));
        let path = ["finances", "v0", "financialEventGroups"];
        call::get(&call::with_query(base, &path, parameters)?)
    }
}

impl<'a> FinancesV0<'a> {
    /// `listFinancialEventGroups`: one page of groups, and the token of the next.
    ///
    /// An empty page with a token is not the end.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`] for what the service would refuse, and those of any call.
    pub async fn list_financial_event_groups(
        self,
        query: &ListFinancialEventGroups,
    ) -> Result<Page<FinancialEventGroup>, Error> {
        query.check_window(self.client.now())?;
        let payload = self.client.call(query).await?.payload;
        Ok(Page { items: payload.financial_event_group_list, next_token: payload.next_token })
    }

    /// `listFinancialEventGroups` to the end. The stream ends after an error.
    pub fn list_financial_event_groups_stream(
        self,
        query: ListFinancialEventGroups,
    ) -> impl Stream<Item = Result<FinancialEventGroup, Error>> + Send + use<'a> {
        wire::pages(PAGES_MAX, move |token| {
            let query = token.map_or_else(|| query.clone(), |token| query.clone().from_page(token));
            async move { self.list_financial_event_groups(&query).await }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::client::call::testing::line;

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
            &FinancialEventGroupStartedBefore=2026-11-02T00%3A00%3A00Z\
            &FinancialEventGroupStartedAfter=2026-11-01T00%3A00%3A00Z&NextToken=t%3D";
        assert_eq!(line(&query).unwrap(), expected);
        for size in [0, 101] {
            assert!(line(&after("2026-11-01T00:00:00Z").max_results_per_page(size)).is_err());
        }
    }

    #[test]
    fn a_window_is_at_most_180_days_and_ends_two_minutes_ago() {
        let now = "2026-11-23T12:00:00Z".parse().unwrap();
        let check = |query: ListFinancialEventGroups| match query.check_window(now) {
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
