use jiff::civil::Date;
use rust_decimal::Decimal;

use super::ShipTo;
use crate::error::Error;
use crate::limit;

/// The most lines one order takes.
const MAX_LINES: usize = 500;

/// A sales order to be entered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewSalesOrder {
    /// `CustNum`.
    pub cust_num: i64,
    /// `CustID` of the same customer.
    pub cust_id: String,
    /// `PONum`: the customer's own number for it, at most 50 characters. What it is found by.
    pub po_num: String,
    /// `OrderComment`. Its first word is the token the order is known by as ours.
    pub comment: String,
    /// `OrderDate`.
    pub order_date: Date,
    /// `RequestDate`: the day it should be shipped by.
    pub request_date: Option<Date>,
    /// `NeedByDate`: the day it should arrive by.
    pub need_by_date: Option<Date>,
    /// `CurrencyCode` of all prices.
    pub currency_code: String,
    /// `ShipViaCode`; the customer's own when `None`.
    pub ship_via_code: Option<String>,
    /// `TermsCode`; the customer's own when `None`.
    pub terms_code: Option<String>,
    /// `TaxRegionCode`; the customer's own when `None`. One without taxes keeps Epicor from adding
    /// what a marketplace has collected already.
    pub tax_region_code: Option<String>,
    /// Where it goes to.
    pub ship_to: ShipTo,
    /// The lines, at least one.
    pub lines: Vec<NewOrderLine>,
    /// Charges on the whole order.
    pub charges: Vec<NewOrderCharge>,
}

/// A line of an order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewOrderLine {
    /// `PartNum`, at most 50 characters.
    pub part_num: String,
    /// `SellingQuantity`, in [`unit`](Self::unit): above zero.
    pub quantity: Decimal,
    /// `SalesUM`; the part's own when empty.
    pub unit: String,
    /// `DocUnitPrice`, in the order's currency: not negative. It is locked, so that no price list
    /// changes it later.
    pub unit_price: Decimal,
    /// `DocDiscount`, off the whole line, in the order's currency: not negative.
    pub discount: Decimal,
    /// `LineDesc`; the part's own when empty.
    pub description: String,
    /// `TaxCatID`; the part's own when empty.
    pub tax_category: String,
    /// Where the line's release is shipped from; Epicor's choice when `None`.
    pub release: Option<ReleaseFrom>,
}

/// Where a line is shipped from, and how. What is empty stays as Epicor chose it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReleaseFrom {
    /// `Plant`.
    pub plant: String,
    /// `WarehouseCode`.
    pub warehouse_code: String,
    /// `ShipViaCode`.
    pub ship_via_code: String,
}

/// A charge on the whole order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewOrderCharge {
    /// `MiscCode`.
    pub misc_code: String,
    /// `Description`; the code's own when empty.
    pub description: String,
    /// `DocMiscAmt`, in the order's currency: negative for a credit, never zero.
    pub amount: Decimal,
}

impl NewSalesOrder {
    pub(super) fn can_be_sent(&self) -> Result<(), Error> {
        let invalid = |parameter, reason: &str| {
            Err(Error::InvalidParameter { parameter, reason: reason.to_owned() })
        };
        limit::filled("CustID", &self.cust_id, limit::CUST_ID)?;
        limit::filled("PONum", &self.po_num, limit::PO_NUM)?;
        limit::filled("OrderComment", &self.comment, usize::MAX)?;
        limit::filled("CurrencyCode", &self.currency_code, usize::MAX)?;
        if let ShipTo::OneTime(address) = &self.ship_to {
            address.can_be_sent()?;
        }
        if self.lines.is_empty() || self.lines.len() > MAX_LINES {
            return invalid("the order", "it has no line, or more than 500");
        }
        for line in &self.lines {
            line.can_be_sent()?;
        }
        for charge in &self.charges {
            limit::filled("MiscCode", &charge.misc_code, usize::MAX)?;
            if charge.amount.is_zero() {
                return invalid("a charge", "its amount is zero, which Epicor does not take");
            }
        }
        Ok(())
    }
}

impl NewOrderLine {
    /// Whether Epicor can take it, as far as can be told without asking.
    pub(super) fn can_be_sent(&self) -> Result<(), Error> {
        limit::filled("PartNum", &self.part_num, limit::PART_NUM)?;
        let below =
            [self.unit_price, self.discount].into_iter().any(|amount| amount < Decimal::ZERO);
        if self.quantity <= Decimal::ZERO || below {
            let reason = "its quantity is not above zero, or its price or discount below it";
            return Err(Error::InvalidParameter { parameter: "a line", reason: reason.to_owned() });
        }
        Ok(())
    }
}
