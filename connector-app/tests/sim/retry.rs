//! What most programs do: what was not acknowledged is sent again.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;

use async_trait::async_trait;
use connector_app::config::MappedPart;
use connector_app::ledger::{Document, DocumentTarget, Draft, Ledger, Obstacle, Seen, Sent};
use connector_app::pipeline::posting::Found;
use jiff::Timestamp;

/// A ledger that believes its own memory in place of looking: done is what was acknowledged.
#[derive(Debug)]
pub(crate) struct PlainRetry<L> {
    inner: L,
    acknowledged: Mutex<BTreeMap<String, Found>>,
}

impl<L> PlainRetry<L> {
    pub(crate) fn over(inner: L) -> Self {
        Self { inner, acknowledged: Mutex::default() }
    }

    fn note(&self, draft: &Draft, sent: Sent, found: Found) -> Sent {
        let found = if sent == Sent::Done { found } else { Found::Absent };
        let mut acknowledged = self.acknowledged.lock().expect("not poisoned");
        acknowledged.insert(draft.token.clone(), found);
        sent
    }
}

#[async_trait]
impl<L: Ledger> Ledger for PlainRetry<L> {
    async fn obstacles(&self, documents: &[Document]) -> anyhow::Result<Vec<Obstacle>> {
        self.inner.obstacles(documents).await
    }

    async fn lacking_parts(
        &self,
        customers: &[String],
        skus: &BTreeSet<String>,
        mapped: &BTreeMap<String, MappedPart>,
    ) -> anyhow::Result<Vec<Obstacle>> {
        self.inner.lacking_parts(customers, skus, mapped).await
    }
}

#[async_trait]
impl<L: Ledger> DocumentTarget for PlainRetry<L> {
    async fn look_up(&self, draft: &Draft) -> anyhow::Result<Seen> {
        let acknowledged = self.acknowledged.lock().expect("not poisoned");
        let found = acknowledged.get(&draft.token).copied().unwrap_or(Found::Absent);
        Ok(Seen { found, number: None, note: String::new() })
    }

    async fn write(&self, draft: &Draft, not_after: Timestamp) -> Sent {
        self.note(draft, self.inner.write(draft, not_after).await, Found::Entered)
    }

    async fn post(&self, draft: &Draft, not_after: Timestamp) -> Sent {
        self.note(draft, self.inner.post(draft, not_after).await, Found::Posted)
    }

    async fn count(&self, draft: &Draft) -> anyhow::Result<u32> {
        self.inner.count(draft).await
    }

    async fn remove(&self, draft: &Draft, not_after: Timestamp) -> Sent {
        self.inner.remove(draft, not_after).await
    }
}
