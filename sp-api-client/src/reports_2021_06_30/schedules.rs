//! Schedules: `createReportSchedule`, `getReportSchedules`, `getReportSchedule`,
//! `cancelReportSchedule`.

use std::collections::BTreeMap;
use std::time::Duration;

use bytes::Bytes;
use http::Method;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use url::Url;
use wire::{Class, Plan};

use super::{ROOT, ReportSchedule, ReportScheduleId, Reports, SchedulePeriod, create_report};
use crate::Error;
use crate::client::query::Query;
use crate::client::{Call, Operation, call};

/// Amazon takes this many types at once.
const TYPES_MAX: usize = 10;
/// 0.0222 a second, for each of the four operations on its own.
const PLAN: Plan = Plan { interval: Duration::from_secs(45), burst: 10 };

/// Reports to be made by the calendar: the body of `createReportSchedule`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CreateReportSchedule {
    report_type: String,
    marketplace_ids: Vec<String>,
    period: SchedulePeriod,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_report_creation_time: Option<Timestamp>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    report_options: BTreeMap<String, String>,
}

impl CreateReportSchedule {
    /// Reports of this type about these marketplaces, 1 to 25, this often.
    #[must_use]
    pub fn new(
        report_type: impl Into<String>,
        marketplace_ids: impl IntoIterator<Item = impl Into<String>>,
        period: SchedulePeriod,
    ) -> Self {
        Self {
            report_type: report_type.into(),
            marketplace_ids: marketplace_ids.into_iter().map(Into::into).collect(),
            period,
            next_report_creation_time: None,
            report_options: BTreeMap::new(),
        }
    }

    /// When the first report is made (`nextReportCreationTime`).
    #[must_use]
    pub fn first_at(mut self, time: Timestamp) -> Self {
        self.next_report_creation_time = Some(time);
        self
    }

    /// One of the `reportOptions`, which differ by report type.
    #[must_use]
    pub fn option(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.report_options.insert(name.into(), value.into());
        self
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CreateReportScheduleResponse {
    report_schedule_id: ReportScheduleId,
}

impl Call for CreateReportSchedule {
    const OPERATION: Operation = Operation {
        name: "createReportSchedule",
        // One of the same type and marketplaces takes the place of the one before.
        class: Class::Idempotent,
        plan: PLAN,
    };
    type Answer = CreateReportScheduleResponse;

    fn request(&self, base: &Url) -> Result<http::Request<Bytes>, Error> {
        create_report::check(&self.report_type, &self.marketplace_ids)?;
        let url = call::address(base, &ROOT, &["schedules"])?;
        call::json(Method::POST, &url, self)
    }
}

pub(super) struct GetReportSchedules(pub(super) Vec<String>);

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ReportScheduleList {
    report_schedules: Vec<ReportSchedule>,
}

impl Call for GetReportSchedules {
    const OPERATION: Operation =
        Operation { name: "getReportSchedules", class: Class::Safe, plan: PLAN };
    type Answer = ReportScheduleList;

    fn request(&self, base: &Url) -> Result<http::Request<Bytes>, Error> {
        Query::default().list("reportTypes", &self.0, 1..=TYPES_MAX).get(
            base,
            &ROOT,
            &["schedules"],
        )
    }
}

pub(super) struct GetReportSchedule<'a>(pub(super) &'a ReportScheduleId);

impl Call for GetReportSchedule<'_> {
    const OPERATION: Operation =
        Operation { name: "getReportSchedule", class: Class::Safe, plan: PLAN };
    type Answer = ReportSchedule;

    fn request(&self, base: &Url) -> Result<http::Request<Bytes>, Error> {
        call::get(&schedule(base, self.0)?)
    }
}

pub(super) struct CancelReportSchedule<'a>(pub(super) &'a ReportScheduleId);

impl Call for CancelReportSchedule<'_> {
    const OPERATION: Operation =
        Operation { name: "cancelReportSchedule", class: Class::Idempotent, plan: PLAN };
    const REMOVES: bool = true;
    type Answer = ();

    fn request(&self, base: &Url) -> Result<http::Request<Bytes>, Error> {
        call::delete(&schedule(base, self.0)?)
    }

    fn answer(_: &[u8], _: call::Told<'_>) -> Result<(), Error> {
        Ok(())
    }
}

/// A schedule's address.
fn schedule(base: &Url, id: &ReportScheduleId) -> Result<Url, Error> {
    let id = call::path_id("reportScheduleId", id.as_str())?;
    call::address(base, &ROOT, &["schedules", id])
}

impl Reports<'_> {
    /// `createReportSchedule`: has a report made by the calendar. It takes the place of a schedule
    /// of the same type and marketplaces.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`] for what the service would refuse, and those of any call.
    pub async fn create_report_schedule(
        self,
        schedule: &CreateReportSchedule,
    ) -> Result<ReportScheduleId, Error> {
        Ok(self.client.call(schedule).await?.report_schedule_id)
    }

    /// `getReportSchedules`: the schedules of these types, one to ten.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`] for what the service would refuse, and those of any call.
    pub async fn get_report_schedules(
        self,
        report_types: impl IntoIterator<Item = impl Into<String>>,
    ) -> Result<Vec<ReportSchedule>, Error> {
        let report_types = report_types.into_iter().map(Into::into).collect();
        Ok(self.client.call(&GetReportSchedules(report_types)).await?.report_schedules)
    }

    /// `getReportSchedule`: one schedule.
    ///
    /// # Errors
    /// [`Error::NotFound`] for an id that is not of this account, and those of any call.
    pub async fn get_report_schedule(self, id: &ReportScheduleId) -> Result<ReportSchedule, Error> {
        self.client.call(&GetReportSchedule(id)).await
    }

    /// `cancelReportSchedule`: ends a schedule.
    ///
    /// # Errors
    /// [`Error::NotFound`] for an id that is not of this account, and those of any call. What an
    /// earlier attempt ended, whose answer was lost, is no error.
    pub async fn cancel_report_schedule(self, id: &ReportScheduleId) -> Result<(), Error> {
        self.client.call(&CancelReportSchedule(id)).await
    }
}
