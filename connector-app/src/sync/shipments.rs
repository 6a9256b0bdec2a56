//! One run over a connection's shipments: what left, by Epicor, is told to Amazon; one by one, or in a
//! feed when they are many.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use serde_json::json;
use sp_api_client::feeds_2021_06_30::FeedId;
use store::{NewEvent, Poll, ShipmentRecord};

use crate::amazon::FeedEnd;
use crate::pipeline::shipment::State;
use crate::pipeline::shipment_feed::{FeedRead, FeedSent, feed_file, read_feed};
use crate::pipeline::{Actor, OrderWork, ShipmentWorker};

/// The name of the feed on its way, in the store.
const FEED: &str = "shipment-feed";

/// What a run did.
#[derive(Debug, Default)]
pub struct ShipmentsSummary {
    /// Packs of Amazon's orders that Epicor told.
    pub packs: u64,
    /// Shipments that changed their state in this run, by pack and order, with the state reached.
    pub moved: BTreeMap<String, State>,
    /// Shipments that could not go on; the others did.
    pub failures: Vec<(String, anyhow::Error)>,
}

impl OrderWork<'_> {
    /// Reads the packs that left, then confirms every one as far as it goes.
    ///
    /// # Errors
    /// Only what concerns the whole run: the store, or an ERP that cannot be asked.
    pub async fn shipments(&self) -> anyhow::Result<ShipmentsSummary> {
        let none = BTreeSet::new();
        let worker = self.shipment_worker(&none);
        let mut summary = ShipmentsSummary { packs: worker.look().await?, ..Default::default() };
        let records = self.unconfirmed().await?;
        let fed = match self.by_feed(&worker, &records).await {
            Ok(fed) => fed,
            // While it is not known what a feed did, nothing is told another way.
            Err(error) => {
                summary.failures.push(("the feed of shipments".to_owned(), error));
                return Ok(summary);
            }
        };
        let worker = self.shipment_worker(&fed);
        for record in records {
            let name = format!("pack {} of order {}", record.key.pack_num, record.key.order_id);
            match worker.run(&record.key).await {
                Ok(state) if state.as_str() == record.state => {}
                Ok(state) => {
                    summary.moved.insert(name, state);
                }
                Err(error) => summary.failures.push((name, error)),
            }
        }
        Ok(summary)
    }

    /// The shipments that something may be done about.
    async fn unconfirmed(&self) -> anyhow::Result<Vec<ShipmentRecord>> {
        let mut records = Vec::new();
        for state in [State::Seen, State::Waiting, State::Confirming] {
            let connection = Some(self.site.connection.as_str());
            records.extend(self.store.shipments(connection, Some(state.as_str())).await?);
        }
        Ok(records)
    }

    /// Tells many shipments at once; returns the keys of the confirmations that Amazon took.
    async fn by_feed(
        &self,
        worker: &ShipmentWorker<'_>,
        records: &[ShipmentRecord],
    ) -> anyhow::Result<BTreeSet<String>> {
        let before = self.feed_sent().await?;
        if let Some(sent) = before.filter(|sent| !sent.keys.is_empty()) {
            return self.finish_feed(sent).await;
        }
        if records.len() < usize::try_from(self.setting.feed_from.max(1))? {
            return Ok(BTreeSet::new());
        }
        let mut packages = Vec::with_capacity(records.len());
        for record in records {
            packages.extend(worker.intend(&record.key).await?);
        }
        if packages.len() < usize::try_from(self.setting.feed_from.max(1))? {
            return Ok(BTreeSet::new());
        }
        let (file, keys) = feed_file(&packages);
        let marketplaces: BTreeSet<String> =
            packages.into_iter().map(|(_, package)| package.marketplace_id).collect();
        let document = self.amazon.upload_fulfilment(file).await?;
        // Whichever feed is there already, it is not this one.
        let previous = self.amazon.newest_fulfilment_feed().await?;
        let previous = previous.map(|id| id.as_str().to_owned());
        let mut sent = FeedSent { feed: None, previous, keys };
        self.keep_feed(&sent, None).await?;
        let marketplaces = marketplaces.into_iter().take(25).collect();
        match self.amazon.create_fulfilment_feed(document, marketplaces).await {
            Ok(id) => {
                sent.feed = Some(id.as_str().to_owned());
                self.keep_feed(&sent, None).await?;
            }
            // It is looked for before anything else is told.
            Err(error) => self.watch.note(&format!("the feed may not have arrived: {error}")),
        }
        self.finish_feed(sent).await
    }

    /// Waits for a feed that was sent, now or by an earlier run, and reads what Amazon made of it. Of
    /// one that never arrived, or ended without a report, Amazon is asked confirmation by confirmation.
    async fn finish_feed(&self, sent: FeedSent) -> anyhow::Result<BTreeSet<String>> {
        let mut ended = self.feed_end(&sent).await?;
        if ended.is_none() {
            self.settle().await;
            ended = self.feed_end(&sent).await?;
        }
        let (id, action, read) = match ended {
            None => (None, "never arrived".to_owned(), FeedRead::default()),
            Some((id, FeedEnd::Unreported(status))) => {
                (Some(id), format!("{status} without a report"), FeedRead::default())
            }
            Some((id, FeedEnd::Reported(report))) => {
                (Some(id), "processed".to_owned(), read_feed(&report, &sent.keys))
            }
        };
        let event = NewEvent {
            at: self.clock.now(),
            actor: Actor::Connector.label(),
            connection: self.site.connection.clone(),
            record: FEED.to_owned(),
            subject: id.as_ref().map_or_else(|| "feed".to_owned(), |id| format!("feed {id}")),
            action,
            from: None,
            to: None,
            detail: json!({ "lines": sent.keys.len(), "accepted": read.accepted.len(),
                            "refused": read.refused }),
        };
        let newest = id.map(|id| id.as_str().to_owned()).or(sent.previous);
        let done = FeedSent { feed: newest, previous: None, keys: Vec::new() };
        // A process that ends here asks Amazon for each of them, and finds it told.
        self.keep_feed(&done, Some(&event)).await?;
        Ok(read.accepted)
    }

    /// The feed that was sent, with what became of it; `None` while Amazon shows no such feed.
    async fn feed_end(&self, sent: &FeedSent) -> anyhow::Result<Option<(FeedId, FeedEnd)>> {
        let id = match &sent.feed {
            Some(id) => Some(FeedId::new(id.as_str())),
            None => {
                let newest = self.amazon.newest_fulfilment_feed().await?;
                newest.filter(|id| Some(id.as_str()) != sent.previous.as_deref())
            }
        };
        let Some(id) = id else { return Ok(None) };
        self.watch.note(&format!("waiting for feed {id} of {} lines", sent.keys.len()));
        Ok(self.amazon.feed_end(&id).await?.map(|end| (id, end)))
    }

    /// Waits until a feed that was on its way has landed or never will. As with postings, the wait
    /// begins now: when the feed was sent may have been said by another clock.
    async fn settle(&self) {
        if let Ok(settle) = Duration::try_from(self.site.posting.settle) {
            self.watch.note(&format!(
                "Amazon does not show the feed: waiting {} s, then looking before anything is told",
                settle.as_secs()
            ));
            self.clock.sleep(settle).await;
        }
    }

    async fn feed_sent(&self) -> anyhow::Result<Option<FeedSent>> {
        let poll = self.store.poll(&self.site.connection, FEED).await?;
        let page = poll.and_then(|poll| poll.page);
        Ok(page.as_deref().map(serde_json::from_str).transpose()?)
    }

    async fn keep_feed(&self, sent: &FeedSent, event: Option<&NewEvent>) -> anyhow::Result<()> {
        let page = Some(serde_json::to_string(sent)?);
        let poll = Poll { since: self.clock.now(), until: None, page };
        Ok(self.store.polled(&self.site.connection, FEED, &poll, event).await?)
    }

    /// What moves the shipments of this run; `fed` are the confirmations that Amazon took in a feed.
    #[must_use]
    pub fn shipment_worker<'s>(&'s self, fed: &'s BTreeSet<String>) -> ShipmentWorker<'s> {
        ShipmentWorker { work: *self, fed }
    }
}
