//! Amazon's calendar of retirements: what goes, when, and whether the connector uses it.

use anyhow::Context as _;
use jiff::civil::Date;
use jiff::{ToSpan as _, Unit};
use serde::Deserialize;

use super::{Finding, Part, Who};
use crate::amazon::{FULFILMENT, ORDERS_BY_CHANGE, ORDERS_BY_DATE, SETTLEMENT_REPORT};
use crate::exit::Exit;

/// What settlements and `check` itself ask Amazon for.
pub const USED: &[&str] = &[
    SETTLEMENT_REPORT,
    "reports/2021-06-30/getReports",
    "reports/2021-06-30/getReportDocument",
    "sellers/v1/getMarketplaceParticipations",
];

/// What orders and shipments ask Amazon for beside that.
pub const USED_BY_ORDERS: &[&str] = &[
    ORDERS_BY_CHANGE,
    ORDERS_BY_DATE,
    FULFILMENT,
    "feeds/2021-06-30/createFeed",
    "feeds/2021-06-30/createFeedDocument",
    "feeds/2021-06-30/getFeed",
    "feeds/2021-06-30/getFeedDocument",
    "feeds/2021-06-30/getFeeds",
    "orders/2026-01-01/getOrder",
    "orders/2026-01-01/searchOrders",
    "orders/v0/confirmShipment",
    "reports/2021-06-30/createReport",
    "reports/2021-06-30/getReport",
];

/// How long before a retirement a person should act.
const DAYS_TO_WARN: i64 = 90;

/// A calendar that is older may miss what was announced since.
const DAYS_FRESH: i64 = 180;

/// What ships with this version.
const SHIPPED: &str = include_str!("../../data/amazon-retirements.toml");

/// The calendar.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Retirements {
    /// Until when announcements were read.
    as_of: Date,
    #[serde(rename = "retirement")]
    retirements: Vec<Retirement>,
}

/// One day on which something goes.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Retirement {
    day: Date,
    /// Report types and operations.
    gone: Vec<String>,
    instead: String,
}

impl Retirements {
    /// The calendar that ships.
    ///
    /// # Errors
    /// When the file is not what it should be.
    pub fn shipped() -> anyhow::Result<Self> {
        toml::from_str(SHIPPED).context("the calendar of Amazon's retirements")
    }

    /// What it means today for a program that uses these report types and operations.
    #[must_use]
    pub fn findings(&self, used: &[&str], today: Date) -> Vec<Finding> {
        let days_to = |day: Date| today.until((Unit::Day, day)).map_or(0, |span| span.get_days());
        let mut findings: Vec<Finding> = Vec::new();
        for retirement in &self.retirements {
            let Retirement { day, gone, instead } = retirement;
            for gone in gone.iter().filter(|gone| used.contains(&gone.as_str())) {
                let left = i64::from(days_to(*day));
                let act = format!(
                    "install the version of ml-connector that uses {instead}, before that day"
                );
                findings.extend(match left {
                    ..=0 => Some(Finding::failed(
                        Part::Amazon,
                        "retirements",
                        (Who::ItAdmin, Exit::Failed),
                        format!("Amazon has taken {gone} away on {day}; {act}"),
                    )),
                    1..=DAYS_TO_WARN => Some(Finding::warning(
                        Part::Amazon,
                        "retirements",
                        Who::ItAdmin,
                        format!("Amazon takes {gone} away on {day}, in {left} days; {act}"),
                    )),
                    _ => None,
                });
            }
        }
        let as_of = self.as_of;
        let stale = as_of.checked_add(DAYS_FRESH.days()).is_ok_and(|until| today > until);
        if stale {
            let message = format!(
                "Amazon's announcements are known until {as_of} only; install a newer version of \
                 ml-connector"
            );
            findings.push(Finding::warning(Part::Amazon, "retirements", Who::ItAdmin, message));
        }
        if findings.is_empty() {
            let message = format!(
                "nothing that is used goes within {DAYS_TO_WARN} days, by the announcements until \
                 {as_of}"
            );
            findings.push(Finding::ok(Part::Amazon, "retirements", message));
        }
        findings
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn states(used: &[&str], today: Date) -> Vec<(&'static str, String)> {
        let findings = Retirements::shipped().expect("it ships").findings(used, today);
        findings.into_iter().map(|finding| (finding.state(), finding.message)).collect()
    }

    #[test]
    fn what_goes_soon_is_told_from_90_days_before() {
        let used = ["orders/v0/getOrders", "orders/v0/confirmShipment"];
        let far = states(&used, date(2026, 12, 26));
        assert_eq!(far.len(), 1);
        assert_eq!(far[0].0, "ok");
        let soon = states(&used, date(2026, 12, 27));
        assert_eq!(soon.len(), 1);
        assert_eq!(soon[0].0, "warning");
        assert!(soon[0].1.contains("2027-03-27, in 90 days"), "{}", soon[0].1);
        assert!(soon[0].1.contains("Orders 2026-01-01"), "{}", soon[0].1);
        let gone = states(&used, date(2027, 3, 27));
        assert_eq!(gone[0].0, "failed");
    }

    #[test]
    fn what_the_connector_uses_is_not_going() {
        let used = [USED, USED_BY_ORDERS].concat();
        assert_eq!(states(&used, date(2026, 11, 26))[0].0, "ok");
        // Nor later, by what is announced: confirmShipment outlives the rest of Orders v0.
        assert_eq!(states(&used, date(2027, 4, 1))[0].0, "ok");
    }

    #[test]
    fn a_calendar_that_is_old_says_so() {
        let old = states(&[], date(2028, 1, 1));
        assert_eq!(old[0].0, "warning");
        assert!(old[0].1.contains("2026-10-31"), "{}", old[0].1);
    }
}
