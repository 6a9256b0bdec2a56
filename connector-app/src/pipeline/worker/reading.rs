//! Reads a settlement again from its kept document, and plans it.

use std::collections::BTreeSet;

use anyhow::Context as _;
use jiff::tz::TimeZone;
use ledger_mapper::{Context, Plan};
use settlement_model::{Item, ReadOptions, Settlement, read_rows};
use store::{DocumentHash, SettlementRecord, Store, StoredDocument};

use super::Worker;
use crate::pipeline::Site;
use crate::pipeline::intake::read_options;
use crate::pipeline::planned::Planned;
use crate::pipeline::written::WrittenDocuments;

impl Worker<'_> {
    /// Maps the kept document again; pure apart from reading the store.
    pub(super) async fn plan(&self, record: &SettlementRecord) -> anyhow::Result<Planned> {
        let (settlement, zone) = self.settlement(record).await?;
        let written = WrittenDocuments::of(self.store, &record.key).await?;
        let plan = self.whole_plan(&settlement, &zone, written.next_revision());
        Ok(Planned::new(plan, &self.site.rules, self.site.fees.as_ref())?)
    }

    /// A settlement with everything in its journals, whatever the posting style.
    pub(super) fn whole_plan(
        &self,
        settlement: &Settlement,
        zone: &TimeZone,
        revision: u32,
    ) -> Plan {
        ledger_mapper::plan(settlement, &self.context(zone, revision))
    }

    pub(super) fn context<'a>(&'a self, zone: &'a TimeZone, revision: u32) -> Context<'a> {
        Context {
            connection: &self.site.connection,
            rules: &self.site.rules,
            calendar: &self.site.calendar,
            zone,
            revision,
        }
    }

    pub(super) async fn settlement(
        &self,
        record: &SettlementRecord,
    ) -> anyhow::Result<(Settlement, TimeZone)> {
        self.settlement_in(&record.document, &record.key.settlement_id).await
    }

    /// The SKUs that a settlement names.
    pub(super) async fn skus(&self, record: &SettlementRecord) -> anyhow::Result<BTreeSet<String>> {
        let id = &record.key.settlement_id;
        let stored = kept_document(self.store, &record.document, id).await?;
        let options = read_options(self.site, &stored.hints);
        let mut skus = BTreeSet::new();
        let read = read_rows(stored.bytes.as_slice(), &options, |item, _| {
            if let Item::Row(row) = item
                && row.settlement_id().as_str() == id
                && !row.sku().is_empty()
                && !skus.contains(row.sku())
            {
                skus.insert(row.sku().to_owned());
            }
        });
        let again = || format!("settlement {id}: its stored document cannot be read again");
        read.with_context(again)?;
        Ok(skus)
    }

    /// A settlement as a kept document shows it, and the zone its days are counted in.
    pub(super) async fn settlement_in(
        &self,
        document: &DocumentHash,
        id: &str,
    ) -> anyhow::Result<(Settlement, TimeZone)> {
        settlement_of(self.site, &kept_document(self.store, document, id).await?, id)
    }
}

/// The document of a settlement was removed; what was made of it stays.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "the document of settlement {settlement} is not kept any more: `purge` removed it after the \
     years that the configuration says. Its journals and its story stay"
)]
pub struct NotKept {
    /// The settlement.
    pub settlement: String,
}

/// The document of a settlement, as it came.
///
/// # Errors
/// [`NotKept`], or the store's errors.
pub async fn kept_document(
    store: &Store,
    document: &DocumentHash,
    id: &str,
) -> anyhow::Result<StoredDocument> {
    let stored = store.document(document).await?;
    Ok(stored.ok_or_else(|| NotKept { settlement: id.to_owned() })?)
}

/// A settlement as a kept document shows it, read the way the connection's rules ask for, and the
/// zone its days are counted in.
///
/// # Errors
/// When the document cannot be read again, or does not hold the settlement.
pub fn settlement_of(
    site: &Site,
    stored: &StoredDocument,
    id: &str,
) -> anyhow::Result<(Settlement, TimeZone)> {
    settlement_read(site, stored, id, site.rules.asks_for_sku())
}

/// As [`settlement_of`]; `by_sku` keeps the SKUs of its rows apart.
///
/// # Errors
/// As [`settlement_of`].
pub fn settlement_read(
    site: &Site,
    stored: &StoredDocument,
    id: &str,
    by_sku: bool,
) -> anyhow::Result<(Settlement, TimeZone)> {
    let options = ReadOptions { group_by_sku: by_sku, ..read_options(site, &stored.hints) };
    let document = settlement_model::read(stored.bytes.as_slice(), &options)
        .with_context(|| format!("settlement {id}: its stored document cannot be read again"))?;
    let zone = document.zone;
    let settlement = document
        .settlements
        .into_iter()
        .find(|settlement| settlement.id.as_str() == id)
        .with_context(|| format!("settlement {id} is not in its stored document"))?;
    Ok((settlement, zone))
}
