//! Settlement reports as files, for tests that read them.

use jiff::tz::TimeZone;
use ledger_mapper::Rules;
use settlement_model::{Document, ReadOptions, RowReader};

const COLUMNS: &str = "settlement-id\tsettlement-start-date\tsettlement-end-date\tdeposit-date\ttotal-amount\tcurrency\ttransaction-type\torder-id\tamount-type\tamount-description\tamount\tposted-date-time\tmarketplace-name\tfulfillment-id\tsku";

/// A row of a report.
#[derive(Debug, Clone)]
pub(crate) struct ReportRow<'a> {
    /// Its instant, as the report writes it.
    pub(crate) posted: String,
    pub(crate) triple: [&'a str; 3],
    pub(crate) amount: String,
    pub(crate) marketplace: &'a str,
    pub(crate) sku: &'a str,
}

impl<'a> ReportRow<'a> {
    /// A row of Amazon.com without a SKU.
    pub(crate) fn new(posted: &str, triple: [&'a str; 3], amount: &str) -> Self {
        let (posted, amount) = (posted.to_owned(), amount.to_owned());
        Self { posted, triple, amount, marketplace: "Amazon.com", sku: "" }
    }
}

/// The text of a report of one settlement, 70000000001, which ends at an instant.
pub(crate) fn report(total: &str, end: &str, rows: &[ReportRow<'_>]) -> String {
    let id = "70000000001";
    let mut text = format!("{COLUMNS}\n{id}\t2026-01-01 00:00:00 UTC\t{end}\t\t{total}\tUSD");
    text += &"\t".repeat(9);
    for ReportRow { posted, triple, amount, marketplace, sku } in rows {
        let [transaction, amount_type, description] = triple;
        text += &format!(
            "\n{id}\t\t\t\t\t\t{transaction}\t\t{amount_type}\t{description}\t{amount}\t{posted}\t{marketplace}\t\t{sku}"
        );
    }
    text + "\n"
}

pub(crate) fn options(zone: &TimeZone) -> ReadOptions {
    ReadOptions { zone: Some(zone.clone()), ..ReadOptions::default() }
}

/// Reads a report for rules that ask for the SKU, or do not.
pub(crate) fn read_for(rules: &Rules, text: &str, zone: &TimeZone) -> Document {
    let options = ReadOptions { group_by_sku: rules.asks_for_sku(), ..options(zone) };
    settlement_model::read(text.as_bytes(), &options).expect("a report")
}

pub(crate) fn read<'t>(text: &'t str, zone: &TimeZone) -> (Document, RowReader<&'t [u8]>) {
    let document = settlement_model::read(text.as_bytes(), &options(zone)).expect("a report");
    (document, RowReader::new(text.as_bytes(), &options(zone)).expect("a report"))
}
