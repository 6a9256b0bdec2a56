//! Reports that Amazon makes when it is asked, step by step; who waits between the steps is for
//! [`Requested`](crate::pipeline::Requested).

use std::time::Duration;

use futures_util::TryStreamExt as _;
use jiff::Timestamp;
use sp_api_client::reports_2021_06_30::{
    CreateReport, GetReports, Report, ReportDocumentId, ReportId,
};
use sp_api_client::{Client, Error};

use super::{Downloaded, download};

/// Asks for reports and downloads them.
#[derive(Debug, Clone)]
pub struct ReportsOnRequest {
    client: Client,
}

impl ReportsOnRequest {
    pub(super) const fn new(client: Client) -> Self {
        Self { client }
    }

    /// Has a report made.
    ///
    /// # Errors
    /// The client's errors.
    pub async fn create(&self, report: &CreateReport) -> Result<ReportId, Error> {
        self.client.reports().create_report(report).await
    }

    /// A report as it is when it is through, or when `patience` is over; `None` when Amazon does not
    /// know it any more.
    ///
    /// # Errors
    /// The client's errors.
    pub async fn finished(
        &self,
        id: &ReportId,
        patience: Duration,
    ) -> Result<Option<Report>, Error> {
        match self.client.reports().wait_for_report(id, patience).await {
            Ok(report) => Ok(Some(report)),
            Err(Error::NotFound(_)) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// The newest report of a type, of any of these marketplaces and of this window, that was asked for
    /// since then.
    ///
    /// # Errors
    /// The client's errors.
    pub async fn newest(
        &self,
        report_type: &str,
        marketplaces: &[String],
        window: Option<(Timestamp, Timestamp)>,
        since: Timestamp,
    ) -> Result<Option<ReportId>, Error> {
        let query = GetReports::of_types([report_type]).created_since(since).page_size(100);
        let found: Vec<Report> =
            self.client.reports().get_reports_stream(query).try_collect().await?;
        let mut found: Vec<Report> = found
            .into_iter()
            .filter(|report| report.marketplace_ids.iter().any(|id| marketplaces.contains(id)))
            .filter(|report| {
                window.is_none() || report.data_start_time.zip(report.data_end_time) == window
            })
            .collect();
        found.sort_by_key(|report| report.created_time);
        Ok(found.pop().map(|report| report.report_id))
    }

    /// Downloads a document, inflated.
    ///
    /// # Errors
    /// The client's errors.
    pub async fn download(&self, id: &ReportDocumentId) -> Result<Downloaded, Error> {
        download(&self.client, id).await
    }

    /// The ids of the marketplaces in which the account sells.
    ///
    /// # Errors
    /// The client's errors.
    pub async fn marketplaces(&self) -> Result<Vec<String>, Error> {
        let stores = self.client.sellers().get_marketplace_participations().await?;
        let selling = stores.into_iter().filter(|store| store.participation.is_participating);
        Ok(selling.map(|store| store.marketplace.id).collect())
    }
}
