//! What was written into the books, by period, and whether it stands there.

use std::collections::{BTreeMap, BTreeSet};

use store::{PostingSummary, RecordKind, Store};

use crate::ledger::{Document, Kind};
use crate::pipeline::posting::Step;
use crate::pipeline::{Incident, draft_of};

/// A journal or an invoice in a fiscal period.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DocumentInPeriod {
    /// Its key.
    pub key: String,
    /// The settlement or the accrual that it is of.
    pub record: String,
    /// ISO 4217 code.
    pub currency: String,
    /// The period that it is dated in.
    pub period: String,
    /// Whether it stands in Epicor.
    pub stands: Stands,
}

/// Whether a document stands in the books, as far as is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stands {
    /// It was read back from Epicor.
    Posted,
    /// It was, and so was what takes it back.
    Reversed,
    /// It is not read back yet.
    OnItsWay,
    /// Epicor did not take it.
    Held,
    /// It was read back, and a later count did not find it.
    Missing,
    /// A count found it more than once.
    MoreThanOnce,
}

impl Stands {
    /// The words for it.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Posted => "posted",
            Self::Reversed => "reversed",
            Self::OnItsWay => "on its way",
            Self::Held => "held",
            Self::Missing => "missing in Epicor",
            Self::MoreThanOnce => "more than once in Epicor",
        }
    }

    /// Whether it is in the books as it should be.
    #[must_use]
    pub const fn is_settled(self) -> bool {
        matches!(self, Self::Posted | Self::Reversed)
    }
}

/// Whether it is a settlement's journal: one of its plan, or one that reverses or adjusts it.
pub(super) fn is_journal_of_settlement(posting: &PostingSummary) -> bool {
    posting.record.kind == RecordKind::Settlement && posting.kind == Kind::Journal.as_str()
}

/// The journals and invoices among what was written, with their periods. `currencies` are those of the
/// settlements.
pub(super) async fn in_periods(
    store: &Store,
    written: &[PostingSummary],
    currencies: &BTreeMap<String, String>,
) -> anyhow::Result<Vec<DocumentInPeriod>> {
    let confirmed = written.iter().filter(|posting| posting.step == Step::Confirmed.as_str());
    let reversed: BTreeSet<&str> =
        confirmed.filter_map(|posting| ledger_mapper::reversed_in_key(&posting.key)).collect();
    let mut documents = Vec::new();
    for posting in written {
        let currency = match posting.record.kind {
            RecordKind::Settlement => currencies.get(&posting.record.id).cloned(),
            RecordKind::Accrual => {
                posting.record.id.rsplit_once(' ').map(|(_, code)| code.to_owned())
            }
            RecordKind::Order | RecordKind::Shipment | RecordKind::Listing => None,
        };
        let Some(currency) = currency else { continue };
        let is_reversed = reversed.contains(posting.key.as_str());
        documents.extend(period_of(store, posting).await?.map(|period| DocumentInPeriod {
            key: posting.key.clone(),
            record: posting.record.id.clone(),
            currency,
            period,
            stands: stands(posting, is_reversed),
        }));
    }
    Ok(documents)
}

fn stands(posting: &PostingSummary, is_reversed: bool) -> Stands {
    let is = |step: Step| posting.step == step.as_str();
    let incident = posting.incident.as_deref();
    let reason = incident.map(|text| serde_json::from_str(text).map(|one: Incident| one.reason));
    match reason {
        Some(Ok(reason)) if reason == Incident::MISSING => Stands::Missing,
        Some(_) => Stands::MoreThanOnce,
        None if is(Step::Confirmed) && is_reversed => Stands::Reversed,
        None if is(Step::Confirmed) => Stands::Posted,
        None if is(Step::Held) => Stands::Held,
        None => Stands::OnItsWay,
    }
}

/// The period that a document is dated in. Its key names it, but for a reversal, which has the key of
/// what it takes back and a date of its own.
async fn period_of(store: &Store, posting: &PostingSummary) -> anyhow::Result<Option<String>> {
    if let Some(period) = ledger_mapper::period_in_key(&posting.key) {
        return Ok(Some(period));
    }
    let Some(record) = store.posting(&posting.key).await? else { return Ok(None) };
    Ok(match draft_of(&record)?.document {
        Document::Journal(journal) => Some(journal.period),
        Document::ApInvoice(invoice) => Some(invoice.period),
        Document::SalesOrder(_)
        | Document::CustomerShipment(_)
        | Document::ShipmentConfirmation(_)
        | Document::CrossReference(_) => None,
    })
}
