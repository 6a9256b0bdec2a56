//! AR invoices, in outline: read and looked up, not entered. What a marketplace pays is booked by
//! a GL journal; these show what was invoiced for its orders.

use jiff::civil::Date;
use rust_decimal::Decimal;

use crate::client::Client;
use crate::error::Error;
use crate::odata::Filter;
use crate::record::{Records, record};

record! {
    /// An AR invoice without its lines: a row of `InvcHead`.
    ArInvoice in "Erp.BO.ARInvoiceSvc/ARInvoices" by ["InvoiceNum"] {
        /// Given by Epicor.
        invoice_num: i64 = "InvoiceNum",
        /// `SHP` for shipments, `MIS` miscellaneous, `ADV` and `DEP` for what is paid before.
        kind: String = "InvoiceType",
        credit_memo: bool = "CreditMemo",
        cust_num: i64 = "CustNum",
        /// Zero for a miscellaneous invoice.
        order_num: i64 = "OrderNum",
        /// The customer's own number for the order.
        po_num: String = "PONum",
        /// What an integration knows it by.
        external_id: String = "ExternalID",
        invoice_date: Option<Date> = "InvoiceDate",
        currency_code: String = "CurrencyCode",
        /// In [`currency_code`](Self::currency_code); negative for a credit memo.
        amount: Decimal = "DocInvoiceAmt",
        /// What is still to be paid of it.
        balance: Decimal = "DocInvoiceBal",
        /// The group it was entered in.
        group_id: String = "GroupID",
        posted: bool = "Posted",
        open: bool = "OpenInvoice",
    }
}

impl Client {
    /// The AR invoices.
    #[must_use]
    pub fn ar_invoices(&self) -> Records<'_, ArInvoice> {
        self.records()
    }
}

impl Records<'_, ArInvoice> {
    /// The invoices of an order, by number.
    ///
    /// # Errors
    /// Any [`Error`] a read ends in.
    pub async fn of_order(&self, order_num: i64) -> Result<Vec<ArInvoice>, Error> {
        self.matching(Filter::eq("OrderNum", order_num)).await
    }

    /// The invoices with this `ExternalID`, by number.
    ///
    /// # Errors
    /// Any [`Error`] a read ends in.
    pub async fn by_external_id(&self, external_id: &str) -> Result<Vec<ArInvoice>, Error> {
        self.matching(Filter::eq("ExternalID", external_id)).await
    }
}
