//! Amazon's report of all orders: which orders there are, and what the report has of each. It names no
//! buyer and no item ids.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use anyhow::Context as _;
use csv::ByteRecord;
use jiff::{SignedDuration, Timestamp};
use ledger_mapper::{AmazonOrder, FulfilledBy, OrderItem, OrderStatus, Proceeds};
use rust_decimal::Decimal;
use settlement_model::{Currency, Marketplace, Money};

use super::order_facts::{OrderFacts, Reported};
use crate::pipeline::HeldReason;

/// All orders by the day they were made: who made an order never changes, so windows are stable.
pub const ORDERS_BY_DATE: &str = "GET_FLAT_FILE_ALL_ORDERS_DATA_BY_ORDER_DATE_GENERAL";

/// All orders by their last change, as the search has them.
pub const ORDERS_BY_CHANGE: &str = "GET_FLAT_FILE_ALL_ORDERS_DATA_BY_LAST_UPDATE_GENERAL";

/// Amazon reports at most this much at once.
pub const ORDERS_REPORT_MAX: SignedDuration = SignedDuration::from_hours(30 * 24);

/// An order as the report has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportedOrder {
    /// `last-updated-date`.
    pub changed: Timestamp,
    /// What the report tells: items without ids, one for each line. Anything that is not understood is in
    /// `unclear`.
    pub facts: OrderFacts,
}

/// Where the columns are.
struct Columns {
    order: usize,
    purchased: usize,
    changed: usize,
    status: usize,
    channel: usize,
    store: usize,
    title: usize,
    sku: usize,
    quantity: usize,
    currency: usize,
    price: usize,
    tax: [usize; 3],
    shipping: usize,
    gift_wrap: usize,
    discount: usize,
    shipping_discount: usize,
    business: usize,
}

impl Columns {
    /// Columns are found by their names, which are the same in all languages of this report.
    fn of(headers: &ByteRecord) -> anyhow::Result<Self> {
        let place = |name: &str| {
            let found = headers.iter().position(|header| header.trim_ascii() == name.as_bytes());
            found.with_context(|| format!("the report of all orders has no column {name}"))
        };
        Ok(Self {
            order: place("amazon-order-id")?,
            purchased: place("purchase-date")?,
            changed: place("last-updated-date")?,
            status: place("order-status")?,
            channel: place("fulfillment-channel")?,
            store: place("sales-channel")?,
            title: place("product-name")?,
            sku: place("sku")?,
            quantity: place("quantity")?,
            currency: place("currency")?,
            price: place("item-price")?,
            tax: [place("item-tax")?, place("shipping-tax")?, place("gift-wrap-tax")?],
            shipping: place("shipping-price")?,
            gift_wrap: place("gift-wrap-price")?,
            discount: place("item-promotion-discount")?,
            shipping_discount: place("ship-promotion-discount")?,
            business: place("is-business-order")?,
        })
    }
}

/// Reads the report: the orders in it by their id.
///
/// # Errors
/// When it is no such report, or a line has no order id or no dates.
pub fn reported_orders(bytes: &[u8]) -> anyhow::Result<BTreeMap<String, ReportedOrder>> {
    let mut reader =
        csv::ReaderBuilder::new().delimiter(b'\t').quoting(false).flexible(true).from_reader(bytes);
    let headers = reader.byte_headers().context("reading the report of all orders")?;
    let columns = Columns::of(headers)?;
    let mut orders = BTreeMap::new();
    for (line, record) in (2..).zip(reader.byte_records()) {
        let at = || format!("the report of all orders, line {line}");
        let record = record.with_context(at)?;
        let row = Row { record: &record, columns: &columns };
        let id = row.text(columns.order);
        anyhow::ensure!(!id.is_empty(), "{}: no order id", at());
        let known = match orders.entry(id) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(new) => {
                let order = row.order(new.key()).with_context(at)?;
                new.insert(order)
            }
        };
        row.add_item(&mut known.facts);
    }
    Ok(orders)
}

struct Row<'a> {
    record: &'a ByteRecord,
    columns: &'a Columns,
}

impl Row<'_> {
    fn text(&self, place: usize) -> String {
        String::from_utf8_lossy(self.record.get(place).unwrap_or_default()).trim().to_owned()
    }

    fn time(&self, place: usize) -> anyhow::Result<Timestamp> {
        let text = self.text(place);
        text.parse().with_context(|| format!("\"{text}\" is no date and time"))
    }

    /// The order without its items.
    fn order(&self, id: &str) -> anyhow::Result<ReportedOrder> {
        let store = self.text(self.columns.store);
        let known = Marketplace::by_name(&store);
        let mut unclear = Vec::new();
        let code = self.text(self.columns.currency);
        let code = if code.is_empty() { known.map_or("", |known| known.currency) } else { &code };
        let currency = Currency::parse(code).or_else(|_| {
            unclear.push(odd(id, &format!("its currency is \"{code}\"")));
            // Nothing is entered in it.
            Currency::parse("USD")
        })?;
        let channel = self.text(self.columns.channel);
        let fulfilled_by = match channel.to_ascii_lowercase().as_str() {
            "amazon" => FulfilledBy::Amazon,
            "merchant" => FulfilledBy::Merchant,
            _ => {
                unclear.push(odd(id, &format!("its fulfilment channel is \"{channel}\"")));
                FulfilledBy::Merchant
            }
        };
        let order = AmazonOrder {
            id: id.to_owned(),
            created: self.time(self.columns.purchased)?,
            marketplace: store,
            fulfilled_by,
            status: status(&self.text(self.columns.status)),
            ship_by: None,
            ship_to: None,
            currency,
            grand_total: None,
            items: Vec::new(),
        };
        let facts = OrderFacts {
            order,
            marketplace_id: known.map(|known| known.id.to_owned()).unwrap_or_default(),
            business: self.text(self.columns.business).eq_ignore_ascii_case("true"),
            net_terms: false,
            replaces: None,
            unclear,
            reported: Some(Reported::Unread),
        };
        Ok(ReportedOrder { changed: self.time(self.columns.changed)?, facts })
    }

    fn add_item(&self, facts: &mut OrderFacts) {
        let Columns { quantity, sku, title, .. } = self.columns;
        let (id, currency) = (facts.order.id.clone(), facts.order.currency);
        let mut odd_cell = |name: &str, cell: &str| {
            facts.unclear.push(odd(&id, &format!("its {name} is \"{cell}\"")));
        };
        let code = self.text(self.columns.currency);
        if !code.is_empty() && code != currency.code() {
            odd_cell("currency", &code);
        }
        let pieces = self.text(*quantity);
        let pieces = pieces.parse().unwrap_or_else(|_| {
            odd_cell("quantity", &pieces);
            0
        });
        let zero = Money::zero(currency);
        let mut money = |place: usize| {
            let cell = self.text(place);
            if cell.is_empty() {
                return zero;
            }
            let exact = Decimal::from_str_exact(&cell).ok();
            exact.and_then(|amount| Money::new(amount, currency).ok()).unwrap_or_else(|| {
                odd_cell("amount", &cell);
                zero
            })
        };
        let columns = self.columns;
        let mut proceeds = Proceeds {
            item: money(columns.price),
            shipping: money(columns.shipping),
            gift_wrap: money(columns.gift_wrap),
            other: zero,
            item_discount: money(columns.discount).abs(),
            shipping_discount: money(columns.shipping_discount).abs(),
            tax: zero,
            tax_remitted_by_marketplace: false,
        };
        let taxes = columns.tax.map(&mut money);
        let tax = taxes.into_iter().try_fold(zero, Money::checked_add);
        proceeds.tax = tax.unwrap_or_else(|_| {
            odd_cell("tax", "too much");
            zero
        });
        facts.order.items.push(OrderItem {
            id: String::new(),
            sku: self.text(*sku),
            title: self.text(*title),
            quantity: pieces,
            proceeds,
        });
    }
}

/// `order-status`. Only a pending order and one that is cancelled need no reading; whatever else a word
/// may mean, the Orders API says it in its own.
fn status(word: &str) -> OrderStatus {
    match word {
        "Pending" => OrderStatus::Pending,
        "Cancelled" | "Canceled" => OrderStatus::Cancelled,
        "Shipping" => OrderStatus::PartiallyShipped,
        word if word.starts_with("Shipped") => OrderStatus::Shipped,
        _ => OrderStatus::Unshipped,
    }
}

/// Such an order is read from the Orders API, whoever ships it.
fn odd(id: &str, what: &str) -> HeldReason {
    let message = format!(
        "order {id}: {what} in Amazon's report of all orders, which is not understood. It goes by what \
         the Orders API says of it"
    );
    HeldReason::new("odd_report_line", message)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "amazon-order-id\tpurchase-date\tlast-updated-date\torder-status\t\
        fulfillment-channel\tsales-channel\tproduct-name\tsku\tquantity\tcurrency\titem-price\titem-tax\t\
        shipping-price\tshipping-tax\tgift-wrap-price\tgift-wrap-tax\titem-promotion-discount\t\
        ship-promotion-discount\tis-business-order\n";

    fn line(id: &str, status: &str, channel: &str, quantity: &str, price: &str) -> String {
        format!(
            "{id}\t2026-05-05T10:00:00+00:00\t2026-05-06T11:00:00+00:00\t{status}\t{channel}\tAmazon.de\t\
             A \"quoted\" name\tMUG\t{quantity}\tEUR\t{price}\t1.90\t4.00\t0.10\t\t\t2.00\t\tfalse\n"
        )
    }

    fn read(lines: &[String]) -> BTreeMap<String, ReportedOrder> {
        reported_orders(format!("{HEAD}{}", lines.concat()).as_bytes()).expect("a report")
    }

    #[test]
    fn lines_of_one_order_are_one_order_with_what_the_buyer_pays() {
        let orders = read(&[
            line("111-1", "Shipped - Delivered to Buyer", "Amazon", "2", "20.00"),
            line("111-1", "Shipped - Delivered to Buyer", "Amazon", "1", "7.50"),
            line("111-2", "Cancelled", "Merchant", "0", ""),
        ]);
        let facts = &orders["111-1"].facts;
        assert_eq!((facts.order.status, facts.order.items.len()), (OrderStatus::Shipped, 2));
        assert_eq!(facts.order.fulfilled_by, FulfilledBy::Amazon);
        let of = &facts.order.items[0].proceeds;
        let told = [of.item, of.shipping, of.tax, of.item_discount].map(|money| money.to_string());
        assert_eq!(told, ["20.00 EUR", "4.00 EUR", "2.00 EUR", "2.00 EUR"]);
        assert_eq!(facts.marketplace_id, "A1PA6795UKMFR9");
        assert!(facts.unclear.is_empty() && facts.reported == Some(Reported::Unread));
        assert_eq!(orders["111-2"].facts.order.status, OrderStatus::Cancelled);
        assert_eq!(orders["111-2"].changed, "2026-05-06T11:00:00Z".parse().expect("an instant"));
    }

    #[test]
    fn what_is_not_understood_is_said_and_nothing_is_skipped() {
        let orders = read(&[
            line("111-1", "Unshipped", "Elsewhere", "one", "20,00"),
            line("111-2", "Complete", "Merchant", "1", "0.001"),
        ]);
        let why: Vec<&str> = orders["111-1"].facts.unclear.iter().map(|r| &*r.message).collect();
        assert!(why[0].contains("\"Elsewhere\"") && why[1].contains("\"one\""), "{why:?}");
        assert!(why[2].contains("\"20,00\""), "{why:?}");
        assert_eq!(orders["111-2"].facts.order.status, OrderStatus::Unshipped);
        assert_eq!(orders["111-2"].facts.unclear.len(), 1, "no cent is that small");

        let other = reported_orders(b"sku\tprice\nA\t1\n").expect_err("another report");
        assert!(other.to_string().contains("amazon-order-id"));
        let blank = reported_orders(format!("{HEAD}{}", line("", "", "", "", "")).as_bytes());
        assert!(blank.expect_err("no id").to_string().contains("line 2"));
    }
}
