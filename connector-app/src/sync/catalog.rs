//! One run over a connection's listings: every offer at Amazon beside the company's parts.

use std::collections::{BTreeMap, BTreeSet};

use ledger_mapper::{Aligned, Listing, align};
use serde_json::json;
use store::{ListingRecord, ListingsKept, NewEvent, Store};
use wire::Clock;

use crate::amazon::{LISTINGS_REPORT, ListedOffer, ReportsOnRequest, listed_offers};
use crate::config::{Catalog, MappedPart};
use crate::ledger::EpicorLedger;
use crate::pipeline::mapping::State;
use crate::pipeline::{Actor, MappingWorker, Requested, Site, Wanted, Watch, mapped_parts};

/// What a run needs.
#[derive(Clone, Copy)]
pub struct CatalogRun<'a> {
    /// The connection.
    pub site: &'a Site,
    /// Its configuration of the catalogue.
    pub setting: &'a Catalog,
    /// The customers whose part cross references count (`CustID`).
    pub customers: &'a [String],
    /// The parts that the configuration names.
    pub configured: &'a BTreeMap<String, MappedPart>,
    /// Its state.
    pub store: &'a Store,
    /// Its selling account.
    pub amazon: &'a ReportsOnRequest,
    /// Its company.
    pub ledger: &'a EpicorLedger,
    /// Time.
    pub clock: &'a dyn Clock,
    /// Told what is going on.
    pub watch: &'a dyn Watch,
}

impl std::fmt::Debug for CatalogRun<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("CatalogRun").field("site", &self.site).finish_non_exhaustive()
    }
}

/// What a run did.
#[derive(Debug, Default)]
pub struct CatalogSummary {
    /// Marketplaces whose listings were read.
    pub marketplaces: usize,
    /// How many listings are in each state.
    pub coverage: BTreeMap<String, u64>,
    /// What was new.
    pub kept: ListingsKept,
    /// Mappings whose cross reference moved, by SKU, with the state reached.
    pub moved: BTreeMap<String, State>,
    /// What could not be read or written; everything else was.
    pub failures: Vec<(String, anyhow::Error)>,
}

/// The listings of one marketplace.
type Offers = BTreeMap<String, Vec<ListedOffer>>;

impl CatalogRun<'_> {
    /// Reads the listings of every marketplace and the company's parts, keeps what each listing is,
    /// and writes the cross references that were accepted. A marketplace that fails never stops the
    /// others: what was known of it stays.
    ///
    /// # Errors
    /// Only what concerns the whole run: the store, Amazon's list of marketplaces, or Epicor.
    pub async fn once(&self) -> anyhow::Result<CatalogSummary> {
        let mut summary = CatalogSummary::default();
        let marketplaces = match self.setting.marketplaces.as_slice() {
            [] => self.amazon.marketplaces().await?,
            named => named.to_vec(),
        };
        anyhow::ensure!(
            !marketplaces.is_empty(),
            "the account sells in no marketplace; name those meant in `catalog.marketplaces`"
        );
        let mut offers = Offers::new();
        for marketplace in &marketplaces {
            match self.offers(marketplace).await {
                Ok(found) => {
                    offers.insert(marketplace.clone(), found);
                }
                Err(error) => summary.failures.push((format!("listings of {marketplace}"), error)),
            }
        }
        summary.marketplaces = offers.len();
        if !offers.is_empty() {
            self.align(&offers, &marketplaces, &mut summary).await?;
            for marketplace in offers.keys() {
                let list = list_of(marketplace);
                self.requested().done(&wanted(&list, std::slice::from_ref(marketplace))).await?;
            }
        }
        self.write_cross_references(&mut summary).await?;
        Ok(summary)
    }

    fn requested(&self) -> Requested<'_> {
        Requested {
            connection: &self.site.connection,
            store: self.store,
            amazon: self.amazon,
            clock: self.clock,
            watch: self.watch,
        }
    }

    /// The offers in one marketplace: Amazon's report takes one at a time.
    async fn offers(&self, marketplace: &str) -> anyhow::Result<Vec<ListedOffer>> {
        let (list, marketplaces) = (list_of(marketplace), [marketplace.to_owned()]);
        let report = self.requested().fetch(&wanted(&list, &marketplaces)).await?;
        report.as_ref().map_or(Ok(Vec::new()), listed_offers)
    }

    /// Keeps what each listing is.
    async fn align(
        &self,
        offers: &Offers,
        marketplaces: &[String],
        summary: &mut CatalogSummary,
    ) -> anyhow::Result<()> {
        let connection = &self.site.connection;
        self.watch.note("reading Epicor's parts");
        let customers = self.ledger.cust_nums(self.customers).await?;
        let parts = self.ledger.all_parts(&customers).await?;
        let mapped = mapped_parts(self.store, connection, self.configured).await?;
        let mut records = Vec::new();
        for (marketplace, offers) in offers {
            let listings: Vec<Listing> =
                offers.iter().map(|offer| listing(offer, &mapped)).collect();
            for (offer, aligned) in offers.iter().zip(align(&listings, &parts)) {
                records.push(record(marketplace, offer, &aligned)?);
            }
        }
        // Amazon repeats a line now and then; one SKU is one offer in a marketplace.
        let mut seen = BTreeSet::new();
        records.retain(|one| seen.insert((one.marketplace.clone(), one.sku.clone())));
        for known in self.store.listings(connection, None).await? {
            let failed = marketplaces.contains(&known.marketplace)
                && !offers.contains_key(&known.marketplace);
            if failed {
                records.push(known);
            }
        }
        for one in &records {
            *summary.coverage.entry(one.state.clone()).or_default() += 1;
        }
        let event = NewEvent {
            at: self.clock.now(),
            actor: Actor::Connector.label(),
            connection: connection.clone(),
            record: "catalog".to_owned(),
            subject: "listings".to_owned(),
            action: "aligned".to_owned(),
            from: None,
            to: None,
            detail: json!({ "marketplaces": marketplaces, "coverage": summary.coverage }),
        };
        summary.kept = self.store.listings_kept(connection, &records, &event).await?;
        Ok(())
    }

    async fn write_cross_references(&self, summary: &mut CatalogSummary) -> anyhow::Result<()> {
        let mut undone = self.store.mappings(&self.site.connection).await?;
        let states = [State::Accepted, State::Writing].map(State::as_str);
        undone.retain(|mapping| states.contains(&mapping.state.as_str()));
        if !self.setting.write_cross_references || undone.is_empty() {
            return Ok(());
        }
        let numbers = self.ledger.cust_nums(self.customers).await?;
        let customers: Vec<_> = self.customers.iter().cloned().zip(numbers).collect();
        let worker = MappingWorker {
            site: self.site,
            customers: &customers,
            store: self.store,
            ledger: self.ledger,
            clock: self.clock,
            watch: self.watch,
        };
        for mapping in undone {
            let sku = mapping.key.sku.clone();
            match worker.run(&mapping.key).await {
                Ok(state) if state.as_str() == mapping.state => {}
                Ok(state) => {
                    summary.moved.insert(sku, state);
                }
                Err(error) => summary.failures.push((format!("cross reference of {sku}"), error)),
            }
        }
        Ok(())
    }
}

fn list_of(marketplace: &str) -> String {
    format!("listings/{marketplace}")
}

fn wanted<'a>(list: &'a str, marketplaces: &'a [String]) -> Wanted<'a> {
    Wanted { list, report_type: LISTINGS_REPORT, marketplaces, window: None }
}

fn listing(offer: &ListedOffer, mapped: &BTreeMap<String, MappedPart>) -> Listing {
    Listing {
        sku: offer.sku.clone(),
        asin: offer.asin.clone(),
        title: offer.title.clone(),
        gtin: offer.gtin.clone(),
        mapped: mapped.get(&offer.sku).map(|to| to.parts().0.to_owned()),
    }
}

fn record(
    marketplace: &str,
    offer: &ListedOffer,
    aligned: &Aligned,
) -> anyhow::Result<ListingRecord> {
    let alignment = &aligned.alignment;
    Ok(ListingRecord {
        marketplace: marketplace.to_owned(),
        sku: offer.sku.clone(),
        asin: offer.asin.clone(),
        title: offer.title.clone(),
        status: offer.status.clone(),
        channel: offer.channel.clone(),
        gtin: offer.gtin.clone(),
        state: alignment.as_str().to_owned(),
        part: alignment.part().map(|(part, _)| part.to_owned()),
        alignment: serde_json::to_string(alignment)?,
    })
}
