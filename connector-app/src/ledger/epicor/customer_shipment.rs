//! The pack of an order that Amazon itself has shipped: found by its token, and by its order's open
//! releases.

use async_trait::async_trait;
use epicor_odata_client::once::{Document as _, Found as InEpicor};
use epicor_odata_client::sales_order::SalesOrder;
use epicor_odata_client::shipment::{NewPack, PackDocument};

use super::not_done::NotDone;
use super::{EpicorLedger, Written};
use crate::ledger::customer_shipment::CustomerShipment;
use crate::ledger::{Draft, Seen};
use crate::pipeline::posting::Found;

/// One pack of all that is open of an order.
pub(super) struct NewShipment<'a> {
    pub(super) ledger: &'a EpicorLedger,
    pub(super) draft: &'a Draft,
    pub(super) shipment: &'a CustomerShipment,
}

impl<'a> NewShipment<'a> {
    fn document(&self) -> Result<PackDocument<'a>, NotDone> {
        let CustomerShipment { order_id, order_num, day, .. } = self.shipment;
        let Draft { token, key, .. } = self.draft;
        let new = NewPack {
            order_num: *order_num,
            comment: format!("{token} Amazon shipped order {order_id}. ml-connector key {key}"),
            ship_date: *day,
        };
        Ok(self.ledger.client.packs().document(new)?)
    }

    async fn order(&self) -> anyhow::Result<Option<SalesOrder>> {
        Ok(self.ledger.client.sales_orders().by_order_num(self.shipment.order_num).await?)
    }

    /// The pack by which somebody else shipped what was left of the order.
    async fn by_others(&self, order: &SalesOrder) -> anyhow::Result<Option<i64>> {
        if order.releases.iter().any(|release| release.open && !release.void) {
            return Ok(None);
        }
        let lines = self.ledger.client.pack_lines().of_order(order.head.order_num).await?;
        Ok(lines.last().map(|line| line.pack_num))
    }
}

#[async_trait]
impl Written for NewShipment<'_> {
    async fn look_up(&self) -> anyhow::Result<Seen> {
        let number = self.shipment.order_num;
        let different = |note| Ok(Seen { found: Found::Different, number: None, note });
        let Some(order) = self.order().await? else {
            return different(format!("order {number} is not in Epicor any more"));
        };
        if !order.head.comment.starts_with(&self.shipment.order_token) {
            return different(format!("order {number} is not ours any more"));
        }
        let (found, pack, note) = match self.document()?.find().await? {
            InEpicor::Absent => match self.by_others(&order).await? {
                None => (Found::Absent, None, String::new()),
                Some(pack) => {
                    let note = format!("pack {pack}, which is not ours, has shipped it already");
                    (Found::Entered, Some(pack), note)
                }
            },
            InEpicor::Unfinished | InEpicor::Remains => {
                (Found::Partial, None, "the pack is not whole".to_owned())
            }
            InEpicor::Differs(what) => (Found::Different, None, what),
            InEpicor::Whole(pack) => (Found::Entered, Some(pack), String::new()),
        };
        Ok(Seen { found, number: pack.map(|pack| pack.to_string()), note })
    }

    async fn write(&self) -> Result<(), NotDone> {
        self.document()?.enter().await?;
        Ok(())
    }

    async fn post(&self) -> Result<(), NotDone> {
        Err(NotDone::Refused("a customer shipment is not posted".to_owned()))
    }

    async fn remove(&self) -> Result<(), NotDone> {
        Ok(self.document()?.remove().await?)
    }

    /// What somebody else shipped before us stands there once, too.
    async fn count(&self) -> anyhow::Result<u32> {
        let Some(order) = self.order().await? else { return Ok(0) };
        let packs = self.ledger.client.packs();
        let ours = packs.by_token(order.head.cust_num, &self.draft.token).await?;
        let standing = ours.iter().filter(|pack| !pack.voided).count();
        if ours.is_empty() && self.by_others(&order).await?.is_some() {
            return Ok(1);
        }
        Ok(u32::try_from(standing)?)
    }
}
