use std::fmt;

use serde_json::json;

use crate::dataset::Row;
use crate::error::Error;
use crate::limit;

/// Where an order goes to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum ShipTo {
    /// The customer's own address.
    #[default]
    Customer,
    /// `ShipToNum`: one of the customer's addresses.
    Number(String),
    /// An address for this order alone. The customer must allow that (`AllowOTS`).
    OneTime(OneTimeShipTo),
}

/// An address for one order: a buyer's personal data, which never shows in `Debug`.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct OneTimeShipTo {
    /// `OTSName`; Epicor wants it filled.
    pub name: String,
    /// `OTSAddress1` to `OTSAddress3`.
    pub address: [String; 3],
    /// `OTSCity`.
    pub city: String,
    /// `OTSState`.
    pub state: String,
    /// `OTSZIP`.
    pub zip: String,
    /// `OTSCountryNum`: the number of Epicor's country table, not an ISO code.
    pub country_num: i64,
    /// `OTSContact`.
    pub contact: String,
    /// `OTSPhoneNum`.
    pub phone: String,
}

impl fmt::Debug for OneTimeShipTo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OneTimeShipTo(***)")
    }
}

impl OneTimeShipTo {
    pub(super) fn can_be_sent(&self) -> Result<(), Error> {
        limit::filled("OTSName", &self.name, usize::MAX)
    }

    pub(super) fn write_to(&self, row: &mut Row) {
        let [address_1, address_2, address_3] = &self.address;
        row.set("UseOTS", json!(true));
        for (column, value) in [
            ("OTSName", &self.name),
            ("OTSAddress1", address_1),
            ("OTSAddress2", address_2),
            ("OTSAddress3", address_3),
            ("OTSCity", &self.city),
            ("OTSState", &self.state),
            ("OTSZIP", &self.zip),
            ("OTSContact", &self.contact),
            ("OTSPhoneNum", &self.phone),
        ] {
            row.set_text(column, value);
        }
        row.set("OTSCountryNum", json!(self.country_num));
        // Blank: Epicor does not keep it as one of the customer's addresses.
        row.set_text("OTSSaveAs", "");
    }
}
