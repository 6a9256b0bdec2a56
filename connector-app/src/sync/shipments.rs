//! One run over a connection's shipments: what left, by Epicor, is told to Amazon.

use std::collections::BTreeMap;

use crate::pipeline::ShipmentWorker;
use crate::pipeline::shipment::State;
use crate::sync::orders::OrdersRun;

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

impl<'a> OrdersRun<'a> {
    /// Reads the packs that left, then confirms every one as far as it goes.
    ///
    /// # Errors
    /// Only what concerns the whole run: the store, or an ERP that cannot be asked.
    pub async fn shipments(&self) -> anyhow::Result<ShipmentsSummary> {
        let worker = self.shipment_worker();
        let mut summary = ShipmentsSummary { packs: worker.look().await?, ..Default::default() };
        for state in [State::Seen, State::Waiting, State::Confirming] {
            let connection = Some(self.site.connection.as_str());
            for record in self.store.shipments(connection, Some(state.as_str())).await? {
                let name = format!("pack {} of order {}", record.key.pack_num, record.key.order_id);
                match worker.run(&record.key).await {
                    Ok(state) if state.as_str() == record.state => {}
                    Ok(state) => {
                        summary.moved.insert(name, state);
                    }
                    Err(error) => summary.failures.push((name, error)),
                }
            }
        }
        Ok(summary)
    }

    /// What moves the shipments of this run.
    #[must_use]
    pub fn shipment_worker(&self) -> ShipmentWorker<'a> {
        ShipmentWorker {
            site: self.site,
            setting: self.setting,
            store: self.store,
            ledger: self.ledger,
            amazon: self.amazon,
            clock: self.clock,
            watch: self.watch,
        }
    }
}
