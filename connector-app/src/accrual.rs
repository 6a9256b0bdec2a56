//! The month-end accrual of a fiscal period, as the command, the console and the schedule work with it.
//!
//! [`ask`] plans what Amazon tells, and keeps nothing. [`prepare`] keeps it, and [`AccrualWorker`] takes
//! it to Epicor. [`standings`] tells how each stands.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Context as _;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use ledger_mapper::{AccrualContext, Accruals, Period, accrue};
use settlement_model::SettlementId;
use store::{AccrualRecord, PeriodKey, PostingRecord, Store};

use crate::amazon::transactions;
use crate::day::begin_of;
use crate::pipeline::accrual::State;
use crate::pipeline::{
    AccrualRefused, AccrualWorker, Actor, Booked, HeldReason, KeptAccrual, Site, accrual_state,
    booked, booked_settlements,
};

/// How long before a period's end a transaction may have been posted that is open at it.
const BEFORE: SignedDuration = SignedDuration::from_hours(24 * 120);

/// What is open at a period's end by what Amazon tells now.
#[derive(Debug)]
pub struct Told {
    /// The period.
    pub period: Period,
    /// The journals, or what holds them.
    pub accruals: Accruals,
    booked: BTreeSet<SettlementId>,
}

impl Told {
    /// What is to be kept, by currency.
    fn plans(&self) -> BTreeMap<String, KeptAccrual> {
        let plan = |accrual: &ledger_mapper::Accrual| {
            let currency = accrual.journal.currency.code().to_owned();
            (currency, KeptAccrual::new(accrual.clone(), &self.booked))
        };
        self.accruals.accruals.iter().map(plan).collect()
    }
}

/// Asks Amazon for its transactions and plans the accrual of a period. Keeps nothing.
///
/// # Errors
/// Amazon's, the store's, or that the connection has no cut-off zone.
pub async fn ask(
    store: &Store,
    site: &Site,
    client: &sp_api_client::Client,
    period: &Period,
    now: Timestamp,
) -> anyhow::Result<Told> {
    let zone = site.zone.as_ref().context(
        "an accrual is cut at a period's last midnight: set `zone` of the connection to the \
         marketplace's time zone",
    )?;
    let booked = booked(store, &site.connection, Some(zone)).await?.until(period.end);
    let settlements = booked_settlements(store, &site.connection, &booked).await?;
    let told = transactions(client, begin_of(period.end) - BEFORE, now).await?;
    let context = AccrualContext {
        connection: &site.connection,
        rules: &site.rules,
        calendar: &site.calendar,
        zone,
        day: period.end,
        booked: &settlements,
        revision: 0,
    };
    let accruals = accrue(&told, &context);
    Ok(Told { period: period.clone(), accruals, booked })
}

/// Keeps what was planned of a period, in one currency or in all, and takes each accrual as far as it
/// goes. While anything holds the plan nothing is kept, and what was kept before goes on.
///
/// # Errors
/// [`AccrualRefused`], the store's errors, or the ERP's.
pub async fn prepare(
    worker: &AccrualWorker<'_>,
    told: &Told,
    only: Option<&str>,
    actor: &Actor,
) -> anyhow::Result<()> {
    let Period { name: period, end, .. } = &told.period;
    let zone = worker.site.zone.clone().unwrap_or(TimeZone::UTC);
    if *end >= zone.to_datetime(worker.clock.now()).date() {
        return Err(AccrualRefused::Running { period: period.clone(), end: *end }.into());
    }
    let connection = &worker.site.connection;
    let plans = told.plans();
    let kept = worker.store.accruals(Some(connection)).await?;
    let kept = kept.iter().filter(|record| record.key.period == *period);
    let kept: BTreeSet<String> = kept.map(|record| record.key.currency.clone()).collect();
    let currencies: BTreeSet<String> = plans.keys().chain(&kept).cloned().collect();
    let is_held = !told.accruals.held.is_empty();
    for currency in currencies.into_iter().filter(|code| only.is_none_or(|only| only == code)) {
        let (plan, is_kept) = (plans.get(&currency), kept.contains(&currency));
        let (connection, period) = (connection.clone(), period.clone());
        let key = PeriodKey { connection, currency, period };
        let goes_on = match is_held {
            true => is_kept,
            false => worker.prepare(&key, plan, actor).await?.is_some(),
        };
        if goes_on {
            worker.run(&key).await?;
        }
    }
    Ok(())
}

/// How a period's accrual stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Standing {
    /// The period and its currency.
    pub key: PeriodKey,
    /// Its state.
    pub state: State,
    /// What was planned.
    pub plan: KeptAccrual,
    /// Why it is held.
    pub held: Vec<HeldReason>,
    /// The accrual and its reversal, once they were to be written.
    pub documents: Vec<PostingRecord>,
    /// What is no longer as it was planned.
    pub changes: Vec<String>,
}

impl Standing {
    async fn of(store: &Store, record: &AccrualRecord, booked: &Booked) -> anyhow::Result<Self> {
        let plan = KeptAccrual::of(record)?;
        let key = record.key.clone();
        let mut changes = plan.since(booked);
        if let Some(differs) = &record.differs {
            let differs: Vec<String> = serde_json::from_str(differs)
                .with_context(|| format!("accrual of {key}: how it differs"))?;
            changes.extend(differs);
        }
        let documents = store.postings_of(&key).await?;
        let held = HeldReason::parse_all(record.hold.as_deref());
        let state = accrual_state(record)?;
        Ok(Self { key, state, plan, held, documents, changes })
    }

    /// What a person does next; nothing when nothing is to be done.
    #[must_use]
    pub fn next(&self) -> Option<String> {
        let command = format!("ml-connector accrue --period {}", self.key.period);
        Some(match self.state {
            State::Prepared => format!("`{command} --post` asks Epicor what stands in the way"),
            State::Ready => format!("`{command} --approve` approves it"),
            State::Approved | State::Posting => format!("`{command} --post` goes on"),
            State::Held => format!("mend what holds it, then `{command} --release`"),
            State::Posted if self.changes.is_empty() => return None,
            State::Posted => {
                "nothing is posted by itself: the reversal takes the accrual back as it \
                              was posted. An accountant decides whether the period wants a journal \
                              for the difference"
                    .to_owned()
            }
        })
    }
}

/// How the accruals of a connection stand, beside what is booked of it.
///
/// # Errors
/// The store's errors, or a plan that another version wrote.
pub async fn standings(
    store: &Store,
    connection: &str,
    booked: &Booked,
) -> anyhow::Result<Vec<Standing>> {
    let mut standings = Vec::new();
    for record in store.accruals(Some(connection)).await? {
        standings.push(Standing::of(store, &record, booked).await?);
    }
    Ok(standings)
}
