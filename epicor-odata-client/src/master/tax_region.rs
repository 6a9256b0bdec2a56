use crate::client::Client;
use crate::record::{Records, record};

record! {
    /// A tax region: a row of `TaxRgn`.
    TaxRegion in "Erp.BO.TaxRgnSvc/TaxRgns" by ["TaxRegionCode"] {
        tax_region_code: String = "TaxRegionCode",
        description: String = "Description",
        /// Prices may include the tax.
        in_price: bool = "InPrice",
        /// Used for sales.
        use_in_ar: bool = "UseInAR",
        /// Used for purchases.
        use_in_ap: bool = "UseInAP",
    }
}

impl Client {
    /// The tax regions. Orders whose tax a marketplace collects need one without taxes, or Epicor
    /// adds its own.
    #[must_use]
    pub fn tax_regions(&self) -> Records<'_, TaxRegion> {
        self.records()
    }
}
