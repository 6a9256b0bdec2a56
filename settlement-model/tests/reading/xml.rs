//! The XML form: each of its amounts is a row of Flat File V2.

use proptest::prelude::*;
use proptest::sample::Index;
use settlement_model::{
    Document, Form, Item, Limits, ReadOptions, Reason, RowReader, Unreadable, ZoneSource, read,
    read_rows,
};

use crate::sheet::{ID, defects, read_text};

fn envelope(reports: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<AmazonEnvelope>\n\
         <Header><DocumentVersion>1.01</DocumentVersion></Header>\n\
         <MessageType>SettlementReport</MessageType>\n{reports}</AmazonEnvelope>\n"
    )
}

fn report(id: &str, total: &str, transactions: &str) -> String {
    format!(
        "<Message><MessageID>1</MessageID><SettlementReport>\n<SettlementData>\
         <AmazonSettlementID>{id}</AmazonSettlementID>\
         <TotalAmount currency=\"USD\">{total}</TotalAmount>\
         <StartDate>2025-06-01T00:00:00+00:00</StartDate>\
         <EndDate>2025-06-15T00:00:00+00:00</EndDate>\
         <DepositDate>2025-06-17T00:00:00+00:00</DepositDate></SettlementData>\n\
         {transactions}</SettlementReport></Message>\n"
    )
}

fn one(total: &str, transactions: &str) -> String {
    envelope(&report(ID, total, transactions))
}

fn other(kind: &str, amount: &str) -> String {
    format!(
        "<OtherTransaction><TransactionType>{kind}</TransactionType>\
         <PostedDate>2025-06-12T10:00:00+00:00</PostedDate>\
         <Amount currency=\"USD\">{amount}</Amount></OtherTransaction>\n"
    )
}

const ORDER: &str = r#"<Order>
  <AmazonOrderID>111-0000001-0000001</AmazonOrderID>
  <MarketplaceName>Amazon.com</MarketplaceName>
  <ShipmentFees><Fee><Type>FBA transportation fee</Type><Amount currency="USD">-1.00</Amount></Fee></ShipmentFees>
  <Fulfillment>
    <MerchantFulfillmentID>AFN</MerchantFulfillmentID>
    <PostedDate>2025-06-05T03:00:00+00:00</PostedDate>
    <Item>
      <SKU>MUG &amp; <![CDATA[<LID>]]>&#x21;</SKU>
      <Quantity>1</Quantity>
      <ItemPrice>
        <Component><Type>Principal</Type><Amount currency="USD">20.00</Amount></Component>
        <Component><Type>Tax</Type><Amount currency="USD">1.60</Amount></Component>
      </ItemPrice>
      <ItemFees><Fee><Amount currency="USD">-3.00</Amount><Type>Commission</Type></Fee></ItemFees>
      <Promotion><Type>Shipping</Type><Amount currency="USD">-0.60</Amount></Promotion>
    </Item>
  </Fulfillment>
</Order>
"#;

#[test]
fn rows_are_shown_as_in_flat_file_v2() {
    let text = one("-22.99", &format!("{ORDER}{}", other("Subscription Fee", "-39.99")));
    let (mut settlements, mut rows) = (0, Vec::new());
    let shown = read_rows(text.as_bytes(), &ReadOptions::default(), |item, zone| match item {
        Item::Settlement(row) => {
            assert_eq!((row.id.as_str(), row.total.amount_text().as_str()), (ID, "-22.99"));
            settlements += 1;
        }
        Item::Row(row) => rows.push(format!(
            "{} {} {} {} {}",
            row.posted().date_in(zone),
            row.order_id(),
            row.sku(),
            row.amount_description(),
            row.amount().amount_text()
        )),
    });
    shown.expect("readable");
    assert_eq!((settlements, rows.len()), (1, 6));
    assert_eq!(rows[0], "2025-06-04 111-0000001-0000001  FBA transportation fee -1.00");
    assert_eq!(rows[1], "2025-06-04 111-0000001-0000001 MUG & <LID>! Principal 20.00");
    assert_eq!(rows[5], "2025-06-12   Subscription Fee -39.99");

    let broken = text.replace("</AmazonEnvelope>", "");
    let mut shown = 0;
    let refused = read_rows(broken.as_bytes(), &ReadOptions::default(), |_, _| shown += 1);
    assert!(refused.is_err() && shown == 7, "what was shown before must not be used");
}

fn lines(document: &Document) -> Vec<String> {
    let line = |group: &settlement_model::Group| {
        format!("{} {} {}", group.date, group.triple, group.amount.amount_text())
    };
    document.settlements[0].groups.iter().map(line).collect()
}

#[test]
fn an_order_is_told_as_in_flat_file_v2() {
    let document = read_text(&one("17.00", ORDER)).expect("readable");
    assert_eq!(document.form, Form::Xml);
    assert_eq!(document.zone_source, ZoneSource::Marketplace("Amazon.com".to_owned()));
    assert!(document.settlements[0].ties());
    assert_eq!(
        lines(&document),
        [
            "2025-06-04 Order / ItemFees / Commission -3.00",
            "2025-06-04 Order / ItemPrice / Principal 20.00",
            "2025-06-04 Order / ItemPrice / Tax 1.60",
            "2025-06-04 Order / Promotion / Shipping -0.60",
            "2025-06-04 Order / ShipmentFees / FBA transportation fee -1.00",
        ]
    );
    let group = &document.settlements[0].groups[0];
    assert_eq!(group.marketplace.as_deref(), Some("Amazon.com"));
    assert_eq!(group.lines.first, 21);
}

#[test]
fn an_item_has_its_sku_when_asked_for() {
    let options = ReadOptions { group_by_sku: true, ..ReadOptions::default() };
    let document = read(one("17.00", ORDER).as_bytes(), &options).expect("readable");
    let skus: Vec<_> = document.settlements[0]
        .groups
        .iter()
        .map(|group| (group.triple.amount_description.as_str(), group.sku.as_deref()))
        .collect();
    assert_eq!(
        skus,
        [
            ("Commission", Some("MUG & <LID>!")),
            ("Principal", Some("MUG & <LID>!")),
            ("Tax", Some("MUG & <LID>!")),
            ("Shipping", Some("MUG & <LID>!")),
            ("FBA transportation fee", Some("")),
        ]
    );
}

#[test]
fn a_bill_for_advertising_counts_once() {
    let bill = |tax: &str| {
        format!(
            "<AdvertisingTransactionDetails><TransactionType>Charge</TransactionType>\
             <PostedDate>2025-06-13T10:00:00+00:00</PostedDate>\
             <BaseAmount currency=\"USD\">-10.00</BaseAmount>\
             <TaxAmount currency=\"USD\">{tax}</TaxAmount>\
             <TransactionAmount currency=\"USD\">-12.00</TransactionAmount>\
             </AdvertisingTransactionDetails>"
        )
    };
    let document = read_text(&one("-12.00", &bill("-2.00"))).expect("readable");
    assert!(document.settlements[0].ties());
    let expected = ["2025-06-13 ServiceFee / Cost of Advertising / TransactionTotalAmount -12.00"];
    assert_eq!(lines(&document), expected);
    let wrong = (Reason::BadNumber, Some(7), Some("TransactionAmount".to_owned()));
    assert_eq!(defects(one("-12.00", &bill("-2.01"))), [wrong]);
}

#[test]
fn other_transactions_are_named_as_in_flat_file_v2() {
    let rows = other("WAREHOUSE_DAMAGE", "9.00") + &other("Subscription Fee", "-39.99");
    let document = read_text(&one("-30.99", &rows)).expect("readable");
    assert!(document.settlements[0].ties());
    assert_eq!(
        lines(&document),
        [
            "2025-06-12 other-transaction / FBA Inventory Reimbursement / WAREHOUSE_DAMAGE 9.00",
            "2025-06-12 other-transaction / other-transaction / Subscription Fee -39.99",
        ]
    );
}

#[test]
fn several_settlements_in_one_envelope() {
    let text = envelope(
        &(report("1", "5.00", &other("A", "5.00")) + &report("2", "-1.00", &other("B", "-1.00"))),
    );
    let document = read_text(&text).expect("readable");
    let ties: Vec<_> =
        document.settlements.iter().map(|one| (one.id.as_str(), one.ties())).collect();
    assert_eq!(ties, [("1", true), ("2", true)]);
}

#[test]
fn an_amount_in_an_unknown_place_holds_the_document() {
    let held = |transactions: &str| {
        let refused = read_text(&one("0.00", transactions)).expect_err("held");
        let defect = refused.defects.into_iter().next().expect("one");
        assert_eq!(defect.reason, Reason::UnknownAmount, "{defect}");
        (defect.line, defect.column, defect.message)
    };
    let (line, column, message) = held("<Loan><Interest currency=\"USD\">0.00</Interest></Loan>");
    assert_eq!((line, column.as_deref()), (Some(7), Some("Interest")));
    assert!(message.contains("Loan/Interest"), "{message}");
    let (_, column, _) = held("<Loan><Part><Amount>1.00</Amount></Part></Loan>");
    assert_eq!(column.as_deref(), Some("Amount"));
    held(
        &ORDER
            .replace("<ItemFees><Fee>", "<ItemFees><Surcharge>")
            .replace("<Type>Commission</Type></Fee>", "<Type>Commission</Type></Surcharge>"),
    );
    // An amount with elements in it would be lost.
    held(&other("A", "1.00<Note/>"));
}

/// What Flat File V2 calls the amounts of [`of_accounts`] and [`of_orders`].
const TOLD: [&str; 20] = [
    "A-to-z Guarantee Refund / ItemFees / Commission 3.00",
    "A-to-z Guarantee Refund / Promotion / Shipping 0.70",
    "Chargeback Refund / ItemPrice / Principal -20.00",
    "CouponRedemptionFee / CouponRedemptionFee / Save 5% -1.80",
    "Liquidations / ItemFees / LiquidationsBrokerageFee -0.60",
    "Liquidations / ItemPrice / Principal 4.00",
    "Liquidations / ItemPrice / Tax 0.40",
    "Liquidations / ItemWithheldTax / MarketplaceFacilitatorTax-Principal -0.40",
    "MiscEvent / misc-fee / misc-fee -0.10",
    "Order / ItemTCS / TCS-IGST -0.05",
    "Order / ItemWithheldTax / LowValueGoodsTax-Principal -0.75",
    "Order / OrderFees / Handling -0.25",
    "Order / direct-payment / COD 5.00",
    "Order_Retrocharge / ItemPrice / ShippingTax 0.50",
    "Order_Retrocharge / ItemPrice / Tax 1.00",
    "Order_Retrocharge / ItemWithheldTax / MarketplaceFacilitatorTax-Principal -1.50",
    "OtherFee / other-fee / Vine -3.00",
    "Promotion Fee / PromotionFee / Deal -9.00",
    "Refund_Retrocharge / ItemPrice / Tax -1.00",
    "TaxWithholding / TaxWithholding / TaxWithholding -2.00",
];

const POSTED: &str = "<PostedDate>2025-06-12T10:00:00+00:00</PostedDate>";

fn dollars(amount: &str) -> String {
    format!("<Amount currency=\"USD\">{amount}</Amount>")
}

fn part(element: &str, kind: &str, amount: &str) -> String {
    format!("<{element}><Type>{kind}</Type>{}</{element}>", dollars(amount))
}

/// Transactions of the account, by the published models of the form.
fn of_accounts() -> Vec<(&'static str, String)> {
    vec![
        (
            "Retrocharge",
            format!(
                "{POSTED}<BaseTax>{}</BaseTax><ShippingTax>{}</ShippingTax>{}",
                dollars("1.00"),
                dollars("0.50"),
                part("Charge", "MarketplaceFacilitatorTax-Principal", "-1.50")
            ),
        ),
        ("RetrochargeReversal", format!("{POSTED}<BaseTax currency=\"USD\">-1.00</BaseTax>")),
        (
            "SellerCouponPayment",
            format!(
                "{POSTED}<TransactionType>CouponRedemptionFee\
            </TransactionType><PaymentReason>Save 5%</PaymentReason>{}<Count>3</Count>",
                part("CouponFee", "CouponRedemptionFee", "-1.80")
            ),
        ),
        (
            "SellerDealPayment",
            format!(
                "{POSTED}<TransactionType>Promotion Fee</TransactionType>\
            <PaymentReason>Deal</PaymentReason>{}",
                part("DealFee", "PromotionFee", "-9.00")
            ),
        ),
        (
            "Liquidations",
            format!(
                "{POSTED}<OrderId>1</OrderId><Item><SKU>MUG</SKU>\
            <Quantity>1</Quantity>{}{}{}{}</Item>",
                part("Component", "Principal", "4.00"),
                part("Component", "Tax", "0.40"),
                part("Component", "MarketplaceFacilitatorTax-Principal", "-0.40"),
                part("Component", "LiquidationsBrokerageFee", "-0.60")
            ),
        ),
        (
            "TaxWithholding",
            format!(
                "<TransactionType>TaxWithholding</TransactionType>{POSTED}\
            <TransactionAmount currency=\"USD\">-2.00</TransactionAmount>"
            ),
        ),
        (
            "OtherFee",
            format!("{POSTED}{}<ReasonDescription>Vine</ReasonDescription>", dollars("-3.00")),
        ),
        ("MiscEvent", format!("{POSTED}{}", dollars("-0.10"))),
    ]
}

/// Transactions that are built as orders are.
fn of_orders() -> Vec<(&'static str, String)> {
    vec![
        (
            "Chargeback",
            format!(
                "<Fulfillment>{POSTED}<AdjustedItem><ItemPriceAdjustments>{}\
            </ItemPriceAdjustments></AdjustedItem></Fulfillment>",
                part("Component", "Principal", "-20.00")
            ),
        ),
        (
            "GuaranteeClaim",
            format!(
                "<Fulfillment>{POSTED}<AdjustedItem><ItemFeeAdjustments>{}\
            </ItemFeeAdjustments>{}</AdjustedItem></Fulfillment>",
                part("Fee", "Commission", "3.00"),
                part("PromotionAdjustment", "Shipping", "0.70")
            ),
        ),
        (
            "Order",
            format!(
                "{POSTED}<DirectPayment>{}</DirectPayment><OrderFee>{}</OrderFee><Item>\
            <ItemPrice>{}{}</ItemPrice></Item>",
                part("Component", "COD", "5.00"),
                part("Fee", "Handling", "-0.25"),
                part("Component", "LowValueGoodsTax-Principal", "-0.75"),
                part("Component", "TCS-IGST", "-0.05")
            ),
        ),
    ]
}

#[test]
fn every_kind_of_transaction_is_told_as_in_flat_file_v2() {
    let kinds = of_accounts().into_iter().chain(of_orders());
    let transactions: String =
        kinds.map(|(name, inner)| format!("<{name}>{inner}</{name}>\n")).collect();
    let document = read_text(&one("-25.85", &transactions)).expect("readable");
    let settlement = &document.settlements[0];
    assert!(settlement.ties(), "{}", settlement.sum);
    let triples: Vec<_> = lines(&document).iter().map(|line| line[11..].to_owned()).collect();
    assert_eq!(triples, TOLD);
}

#[test]
fn what_another_transaction_consists_of_counts_once() {
    let of = |inner: &str| {
        format!(
            "<OtherTransaction><TransactionType>WAREHOUSE_DAMAGE</TransactionType>\
             <PostedDate>2025-06-12T10:00:00+00:00</PostedDate>{inner}</OtherTransaction>"
        )
    };
    let amount = |cents: &str| format!("<Amount currency=\"USD\">{cents}</Amount>");
    let item = |cents: &str| {
        let share = amount(cents);
        format!(
            "<OtherTransactionItem><SKU>MUG</SKU><Quantity>1</Quantity>{share}</OtherTransactionItem>"
        )
    };
    let fee = |cents: &str| format!("<Fee><Type>Base fee</Type>{}</Fee>", amount(cents));
    let sum = |inner: &str| {
        let document = read_text(&one("9.00", &of(inner))).expect("readable");
        (lines(&document).concat(), document.settlements[0].ties())
    };
    let reimbursed =
        "2025-06-12 other-transaction / FBA Inventory Reimbursement / WAREHOUSE_DAMAGE 9.00";
    let whole = amount("9.00");
    assert_eq!(sum(&whole), (reimbursed.to_owned(), true));
    assert_eq!(
        sum(&format!("{whole}{}{}", item("4.00"), item("5.00"))),
        (reimbursed.to_owned(), true)
    );
    assert_eq!(sum(&(item("4.00") + &item("5.00"))), (reimbursed.to_owned(), true));
    let fees = "2025-06-12 WAREHOUSE_DAMAGE / Fees / Base fee 9.00";
    assert_eq!(
        sum(&format!("<Fees>{}{}</Fees>", fee("10.00"), fee("-1.00"))),
        (fees.to_owned(), true)
    );
    assert_eq!(sum(&fee("9.00")), (fees.to_owned(), true));
    let unclear = [
        format!("{whole}{}", item("4.00")),
        format!("{whole}<Fees>{}</Fees>", fee("-1.00")),
        format!("{}{}", item("9.00"), fee("9.00")),
    ];
    for inner in unclear {
        let expected = (Reason::UnknownAmount, Some(7), Some("OtherTransaction".to_owned()));
        assert_eq!(defects(one("9.00", &of(&inner))), [expected], "{inner}");
    }
}

#[test]
fn an_id_in_quotation_marks_is_an_id() {
    let text = one("1.00", &other("A", "1.00")).replace(ID, &format!("\"{ID}\""));
    let document = read_text(&text).expect("readable");
    assert_eq!(document.settlements[0].id.as_str(), ID);
    assert!(document.settlements[0].ties());
}

#[test]
fn defects_name_the_element() {
    let of = |total: &str, transactions: &str| defects(one(total, transactions)).remove(0);
    let named = |reason, line, element: &str| (reason, Some(line), Some(element.to_owned()));
    assert_eq!(of("0.00", &other("A", "n/a")), named(Reason::BadNumber, 7, "Amount"));
    assert_eq!(of("", ""), named(Reason::MissingTotal, 6, "TotalAmount"));
    let undated = other("A", "1.00").replace("2025-06-12T10:00:00+00:00", "soon");
    assert_eq!(of("1.00", &undated), named(Reason::BadDate, 7, "PostedDate"));
    let euros = other("A", "1.00").replace("USD", "EUR");
    assert_eq!(of("1.00", &euros), named(Reason::CurrencyMismatch, 7, "currency"));
}

#[test]
fn what_is_not_sound_xml_is_refused() {
    let whole = one("17.00", ORDER);
    let cut = whole.find("<Promotion>").expect("a promotion");
    let documents = [
        whole[..cut].to_owned(),
        whole.replace("</Item>", "</Iten>"),
        whole.replace("&amp;", "&secret;"),
        whole.replace("<AmazonEnvelope>", "<!DOCTYPE a [<!ENTITY b \"c\">]><AmazonEnvelope>"),
        whole.replace("<Order>", &"<Order>".repeat(40)),
    ];
    for document in documents {
        assert_eq!(defects(document)[0].0, Reason::BadXml);
    }
    assert_eq!(defects(envelope("")), [(Reason::NoSettlement, None, None)]);
}

#[test]
fn a_transaction_has_to_fit_in_memory() {
    let limits = Limits { line_bytes: 4096, ..Limits::default() };
    let options = ReadOptions { limits, ..ReadOptions::default() };
    let refused = |text: &str| -> Unreadable {
        read(text.as_bytes(), &options).expect_err("more than the limit")
    };
    let component = "<Component><Type>Tax</Type><Amount>1.00</Amount></Component>";
    let order = ORDER.replace("</ItemPrice>", &(component.repeat(100) + "</ItemPrice>"));
    let tag = one("0.00", &format!("<{}/>", "a".repeat(5000)));
    for text in [one("0.00", &order), tag] {
        assert_eq!(refused(&text).defects[0].reason, Reason::LimitExceeded);
    }
    let many = one("100.00", &other("A", "1.00").repeat(100));
    assert!(read(many.as_bytes(), &options).expect("each is small").settlements[0].ties());
}

#[test]
fn rows_of_xml_do_not_come_one_by_one() {
    let text = one("17.00", ORDER);
    let refused = RowReader::new(text.as_bytes(), &ReadOptions::default())
        .map(|mut reader| matches!(reader.next(), Some(Ok(Item::Row(_)))));
    assert_eq!(refused.expect_err("no rows").defects[0].reason, Reason::NotASettlementReport);
}

fn cents(amount: i64) -> String {
    let minus = if amount < 0 { "-" } else { "" };
    let amount = amount.abs();
    format!("{minus}{}.{:02}", amount / 100, amount % 100)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_transaction_left_out_breaks_the_tie(
        amounts in prop::collection::vec(-99_999_i64..99_999, 1..12),
        utf16: bool,
        gone: Index,
    ) {
        let total = cents(amounts.iter().sum());
        let text = |amounts: &[i64]| {
            let rows: String = amounts.iter().map(|amount| other("Fee", &cents(*amount))).collect();
            one(&total, &rows)
        };
        let bytes = |text: String| -> Vec<u8> {
            if utf16 {
                format!("\u{feff}{text}").encode_utf16().flat_map(u16::to_le_bytes).collect()
            } else {
                text.into_bytes()
            }
        };
        let read = |bytes: Vec<u8>| read(bytes.as_slice(), &ReadOptions::default());
        let whole = read(bytes(text(&amounts))).expect("readable");
        prop_assert!(whole.settlements[0].ties());
        prop_assert_eq!(whole.settlements[0].rows, amounts.len() as u64);
        let mut less = amounts.clone();
        let gone = less.remove(gone.index(less.len()));
        let less = read(bytes(text(&less))).expect("readable");
        prop_assert_eq!(less.settlements[0].ties(), gone == 0);
    }

    #[test]
    fn no_damage_makes_it_panic(
        damage in prop::collection::vec((any::<Index>(), any::<u8>()), 0..8),
        cut: Index,
    ) {
        let mut bytes = one("17.00", ORDER).into_bytes();
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
