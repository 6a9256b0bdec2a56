//! Writes settlement documents of our own making, in every dialect.

use settlement_model::{Document, ReadOptions, Reason, Unreadable, read};

pub(crate) const COLUMNS: [&str; 24] = [
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
    "amount-type",
    "amount-description",
    "amount",
    "fulfillment-id",
    "posted-date",
    "posted-date-time",
    "order-item-code",
    "merchant-order-item-id",
    "merchant-adjustment-item-id",
    "sku",
    "quantity-purchased",
    "promotion-id",
];

pub(crate) const ID: &str = "81000000001";

/// One line of a document, by column name.
#[derive(Debug, Clone)]
pub(crate) struct Line(Vec<String>);

impl Line {
    pub(crate) fn header() -> Self {
        Self(COLUMNS.map(str::to_owned).to_vec())
    }

    fn blank() -> Self {
        Self(vec![String::new(); COLUMNS.len()])
    }

    /// The settlement row of [`ID`].
    pub(crate) fn settlement(total: &str, currency: &str) -> Self {
        Self::blank()
            .with("settlement-id", ID)
            .with("settlement-start-date", "2026-05-03 18:00:00 UTC")
            .with("settlement-end-date", "2026-05-17 18:00:00 UTC")
            .with("deposit-date", "2026-05-19 18:00:00 UTC")
            .with("total-amount", total)
            .with("currency", currency)
    }

    /// A row of an order.
    pub(crate) fn amount(description: &str, amount: &str) -> Self {
        Self::blank()
            .with("settlement-id", ID)
            .with("transaction-type", "Order")
            .with("order-id", "111-0000001-0000001")
            .with("marketplace-name", "Amazon.com")
            .with("amount-type", "ItemPrice")
            .with("amount-description", description)
            .with("amount", amount)
            .with("fulfillment-id", "AFN")
            .with("posted-date", "2026-05-05")
            .with("posted-date-time", "2026-05-05 10:00:00 UTC")
            .with("sku", "MUG-1")
            .with("quantity-purchased", "1")
    }

    pub(crate) fn with(mut self, column: &str, cell: &str) -> Self {
        let at = COLUMNS.iter().position(|name| *name == column);
        self.0[at.expect("a column of Flat File V2")] = cell.to_owned();
        self
    }

    /// The row as it is when its last cells are missing, or when further ones follow.
    pub(crate) fn resized(mut self, cells: usize, filler: &str) -> Self {
        self.0.resize(cells, filler.to_owned());
        self
    }

    pub(crate) fn cells(&self) -> &[String] {
        &self.0
    }

    /// The cells in another order of columns.
    pub(crate) fn reordered(&self, order: &[usize]) -> Self {
        Self(order.iter().map(|at| self.0[*at].clone()).collect())
    }
}

/// A document of a header and these lines, separated by tabs, each line ended by a line feed.
pub(crate) fn document(lines: &[Line]) -> String {
    let mut text = String::new();
    for line in std::iter::once(&Line::header()).chain(lines) {
        text.push_str(&line.cells().join("\t"));
        text.push('\n');
    }
    text
}

/// A settlement of 10.00 - 1.50 USD that ties.
pub(crate) fn small() -> Vec<Line> {
    vec![
        Line::settlement("8.50", "USD"),
        Line::amount("Principal", "10.00"),
        Line::amount("Commission", "-1.50"),
    ]
}

pub(crate) fn read_text(text: &str) -> Result<Document, Unreadable> {
    read(text.as_bytes(), &ReadOptions::default())
}

/// Each defect of the document as its reason, its line and its column.
pub(crate) fn defects(document: impl AsRef<[u8]>) -> Vec<(Reason, Option<u64>, Option<String>)> {
    match read(document.as_ref(), &ReadOptions::default()) {
        Ok(document) => panic!("it was read: {document:?}"),
        Err(unreadable) => unreadable
            .defects
            .into_iter()
            .map(|defect| (defect.reason, defect.line, defect.column))
            .collect(),
    }
}
