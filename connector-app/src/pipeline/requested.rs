//! A report on request, over restarts: its id is kept from the moment it exists, and whoever comes next
//! waits for the same one.

use std::time::Duration;

use jiff::SignedDuration;
use serde::{Deserialize, Serialize};
use sp_api_client::reports_2021_06_30::{CreateReport, ProcessingStatus, ReportId};
use store::{Poll, Store};
use wire::Clock;

use super::Watch;
use crate::amazon::{Downloaded, ReportsOnRequest};

/// How long a report may take to be made in one run; the next run waits on.
const PATIENCE: Duration = Duration::from_hours(2);

/// A report that was asked for longer ago tells of another day.
const FRESH: SignedDuration = SignedDuration::from_hours(24);

/// Amazon cancels what it is asked for too soon again.
const SPACED: SignedDuration = SignedDuration::from_mins(15);

/// Clocks differ.
const SLACK: SignedDuration = SignedDuration::from_mins(5);

/// How often a report is asked for in one run: once, and once more when the kept one is gone.
const ASKED_MAX: u32 = 2;

/// Which report is wanted.
#[derive(Debug, Clone)]
pub struct Wanted<'a> {
    /// The name that it is kept under, one for each connection and kind.
    pub list: &'a str,
    /// Its type.
    pub report_type: &'a str,
    /// The marketplace.
    pub marketplace: &'a str,
}

/// Has reports made for one connection.
#[derive(Clone, Copy)]
pub struct Requested<'a> {
    /// The connection's name.
    pub connection: &'a str,
    /// Where the ids are kept.
    pub store: &'a Store,
    /// Its selling account.
    pub amazon: &'a ReportsOnRequest,
    /// Time.
    pub clock: &'a dyn Clock,
    /// Told what is going on.
    pub watch: &'a dyn Watch,
}

impl std::fmt::Debug for Requested<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Requested").field("connection", &self.connection).finish_non_exhaustive()
    }
}

/// How far a request is, as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "request", rename_all = "snake_case")]
enum Request {
    /// It is asked for; the answer may have been lost.
    Asked { again: bool },
    /// Amazon makes it.
    Made { report: String, again: bool },
    /// Amazon cancelled it once. What is asked for after that is asked for again.
    Cancelled,
}

impl Requested<'_> {
    /// The report; `None` when Amazon says twice that there is nothing to report. It stays the same
    /// one until it is [`done`](Self::done) with.
    ///
    /// # Errors
    /// The store's errors and Amazon's; a report that is not ready, or that Amazon could not make.
    pub async fn fetch(&self, wanted: &Wanted<'_>) -> anyhow::Result<Option<Downloaded>> {
        for _ in 0..ASKED_MAX {
            let Some((report, after_cancel)) = self.report(wanted).await? else {
                anyhow::bail!(
                    "Amazon cancelled the report {} of {}: it has nothing in it, or it was asked for \
                     too soon. It is asked for again in a later run",
                    wanted.report_type,
                    wanted.marketplace
                );
            };
            self.watch.note(&format!("waiting for report {report} of {}", wanted.marketplace));
            let Some(told) = self.amazon.finished(&report, PATIENCE).await? else {
                self.done(wanted).await?;
                continue;
            };
            match (told.processing_status, told.report_document_id) {
                (ProcessingStatus::Done, Some(document)) => {
                    return Ok(Some(self.amazon.download(&document).await?));
                }
                (ProcessingStatus::Cancelled, _) if after_cancel => return Ok(None),
                (ProcessingStatus::Cancelled, _) => {
                    self.keep(wanted, &Request::Cancelled).await?;
                }
                (ProcessingStatus::InQueue | ProcessingStatus::InProgress, _) => anyhow::bail!(
                    "report {report} of {} is still being made; the next run asks again",
                    wanted.marketplace
                ),
                (status, _) => {
                    self.done(wanted).await?;
                    anyhow::bail!(
                        "Amazon could not make report {report} ({}) of {}: it is {status}",
                        wanted.report_type,
                        wanted.marketplace
                    );
                }
            }
        }
        anyhow::bail!("Amazon knows none of the reports of {} that it made", wanted.marketplace)
    }

    /// What came of the report is kept; the next one may be asked for.
    ///
    /// # Errors
    /// The store's errors.
    pub async fn done(&self, wanted: &Wanted<'_>) -> Result<(), store::Error> {
        let done = Poll { since: self.clock.now(), until: None, page: None };
        self.store.polled(self.connection, wanted.list, &done, None).await
    }

    /// The report that is being made, and whether one before it was cancelled; `None` while it is too
    /// soon to ask again.
    async fn report(&self, wanted: &Wanted<'_>) -> anyhow::Result<Option<(ReportId, bool)>> {
        let now = self.clock.now();
        let known = self.store.poll(self.connection, wanted.list).await?;
        let request = known.as_ref().and_then(|poll| poll.page.as_deref());
        let request = request.map(serde_json::from_str::<Request>).transpose()?;
        let since = known.map_or(now, |poll| poll.since);
        let fresh = now - since < FRESH;
        let again = match request {
            Some(Request::Made { report, again }) if fresh => {
                return Ok(Some((ReportId::new(report), again)));
            }
            // The answer was lost; what Amazon makes since then is ours.
            Some(Request::Asked { again }) if fresh => {
                let Wanted { report_type, marketplace, .. } = wanted;
                let found = self.amazon.newest(report_type, marketplace, since - SLACK).await?;
                if let Some(report) = found {
                    return Ok(Some((self.made(wanted, report, again).await?, again)));
                }
                again
            }
            Some(Request::Cancelled) if now - since < SPACED => return Ok(None),
            Some(Request::Cancelled) => true,
            _ => false,
        };
        self.keep(wanted, &Request::Asked { again }).await?;
        let request = CreateReport::new(wanted.report_type, [wanted.marketplace]);
        let report = self.amazon.create(&request).await?;
        Ok(Some((self.made(wanted, report, again).await?, again)))
    }

    async fn made(
        &self,
        wanted: &Wanted<'_>,
        report: ReportId,
        again: bool,
    ) -> anyhow::Result<ReportId> {
        let kept = Request::Made { report: report.as_str().to_owned(), again };
        self.keep(wanted, &kept).await?;
        Ok(report)
    }

    async fn keep(&self, wanted: &Wanted<'_>, request: &Request) -> anyhow::Result<()> {
        let page = Some(serde_json::to_string(request)?);
        let poll = Poll { since: self.clock.now(), until: None, page };
        Ok(self.store.polled(self.connection, wanted.list, &poll, None).await?)
    }
}
