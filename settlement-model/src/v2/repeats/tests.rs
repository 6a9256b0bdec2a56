//! The short cut and the full reading say the same of every document.

use proptest::prelude::*;
use proptest::sample::Index;

use crate::defect::{Defects, Unreadable};
use crate::document::{Limits, ReadOptions, read};
use crate::settlement::Settlement;
use crate::tally::Tally;
use crate::v2::{Item, RowReader};

use super::Repeats;

const HEADER: &str = "settlement-id\tsettlement-start-date\tsettlement-end-date\tdeposit-date\t\
     total-amount\tcurrency\ttransaction-type\torder-id\tmerchant-order-id\tadjustment-id\t\
     shipment-id\tmarketplace-name\tamount-type\tamount-description\tamount\tfulfillment-id\t\
     posted-date\tposted-date-time\torder-item-code\tmerchant-order-item-id\t\
     merchant-adjustment-item-id\tsku\tquantity-purchased\tpromotion-id";

/// Reads every row in full.
fn in_full(bytes: &[u8], options: &ReadOptions) -> Result<Vec<Settlement>, Unreadable> {
    let mut reader = RowReader::new(bytes, options)?;
    let mut tally = Tally::new(reader.zone().clone(), options);
    let mut found = Defects::new(options.limits.defects);
    while let Some(item) = reader.next() {
        match item {
            Err(defect) => found.push(defect),
            Ok(_) if found.any() => {}
            Ok(Item::Settlement(row)) => tally.begin(row),
            Ok(Item::Row(row)) => {
                if let Err(defect) = tally.add(&row) {
                    found.push(defect);
                }
            }
        }
    }
    found.into_result()?;
    Ok(tally.finish())
}

/// Items of one to five rows; whatever an item shares, its rows share.
#[derive(Debug, Clone)]
struct SoldItem {
    settlement: &'static str,
    transaction: &'static str,
    marketplace: &'static str,
    fulfillment: &'static str,
    posted: String,
    sku: String,
    amounts: Vec<(&'static str, String)>,
}

fn one_of(choices: &[&'static str]) -> impl Strategy<Value = &'static str> + use<> {
    prop::sample::select(choices.to_vec())
}

fn sold_items() -> impl Strategy<Value = Vec<SoldItem>> {
    let kinds = one_of(&[
        "ItemPrice\tPrincipal",
        "ItemPrice\tTax",
        "ItemFees\tCommission",
        " ItemFees \tGröße",
        "A\tB",
        "\t",
    ]);
    let amount = prop_oneof![
        8 => (-99_999_i64..99_999).prop_map(|cents| {
            let sign = if cents < 0 { "-" } else { "" };
            format!("{sign}{}.{:02}", cents.abs() / 100, cents.abs() % 100)
        }),
        1 => one_of(&["1,234.50", "12", " 1.00", "1.5", "-0.00", "123456789.01", "5.00-"])
            .prop_map(str::to_owned),
        // Two of one sign are too large a sum.
        1 => one_of(&["396140812571321687967719751.68", "-396140812571321687967719751.68"])
            .prop_map(str::to_owned),
    ];
    let time = (14_u32..20, 0_u32..24, 0_u32..60).prop_map(|(day, hour, minute)| {
        format!("2026-05-{day}\t2026-05-{day} {hour:02}:{minute:02}:09 UTC")
    });
    let item = (
        one_of(&["81000000001", "81000000001", "81000000002"]),
        one_of(&["Order", "Order", "Refund", "other-transaction"]),
        one_of(&["Amazon.com", "Amazon.com", "Amazon.ca", ""]),
        one_of(&["AFN", "AFN", "MFN", ""]),
        prop_oneof![6 => time, 1 => Just("2026-05-15\t".to_owned())],
        prop_oneof!["[A-Z]{0,60}", "[A-C]?"],
        prop::collection::vec((kinds, amount), 1..6),
    );
    let item = item.prop_map(
        |(settlement, transaction, marketplace, fulfillment, posted, sku, amounts)| SoldItem {
            settlement,
            transaction,
            marketplace,
            fulfillment,
            posted,
            sku,
            amounts,
        },
    );
    prop::collection::vec(item, 0..40)
}

fn document(items: &[SoldItem], line_end: &str) -> String {
    let mut lines = vec![HEADER.to_owned()];
    for id in ["81000000001", "81000000002"] {
        let blank = "\t".repeat(18);
        lines.push(format!("{id}\t2026-05-01\t2026-05-30\t\t100.00\tUSD{blank}"));
    }
    for (number, item) in items.iter().enumerate() {
        let SoldItem { settlement, transaction, marketplace, fulfillment, posted, sku, .. } = item;
        for (kind, amount) in &item.amounts {
            lines.push(format!(
                "{settlement}\t\t\t\t\t\t{transaction}\t{number}\t\t\t\t{marketplace}\t{kind}\t\
                 {amount}\t{fulfillment}\t{posted}\t{number}\t\t\t{sku}\t1\t"
            ));
        }
        if number % 16 == 15 {
            lines.push(HEADER.to_owned());
        }
    }
    lines.join(line_end) + line_end
}

/// A replacement that leaves much of a document alive.
fn damage() -> impl Strategy<Value = Vec<(Index, u8)>> {
    let byte = prop::sample::select(b"\t\n\r09.-, aU\xe4\0".to_vec());
    prop::collection::vec((any::<Index>(), byte), 0..4)
}

fn same(bytes: &[u8]) -> Result<(), TestCaseError> {
    for options in [
        ReadOptions::default(),
        ReadOptions { group_by_sku: true, ..ReadOptions::default() },
        ReadOptions {
            limits: Limits { line_bytes: 220, groups: 12, ..Limits::default() },
            ..ReadOptions::default()
        },
    ] {
        let short = read(bytes, &options).map(|document| document.settlements);
        prop_assert_eq!(short, in_full(bytes, &options));
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn the_short_cut_leads_to_the_same_place(items in sold_items(), crlf: bool) {
        same(document(&items, if crlf { "\r\n" } else { "\n" }).as_bytes())?;
    }

    #[test]
    fn damage_is_found_on_the_short_cut_too(items in sold_items(), damage in damage()) {
        let mut bytes = document(&items, "\n").into_bytes();
        for (at, byte) in damage {
            let at = HEADER.len() + at.index(bytes.len() - HEADER.len());
            bytes[at] = byte;
        }
        same(&bytes)?;
    }
}

/// Once each row was read in full, none has to be again.
#[test]
fn rows_that_repeat_are_passed() {
    let item = |transaction, time: &str, sku: &str| SoldItem {
        settlement: "81000000001",
        transaction,
        marketplace: "Amazon.com",
        fulfillment: "AFN",
        posted: format!("2026-05-15\t2026-05-15 {time} UTC"),
        sku: sku.to_owned(),
        amounts: [("ItemPrice\tPrincipal", "22.64"), ("ItemFees\tCommission", "-3.39")]
            .map(|(kind, amount)| (kind, amount.to_owned()))
            .to_vec(),
    };
    let items = [
        item("Order", "10:00:00", "MUG-1"),
        item("Order", "23:59:59", "MUG-2"),
        item("Refund", "10:00:00", "MUG-1"),
    ];
    let text = document(&items, "\n");
    for group_by_sku in [false, true] {
        let options = ReadOptions { group_by_sku, ..ReadOptions::default() };
        let mut reader = RowReader::new(text.as_bytes(), &options).expect("a header");
        let zone = reader.zone().clone();
        let mut tally = Tally::new(zone.clone(), &options);
        let mut repeats = Repeats::new(zone, &options);
        loop {
            let sign = reader.decimal_sign();
            match reader.next().transpose().expect("sound") {
                Some(Item::Settlement(row)) => tally.begin(row),
                Some(Item::Row(row)) => {
                    let group = tally.add(&row).expect("a small sum");
                    repeats.learn(&row, group, sign);
                }
                None => break,
            }
        }
        let rows = text.find("81000000001\t\t\t\t\t\tOrder").expect("a row");
        let passed = repeats.pass(&text.as_bytes()[rows..], 4, &mut tally);
        assert_eq!((passed.rows, passed.bytes), (6, text.len() - rows));
    }
}

/// Other columns behind the first ones, and then other columns altogether.
#[test]
fn another_header_in_the_document_is_heeded() {
    let head = "81000000001\t\t\t\t\t\tOrder\t1\t\t\t\tAmazon.com\tItemPrice\tPrincipal\t5.00\tAFN\
                \t2026-05-15\t2026-05-15 10:00:00 UTC";
    let row = format!("{head}\t\t\t\tMUG\t1\t\n");
    let swapped =
        HEADER.replace("amount-type\tamount-description", "amount-description\tamount-type");
    let mut text = document(&[], "\n") + &row.repeat(3);
    text += &(swapped + "\n" + &row.repeat(3));
    text += &(HEADER.replace("\tpromotion-id", "") + "\n" + &row.replace("\t1\t\n", "\t1\n"));
    let options = ReadOptions::default();
    let settlements = in_full(text.as_bytes(), &options).expect("readable");
    assert_eq!(settlements[0].groups.len(), 2);
    assert_eq!(settlements[0].rows, 7);
    assert_eq!(
        read(text.as_bytes(), &options).map(|document| document.settlements),
        Ok(settlements)
    );
}
