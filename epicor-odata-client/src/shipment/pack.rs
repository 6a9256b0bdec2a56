use jiff::civil::Date;
use rust_decimal::Decimal;

use crate::record::record;

/// The `ShipStatus` of a pack that has left.
pub(super) const SHIPPED: &str = "SHIPPED";

record! {
    /// A pack: a row of `ShipHead`, without its lines.
    Pack in "Erp.BO.CustShipSvc/CustShips" by ["PackNum"] {
        pack_num: i64 = "PackNum",
        cust_num: i64 = "CustNum",
        /// The day it left, or is to leave.
        ship_date: Option<Date> = "ShipDate",
        ship_via_code: String = "ShipViaCode",
        /// As typed: it may hold several, see [`tracking_numbers`](Self::tracking_numbers).
        tracking_number: String = "TrackingNumber",
        /// With our token at its start, when it was made by us.
        comment: String = "ShipComment",
        /// `OPEN`, `CLOSED`, `FREIGHTED`, `STAGED`, `SHIPPED` or `VOID`.
        status: String = "ShipStatus",
        ready_to_invoice: bool = "ReadyToInvoice",
        invoiced: bool = "Invoiced",
        voided: bool = "Voided",
        /// The day of its last change, in the company's time; it has no time of day.
        changed: Option<Date> = "ChangeDate",
    }
}

record! {
    /// A line of a pack: a row of `ShipDtl`.
    PackLine in "Erp.BO.ShipDtlSearchSvc/ShipDtlSearches" by ["PackNum", "PackLine"] {
        pack_num: i64 = "PackNum",
        pack_line: i64 = "PackLine",
        order_num: i64 = "OrderNum",
        order_line: i64 = "OrderLine",
        order_rel_num: i64 = "OrderRelNum",
        part_num: String = "PartNum",
        /// The customer's number for the part.
        x_part_num: String = "XPartNum",
        /// From stock, in the selling unit.
        from_stock: Decimal = "SellingInventoryShipQty",
        /// From jobs, in the selling unit.
        from_jobs: Decimal = "SellingJobShipQty",
        /// Nothing more of this release will be shipped.
        complete: bool = "ShipCmpl",
        lot_num: String = "LotNum",
    }
}

impl PackLine {
    /// What was shipped, in the selling unit; `None` when the sum is no number.
    #[must_use]
    pub fn quantity(&self) -> Option<Decimal> {
        self.from_stock.checked_add(self.from_jobs)
    }
}

impl Pack {
    /// Whether it has left, by either of the two columns that say so.
    #[must_use]
    pub fn has_left(&self) -> bool {
        self.ready_to_invoice || self.status == SHIPPED
    }

    /// The tracking numbers in [`tracking_number`](Self::tracking_number), in the order they were
    /// typed. People separate several by comma, semicolon or space.
    pub fn tracking_numbers(&self) -> impl Iterator<Item = &str> {
        let separates = |c: char| c == ',' || c == ';' || c.is_whitespace();
        self.tracking_number.split(separates).filter(|number| !number.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use crate::dataset::Row;
    use crate::record::Record;

    #[test]
    fn tracking_numbers_are_told_apart() {
        let row: Row = serde_json::from_str(
            r#"{"PackNum":7,"CustNum":1,"ShipDate":null,"ShipViaCode":"UPS",
                "TrackingNumber":"1Z9, 1Z8;1Z7 ,","ShipComment":"","ShipStatus":"SHIPPED","ReadyToInvoice":true,
                "Invoiced":false,"Voided":false,"ChangeDate":"2026-05-31T00:00:00"}"#,
        )
        .unwrap_or_default();
        let pack = super::Pack::from_row(&row);
        let numbers: Vec<String> =
            pack.iter().flat_map(super::Pack::tracking_numbers).map(str::to_owned).collect();
        assert_eq!(numbers, ["1Z9", "1Z8", "1Z7"]);
    }
}
