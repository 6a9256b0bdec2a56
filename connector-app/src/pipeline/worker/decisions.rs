//! What a person decides about one settlement: events like any other.

use anyhow::Context as _;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use ledger_mapper::adjustment;
use serde_json::{Value, json};
use store::{NewContent, SettlementChange, SettlementKey, SettlementRecord};

use super::{Happened, Worker, state_of};
use crate::ledger::{Document, Obstacle};
use crate::pipeline::hold::HeldReason;
use crate::pipeline::planned::Planned;
use crate::pipeline::reissue::{REISSUED, Reissue, Reissues};
use crate::pipeline::run_posting::posting_number;
use crate::pipeline::settlement::{Event, State, decide};
use crate::pipeline::written::WrittenDocuments;
use crate::pipeline::{Actor, chain, intake, waived};

/// A person's decision cannot be carried out as Epicor stands. Nothing was changed.
#[derive(Debug, thiserror::Error)]
#[error("settlement {settlement} stays as it is: {}", sentences(.obstacles))]
pub struct Obstructed {
    /// The settlement.
    pub settlement: String,
    /// What stands in the way; at least one.
    pub obstacles: Vec<Obstacle>,
}

/// A settlement is not one that was entered by hand: the connector wrote documents of it, and they
/// stand in Epicor or are on their way there. Nothing was changed.
#[derive(Debug, thiserror::Error)]
#[error(
    "documents of settlement {settlement} that the connector wrote stand in Epicor, or are on their way \
     there; have it posted (`ml-connector release {settlement}` where it is held) and reversed \
     (`ml-connector reverse {settlement}`), then say it again"
)]
pub struct NotByHand {
    /// The settlement.
    pub settlement: String,
}

/// A settlement that ended before the connection went live is not released. Nothing was changed.
#[derive(Debug, thiserror::Error)]
#[error(
    "settlement {settlement} ended on {ended}, before the connection went live on {go_live}, so nothing of \
     it is posted. If it was entered by hand, `ml-connector by-hand {settlement}` says so where nothing \
     does yet; if it was not, the IT admin moves go_live of the connection to {ended}, then release it"
)]
pub struct BeforeGoLive {
    /// The settlement.
    pub settlement: String,
    /// Its last day.
    pub ended: Date,
    /// The first day whose settlements are booked.
    pub go_live: Date,
}

fn sentences(obstacles: &[Obstacle]) -> String {
    obstacles.iter().map(|obstacle| obstacle.message.as_str()).collect::<Vec<_>>().join("; ")
}

impl Worker<'_> {
    /// A person's decision, or the connector's in their stead.
    ///
    /// # Errors
    /// [`Illegal`](crate::pipeline::settlement::Illegal) when the state does not allow it, or the store's errors.
    pub async fn decide(
        &self,
        key: &SettlementKey,
        event: Event,
        actor: Actor,
        reason: Option<&str>,
    ) -> anyhow::Result<State> {
        let mut change = SettlementChange::default();
        if event == Event::Hold {
            change.hold = Some(Some(HeldReason::to_stored(&[HeldReason::by_person(reason)])));
        }
        let happened =
            Happened { actor, change, ..Happened::new(event, json!({ "reason": reason })) };
        self.decided(key, happened).await
    }

    /// Approves: a settlement that is ready; or of one that Amazon issued again, its new content.
    /// If the known content is posted, the difference becomes an adjusting journal of that day
    /// (today, when `None`).
    ///
    /// # Errors
    /// As [`decide`](Self::decide); [`AdjustmentError`](ledger_mapper::AdjustmentError) when the
    /// difference cannot be posted.
    pub async fn approve(
        &self,
        key: &SettlementKey,
        date: Option<Date>,
        actor: Actor,
        reason: Option<&str>,
    ) -> anyhow::Result<State> {
        let record = self.record(key).await?;
        let Some((reissue, reissues)) = waiting(&record)? else {
            return self.decide(key, Event::Approved, actor, reason).await;
        };
        let (came, zone) = self.settlement_in(&reissue.hash()?, &key.settlement_id).await?;
        let written = WrittenDocuments::of(self.store, key).await?;
        let content = NewContent {
            document: reissue.hash()?,
            source: reissue.source.clone(),
            deposit: came.total.amount_text(),
            start: intake::report_time(came.start),
            end: intake::report_time(came.end),
            rows: came.rows,
            content: reissue.content.clone(),
            chain: chain::facts(&came)?,
        };
        let mut change = SettlementChange {
            reissue: Some(serde_json::to_string(&reissues.decided(&record.content))?),
            content: Some(content),
            ..SettlementChange::default()
        };
        let mut detail = json!({ "reason": reason, "replaces": record.document.to_string(),
                                 "document": reissue.document });
        let mut documents = Vec::new();
        let event = if written.standing().next().is_none() {
            Event::ReissueApproved
        } else {
            let date = date.unwrap_or_else(|| self.today(&zone));
            let plan = self.whole_plan(&came, &zone, written.next_revision());
            let context = self.context(&zone, written.next_adjustment());
            let journal = adjustment(&written.as_journals(), &plan, date, &context)?;
            let planned = Planned::new(plan, &self.site.rules, self.site.fees.as_ref())?;
            change.plan = Some(serde_json::to_string(&planned)?);
            detail["rules"] = planned.plan.rules.into();
            detail["adjustment"] = json!(journal.as_ref().map(|journal| journal.key.as_str()));
            documents.extend(journal.map(Document::Journal));
            Event::AdjustmentApproved { journals: documents.len() }
        };
        let happened = Happened { actor, change, ..Happened::new(event, detail) };
        self.decided(key, happened.intending(documents)?).await
    }

    /// Takes note that a person entered it into the books by hand: nothing of it is posted.
    ///
    /// # Errors
    /// [`NotByHand`] when anything of it stands in Epicor by the connector, or as
    /// [`decide`](Self::decide).
    pub async fn entered_by_hand(
        &self,
        key: &SettlementKey,
        actor: Actor,
        reason: Option<&str>,
    ) -> anyhow::Result<State> {
        // The state first: if a run begins to write after that, it is another one by then.
        let state = self.state(key).await?;
        let written = WrittenDocuments::of(self.store, key).await?;
        if written.is_under_way() || written.standing().next().is_some() {
            return Err(NotByHand { settlement: key.settlement_id.clone() }.into());
        }
        let event = Happened::new(Event::EnteredByHand, json!({ "reason": reason }));
        Ok(self.take(key, state, Happened { actor, ..event }).await?.0)
    }

    /// Lets a held settlement go on: with its held posting, with the content that is known, or by
    /// looking at it afresh; a break of the chain that held it, or another connection that has it, is
    /// waived. One that was reversed is
    /// planned anew.
    ///
    /// # Errors
    /// [`BeforeGoLive`], or as [`decide`](Self::decide).
    pub async fn release(
        &self,
        key: &SettlementKey,
        actor: Actor,
        reason: Option<&str>,
    ) -> anyhow::Result<State> {
        let record = self.record(key).await?;
        if let (State::ByHand | State::Reversed, Some(go_live)) =
            (state_of(&record)?, self.site.go_live)
            && self.is_before_go_live(&record)?
        {
            let (settlement, ended) = (key.settlement_id.clone(), self.ended(&record)?);
            return Err(BeforeGoLive { settlement, ended, go_live }.into());
        }
        let written = WrittenDocuments::of(self.store, key).await?;
        let stands = written.standing().next().is_some();
        let mut change = SettlementChange::default();
        let event = match waiting(&record)? {
            Some((reissue, reissues)) => {
                let decided = reissues.decided(&reissue.content);
                change.reissue = Some(serde_json::to_string(&decided)?);
                if stands { Event::ReissueDeclined } else { Event::Reconsider }
            }
            None if written.is_under_way() => Event::Resume,
            None => {
                change.waived = waived::by_release(&record)?;
                Event::Reconsider
            }
        };
        let detail = json!({ "reason": reason, "waived": change.waived });
        let happened = Happened { actor, change, ..Happened::new(event, detail) };
        self.decided(key, happened).await
    }

    /// Takes back what is posted, by reversing journals and invoices of that day (today, when
    /// `None`). [`run`](Self::run) posts them.
    ///
    /// # Errors
    /// As [`decide`](Self::decide); [`Obstructed`] when Epicor would not take them,
    /// [`ReversalError`](ledger_mapper::ReversalError) when the day is not possible.
    pub async fn reverse(
        &self,
        key: &SettlementKey,
        date: Option<Date>,
        actor: Actor,
        reason: &str,
    ) -> anyhow::Result<State> {
        let state = self.state(key).await?;
        decide(state, &Event::Reverse, &self.site.approval)?;
        let written = WrittenDocuments::of(self.store, key).await?;
        let zone = self.site.zone.clone().or_else(|| written.zone()).unwrap_or(TimeZone::UTC);
        let date = date.unwrap_or_else(|| self.today(&zone));
        let documents = written.reversals(date, &self.site.calendar)?;
        anyhow::ensure!(
            !documents.is_empty(),
            "settlement {} had nothing to post, so there is nothing to reverse",
            key.settlement_id
        );
        if let Some(ledger) = self.ledger {
            let obstacles = ledger.obstacles(&documents).await?;
            if !obstacles.is_empty() {
                let settlement = key.settlement_id.clone();
                return Err(Obstructed { settlement, obstacles }.into());
            }
        }
        let reverses: Vec<Value> = written
            .standing()
            .map(|(posting, _)| {
                let by = documents.iter().find(|d| d.reverses().as_deref() == Some(&posting.key));
                json!({ "key": posting.key, "number": posting_number(posting),
                        "by": by.map(Document::key) })
            })
            .collect();
        let detail = json!({ "reason": reason, "date": date.to_string(), "reverses": reverses });
        let happened = Happened { actor, ..Happened::new(Event::Reverse, detail) };
        self.decided(key, happened.intending(documents)?).await
    }

    async fn decided(&self, key: &SettlementKey, happened: Happened) -> anyhow::Result<State> {
        let state = self.state(key).await?;
        Ok(self.take(key, state, happened).await?.0)
    }

    fn today(&self, zone: &TimeZone) -> Date {
        zone.to_datetime(self.clock.now()).date()
    }
}

/// The other content that a held settlement waits for a decision about.
fn waiting(record: &SettlementRecord) -> anyhow::Result<Option<(Reissue, Reissues)>> {
    let reasons = HeldReason::parse_all(record.hold.as_deref());
    if !reasons.iter().any(|reason| reason.reason == REISSUED) {
        return Ok(None);
    }
    let reissues = Reissues::of(record)?;
    let reissue = reissues.pending.clone().context("the other content is not kept")?;
    Ok(Some((reissue, reissues)))
}
