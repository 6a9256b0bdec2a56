//! A customer part cross reference as a document: the SKU by which a marketplace's customer names a part.

use serde::{Deserialize, Serialize};

/// A cross reference to be made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CrossReference {
    /// The connection.
    pub connection: String,
    /// 0 at first, then one more each time that a person names a part.
    pub revision: u32,
    /// `CustNum`.
    pub cust_num: i64,
    /// `CustID`.
    pub customer: String,
    /// The seller's SKU: `XPartNum`.
    pub sku: String,
    /// `PartNum`.
    pub part: String,
}

impl CrossReference {
    /// `connection/cross-reference/CustID/SKU/revision`, with the SKU's own slashes escaped.
    #[must_use]
    pub fn key(&self) -> String {
        let Self { connection, customer, revision, .. } = self;
        let sku = self.sku.replace('%', "%25").replace('/', "%2F");
        format!("{connection}/cross-reference/{customer}/{sku}/r{revision}")
    }
}
