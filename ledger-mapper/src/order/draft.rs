//! An order's items to lines and charges.

use jiff::tz::TimeZone;
use settlement_model::{Money, MoneyError};

use super::price::priced;
use super::{
    AmazonOrder, ChargeKind, DraftCharge, DraftLine, FulfilledBy, OrderHold, OrderItem,
    OrderPolicy, SalesOrderDraft,
};

/// The draft of an order, or everything that is missing for it.
pub(super) fn draft(
    order: &AmazonOrder,
    policy: &OrderPolicy,
    zone: &TimeZone,
) -> Result<SalesOrderDraft, Vec<OrderHold>> {
    let mut drafting = Drafting { order, policy, holds: Vec::new() };
    let arithmetic = |error| match error {
        MoneyError::CurrencyMismatch { .. } => {
            OrderHold::OtherCurrency { order: order.id.clone(), expected: order.currency }
        }
        error => OrderHold::Arithmetic { order: order.id.clone(), error },
    };
    match drafting.write(zone) {
        Ok(draft) if drafting.holds.is_empty() => Ok(draft),
        Ok(_) => Err(drafting.holds),
        Err(error) => {
            drafting.holds.push(arithmetic(error));
            Err(drafting.holds)
        }
    }
}

struct Drafting<'a> {
    order: &'a AmazonOrder,
    policy: &'a OrderPolicy,
    holds: Vec<OrderHold>,
}

impl Drafting<'_> {
    fn write(&mut self, zone: &TimeZone) -> Result<SalesOrderDraft, MoneyError> {
        let order = self.order;
        let mut lines = Vec::with_capacity(order.items.len());
        for item in order.items.iter().filter(|item| item.quantity > 0) {
            lines.extend(self.lines(item)?);
        }
        let charges = self.charges()?;
        let (by_marketplace, by_seller) = self.taxes()?;
        let mut total = Money::zero(order.currency);
        for line in &lines {
            total = total.checked_add(line.amount)?.checked_sub(line.discount)?;
        }
        for charge in &charges {
            total = total.checked_add(charge.amount)?;
        }
        if self.holds.is_empty() {
            self.check_total(total.checked_add(by_marketplace)?.checked_add(by_seller)?);
        }
        let customer = self.customer();
        let day = |time: jiff::Timestamp| zone.to_datetime(time).date();
        let one_time = self.policy.one_time_ship_to && order.fulfilled_by == FulfilledBy::Merchant;
        if one_time && order.ship_to.is_none() {
            self.holds.push(OrderHold::NoAddress { order: order.id.clone() });
        }
        Ok(SalesOrderDraft {
            po_number: order.id.clone(),
            customer,
            date: day(order.created),
            ship_by: order.ship_by.map(day),
            ship_to: order.ship_to.clone().filter(|_| one_time),
            fulfilled_by: order.fulfilled_by,
            currency: order.currency,
            lines,
            charges,
            total,
            tax_remitted_by_marketplace: by_marketplace,
            tax_remitted_by_seller: by_seller,
        })
    }

    fn customer(&mut self) -> String {
        let marketplace = &self.order.marketplace;
        let known = self.policy.customers.get(marketplace).or(self.policy.other_customer.as_ref());
        known.cloned().unwrap_or_else(|| {
            let (order, marketplace) = (self.order.id.clone(), marketplace.clone());
            self.holds.push(OrderHold::NoCustomer { order, marketplace });
            String::new()
        })
    }

    fn lines(&mut self, item: &OrderItem) -> Result<Vec<DraftLine>, MoneyError> {
        let Some(part) = self.policy.parts.get(&item.sku) else {
            let (order, sku) = (self.order.id.clone(), item.sku.clone());
            self.holds.push(OrderHold::NoPart { order, sku });
            return Ok(Vec::new());
        };
        if part.multiple == 0 {
            self.holds.push(OrderHold::NoMultiple { sku: item.sku.clone() });
            return Ok(Vec::new());
        }
        let quantity = u64::from(item.quantity) * u64::from(part.multiple);
        let prices = priced(item.proceeds.item, quantity, self.policy.price_decimals)?;
        let mut left = item.proceeds.item_discount.abs();
        let count = prices.len();
        let mut lines = Vec::with_capacity(count);
        for (share, price) in (1..).zip(prices) {
            // A discount that is more than its line goes on to the next; the last takes the rest.
            let fits = price.amount.amount() >= left.amount() || lines.len() + 1 == count;
            let discount = if fits { left } else { price.amount };
            left = left.checked_sub(discount)?;
            lines.push(DraftLine {
                item: item.id.clone(),
                share,
                sku: item.sku.clone(),
                part: part.part.clone(),
                uom: part.uom.clone(),
                quantity: price.quantity,
                multiple: part.multiple,
                unit_price: price.unit_price,
                amount: price.amount,
                discount,
            });
        }
        Ok(lines)
    }

    fn charges(&mut self) -> Result<Vec<DraftCharge>, MoneyError> {
        let codes = &self.policy.charges;
        let kinds = [
            (ChargeKind::Shipping, &codes.shipping),
            (ChargeKind::ShippingDiscount, &codes.shipping_discount),
            (ChargeKind::GiftWrap, &codes.gift_wrap),
            (ChargeKind::Other, &codes.other),
        ];
        let mut charges = Vec::new();
        for (kind, code) in kinds {
            let amount = self.sum(|item| match kind {
                ChargeKind::Shipping => item.proceeds.shipping,
                ChargeKind::ShippingDiscount => item.proceeds.shipping_discount.abs().negated(),
                ChargeKind::GiftWrap => item.proceeds.gift_wrap,
                ChargeKind::Other => item.proceeds.other,
            })?;
            match code {
                _ if amount.is_zero() => {}
                Some(code) => charges.push(DraftCharge { kind, code: code.clone(), amount }),
                None => {
                    let order = self.order.id.clone();
                    self.holds.push(OrderHold::NoChargeCode { order, kind, amount });
                }
            }
        }
        Ok(charges)
    }

    /// The tax that the marketplace remits, and the tax that the seller does.
    fn taxes(&self) -> Result<(Money, Money), MoneyError> {
        let zero = Money::zero(self.order.currency);
        let tax = |by_marketplace: bool| {
            self.sum(|item| {
                let proceeds = &item.proceeds;
                let counts = proceeds.tax_remitted_by_marketplace == by_marketplace;
                if counts { proceeds.tax } else { zero }
            })
        };
        Ok((tax(true)?, tax(false)?))
    }

    /// The sum over the items that are not cancelled.
    fn sum(&self, amount: impl Fn(&OrderItem) -> Money) -> Result<Money, MoneyError> {
        let items = self.order.items.iter().filter(|item| item.quantity > 0);
        let zero = Money::zero(self.order.currency);
        items.map(amount).try_fold(zero, Money::checked_add)
    }

    fn check_total(&mut self, sum: Money) {
        if let Some(total) = self.order.grand_total
            && total != sum
        {
            self.holds.push(OrderHold::DoesNotTie { order: self.order.id.clone(), total, sum });
        }
    }
}
