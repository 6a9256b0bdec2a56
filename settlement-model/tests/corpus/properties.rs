//! What holds for any bytes, beyond that nothing panics.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Read, Write};

use flate2::Compression;
use flate2::write::GzEncoder;
use settlement_model::date_range;
use settlement_model::{
    Defect, Document, Form, Group, Item, Limits, Money, ReadOptions, Reason, RowReader, Settlement,
    Unreadable, read,
};

/// Small limits, so that short documents meet them.
pub fn options() -> ReadOptions {
    let limits = Limits {
        line_bytes: 4096,
        columns: 64,
        settlements: 6,
        groups: 48,
        defects: 8,
        inflated_bytes: 1 << 20,
    };
    ReadOptions { limits, ..ReadOptions::default() }
}

/// A flat file read whole says what its rows say one by one, and no line goes missing.
pub fn flat_file(bytes: &[u8]) {
    let whole = read(bytes, &options());
    if whole.as_ref().is_ok_and(|document| document.form == Form::Xml) {
        return;
    }
    let rows = match RowReader::new(bytes, &options()) {
        Ok(reader) => Rows::collect(reader),
        Err(refused) => {
            let other = whole.expect_err("the row reader refuses it");
            // An XML document is refused by the row reader for what it is.
            let xml = refused.defects[0].message.contains("XML");
            assert!(xml || other == refused, "{other} is not {refused}");
            return;
        }
    };
    match whole {
        Ok(document) => {
            assert!(rows.defects.is_empty(), "{:?}", rows.defects);
            assert_sound(&document.settlements);
            rows.assert_same(&document.settlements);
            rows.assert_complete(bytes);
        }
        Err(unreadable) => rows.assert_same_defects(&unreadable),
    }
}

/// How the source hands out an XML document makes no difference, nor does compressing it.
pub fn xml(bytes: &[u8]) {
    let whole = without_encoding(read(bytes, &options()));
    assert_eq!(without_encoding(read(Dripping { bytes, step: 3 }, &options())), whole);
    if let Ok(document) = &whole {
        assert!(!document.settlements.is_empty());
        assert_sound(&document.settlements);
    }
}

/// Every record of a date range report is counted in one statement.
pub fn date_range(bytes: &[u8]) {
    let whole = date_range::read(bytes, &options()).map_err(without_bytes);
    let dripped = date_range::read(Dripping { bytes, step: 7 }, &options());
    assert_eq!(dripped.map_err(without_bytes), whole);
    let Ok(report) = whole else { return };
    let mut rows = 0;
    for statement in &report.statements {
        rows += statement.rows + statement.transfers;
        let types = statement.types.iter();
        let (mut of_types, mut deferred) =
            (Money::zero(report.currency), Money::zero(report.currency));
        for one in types.clone() {
            of_types = of_types.checked_add(one.sum).expect("one currency");
            if one.deferred {
                deferred = deferred.checked_add(one.sum).expect("one currency");
            }
        }
        assert_eq!(of_types, statement.sum);
        assert_eq!(deferred, statement.deferred);
        assert_eq!(types.map(|one| one.rows).sum::<u64>(), statement.rows);
        assert!(statement.deferred_rows <= statement.rows);
        assert!(statement.lines.first <= statement.lines.last);
    }
    if let Ok(text) = std::str::from_utf8(bytes)
        && report.encoding == "UTF-8"
    {
        // The header and the lines above it are no rows.
        let records = filled_records(text);
        assert!(rows < records, "{rows} rows of {records} records");
        let above = records - rows;
        assert!(above <= 41, "{above} records that are no rows");
    }
}

/// The same text is the same document in every encoding, compressed or not, and however the source
/// hands it out.
pub fn encoding(bytes: &[u8]) {
    const GZIP: &[u8] = &[0x1f, 0x8b];
    let whole = without_encoding(read(bytes, &options()));
    for step in [1, 13] {
        let dripped = without_encoding(read(Dripping { bytes, step }, &options()));
        assert_eq!(dripped, whole);
    }
    if !bytes.starts_with(GZIP) {
        let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
        gzip.write_all(bytes).expect("in memory");
        let compressed = gzip.finish().expect("in memory");
        assert_eq!(without_encoding(read(compressed.as_slice(), &options())), whole);
    }
    // A mark in front changes what a document is that is told by its first bytes.
    let foreign =
        [GZIP, b"PK", b"%PDF", b"\xef\xbb\xbf"].iter().any(|magic| bytes.starts_with(magic));
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    if foreign {
        return;
    }
    let marked = format!("\u{feff}{text}");
    let utf16 = |bytes_of: fn(u16) -> [u8; 2]| -> Vec<u8> {
        marked.encode_utf16().flat_map(bytes_of).collect()
    };
    for bytes in [marked.clone().into_bytes(), utf16(u16::to_le_bytes), utf16(u16::to_be_bytes)] {
        assert_eq!(without_encoding(read(bytes.as_slice(), &options())), whole);
    }
}

/// Sums and counts add up, and no amount is of another currency.
fn assert_sound(settlements: &[Settlement]) {
    for settlement in settlements {
        let mut sum = Money::zero(settlement.currency());
        for group in &settlement.groups {
            sum = sum.checked_add(group.amount).expect("one currency");
            assert!(group.rows > 0 && group.lines.first <= group.lines.last);
        }
        assert_eq!(sum, settlement.sum);
        assert_eq!(settlement.groups.iter().map(|group| group.rows).sum::<u64>(), settlement.rows);
    }
}

fn without_encoding(read: Result<Document, Unreadable>) -> Result<Document, Unreadable> {
    read.map(|document| Document { encoding: "", ..document }).map_err(without_bytes)
}

/// Without what is said of a byte that does not fit the encoding: it is not known any more when the
/// source handed it out alone.
fn without_bytes(mut unreadable: Unreadable) -> Unreadable {
    for defect in &mut unreadable.defects {
        if defect.reason == Reason::UnknownEncoding {
            defect.message.clear();
        }
    }
    unreadable
}

/// The rows of a document one by one, added up without any short cut.
#[derive(Default)]
struct Rows {
    settlements: Vec<(String, Money, u64)>,
    groups: BTreeMap<(usize, String), (Money, u64, u64, u64)>,
    defects: Vec<Defect>,
    /// The lines of settlements and rows.
    lines: BTreeSet<u64>,
}

impl Rows {
    fn collect(mut reader: RowReader<&[u8]>) -> Self {
        let mut rows = Self::default();
        let zone = reader.zone().clone();
        while let Some(item) = reader.next() {
            match item {
                Err(defect) => rows.defects.push(defect),
                Ok(Item::Settlement(row)) => {
                    rows.lines.insert(row.line);
                    rows.settlements.push((row.id.to_string(), row.total, row.line));
                }
                Ok(Item::Row(row)) => {
                    rows.lines.insert(row.line());
                    let id = row.settlement_id().as_str();
                    let of = rows.settlements.iter().position(|(known, ..)| known == id);
                    // A settlement whose own row is defective comes without it.
                    let Some(of) = of else { continue };
                    let kind = format!(
                        "{:?}",
                        (
                            row.transaction_type(),
                            row.amount_type(),
                            row.amount_description(),
                            row.posted().date_in(&zone),
                            row.marketplace_name(),
                            row.fulfillment(),
                        )
                    );
                    let nothing = (Money::zero(row.amount().currency()), 0, row.line(), 0);
                    let group = rows.groups.entry((of, kind)).or_insert(nothing);
                    let Ok(sum) = group.0.checked_add(row.amount()) else { continue };
                    *group = (sum, group.1 + 1, group.2, row.line());
                }
            }
        }
        rows
    }

    fn assert_same(&self, settlements: &[Settlement]) {
        let facts = |one: &Settlement| (one.id.to_string(), one.total, one.line);
        assert_eq!(settlements.iter().map(facts).collect::<Vec<_>>(), self.settlements);
        let mut groups = BTreeMap::new();
        for (of, settlement) in settlements.iter().enumerate() {
            for group in &settlement.groups {
                let Group { triple, date, marketplace, fulfillment, amount, rows, lines, .. } =
                    group;
                let kind = format!(
                    "{:?}",
                    (
                        &triple.transaction_type,
                        &triple.amount_type,
                        &triple.amount_description,
                        date,
                        marketplace,
                        fulfillment,
                    )
                );
                groups.insert((of, kind), (*amount, *rows, lines.first, lines.last));
            }
        }
        assert_eq!(groups, self.groups);
    }

    /// Adding up may find one defect more, and finds nothing behind it.
    fn assert_same_defects(&self, unreadable: &Unreadable) {
        let of_sums = |defect: &&Defect| {
            let groups = defect.message.contains("kinds of rows");
            defect.column.is_none()
                && (defect.reason == Reason::Overflow
                    || (defect.reason == Reason::LimitExceeded && groups))
        };
        let found: Vec<_> = unreadable.defects.iter().filter(|defect| !of_sums(defect)).collect();
        let expected: Vec<_> = self.defects.iter().take(found.len()).collect();
        assert_eq!(found, expected);
        let counted = unreadable.defects.len() as u64 + unreadable.more;
        assert!(counted >= self.defects.len() as u64);
    }

    /// Each line of a tab-separated document that is neither a settlement's nor a row's is blank, a
    /// header, a settlement row once more, or states no amount, as in Flat File V1.
    fn assert_complete(&self, bytes: &[u8]) {
        let Ok(text) = std::str::from_utf8(bytes) else { return };
        let mut amounts: Vec<usize> = Vec::new();
        for (number, line) in (1..).zip(text.split('\n')) {
            let cells: Vec<&str> = line.split('\t').map(header_name).collect();
            let is_header = cells.iter().any(|cell| cell.eq_ignore_ascii_case("settlement-id"));
            if is_header {
                let is_amount = |at: &usize| {
                    let name = cells[*at].to_ascii_lowercase();
                    name != "total-amount" && (name == "amount" || name.ends_with("-amount"))
                };
                amounts = (0..cells.len()).filter(is_amount).collect();
                continue;
            }
            if amounts.is_empty() {
                // The header is separated by something else, or has not come yet.
                return;
            }
            let silent = amounts.iter().all(|at| cells.get(*at).is_none_or(|cell| cell.is_empty()));
            assert!(self.lines.contains(&number) || silent, "line {number} went missing: {line:?}");
        }
    }
}

/// A cell without blanks and without the byte order mark that concatenated files leave.
fn header_name(cell: &str) -> &str {
    cell.trim_start_matches('\u{feff}').trim()
}

/// How many records of a comma-separated text have a cell that is not blank.
fn filled_records(text: &str) -> u64 {
    let (mut records, mut filled) = (0, false);
    let (mut quoted, mut cell_start) = (false, true);
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '"' if quoted && characters.peek() == Some(&'"') => {
                filled = true;
                characters.next();
            }
            '"' if quoted || cell_start => quoted = !quoted,
            '\n' if !quoted => {
                records += u64::from(filled);
                filled = false;
            }
            ',' if !quoted => {}
            other => filled |= !other.is_whitespace(),
        }
        cell_start = !quoted && matches!(character, ',' | '\n');
    }
    records + u64::from(filled)
}

/// Gives few bytes at a time.
struct Dripping<'b> {
    bytes: &'b [u8],
    step: usize,
}

impl Read for Dripping<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let few = buffer.len().min(self.step);
        self.bytes.read(&mut buffer[..few])
    }
}
