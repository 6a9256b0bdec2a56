//! Settlement reports as files, for tests that read them.

use jiff::tz::TimeZone;
use settlement_model::{Document, ReadOptions, RowReader};

const COLUMNS: &str = "settlement-id\tsettlement-start-date\tsettlement-end-date\tdeposit-date\ttotal-amount\tcurrency\ttransaction-type\torder-id\tamount-type\tamount-description\tamount\tposted-date-time\tmarketplace-name\tfulfillment-id\tsku";

/// A row: its instant as the report writes it, its triple, its amount and its marketplace.
pub(crate) type ReportRow<'a> = (String, [&'a str; 3], String, &'a str);

/// The text of a report of one settlement, 70000000001, which ends at an instant.
pub(crate) fn report(total: &str, end: &str, rows: &[ReportRow<'_>]) -> String {
    let id = "70000000001";
    let mut text = format!("{COLUMNS}\n{id}\t2026-01-01 00:00:00 UTC\t{end}\t\t{total}\tUSD");
    text += &"\t".repeat(9);
    for (posted, [transaction, amount_type, description], amount, marketplace) in rows {
        text += &format!(
            "\n{id}\t\t\t\t\t\t{transaction}\t\t{amount_type}\t{description}\t{amount}\t{posted}\t{marketplace}\t\t"
        );
    }
    text + "\n"
}

pub(crate) fn options(zone: &TimeZone) -> ReadOptions {
    ReadOptions { zone: Some(zone.clone()), ..ReadOptions::default() }
}

pub(crate) fn read<'t>(text: &'t str, zone: &TimeZone) -> (Document, RowReader<&'t [u8]>) {
    let document = settlement_model::read(text.as_bytes(), &options(zone)).expect("a report");
    (document, RowReader::new(text.as_bytes(), &options(zone)).expect("a report"))
}
