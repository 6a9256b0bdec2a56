use rust_decimal::Decimal;

use crate::client::Client;
use crate::record::{Records, record};

record! {
    /// A miscellaneous charge of the sales side: a row of `MiscChrg`.
    MiscCharge in "Erp.BO.MiscChrgSvc/MiscChrgs" by ["MiscCode"] {
        misc_code: String = "MiscCode",
        description: String = "Description",
        /// How often it is billed: `F` first shipment, `L` last, `E` every.
        frequency: String = "FreqCode",
        /// What it is unless a document says otherwise, in the base currency.
        amount: Decimal = "MiscAmt",
        /// `A` for an amount, `P` for a percentage.
        kind: String = "Type",
        tax_category: String = "TaxCatID",
    }
}

record! {
    /// A miscellaneous charge of the purchase side: a row of `PurMisc`.
    PurchaseMiscCharge in "Erp.BO.PurMiscSvc/PurMiscs" by ["MiscCode"] {
        misc_code: String = "MiscCode",
        description: String = "Description",
        /// `A` for an amount, `P` for a percentage.
        kind: String = "Type",
        tax_category: String = "TaxCatID",
        inactive: bool = "Inactive",
    }
}

impl Client {
    /// The miscellaneous charges of the sales side.
    #[must_use]
    pub fn misc_charges(&self) -> Records<'_, MiscCharge> {
        self.records()
    }

    /// The miscellaneous charges of the purchase side.
    #[must_use]
    pub fn purchase_misc_charges(&self) -> Records<'_, PurchaseMiscCharge> {
        self.records()
    }
}
