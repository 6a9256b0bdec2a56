use jiff::civil::Date;
use rust_decimal::Decimal;
use serde_json::json;

use super::create::HEADERS;
use super::lines::{CHARGES, LINES, RELEASES};
use super::{NewSalesOrder, ReleaseFrom, SalesOrders};
use crate::dataset::{ColumnError, Dataset};
use crate::error::{Error, ReadAnswer};
use crate::limit;
use crate::odata::Filter;
use crate::record::{Record, record};

pub(super) const GET_BY_ID: &str = "Erp.BO.SalesOrderSvc/GetByID";

record! {
    /// A sales order without its lines: a row of `OrderHed`.
    OrderHead in "Erp.BO.SalesOrderSvc/SalesOrders" by ["OrderNum"] {
        order_num: i64 = "OrderNum",
        cust_num: i64 = "CustNum",
        /// The customer's own number for it. Not unique.
        po_num: String = "PONum",
        order_date: Option<Date> = "OrderDate",
        request_date: Option<Date> = "RequestDate",
        need_by_date: Option<Date> = "NeedByDate",
        currency_code: String = "CurrencyCode",
        /// With our token at its start, when it is ours.
        comment: String = "OrderComment",
        /// The user who entered it.
        entered_by: String = "EntryPerson",
        /// Something of it is still to be shipped.
        open: bool = "OpenOrder",
        /// All of it, in its currency, with the tax that Epicor reckons.
        amount: Decimal = "DocOrderAmt",
        /// The tax in it.
        tax: Decimal = "DocTotalTax",
        void: bool = "VoidOrder",
        /// A person has stopped it.
        held: bool = "OrderHeld",
        /// Epicor may reckon its taxes: the last step of its entry.
        ready_to_calc: bool = "ReadyToCalc",
    }
}

record! {
    /// A line of an order: a row of `OrderDtl`, in the flat table that takes filters of its own.
    OrderLine in "Erp.BO.OrderDtlSearchSvc/OrderDtlSearches" by ["OrderNum", "OrderLine"] {
        order_num: i64 = "OrderNum",
        line: i64 = "OrderLine",
        part_num: String = "PartNum",
        description: String = "LineDesc",
        /// In [`unit`](Self::unit).
        quantity: Decimal = "SellingQuantity",
        unit: String = "SalesUM",
        /// In the order's currency.
        unit_price: Decimal = "DocUnitPrice",
        /// Off the whole line.
        discount: Decimal = "DocDiscount",
        open: bool = "OpenLine",
        void: bool = "VoidLine",
    }
}

record! {
    /// A release of a line: a row of `OrderRel`. Each line has at least one, and they are what is
    /// shipped.
    OrderRelease in "Erp.BO.SalesOrderSvc/OrderRels" by ["OrderNum", "OrderLine", "OrderRelNum"] {
        line: i64 = "OrderLine",
        release: i64 = "OrderRelNum",
        /// In the line's unit.
        quantity: Decimal = "SellingReqQty",
        /// The day it should be shipped by.
        request_date: Option<Date> = "ReqDate",
        plant: String = "Plant",
        warehouse_code: String = "WarehouseCode",
        ship_via_code: String = "ShipViaCode",
        open: bool = "OpenRelease",
        void: bool = "VoidRelease",
    }
}

record! {
    /// A charge on a whole order: a row of `OHOrderMsc`.
    OrderCharge in "Erp.BO.SalesOrderSvc/OHOrderMscs" by ["OrderNum", "OrderLine", "SeqNum"] {
        sequence: i64 = "SeqNum",
        misc_code: String = "MiscCode",
        description: String = "Description",
        /// In the order's currency; negative for a credit.
        amount: Decimal = "DocMiscAmt",
    }
}

/// A sales order with its lines, releases and charges.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SalesOrder {
    /// The header.
    pub head: OrderHead,
    /// The lines, by number.
    pub lines: Vec<OrderLine>,
    /// The releases, by line and number.
    pub releases: Vec<OrderRelease>,
    /// The charges on the whole order, in the order they were entered.
    pub charges: Vec<OrderCharge>,
}

impl SalesOrder {
    /// Reads a dataset with one order in it.
    pub(super) fn from_dataset(ds: &Dataset) -> Result<Self, ColumnError> {
        fn all<T: Record>(ds: &Dataset, table: &str) -> Result<Vec<T>, ColumnError> {
            ds.rows(table).iter().map(T::from_row).collect()
        }
        let header = ds.rows(HEADERS).first().cloned().unwrap_or_default();
        let mut order = Self {
            head: OrderHead::from_row(&header)?,
            lines: all(ds, LINES)?,
            releases: all(ds, RELEASES)?,
            charges: all(ds, CHARGES)?,
        };
        order.lines.sort_by_key(|line| line.line);
        order.releases.sort_by_key(|release| (release.line, release.release));
        order.charges.sort_by_key(|charge| charge.sequence);
        Ok(order)
    }

    /// Why this order is not a beginning of the one that was to be entered.
    pub(super) fn part_difference(&self, wanted: &NewSalesOrder) -> Option<String> {
        let head = &self.head;
        let order = head.order_num;
        if limit::first_word(&head.comment) != limit::first_word(&wanted.comment) {
            let by = &head.entered_by;
            return Some(format!("order {order} was entered by {by}, and is not ours"));
        }
        if head.void {
            return Some(format!("order {order} is void"));
        }
        let dates = [
            (head.order_date, Some(wanted.order_date)),
            (head.need_by_date, wanted.need_by_date),
            (head.request_date, wanted.request_date),
        ];
        // A date that was left to Epicor is Epicor's affair.
        if dates.iter().any(|(kept, sent)| sent.is_some() && kept != sent) {
            return Some(format!("a date of order {order} is another"));
        }
        if head.currency_code != wanted.currency_code {
            return Some(format!("order {order} is in {}", head.currency_code));
        }
        if self.lines.len() > wanted.lines.len() || self.charges.len() > wanted.charges.len() {
            return Some(format!("order {order} has more lines or charges"));
        }
        for (line, wanted) in self.lines.iter().zip(&wanted.lines) {
            let same = line.part_num.eq_ignore_ascii_case(&wanted.part_num)
                && (line.quantity, line.unit_price, line.discount)
                    == (wanted.quantity, wanted.unit_price, wanted.discount);
            if !same {
                let OrderLine { line: number, part_num, quantity, unit_price, discount, .. } = line;
                return Some(format!(
                    "line {number} is {quantity} of {part_num} at {unit_price} less {discount}"
                ));
            }
        }
        for (charge, wanted) in self.charges.iter().zip(&wanted.charges) {
            if (&charge.misc_code, charge.amount) != (&wanted.misc_code, wanted.amount) {
                let (number, code, amount) = (charge.sequence, &charge.misc_code, charge.amount);
                return Some(format!("charge {number} is {amount} for {code}"));
            }
        }
        let mut elsewhere = self.releases_elsewhere(wanted);
        let (_, release, _) = elsewhere.find(|(line, ..)| *line < self.releases_set(wanted))?;
        Some(release.place())
    }

    /// How this order differs from the one that was to be entered; `None` when it is the same.
    pub(super) fn difference(&self, wanted: &NewSalesOrder) -> Option<String> {
        let (lines, charges) = (wanted.lines.len(), wanted.charges.len());
        self.part_difference(wanted)
            .or_else(|| {
                let whole = self.has_all(wanted);
                (!whole).then(|| format!("it has not all of {lines} lines and {charges} charges"))
            })
            .or_else(|| {
                self.releases_elsewhere(wanted).next().map(|(_, release, _)| release.place())
            })
            .or_else(|| {
                let ready = self.head.ready_to_calc;
                (!ready).then(|| "it is not ready to be calculated".to_owned())
            })
    }

    fn has_all(&self, wanted: &NewSalesOrder) -> bool {
        (self.lines.len(), self.charges.len()) == (wanted.lines.len(), wanted.charges.len())
    }

    /// The releases that are not shipped from where they were to be, with the places of their lines.
    pub(super) fn releases_elsewhere<'a>(
        &'a self,
        wanted: &'a NewSalesOrder,
    ) -> impl Iterator<Item = (usize, &'a OrderRelease, &'a ReleaseFrom)> {
        let pairs = self.lines.iter().zip(&wanted.lines).enumerate();
        pairs.filter_map(|(place, (line, wanted))| {
            let from = wanted.release.as_ref()?;
            // The first is the one that was made with the line.
            let release = self.releases.iter().find(|release| release.line == line.line)?;
            (!from.is_kept_by(release)).then_some((place, release, from))
        })
    }

    /// Of how many lines the releases were set: of all that something was saved behind. Each is set in
    /// a step of its own before the next line, before the charges, and before the order is ready; what
    /// is elsewhere after that was put there by somebody else.
    fn releases_set(&self, wanted: &NewSalesOrder) -> usize {
        let ready = self.has_all(wanted) && self.head.ready_to_calc;
        let last_is_set = ready || !self.charges.is_empty();
        if last_is_set { self.lines.len() } else { self.lines.len().saturating_sub(1) }
    }
}

impl OrderRelease {
    /// Where it is shipped from, in words.
    fn place(&self) -> String {
        let Self { line, plant, warehouse_code, ship_via_code, .. } = self;
        format!(
            "line {line} is shipped from plant {plant}, warehouse {warehouse_code}, by {ship_via_code}"
        )
    }
}

impl ReleaseFrom {
    fn is_kept_by(&self, release: &OrderRelease) -> bool {
        [
            (&self.plant, &release.plant),
            (&self.warehouse_code, &release.warehouse_code),
            (&self.ship_via_code, &release.ship_via_code),
        ]
        .into_iter()
        .all(|(wanted, kept)| wanted.is_empty() || wanted.eq_ignore_ascii_case(kept))
    }
}

impl SalesOrders<'_> {
    /// The order with this number; `None` when there is none.
    ///
    /// # Errors
    /// Any [`Error`] a read ends in.
    pub async fn by_order_num(&self, order_num: i64) -> Result<Option<SalesOrder>, Error> {
        let ds = self.dataset(order_num).await?;
        ds.as_ref().map(SalesOrder::from_dataset).transpose().in_answer_to(GET_BY_ID)
    }

    pub(super) async fn dataset(&self, order_num: i64) -> Result<Option<Dataset>, Error> {
        let parameters = json!({ "orderNum": order_num });
        let ds = self.client.document_by(GET_BY_ID, &parameters).await?;
        Ok(ds.filter(|ds| !ds.rows(HEADERS).is_empty()))
    }

    /// The orders of a customer under a PO number, by number: none, one, or by mistake several.
    /// Closed and void ones are among them.
    ///
    /// # Errors
    /// Any [`Error`] a read ends in.
    pub async fn by_po_num(&self, cust_num: i64, po_num: &str) -> Result<Vec<OrderHead>, Error> {
        limit::filled("PONum", po_num, limit::PO_NUM)?;
        let filter = Filter::eq("PONum", po_num).and(Filter::eq("CustNum", cust_num));
        self.client.records().matching(filter).await
    }

    /// The lines of any orders that meet a condition, by order and line.
    ///
    /// # Errors
    /// Any [`Error`] a read ends in.
    pub async fn lines_matching(&self, filter: Filter) -> Result<Vec<OrderLine>, Error> {
        self.client.records().matching(filter).await
    }
}
