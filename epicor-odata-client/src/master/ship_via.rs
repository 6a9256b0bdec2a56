use crate::client::Client;
use crate::record::{Records, record};

record! {
    /// A way to ship: a row of `ShipVia`.
    ShipVia in "Erp.BO.ShipViaSvc/ShipVias" by ["ShipViaCode"] {
        ship_via_code: String = "ShipViaCode",
        description: String = "Description",
        /// The carrier's name, when the company keeps it.
        carrier: String = "Carrier",
        /// The carrier's Standard Carrier Alpha Code, when the company keeps it.
        scac: String = "SCAC",
        inactive: bool = "Inactive",
    }
}

impl Client {
    /// The ways to ship. Which carrier each is to a marketplace needs a map of the user's own.
    #[must_use]
    pub fn ship_vias(&self) -> Records<'_, ShipVia> {
        self.records()
    }
}
