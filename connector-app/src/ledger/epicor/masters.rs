//! What orders and shipments need of Epicor's masters and documents; all of it only reads.

use epicor_odata_client::master::Customer;
use epicor_odata_client::odata::Filter;
use epicor_odata_client::sales_order::OrderHead;
use epicor_odata_client::shipment::{Shipment, ShippedQuery};
use jiff::civil::Date;

use super::EpicorLedger;

impl EpicorLedger {
    /// A customer by its id.
    ///
    /// # Errors
    /// The client's errors.
    pub async fn customer(&self, cust_id: &str) -> anyhow::Result<Option<Customer>> {
        Ok(self.client.customers().by_cust_id(cust_id).await?)
    }

    /// The orders that customers made from a day on, each with its PO number.
    ///
    /// # Errors
    /// The client's errors.
    pub async fn orders_from(&self, cust_num: i64, from: Date) -> anyhow::Result<Vec<OrderHead>> {
        let filter = Filter::eq("CustNum", cust_num).and(Filter::ge("OrderDate", from));
        Ok(self.client.records().matching(filter).await?)
    }

    /// The packs that left, changed on this day or later.
    ///
    /// # Errors
    /// The client's errors.
    pub async fn shipped(&self, query: ShippedQuery) -> anyhow::Result<Vec<Shipment>> {
        Ok(self.client.packs().shipped(query).await?)
    }
}
