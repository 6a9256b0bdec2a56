use jiff::civil::Date;
use rust_decimal::Decimal;
use serde_json::json;

use super::create::HEADERS;
use super::lines::{CHARGES, LINES};
use super::{NewOrderCharge, NewOrderLine, SalesOrder, SalesOrders};
use crate::dataset::{Dataset, Row};
use crate::dialogue::{newest_mut, not_as_sent};
use crate::error::{Error, ReadAnswer};

/// What is to be changed of a line. What is `None` stays.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LineChange {
    /// `SellingQuantity`.
    pub quantity: Option<Decimal>,
    /// `DocUnitPrice`; it is locked.
    pub unit_price: Option<Decimal>,
    /// `DocDiscount`.
    pub discount: Option<Decimal>,
    /// `RequestDate`.
    pub request_date: Option<Date>,
    /// `NeedByDate`.
    pub need_by_date: Option<Date>,
}

impl SalesOrders<'_> {
    /// Changes a line of an order, and reads the order back. Repeating it is harmless: it sets
    /// values and adds nothing.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`] when the order has no such line, [`Error::NotAsSent`] when the
    /// change was not kept, [`Error::OutcomeUnknown`] when it may have been saved or not.
    pub async fn change_line(
        &self,
        order_num: i64,
        order_line: i64,
        change: LineChange,
    ) -> Result<SalesOrder, Error> {
        let ds = self.dataset(order_num).await?.unwrap_or_default();
        let (mut ds, part_num, cust_num) = one_line(&ds, order_line)?;
        if let Some(quantity) = change.quantity {
            ds = self.change_quantity(quantity, &part_num, &ds).await?;
        }
        let row = newest_mut(&mut ds, LINES, super::entered::GET_BY_ID)?;
        for (column, day) in
            [("RequestDate", change.request_date), ("NeedByDate", change.need_by_date)]
        {
            if let Some(day) = day {
                row.set_date(column, day);
            }
        }
        if let Some(price) = change.unit_price {
            row.set_decimal("DocUnitPrice", price);
            row.set("LockPrice", json!(true));
            row.set("OverridePriceList", json!(true));
            ds = self.change_price(&ds).await?;
        }
        let row = newest_mut(&mut ds, LINES, super::entered::GET_BY_ID)?;
        if let Some(discount) = change.discount {
            row.set_decimal("DocDiscount", discount);
        }
        row.set_text("RowMod", "U");
        self.master_update(LINES, cust_num, order_num, &ds).await?;

        let operation = super::create::MASTER_UPDATE;
        let order = self.by_order_num(order_num).await?;
        let order = order.ok_or_else(|| not_as_sent(operation, "the order is not there"))?;
        let line = order.lines.iter().find(|line| line.line == order_line);
        let kept = line.is_some_and(|line| {
            change.quantity.is_none_or(|quantity| line.quantity == quantity)
                && change.unit_price.is_none_or(|price| line.unit_price == price)
                && change.discount.is_none_or(|discount| line.discount == discount)
        });
        if kept { Ok(order) } else { Err(not_as_sent(operation, "the line was not changed")) }
    }
    /// Adds a line to an order that is there. Not to be repeated without a look.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`] when there is no such order, [`Error::OutcomeUnknown`] when the
    /// line may have been saved or not.
    pub async fn add_line(&self, order_num: i64, line: &NewOrderLine) -> Result<(), Error> {
        line.can_be_sent()?;
        let (ds, cust_num) = self.whole(order_num).await?;
        self.save_line(cust_num, order_num, line, &ds).await.map(|_| ())
    }

    /// Makes the order's charge of that code this much: adds, changes or, for zero, removes it. Of
    /// several charges of one code the first is changed. Repeating it is harmless.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`] when there is no such order, [`Error::OutcomeUnknown`] when the
    /// change may have been saved or not.
    pub async fn set_charge(&self, order_num: i64, charge: &NewOrderCharge) -> Result<(), Error> {
        let (ds, cust_num) = self.whole(order_num).await?;
        let of_code = |row: &&Row| row.text("MiscCode") == Ok(charge.misc_code.as_str());
        let found = ds.rows(CHARGES).iter().find(of_code);
        let Some(found) = found else {
            if charge.amount.is_zero() {
                return Ok(());
            }
            return self.save_charge(cust_num, order_num, charge, &ds).await.map(|_| ());
        };
        let mut changed = found.clone();
        if charge.amount.is_zero() {
            changed.set_text("RowMod", "D");
        } else {
            changed.set_decimal("DocMiscAmt", charge.amount);
            changed.set_text("RowMod", "U");
        }
        let mut one = Dataset::new();
        one.rows_mut(HEADERS).extend(ds.rows(HEADERS).iter().cloned());
        one.rows_mut(CHARGES).extend([found.clone(), changed]);
        self.master_update(CHARGES, cust_num, order_num, &one).await.map(|_| ())
    }

    /// An order's dataset, and its customer.
    async fn whole(&self, order_num: i64) -> Result<(Dataset, i64), Error> {
        let ds = self.dataset(order_num).await?.unwrap_or_default();
        let Some(header) = ds.rows(HEADERS).first() else {
            let reason = format!("there is no order {order_num}");
            return Err(Error::InvalidParameter { parameter: "OrderNum", reason });
        };
        let cust_num = header.integer("CustNum").in_answer_to(super::entered::GET_BY_ID)?;
        Ok((ds, cust_num))
    }
}

/// The header and one line, as they were and as they are to be: some business objects compare the
/// two. Also the line's part and the order's customer.
fn one_line(ds: &Dataset, order_line: i64) -> Result<(Dataset, String, i64), Error> {
    let operation = super::entered::GET_BY_ID;
    let of_line = |row: &&Row| row.integer("OrderLine") == Ok(order_line);
    let header = ds.rows(HEADERS).first();
    let line = ds.rows(LINES).iter().find(of_line);
    let (Some(header), Some(line)) = (header, line) else {
        let reason = format!("the order has no line {order_line}");
        return Err(Error::InvalidParameter { parameter: "OrderLine", reason });
    };
    let part_num = line.text("PartNum").in_answer_to(operation)?.to_owned();
    let cust_num = header.integer("CustNum").in_answer_to(operation)?;
    let mut changed = line.clone();
    changed.set_text("RowMod", "U");
    let mut one = Dataset::new();
    one.rows_mut(HEADERS).push(header.clone());
    one.rows_mut(LINES).extend([line.clone(), changed]);
    Ok((one, part_num, cust_num))
}
