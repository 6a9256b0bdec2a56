//! One run over one connection: what is new at Amazon goes as far as it can towards Epicor.

pub mod catalog;
pub mod orders;
pub mod preview;
pub mod shipments;

use std::collections::BTreeMap;

use sp_api_client::reports_2021_06_30::{Report, ReportDocumentId};
use store::{NewReport, SettlementRecord, Store};
use wire::Clock;

use crate::amazon::SettlementReports;
use crate::ledger::Ledger;
use crate::pipeline::accrual::State as Accrued;
use crate::pipeline::settlement::{Event, State};
use crate::pipeline::{
    AccrualWorker, Actor, Intake, Site, Sweep, Swept, UnreadableDocument, Watch, Worker,
};

/// What a run needs.
#[derive(Clone, Copy)]
pub struct Run<'a> {
    /// The connection.
    pub site: &'a Site,
    /// Its state.
    pub store: &'a Store,
    /// Its selling account.
    pub amazon: &'a SettlementReports,
    /// Its company's ledger.
    pub ledger: &'a dyn Ledger,
    /// Time.
    pub clock: &'a dyn Clock,
    /// Told what is going on.
    pub watch: &'a dyn Watch,
}

impl std::fmt::Debug for Run<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Run").field("site", &self.site).finish_non_exhaustive()
    }
}

/// What Amazon listed when the run began.
pub type Listed = Vec<(Report, ReportDocumentId)>;

/// What a run did.
#[derive(Debug, Default)]
pub struct Summary {
    /// Reports that Amazon lists.
    pub listed: usize,
    /// Of those, new to us.
    pub new_reports: usize,
    /// Settlements that changed their state in this run, with the state reached.
    pub moved: BTreeMap<String, State>,
    /// Settlements that stood still.
    pub unchanged: usize,
    /// Documents that could not be read; they are held.
    pub unreadable: Vec<UnreadableDocument>,
    /// What the daily sweep counted, when it was due.
    pub swept: Option<Swept>,
    /// Records that could not go on; the others did.
    pub failures: Vec<(String, anyhow::Error)>,
}

/// A report of several marketplaces tells nothing of the one its settlement is of.
fn only_one(ids: &[String]) -> Option<String> {
    match ids {
        [id] => Some(id.clone()),
        _ => None,
    }
}

impl Run<'_> {
    /// Goes over everything once. One record that fails never stops the others.
    ///
    /// # Errors
    /// Only what concerns the whole run: the store.
    pub async fn once(&self, listed: &Listed) -> anyhow::Result<Summary> {
        let mut summary = Summary { listed: listed.len(), ..Summary::default() };
        self.take_in(listed, &mut summary).await?;
        for record in self.store.settlements(Some(&self.site.connection)).await? {
            if self.watch.stopping() {
                break;
            }
            let id = record.key.settlement_id.clone();
            match self.go_on(&record).await {
                Ok(state) if state.as_str() == record.state && !summary.moved.contains_key(&id) => {
                    summary.unchanged += 1;
                }
                Ok(state) => {
                    summary.moved.insert(id, state);
                }
                Err(error) => summary.failures.push((format!("settlement {id}"), error)),
            }
        }
        self.accruals(&mut summary).await?;
        self.sweep(&mut summary).await?;
        Ok(summary)
    }

    /// Goes on with the month-end accruals that a person had prepared.
    async fn accruals(&self, summary: &mut Summary) -> anyhow::Result<()> {
        let Self { site, store, clock, watch, .. } = *self;
        let worker = AccrualWorker { site, store, ledger: Some(self.ledger), clock, watch };
        for record in store.accruals(Some(&site.connection)).await? {
            if watch.stopping() {
                break;
            }
            if record.state == Accrued::Posted.as_str() {
                continue;
            }
            if let Err(error) = worker.run(&record.key).await {
                let name = format!("accrual of {}", record.key.period);
                summary.failures.push((name, error));
            }
        }
        Ok(())
    }

    /// Counts what stands in the ERP, once a day.
    async fn sweep(&self, summary: &mut Summary) -> anyhow::Result<()> {
        let sweep = Sweep {
            connection: &self.site.connection,
            store: self.store,
            target: self.ledger,
            clock: self.clock,
            watch: self.watch,
        };
        if sweep.is_due().await? {
            let mut swept = sweep.run().await?;
            summary.failures.append(&mut swept.failures);
            summary.swept = Some(swept);
        }
        Ok(())
    }

    /// Discovered ▶ retrieved ▶ read, report by report.
    async fn take_in(&self, listed: &Listed, summary: &mut Summary) -> anyhow::Result<()> {
        let intake = Intake { site: self.site, store: self.store };
        for (report, document) in listed {
            let new = NewReport {
                connection: self.site.connection.clone(),
                report_id: report.report_id.to_string(),
                report_document_id: document.to_string(),
                created: report.created_time,
                marketplace: only_one(&report.marketplace_ids),
            };
            if intake.discovered(self.clock.now(), &new).await? {
                summary.new_reports += 1;
            }
        }
        for report in self.store.reports(&self.site.connection).await? {
            if self.watch.stopping() {
                break;
            }
            let name = format!("report {}", report.report_id);
            if let Err(error) = self.take_in_one(&intake, &report, summary).await {
                match error.downcast::<UnreadableDocument>() {
                    Ok(unreadable) => summary.unreadable.push(unreadable),
                    Err(error) => summary.failures.push((name, error)),
                }
            }
        }
        Ok(())
    }

    async fn take_in_one(
        &self,
        intake: &Intake<'_>,
        report: &store::ReportRecord,
        summary: &mut Summary,
    ) -> anyhow::Result<()> {
        let id = report.report_id.as_str();
        let hash = match (State::parse(&report.state), &report.document) {
            (Some(State::Discovered), _) => {
                self.watch.note(&format!("downloading report {id}"));
                let document = ReportDocumentId::new(report.report_document_id.as_str());
                let came = self.amazon.download(&document).await?;
                intake.retrieved(self.clock.now(), id, &came).await?
            }
            (Some(State::Retrieved), Some(hash)) => *hash,
            _ => return Ok(()),
        };
        for outcome in intake.read_report(self.clock.now(), id, &hash).await? {
            if let crate::pipeline::ReadOutcome::New(key) = outcome {
                summary.moved.insert(key.settlement_id, State::Read);
            }
        }
        Ok(())
    }

    /// Takes one settlement as far as it goes; a held one is looked at again when the rules or the
    /// ERP's set-up changed.
    async fn go_on(&self, record: &SettlementRecord) -> anyhow::Result<State> {
        let Self { site, store, ledger, clock, watch, .. } = *self;
        let worker = Worker { site, store, ledger: Some(ledger), clock, watch };
        let key = &record.key;
        if let Some(end) = worker.end_of(record)? {
            return Ok(end);
        }
        if worker.would_change(key).await? {
            worker
                .decide(key, Event::Reconsider, Actor::Connector, Some("the rules changed"))
                .await?;
        }
        worker.run(key).await
    }
}
