//! What a pack says of one of Amazon's orders in it.

use std::collections::BTreeMap;

use anyhow::Context as _;
use epicor_odata_client::shipment::{Pack, PackLine};
use ledger_mapper::FulfilledBy;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use store::OrderRecord;

use super::HeldReason;
use crate::amazon::OrderFacts;
use crate::config::{MappedCarrier, Orders};
use crate::ledger::sales_order::Entered;
use crate::ledger::shipment::{Shipped, ShippedBy};

/// What is kept of a shipment: what to tell Amazon, or why nothing can be told yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Content {
    /// What to tell; `None` while something is missing.
    pub package: Option<Shipped>,
    /// What is missing.
    pub missing: Vec<HeldReason>,
    /// Whether Amazon ships the order itself.
    pub by_amazon: bool,
}

impl Content {
    /// What a pack says of one order.
    pub(super) fn of(
        pack: &Pack,
        lines: &[&PackLine],
        order: &OrderRecord,
        setting: &Orders,
    ) -> anyhow::Result<Self> {
        let id = &order.key.order_id;
        let facts: OrderFacts = serde_json::from_str(&order.told.payload)
            .with_context(|| format!("order {id}: its stored form"))?;
        if facts.order.fulfilled_by == FulfilledBy::Amazon {
            return Ok(Self { package: None, missing: Vec::new(), by_amazon: true });
        }
        let entered = order.entered.as_deref().context("an order with a number was entered")?;
        let entered: Entered = serde_json::from_str(entered)
            .with_context(|| format!("order {id}: what Epicor has of it"))?;
        let mut missing = Vec::new();
        let about = format!("pack {} of order {id}", pack.pack_num);
        let mut lacks = |reason: &str, what: String| {
            missing.push(HeldReason::new(reason, format!("{about}: {what}")));
        };
        let items = match pieces(lines, &entered) {
            Ok(items) => items,
            Err(what) => {
                lacks("odd_quantity", what);
                Vec::new()
            }
        };
        let mut numbers = pack.tracking_numbers().map(str::to_owned);
        let tracking = numbers.next();
        if tracking.is_none() {
            let what = "it has no tracking number; whoever ships adds it to the pack in Epicor, \
                then Amazon is told";
            lacks("no_tracking", what.to_owned());
        }
        let carrier = setting.carriers.get(&pack.ship_via_code).map(|carrier| match carrier {
            MappedCarrier::Code(code) => ShippedBy::Code(code.clone()),
            MappedCarrier::Other(other) => ShippedBy::Name(other.other.clone()),
        });
        if carrier.is_none() {
            let via = &pack.ship_via_code;
            lacks(
                "no_carrier",
                format!(
                    "ship via \"{via}\" has no carrier of Amazon's; the administrator adds it to \
                 `orders.carriers`, then Amazon is told"
                ),
            );
        }
        let more_tracking: Vec<String> = numbers.collect();
        let shipped = tracking.zip(carrier).filter(|_| !items.is_empty());
        let package = shipped.map(|(tracking, carrier)| Shipped {
            pack_num: u64::try_from(pack.pack_num).unwrap_or(0),
            order_id: id.clone(),
            marketplace_id: facts.marketplace_id,
            carrier,
            tracking,
            more_tracking,
            day: pack.ship_date.or(pack.changed).unwrap_or(setting.since),
            ordered: facts.order.created,
            items,
        });
        Ok(Self { package, missing, by_amazon: false })
    }
}

/// What left of each of Amazon's items, in Amazon's pieces.
fn pieces(lines: &[&PackLine], entered: &Entered) -> Result<Vec<(String, u32)>, String> {
    let mut units: BTreeMap<&str, (Decimal, u32)> = BTreeMap::new();
    for line in lines {
        let number = line.order_line;
        let of = entered.lines.iter().find(|known| known.line == number);
        let of = of.ok_or_else(|| {
            format!(
                "line {number} of the sales order is not Amazon's; whoever added it ships it apart"
            )
        })?;
        let quantity = line.quantity().ok_or("a quantity is too large")?;
        let (sum, _) = units.entry(&of.item).or_insert((Decimal::ZERO, of.multiple));
        *sum = sum.checked_add(quantity).ok_or("a quantity is too large")?;
    }
    let mut items = Vec::with_capacity(units.len());
    for (item, (sum, multiple)) in units {
        let count = sum.checked_div(Decimal::from(multiple)).filter(Decimal::is_integer);
        let count = count.and_then(|count| u32::try_from(count).ok()).ok_or_else(|| {
            format!("{sum} units of item {item} are no whole number of pieces of {multiple}")
        })?;
        if count > 0 {
            items.push((item.to_owned(), count));
        }
    }
    Ok(items)
}
