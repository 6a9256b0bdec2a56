//! Amazon's report of all orders: which orders there are, line by line.

use std::collections::BTreeMap;

use anyhow::Context as _;

/// An order as the report has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportedOrder {
    /// `order-status`: Pending, Unshipped, Shipping, Shipped, Cancelled, …
    pub status: String,
    /// `fulfillment-channel`: Amazon or Merchant.
    pub channel: String,
    /// How many lines it has.
    pub lines: u32,
}

/// Reads the report; columns are found by their names, which are the same in all languages of this
/// report.
///
/// # Errors
/// When it is no such report, or a line has no order id.
pub fn reported_orders(bytes: &[u8]) -> anyhow::Result<BTreeMap<String, ReportedOrder>> {
    let mut reader =
        csv::ReaderBuilder::new().delimiter(b'\t').quoting(false).flexible(true).from_reader(bytes);
    let headers = reader.byte_headers().context("reading the report of all orders")?.clone();
    let column = |name: &str| {
        let found = headers.iter().position(|header| header == name.as_bytes());
        found.with_context(|| format!("the report of all orders has no column {name}"))
    };
    let (id, status, channel) =
        (column("amazon-order-id")?, column("order-status")?, column("fulfillment-channel")?);
    let mut orders = BTreeMap::new();
    for (line, record) in (2..).zip(reader.byte_records()) {
        let record = record.with_context(|| format!("the report of all orders, line {line}"))?;
        let cell = |place: usize| {
            let bytes = record.get(place).unwrap_or_default();
            String::from_utf8_lossy(bytes).trim().to_owned()
        };
        let order = cell(id);
        anyhow::ensure!(!order.is_empty(), "the report of all orders, line {line}: no order id");
        let known = orders.entry(order).or_insert_with(|| ReportedOrder {
            status: cell(status),
            channel: cell(channel),
            lines: 0,
        });
        known.lines += 1;
    }
    Ok(orders)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_one_order_are_one_order() {
        let report = "amazon-order-id\torder-status\tfulfillment-channel\tproduct-name\n\
            111-1\tShipped\tAmazon\tA \"quoted\" name\n\
            111-1\tShipped\tAmazon\tJ\u{fc}rgen\n\
            111-2\tUnshipped\tMerchant\tB\n";
        let orders = reported_orders(report.as_bytes()).expect("a report");
        let lines: Vec<_> = orders.iter().map(|(id, order)| (id.as_str(), order.lines)).collect();
        assert_eq!(lines, [("111-1", 2), ("111-2", 1)]);
        assert_eq!(orders["111-2"].channel, "Merchant");
        let other = reported_orders(b"sku\tprice\nA\t1\n").expect_err("another report");
        assert!(other.to_string().contains("amazon-order-id"));
    }
}
