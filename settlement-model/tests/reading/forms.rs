//! One settlement, told in each form, encoding and order of columns, is one settlement.

use std::fmt::Write as _;
use std::io::Write as _;

use flate2::Compression;
use flate2::write::GzEncoder;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use settlement_model::{Form, LineSpan, ReadOptions, Reason, Settlement, Unreadable, read};

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
        select(vec!["Principal", "Commission", "Größe & Maß", "Männer", "手数料"]),
        prop_oneof![-99_999_i64..99_999, -99_999_999_i64..99_999_999],
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

/// How a document writes money and time.
#[derive(Debug, Clone, Copy)]
struct Manner {
    currency: &'static str,
    exponent: u32,
    marketplace: &'static str,
    decimal_sign: char,
    /// What stands between thousands.
    grouping: &'static str,
    minus: Minus,
    dotted_dates: bool,
}

#[derive(Debug, Clone, Copy)]
enum Minus {
    InFront,
    Behind,
    Typographic,
}

/// As Amazon's American documents.
const PLAIN: Manner = Manner {
    currency: "EUR",
    exponent: 2,
    marketplace: "Amazon.de",
    decimal_sign: '.',
    grouping: "",
    minus: Minus::InFront,
    dotted_dates: false,
};

fn manners() -> impl Strategy<Value = Manner> {
    let stores = select(vec![
        ("EUR", 2, "Amazon.de"),
        ("USD", 2, "Amazon.com"),
        ("JPY", 0, "Amazon.co.jp"),
        ("INR", 2, "Amazon.in"),
        ("KWD", 3, "Amazon.ae"),
    ]);
    let numbers = select(vec![
        ('.', ""),
        (',', ""),
        ('.', ","),
        (',', "."),
        (',', " "),
        (',', "\u{a0}"),
        ('.', "\u{202f}"),
    ]);
    let minus = select(vec![Minus::InFront, Minus::Behind, Minus::Typographic]);
    (stores, numbers, minus, any::<bool>()).prop_map(|(store, numbers, minus, dotted_dates)| {
        let (currency, exponent, marketplace) = store;
        let (decimal_sign, grouping) = numbers;
        Manner { currency, exponent, marketplace, decimal_sign, grouping, minus, dotted_dates }
    })
}

impl Manner {
    /// An amount in the currency's smallest unit.
    fn money(self, units: i64) -> String {
        let scale = 10_u64.pow(self.exponent);
        let (whole, rest) = (units.unsigned_abs() / scale, units.unsigned_abs() % scale);
        let mut number = grouped(whole, self.grouping);
        if self.exponent > 0 {
            let width = self.exponent as usize;
            write!(number, "{}{rest:0width$}", self.decimal_sign).expect("a string takes all");
        }
        match (units < 0, self.minus) {
            (false, _) => number,
            (true, Minus::InFront) => format!("-{number}"),
            (true, Minus::Behind) => format!("{number}-"),
            (true, Minus::Typographic) => format!("\u{2212}{number}"),
        }
    }

    /// 22:30:00 UTC on a day of June.
    fn time(self, day: u32) -> String {
        if self.dotted_dates {
            format!("{day:02}.06.2025 22:30:00 UTC")
        } else {
            format!("2025-06-{day:02}T22:30:00+00:00")
        }
    }
}

fn grouped(whole: u64, separator: &str) -> String {
    if whole < 1000 {
        return whole.to_string();
    }
    format!("{}{separator}{:03}", grouped(whole / 1000, separator), whole % 1000)
}

fn total(amounts: &[Amount], manner: Manner) -> String {
    manner.money(amounts.iter().map(|amount| amount.cents).sum())
}

/// What separates the cells of a flat file; a spreadsheet quotes them, too.
#[derive(Debug, Clone, Copy)]
enum Separator {
    Tab,
    Quoted(char),
}

impl Separator {
    fn join(self, cells: &[&str]) -> String {
        match self {
            Self::Tab => cells.join("\t"),
            Self::Quoted(separator) => {
                let quoted = cells.iter().map(|cell| format!("\"{}\"", cell.replace('"', "\"\"")));
                quoted.collect::<Vec<_>>().join(&separator.to_string())
            }
        }
    }
}

/// A flat file of rows that are given as columns and cells.
fn flat(columns: &[String], rows: &[Vec<(&str, String)>], separator: Separator) -> String {
    let names: Vec<&str> = columns.iter().map(String::as_str).collect();
    let mut text = separator.join(&names) + "\n";
    for row in rows {
        let cell = |column: &String| {
            let found = row.iter().find(|(name, _)| name == column);
            found.map_or("", |(_, cell)| cell.as_str())
        };
        text += &(separator.join(&columns.iter().map(cell).collect::<Vec<_>>()) + "\n");
    }
    text
}

/// What both flat files say alike.
fn shared_cells(amounts: &[Amount], manner: Manner) -> Vec<Vec<(&'static str, String)>> {
    let id = ("settlement-id", ID.to_owned());
    let facts = vec![
        id.clone(),
        ("settlement-start-date", manner.time(1)),
        ("settlement-end-date", manner.time(15)),
        ("total-amount", total(amounts, manner)),
        ("currency", manner.currency.to_owned()),
    ];
    let row = |amount: &Amount| {
        vec![
            id.clone(),
            ("transaction-type", amount.transaction.to_owned()),
            ("marketplace-name", manner.marketplace.to_owned()),
            ("fulfillment-id", "AFN".to_owned()),
            ("posted-date", manner.time(amount.day)),
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

fn v2(amounts: &[Amount], manner: Manner, separator: Separator, order: &[Index]) -> String {
    let mut rows = shared_cells(amounts, manner);
    for (row, amount) in rows.iter_mut().skip(1).zip(amounts) {
        row.push(("amount-type", amount.kind.v2.to_owned()));
        row.push(("amount-description", amount.name.to_owned()));
        row.push(("amount", manner.money(amount.cents)));
    }
    let own = ["amount-type", "amount-description", "amount"];
    flat(&shuffled(SHARED.into_iter().chain(own), order), &rows, separator)
}

fn v1(amounts: &[Amount], manner: Manner, separator: Separator, order: &[Index]) -> String {
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
    let mut rows = shared_cells(amounts, manner);
    let column = |kind: Kind, end: &str| {
        let name = format!("{}-{end}", kind.v1);
        OWN.into_iter().find(|own| *own == name).expect("a column of Flat File V1")
    };
    for (row, amount) in rows.iter_mut().skip(1).zip(amounts) {
        row.push((column(amount.kind, "type"), amount.name.to_owned()));
        row.push((column(amount.kind, "amount"), manner.money(amount.cents)));
    }
    flat(&shuffled(SHARED.into_iter().chain(OWN), order), &rows, separator)
}

fn shuffled<'c>(columns: impl Iterator<Item = &'c str>, order: &[Index]) -> Vec<String> {
    let mut columns: Vec<String> = columns.map(str::to_owned).collect();
    for (at, other) in order.iter().enumerate().take(columns.len()) {
        let other = other.index(columns.len());
        columns.swap(at, other);
    }
    columns
}

fn xml(amounts: &[Amount], manner: Manner) -> String {
    let Manner { currency, marketplace, .. } = manner;
    let mut text = format!(
        "<?xml version=\"1.0\"?>\n<AmazonEnvelope><Message><SettlementReport><SettlementData>\
         <AmazonSettlementID>{ID}</AmazonSettlementID>\
         <TotalAmount currency=\"{currency}\">{}</TotalAmount>\
         <StartDate>{}</StartDate><EndDate>{}</EndDate></SettlementData>\n",
        total(amounts, manner),
        manner.time(1),
        manner.time(15)
    );
    for amount in amounts {
        let Amount { transaction, day, .. } = amount;
        let [list, one] = amount.kind.xml;
        let name = amount.name.replace('&', "&amp;");
        let posted = manner.time(*day);
        let units = manner.money(amount.cents);
        writeln!(
            text,
            "<{transaction}><MarketplaceName>{marketplace}</MarketplaceName><Fulfillment>\
             <MerchantFulfillmentID>AFN</MerchantFulfillmentID><PostedDate>{posted}</PostedDate>\
             <Item><{list}><{one}><Type>{name}</Type><Amount currency=\"{currency}\">{units}\
             </Amount></{one}></{list}></Item></Fulfillment></{transaction}>"
        )
        .expect("a string takes all");
    }
    text + "</SettlementReport></Message></AmazonEnvelope>\n"
}

fn render(
    form: Form,
    amounts: &[Amount],
    manner: Manner,
    separator: Separator,
    order: &[Index],
) -> String {
    match form {
        Form::FlatFileV1 => v1(amounts, manner, separator, order),
        // It writes numbers as XML does everywhere.
        Form::Xml => xml(amounts, Manner { decimal_sign: '.', grouping: "", ..manner }),
        _ => v2(amounts, manner, separator, order),
    }
}

/// How a document's text becomes bytes.
#[derive(Debug, Clone, Copy)]
enum Encoding {
    Utf8,
    Utf8Marked,
    Utf16Le,
    Utf16Be,
    Windows1252,
    ShiftJis,
}

/// The bytes, and the charset that the download names, if it is needed.
fn encode(text: &str, encoding: Encoding, gzip: bool) -> (Vec<u8>, Option<String>) {
    let marked = || format!("\u{feff}{text}");
    let in_charset = |encoding: &'static encoding_rs::Encoding| {
        let (bytes, _, lossy) = encoding.encode(text);
        // What has no such letters is written in the encoding that has them all.
        if lossy { (text.as_bytes().to_vec(), None) } else { (bytes.into_owned(), Some(encoding)) }
    };
    let (bytes, charset) = match encoding {
        Encoding::Utf8 => (text.as_bytes().to_vec(), None),
        Encoding::Utf8Marked => (marked().into_bytes(), None),
        Encoding::Utf16Le => (marked().encode_utf16().flat_map(u16::to_le_bytes).collect(), None),
        Encoding::Utf16Be => (marked().encode_utf16().flat_map(u16::to_be_bytes).collect(), None),
        // These are told by their bytes.
        Encoding::Windows1252 => (in_charset(encoding_rs::WINDOWS_1252).0, None),
        Encoding::ShiftJis if text.contains("JPY") => (in_charset(encoding_rs::SHIFT_JIS).0, None),
        Encoding::ShiftJis => in_charset(encoding_rs::SHIFT_JIS),
    };
    let charset = charset.map(|encoding| encoding.name().to_owned());
    if !gzip {
        return (bytes, charset);
    }
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    let compressed = encoder.write_all(&bytes).and_then(|()| encoder.finish());
    (compressed.expect("memory"), charset)
}

/// The only settlement of a document, without its lines, in which the forms differ.
fn settlement(bytes: &[u8], charset: Option<String>, form: Form) -> Result<Settlement, Unreadable> {
    let document = read(bytes, &ReadOptions { charset, ..ReadOptions::default() })?;
    assert_eq!(document.form, form);
    let [mut settlement] = <[_; 1]>::try_from(document.settlements).expect("one settlement");
    settlement.line = 0;
    for group in &mut settlement.groups {
        group.lines = LineSpan { first: 0, last: 0 };
    }
    Ok(settlement)
}

fn plain(text: &str, form: Form) -> Settlement {
    settlement(text.as_bytes(), None, form).expect("readable")
}

fn forms() -> impl Strategy<Value = Form> {
    select(vec![Form::FlatFileV2, Form::FlatFileV1, Form::Xml])
}

fn separators() -> impl Strategy<Value = Separator> {
    select(vec![Separator::Tab, Separator::Tab, Separator::Quoted(','), Separator::Quoted(';')])
}

fn encodings() -> impl Strategy<Value = Encoding> {
    use Encoding::{ShiftJis, Utf8, Utf8Marked, Utf16Be, Utf16Le, Windows1252};
    select(vec![Utf8, Utf8Marked, Utf16Le, Utf16Be, Windows1252, ShiftJis])
}

fn orders() -> impl Strategy<Value = Vec<Index>> {
    prop::collection::vec(any::<Index>(), 24)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(192))]

    #[test]
    fn every_form_tells_the_same(
        amounts in amounts(),
        form in forms(),
        manner in manners(),
        separator in separators(),
        order in orders(),
        encoding in encodings(),
        gzip: bool,
    ) {
        let simple = Manner {
            decimal_sign: '.',
            grouping: "",
            minus: Minus::InFront,
            dotted_dates: false,
            ..manner
        };
        let text = render(form, &amounts, manner, separator, &order);
        let (bytes, charset) = encode(&text, encoding, gzip);
        match settlement(&bytes, charset, form) {
            Ok(read) => {
                // In a currency with three decimals a document may show its decimal sign nowhere;
                // then it is read here and refused in the plainest manner, or the other way round.
                if let Ok(same) = settlement(xml(&amounts, simple).as_bytes(), None, Form::Xml) {
                    prop_assert_eq!(&read, &same);
                }
                prop_assert!(read.ties());
                prop_assert_eq!(read.rows, amounts.len() as u64);
                let total: i64 = amounts.iter().map(|amount| amount.cents).sum();
                prop_assert_eq!(read.total.amount_text(), simple.money(total));
            }
            Err(refused) if refused.defects[0].reason == Reason::UnknownEncoding => {
                // Nothing but letters that are letters in Shift_JIS, too.
                prop_assert!(matches!(encoding, Encoding::Windows1252));
                prop_assert_eq!(manner.currency, "JPY");
                prop_assert!(text.contains("Männer") && !text.contains("Größe"));
            }
            Err(refused) => {
                prop_assert_eq!(refused.defects[0].reason, Reason::AmbiguousNumber);
                // Nor do yen show theirs.
                prop_assert!(matches!(manner.currency, "KWD" | "JPY"));
            }
        }
    }

    #[test]
    fn an_amount_left_out_or_altered_breaks_the_tie(
        amounts in amounts(),
        form in forms(),
        at: Index,
        change in prop_oneof![Just(None), (1_i64..1000).prop_map(Some)],
    ) {
        let render = |amounts: &[Amount]| render(form, amounts, PLAIN, Separator::Tab, &[]);
        let stated = total(&amounts, PLAIN);
        let mut other = amounts.clone();
        let at = at.index(amounts.len());
        match change {
            Some(cents) => other[at].cents += cents,
            None => drop(other.remove(at)),
        }
        let changed = change.is_some() || amounts[at].cents != 0;
        // The document states the total of the whole settlement.
        let text = render(&other).replacen(&total(&other, PLAIN), &stated, 1);
        prop_assert!(plain(&render(&amounts), form).ties());
        prop_assert_eq!(plain(&text, form).ties(), !changed);
    }

    #[test]
    fn one_altered_digit_of_money_is_noticed(
        amounts in amounts(),
        form in forms(),
        manner in manners(),
        at: Index,
        place: Index,
        step in 1_u8..10,
    ) {
        let manner = Manner { grouping: "", ..manner };
        let text = render(form, &amounts, manner, Separator::Tab, &[]);
        let at = at.index(amounts.len());
        let written = if form == Form::Xml {
            Manner { decimal_sign: '.', ..manner }.money(amounts[at].cents)
        } else {
            manner.money(amounts[at].cents)
        };
        let mut altered = written.clone().into_bytes();
        let digits: Vec<_> = (0..altered.len()).filter(|at| altered[*at].is_ascii_digit()).collect();
        let digit = &mut altered[digits[place.index(digits.len())]];
        *digit = b'0' + (*digit - b'0' + step) % 10;
        let altered = String::from_utf8(altered).expect("digits");
        // The amount stands between separators of its own, or between tags.
        let (start, end) = if form == Form::Xml { (">", "<") } else { ("\t", "\t") };
        let find = format!("{start}{written}{end}");
        let Some(found) = text.rfind(&find) else { return Ok(()) };
        let with = format!("{start}{altered}{end}");
        let damaged = format!("{}{with}{}", &text[..found], &text[found + find.len()..]);
        if let Ok(read) = settlement(damaged.as_bytes(), None, form) {
            prop_assert!(!read.ties(), "{written} as {altered}");
        }
    }

    #[test]
    fn no_damage_makes_it_panic(
        amounts in amounts(),
        form in forms(),
        encoding in encodings(),
        gzip: bool,
        damage in prop::collection::vec((any::<Index>(), any::<u8>()), 0..8),
        cut: Index,
    ) {
        let text = render(form, &amounts, PLAIN, Separator::Tab, &[]);
        let (mut bytes, charset) = encode(&text, encoding, gzip);
        for (at, byte) in damage {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        bytes.truncate(cut.index(bytes.len()) + 1);
        let options = ReadOptions { charset, ..ReadOptions::default() };
        if let Ok(document) = read(bytes.as_slice(), &options) {
            prop_assert!(!document.settlements.is_empty());
        }
    }
}
