use crate::client::Client;
use crate::error::Error;
use crate::odata::Filter;
use crate::record::{Records, record};

record! {
    /// A vendor: a row of `Vendor`.
    Vendor in "Erp.BO.VendorSvc/Vendors" by ["VendorNum"] {
        /// The number other tables refer to; given by Epicor.
        vendor_num: i64 = "VendorNum",
        /// The id people know; unique.
        vendor_id: String = "VendorID",
        name: String = "Name",
        currency_code: String = "CurrencyCode",
        terms_code: String = "TermsCode",
        tax_region_code: String = "TaxRegionCode",
        /// Invoices may be entered, but are not paid.
        pay_hold: bool = "PayHold",
        inactive: bool = "Inactive",
    }
}

impl Client {
    /// The vendors.
    #[must_use]
    pub fn vendors(&self) -> Records<'_, Vendor> {
        self.records()
    }
}

impl Records<'_, Vendor> {
    /// The vendor with this `VendorID`.
    ///
    /// # Errors
    /// Any [`Error`] a read ends in.
    pub async fn by_vendor_id(&self, vendor_id: &str) -> Result<Option<Vendor>, Error> {
        self.only(Filter::eq("VendorID", vendor_id)).await
    }
}
