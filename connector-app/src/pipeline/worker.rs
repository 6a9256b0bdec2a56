//! Takes one settlement as far as it goes, one transition at a time.

use anyhow::Context as _;
use jiff::tz::TimeZone;
use ledger_mapper::Context as MapContext;
use rust_decimal::Decimal;
use serde_json::{Value, json};
use settlement_model::{ReadOptions, Settlement};
use store::{NewPosting, SettlementChange, SettlementKey, SettlementRecord, Store};
use wire::Clock;

use super::audit::Scribe;
use super::hold::HeldReason;
use super::planned::{Planned, documents_of};
use super::run_posting::{PostingEnd, PostingRunner, intent_of};
use super::settlement::{Effect, Event, State, decide, resume};
use super::{Actor, Site, UnknownWord, Watch};
use crate::ledger::{Draft, Ledger};

/// Moves settlements of one connection through their life.
#[derive(Clone, Copy)]
pub struct Worker<'a> {
    /// The connection.
    pub site: &'a Site,
    /// Its state.
    pub store: &'a Store,
    /// The ERP; `None` stops before anything that needs it (`import`).
    pub ledger: Option<&'a dyn Ledger>,
    /// Time.
    pub clock: &'a dyn Clock,
    /// Told about waits.
    pub watch: &'a dyn Watch,
}

impl std::fmt::Debug for Worker<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Worker").field("site", &self.site).finish_non_exhaustive()
    }
}

/// The result of one effect: what happened, and what the transition keeps.
struct Happened {
    event: Event,
    actor: Actor,
    change: SettlementChange,
    detail: Value,
}

impl Happened {
    fn new(event: Event, detail: Value) -> Self {
        Self { event, actor: Actor::Connector, change: SettlementChange::default(), detail }
    }

    fn held(event: Event, reasons: &[HeldReason]) -> Self {
        let detail = json!({ "reasons": reasons });
        let mut happened = Self::new(event, detail);
        happened.change.hold = Some(Some(HeldReason::to_stored(reasons)));
        happened
    }
}

impl Worker<'_> {
    /// Goes on from the stored state until it is posted, held, waits for a person, or cannot go on
    /// now. Returns the state reached.
    ///
    /// # Errors
    /// The store's errors, or the ERP's when it cannot be asked; the state is the last one reached.
    pub async fn run(&self, key: &SettlementKey) -> anyhow::Result<State> {
        let record = self.record(key).await?;
        let mut state = state_of(&record)?;
        let mut effect = self.first_effect(&record, state)?;
        while let Some(next) = effect {
            let Some(happened) = self.act(key, next).await? else {
                break;
            };
            (state, effect) = self.take(key, state, happened).await?;
        }
        Ok(state)
    }

    /// A person's decision: an event like any other.
    ///
    /// # Errors
    /// [`super::settlement::Illegal`] when the state does not allow it, or the store's errors.
    pub async fn decide(
        &self,
        key: &SettlementKey,
        event: Event,
        actor: Actor,
        reason: Option<&str>,
    ) -> anyhow::Result<State> {
        let state = self.state(key).await?;
        let mut happened = Happened::new(event, json!({ "reason": reason }));
        happened.actor = actor;
        if happened.event == Event::Hold {
            let held = HeldReason::new("held_by_person", reason.unwrap_or("no reason given"));
            happened.change.hold = Some(Some(HeldReason::to_stored(&[held])));
        }
        Ok(self.take(key, state, happened).await?.0)
    }

    /// What to do first with a settlement found in the store. A policy that was widened since
    /// approves what waited for a person.
    fn first_effect(
        &self,
        record: &SettlementRecord,
        state: State,
    ) -> anyhow::Result<Option<Effect>> {
        if state == State::Ready {
            let approves = self.site.approval.approves(deposit_of(record)?);
            return Ok(approves.then_some(Effect::ApproveByPolicy));
        }
        Ok(resume(state))
    }

    /// Whether a held settlement would be held for other reasons now, or not at all: the rules file
    /// or the ERP's set-up may have changed. What a person holds stays held, and so does a posting.
    ///
    /// # Errors
    /// The store's errors, or the ERP's when it cannot be asked.
    pub async fn would_change(&self, key: &SettlementKey) -> anyhow::Result<bool> {
        let record = self.record(key).await?;
        if state_of(&record)? != State::Held || !self.store.postings_of(key).await?.is_empty() {
            return Ok(false);
        }
        let was = HeldReason::parse_all(record.hold.as_deref());
        if was.iter().any(|r| matches!(r.reason.as_str(), "held_by_person" | "reissued")) {
            return Ok(false);
        }
        let planned = self.plan(&record).await?;
        let mut now: Vec<_> = planned.plan.held.iter().map(HeldReason::from).collect();
        if let (true, Some(ledger)) = (now.is_empty(), self.ledger) {
            let obstacles = ledger.obstacles(&planned.documents()).await?;
            now = obstacles.iter().map(HeldReason::from).collect();
        }
        Ok(now != was)
    }

    async fn act(&self, key: &SettlementKey, effect: Effect) -> anyhow::Result<Option<Happened>> {
        match effect {
            Effect::Map => self.map(key).await.map(Some),
            Effect::Check => self.check(key).await,
            Effect::ApproveByPolicy => {
                let mut happened = Happened::new(Event::Approved, json!({}));
                happened.actor = Actor::Policy;
                Ok(Some(happened))
            }
            Effect::RecordIntents => {
                let drafts = self.drafts(key).await?;
                Ok(Some(Happened::new(Event::IntentsRecorded, json!({ "intents": drafts.len() }))))
            }
            Effect::RunPostings => self.run_postings(key).await,
            Effect::Retrieve | Effect::Read => {
                anyhow::bail!("{effect:?} belongs to a report, not to a settlement")
            }
        }
    }

    async fn map(&self, key: &SettlementKey) -> anyhow::Result<Happened> {
        let record = self.record(key).await?;
        let planned = self.plan(&record).await?;
        let stored = serde_json::to_string(&planned)?;
        let plan = &planned.plan;
        let mut happened = if plan.held.is_empty() {
            let event = Event::Mapped { journals: plan.journals.len() };
            Happened::new(
                event,
                json!({ "rules": plan.rules, "journals": plan.journals.len(),
                                         "invoices": planned.invoices.len() }),
            )
        } else {
            let reasons: Vec<_> = plan.held.iter().map(HeldReason::from).collect();
            Happened::held(Event::Unmapped, &reasons)
        };
        happened.change.plan = Some(stored);
        Ok(happened)
    }

    /// Maps the stored document again; pure apart from reading the store.
    async fn plan(&self, record: &SettlementRecord) -> anyhow::Result<Planned> {
        let (settlement, zone) = self.settlement(record).await?;
        let context = MapContext {
            connection: &self.site.connection,
            rules: &self.site.rules,
            calendar: &self.site.calendar,
            zone: &zone,
            revision: 0,
        };
        let plan = ledger_mapper::plan(&settlement, &context);
        Ok(Planned::new(plan, &self.site.rules, self.site.fees.as_ref())?)
    }

    async fn settlement(
        &self,
        record: &SettlementRecord,
    ) -> anyhow::Result<(Settlement, TimeZone)> {
        let id = &record.key.settlement_id;
        let stored = self
            .store
            .document(&record.document)
            .await?
            .with_context(|| format!("settlement {id}: its document is not in the store"))?;
        let options = ReadOptions {
            zone: self.site.zone.clone(),
            group_by_sku: self.site.rules.asks_for_sku(),
            ..ReadOptions::default()
        };
        let document =
            settlement_model::read(stored.bytes.as_slice(), &options).with_context(|| {
                format!("settlement {id}: its stored document cannot be read again")
            })?;
        let zone = document.zone;
        let settlement = document
            .settlements
            .into_iter()
            .find(|settlement| settlement.id.as_str() == id)
            .with_context(|| format!("settlement {id} is not in its stored document"))?;
        Ok((settlement, zone))
    }

    async fn check(&self, key: &SettlementKey) -> anyhow::Result<Option<Happened>> {
        let Some(ledger) = self.ledger else {
            return Ok(None);
        };
        let record = self.record(key).await?;
        let obstacles = ledger.obstacles(&documents_of(&record)?).await?;
        if !obstacles.is_empty() {
            let reasons: Vec<_> = obstacles.iter().map(HeldReason::from).collect();
            return Ok(Some(Happened::held(Event::CheckFailed, &reasons)));
        }
        let deposit = deposit_of(&record)?;
        Ok(Some(Happened::new(Event::Checked { deposit }, json!({}))))
    }

    async fn run_postings(&self, key: &SettlementKey) -> anyhow::Result<Option<Happened>> {
        let Some(ledger) = self.ledger else {
            return Ok(None);
        };
        let runner = PostingRunner {
            store: self.store,
            target: ledger,
            clock: self.clock,
            watch: self.watch,
            policy: &self.site.posting,
        };
        let mut numbers = Vec::new();
        for posting in self.store.postings_of(key).await? {
            match runner.run(&posting.key).await? {
                PostingEnd::Confirmed(number) => numbers.push(number),
                PostingEnd::Held(why) => {
                    let message = format!(
                        "{} is not posted: {why}. Solve it in Epicor or the rules, then run `ml-connector release {}`",
                        posting.key, key.settlement_id
                    );
                    let reason = HeldReason::new("posting_held", message);
                    return Ok(Some(Happened::held(Event::PostingHeld, &[reason])));
                }
                PostingEnd::Later(why) => {
                    self.watch.note(&format!("{}: {why}; the next run goes on", posting.key));
                    return Ok(None);
                }
            }
        }
        Ok(Some(Happened::new(Event::Confirmed, json!({ "documents": numbers }))))
    }

    /// One transition: the table decides, one store transaction writes it with its audit event.
    async fn take(
        &self,
        key: &SettlementKey,
        state: State,
        happened: Happened,
    ) -> anyhow::Result<(State, Option<Effect>)> {
        let step = decide(state, &happened.event, &self.site.approval)?;
        let (from, to) = (state.as_str(), step.next.as_str());
        let scribe = Scribe { connection: &self.site.connection, at: self.clock.now() };
        let audit = scribe.event(
            &happened.actor,
            &key.settlement_id,
            format!("settlement {}", key.settlement_id),
            happened.event.name(),
            (Some(from), Some(to)),
            happened.detail,
        );
        let mut change = happened.change;
        if step.next != State::Held && state == State::Held {
            change.hold = Some(None);
        }
        if happened.event == Event::IntentsRecorded {
            let intents = self.intents(key).await?;
            self.store.intents_recorded(key, from, to, &intents, &audit).await?;
        } else {
            self.store.settlement_advance(key, from, to, &change, &audit).await?;
        }
        Ok((step.next, step.effect))
    }

    async fn drafts(&self, key: &SettlementKey) -> anyhow::Result<Vec<Draft>> {
        Ok(documents_of(&self.record(key).await?)?.into_iter().map(Draft::new).collect())
    }

    async fn intents(&self, key: &SettlementKey) -> anyhow::Result<Vec<NewPosting>> {
        Ok(self.drafts(key).await?.iter().map(intent_of).collect::<Result<_, _>>()?)
    }

    /// Where the settlement stands.
    ///
    /// # Errors
    /// The store's errors.
    pub async fn state(&self, key: &SettlementKey) -> anyhow::Result<State> {
        Ok(state_of(&self.record(key).await?)?)
    }

    async fn record(&self, key: &SettlementKey) -> anyhow::Result<SettlementRecord> {
        self.store.settlement(key).await?.with_context(|| {
            format!("there is no settlement {} of connection {}", key.settlement_id, key.connection)
        })
    }
}

/// The deposit of a stored record.
fn deposit_of(record: &SettlementRecord) -> anyhow::Result<Decimal> {
    record
        .deposit
        .parse()
        .with_context(|| format!("settlement {}: stored deposit", record.key.settlement_id))
}

/// The state of a stored record.
pub(crate) fn state_of(record: &SettlementRecord) -> Result<State, UnknownWord> {
    State::parse(&record.state).ok_or_else(|| UnknownWord {
        record: format!("settlement {}", record.key.settlement_id),
        word: record.state.clone(),
    })
}
