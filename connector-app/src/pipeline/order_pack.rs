//! When an order that Amazon ships gets its pack in Epicor: once Amazon says that all of it has left.

use ledger_mapper::{FulfilledBy, OrderStatus};
use store::OrderRecord;

use super::order::{Event, InEpicor};
use super::order_judge::Known;
use super::{HeldReason, Judged, OrderWorker};
use crate::config::Fba;
use crate::ledger::customer_shipment::CustomerShipment;

impl OrderWorker<'_> {
    /// What is to become of the pack of an order that is entered as it is; `None` where there is nothing to
    /// pack, or nothing yet.
    pub(super) fn judge_pack(&self, record: &OrderRecord, known: &Known) -> Option<Judged> {
        let entered = known.entered.as_ref()?;
        let order = &known.facts.order;
        let wanted = self.work.setting.fba == Fba::OrderAndShip
            && order.fulfilled_by == FulfilledBy::Amazon
            && known.has() == InEpicor::Order;
        match order.status {
            OrderStatus::PartiallyShipped if wanted => {
                let message = format!(
                    "order {}: Amazon has shipped a part of it. Its pack is made in Epicor when Amazon \
                     says that all of it has left; nobody need do anything",
                    order.id
                );
                let reasons = vec![HeldReason::new("partly_shipped", message)];
                let event = Event::NothingToDo(InEpicor::Order);
                Some(Judged { event, reasons, document: None, pack: None })
            }
            OrderStatus::Shipped if wanted => {
                let zone = self.zone(&order.marketplace);
                let shipment = CustomerShipment {
                    connection: self.work.site.connection.clone(),
                    revision: record.revision,
                    order_id: order.id.clone(),
                    order_num: entered.order_num,
                    order_token: entered.token.clone(),
                    day: zone.to_datetime(record.told.changed).date(),
                };
                let pack = Some(shipment);
                Some(Judged { event: Event::ToPack, reasons: Vec::new(), document: None, pack })
            }
            _ => None,
        }
    }
}
