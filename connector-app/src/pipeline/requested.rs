//! A report on request, over restarts: its id is kept from the moment it exists, and whoever comes next
//! waits for the same one.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use sp_api_client::Error;
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
#[derive(Debug, Clone, Copy)]
pub struct Wanted<'a> {
    /// The name that it is kept under, one for each connection and kind.
    pub list: &'a str,
    /// Its type.
    pub report_type: &'a str,
    /// The ids of its marketplaces, at most 25.
    pub marketplaces: &'a [String],
    /// The time that it is about, begin and end, for a type that wants one. Another time is another report.
    pub window: Option<(Timestamp, Timestamp)>,
}

impl Wanted<'_> {
    fn request(&self) -> CreateReport {
        let report = CreateReport::new(self.report_type, self.marketplaces);
        match self.window {
            None => report,
            Some((since, until)) => report.data_from(since).data_until(until),
        }
    }
}

impl std::fmt::Display for Wanted<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.report_type)?;
        match self.window {
            None => write!(f, " of {}", self.marketplaces.join(", ")),
            Some((since, until)) => write!(f, " of {since} to {until}"),
        }
    }
}

/// Why a report cannot be read in this run. Nothing is lost: what is known of the request is kept, and a
/// later run goes on with it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Unready {
    /// `CANCELLED`, for the first time: nothing to report, or asked for too soon.
    #[error(
        "Amazon cancelled the report {report}: it has nothing in it, or it was asked for too soon. It is \
         asked for again in a later run"
    )]
    Cancelled {
        /// Type and subject of the report.
        report: String,
    },
    /// `FATAL`, or a status that this version does not know.
    #[error(
        "Amazon could not make the report {report}: {id} is {status}. It is asked for again in a later \
         run, a quarter of an hour from then at the earliest"
    )]
    Failed {
        /// Type and subject of the report.
        report: String,
        /// `reportId`.
        id: String,
        /// `processingStatus`.
        status: String,
    },
    /// `IN_QUEUE` or `IN_PROGRESS` after all patience.
    #[error("the report {report} is still being made, as {id}; the next run asks again")]
    BeingMade {
        /// Type and subject of the report.
        report: String,
        /// `reportId`.
        id: String,
    },
    /// Amazon knows none of the ids that it gave.
    #[error(
        "Amazon knows none of the reports {report} that it made; the next run asks for another"
    )]
    Forgotten {
        /// Type and subject of the report.
        report: String,
    },
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

/// What is kept of a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Kept {
    request: Request,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    window: Option<(Timestamp, Timestamp)>,
}

/// How far a request is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
enum Request {
    /// It is asked for; the answer may have been lost.
    Asked { again: bool },
    /// Amazon makes it.
    Made { report: String, again: bool },
    /// Amazon cancelled it once. What is asked for after that is asked for again.
    Cancelled,
    /// Amazon could not make it.
    Failed { report: String, status: String },
}

impl Requested<'_> {
    /// Asks for a report without waiting for it, so that Amazon makes several at once; nothing is sent
    /// when it is asked for already, or when it is too soon to ask again.
    ///
    /// # Errors
    /// The store's errors and Amazon's.
    pub async fn ask(&self, wanted: &Wanted<'_>) -> anyhow::Result<()> {
        match self.report(wanted).await {
            Err(error) if error.is::<Unready>() => Ok(()),
            asked => asked.map(drop),
        }
    }

    /// The report; `None` when Amazon says twice that there is nothing to report. It stays the same
    /// one until it is [`done`](Self::done) with.
    ///
    /// # Errors
    /// [`Unready`] for a report that is not there yet or that Amazon could not make; the store's errors
    /// and Amazon's.
    pub async fn fetch(&self, wanted: &Wanted<'_>) -> anyhow::Result<Option<Downloaded>> {
        for _ in 0..ASKED_MAX {
            let (report, after_cancel) = self.report(wanted).await?;
            self.watch.note(&format!("waiting for report {report}: {wanted}"));
            let Some(told) = self.amazon.finished(&report, PATIENCE).await? else {
                self.done(wanted).await?;
                continue;
            };
            match (told.processing_status, told.report_document_id) {
                (ProcessingStatus::Done, Some(document)) => {
                    match self.amazon.download(&document).await {
                        // It is too old.
                        Err(Error::NotFound(_)) => self.done(wanted).await?,
                        came => return Ok(Some(came?)),
                    }
                }
                (ProcessingStatus::Cancelled, _) if after_cancel => return Ok(None),
                (ProcessingStatus::Cancelled, _) => {
                    self.keep(wanted, Request::Cancelled).await?;
                    return Err(Unready::Cancelled { report: wanted.to_string() }.into());
                }
                (ProcessingStatus::InQueue | ProcessingStatus::InProgress, _) => {
                    let id = report.as_str().to_owned();
                    return Err(Unready::BeingMade { report: wanted.to_string(), id }.into());
                }
                (status, _) => {
                    let (id, status) = (report.as_str().to_owned(), status.to_string());
                    let failed = Request::Failed { report: id.clone(), status: status.clone() };
                    self.keep(wanted, failed).await?;
                    return Err(Unready::Failed { report: wanted.to_string(), id, status }.into());
                }
            }
        }
        Err(Unready::Forgotten { report: wanted.to_string() }.into())
    }

    /// What came of the report is kept; the next one may be asked for.
    ///
    /// # Errors
    /// The store's errors.
    pub async fn done(&self, wanted: &Wanted<'_>) -> Result<(), store::Error> {
        let done = Poll { since: self.clock.now(), until: None, page: None };
        self.store.polled(self.connection, wanted.list, &done, None).await
    }

    /// The report that is being made, and whether one before it was cancelled.
    async fn report(&self, wanted: &Wanted<'_>) -> anyhow::Result<(ReportId, bool)> {
        let now = self.clock.now();
        let known = self.store.poll(self.connection, wanted.list).await?;
        let kept = known.as_ref().and_then(|poll| poll.page.as_deref());
        let kept = kept.map(serde_json::from_str::<Kept>).transpose()?;
        let request = kept.filter(|kept| kept.window == wanted.window).map(|kept| kept.request);
        let since = known.map_or(now, |poll| poll.since);
        let age = now.duration_since(since);
        let again = match request {
            Some(Request::Made { report, again }) if age < FRESH => {
                return Ok((ReportId::new(report), again));
            }
            // The answer was lost; what Amazon makes since then is ours.
            Some(Request::Asked { again }) if age < FRESH => {
                let Wanted { report_type, marketplaces, window, .. } = *wanted;
                let since = since - SLACK;
                let found = self.amazon.newest(report_type, marketplaces, window, since).await?;
                if let Some(report) = found {
                    return Ok((self.made(wanted, report, again).await?, again));
                }
                again
            }
            Some(Request::Cancelled) if age < SPACED => {
                return Err(Unready::Cancelled { report: wanted.to_string() }.into());
            }
            Some(Request::Failed { report: id, status }) if age < SPACED => {
                return Err(Unready::Failed { report: wanted.to_string(), id, status }.into());
            }
            Some(Request::Cancelled) => true,
            _ => false,
        };
        self.keep(wanted, Request::Asked { again }).await?;
        let report = self.amazon.create(&wanted.request()).await?;
        Ok((self.made(wanted, report, again).await?, again))
    }

    async fn made(
        &self,
        wanted: &Wanted<'_>,
        report: ReportId,
        again: bool,
    ) -> anyhow::Result<ReportId> {
        let made = Request::Made { report: report.as_str().to_owned(), again };
        self.keep(wanted, made).await?;
        Ok(report)
    }

    async fn keep(&self, wanted: &Wanted<'_>, request: Request) -> anyhow::Result<()> {
        let page = Some(serde_json::to_string(&Kept { request, window: wanted.window })?);
        let poll = Poll { since: self.clock.now(), until: None, page };
        Ok(self.store.polled(self.connection, wanted.list, &poll, None).await?)
    }
}

/// How far the request kept under this name is, in a few words.
pub(super) async fn standing(
    store: &Store,
    connection: &str,
    list: &str,
) -> anyhow::Result<&'static str> {
    let kept = store.poll(connection, list).await?.and_then(|poll| poll.page);
    let kept = kept.as_deref().map(serde_json::from_str::<Kept>).transpose()?;
    Ok(match kept.map(|kept| kept.request) {
        None => "not asked for yet",
        Some(Request::Asked { .. }) => "asked for",
        Some(Request::Made { .. }) => "being made",
        Some(Request::Cancelled) => "cancelled by Amazon once",
        Some(Request::Failed { .. }) => "failed at Amazon",
    })
}
