//! Takes a month-end accrual as far as it goes: prepared, approved, posted with its reversal.

use anyhow::Context as _;
use serde_json::{Value, json};
use store::{AccrualMove, AccrualRecord, NewPosting, PeriodKey, RecordKey, Store};
use wire::Clock;

use super::accrual::{Effect, Event, State, decide, resume};
use super::accrual_plan::KeptAccrual;
use super::accrual_refused::{AccrualRefused, held_for, refuse_outdated, refuse_signed};
use super::audit::Scribe;
use super::hold::HeldReason;
use super::run_posting::{PostingRunner, RecordEnd, intent_of};
use super::{Actor, Site, UnknownWord, Watch};
use crate::ledger::{Draft, Ledger};

/// The code of the reason that holds an accrual of which nothing is open any more.
const NOTHING_OPEN: &str = "nothing_open";

/// Moves the accruals of one connection through their life.
#[derive(Clone, Copy)]
pub struct AccrualWorker<'a> {
    /// The connection.
    pub site: &'a Site,
    /// Its state.
    pub store: &'a Store,
    /// The ERP; `None` stops before anything that needs it.
    pub ledger: Option<&'a dyn Ledger>,
    /// Time.
    pub clock: &'a dyn Clock,
    /// Told about waits.
    pub watch: &'a dyn Watch,
}

impl std::fmt::Debug for AccrualWorker<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("AccrualWorker").field("site", &self.site).finish_non_exhaustive()
    }
}

/// What happened, and what the transition keeps.
struct Happened {
    event: Event,
    actor: Actor,
    change: AccrualMove,
    detail: Value,
    intents: Vec<NewPosting>,
}

impl Happened {
    fn new(event: Event, detail: Value) -> Self {
        let (change, intents) = (AccrualMove::default(), Vec::new());
        Self { event, actor: Actor::Connector, change, detail, intents }
    }

    fn by(self, actor: &Actor) -> Self {
        Self { actor: actor.clone(), ..self }
    }

    fn held(event: Event, reasons: &[HeldReason]) -> Self {
        let mut happened = Self::new(event, json!({ "reasons": reasons }));
        happened.change.hold = Some(Some(HeldReason::to_stored(reasons)));
        happened
    }
}

impl AccrualWorker<'_> {
    /// Takes a plan in: what is open at the period's end by now, `None` when nothing is. A plan that
    /// is on its way into Epicor stays; one that is posted is compared with it. Returns the state
    /// reached; `None` when there is nothing to accrue and nothing was.
    ///
    /// # Errors
    /// [`AccrualRefused`], or the store's errors.
    pub async fn prepare(
        &self,
        key: &PeriodKey,
        plan: Option<&KeptAccrual>,
        actor: &Actor,
    ) -> anyhow::Result<Option<State>> {
        let Some(record) = self.store.accrual(key).await? else {
            let Some(plan) = plan else { return Ok(None) };
            refuse_signed(self.store, key, plan).await?;
            let (text, state) = (serde_json::to_string(plan)?, State::Prepared);
            let event = self.event(key, &Happened::new(Event::Prepared, told(plan)?).by(actor));
            self.store.accrual_prepared(key, &text, state.as_str(), &event).await?;
            return Ok(Some(state));
        };
        let (state, kept) = (accrual_state(&record)?, KeptAccrual::of(&record)?);
        let happened = match (state, plan) {
            (State::Approved | State::Posting, _) => return Ok(Some(state)),
            (State::Held, _) if self.is_written(key).await? => return Ok(Some(state)),
            (State::Posted, plan) => self.compared(&record, &kept, plan)?,
            (State::Prepared | State::Ready, Some(plan)) if *plan == kept => None,
            (_, Some(plan)) => {
                refuse_signed(self.store, key, plan).await?;
                let mut happened = Happened::new(Event::Prepared, told(plan)?);
                happened.change.plan = Some(serde_json::to_string(plan)?);
                Some(happened)
            }
            (_, None) => {
                let message = format!(
                    "nothing of {} is open any more at the end of {}, so there is nothing to accrue; \
                     nothing of the earlier plan is posted",
                    key.currency, key.period
                );
                let reason = HeldReason::new(NOTHING_OPEN, message);
                Some(Happened::held(Event::NothingOpen, &[reason]))
            }
        };
        Ok(Some(match happened {
            Some(happened) => self.take(key, state, happened.by(actor)).await?.0,
            None => state,
        }))
    }

    /// How what is open by now differs from what is posted, if that is news.
    fn compared(
        &self,
        record: &AccrualRecord,
        kept: &KeptAccrual,
        plan: Option<&KeptAccrual>,
    ) -> anyhow::Result<Option<Happened>> {
        let changes = kept.against(plan);
        let differs = (!changes.is_empty()).then(|| serde_json::to_string(&changes));
        let differs = differs.transpose()?;
        if differs == record.differs {
            return Ok(None);
        }
        let mut happened = Happened::new(Event::Compared, json!({ "differs": changes }));
        happened.change.differs = Some(differs);
        Ok(Some(happened))
    }

    /// Approves one that is ready.
    ///
    /// # Errors
    /// [`Illegal`](super::accrual::Illegal) when it is not, [`AccrualRefused`], or the store's errors.
    pub async fn approve(
        &self,
        key: &PeriodKey,
        actor: &Actor,
        reason: Option<&str>,
    ) -> anyhow::Result<State> {
        let record = self.record(key).await?;
        let kept = KeptAccrual::of(&record)?;
        refuse_signed(self.store, key, &kept).await?;
        refuse_outdated(self.store, key, &kept).await?;
        let happened = Happened::new(Event::Approved, json!({ "reason": reason })).by(actor);
        Ok(self.take(key, accrual_state(&record)?, happened).await?.0)
    }

    /// Lets a held one go on: with its held posting, or by asking Epicor again.
    ///
    /// # Errors
    /// [`Illegal`](super::accrual::Illegal) when it is not held, [`AccrualRefused`], or the store's
    /// errors.
    pub async fn release(
        &self,
        key: &PeriodKey,
        actor: &Actor,
        reason: Option<&str>,
    ) -> anyhow::Result<State> {
        let record = self.record(key).await?;
        if has_nothing_open(&record) {
            return Err(AccrualRefused::NothingOpen { accrual: RecordKey::from(key).id }.into());
        }
        refuse_signed(self.store, key, &KeptAccrual::of(&record)?).await?;
        let is_written = self.is_written(key).await?;
        let event = if is_written { Event::Resume } else { Event::Reconsider };
        let happened = Happened::new(event, json!({ "reason": reason })).by(actor);
        Ok(self.take(key, accrual_state(&record)?, happened).await?.0)
    }

    /// Goes on from the stored state until it is posted, held, waits for a person, or cannot go on
    /// now. One that Epicor stood in the way of is looked at again. Returns the state reached.
    ///
    /// # Errors
    /// The store's errors, or the ERP's when it cannot be asked; the state is the last one reached.
    pub async fn run(&self, key: &PeriodKey) -> anyhow::Result<State> {
        let record = self.record(key).await?;
        let mut state = accrual_state(&record)?;
        if state == State::Held && self.may_go_on(&record).await? {
            let detail = json!({ "reason": "nothing stands in the way any more" });
            state = self.take(key, state, Happened::new(Event::Reconsider, detail)).await?.0;
        }
        let total = KeptAccrual::of(&record)?.total()?.amount();
        let automatic = self.site.approval.approves(total);
        let mut effect = resume(state, automatic);
        while let Some(next) = effect {
            if self.watch.stopping() {
                break;
            }
            let Some(happened) = self.act(key, next).await? else { break };
            (state, effect) = self.take(key, state, happened).await?;
        }
        Ok(state)
    }

    /// Whether one is held for what Epicor lacked, and Epicor lacks it no more.
    async fn may_go_on(&self, record: &AccrualRecord) -> anyhow::Result<bool> {
        let Some(ledger) = self.ledger else { return Ok(false) };
        if has_nothing_open(record) || self.is_written(&record.key).await? {
            return Ok(false);
        }
        Ok(self.against(ledger, record).await?.is_empty())
    }

    /// What stands against posting it now: a signature, settlements that came since, and what the ERP
    /// lacks.
    async fn against(
        &self,
        ledger: &dyn Ledger,
        record: &AccrualRecord,
    ) -> anyhow::Result<Vec<HeldReason>> {
        let kept = KeptAccrual::of(record)?;
        let mut reasons = held_for(self.store, &record.key, &kept).await?;
        let obstacles = ledger.obstacles(&kept.into_documents()).await?;
        reasons.extend(obstacles.iter().map(HeldReason::from));
        Ok(reasons)
    }

    async fn act(&self, key: &PeriodKey, effect: Effect) -> anyhow::Result<Option<Happened>> {
        Ok(match effect {
            Effect::Check => self.check(key).await?,
            Effect::ApproveByPolicy => Some(self.approved_by_policy(key).await?),
            Effect::RecordIntents => Some(self.intents_recorded(key).await?),
            Effect::RunPostings => self.run_postings(key).await?,
        })
    }

    async fn approved_by_policy(&self, key: &PeriodKey) -> anyhow::Result<Happened> {
        let kept = KeptAccrual::of(&self.record(key).await?)?;
        let reasons = held_for(self.store, key, &kept).await?;
        Ok(match reasons.is_empty() {
            true => {
                let detail = json!({ "automatic": self.site.approval.automatic });
                Happened::new(Event::Approved, detail).by(&Actor::Policy)
            }
            false => Happened::held(Event::CheckFailed, &reasons),
        })
    }

    /// The last moment before anything is to be written: a period may have been signed since it was
    /// approved.
    async fn intents_recorded(&self, key: &PeriodKey) -> anyhow::Result<Happened> {
        let kept = KeptAccrual::of(&self.record(key).await?)?;
        let reasons = held_for(self.store, key, &kept).await?;
        if !reasons.is_empty() {
            return Ok(Happened::held(Event::CheckFailed, &reasons));
        }
        let documents = kept.into_documents();
        let detail = json!({ "intents": documents.len() });
        let mut happened = Happened::new(Event::IntentsRecorded, detail);
        let intents = documents.into_iter().map(|document| intent_of(&Draft::new(document)));
        happened.intents = intents.collect::<Result<_, _>>()?;
        Ok(happened)
    }

    async fn check(&self, key: &PeriodKey) -> anyhow::Result<Option<Happened>> {
        let Some(ledger) = self.ledger else { return Ok(None) };
        let reasons = self.against(ledger, &self.record(key).await?).await?;
        Ok(Some(match reasons.is_empty() {
            true => Happened::new(Event::Checked, json!({})),
            false => Happened::held(Event::CheckFailed, &reasons),
        }))
    }

    async fn run_postings(&self, key: &PeriodKey) -> anyhow::Result<Option<Happened>> {
        let Some(target) = self.ledger else { return Ok(None) };
        let Self { store, clock, watch, .. } = *self;
        let runner = PostingRunner { store, target, clock, watch, policy: &self.site.posting };
        Ok(match runner.run_all(key).await? {
            RecordEnd::Confirmed(documents) => {
                Some(Happened::new(Event::Confirmed, json!({ "documents": documents })))
            }
            RecordEnd::Held { posting, why } => {
                let message = format!(
                    "{posting} is not posted: {why}. Solve it in Epicor, then run `ml-connector \
                     accrue --period {} --release`",
                    key.period
                );
                let reason = HeldReason::posting_held(message);
                Some(Happened::held(Event::PostingHeld, &[reason]))
            }
        })
    }

    /// One transition: the table decides, one store transaction writes it with its audit event.
    async fn take(
        &self,
        key: &PeriodKey,
        state: State,
        mut happened: Happened,
    ) -> anyhow::Result<(State, Option<Effect>)> {
        let total = KeptAccrual::of(&self.record(key).await?)?.total()?.amount();
        let step = decide(state, happened.event, self.site.approval.approves(total))?;
        if state == State::Held && step.next != State::Held {
            happened.change.hold = Some(None);
        }
        let moved = (state.as_str(), step.next.as_str());
        let event = self.event(key, &happened);
        let Happened { change, intents, .. } = &happened;
        self.store.accrual_advance(key, moved, change, intents, &event).await?;
        Ok((step.next, step.effect))
    }

    fn event(&self, key: &PeriodKey, happened: &Happened) -> store::NewEvent {
        let id = RecordKey::from(key).id;
        Scribe { connection: &key.connection, at: self.clock.now() }.event(
            &happened.actor,
            &id,
            format!("accrual {id}"),
            happened.event.name(),
            (None, None),
            happened.detail.clone(),
        )
    }

    /// Whether anything of it was written, or is to be.
    async fn is_written(&self, key: &PeriodKey) -> anyhow::Result<bool> {
        Ok(!self.store.postings_of(key).await?.is_empty())
    }

    async fn record(&self, key: &PeriodKey) -> anyhow::Result<AccrualRecord> {
        let record = self.store.accrual(key).await?;
        record.with_context(|| format!("nothing was prepared to be accrued for {key}"))
    }
}

/// What the audit log is told of a plan.
fn told(plan: &KeptAccrual) -> anyhow::Result<Value> {
    Ok(json!({ "total": plan.total()?.to_string(), "transactions": plan.transactions.len(),
               "deferred": plan.deferred.to_string(), "unsettled": plan.unsettled.to_string(),
               "date": plan.journal.date.to_string(), "reversal": plan.reversal.date.to_string() }))
}

/// Whether it is held because nothing is open any more.
fn has_nothing_open(record: &AccrualRecord) -> bool {
    let reasons = HeldReason::parse_all(record.hold.as_deref());
    reasons.iter().any(|reason| reason.reason == NOTHING_OPEN)
}

/// The state of a stored accrual.
///
/// # Errors
/// [`UnknownWord`] when another version wrote it.
pub fn accrual_state(record: &AccrualRecord) -> Result<State, UnknownWord> {
    State::parse(&record.state).ok_or_else(|| UnknownWord {
        record: format!("accrual {}", RecordKey::from(&record.key).id),
        word: record.state.clone(),
    })
}
