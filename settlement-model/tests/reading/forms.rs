//! One settlement, told in each form, encoding and order of columns, is one settlement.

use std::fmt::Write as _;
use std::io::Write as _;

use flate2::Compression;
use flate2::write::GzEncoder;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use settlement_model::{Form, LineSpan, ReadOptions, Settlement, read};

use crate::sheet::ID;

/// Where an amount stands: what V2 calls it, its columns in V1, its elements in XML.
#[derive(Debug, Clone, Copy)]
struct Kind {
    v2: &'static str,
    v1: &'static str,
    xml: [&'static str; 2],
}

const KINDS: [Kind; 4] = [
    Kind { v2: "ItemPrice", v1: "price", xml: ["ItemPrice", "Component"] },
    Kind { v2: "ItemFees", v1: "item-related-fee", xml: ["ItemFees", "Fee"] },
    Kind { v2: "ShipmentFees", v1: "shipment-fee", xml: ["ShipmentFees", "Fee"] },
    Kind { v2: "OrderFees", v1: "order-fee", xml: ["OrderFees", "Fee"] },
];

#[derive(Debug, Clone)]
struct Amount {
    kind: Kind,
    name: &'static str,
    cents: i64,
    transaction: &'static str,
    day: u32,
}

fn amounts() -> impl Strategy<Value = Vec<Amount>> {
    let parts = (
        select(KINDS.to_vec()),
        select(vec!["Principal", "Commission", "Größe & Maß"]),
        -99_999_i64..99_999,
        select(vec!["Order", "Refund"]),
        4_u32..17,
    );
    let amount = parts.prop_map(|(kind, name, cents, transaction, day)| Amount {
        kind,
        name,
        cents,
        transaction,
        day,
    });
    prop::collection::vec(amount, 1..16)
}

fn money(cents: i64, sign: char) -> String {
    let minus = if cents < 0 { "-" } else { "" };
    let cents = cents.abs();
    format!("{minus}{}{sign}{:02}", cents / 100, cents % 100)
}

fn total(amounts: &[Amount], sign: char) -> String {
    money(amounts.iter().map(|amount| amount.cents).sum(), sign)
}

/// A flat file of rows that are given as columns and cells.
fn flat(columns: &[String], rows: &[Vec<(&str, String)>]) -> String {
    let mut text = columns.join("\t") + "\n";
    for row in rows {
        let cell = |column: &String| {
            let found = row.iter().find(|(name, _)| name == column);
            found.map_or("", |(_, cell)| cell.as_str())
        };
        text += &(columns.iter().map(cell).collect::<Vec<_>>().join("\t") + "\n");
    }
    text
}

/// What both flat files say alike.
fn shared_cells(amounts: &[Amount], sign: char) -> Vec<Vec<(&'static str, String)>> {
    let id = ("settlement-id", ID.to_owned());
    let facts = vec![
        id.clone(),
        ("settlement-start-date", "2025-06-01T00:00:00+00:00".to_owned()),
        ("settlement-end-date", "2025-06-15T00:00:00+00:00".to_owned()),
        ("total-amount", total(amounts, sign)),
        ("currency", "EUR".to_owned()),
    ];
    let row = |amount: &Amount| {
        vec![
            id.clone(),
            ("transaction-type", amount.transaction.to_owned()),
            ("marketplace-name", "Amazon.de".to_owned()),
            ("fulfillment-id", "AFN".to_owned()),
            ("posted-date", format!("2025-06-{:02}T22:30:00+00:00", amount.day)),
        ]
    };
    std::iter::once(facts).chain(amounts.iter().map(row)).collect()
}

const SHARED: [&str; 9] = [
    "settlement-id",
    "settlement-start-date",
    "settlement-end-date",
    "total-amount",
    "currency",
    "transaction-type",
    "marketplace-name",
    "fulfillment-id",
    "posted-date",
];

fn v2(amounts: &[Amount], sign: char, order: &[Index]) -> String {
    let mut rows = shared_cells(amounts, sign);
    for (row, amount) in rows.iter_mut().skip(1).zip(amounts) {
        row.push(("amount-type", amount.kind.v2.to_owned()));
        row.push(("amount-description", amount.name.to_owned()));
        row.push(("amount", money(amount.cents, sign)));
    }
    let own = ["amount-type", "amount-description", "amount"];
    flat(&shuffled(SHARED.into_iter().chain(own), order), &rows)
}

fn v1(amounts: &[Amount], sign: char, order: &[Index]) -> String {
    const OWN: [&str; 14] = [
        "shipment-fee-type",
        "shipment-fee-amount",
        "order-fee-type",
        "order-fee-amount",
        "price-type",
        "price-amount",
        "item-related-fee-type",
        "item-related-fee-amount",
        "misc-fee-amount",
        "other-fee-amount",
        "other-fee-reason-description",
        "direct-payment-type",
        "direct-payment-amount",
        "other-amount",
    ];
    let mut rows = shared_cells(amounts, sign);
    let column = |kind: Kind, end: &str| {
        let name = format!("{}-{end}", kind.v1);
        OWN.into_iter().find(|own| *own == name).expect("a column of Flat File V1")
    };
    for (row, amount) in rows.iter_mut().skip(1).zip(amounts) {
        row.push((column(amount.kind, "type"), amount.name.to_owned()));
        row.push((column(amount.kind, "amount"), money(amount.cents, sign)));
    }
    flat(&shuffled(SHARED.into_iter().chain(OWN), order), &rows)
}

fn shuffled<'c>(columns: impl Iterator<Item = &'c str>, order: &[Index]) -> Vec<String> {
    let mut columns: Vec<String> = columns.map(str::to_owned).collect();
    for (at, other) in order.iter().enumerate().take(columns.len()) {
        let other = other.index(columns.len());
        columns.swap(at, other);
    }
    columns
}

fn xml(amounts: &[Amount], sign: char) -> String {
    let mut text = format!(
        "<?xml version=\"1.0\"?>\n<AmazonEnvelope><Message><SettlementReport><SettlementData>\
         <AmazonSettlementID>{ID}</AmazonSettlementID>\
         <TotalAmount currency=\"EUR\">{}</TotalAmount>\
         <StartDate>2025-06-01T00:00:00+00:00</StartDate>\
         <EndDate>2025-06-15T00:00:00+00:00</EndDate></SettlementData>\n",
        total(amounts, sign)
    );
    for amount in amounts {
        let Amount { transaction, day, .. } = amount;
        let [list, one] = amount.kind.xml;
        let name = amount.name.replace('&', "&amp;");
        let cents = money(amount.cents, sign);
        writeln!(
            text,
            "<{transaction}><MarketplaceName>Amazon.de</MarketplaceName><Fulfillment>\
             <MerchantFulfillmentID>AFN</MerchantFulfillmentID>\
             <PostedDate>2025-06-{day:02}T22:30:00+00:00</PostedDate>\
             <Item><{list}><{one}><Type>{name}</Type><Amount currency=\"EUR\">{cents}</Amount>\
             </{one}></{list}></Item></Fulfillment></{transaction}>"
        )
        .expect("a string takes all");
    }
    text + "</SettlementReport></Message></AmazonEnvelope>\n"
}

fn render(form: Form, amounts: &[Amount], sign: char, order: &[Index]) -> String {
    match form {
        Form::FlatFileV1 => v1(amounts, sign, order),
        Form::Xml => xml(amounts, sign),
        _ => v2(amounts, sign, order),
    }
}

fn encode(text: &str, encoding: usize) -> Vec<u8> {
    let marked = || format!("\u{feff}{text}");
    match encoding {
        0 => text.as_bytes().to_vec(),
        1 => marked().into_bytes(),
        2 => marked().encode_utf16().flat_map(u16::to_le_bytes).collect(),
        3 => marked().encode_utf16().flat_map(u16::to_be_bytes).collect(),
        4 => encoding_rs::WINDOWS_1252.encode(text).0.into_owned(),
        _ => {
            let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
            gzip.write_all(text.as_bytes()).and_then(|()| gzip.finish()).expect("memory")
        }
    }
}

/// The only settlement of a document, without its lines, in which the forms differ.
fn settlement(bytes: &[u8], form: Form) -> Settlement {
    let document = read(bytes, &ReadOptions::default()).expect("readable");
    assert_eq!(document.form, form);
    let [mut settlement] = <[_; 1]>::try_from(document.settlements).expect("one settlement");
    settlement.line = 0;
    for group in &mut settlement.groups {
        group.lines = LineSpan { first: 0, last: 0 };
    }
    settlement
}

fn forms() -> impl Strategy<Value = Form> {
    select(vec![Form::FlatFileV2, Form::FlatFileV1, Form::Xml])
}

fn orders() -> impl Strategy<Value = Vec<Index>> {
    prop::collection::vec(any::<Index>(), 24)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn every_form_tells_the_same(
        amounts in amounts(),
        form in forms(),
        order in orders(),
        comma: bool,
        encoding in 0_usize..6,
    ) {
        let plain = settlement(v2(&amounts, '.', &[]).as_bytes(), Form::FlatFileV2);
        prop_assert!(plain.ties());
        prop_assert_eq!(plain.rows, amounts.len() as u64);
        let text = render(form, &amounts, if comma { ',' } else { '.' }, &order);
        prop_assert_eq!(settlement(&encode(&text, encoding), form), plain);
    }

    #[test]
    fn an_amount_left_out_or_altered_breaks_the_tie(
        amounts in amounts(),
        form in forms(),
        at: Index,
        change in prop_oneof![Just(None), (1_i64..1000).prop_map(Some)],
    ) {
        let whole = render(form, &amounts, '.', &[]);
        let stated = total(&amounts, '.');
        let mut other = amounts.clone();
        let at = at.index(amounts.len());
        match change {
            Some(cents) => other[at].cents += cents,
            None => drop(other.remove(at)),
        }
        let changed = change.is_some() || amounts[at].cents != 0;
        // The document states the total of the whole settlement.
        let text = render(form, &other, '.', &[]).replacen(&total(&other, '.'), &stated, 1);
        prop_assert!(settlement(whole.as_bytes(), form).ties());
        prop_assert_eq!(settlement(text.as_bytes(), form).ties(), !changed);
    }

    #[test]
    fn no_damage_makes_it_panic(
        amounts in amounts(),
        form in forms(),
        encoding in 0_usize..6,
        damage in prop::collection::vec((any::<Index>(), any::<u8>()), 0..8),
        cut: Index,
    ) {
        let mut bytes = encode(&render(form, &amounts, '.', &[]), encoding);
        for (at, byte) in damage {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        bytes.truncate(cut.index(bytes.len()) + 1);
        if let Ok(document) = read(bytes.as_slice(), &ReadOptions::default()) {
            prop_assert!(!document.settlements.is_empty());
        }
    }
}
