//! What holds for every document.

use proptest::prelude::*;
use proptest::sample::Index;
use settlement_model::{DecimalSign, Document, ReadOptions, Settlement, read};

use crate::sheet::{COLUMNS, Line, document};

#[derive(Debug, Clone, Copy)]
enum Encoding {
    Utf8,
    Utf8Marked,
    Utf16Le,
    Utf16Be,
    Latin1,
}

#[derive(Debug, Clone)]
struct Dialect {
    comma: bool,
    crlf: bool,
    encoding: Encoding,
    order: Vec<usize>,
}

fn dialects() -> impl Strategy<Value = Dialect> {
    let encodings = [
        Encoding::Utf8,
        Encoding::Utf8Marked,
        Encoding::Utf16Le,
        Encoding::Utf16Be,
        Encoding::Latin1,
    ];
    let order = Just((0..COLUMNS.len()).collect::<Vec<_>>()).prop_shuffle();
    (any::<bool>(), any::<bool>(), prop::sample::select(encodings.to_vec()), order)
        .prop_map(|(comma, crlf, encoding, order)| Dialect { comma, crlf, encoding, order })
}

/// Rows as what they are for, cents, and day of May.
fn rows() -> impl Strategy<Value = Vec<(String, i64, u32)>> {
    let kind = prop::sample::select(vec!["Principal", "Commission", "Größe \"XL\"", "Tax"]);
    let row = (kind.prop_map(str::to_owned), -99_999_i64..99_999, 4_u32..18);
    prop::collection::vec(row, 0..20)
}

fn cents(amount: i64) -> String {
    let sign = if amount < 0 { "-" } else { "" };
    let amount = amount.abs();
    format!("{sign}{}.{:02}", amount / 100, amount % 100)
}

fn lines(rows: &[(String, i64, u32)]) -> Vec<Line> {
    let total = rows.iter().map(|(_, amount, _)| amount).sum();
    let mut lines = vec![Line::settlement(&cents(total), "USD")];
    lines.extend(rows.iter().map(|(kind, amount, day)| {
        Line::amount(kind, &cents(*amount))
            .with("posted-date-time", &format!("2026-05-{day:02} 19:00:00 UTC"))
    }));
    lines
}

fn render(lines: &[Line], dialect: &Dialect) -> Vec<u8> {
    let mut text: String = std::iter::once(&Line::header())
        .chain(lines)
        .map(|line| line.reordered(&dialect.order).cells().join("\t") + "\n")
        .collect();
    if dialect.comma {
        // No other cell of these documents has a point.
        text = text.replace('.', ",").replace("Amazon,com", "Amazon.com");
    }
    if dialect.crlf {
        text = text.replace('\n', "\r\n");
    }
    let marked = || format!("\u{feff}{text}");
    match dialect.encoding {
        Encoding::Utf8 => text.into_bytes(),
        Encoding::Utf8Marked => marked().into_bytes(),
        Encoding::Utf16Le => marked().encode_utf16().flat_map(u16::to_le_bytes).collect(),
        Encoding::Utf16Be => marked().encode_utf16().flat_map(u16::to_be_bytes).collect(),
        Encoding::Latin1 => encoding_rs::WINDOWS_1252.encode(&text).0.into_owned(),
    }
}

fn read_bytes(bytes: &[u8]) -> Document {
    read(bytes, &ReadOptions::default()).expect("readable")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn every_dialect_tells_the_same(rows in rows(), dialect in dialects()) {
        let lines = lines(&rows);
        let plain = read_bytes(document(&lines).as_bytes());
        let read = read_bytes(&render(&lines, &dialect));
        let sign = if dialect.comma { DecimalSign::Comma } else { DecimalSign::Point };
        prop_assert_eq!(read.decimal_sign, sign);
        prop_assert_eq!(&read.settlements, &plain.settlements);
        prop_assert!(plain.settlements[0].ties());
    }

    #[test]
    fn groups_add_up_to_the_settlement(rows in rows()) {
        let document = read_bytes(document(&lines(&rows)).as_bytes());
        let Settlement { groups, sum, rows: count, .. } = &document.settlements[0];
        prop_assert_eq!(*count, rows.len() as u64);
        prop_assert_eq!(groups.iter().map(|group| group.rows).sum::<u64>(), *count);
        let mut added = settlement_model::Money::zero(sum.currency());
        for group in groups {
            added = added.checked_add(group.amount).expect("small");
        }
        prop_assert_eq!(added, *sum);
        let keys: Vec<_> = groups.iter().map(|group| (&group.triple, group.date)).collect();
        prop_assert!(keys.is_sorted());
    }

    #[test]
    fn one_altered_digit_breaks_the_tie(
        rows in rows().prop_filter("a row to alter", |rows| !rows.is_empty()),
        row: Index,
        place: Index,
        step in 1_u8..10,
    ) {
        let mut lines = lines(&rows);
        let at = row.index(rows.len());
        let mut amount = cents(rows[at].1).into_bytes();
        let digits: Vec<_> = (0..amount.len()).filter(|at| amount[*at].is_ascii_digit()).collect();
        let digit = &mut amount[digits[place.index(digits.len())]];
        *digit = b'0' + (*digit - b'0' + step) % 10;
        let altered = String::from_utf8(amount).expect("digits");
        lines[at + 1] = lines[at + 1].clone().with("amount", &altered);
        prop_assert!(!read_bytes(document(&lines).as_bytes()).settlements[0].ties());
    }

    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        prop_assert!(read(bytes.as_slice(), &ReadOptions::default()).is_err());
    }

    #[test]
    fn no_damage_makes_it_panic(
        rows in rows(),
        dialect in dialects(),
        damage in prop::collection::vec((any::<Index>(), any::<u8>()), 1..8),
        cut: Index,
    ) {
        let mut bytes = render(&lines(&rows), &dialect);
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
