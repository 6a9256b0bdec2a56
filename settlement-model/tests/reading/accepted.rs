//! Documents that must be read, and what they add up to.

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;
use jiff::civil::date;
use jiff::tz::TimeZone;
use settlement_model::{
    DecimalSign, Document, Form, Fulfillment, MarketplaceId, Money, ReadOptions, Reason,
    ReportTime, Settlement, ZoneSource, read,
};

use crate::sheet::{COLUMNS, Line, defects, document, read_text, small};

/// The one settlement's sum, having made sure that it ties.
fn tied_sum(document: &Document) -> String {
    assert_eq!(document.settlements.len(), 1);
    assert!(document.settlements[0].ties());
    document.settlements[0].sum.to_string()
}

#[test]
fn a_plain_settlement() {
    let document = read_text(&document(&small())).expect("readable");
    assert_eq!(document.form, Form::FlatFileV2);
    assert_eq!(document.encoding, "UTF-8");
    assert_eq!(document.decimal_sign, DecimalSign::Point);
    let settlement = &document.settlements[0];
    assert_eq!(settlement.id.as_str(), "81000000001");
    assert_eq!((settlement.rows, settlement.line), (2, 2));
    assert_eq!(settlement.difference().map(Money::is_zero), Ok(true));
    let end = "2026-05-17T18:00:00Z".parse().expect("an instant");
    assert_eq!(settlement.end, ReportTime::Instant(end));
    let [commission, principal] = &settlement.groups[..] else {
        panic!("two groups, sorted: {:?}", settlement.groups);
    };
    assert_eq!(commission.triple.to_string(), "Order / ItemPrice / Commission");
    assert_eq!(commission.amount.to_string(), "-1.50 USD");
    assert_eq!((commission.lines.first, commission.lines.last), (4, 4));
    assert_eq!(principal.fulfillment, Fulfillment::Amazon);
    assert_eq!(principal.marketplace.as_deref(), Some("Amazon.com"));
    assert_eq!(principal.date, date(2026, 5, 5));
}

#[test]
fn like_rows_make_one_group() {
    let mut lines = vec![Line::settlement("6.00", "USD")];
    let amounts = ["1.00", "2.00", "3.00"];
    lines.extend(amounts.map(|amount| Line::amount("Principal", amount)));
    lines[2] = lines[2].clone().with("marketplace-name", "Amazon.ca");
    let document = read_text(&document(&lines)).expect("readable");
    let groups = &document.settlements[0].groups;
    let shown: Vec<_> = groups
        .iter()
        .map(|group| (group.amount.amount_text(), group.rows, group.lines.first, group.lines.last))
        .collect();
    assert_eq!(shown, [("2.00".to_owned(), 1, 4, 4), ("4.00".to_owned(), 2, 3, 5)]);
}

#[test]
fn skus_are_told_apart_when_asked_for() {
    let principal = |sku| Line::amount("Principal", "1.00").with("sku", sku);
    let mut lines = vec![Line::settlement("5.00", "USD")];
    lines.extend(["MUG-1", "", "MUG-2", "MUG-1"].map(principal));
    // Amazon leaves the last cells off some rows.
    lines.push(principal("").resized(18, ""));
    let text = document(&lines);
    let groups = |group_by_sku| {
        let options = ReadOptions { group_by_sku, ..ReadOptions::default() };
        let document = read(text.as_bytes(), &options).expect("readable");
        let groups = document.settlements[0].groups.iter();
        groups.map(|group| (group.sku.clone(), group.rows, group.lines.last)).collect::<Vec<_>>()
    };
    assert_eq!(groups(false), [(None, 5, 7)]);
    let sku = |text: &str| Some(text.to_owned());
    assert_eq!(groups(true), [(sku(""), 2, 7), (sku("MUG-1"), 2, 6), (sku("MUG-2"), 1, 5)]);
}

#[test]
fn a_total_of_nothing_without_rows_ties() {
    let document = read_text(&document(&[Line::settlement("0.00", "USD")])).expect("readable");
    assert_eq!(tied_sum(&document), "0.00 USD");
    assert!(document.settlements[0].groups.is_empty());
}

#[test]
fn a_settlement_that_does_not_tie_is_read_and_says_so() {
    let mut lines = small();
    lines.pop();
    let document = read_text(&document(&lines)).expect("readable");
    let settlement = &document.settlements[0];
    assert!(!settlement.ties());
    assert_eq!(settlement.difference().map(|money| money.to_string()).as_deref(), Ok("1.50 USD"));
}

#[test]
fn two_settlements_with_the_header_repeated() {
    let second = |line: Line| line.with("settlement-id", "81000000002");
    let mut lines = small();
    lines.push(Line::header());
    lines.extend(small().into_iter().map(second));
    let document = read_text(&document(&lines)).expect("readable");
    let ids: Vec<_> = document.settlements.iter().map(|one| one.id.as_str()).collect();
    assert_eq!(ids, ["81000000001", "81000000002"]);
    assert!(document.settlements.iter().all(Settlement::ties));
}

#[test]
fn a_repeated_header_may_order_its_columns_anew() {
    let mut order: Vec<usize> = (0..COLUMNS.len()).collect();
    order.swap(12, 14);
    let mut lines = small();
    let again = small().into_iter().map(|line| line.with("settlement-id", "81000000002"));
    lines.extend(std::iter::once(Line::header()).chain(again).map(|line| line.reordered(&order)));
    let document = read_text(&document(&lines)).expect("readable");
    assert!(document.settlements.iter().all(Settlement::ties));
    assert_eq!(
        document.settlements[0].groups,
        document.settlements[1]
            .groups
            .iter()
            .cloned()
            .map(|mut group| {
                group.lines.first -= 4;
                group.lines.last -= 4;
                group
            })
            .collect::<Vec<_>>()
    );
}

#[test]
fn the_settlement_row_may_repeat_itself_exactly() {
    let mut lines = small();
    lines.insert(2, lines[0].clone());
    assert_eq!(tied_sum(&read_text(&document(&lines)).expect("readable")), "8.50 USD");
}

#[test]
fn rows_may_end_early_behind_the_posting_time() {
    let mut lines = small();
    lines[1] = lines[1].clone().resized(23, "");
    lines[2] = lines[2].clone().resized(18, "");
    assert_eq!(tied_sum(&read_text(&document(&lines)).expect("readable")), "8.50 USD");
}

#[test]
fn rows_may_go_on_with_nothing() {
    let mut lines = small();
    lines[1] = lines[1].clone().resized(27, "");
    assert_eq!(tied_sum(&read_text(&document(&lines)).expect("readable")), "8.50 USD");
}

#[test]
fn blank_lines_count_for_nothing() {
    let text = document(&small()) + "\n\t\t\t\r\n  \n";
    assert_eq!(tied_sum(&read_text(&text).expect("readable")), "8.50 USD");
}

#[test]
fn the_last_line_may_lack_its_end() {
    let text = document(&small());
    assert_eq!(tied_sum(&read_text(text.trim_end()).expect("readable")), "8.50 USD");
    let crlf = text.replace('\n', "\r\n");
    let cut = crlf.strip_suffix('\n').expect("a line feed");
    assert_eq!(tied_sum(&read_text(cut).expect("readable")), "8.50 USD");
}

#[test]
fn a_quote_in_a_tab_separated_document_is_a_character() {
    let mut lines = small();
    lines[1] = lines[1].clone().with("sku", "\"LEAD");
    lines[2] = lines[2].clone().with("sku", "12\" RULER, \"PRO");
    assert_eq!(tied_sum(&read_text(&document(&lines)).expect("readable")), "8.50 USD");
}

#[test]
fn a_spreadsheet_separates_with_commas_or_semicolons_and_quotes() {
    for separator in [",", ";"] {
        let mut lines = small();
        lines.insert(0, Line::header());
        lines[1] = Line::settlement("8,50", "EUR");
        lines[2] = Line::amount("Principal; \"gift\", red", "10,00").with("sku", "two\nlines");
        lines[3] = Line::amount("Commission", "-1,50");
        let quoted = |cell: &String| format!("\"{}\"", cell.replace('"', "\"\""));
        let text: String = lines
            .iter()
            .map(|line| {
                line.cells().iter().map(quoted).collect::<Vec<_>>().join(separator) + "\r\n"
            })
            .collect();
        let document = read_text(&text).expect("readable");
        assert_eq!(tied_sum(&document), "8.50 EUR");
        assert_eq!(document.decimal_sign, DecimalSign::Comma);
        let groups = &document.settlements[0].groups;
        assert_eq!(groups[1].triple.amount_description, "Principal; \"gift\", red");
        assert_eq!((groups[1].lines.first, groups[0].lines.first), (3, 5));
    }
}

#[test]
fn columns_unknown_to_amazon_are_kept_by_name() {
    let text: String = document(&small())
        .lines()
        .enumerate()
        .map(|(at, line)| format!("{line}\t{}\n", if at == 0 { "store-label" } else { "x" }))
        .collect();
    let document = read_text(&text).expect("readable");
    assert_eq!(document.extra_columns, ["store-label"]);
    assert_eq!(tied_sum(&document), "8.50 USD");
}

#[test]
fn gzip_is_told_by_its_first_bytes() {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    let text = document(&small());
    encoder.write_all(text.as_bytes()).expect("in memory");
    let bytes = encoder.finish().expect("in memory");
    let plain = read_text(&text);
    assert_eq!(read(bytes.as_slice(), &ReadOptions::default()), plain);
}

#[test]
fn windows_1252_is_read_where_utf_8_ends() {
    let mut lines = small();
    lines[1] = Line::amount("Größe €", "10.00");
    let text = document(&lines);
    let (bytes, _, _) = encoding_rs::WINDOWS_1252.encode(&text);
    let document = read(bytes.as_ref(), &ReadOptions::default()).expect("readable");
    assert_eq!(document.encoding, "windows-1252");
    assert_eq!(document.settlements[0].groups[1].triple.amount_description, "Größe €");
}

#[test]
fn a_charset_that_was_sent_is_believed() {
    let mut lines = small();
    lines[1] = Line::amount("送料", "10.00");
    let text = document(&lines);
    let (bytes, _, _) = encoding_rs::SHIFT_JIS.encode(&text);
    let options = ReadOptions { charset: Some("MS932".to_owned()), ..ReadOptions::default() };
    let document = read(bytes.as_ref(), &options).expect("readable");
    assert_eq!(document.encoding, "Shift_JIS");
    assert_eq!(document.settlements[0].groups[1].triple.amount_description, "送料");
}

#[test]
fn the_zone_is_given_or_the_marketplace_s_or_the_currency_s() {
    let night = |line: Line| line.with("posted-date-time", "2026-04-01 06:59:59 UTC");
    let lines: Vec<_> = small()
        .into_iter()
        .enumerate()
        .map(|(at, line)| if at == 0 { line } else { night(line) })
        .collect();
    let zone_and_day = |lines: &[Line], options: &ReadOptions| {
        let document = read(document(lines).as_bytes(), options).expect("readable");
        let zone = document.zone.iana_name().unwrap_or("UTC").to_owned();
        (zone, document.zone_source, document.settlements[0].groups[0].date)
    };
    let by_default = ReadOptions::default();
    let pacific = "America/Los_Angeles".to_owned();
    let source = ZoneSource::Marketplace("Amazon.com".to_owned());
    assert_eq!(zone_and_day(&lines, &by_default), (pacific.clone(), source, date(2026, 3, 31)));
    let anonymous: Vec<_> =
        lines.iter().map(|line| line.clone().with("marketplace-name", "")).collect();
    let source = ZoneSource::Currency("USD".to_owned());
    assert_eq!(zone_and_day(&anonymous, &by_default), (pacific, source, date(2026, 3, 31)));
    let mut swiss = anonymous;
    swiss[0] = Line::settlement("8.50", "CHF");
    assert_eq!(
        zone_and_day(&swiss, &by_default),
        ("UTC".to_owned(), ZoneSource::Utc, date(2026, 4, 1))
    );
    let given = ReadOptions {
        zone: Some(TimeZone::get("Asia/Tokyo").expect("bundled")),
        ..ReadOptions::default()
    };
    let tokyo = "Asia/Tokyo".to_owned();
    assert_eq!(zone_and_day(&lines, &given), (tokyo, ZoneSource::Given, date(2026, 4, 1)));
}

#[test]
fn a_date_without_a_time_will_do() {
    let undated = |line: Line| line.with("posted-date-time", "").with("posted-date", "05.05.2026");
    let mut lines: Vec<_> = small().into_iter().map(undated).collect();
    lines[0] = Line::settlement("8.50", "USD").with("deposit-date", "");
    let document = read_text(&document(&lines)).expect("readable");
    assert_eq!(document.settlements[0].groups[0].date, date(2026, 5, 5));
    assert_eq!(document.settlements[0].deposit_date, None);
}

#[test]
fn one_date_between_slashes_may_prove_how_the_others_are_read() {
    let lines = [
        Line::settlement("8.50", "USD")
            .with("settlement-start-date", "05/03/2026")
            .with("settlement-end-date", "05/06/2026")
            .with("deposit-date", ""),
        Line::amount("Principal", "10.00").with("posted-date-time", "05/04/2026 10:00:00 UTC"),
        Line::amount("Commission", "-1.50").with("posted-date-time", "05/17/2026 10:00:00 UTC"),
    ];
    let settlement = read_text(&document(&lines)).expect("readable").settlements.remove(0);
    assert!(settlement.ties());
    assert_eq!(settlement.start, ReportTime::Date(date(2026, 5, 3)));
    let days: Vec<_> = settlement.groups.iter().map(|group| group.date.to_string()).collect();
    assert_eq!(days, ["2026-05-17", "2026-05-04"]);
    let unproven = defects(document(&lines[..2]));
    assert!(unproven.iter().all(|(reason, ..)| *reason == Reason::AmbiguousDate), "{unproven:?}");
}

#[test]
fn a_document_about_yen_may_be_shift_jis() {
    let lines = [
        Line::settlement("850", "JPY"),
        Line::amount("Principal", "1000").with("marketplace-name", "Amazon.co.jp"),
        Line::amount("手数料", "-150").with("marketplace-name", "Amazon.co.jp"),
    ];
    let text = document(&lines);
    let plain = read_text(&text).expect("readable");
    let bytes = encoding_rs::SHIFT_JIS.encode(&text).0;
    let unnamed = read(&*bytes, &ReadOptions::default()).expect("readable");
    assert_eq!(unnamed.encoding, "Shift_JIS");
    assert_eq!(unnamed.settlements, plain.settlements);
    assert_eq!(unnamed.settlements[0].sum.to_string(), "850 JPY");
    let charset = Some("shift_jis".to_owned());
    let named = read(&*bytes, &ReadOptions { charset, ..ReadOptions::default() });
    assert_eq!(named.expect("readable").settlements, plain.settlements);

    let mut broken = bytes.into_owned();
    let at = broken.iter().rposition(|byte| !byte.is_ascii()).expect("a Japanese letter");
    broken[at] = 0xff;
    let refused = read(broken.as_slice(), &ReadOptions::default()).expect_err("no letter");
    assert_eq!(refused.defects[0].reason, Reason::UnknownEncoding);
}

#[test]
fn a_document_about_yen_may_be_windows_1252() {
    let yen = |description: &str| {
        let row = Line::amount(description, "850").with("marketplace-name", "Amazon.co.jp");
        let text = document(&[Line::settlement("850", "JPY"), row]);
        encoding_rs::WINDOWS_1252.encode(&text).0.into_owned()
    };
    let told = read(yen("Größe").as_slice(), &ReadOptions::default()).expect("readable");
    assert_eq!(told.encoding, "windows-1252");
    assert_eq!(told.settlements[0].groups[0].triple.amount_description, "Größe");
    // What is no umlaut but a letter in Shift_JIS is not guessed at.
    let bytes = yen("Männer");
    let held = read(bytes.as_slice(), &ReadOptions::default()).expect_err("two ways");
    assert_eq!((held.defects[0].reason, held.defects[0].line), (Reason::UnknownEncoding, Some(3)));
    assert!(held.defects[0].message.contains("Name the charset"), "{held}");
    for (charset, name) in [("windows-1252", "Männer"), ("Shift_JIS", "M舅ner")] {
        let options = ReadOptions { charset: Some(charset.to_owned()), ..ReadOptions::default() };
        let named = read(bytes.as_slice(), &options).expect("readable");
        assert_eq!(named.settlements[0].groups[0].triple.amount_description, name);
    }
}

#[test]
fn currencies_have_their_own_number_of_decimals() {
    let of = |currency: &str, total: &str, amount: &str| {
        let row = Line::amount("Principal", amount);
        let document = read_text(&document(&[Line::settlement(total, currency), row]));
        document.expect("readable").settlements.remove(0)
    };
    assert_eq!(of("KWD", "1234.567", "1,234.567").sum.to_string(), "1234.567 KWD");
    assert_eq!(of("KWD", "-0,005", "0,005-").sum.to_string(), "-0.005 KWD");
    assert_eq!(of("JPY", "-12345", "\u{2212}12345").sum.to_string(), "-12345 JPY");
    assert!(of("BHD", "1.000.000,5", "1.000.000,500").ties());
}

#[test]
fn the_marketplace_tells_how_numbers_are_written_that_do_not() {
    let of = |marketplace: &str, currency: &str, amount: &str| {
        let row = Line::amount("Principal", amount).with("marketplace-name", marketplace);
        let document = read_text(&document(&[Line::settlement("1234", currency), row]));
        tied_sum(&document.expect("readable"))
    };
    assert_eq!(of("Amazon.com", "USD", "1,234"), "1234.00 USD");
    assert_eq!(of("Amazon.de", "EUR", "1.234"), "1234.00 EUR");
    assert_eq!(of("Amazon.ie", "EUR", "1,234"), "1234.00 EUR");
    assert_eq!(of("Amazon.co.jp", "JPY", "1,234"), "1234 JPY");
    // Account rows name none, but all stores of these currencies agree.
    assert_eq!(of("", "JPY", "1,234"), "1234 JPY");
    assert_eq!(of("", "SEK", "1.234"), "1234.00 SEK");
}

#[test]
fn the_caller_may_name_the_marketplace() {
    let row = Line::amount("Principal", "1.234")
        .with("marketplace-name", "")
        .with("posted-date-time", "2026-05-05 23:00:00 UTC");
    let text = document(&[Line::settlement("1234", "EUR"), row]);
    let id = MarketplaceId::parse("A1PA6795UKMFR9").expect("Germany's");
    let options = ReadOptions { marketplace: Some(id.clone()), ..ReadOptions::default() };
    let document = read(text.as_bytes(), &options).expect("readable");
    assert_eq!(tied_sum(&document), "1234.00 EUR");
    assert_eq!(document.decimal_sign, DecimalSign::Comma);
    assert_eq!(document.zone_source, ZoneSource::GivenMarketplace(id));
    assert_eq!(document.settlements[0].groups[0].date, date(2026, 5, 6));
    // One that this crate does not know tells nothing.
    let new = MarketplaceId::parse("A0NEWSTORE000").expect("an id");
    let options = ReadOptions { marketplace: Some(new), ..ReadOptions::default() };
    let refused = read(text.as_bytes(), &options).expect_err("ambiguous");
    assert_eq!(refused.defects[0].reason, Reason::AmbiguousNumber);
}
