//! What a run over settlements would take in, and what would become of it. Only reads.

use std::collections::BTreeSet;

use jiff::tz::TimeZone;
use ledger_mapper::Context;
use settlement_model::{ReadOptions, Settlement};
use store::{Hints, SettlementKey, Store};

use super::{Listed, only_one};
use crate::amazon::SettlementReports;
use crate::ledger::Ledger;
use crate::pipeline::{
    HeldReason, Planned, Site, UnreadableDocument, content_of, read_document, read_options,
};

/// What a preview needs: everything of a [`Run`](super::Run) that writes nothing.
#[derive(Clone, Copy)]
pub struct Preview<'a> {
    /// The connection.
    pub site: &'a Site,
    /// Its state; `None` when nothing was ever taken in.
    pub store: Option<&'a Store>,
    /// Its selling account.
    pub amazon: &'a SettlementReports,
    /// Its company's ledger.
    pub ledger: &'a dyn Ledger,
}

impl std::fmt::Debug for Preview<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Preview").field("site", &self.site).finish_non_exhaustive()
    }
}

/// A report that a run would take in.
#[derive(Debug)]
pub struct NewReport {
    /// Amazon's `reportId`.
    pub report_id: String,
    /// Its settlements; or why it would be held as unreadable.
    pub settlements: Result<Vec<Previewed>, UnreadableDocument>,
}

/// A settlement of such a report.
#[derive(Debug)]
pub struct Previewed {
    /// What it would be planned as.
    pub planned: Planned,
    /// What stands against posting it, by the rules and by what Epicor says of accounts and periods.
    pub held: Vec<HeldReason>,
    /// What a run would do with it.
    pub would: Would,
}

/// What a run would do with a settlement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Would {
    /// Approve it by the policy, and post it.
    Post,
    /// Leave it to a person to approve.
    Wait,
    /// Hold it.
    Hold,
    /// Leave it as it is in the books: it ended before the connection went live.
    ByHand,
    /// Nothing: the same came before.
    Nothing,
    /// Hold it, because it is known with another content.
    Compare,
}

impl Would {
    /// The word for programs.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Post => "post",
            Self::Wait => "wait_for_approval",
            Self::Hold => "hold",
            Self::ByHand => "by_hand",
            Self::Nothing => "nothing",
            Self::Compare => "hold_as_reissue",
        }
    }
}

impl Preview<'_> {
    /// Downloads and plans what is new of what Amazon lists, in its order.
    ///
    /// # Errors
    /// Why a document cannot be downloaded, the store's errors, or the ERP's when it cannot be asked.
    pub async fn of(&self, listed: &Listed) -> anyhow::Result<Vec<NewReport>> {
        let known = match self.store {
            Some(store) => store.reports(&self.site.connection).await?,
            None => Vec::new(),
        };
        let known: BTreeSet<_> = known.into_iter().map(|report| report.report_id).collect();
        let mut new = Vec::new();
        for (report, document) in listed {
            let report_id = report.report_id.to_string();
            if known.contains(&report_id) {
                continue;
            }
            let came = self.amazon.download(document).await?;
            let marketplace = only_one(&report.marketplace_ids);
            let hints = Hints { charset: came.charset.clone(), marketplace };
            let settlements = self.read(&format!("report {report_id}"), &came.bytes, &hints).await;
            let settlements = match settlements {
                Ok(settlements) => Ok(settlements),
                Err(error) => Err(error.downcast::<UnreadableDocument>()?),
            };
            new.push(NewReport { report_id, settlements });
        }
        Ok(new)
    }

    async fn read(
        &self,
        name: &str,
        bytes: &[u8],
        hints: &Hints,
    ) -> anyhow::Result<Vec<Previewed>> {
        let known_by = read_document(self.site, name, bytes, hints)?;
        let options = ReadOptions {
            group_by_sku: self.site.rules.asks_for_sku(),
            ..read_options(self.site, hints)
        };
        let document = settlement_model::read(bytes, &options)
            .map_err(|source| UnreadableDocument { document: name.to_owned(), source })?;
        let Site { connection, rules, calendar, .. } = self.site;
        let context = Context::new(connection, rules, calendar, &document.zone);
        let mut previewed = Vec::new();
        for (settlement, as_known) in document.settlements.iter().zip(&known_by.settlements) {
            let plan = ledger_mapper::plan(settlement, &context);
            let planned = Planned::new(plan, rules, self.site.fees.as_ref())?;
            previewed.push(self.judge(planned, as_known).await?);
        }
        Ok(previewed)
    }

    async fn judge(&self, planned: Planned, as_known: &Settlement) -> anyhow::Result<Previewed> {
        let zone = self.site.zone.clone().unwrap_or(TimeZone::UTC);
        let is_by_hand = self.site.is_before_go_live(as_known.end.date_in(&zone));
        let mut held = Vec::new();
        if !is_by_hand {
            held.extend(planned.plan.held.iter().map(HeldReason::from));
            let obstacles = self.ledger.obstacles(&planned.documents()).await?;
            held.extend(obstacles.iter().map(HeldReason::from));
        }
        let settlement_id = as_known.id.to_string();
        let key = SettlementKey { connection: self.site.connection.clone(), settlement_id };
        let known = match self.store {
            Some(store) => store.settlement(&key).await?,
            None => None,
        };
        let would = match known {
            Some(known) if known.content == content_of(as_known) => Would::Nothing,
            Some(_) => Would::Compare,
            None if is_by_hand => Would::ByHand,
            None if !held.is_empty() => Would::Hold,
            None if self.site.approval.approves(as_known.total.amount()) => Would::Post,
            None => Would::Wait,
        };
        Ok(Previewed { planned, held, would })
    }
}
