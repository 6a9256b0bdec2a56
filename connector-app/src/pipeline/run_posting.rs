//! Carries one posting through its table: decide, write the step, act, feed the result back.

use anyhow::Context as _;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use store::{NewPosting, PostingChange, PostingRecord, RecordKey, Store};
use tracing::Instrument as _;
use wire::Clock;

use super::audit::Scribe;
use super::posting::{Decision, Effect, Event, Policy, Situation, Step, decide};
use super::{Actor, UnknownWord, Watch};
use crate::ledger::{DocumentTarget, Draft, Kind, Sent};

/// How far a posting came in this run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PostingEnd {
    /// Read back, equal to the draft; the other system's number.
    Confirmed(Option<String>),
    /// Needs a person; the reason.
    Held(String),
}

/// How far all documents of a record came in this run.
#[derive(Debug, Clone, PartialEq)]
pub enum RecordEnd {
    /// Every one was read back: key and number of each.
    Confirmed(Vec<Value>),
    /// One needs a person; those behind it were not begun.
    Held {
        /// Its key.
        posting: String,
        /// The reason.
        why: String,
    },
}

/// What the store keeps of a document before anything of it is sent.
///
/// # Errors
/// Never in practice: a draft always serialises.
pub fn intent_of(draft: &Draft) -> serde_json::Result<NewPosting> {
    Ok(NewPosting {
        key: draft.key.clone(),
        kind: draft.document.kind().as_str().to_owned(),
        token: draft.token.clone(),
        group_id: draft.group_id.clone(),
        payload: serde_json::to_string(draft)?,
        step: Step::Intended.as_str().to_owned(),
    })
}

/// The document of a posting, complete, as it was kept before anything of it was sent.
///
/// # Errors
/// When another version of this program wrote it.
pub fn draft_of(posting: &PostingRecord) -> anyhow::Result<Draft> {
    serde_json::from_str(&posting.payload)
        .with_context(|| format!("posting {}: its stored document", posting.key))
}

/// Writes documents exactly once, whatever their kind and whatever takes them.
#[derive(Clone, Copy)]
pub struct PostingRunner<'a> {
    /// Where every step is recorded before it is acted upon.
    pub store: &'a Store,
    /// What takes the documents.
    pub target: &'a dyn DocumentTarget,
    /// Time, also for waiting.
    pub clock: &'a dyn Clock,
    /// Told about waits.
    pub watch: &'a dyn Watch,
    /// The site's times and limits.
    pub policy: &'a Policy,
}

impl std::fmt::Debug for PostingRunner<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PostingRunner").field("policy", &self.policy).finish_non_exhaustive()
    }
}

/// What acting on an effect brought.
struct Outcome {
    event: Event,
    number: Option<String>,
    note: String,
    /// Why the other system could not be asked.
    failure: Option<anyhow::Error>,
}

impl Outcome {
    fn of(event: Event) -> Self {
        Self::noted(event, String::new())
    }

    fn noted(event: Event, note: String) -> Self {
        Self { event, number: None, note, failure: None }
    }
}

impl PostingRunner<'_> {
    /// Goes on with the posting of that key from wherever it stands.
    ///
    /// # Errors
    /// The store's own, and the target's when it cannot be asked what became of the posting: that
    /// stands as it stood, and the next run goes on. All else that the target does is an outcome.
    pub async fn run(&self, key: &str) -> anyhow::Result<PostingEnd> {
        let record = self.load(key).await?;
        let draft = draft_of(&record)?;
        let policy = self.policy_for(draft.document.kind());
        let mut outcome = match self.situation(&record)?.step {
            Step::Confirmed => return Ok(PostingEnd::Confirmed(posting_number(&record))),
            Step::Intended | Step::Held => Outcome::of(Event::Begin),
            // The store belongs to one process at a time: whoever left it here is gone.
            _ => Outcome::of(Event::Restarted),
        };
        loop {
            let decision = self.advance(key, &outcome, &policy).await?;
            let Some(effect) = decision.effect else {
                return Ok(match decision.next {
                    Step::Confirmed => PostingEnd::Confirmed(outcome.number),
                    _ => PostingEnd::Held(self.held_reason(key, &outcome).await?),
                });
            };
            if effect == Effect::TryLater {
                let failure = outcome.failure.unwrap_or_else(|| anyhow::anyhow!(outcome.note));
                return Err(failure.context(format!("looking for {key}; the next run goes on")));
            }
            outcome = self.act(&draft, effect).await;
        }
    }

    /// Goes on with every posting of a record, in the order of their recording, as far as it goes.
    ///
    /// # Errors
    /// As [`run`](Self::run).
    pub async fn run_all(&self, record: impl Into<RecordKey>) -> anyhow::Result<RecordEnd> {
        let mut documents = Vec::new();
        for posting in self.store.postings_of(record).await? {
            let span = tracing::info_span!("posting", key = posting.key);
            match self.run(&posting.key).instrument(span).await? {
                PostingEnd::Confirmed(number) => {
                    documents.push(json!({ "key": posting.key, "number": number }));
                }
                PostingEnd::Held(why) => {
                    return Ok(RecordEnd::Held { posting: posting.key, why });
                }
            }
        }
        Ok(RecordEnd::Confirmed(documents))
    }

    /// A kind that is not posted is done once it is entered.
    fn policy_for(&self, kind: Kind) -> Policy {
        Policy { post: self.policy.post && kind.is_posted(), ..self.policy.clone() }
    }

    /// Decides on the outcome and writes the step; after this line a crash is harmless.
    async fn advance(
        &self,
        key: &str,
        outcome: &Outcome,
        policy: &Policy,
    ) -> anyhow::Result<Decision> {
        let record = self.load(key).await?;
        let situation = self.situation(&record)?;
        let now = self.clock.now();
        let decision = decide(situation, outcome.event, now, policy)?;

        let (from, to) = (situation.step.as_str(), decision.next.as_str());
        let scribe = Scribe { connection: &record.record.connection, at: now };
        let event = scribe.event(
            &Actor::Connector,
            &record.record.id,
            format!("posting {key}"),
            outcome.event.name(),
            (Some(from), Some(to)),
            json!({ "kind": record.kind, "token": record.token, "group_id": record.group_id,
                    "number": outcome.number, "note": outcome.note }),
        );
        let change = PostingChange {
            at: now,
            attempts: attempts_after(&situation, outcome.event, decision.next),
            outcome: kept_outcome(&record, outcome),
        };
        self.store.posting_advance(key, from, to, &change, &event).await?;
        Ok(decision)
    }

    async fn act(&self, draft: &Draft, effect: Effect) -> Outcome {
        match effect {
            Effect::LookUp => match self.target.look_up(draft).await {
                Ok(seen) => Outcome {
                    number: seen.number,
                    ..Outcome::noted(Event::Found(seen.found), seen.note)
                },
                Err(error) => {
                    let noted = Outcome::noted(Event::LookUpFailed, format!("{error:#}"));
                    Outcome { failure: Some(error), ..noted }
                }
            },
            Effect::Write { not_after } => {
                self.send(not_after, self.target.write(draft, not_after)).await
            }
            Effect::Post { not_after } => {
                self.send(not_after, self.target.post(draft, not_after)).await
            }
            Effect::Remove { not_after } => {
                self.send(not_after, self.target.remove(draft, not_after)).await
            }
            Effect::Wait { time } => {
                self.wait(draft, time).await;
                Outcome::of(Event::SettleOver)
            }
            Effect::TryLater => Outcome::of(Event::LookUpFailed),
        }
    }

    async fn send(&self, not_after: Timestamp, sending: impl Future<Output = Sent>) -> Outcome {
        if self.clock.now() > not_after {
            let note = "older than the send grace; dropped before sending".to_owned();
            return Outcome::noted(Event::NotSent, note);
        }
        let (event, note) = match sending.await {
            Sent::Done => (Event::Done, String::new()),
            Sent::Refused(why) => (Event::Refused, why),
            Sent::NotSent(why) => (Event::NotSent, why),
            Sent::Unknown(why) => (Event::OutcomeUnknown, why),
        };
        Outcome::noted(event, note)
    }

    async fn wait(&self, draft: &Draft, time: SignedDuration) {
        self.watch.note(&format!(
            "the outcome of {} is unknown: waiting {} s, then looking before anything is sent again",
            draft.key,
            time.as_secs()
        ));
        self.clock.sleep(time.unsigned_abs()).await;
    }

    async fn load(&self, key: &str) -> anyhow::Result<PostingRecord> {
        self.store
            .posting(key)
            .await?
            .ok_or_else(|| anyhow::anyhow!("there is no posting {key} in the store"))
    }

    fn situation(&self, record: &PostingRecord) -> Result<Situation, UnknownWord> {
        let step = Step::parse(&record.step).ok_or_else(|| UnknownWord {
            record: format!("posting {}", record.key),
            word: record.step.clone(),
        })?;
        Ok(Situation { step, attempts: record.attempts })
    }

    async fn held_reason(&self, key: &str, outcome: &Outcome) -> anyhow::Result<String> {
        let kept = self.load(key).await?.outcome;
        let kept = kept.as_deref().and_then(|text| serde_json::from_str::<Kept>(text).ok());
        Ok(kept
            .map(|kept| kept.note)
            .filter(|note| !note.is_empty())
            .unwrap_or_else(|| format!("{} ({})", outcome.event.name(), outcome.note)))
    }
}

/// Sending once more counts; a person who starts it anew starts from zero. Withdrawing what was
/// refused is not another try.
fn attempts_after(situation: &Situation, event: Event, next: Step) -> Option<u32> {
    match next {
        Step::Looking if event == Event::Begin => Some(0),
        Step::Writing | Step::Posting | Step::Removing => {
            Some(situation.attempts.saturating_add(1))
        }
        _ => None,
    }
}

/// What a posting remembers across steps: the other system's number, and why it is not going on.
#[derive(Debug, Default, serde::Serialize, serde::Deserialize)]
struct Kept {
    number: Option<String>,
    note: String,
}

/// The stored memory after `outcome`: a new number or note replaces the old, silence keeps it.
fn kept_outcome(record: &PostingRecord, outcome: &Outcome) -> Option<String> {
    let mut kept: Kept = record
        .outcome
        .as_deref()
        .and_then(|text| serde_json::from_str(text).ok())
        .unwrap_or_default();
    if outcome.event == Event::Begin {
        kept.note.clear();
    }
    if outcome.number.is_some() {
        kept.number.clone_from(&outcome.number);
    }
    if !outcome.note.is_empty() {
        kept.note.clone_from(&outcome.note);
    }
    serde_json::to_string(&kept).ok()
}

/// The other system's number kept with a posting, once a look-up saw it.
#[must_use]
pub fn posting_number(record: &PostingRecord) -> Option<String> {
    let kept: Kept = serde_json::from_str(record.outcome.as_deref()?).ok()?;
    kept.number
}
