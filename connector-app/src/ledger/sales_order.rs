//! A sales order as a document: what to enter, or what to change of one that was entered.

use ledger_mapper::{OrderChange, SalesOrderDraft};
use serde::{Deserialize, Serialize};

/// A sales order, or a change of one. No personal data is in it: the address is asked for when the
/// order is written, and kept nowhere.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SalesOrder {
    /// The connection.
    pub connection: String,
    /// 0 for the order itself, then one more for each change.
    pub revision: u32,
    /// The order as it must be; without an address.
    pub draft: SalesOrderDraft,
    /// What Epicor wants beside it.
    pub fields: OrderFields,
    /// How an order that was entered before becomes this one.
    pub change: Option<Change>,
}

/// What the connection's configuration adds to an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderFields {
    /// `CustNum`.
    pub cust_num: i64,
    /// `TaxRegionCode`; the customer's when `None`.
    pub tax_region: Option<String>,
    /// `ShipViaCode`; the customer's when `None`.
    pub ship_via: Option<String>,
    /// `TermsCode`; the customer's when `None`.
    pub terms: Option<String>,
    /// `CountryNum` of the buyer's country, when the order goes to the buyer.
    pub one_time_country: Option<i64>,
}

/// How an order that was entered before becomes another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// What was entered.
    pub entered: Entered,
    /// What is done, in this order.
    pub changes: Vec<OrderChange>,
    /// A cancelled order is deleted if it can be, not closed.
    pub delete: bool,
}

/// What Epicor has of an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entered {
    /// `OrderNum`.
    pub order_num: i64,
    /// What its comment starts with.
    pub token: String,
    /// The order as it was entered; without an address.
    pub draft: SalesOrderDraft,
    /// Which of Epicor's lines is which of Amazon's items.
    pub lines: Vec<EnteredLine>,
    /// `PackNum` of the pack of an order that Amazon has shipped.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pack: Option<i64>,
}

/// One line that Epicor has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EnteredLine {
    /// `OrderLine`.
    pub line: i64,
    /// Amazon's `orderItemId`.
    pub item: String,
    /// Which of the item's lines it is, from 1.
    pub share: u32,
    /// How many of the line's unit one piece of Amazon's is.
    pub multiple: u32,
}

impl Entered {
    /// What Epicor has once a draft was entered: its lines are numbered in their order.
    #[must_use]
    pub fn new(order_num: i64, token: &str, draft: &SalesOrderDraft) -> Self {
        let mut entered = Self {
            order_num,
            token: token.to_owned(),
            draft: draft.clone(),
            lines: Vec::with_capacity(draft.lines.len()),
            pack: None,
        };
        entered.number_new_lines();
        entered
    }

    /// What Epicor has once a change was made.
    #[must_use]
    pub fn changed(mut self, now: &SalesOrderDraft) -> Self {
        self.draft = now.clone();
        self.number_new_lines();
        self
    }

    /// Epicor gives each line that it did not have the next number.
    fn number_new_lines(&mut self) {
        let mut next = self.lines.iter().map(|line| line.line).max().unwrap_or(0);
        for line in &self.draft.lines {
            let known = |known: &EnteredLine| known.item == line.item && known.share == line.share;
            if !self.lines.iter().any(known) {
                next += 1;
                let (item, share, multiple) = (line.item.clone(), line.share, line.multiple);
                self.lines.push(EnteredLine { line: next, item, share, multiple });
            }
        }
    }

    /// The number of the line of an item's share.
    #[must_use]
    pub fn line_of(&self, item: &str, share: u32) -> Option<i64> {
        let found = self.lines.iter().find(|line| line.item == item && line.share == share);
        found.map(|line| line.line)
    }
}

impl SalesOrder {
    /// `connection/sales-order/AmazonOrderId/revision`: the same order judged again has the same key.
    #[must_use]
    pub fn key(&self) -> String {
        let (connection, order) = (&self.connection, &self.draft.po_number);
        format!("{connection}/sales-order/{order}/r{}", self.revision)
    }
}
