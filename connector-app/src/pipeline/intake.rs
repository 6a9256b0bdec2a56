//! Brings documents in: a report from Amazon, or a file that a person downloaded.

use anyhow::Context as _;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::json;
use settlement_model::{Document, MarketplaceId, ReadOptions, Settlement, Unreadable};
use sha2::{Digest as _, Sha256};
use store::{
    DocumentHash, Hints, NewDocument, NewReport, NewSettlement, Recorded, SettlementChange,
    SettlementKey, Store,
};

use super::audit::Scribe;
use super::chain;
use super::hold::HeldReason;
use super::reissue::{OTHER_CONTENT, Reissue, Reissues};
use super::settlement::{Event, State, decide};
use super::{Actor, Site};
use crate::amazon::Downloaded;

/// Records documents and the settlements in them.
#[derive(Debug, Clone, Copy)]
pub struct Intake<'a> {
    /// The connection they belong to.
    pub site: &'a Site,
    /// Where they are kept.
    pub store: &'a Store,
}

/// A document that could not be read, with its name.
#[derive(Debug, thiserror::Error)]
#[error("{document} cannot be taken in")]
pub struct UnreadableDocument {
    /// The file or report.
    pub document: String,
    /// Every defect, with line and column.
    #[source]
    pub source: Unreadable,
}

/// What became of one settlement of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReadOutcome {
    /// It is new and recorded.
    New(SettlementKey),
    /// The same settlement, with the same content, was here before.
    Known(SettlementKey),
    /// Its id is known with other content: it is held until a person decides, as soon as nothing of
    /// it is on its way.
    Reissued(SettlementKey),
}

impl<'a> Intake<'a> {
    /// Takes in a file that a person downloaded. Nothing is recorded unless all of it can be read.
    ///
    /// # Errors
    /// [`UnreadableDocument`], or the store's errors.
    pub async fn import(
        &self,
        now: Timestamp,
        actor: &Actor,
        name: &str,
        bytes: &[u8],
    ) -> anyhow::Result<Vec<ReadOutcome>> {
        // What came from Amazon before is read as it was then.
        let hints = self.store.document_hints(&DocumentHash::of(bytes)).await?;
        let document = read_document(self.site, name, bytes, &hints)?;
        let hash = self.store.put_document(name, bytes).await?;
        self.record(now, actor, &format!("import {name}"), &hash, &document).await
    }

    /// Notes that Amazon lists a report; `false` when it was known.
    ///
    /// # Errors
    /// The store's errors.
    pub async fn discovered(&self, now: Timestamp, report: &NewReport) -> anyhow::Result<bool> {
        let detail = json!({ "report_document": report.report_document_id });
        let event = self.report_event(
            now,
            &report.report_id,
            "discovered",
            (None, State::Discovered),
            detail,
        );
        Ok(self.store.report_discovered(report, &event).await?)
    }

    /// Keeps the exact bytes of a discovered report.
    ///
    /// # Errors
    /// The store's errors.
    pub async fn retrieved(
        &self,
        now: Timestamp,
        report_id: &str,
        came: &Downloaded,
    ) -> anyhow::Result<DocumentHash> {
        let step = decide(State::Discovered, &Event::Retrieved, &self.site.approval)?;
        let moved = (Some(State::Discovered), step.next);
        let detail = json!({ "document": DocumentHash::of(&came.bytes).to_string() });
        let event = self.report_event(now, report_id, Event::Retrieved.name(), moved, detail);
        let name = format!("report {report_id}");
        let document =
            NewDocument { name: &name, bytes: &came.bytes, charset: came.charset.as_deref() };
        let connection = &self.site.connection;
        Ok(self.store.report_retrieved(connection, report_id, document, &event).await?)
    }

    /// Reads a retrieved report and records its settlements; an unreadable one is held with its
    /// defects, and the error says so too.
    ///
    /// # Errors
    /// [`UnreadableDocument`], or the store's errors.
    pub async fn read_report(
        &self,
        now: Timestamp,
        report_id: &str,
        hash: &DocumentHash,
    ) -> anyhow::Result<Vec<ReadOutcome>> {
        let name = format!("report {report_id}");
        let stored =
            self.store.document(hash).await?.ok_or_else(|| {
                anyhow::anyhow!("{name}: its document {hash} is not in the store")
            })?;
        let document = match read_document(self.site, &name, &stored.bytes, &stored.hints) {
            Ok(document) => document,
            Err(error) => {
                let reasons: Vec<_> = error.source.defects.iter().map(HeldReason::from).collect();
                let held = Some(&reasons[..]);
                self.advance_report(now, report_id, hash, &Event::Unreadable, held).await?;
                return Err(error.into());
            }
        };
        let outcomes = self.record(now, &Actor::Connector, &name, hash, &document).await?;
        self.advance_report(now, report_id, hash, &Event::Read, None).await?;
        Ok(outcomes)
    }

    async fn record(
        &self,
        now: Timestamp,
        actor: &Actor,
        source: &str,
        hash: &DocumentHash,
        document: &Document,
    ) -> anyhow::Result<Vec<ReadOutcome>> {
        let mut outcomes = Vec::new();
        for settlement in &document.settlements {
            outcomes.push(self.record_one(now, actor, source, hash, settlement).await?);
        }
        Ok(outcomes)
    }

    async fn record_one(
        &self,
        now: Timestamp,
        actor: &Actor,
        source: &str,
        hash: &DocumentHash,
        settlement: &Settlement,
    ) -> anyhow::Result<ReadOutcome> {
        let key = SettlementKey {
            connection: self.site.connection.clone(),
            settlement_id: settlement.id.to_string(),
        };
        let new = NewSettlement {
            key: key.clone(),
            document: *hash,
            source: source.to_owned(),
            currency: settlement.currency().code().to_owned(),
            deposit: settlement.total.amount_text(),
            start: report_time(settlement.start),
            end: report_time(settlement.end),
            rows: settlement.rows,
            state: State::Read.as_str().to_owned(),
            content: content_of(settlement),
            chain: chain::facts(settlement)?,
        };
        let event = self.scribe(now).event(
            actor,
            &key.settlement_id,
            format!("settlement {}", key.settlement_id),
            Event::Read.name(),
            (None, Some(State::Read.as_str())),
            json!({ "source": source, "document": hash.to_string(), "rows": settlement.rows,
                    "deposit": settlement.total.to_string() }),
        );
        Ok(match self.store.settlement_read(&new, &event).await? {
            Recorded::New => ReadOutcome::New(key),
            Recorded::Same => ReadOutcome::Known(key),
            Recorded::Reissue { .. } => self.note_reissue(now, actor, &new).await?,
        })
    }

    /// Keeps another content under a known id for [`Worker`](super::Worker), which compares the two
    /// and asks a person. One that was decided about is nothing new.
    async fn note_reissue(
        &self,
        now: Timestamp,
        actor: &Actor,
        new: &NewSettlement,
    ) -> anyhow::Result<ReadOutcome> {
        let key = new.key.clone();
        let record = self.store.settlement(&key).await?;
        let record = record.with_context(|| format!("{key} was known a moment ago"))?;
        let reissues = Reissues::of(&record)?;
        if reissues.decided.contains(&new.content) {
            return Ok(ReadOutcome::Known(key));
        }
        let reissue = Reissue {
            document: new.document.to_string(),
            source: new.source.clone(),
            content: new.content.clone(),
        };
        if reissues.pending.as_ref().is_none_or(|pending| pending.content != reissue.content) {
            let detail = json!({ "known": record.document.to_string(), "came": reissue.document,
                                 "source": reissue.source });
            let reissues = Reissues { pending: Some(reissue), ..reissues };
            let change = SettlementChange {
                reissue: Some(serde_json::to_string(&reissues)?),
                ..SettlementChange::default()
            };
            let event = self.scribe(now).event(
                actor,
                &key.settlement_id,
                format!("settlement {}", key.settlement_id),
                OTHER_CONTENT,
                (None, None),
                detail,
            );
            let state = &record.state;
            self.store.settlement_advance(&key, state, state, &change, &event).await?;
        }
        Ok(ReadOutcome::Reissued(key))
    }

    async fn advance_report(
        &self,
        now: Timestamp,
        report_id: &str,
        hash: &DocumentHash,
        event: &Event,
        hold: Option<&[HeldReason]>,
    ) -> anyhow::Result<()> {
        let step = decide(State::Retrieved, event, &self.site.approval)?;
        let moved = (Some(State::Retrieved), step.next);
        let detail = json!({ "document": hash.to_string(), "reasons": hold });
        let audit = self.report_event(now, report_id, event.name(), moved, detail);
        self.store
            .report_advance(
                &self.site.connection,
                report_id,
                State::Retrieved.as_str(),
                step.next.as_str(),
                hold.map(HeldReason::to_stored).as_deref(),
                &audit,
            )
            .await?;
        Ok(())
    }

    fn report_event(
        &self,
        now: Timestamp,
        report_id: &str,
        action: &str,
        (from, to): (Option<State>, State),
        detail: serde_json::Value,
    ) -> store::NewEvent {
        self.scribe(now).event(
            &Actor::Connector,
            report_id,
            format!("report {report_id}"),
            action,
            (from.map(State::as_str), Some(to.as_str())),
            detail,
        )
    }

    fn scribe(&self, at: Timestamp) -> Scribe<'a> {
        Scribe { connection: &self.site.connection, at }
    }
}

/// Reads a document in the connection's zone; records nothing. What a settlement says, and so whether
/// it is known, does not depend on the rules: SKUs stay together even where these ask for them.
///
/// # Errors
/// [`UnreadableDocument`] with every defect.
pub fn read_document(
    site: &Site,
    name: &str,
    bytes: &[u8],
    hints: &Hints,
) -> Result<Document, UnreadableDocument> {
    let options = read_options(site, hints);
    settlement_model::read(bytes, &options)
        .map_err(|source| UnreadableDocument { document: name.to_owned(), source })
}

/// How the documents of a connection are read, given what was said of one.
#[must_use]
pub fn read_options(site: &Site, hints: &Hints) -> ReadOptions {
    read_options_in(site.zone.as_ref(), hints)
}

/// As [`read_options`], with a cut-off zone; the marketplace's when `None`.
#[must_use]
pub fn read_options_in(zone: Option<&TimeZone>, hints: &Hints) -> ReadOptions {
    let marketplace = hints.marketplace.as_deref();
    ReadOptions {
        zone: zone.cloned(),
        charset: hints.charset.clone(),
        marketplace: marketplace.and_then(|id| MarketplaceId::parse(id).ok()),
        ..ReadOptions::default()
    }
}

/// The cell as it was: an instant in UTC, or a bare date.
pub(super) fn report_time(time: settlement_model::ReportTime) -> String {
    match time {
        settlement_model::ReportTime::Instant(instant) => instant.to_string(),
        settlement_model::ReportTime::Date(date) => date.to_string(),
    }
}

/// A hash of what the settlement says, not of the bytes it came in: the same settlement under
/// another report id, in another order or encoding, is the same settlement.
#[must_use]
pub fn content_of(settlement: &Settlement) -> String {
    let mut hasher = Sha256::new();
    let mut put = |text: &str| {
        hasher.update(text.as_bytes());
        hasher.update([0]);
    };
    put(settlement.id.as_str());
    put(&report_time(settlement.start));
    put(&report_time(settlement.end));
    put(&settlement.total.to_string());
    for group in &settlement.groups {
        put(&group.triple.transaction_type);
        put(&group.triple.amount_type);
        put(&group.triple.amount_description);
        put(&group.date.to_string());
        put(group.marketplace.as_deref().unwrap_or_default());
        put(&format!("{:?}", group.fulfillment));
        put(&group.amount.to_string());
        put(&group.rows.to_string());
    }
    hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}
