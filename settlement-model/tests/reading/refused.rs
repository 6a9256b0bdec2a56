//! Documents that must not be read, each with its reason, line and column.

use settlement_model::{ReadOptions, Reason, read};

use crate::sheet::{Line, defects, document, read_text, small};

/// The only defect of the small settlement with one line replaced.
fn defect_of(at: usize, line: Line) -> (Reason, Option<u64>, Option<String>) {
    let mut lines = small();
    lines[at] = line;
    let mut found = defects(document(&lines));
    assert_eq!(found.len(), 1, "{found:?}");
    found.remove(0)
}

fn at(reason: Reason, line: u64, column: &str) -> (Reason, Option<u64>, Option<String>) {
    (reason, Some(line), Some(column.to_owned()))
}

/// A transaction row with one cell changed is refused, for that cell.
fn row_refused(column: &str, cell: &str, reason: Reason) {
    let found = defect_of(1, Line::amount("Principal", "10.00").with(column, cell));
    assert_eq!(found, at(reason, 3, column), "{cell}");
}

/// A settlement row with one cell changed is refused, for that cell.
fn settlement_refused(column: &str, cell: &str, reason: Reason) {
    let found = defect_of(0, Line::settlement("8.50", "USD").with(column, cell));
    assert_eq!(found, at(reason, 2, column), "{cell}");
}

#[test]
fn amounts_that_cannot_be_believed() {
    row_refused("amount", "N/A", Reason::BadNumber);
    row_refused("amount", "", Reason::BadNumber);
    row_refused("amount", "10,00", Reason::ContradictoryNumbers);
    row_refused("amount", "10.005", Reason::TooManyDecimals);
    row_refused("amount", &"9".repeat(30), Reason::Overflow);
    row_refused("currency", "CAD", Reason::CurrencyMismatch);
    settlement_refused("total-amount", "", Reason::MissingTotal);
    settlement_refused("currency", "XXY", Reason::UnknownCurrency);
    settlement_refused("currency", "", Reason::UnknownCurrency);
    settlement_refused("amount", "3.00", Reason::BadNumber);
}

/// Neither the francs nor the rows name a marketplace of Amazon's, and no amount shows the sign.
#[test]
fn a_number_that_can_be_read_in_two_ways_is_not_guessed() {
    let row = Line::amount("Principal", "1,234").with("marketplace-name", "");
    let silent = |total: &str, currency: &str| {
        defects(document(&[Line::settlement(total, currency), row.clone()]))
    };
    assert_eq!(silent("1234", "CHF"), [at(Reason::AmbiguousNumber, 3, "amount")]);
    assert_eq!(silent("1,234", "CHF")[0], at(Reason::AmbiguousNumber, 2, "total-amount"));
    // Ireland writes a point and the other euro stores a comma.
    assert_eq!(silent("1234", "EUR"), [at(Reason::AmbiguousNumber, 3, "amount")]);
}

/// Reading 1.234 for 1,234.50 must be impossible, whatever anybody assumes.
/// The total ties whether it is a thousand or one, so the total cannot tell.
#[test]
fn a_thousand_that_is_paid_and_taken_back_is_not_one() {
    let settlement = |amounts: &[&str]| {
        let total = Line::settlement("12,50", "EUR");
        let rows = amounts.iter().map(|amount| Line::amount("Principal", amount));
        document(&std::iter::once(total).chain(rows).collect::<Vec<_>>())
    };
    let held = defects(settlement(&["12,50", "1,000", "-1,000"]));
    assert_eq!(held, [4, 5].map(|line| at(Reason::TooManyDecimals, line, "amount")));
    let grouped = read_text(&settlement(&["12,50", "1.000", "-1.000,0000"])).expect("readable");
    assert!(grouped.settlements[0].ties());
}

#[test]
fn what_speaks_against_the_marketplace_holds() {
    let read_as = |marketplace: &str, rows: &[&str]| {
        let mut lines = vec![Line::settlement("1234", "EUR")];
        let line = |amount: &&str| Line::amount("Principal", amount);
        lines.extend(rows.iter().map(line).map(|row| row.with("marketplace-name", marketplace)));
        defects(document(&lines))
    };
    let german = read_as("Amazon.de", &["1,234"]);
    assert_eq!(german, [at(Reason::AmbiguousNumber, 3, "amount")]);
    let irish = read_as("Amazon.ie", &["1,234", "12,50"]);
    assert_eq!(irish, [at(Reason::ContradictoryNumbers, 4, "amount")]);
    let german = read_as("Amazon.de", &["1.234", "1,234.50"]);
    assert_eq!(german, [at(Reason::ContradictoryNumbers, 4, "amount")]);
}

#[test]
fn dates_that_cannot_be_believed() {
    row_refused("posted-date-time", "05/06/2026 10:00:00 UTC", Reason::AmbiguousDate);
    row_refused("posted-date-time", "2026-05-05 10:00:00", Reason::AmbiguousDate);
    let undated = Line::amount("Principal", "10.00").with("posted-date-time", "");
    let found = defect_of(1, undated.with("posted-date", ""));
    assert_eq!(found, at(Reason::BadDate, 3, "posted-date"));
    settlement_refused("settlement-end-date", "soon", Reason::BadDate);
    settlement_refused("settlement-start-date", "", Reason::BadDate);
    settlement_refused("deposit-date", "8/9/2025", Reason::AmbiguousDate);
    let contradicting = [("deposit-date", "05/19/2026"), ("settlement-end-date", "17/05/2026")];
    let row =
        contradicting.iter().fold(small().remove(0), |row, (name, cell)| row.with(name, cell));
    let expected = at(Reason::ContradictoryDates, 2, "deposit-date");
    assert_eq!(defects(document(&[row])), [expected]);
}

#[test]
fn rows_of_no_known_settlement() {
    row_refused("settlement-id", "2.38744E+10", Reason::BadSettlementId);
    row_refused("settlement-id", "", Reason::BadSettlementId);
    row_refused("settlement-id", "81000000009", Reason::RowBeforeSettlement);
}

#[test]
fn rows_of_the_wrong_width() {
    let row = Line::amount("Principal", "10.00");
    let short = defect_of(1, row.clone().resized(17, ""));
    assert_eq!(short, at(Reason::TooFewCells, 3, "posted-date-time"));
    let wide = defect_of(1, row.resized(25, "extra"));
    assert_eq!(wide, (Reason::TooManyCells, Some(3), None));
}

#[test]
fn a_settlement_must_not_contradict_itself() {
    let mut lines = small();
    lines.push(Line::settlement("9.50", "USD"));
    let expected = [(Reason::DuplicateSettlementRow, Some(5), None)];
    assert_eq!(defects(document(&lines)), expected);
    lines[3] = Line::amount("Shipping", "0.00").with("total-amount", "9.50");
    assert_eq!(defects(document(&lines)), expected);
}

#[test]
fn every_defect_is_found_in_one_reading() {
    let mut lines = small();
    lines[0] = Line::settlement("", "USD");
    lines[1] = Line::amount("Principal", "ten");
    lines.push(Line::amount("Shipping", "1.00").with("posted-date-time", "later"));
    let found = defects(document(&lines));
    let expected = [
        at(Reason::MissingTotal, 2, "total-amount"),
        at(Reason::BadNumber, 3, "amount"),
        at(Reason::BadDate, 5, "posted-date-time"),
    ];
    assert_eq!(found, expected);
}

#[test]
fn headers_must_be_complete_and_unambiguous() {
    let text = document(&small());
    let lacking = text.replacen("\tamount\t", "\tsum\t", 1);
    assert_eq!(defects(lacking), [at(Reason::MissingColumn, 1, "amount")]);
    let twice = text.replacen("\tsku\t", "\tamount\t", 1);
    assert_eq!(defects(twice), [at(Reason::DuplicateColumn, 1, "amount")]);
    let undated = text.replacen("\tposted-date\tposted-date-time", "\ta\tb", 1);
    assert_eq!(defects(undated), [at(Reason::MissingColumn, 1, "posted-date-time")]);
}

#[test]
fn documents_without_a_settlement() {
    assert_eq!(defects(""), [(Reason::Empty, None, None)]);
    assert_eq!(defects("\u{feff}\r\n \n"), [(Reason::Empty, None, None)]);
    assert_eq!(defects(document(&[])), [(Reason::NoSettlement, None, None)]);
    let orphan = document(&[Line::amount("Principal", "10.00")]);
    assert_eq!(defects(orphan), [at(Reason::RowBeforeSettlement, 2, "settlement-id")]);
}

#[test]
fn other_documents_are_named() {
    let others: [(&[u8], &str); 6] = [
        (b"<?xml version=\"1.0\"?>\n<Error><Code>AccessDenied</Code></Error>", "error page"),
        (b"<!DOCTYPE html>\n<html></html>", "web page"),
        (b"{\"errors\":[]}", "JSON"),
        (b"PK\x03\x04\x14\0\0\0", "Excel"),
        (b"%PDF-1.7", "PDF"),
        (b"sku\tasin\tprice\n", "sku"),
    ];
    for (bytes, name) in others {
        let refused = read(bytes, &ReadOptions::default()).expect_err(name);
        let defect = &refused.defects[0];
        assert_eq!(defect.reason, Reason::NotASettlementReport, "{name}");
        assert!(defect.message.contains(name), "{name}: {}", defect.message);
    }
}

#[test]
fn a_date_range_report_is_no_settlement() {
    let documents = [
        "\"Includes Amazon Marketplace, Fulfillment by Amazon (FBA)\"\n\"date/time\",\"total\"\n",
        "\"Datum/Uhrzeit\",\"Abrechnungsnummer\",\"Typ\"\n",
        "日付/時間,決済番号,トランザクションの種類\n",
        "Data/Ora:;Tipo\n",
    ];
    for document in documents {
        assert_eq!(defects(document), [(Reason::DateRangeReport, Some(1), None)]);
    }
}

#[test]
fn text_that_changes_its_encoding_names_the_line() {
    let mut bytes = document(&small()).into_bytes();
    bytes.extend_from_slice("81000000001 é\n".as_bytes());
    let line_6 = bytes.len();
    bytes.extend_from_slice(b"81000000001 \xe9\n");
    let expected = (Reason::UnknownEncoding, Some(6), None);
    assert_eq!(defects(&bytes).last(), Some(&expected));
    bytes.truncate(line_6);
    bytes.extend_from_slice(b"a NUL \0\n");
    assert_eq!(defects(&bytes).last(), Some(&expected));
}

#[test]
fn bytes_that_windows_1252_does_not_define_are_refused() {
    let mut bytes = document(&small()).into_bytes();
    bytes.extend_from_slice(b"\xfc\x81\n");
    assert_eq!(defects(&bytes), [(Reason::UnknownEncoding, Some(5), None)]);
}

/// It is told at the top, where all of it was Shift_JIS.
#[test]
fn what_no_shift_jis_report_has_is_refused() {
    let row = |description: &str| Line::amount(description, "1");
    let rows = 1_000;
    let lines = std::iter::once(Line::settlement("1000", "JPY"));
    let lines: Vec<_> = lines.chain((0..rows).map(|_| row("手数料"))).collect();
    let plain = encoding_rs::SHIFT_JIS.encode(&document(&lines)).0.into_owned();
    assert!(plain.len() > 64 * 1024 + 4096);
    for foreign in [&b"Gr\xf6\xdfe"[..], b"5 \x80", b"se\xf1or", b"\x8e\xe8\0"] {
        let bytes = [&plain, foreign].concat();
        let last = defects(&bytes).pop();
        assert_eq!(last, Some((Reason::UnknownEncoding, Some(rows + 3), None)), "{foreign:x?}");
    }
}

#[test]
fn a_nul_is_refused_in_every_encoding() {
    let text = document(&small()) + "a NUL \0\n";
    let marked = format!("\u{feff}{text}");
    let utf_16: Vec<u8> = marked.encode_utf16().flat_map(u16::to_le_bytes).collect();
    for bytes in [text.into_bytes(), marked.into_bytes(), utf_16] {
        assert_eq!(defects(&bytes).last(), Some(&(Reason::UnknownEncoding, Some(5), None)));
    }
}

#[test]
fn utf_16_without_a_mark_is_no_text() {
    let bytes: Vec<u8> = document(&small()).encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(defects(&bytes), [(Reason::UnknownEncoding, Some(1), None)]);
}

#[test]
fn a_download_that_broke_off_is_a_failure_of_the_source() {
    use flate2::{Compression, write::GzEncoder};
    use std::io::Write;
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(document(&small()).as_bytes()).expect("in memory");
    let mut bytes = encoder.finish().expect("in memory");
    bytes.truncate(bytes.len() - 20);
    assert_eq!(defects(&bytes).last().map(|defect| defect.0), Some(Reason::Io));
}

#[test]
fn quoting_that_does_not_end_names_where_it_began() {
    let comma = |text: String| text.replace('\t', ",");
    let open = comma(document(&small())) + "81000000001,\"a\nb\n";
    assert_eq!(defects(open), [(Reason::BadQuoting, Some(5), None)]);
    let beyond = comma(document(&small())) + "81000000001,\"a\"b,\n";
    assert_eq!(defects(beyond), [(Reason::BadQuoting, Some(5), None)]);
}

#[test]
fn messages_say_what_is_there_and_stay_short() {
    let mut lines = small();
    lines[1] = Line::amount("Principal", &"x".repeat(500));
    lines[2] = Line::amount("Commission", "\u{1b}[2J");
    let refused = read(document(&lines).as_bytes(), &ReadOptions::default()).expect_err("bad");
    let [long, escape] = &refused.defects[..] else {
        panic!("two defects: {refused:?}");
    };
    assert!(long.message.contains(&format!("\"{}…\"", "x".repeat(60))), "{long}");
    assert!(escape.message.contains("\\u{1b}[2J"), "{escape}");
    assert!(refused.to_string().starts_with("line 3, column amount: "));
    assert!(refused.to_string().ends_with("(and 1 more)"));
}
