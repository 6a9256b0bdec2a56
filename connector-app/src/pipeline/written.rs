//! What was written for a settlement: its postings with their documents, and what stands of them.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use ledger_mapper::{
    Calendar, FeeInvoice, FeePosting, Journal, JournalLine, ReversalError, Role, RoleShare,
    fee_reversal, reversal,
};
use rust_decimal::Decimal;
use store::{PostingRecord, RecordKey, Store};

use super::posting::Step;
use crate::ledger::{Document, Draft};

/// The postings of a record, oldest first.
pub(super) struct WrittenDocuments(Vec<(PostingRecord, Draft)>);

impl WrittenDocuments {
    pub(super) async fn of(store: &Store, key: impl Into<RecordKey>) -> anyhow::Result<Self> {
        let postings = store.postings_of(key).await?.into_iter().map(|posting| {
            let draft = super::run_posting::draft_of(&posting)?;
            Ok((posting, draft))
        });
        postings.collect::<anyhow::Result<_>>().map(Self)
    }

    /// Whether something is on its way, or held half way: not every posting is confirmed.
    pub(super) fn is_under_way(&self) -> bool {
        self.0.iter().any(|(posting, _)| posting.step != Step::Confirmed.as_str())
    }

    /// What stands in Epicor: neither a reversal, nor reversed by one.
    pub(super) fn standing(&self) -> impl Iterator<Item = (&PostingRecord, &Document)> {
        let documents = self.0.iter().map(|(posting, draft)| (posting, &draft.document));
        documents.filter(|(_, document)| {
            document.reverses().is_none() && !self.is_reversed_by_another(&document.key())
        })
    }

    /// The time zone in which the days of what stands were cut.
    pub(super) fn zone(&self) -> Option<TimeZone> {
        let zone = self.standing().find_map(|(_, document)| match document {
            Document::Journal(journal) => Some(journal.zone.as_str()),
            _ => None,
        });
        TimeZone::get(zone?).ok()
    }

    fn is_reversed_by_another(&self, key: &str) -> bool {
        self.0.iter().any(|(_, draft)| draft.document.reverses().as_deref() == Some(key))
    }

    /// Whether something was written and nothing of it stands.
    pub(super) fn is_reversed(&self) -> bool {
        !self.0.is_empty() && self.standing().next().is_none()
    }

    /// Which revision is planned next: 0, or one more than the newest that was reversed.
    pub(super) fn next_revision(&self) -> u32 {
        let reversed = self.0.iter().filter_map(|(_, draft)| match &draft.document {
            Document::Journal(journal) => journal.key.reversed(),
            _ => None,
        });
        let planned = reversed.filter(|key| !key.is_adjustment());
        planned.map(|key| key.revision().saturating_add(1)).max().unwrap_or_default()
    }

    /// Which adjustment comes next, from 1.
    pub(super) fn next_adjustment(&self) -> u32 {
        let adjustments = self.0.iter().filter_map(|(_, draft)| match &draft.document {
            Document::Journal(journal) if journal.key.is_adjustment() => {
                Some(journal.key.revision())
            }
            _ => None,
        });
        adjustments.max().unwrap_or_default().saturating_add(1)
    }

    /// Everything as journals: what an invoice took out of its journal is put back into it.
    pub(super) fn as_journals(&self) -> Vec<Journal> {
        let documents = || self.0.iter().map(|(_, draft)| &draft.document);
        let invoice_of = |journal: &Journal| {
            documents().find_map(|document| match document {
                Document::ApInvoice(invoice) if invoice.journal == journal.key => Some(invoice),
                _ => None,
            })
        };
        let journals = documents().filter_map(|document| match document {
            Document::Journal(journal) => Some(match invoice_of(journal) {
                Some(invoice) => with_fees(journal, invoice),
                None => journal.clone(),
            }),
            _ => None,
        });
        journals.collect()
    }

    /// The documents that undo what stands, on a day of an open period.
    ///
    /// # Errors
    /// When the day is before one of them, or in no period.
    pub(super) fn reversals(
        &self,
        date: Date,
        calendar: &Calendar,
    ) -> Result<Vec<Document>, ReversalError> {
        let invoice_of = |journal: &Journal| {
            self.standing().find_map(|(_, document)| match document {
                Document::ApInvoice(invoice) if invoice.journal == journal.key => Some(invoice),
                _ => None,
            })
        };
        let mut documents = Vec::new();
        for (_, document) in self.standing() {
            let Document::Journal(journal) = document else { continue };
            let Some(invoice) = invoice_of(journal) else {
                documents.push(Document::Journal(reversal(journal, date, calendar)?));
                continue;
            };
            let both = FeePosting { journal: journal.clone(), invoice: invoice.clone() };
            let FeePosting { journal, invoice } = fee_reversal(&both, date, calendar)?;
            documents.extend([Document::Journal(journal), Document::ApInvoice(invoice)]);
        }
        Ok(documents)
    }
}

/// The journal as it was before its fees became an invoice. Lines of one account may be several.
fn with_fees(journal: &Journal, invoice: &FeeInvoice) -> Journal {
    let mut whole = journal.clone();
    whole.lines.retain(|line| line.role != Role::FEES_PAYABLE);
    whole.lines.extend(invoice.lines.iter().map(|line| JournalLine {
        account: line.account.clone(),
        account_name: line.account_name.clone(),
        role: line.role,
        debit: line.amount.max(Decimal::ZERO),
        credit: (-line.amount).max(Decimal::ZERO),
        rows: line.rows,
        roles: vec![RoleShare { role: line.role, amount: -line.amount }],
        sources: line.sources.clone(),
    }));
    whole
}
