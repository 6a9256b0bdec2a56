//! The part of `demo` about orders, shipments and listings.

use std::sync::Arc;

use anyhow::Context as _;
use fixtures::amazon::orders::{Change, FulfilledBy, Marketplace, Order, OrderItem, ShipTo};
use fixtures::amazon::{self, Listing};
use fixtures::epicor::Part;
use jiff::civil::date;
use jiff::{SignedDuration, Timestamp};
use store::Store;

use super::{App, heading, people};
use crate::commands::{catalog, orders};
use crate::config::Config;
use crate::connect::{self, Links};
use crate::day::begin_of;
use crate::flow::catalog::CatalogLink;
use crate::flow::orders::OrdersLink;
use crate::order_payments::paid_orders;
use crate::output::{BAD, GOOD, styled};
use crate::pipeline::{Silent, Watch};
use crate::secrets::Secrets;
use crate::stage::Stage;

/// What the demonstration's connection has beside settlements.
pub(super) const TABLES: &str = r#"
[connection.orders]
since = "2026-09-01"
window_days = 3650
report_after_days = 3650
other_customer = "AMAZON"
tax_region = "NOTAX"
countries = { US = 1 }
carriers = { UPSG = "UPS" }
charges = { shipping = "SHIP" }

[connection.catalog]
hold_settlements = false
"#;

/// Two orders that the settlements of the demonstration have paid, and one of today.
pub(super) fn amazon(now: Timestamp) -> amazon::Options {
    let paid = now - SignedDuration::from_hours(2);
    let order = |id: &str, fulfilled_by, created: Timestamp, item: OrderItem| Order {
        id: id.to_owned(),
        marketplace: Marketplace::US,
        fulfilled_by,
        created: created.min(paid),
        items: vec![item],
        business: None,
        replaces: None,
        ship_to: ShipTo::default(),
        history: vec![(paid, Change::Paid)],
    };
    let september = begin_of(date(2026, 9, 3));
    let shelf = OrderItem { shipping: 1499, ..OrderItem::new("1", "SHELF-OAK-3", 1, 12_900) };
    let lamp = OrderItem { tax: 288, ..OrderItem::new("2", "LAMP-DESK-BLK", 1, 3499) };
    let listing = |sku: &str, title: &str, product_id: &str| Listing {
        product_id: product_id.to_owned(),
        ..Listing::new(sku, title)
    };
    amazon::Options {
        orders: vec![
            order("112-8617884-1602418", FulfilledBy::Merchant, september, shelf.clone()),
            order("112-6982823-8438607", FulfilledBy::Amazon, september, lamp),
            order("112-5550123-0000017", FulfilledBy::Merchant, now, shelf),
        ],
        listings: vec![
            listing("SHELF-OAK-3", "Shelf, oak", ""),
            listing("LAMP-DESK-BLK", "Desk lamp, black", "4006381333931"),
            listing("MUG-350-WHT", "Mug 350 ml, white", ""),
            listing("RUG-120-GRY", "Rug 120 cm, grey", ""),
        ],
        personal_data: true,
        report_polls: 0,
        ..amazon::Options::default()
    }
}

fn furnish(stage: &Stage) {
    let lamp = Part { upc: "4006381333931".to_owned(), ..Part::new("LD-100-B", "Lamp", 3499) };
    let rug = Part { inactive: true, ..Part::new("RUG-120-GRY", "Rug, grey", 8950) };
    let mug = Part::new("MUG350WHT", "Mug, white", 1299);
    for part in [Part::new("SHELF-OAK-3", "Shelf, oak", 12_900), lamp, rug, mug] {
        stage.epicor.put_part(&part);
    }
}

/// Orders in, a shipment out, listings beside parts, orders beside settlements; whether all of it went
/// as it should.
pub(super) async fn show(app: &App, config: &Config, stage: &Stage) -> anyhow::Result<bool> {
    heading(app, "4", "Orders in, shipments out, listings beside parts");
    furnish(stage);
    let connection = config.connection(None)?;
    let secrets = Secrets::open(config).await?;
    let links = Links::new(app.clock.clone());
    let watch: Arc<dyn Watch> = Arc::new(Silent);
    let time = (&app.clock, &watch);
    let store = connect::store(config).await?;
    let link = OrdersLink::ask(config, connection, &secrets, &links, time).await?;
    let came = link.work(&store).once().await?;
    let entered = stage.epicor.sales_orders();
    people(
        app,
        format!(
            "   {} orders at Amazon; {} are sales orders in Epicor now, equal to the cent, and the others \
         are Amazon's to ship",
            came.polled.told,
            entered.len(),
        ),
    );
    let company = &connection.epicor.company;
    let sold = entered.first().context("an order was entered")?;
    let pack = stage.epicor.ship(company, sold.order_num, &[], &["1Z999AA10123456784"]);
    let pack = pack.context("an order that is open can be shipped")?;
    link.work(&store).shipments().await?;
    let told = stage.amazon.orders().into_iter().find(|order| order.id == sold.po_num);
    let shipped = told.is_some_and(|order| order.status == "SHIPPED");
    let verdict = if shipped { styled(GOOD, "is shipped") } else { styled(BAD, "is NOT shipped") };
    people(
        app,
        format!(
            "   Pack {pack} left Epicor's warehouse; order {} {verdict} at Amazon",
            sold.po_num
        ),
    );

    let link = CatalogLink::ask(config, connection, &secrets, &links, time).await?;
    let summary = link.run(&store).once().await?;
    people(app, format!("   {}", catalog::coverage(&summary)));
    for listing in store.listings(&connection.name, Some("missing")).await? {
        let may_be = catalog::suggested(&catalog::alignment_of(&listing)?);
        people(app, format!("     {} is no part yet; perhaps it is {may_be}", listing.sku));
    }
    payments(app, config, &store).await?;
    Ok(shipped && came.failures.is_empty() && summary.failures.is_empty())
}

/// What the settlements paid for each order.
async fn payments(app: &App, config: &Config, store: &Store) -> anyhow::Result<()> {
    let connection = config.connection(None)?;
    let setting = connection.orders.as_ref().context("the demonstration has orders")?;
    let site = connect::site(connection, &config.folder)?;
    let records = store.orders(Some(&connection.name), None).await?;
    let time = (app.clock.now(), setting.due_after());
    let paid = paid_orders(store, &site, records, time).await?;
    for line in orders::list::table(&paid).indent(3).lines() {
        people(app, line);
    }
    Ok(())
}
