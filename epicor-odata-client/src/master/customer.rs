use crate::client::Client;
use crate::error::Error;
use crate::limit;
use crate::odata::Filter;
use crate::record::{Records, record};

record! {
    /// A customer: a row of `Customer`.
    Customer in "Erp.BO.CustomerSvc/Customers" by ["CustNum"] {
        /// The number other tables refer to; given by Epicor.
        cust_num: i64 = "CustNum",
        /// The id people know; unique, at most 10 characters.
        cust_id: String = "CustID",
        name: String = "Name",
        currency_code: String = "CurrencyCode",
        terms_code: String = "TermsCode",
        ship_via_code: String = "ShipViaCode",
        tax_region_code: String = "TaxRegionCode",
        /// One-time ship-to addresses are allowed.
        allow_ots: bool = "AllowOTS",
        /// Epicor itself objects to a PO number that was used before.
        check_duplicate_po: bool = "CheckDuplicatePO",
        credit_hold: bool = "CreditHold",
        inactive: bool = "Inactive",
    }
}

impl Client {
    /// The customers.
    #[must_use]
    pub fn customers(&self) -> Records<'_, Customer> {
        self.records()
    }
}

impl Records<'_, Customer> {
    /// The customer with this `CustID`.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`] for an id no customer can have, and any other a read ends in.
    pub async fn by_cust_id(&self, cust_id: &str) -> Result<Option<Customer>, Error> {
        limit::filled("CustID", cust_id, limit::CUST_ID)?;
        self.only(Filter::eq("CustID", cust_id)).await
    }
}
