//! `createReport`: asks for a report.

use std::collections::BTreeMap;
use std::time::Duration;

use bytes::Bytes;
use http::Method;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use url::Url;
use wire::{Class, Plan};

use super::{ROOT, ReportId, Reports};
use crate::Error;
use crate::client::query::{Window, WindowRule};
use crate::client::{Call, Operation, call};

/// Amazon takes 1 to 25 marketplaces in one report.
const MARKETPLACES_MAX: usize = 25;
const DATA: WindowRule = WindowRule::closed("dataStartTime", "dataEndTime").past();

/// A report to be made: the body of `createReport`.
///
/// ```
/// use sp_api_client::reports_2021_06_30::CreateReport;
///
/// let orders = CreateReport::new("GET_FLAT_FILE_ALL_ORDERS_DATA_BY_LAST_UPDATE_GENERAL", ["A1PA6795UKMFR9"])
///     .data_from("2026-11-01T00:00:00Z".parse()?)
///     .data_until("2026-11-08T00:00:00Z".parse()?);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CreateReport {
    report_type: String,
    marketplace_ids: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    data_start_time: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    data_end_time: Option<Timestamp>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    report_options: BTreeMap<String, String>,
}

impl CreateReport {
    /// A report of this type about these marketplaces: 1 to 25. Listing reports take the first
    /// alone.
    #[must_use]
    pub fn new(
        report_type: impl Into<String>,
        marketplace_ids: impl IntoIterator<Item = impl Into<String>>,
    ) -> Self {
        Self {
            report_type: report_type.into(),
            marketplace_ids: marketplace_ids.into_iter().map(Into::into).collect(),
            data_start_time: None,
            data_end_time: None,
            report_options: BTreeMap::new(),
        }
    }

    /// The begin of the period (`dataStartTime`), not in the future; now unless said.
    #[must_use]
    pub fn data_from(mut self, time: Timestamp) -> Self {
        self.data_start_time = Some(time);
        self
    }

    /// The end of the period (`dataEndTime`), not in the future; now unless said.
    #[must_use]
    pub fn data_until(mut self, time: Timestamp) -> Self {
        self.data_end_time = Some(time);
        self
    }

    fn data(&self) -> Window {
        Window { after: self.data_start_time, before: self.data_end_time }
    }

    /// One of the `reportOptions`, which differ by report type.
    #[must_use]
    pub fn option(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.report_options.insert(name.into(), value.into());
        self
    }
}

/// What holds for a report asked for once and for one asked for by the calendar.
pub(super) fn check(report_type: &str, marketplace_ids: &[String]) -> Result<(), Error> {
    let invalid = |parameter, reason| Err(Error::InvalidParameter { parameter, reason });
    if report_type.is_empty() {
        return invalid("reportType", "the service wants a type");
    }
    if report_type.starts_with("GET_V2_SETTLEMENT_REPORT_DATA_") {
        return invalid(
            "reportType",
            "settlement reports cannot be requested: Amazon makes them, and getReports lists them",
        );
    }
    if !(1..=MARKETPLACES_MAX).contains(&marketplace_ids.len()) {
        return invalid("marketplaceIds", "the service takes 1 to 25 marketplaces");
    }
    Ok(())
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CreateReportResponse {
    report_id: ReportId,
}

impl Call for CreateReport {
    const OPERATION: Operation = Operation {
        name: "createReport",
        // Twice asked for is twice made, or refused for being asked for too often.
        class: Class::Once,
        // 0.0167 a second.
        plan: Plan { interval: Duration::from_mins(1), burst: 15 },
    };
    type Answer = CreateReportResponse;

    fn request(&self, base: &Url) -> Result<http::Request<Bytes>, Error> {
        check(&self.report_type, &self.marketplace_ids)?;
        DATA.check_order(self.data())?;
        let url = call::address(base, &ROOT, &["reports"])?;
        call::json(Method::POST, &url, self)
    }
}

impl Reports<'_> {
    /// `createReport`: asks for a report, and gives back the id to ask for it with.
    ///
    /// It is sent once. After an error that leaves open whether it arrived, [`get_reports`](Self::get_reports)
    /// shows whether the report is being made.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`] for what the service would refuse, such as a settlement report,
    /// and those of any call.
    pub async fn create_report(self, report: &CreateReport) -> Result<ReportId, Error> {
        DATA.check(report.data(), self.client.now())?;
        Ok(self.client.call(report).await?.report_id)
    }
}
