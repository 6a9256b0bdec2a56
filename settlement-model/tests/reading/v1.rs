//! Flat File V1: each of its amounts is a row of Flat File V2.

use proptest::prelude::*;
use proptest::sample::Index;
use settlement_model::{Form, Item, ReadOptions, Reason, RowReader, read};

use crate::sheet::{ID, defects, read_text};

const COLUMNS: [&str; 36] = [
    "settlement-id",
    "settlement-start-date",
    "settlement-end-date",
    "deposit-date",
    "total-amount",
    "currency",
    "transaction-type",
    "order-id",
    "merchant-order-id",
    "adjustment-id",
    "shipment-id",
    "marketplace-name",
    "shipment-fee-type",
    "shipment-fee-amount",
    "order-fee-type",
    "order-fee-amount",
    "fulfillment-id",
    "posted-date",
    "order-item-code",
    "merchant-order-item-id",
    "merchant-adjustment-item-id",
    "sku",
    "quantity-purchased",
    "price-type",
    "price-amount",
    "item-related-fee-type",
    "item-related-fee-amount",
    "misc-fee-amount",
    "other-fee-amount",
    "other-fee-reason-description",
    "promotion-id",
    "promotion-type",
    "promotion-amount",
    "direct-payment-type",
    "direct-payment-amount",
    "other-amount",
];

type Cells<'c> = &'c [(&'c str, &'c str)];

fn line(columns: &[&str], cells: Cells<'_>) -> String {
    let cell = |column: &&str| cells.iter().find(|(name, _)| name == column);
    let cells: Vec<&str> = columns.iter().map(|column| cell(column).map_or("", |c| c.1)).collect();
    cells.join("\t") + "\n"
}

/// A document of these columns: header, settlement row, and rows posted on one day.
fn sheet(columns: &[&str], total: &str, rows: &[Cells<'_>]) -> String {
    let facts = [
        ("settlement-id", ID),
        ("settlement-start-date", "2025-05-03T18:00:00+00:00"),
        ("settlement-end-date", "2025-05-17T18:00:00+00:00"),
        ("total-amount", total),
        ("currency", "CAD"),
    ];
    let mut text = columns.join("\t") + "\n" + &line(columns, &facts);
    for row in rows {
        let mut cells = vec![("settlement-id", ID), ("posted-date", "2025-05-05T19:00:00+00:00")];
        cells.extend_from_slice(row);
        text.push_str(&line(columns, &cells));
    }
    text
}

#[test]
fn each_amount_is_a_row_of_flat_file_v2() {
    let text = sheet(
        &COLUMNS,
        "-85.00",
        &[
            &[("transaction-type", "Order"), ("sku", "MUG-1"), ("quantity-purchased", "1")],
            &[
                ("transaction-type", "Order"),
                ("marketplace-name", "Amazon.ca"),
                ("fulfillment-id", "AFN"),
                ("price-type", "Principal"),
                ("price-amount", "20.00"),
                ("item-related-fee-type", "Commission"),
                ("item-related-fee-amount", "-3.00"),
            ],
            &[
                ("transaction-type", "ServiceFee"),
                ("item-related-fee-type", "Cost of Advertising"),
                ("item-related-fee-amount", "-10.00"),
                ("other-fee-amount", "-1.00"),
                ("other-fee-reason-description", "TaxAmount"),
            ],
            &[("transaction-type", "WAREHOUSE_DAMAGE"), ("other-amount", "9.00")],
            &[("transaction-type", "Payable to Amazon"), ("other-amount", "-100.00    ")],
            &[("transaction-type", "Micro Deposit"), ("other-amount", "-0.01")],
            &[
                ("transaction-type", "Order"),
                ("promotion-type", "Shipping"),
                ("promotion-amount", "-0.09"),
                ("shipment-fee-type", "FBA transportation fee"),
                ("shipment-fee-amount", "0.10"),
            ],
        ],
    );
    let document = read_text(&text).expect("readable");
    let settlement = &document.settlements[0];
    assert_eq!(document.form, Form::FlatFileV1);
    assert!(document.extra_columns.is_empty());
    assert!(settlement.ties());
    let rows: Vec<_> = settlement
        .groups
        .iter()
        .map(|group| format!("{} {}", group.triple, group.amount.amount_text()))
        .collect();
    assert_eq!(
        rows,
        [
            "Order / ItemFees / Commission -3.00",
            "Order / ItemPrice / Principal 20.00",
            "Order / Promotion / Shipping -0.09",
            "Order / ShipmentFees / FBA transportation fee 0.10",
            "ServiceFee / Cost of Advertising / TransactionTotalAmount -11.00",
            "Transfers / Micro Deposit / Micro Deposit -0.01",
            "other-transaction / FBA Inventory Reimbursement / WAREHOUSE_DAMAGE 9.00",
            "other-transaction / other-transaction / Payable to Amazon -100.00",
        ]
    );
}

#[test]
fn both_amounts_of_a_line_have_its_sku() {
    let row: Cells<'_> = &[
        ("transaction-type", "Order"),
        ("sku", "MUG-1"),
        ("price-type", "Principal"),
        ("price-amount", "20.00"),
        ("item-related-fee-type", "Commission"),
        ("item-related-fee-amount", "-3.00"),
    ];
    let options = ReadOptions { group_by_sku: true, ..ReadOptions::default() };
    let document = read(sheet(&COLUMNS, "17.00", &[row]).as_bytes(), &options).expect("readable");
    let skus = document.settlements[0].groups.iter().map(|group| group.sku.as_deref());
    assert_eq!(skus.collect::<Vec<_>>(), [Some("MUG-1"); 2]);
}

#[test]
fn a_line_with_two_amounts_comes_as_two_rows() {
    let row: Cells<'_> = &[
        ("transaction-type", "Order"),
        ("price-type", "Principal"),
        ("price-amount", "20.00"),
        ("item-related-fee-type", "Commission"),
        ("item-related-fee-amount", "-3.00"),
    ];
    let text = sheet(&COLUMNS, "17.00", &[row]);
    let mut reader = RowReader::new(text.as_bytes(), &ReadOptions::default()).expect("a header");
    let mut seen = Vec::new();
    while let Some(item) = reader.next() {
        if let Item::Row(row) = item.expect("a row") {
            assert_eq!(row.cell("price-amount"), Some("20.00"));
            seen.push((row.amount_description().to_owned(), row.amount().to_string(), row.line()));
        }
    }
    let of = |kind: &str, amount: &str| (kind.to_owned(), amount.to_owned(), 3);
    assert_eq!(seen, [of("Principal", "20.00 CAD"), of("Commission", "-3.00 CAD")]);
}

#[test]
fn the_promotion_columns_may_be_missing_together_and_no_others() {
    let without = |missing: &[&str]| {
        let mut columns = COLUMNS.to_vec();
        columns.retain(|column| !missing.contains(column));
        sheet(&columns, "0.00", &[])
    };
    let promotion = ["promotion-id", "promotion-type", "promotion-amount"];
    assert!(read_text(&without(&promotion)).is_ok());
    for lacking in ["promotion-amount", "price-amount", "other-amount", "price-type"] {
        let expected = (Reason::MissingColumn, Some(1), Some(lacking.to_owned()));
        assert_eq!(defects(without(&[lacking])), [expected]);
    }
}

#[test]
fn a_row_says_what_it_is_for() {
    let one = |cells: Cells<'_>| defects(sheet(&COLUMNS, "0.00", &[cells])).remove(0);
    let nothing = one(&[("transaction-type", "Order")]);
    assert_eq!(nothing, (Reason::BadNumber, Some(3), None));
    let no_amount = one(&[("transaction-type", "Order"), ("price-type", "Principal")]);
    assert_eq!(no_amount, (Reason::BadNumber, Some(3), Some("price-amount".to_owned())));
    let no_number = one(&[("transaction-type", "Order"), ("price-amount", "n/a")]);
    assert_eq!(no_number, (Reason::BadNumber, Some(3), Some("price-amount".to_owned())));
}

#[test]
fn without_a_settlement_row_there_is_nothing_to_tie_to() {
    let text = sheet(&COLUMNS, "1.00", &[&[("transaction-type", "Fee"), ("other-amount", "1.00")]]);
    let lines: Vec<_> = text.lines().collect();
    let expected = (Reason::RowBeforeSettlement, Some(2), Some("settlement-id".to_owned()));
    assert_eq!(defects(format!("{}\n{}\n", lines[0], lines[2])), [expected]);
}

const KINDS: [(&str, &str); 5] = [
    ("price-type", "price-amount"),
    ("item-related-fee-type", "item-related-fee-amount"),
    ("promotion-type", "promotion-amount"),
    ("shipment-fee-type", "shipment-fee-amount"),
    ("order-fee-type", "order-fee-amount"),
];

fn cents(amount: i64, sign: char) -> String {
    let minus = if amount < 0 { "-" } else { "" };
    let amount = amount.abs();
    format!("{minus}{}{sign}{:02}", amount / 100, amount % 100)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_order_of_columns_and_either_sign(
        rows in prop::collection::vec((0..KINDS.len(), -99_999_i64..99_999), 1..20),
        order in Just(COLUMNS.to_vec()).prop_shuffle(),
        comma: bool,
        left_out: Index,
    ) {
        let sign = if comma { ',' } else { '.' };
        let amounts: Vec<_> = rows.iter().map(|(kind, cents_)| (*kind, cents(*cents_, sign))).collect();
        let cells: Vec<Vec<(&str, &str)>> = amounts
            .iter()
            .map(|(kind, amount)| vec![
                ("transaction-type", "Order"),
                (KINDS[*kind].0, "Kind"),
                (KINDS[*kind].1, amount.as_str()),
            ])
            .collect();
        let mut cells: Vec<Cells<'_>> = cells.iter().map(Vec::as_slice).collect();
        let total: i64 = rows.iter().map(|(_, amount)| amount).sum();
        let read = |text: String| read(text.as_bytes(), &ReadOptions::default()).expect("readable");
        let whole = read(sheet(&order, &cents(total, sign), &cells));
        prop_assert!(whole.settlements[0].ties());
        prop_assert_eq!(whole.settlements[0].rows, rows.len() as u64);
        let plain = read(sheet(&COLUMNS, &cents(total, sign), &cells));
        prop_assert_eq!(&whole.settlements, &plain.settlements);

        let gone = left_out.index(rows.len());
        cells.remove(gone);
        let less = read(sheet(&order, &cents(total, sign), &cells));
        prop_assert_eq!(less.settlements[0].ties(), rows[gone].1 == 0);
    }
}
