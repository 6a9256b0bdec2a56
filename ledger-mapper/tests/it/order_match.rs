//! Orders against the settlements that paid them.

use jiff::{SignedDuration, Timestamp};
use ledger_mapper::{
    AmazonOrder, FulfilledBy, MatchedOrder, OrderItem, OrderMonies, OrderStatus, Proceeds, Rules,
    match_order,
};
use proptest::prelude::*;
use settlement_model::{Money, ReadOptions, SettlementId};

use crate::properties::cents;
use crate::support::{money, usd};

const ORDER: &str = "111-8100001-0000001";

fn at(text: &str) -> Timestamp {
    text.parse().expect("an instant")
}

/// Two mugs for 24.00 with 4.99 of shipping, 1.50 of gift wrapping and a promotion of 2.00.
fn order(status: OrderStatus) -> AmazonOrder {
    let mut proceeds = Proceeds::of_item(money("24.00"));
    proceeds.shipping = money("4.99");
    proceeds.gift_wrap = money("1.50");
    proceeds.item_discount = money("-2.00");
    proceeds.tax = money("2.13");
    AmazonOrder {
        id: ORDER.to_owned(),
        created: at("2026-05-05T06:30:00Z"),
        marketplace: "Amazon.com".to_owned(),
        fulfilled_by: FulfilledBy::Merchant,
        status,
        ship_by: Some(at("2026-05-07T06:59:59Z")),
        ship_to: None,
        currency: usd(),
        grand_total: None,
        items: vec![OrderItem {
            id: "10000000000001".to_owned(),
            sku: "MUG".to_owned(),
            title: "A mug".to_owned(),
            quantity: 2,
            proceeds,
        }],
    }
}

/// A settlement whose rows are `transaction type / amount type / description | amount`, all of the
/// order.
fn settlement(rows: &[String]) -> String {
    let mut text = "settlement-id\tsettlement-start-date\tsettlement-end-date\tdeposit-date\t\
        total-amount\tcurrency\ttransaction-type\torder-id\tmerchant-order-id\tadjustment-id\t\
        shipment-id\tmarketplace-name\tamount-type\tamount-description\tamount\tfulfillment-id\t\
        posted-date\tposted-date-time\torder-item-code\tmerchant-order-item-id\t\
        merchant-adjustment-item-id\tsku\tquantity-purchased\n\
        81000000001\t2026-05-01 00:00:00 UTC\t2026-05-15 00:00:00 UTC\t2026-05-17 00:00:00 UTC\t\
        0.00\tUSD\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\n"
        .to_owned();
    for row in rows {
        let (triple, amount) = row.split_once(" | ").expect("a triple and an amount");
        let names: Vec<&str> = triple.split(" / ").collect();
        text.push_str(&format!(
            "81000000001\t\t\t\t\t\t{}\t{ORDER}\t\t\t\tAmazon.com\t{}\t{}\t{amount}\tMFN\t\
             2026-05-08\t2026-05-08 10:00:00 UTC\t10000000000001\t\t\tMUG\t\n",
            names[0], names[1], names[2],
        ));
    }
    text
}

fn matched(order: &AmazonOrder, rows: &[&str], now: &str) -> MatchedOrder {
    matched_beside(order, rows, now, &[])
}

/// As [`matched`], beside settlements that are purged: their id and the end of their period.
fn matched_beside(
    order: &AmazonOrder,
    rows: &[&str],
    now: &str,
    purged: &[(&str, &str)],
) -> MatchedOrder {
    let rules = Rules::sample();
    let mut monies = OrderMonies::new(&rules, [order.id.as_str()]);
    for (id, ended) in purged {
        monies.purged(SettlementId::parse(id).expect("an id"), at(ended));
    }
    if !rows.is_empty() {
        let rows: Vec<String> = rows.iter().map(|row| (*row).to_owned()).collect();
        let text = settlement(&rows);
        monies.read(text.as_bytes(), &ReadOptions::default(), |_| true).expect("rows");
    }
    match_order(order, &monies, at(now), SignedDuration::from_hours(30 * 24)).expect("small")
}

/// The XML form says what was paid for an order as the flat file does.
#[test]
fn an_xml_settlement_pays_orders_too() {
    let item = "<Item><SKU>MUG</SKU><Quantity>2</Quantity><ItemPrice>\
        <Component><Type>Principal</Type><Amount currency=\"USD\">24.00</Amount></Component>\
        <Component><Type>Shipping</Type><Amount currency=\"USD\">4.99</Amount></Component>\
        <Component><Type>GiftWrap</Type><Amount currency=\"USD\">1.50</Amount></Component>\
        </ItemPrice><Promotion><Type>Principal</Type><Amount currency=\"USD\">-2.00</Amount>\
        </Promotion></Item>";
    let text = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><AmazonEnvelope><Header><DocumentVersion>1.01\
         </DocumentVersion></Header><MessageType>SettlementReport</MessageType><Message><MessageID>1\
         </MessageID><SettlementReport><SettlementData>\
         <AmazonSettlementID>81000000001</AmazonSettlementID>\
         <TotalAmount currency=\"USD\">28.49</TotalAmount>\
         <StartDate>2026-05-01T00:00:00+00:00</StartDate>\
         <EndDate>2026-05-15T00:00:00+00:00</EndDate>\
         <DepositDate>2026-05-17T00:00:00+00:00</DepositDate></SettlementData><Order>\
         <AmazonOrderID>{ORDER}</AmazonOrderID><MarketplaceName>Amazon.com</MarketplaceName>\
         <Fulfillment><MerchantFulfillmentID>MFN</MerchantFulfillmentID>\
         <PostedDate>2026-05-08T10:00:00+00:00</PostedDate>{item}</Fulfillment></Order>\
         </SettlementReport></Message></AmazonEnvelope>"
    );
    let rules = Rules::sample();
    let mut monies = OrderMonies::new(&rules, [ORDER]);
    monies.read(text.as_bytes(), &ReadOptions::default(), |_| true).expect("rows");
    let (currency, paid) = monies.of(ORDER).next().expect("money");
    assert_eq!((currency, paid.sales), (usd(), money("28.49")));

    let broken = text.replace("</AmazonEnvelope>", "");
    let mut monies = OrderMonies::new(&rules, [ORDER]);
    monies.read(broken.as_bytes(), &ReadOptions::default(), |_| true).expect_err("it breaks off");
}

const PAID: [&str; 9] = [
    "Order / ItemPrice / Principal | 24.00",
    "Order / ItemPrice / Shipping | 4.99",
    "Order / ItemPrice / GiftWrap | 1.50",
    "Order / Promotion / Principal | -2.00",
    "Order / ItemPrice / Tax | 2.13",
    "Order / ItemWithheldTax / MarketplaceFacilitatorTax-Principal | -2.13",
    "Order / ItemFees / Commission | -3.60",
    "Order / ItemFees / ShippingHB | -0.75",
    "Order / ItemFees / GiftwrapCommission | -0.20",
];

#[test]
fn every_outcome_has_its_order() {
    let shipped = order(OrderStatus::Shipped);
    let with = |more: &[&'static str]| [&PAID[..], more].concat();
    let all_back = with(&[
        "Refund / ItemPrice / Principal | -24.00",
        "Refund / ItemPrice / Shipping | -4.99",
        "Refund / ItemPrice / GiftWrap | -1.50",
        "Refund / Promotion / Principal | 2.00",
        "Refund / ItemPrice / Tax | -2.13",
        "Refund / ItemWithheldTax / MarketplaceFacilitatorTax-Principal | 2.13",
        "Refund / ItemFees / Commission | 3.60",
    ]);
    let one_back = with(&["Refund / ItemPrice / Principal | -12.00"]);
    let (early, late) = ("2026-05-20T00:00:00Z", "2026-07-01T00:00:00Z");
    let partly = order(OrderStatus::PartiallyShipped);
    let told = [
        matched(&shipped, &PAID, early),
        matched(&shipped, &PAID[1..], early),
        matched(&shipped, &with(&["Order / ItemPrice / Goodwill | 0.01"]), early),
        matched(&shipped, &all_back, early),
        matched(&shipped, &one_back, early),
        matched(&shipped, &[], early),
        matched(&shipped, &[], late),
        matched(&partly, &PAID[1..], early),
        matched(&partly, &PAID[1..], late),
        matched(&order(OrderStatus::Pending), &[], late),
        matched(&order(OrderStatus::Cancelled), &[], late),
    ];
    let told: Vec<String> = told.iter().map(|matched| matched.outcome.to_string()).collect();
    insta::assert_snapshot!(told.join("\n"), @"
    paid
    short-paid by 24.00 USD
    paid 0.01 USD too much
    refunded, all 28.49 USD
    refunded 12.00 USD of it, 16.49 USD left
    not yet due
    never paid
    not yet due
    short-paid by 24.00 USD
    not yet due
    nothing due
    ");
}

/// What is missing may be in a settlement that ended after the order was made and is not kept any more.
#[test]
fn what_a_purged_settlement_may_have_paid_is_not_called_unpaid() {
    let shipped = order(OrderStatus::Shipped);
    let now = "2036-07-01T00:00:00Z";
    let purged = [("81000000002", "2026-06-01T00:00:00Z"), ("81000000001", "2026-05-01T00:00:00Z")];
    let told = [
        matched_beside(&shipped, &[], now, &purged),
        matched_beside(&shipped, &PAID[1..], now, &purged),
        matched_beside(&shipped, &PAID, now, &purged),
        matched_beside(&shipped, &[], now, &purged[1..]),
        matched_beside(&order(OrderStatus::Cancelled), &[], now, &purged),
    ];
    let told: Vec<String> = told.iter().map(|matched| matched.outcome.to_string()).collect();
    insta::assert_snapshot!(told.join("\n"), @"
    28.49 USD may be in a settlement that was purged: 81000000002
    24.00 USD may be in a settlement that was purged: 81000000002
    paid
    never paid
    nothing due
    ");
    let json = serde_json::to_value(matched_beside(&shipped, &[], now, &purged)).expect("JSON");
    assert_eq!(json["match"], "settlement_purged");
    assert_eq!(json["purged"], serde_json::json!(["81000000002"]));
}

#[test]
fn tax_that_the_marketplace_remits_is_in_and_out() {
    let matched = matched(&order(OrderStatus::Shipped), &PAID, "2026-05-20T00:00:00Z");
    let paid = matched.money.expect("it is in a settlement");
    assert_eq!((paid.sales, paid.refunds, paid.tax), (money("28.49"), money("0"), money("0")));
    assert_eq!(matched.charged, money("28.49"));
    assert_eq!(paid.settlements.len(), 1);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    /// However a payment is split into rows, what is missing is the difference to the cent.
    #[test]
    fn what_is_missing_is_the_difference(parts in proptest::collection::vec(1_i64..3000, 1..6)) {
        let rows: Vec<String> = parts
            .iter()
            .map(|part| format!("Order / ItemPrice / Principal | {}", cents(*part).amount_text()))
            .collect();
        let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
        let matched = matched(&order(OrderStatus::Shipped), &rows, "2026-07-01T00:00:00Z");
        let sum: i64 = parts.iter().sum();
        let expected: Money = cents(2849);
        let missing = expected.checked_sub(cents(sum)).expect("small");
        let told = serde_json::to_value(&matched.outcome).expect("JSON");
        match matched.outcome.as_str() {
            "paid" => prop_assert!(missing.is_zero()),
            "short_paid" => {
                prop_assert_eq!(&told["missing"]["amount"], &serde_json::json!(missing.amount_text()));
            }
            "over_paid" => {
                let excess = missing.abs().amount_text();
                prop_assert!(missing.is_negative());
                prop_assert_eq!(&told["excess"]["amount"], &serde_json::json!(excess));
            }
            other => prop_assert!(false, "{}", other),
        }
    }
}
