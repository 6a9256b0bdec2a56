//! Takes one settlement as far as it goes, one transition at a time.

mod decisions;
mod reading;

use anyhow::Context as _;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use rust_decimal::Decimal;
use serde_json::{Value, json};
use store::{NewPosting, SettlementChange, SettlementKey, SettlementRecord, Store};
use wire::Clock;

use super::audit::Scribe;
use super::chain::{self, ChainPolicy, InSeries};
use super::elsewhere;
use super::hold::{HELD_BY_PERSON, HeldReason};
use super::planned::{self, documents_of};
use super::reissue::{self, REISSUED, Reissues};
use super::run_posting::{PostingRunner, RecordEnd, intent_of};
use super::settlement::{Effect, Event, Policy, State, decide, resume};
use super::written::WrittenDocuments;
use super::{Actor, Site, UnknownWord, Watch, mapped_parts};
use crate::day::day_in;
use crate::ledger::{Document, Draft, Ledger, Obstacle};

pub use decisions::{BeforeGoLive, NotByHand, Obstructed};
pub use reading::{NotKept, kept_document, settlement_of, settlement_read};

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
    intents: Vec<NewPosting>,
}

impl Happened {
    fn new(event: Event, detail: Value) -> Self {
        Self {
            event,
            actor: Actor::Connector,
            change: SettlementChange::default(),
            detail,
            intents: Vec::new(),
        }
    }

    /// With the intents of documents, which are recorded together with the transition.
    fn intending(mut self, documents: Vec<Document>) -> anyhow::Result<Self> {
        let drafts = documents.into_iter().map(Draft::new);
        self.intents = drafts.map(|draft| intent_of(&draft)).collect::<Result<_, _>>()?;
        Ok(self)
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
        let mut effect = self.first_effect(&record, state).await?;
        while let Some(next) = effect {
            if self.watch.stopping() {
                break;
            }
            let Some(happened) = self.act(key, next).await? else {
                break;
            };
            (state, effect) = self.take(key, state, happened).await?;
            // Another content may have come while it was on its way.
            if effect.is_none() && state == State::Posted {
                effect = self.first_effect(&self.record(key).await?, state).await?;
            }
        }
        Ok(state)
    }

    /// What to do first with a settlement found in the store. A policy that was widened since
    /// approves what waited for a person, and a day of going live that was set since takes it out.
    async fn first_effect(
        &self,
        record: &SettlementRecord,
        state: State,
    ) -> anyhow::Result<Option<Effect>> {
        if Reissues::of(record)?.pending.is_some() && self.may_compare(record, state).await? {
            return Ok(Some(Effect::CompareReissue));
        }
        let unwritten = matches!(state, State::Mapped | State::Ready | State::Approved);
        if unwritten && self.is_before_go_live(record)? {
            return Ok(Some(Effect::Map));
        }
        if state == State::Ready {
            let approves = self.site.approval.approves(deposit_of(record)?);
            return Ok(approves.then_some(Effect::ApproveByPolicy));
        }
        Ok(resume(state))
    }

    /// Whether a settlement may be held now for another content of it. What is on its way is
    /// finished first, and what a person holds stays as it is.
    async fn may_compare(&self, record: &SettlementRecord, state: State) -> anyhow::Result<bool> {
        let held = HeldReason::parse_all(record.hold.as_deref());
        let by_itself =
            |reason: &HeldReason| !matches!(reason.reason.as_str(), HELD_BY_PERSON | REISSUED);
        Ok(match state {
            State::Read
            | State::Mapped
            | State::Ready
            | State::Approved
            | State::Posted
            | State::Matched => true,
            State::Held if held.iter().all(by_itself) => {
                !WrittenDocuments::of(self.store, &record.key).await?.is_under_way()
            }
            _ => false,
        })
    }

    /// Whether a held settlement would be held for other reasons now, or not at all: the rules file
    /// or the ERP's set-up may have changed. What a person holds stays held, and so does a posting.
    ///
    /// # Errors
    /// The store's errors, or the ERP's when it cannot be asked.
    pub async fn would_change(&self, key: &SettlementKey) -> anyhow::Result<bool> {
        let record = self.record(key).await?;
        let written = WrittenDocuments::of(self.store, key).await?;
        let is_written = written.is_under_way() || written.standing().next().is_some();
        if state_of(&record)? != State::Held || is_written {
            return Ok(false);
        }
        let was = HeldReason::parse_all(record.hold.as_deref());
        if was.iter().any(|r| matches!(r.reason.as_str(), HELD_BY_PERSON | REISSUED)) {
            return Ok(false);
        }
        if self.is_before_go_live(&record)? {
            return Ok(true);
        }
        let planned = self.plan(&record).await?;
        let mut now: Vec<_> = planned.plan.held.iter().map(HeldReason::from).collect();
        if let (true, Some(ledger)) = (now.is_empty(), self.ledger) {
            now = self.against(&record, ledger, &planned.documents()).await?.0;
        }
        Ok(now != was)
    }

    /// The state of a settlement with which nothing is left to do: it is in the books, and no other
    /// content of it waits.
    ///
    /// # Errors
    /// When another version of this program wrote the record.
    pub fn end_of(&self, record: &SettlementRecord) -> anyhow::Result<Option<State>> {
        let state = state_of(record)?;
        let is_booked = matches!(state, State::Posted | State::Matched | State::ByHand);
        Ok((is_booked && Reissues::of(record)?.pending.is_none()).then_some(state))
    }

    async fn act(&self, key: &SettlementKey, effect: Effect) -> anyhow::Result<Option<Happened>> {
        match effect {
            Effect::Map => self.map(key).await.map(Some),
            Effect::Check => self.check(key).await,
            Effect::ApproveByPolicy => self.approve_by_policy(key).await.map(Some),
            Effect::CompareReissue => self.compare_reissue(key).await.map(Some),
            Effect::RecordIntents => self.record_intents(key).await.map(Some),
            Effect::RunPostings => self.run_postings(key).await,
            Effect::Retrieve | Effect::Read => {
                anyhow::bail!("{effect:?} belongs to a report, not to a settlement")
            }
        }
    }

    /// Approves; the event tells the policy that did, as it is in force, and what it was asked about.
    async fn approve_by_policy(&self, key: &SettlementKey) -> anyhow::Result<Happened> {
        let SettlementRecord { deposit, currency, .. } = self.record(key).await?;
        let Policy { automatic, limit } = &self.site.approval;
        let detail = json!({ "automatic": automatic, "limit": limit.as_ref().map(Decimal::to_string),
                             "deposit": format!("{deposit} {currency}") });
        Ok(Happened { actor: Actor::Policy, ..Happened::new(Event::Approved, detail) })
    }

    /// Holds a settlement whose other content waits for a person, with what changed.
    async fn compare_reissue(&self, key: &SettlementKey) -> anyhow::Result<Happened> {
        let record = self.record(key).await?;
        let reissue = Reissues::of(&record)?.pending.context("no other content waits")?;
        let (known, _) = self.settlement(&record).await?;
        let (came, _) = self.settlement_in(&reissue.hash()?, &key.settlement_id).await?;
        let written = WrittenDocuments::of(self.store, key).await?;
        let is_posted = written.standing().next().is_some();
        let mut reason = reissue::reason(&known, &came, is_posted)?;
        reason.facts.insert("document".to_owned(), record.document.to_string().into());
        reason.facts.insert("document_now".to_owned(), reissue.document.into());
        Ok(Happened::held(Event::Reissued, &[reason]))
    }

    /// Whether it ended before the connection went live: a person entered it by hand then.
    fn is_before_go_live(&self, record: &SettlementRecord) -> anyhow::Result<bool> {
        Ok(self.site.is_before_go_live(self.ended(record)?))
    }

    /// The day it ended. A connection that has a day of going live has a zone.
    fn ended(&self, record: &SettlementRecord) -> anyhow::Result<Date> {
        day_in(&record.end, self.site.zone.as_ref().unwrap_or(&TimeZone::UTC))
    }

    async fn map(&self, key: &SettlementKey) -> anyhow::Result<Happened> {
        let record = self.record(key).await?;
        if self.is_before_go_live(&record)? {
            let first = self.site.go_live.map(|day| day.to_string());
            let detail = json!({ "ended": record.end, "go_live": first });
            return Ok(Happened::new(Event::EnteredByHand, detail));
        }
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

    async fn check(&self, key: &SettlementKey) -> anyhow::Result<Option<Happened>> {
        let Some(ledger) = self.ledger else {
            return Ok(None);
        };
        let record = self.record(key).await?;
        let (reasons, notes) = self.against(&record, ledger, &documents_of(&record)?).await?;
        if !reasons.is_empty() {
            return Ok(Some(Happened::held(Event::CheckFailed, &reasons)));
        }
        let deposit = deposit_of(&record)?;
        Ok(Some(Happened::new(Event::Checked { deposit }, json!({ "notes": notes }))))
    }

    /// It may have waited for its approval, and another connection may have booked it meanwhile.
    async fn record_intents(&self, key: &SettlementKey) -> anyhow::Result<Happened> {
        let record = self.record(key).await?;
        let booked = elsewhere::booked(self.store, &record).await?;
        if !booked.is_empty() {
            return Ok(Happened::held(Event::CheckFailed, &booked));
        }
        let documents = documents_of(&record)?;
        let intents = json!({ "intents": documents.len() });
        Happened::new(Event::IntentsRecorded, intents).intending(documents)
    }

    /// What stands against posting these documents now, and what a person should know of all the
    /// same: other connections, the chain of settlements, and what the ERP lacks.
    async fn against(
        &self,
        record: &SettlementRecord,
        ledger: &dyn Ledger,
        documents: &[Document],
    ) -> anyhow::Result<(Vec<HeldReason>, Vec<HeldReason>)> {
        let InSeries { mut breaks, mut notes } = chain::look(self.store, record).await?;
        if self.site.chain == ChainPolicy::Warn {
            notes.append(&mut breaks);
        }
        for note in &notes {
            self.watch.note(&format!("{}: {}", record.key, note.message));
        }
        breaks.extend(elsewhere::look(self.store, record).await?);
        let mut obstacles = ledger.obstacles(documents).await?;
        obstacles.extend(self.lacking_parts(record, ledger).await?);
        breaks.extend(obstacles.iter().map(HeldReason::from));
        Ok((breaks, notes))
    }

    /// The SKUs of a settlement that have no part that may be sold, where the policy asks for one.
    async fn lacking_parts(
        &self,
        record: &SettlementRecord,
        ledger: &dyn Ledger,
    ) -> anyhow::Result<Vec<Obstacle>> {
        let Some(policy) = &self.site.parts else { return Ok(Vec::new()) };
        let skus = self.skus(record).await?;
        let mapped = mapped_parts(self.store, &record.key.connection, &policy.configured).await?;
        ledger.lacking_parts(&policy.customers, &skus, &mapped).await
    }

    async fn run_postings(&self, key: &SettlementKey) -> anyhow::Result<Option<Happened>> {
        let Some(ledger) = self.ledger else {
            return Ok(None);
        };
        let Self { store, clock, watch, .. } = *self;
        let runner =
            PostingRunner { store, target: ledger, clock, watch, policy: &self.site.posting };
        let documents = match runner.run_all(key).await? {
            RecordEnd::Confirmed(documents) => documents,
            RecordEnd::Held { posting, why } => {
                let message = format!(
                    "{posting} is not posted: {why}. Solve it in Epicor or the rules, then run `ml-connector release {}`",
                    key.settlement_id
                );
                let reason = HeldReason::posting_held(message);
                return Ok(Some(Happened::held(Event::PostingHeld, &[reason])));
            }
        };
        let is_reversed = WrittenDocuments::of(self.store, key).await?.is_reversed();
        let event = if is_reversed { Event::ReversalConfirmed } else { Event::Confirmed };
        Ok(Some(Happened::new(event, json!({ "documents": documents }))))
    }

    /// One transition: the table decides, one store transaction writes it with its audit event. The
    /// event names the document and the rules that the settlement was decided by.
    async fn take(
        &self,
        key: &SettlementKey,
        state: State,
        happened: Happened,
    ) -> anyhow::Result<(State, Option<Effect>)> {
        let step = decide(state, &happened.event, &self.site.approval)?;
        let (from, to) = (state.as_str(), step.next.as_str());
        let Happened { event, actor, mut change, mut detail, intents } = happened;
        let record = self.record(key).await?;
        if let Value::Object(detail) = &mut detail {
            let document = || record.document.to_string().into();
            detail.entry("document").or_insert_with(document);
            if let Some(rules) = planned::rules_of(&record) {
                detail.entry("rules").or_insert_with(|| rules.into());
            }
        }
        let scribe = Scribe { connection: &self.site.connection, at: self.clock.now() };
        let audit = scribe.event(
            &actor,
            &key.settlement_id,
            format!("settlement {}", key.settlement_id),
            event.name(),
            (Some(from), Some(to)),
            detail,
        );
        if step.next != State::Held && state == State::Held {
            change.hold = Some(None);
        }
        self.store.intents_recorded(key, (from, to), &change, &intents, &audit).await?;
        Ok((step.next, step.effect))
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
