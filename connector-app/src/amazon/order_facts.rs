//! What Amazon's Orders API says of an order, as the mapper and the store need it: exact, and
//! without the buyer.

use ledger_mapper::{AmazonOrder, FulfilledBy, OrderItem, OrderStatus, Proceeds, ShipTo};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use settlement_model::{Currency, Marketplace, Money, MoneyError};
use sp_api_client::Personal;
use sp_api_client::orders_2026_01_01 as api;

use crate::pipeline::HeldReason;

/// An order as it is kept. Its stored form holds no personal data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderFacts {
    /// The order.
    pub order: AmazonOrder,
    /// `salesChannel.marketplaceId`, which a shipment confirmation must name.
    pub marketplace_id: String,
    /// A company's order at Amazon Business.
    pub business: bool,
    /// The buyer pays by invoice, weeks later.
    pub net_terms: bool,
    /// The order that this one replaces, for nothing.
    pub replaces: Option<String>,
    /// What this version does not understand of it: it is not entered while there is any.
    pub unclear: Vec<HeldReason>,
    /// Said of an order that Amazon's report of all orders has told and the Orders API has not: it has no
    /// item ids, so nothing is entered by it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reported: Option<Reported>,
}

/// What the Orders API says of an order that a report has told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reported {
    /// It was not asked.
    Unread,
    /// It does not give the order.
    NotGiven,
}

/// Amazon's word for tax that Amazon itself pays to the state.
const FACILITATOR: &str = "MARKETPLACE_FACILITATOR";

/// Reads an order; what is not understood is in `unclear`.
///
/// # Errors
/// Never in practice: when not even a currency can be made.
pub fn order_facts(told: &api::Order) -> Result<OrderFacts, MoneyError> {
    let mut reading = Reading { id: told.order_id.as_str(), unclear: Vec::new() };
    let channel = &told.sales_channel;
    let marketplace_id = channel.marketplace_id.clone().unwrap_or_default();
    let marketplace = channel.marketplace_name.clone().or_else(|| {
        Marketplace::by_id(&marketplace_id).map(|marketplace| marketplace.name.to_owned())
    });
    let replaces = told.associated_orders.iter().find_map(|other| {
        let replaced = other.association_type.as_deref() == Some("REPLACEMENT_ORIGINAL_ID");
        other.order_id.as_ref().filter(|_| replaced).map(|id| id.as_str().to_owned())
    });
    let status = reading.status(told);
    let currency = reading.currency(told, &marketplace_id)?;
    let grand_total = told.proceeds.as_ref().and_then(|proceeds| proceeds.grand_total.as_ref());
    let priced = grand_total.is_some() || told.order_items.iter().any(|i| i.proceeds.is_some());
    if !priced && replaces.is_none() && needs_prices(status) {
        reading.add("no_prices", "Amazon gives no prices of it, although it is paid");
    }
    let order = AmazonOrder {
        id: reading.id.to_owned(),
        created: told.created_time,
        marketplace: marketplace.unwrap_or_else(|| channel.channel_name.clone()),
        fulfilled_by: reading.fulfilled_by(told),
        status,
        ship_by: told
            .fulfillment
            .as_ref()
            .and_then(|fulfillment| fulfillment.ship_by_window.as_ref()?.latest_date_time),
        ship_to: ship_to(told),
        currency,
        grand_total: grand_total.and_then(|total| reading.money(total, currency)),
        items: told.order_items.iter().map(|item| reading.item(item, currency)).collect(),
    };
    Ok(OrderFacts {
        order,
        marketplace_id,
        business: told.programs.iter().any(|program| program == "AMAZON_BUSINESS"),
        net_terms: told.payment.as_ref().is_some_and(|payment| {
            let mut methods = payment.payment_executions.iter();
            methods.any(|paid| {
                let method = paid.payment_method.as_deref().unwrap_or_default();
                method.to_ascii_lowercase().contains("invoice")
            })
        }),
        replaces,
        unclear: reading.unclear,
        reported: None,
    })
}

const fn needs_prices(status: OrderStatus) -> bool {
    !matches!(status, OrderStatus::Pending | OrderStatus::Cancelled)
}

/// The buyer's address, as far as the application may see it.
pub(crate) fn ship_to(told: &api::Order) -> Option<ShipTo> {
    let address = told.recipient.as_ref()?.delivery_address.as_ref()?;
    let text = |text: &Option<Personal>| text.as_ref().map(|text| text.as_str().to_owned());
    let lines = [
        &address.company_name,
        &address.address_line1,
        &address.address_line2,
        &address.address_line3,
    ];
    Some(ShipTo {
        name: text(&address.name).filter(|name| !name.is_empty())?,
        lines: lines.into_iter().filter_map(text).filter(|line| !line.is_empty()).collect(),
        city: address.city.clone().unwrap_or_default(),
        state: address.state_or_region.clone(),
        postal_code: text(&address.postal_code),
        country: address.country_code.clone().unwrap_or_default(),
        phone: text(&address.phone),
    })
}

/// Collects what is not understood.
struct Reading<'a> {
    id: &'a str,
    unclear: Vec<HeldReason>,
}

impl Reading<'_> {
    fn add(&mut self, reason: &str, what: &str) {
        let message = format!(
            "order {}: {what}. Compare it in Seller Central; it is read again when it changes there, \
             or when a newer ml-connector knows it",
            self.id
        );
        self.unclear.push(HeldReason::new(reason, message));
    }

    fn status(&mut self, told: &api::Order) -> OrderStatus {
        use api::FulfillmentStatus as Told;
        let status = told.fulfillment.as_ref().map(|fulfillment| &fulfillment.fulfillment_status);
        match status {
            Some(Told::Pending | Told::PendingAvailability) => OrderStatus::Pending,
            Some(Told::Unshipped) => OrderStatus::Unshipped,
            Some(Told::PartiallyShipped) => OrderStatus::PartiallyShipped,
            Some(Told::Shipped) => OrderStatus::Shipped,
            Some(Told::Cancelled) => OrderStatus::Cancelled,
            Some(Told::Unfulfillable) => OrderStatus::Unfulfillable,
            other => {
                let word = other.map_or("missing", |other| other.as_str());
                self.add("unknown_status", &format!("its status is {word}, which is not known"));
                OrderStatus::Pending
            }
        }
    }

    fn fulfilled_by(&mut self, told: &api::Order) -> FulfilledBy {
        let by = told.fulfillment.as_ref().and_then(|f| f.fulfilled_by.as_ref());
        match by {
            Some(api::FulfilledBy::Amazon) => FulfilledBy::Amazon,
            Some(api::FulfilledBy::Merchant) => FulfilledBy::Merchant,
            _ => {
                self.add("unknown_fulfilment", "Amazon does not say who ships it");
                FulfilledBy::Merchant
            }
        }
    }

    /// Of its amounts; of its marketplace while it has none.
    fn currency(
        &mut self,
        told: &api::Order,
        marketplace_id: &str,
    ) -> Result<Currency, MoneyError> {
        let of_items = told.order_items.iter().filter_map(|item| item.proceeds.as_ref());
        let of_items = of_items.filter_map(|proceeds| proceeds.proceeds_total.as_ref());
        let total = told.proceeds.as_ref().and_then(|proceeds| proceeds.grand_total.as_ref());
        let code = total.into_iter().chain(of_items).next().map(|money| &money.currency_code);
        let code = code.map(String::as_str);
        let of_marketplace = Marketplace::by_id(marketplace_id).map(|known| known.currency);
        let code = code.or(of_marketplace).unwrap_or_default();
        Currency::parse(code).or_else(|_| {
            self.add("unknown_currency", &format!("its currency \"{code}\" is not known"));
            // Nothing is entered in it.
            Currency::parse("USD")
        })
    }

    fn money(&mut self, money: &api::Money, currency: Currency) -> Option<Money> {
        let same = money.currency_code == currency.code();
        let exact = same.then(|| Money::new(money.amount, currency).ok()).flatten();
        if exact.is_none() {
            let (amount, code) = (money.amount, &money.currency_code);
            self.add("odd_amount", &format!("{amount} {code} is no amount in {currency}"));
        }
        exact
    }

    fn item(&mut self, item: &api::OrderItem, currency: Currency) -> OrderItem {
        let quantity = u32::try_from(item.quantity_ordered).unwrap_or_else(|_| {
            self.add(
                "odd_quantity",
                &format!("item {} has no usable quantity", item.order_item_id),
            );
            0
        });
        if item.measurement.is_some() {
            self.add("sold_by_measure", "an item is not counted in pieces");
        }
        let mut proceeds = Proceeds::of_item(Money::zero(currency));
        for part in item.proceeds.iter().flat_map(|proceeds| &proceeds.breakdowns) {
            self.part(&mut proceeds, part, currency);
        }
        let collections = item.tax.iter().flat_map(|tax| &tax.tax_collections);
        proceeds.tax_remitted_by_marketplace =
            collections.into_iter().any(|tax| tax.model.as_deref() == Some(FACILITATOR));
        OrderItem {
            id: item.order_item_id.clone(),
            sku: item.product.seller_sku.clone().unwrap_or_default(),
            title: item.product.title.clone().unwrap_or_default(),
            quantity,
            proceeds,
        }
    }

    fn part(
        &mut self,
        proceeds: &mut Proceeds,
        part: &api::ItemProceedsBreakdown,
        currency: Currency,
    ) {
        let Some(amount) = self.money(&part.subtotal, currency) else { return };
        if part.kind == "DISCOUNT" {
            return self.discount(proceeds, part, amount);
        }
        let place = match part.kind.as_str() {
            "ITEM" => &mut proceeds.item,
            "SHIPPING" => &mut proceeds.shipping,
            "GIFT_WRAP" => &mut proceeds.gift_wrap,
            "TAX" => &mut proceeds.tax,
            // Whatever else the buyer pays is charged, too; the order's total tells if it is right.
            _ => &mut proceeds.other,
        };
        match place.checked_add(amount) {
            Ok(sum) => *place = sum,
            Err(error) => self.add("odd_amount", &format!("an amount cannot be added: {error}")),
        }
    }

    /// Amazon writes discounts with either sign.
    fn discount(
        &mut self,
        proceeds: &mut Proceeds,
        part: &api::ItemProceedsBreakdown,
        amount: Money,
    ) {
        let shipping: Decimal = part
            .detailed_breakdowns
            .iter()
            .filter(|detail| detail.subtype.as_deref() == Some("SHIPPING"))
            .filter_map(|detail| detail.value.as_ref())
            .map(|value| value.amount.abs())
            .sum();
        let currency = amount.currency();
        let split = Money::new(shipping, currency)
            .and_then(|shipping| Ok((amount.abs().checked_sub(shipping)?, shipping)));
        match split {
            Ok((item, shipping)) if !item.is_negative() => {
                proceeds.item_discount = item;
                proceeds.shipping_discount = shipping;
            }
            _ => self.add("odd_amount", "the parts of a discount are more than the whole"),
        }
    }
}
