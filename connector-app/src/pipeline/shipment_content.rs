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
    /// What left of each of Amazon's items, in the units of its part.
    #[serde(default)]
    pub units: Vec<ItemUnits>,
}

/// How much of an item left, in the unit of its part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ItemUnits {
    /// `orderItemId`.
    pub item: String,
    /// How many units.
    pub units: u64,
    /// How many units one piece of Amazon's is.
    pub multiple: u32,
    /// How many pieces this pack completes: they are told with it.
    pub pieces: u32,
}

/// The reason of a pack that completes no piece: the rest of the pieces leaves in another.
pub(super) const PART_OF_A_PIECE: &str = "part_of_a_piece";

impl Content {
    /// What a pack says of one order; `others` are the order's other packs.
    ///
    /// A piece of Amazon's that is several units, such as a pack of six, may leave in several packs: it
    /// is told with the one that completes it.
    pub(super) fn of(
        pack: &Pack,
        lines: &[&PackLine],
        order: &OrderRecord,
        (setting, others): (&Orders, &[Self]),
    ) -> anyhow::Result<Self> {
        let id = &order.key.order_id;
        let facts: OrderFacts = serde_json::from_str(&order.told.payload)
            .with_context(|| format!("order {id}: its stored form"))?;
        if facts.order.fulfilled_by == FulfilledBy::Amazon {
            let (missing, units) = (Vec::new(), Vec::new());
            return Ok(Self { package: None, missing, by_amazon: true, units });
        }
        let entered = order.entered.as_deref().context("an order with a number was entered")?;
        let entered: Entered = serde_json::from_str(entered)
            .with_context(|| format!("order {id}: what Epicor has of it"))?;
        let mut missing = Vec::new();
        let about = format!("pack {} of order {id}", pack.pack_num);
        let mut lacks = |reason: &str, what: String| {
            missing.push(HeldReason::new(reason, format!("{about}: {what}")));
        };
        let units = match units(lines, &entered) {
            Ok(units) => units,
            Err(what) => {
                lacks("odd_quantity", what);
                Vec::new()
            }
        };
        let units: Vec<ItemUnits> = units.into_iter().map(|of| of.completing(others)).collect();
        let items: Vec<(String, u32)> = units
            .iter()
            .filter(|of| of.pieces > 0)
            .map(|of| (of.item.clone(), of.pieces))
            .collect();
        if let (true, Some(part)) = (items.is_empty(), units.first()) {
            let ItemUnits { item, units, multiple, .. } = part;
            let what = format!(
                "{units} units of item {item} are no whole piece of {multiple}; Amazon is told with \
                 the pack that brings the rest"
            );
            lacks(PART_OF_A_PIECE, what);
        }
        let mut numbers = pack.tracking_numbers().map(str::to_owned);
        let tracking = numbers.next();
        if tracking.is_none() {
            let what = "it has no tracking number; whoever ships adds it to the pack in Epicor, \
                then Amazon is told";
            lacks("no_tracking", what.to_owned());
        }
        let carrier = setting.carriers.get(&pack.ship_via_code).map(shipped_by);
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
        Ok(Self { package, missing, by_amazon: false, units })
    }

    /// Whether all that is in it was told with the order's other packs.
    pub(super) fn is_told_with(&self, others: &[Self]) -> bool {
        let is_part = self.missing.iter().any(|missing| missing.reason == PART_OF_A_PIECE);
        is_part && self.units.iter().all(|of| of.untold_units(others) == Some(0))
    }
}

impl ItemUnits {
    /// With the pieces that this pack completes: its own units, and what the other packs left over.
    fn completing(self, others: &[Content]) -> Self {
        let left_over = self.of_others(others).map(|(units, told)| units.saturating_sub(told));
        let units = left_over.unwrap_or(0).saturating_add(self.units);
        let pieces = units.checked_div(u64::from(self.multiple)).unwrap_or(0);
        Self { pieces: u32::try_from(pieces).unwrap_or(u32::MAX), ..self }
    }

    /// The units of all packs that are in no piece that is told.
    fn untold_units(&self, others: &[Content]) -> Option<u64> {
        let (units, told) = self.of_others(others)?;
        units.checked_add(self.units)?.checked_sub(told)
    }

    /// The units of the item in the other packs, and those of them that are told in pieces.
    fn of_others(&self, others: &[Content]) -> Option<(u64, u64)> {
        let mut of_item =
            others.iter().flat_map(|other| &other.units).filter(|other| other.item == self.item);
        of_item.try_fold((0_u64, 0_u64), |(units, told), other| {
            let in_pieces = u64::from(other.pieces) * u64::from(other.multiple);
            Some((units.checked_add(other.units)?, told.checked_add(in_pieces)?))
        })
    }
}

fn shipped_by(carrier: &MappedCarrier) -> ShippedBy {
    match carrier {
        MappedCarrier::Code(code) => ShippedBy::Code(code.clone()),
        MappedCarrier::Other(other) => ShippedBy::Name(other.other.clone()),
    }
}

/// What left of each of Amazon's items, in the units of its part.
fn units(lines: &[&PackLine], entered: &Entered) -> Result<Vec<ItemUnits>, String> {
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
        let whole = Some(sum).filter(Decimal::is_integer);
        let units = whole.and_then(|sum| u64::try_from(sum).ok());
        let units = units.ok_or_else(|| format!("{sum} units of item {item} are not whole"))?;
        if units > 0 {
            items.push(ItemUnits { item: item.to_owned(), units, multiple, pieces: 0 });
        }
    }
    Ok(items)
}
