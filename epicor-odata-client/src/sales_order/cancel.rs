use serde_json::json;

use super::SalesOrders;
use super::create::{HEADERS, MASTER_UPDATE};
use crate::dialogue::{newest_mut, not_as_sent};
use crate::error::{Error, ReadAnswer};

const CLOSE_ORDER: &str = "Erp.BO.SalesOrderSvc/CloseOrder";
const CLOSE_LINE: &str = "Erp.BO.SalesOrderSvc/CloseOrderLine";
const DELETE: &str = "Erp.BO.SalesOrderSvc/DeleteByID";

impl SalesOrders<'_> {
    /// Closes an order: nothing more of it is shipped. What was shipped stays.
    ///
    /// # Errors
    /// Any [`Error`]; after [`Error::OutcomeUnknown`] look whether it is open.
    pub async fn close_order(&self, order_num: i64) -> Result<(), Error> {
        self.client.write(CLOSE_ORDER, &json!({ "iOrderNum": order_num })).await.map(|_| ())
    }

    /// Closes one line of an order.
    ///
    /// # Errors
    /// As [`close_order`](Self::close_order).
    pub async fn close_line(&self, order_num: i64, order_line: i64) -> Result<(), Error> {
        let parameters = json!({ "iOrderNum": order_num, "iOrderLine": order_line });
        self.client.write(CLOSE_LINE, &parameters).await.map(|_| ())
    }

    /// Voids an order by setting `VoidOrder`: it stays to be seen, and its PO number with it. No
    /// method of Epicor's does this, so that the column is all there is to set; what becomes of
    /// its lines is Epicor's affair.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`] when there is no such order, [`Error::NotAsSent`] when Epicor
    /// did not keep it, [`Error::OutcomeUnknown`] when it may be void or not.
    pub async fn void_order(&self, order_num: i64) -> Result<(), Error> {
        let Some(mut ds) = self.dataset(order_num).await? else {
            let reason = format!("there is no order {order_num}");
            return Err(Error::InvalidParameter { parameter: "OrderNum", reason });
        };
        let before = newest_mut(&mut ds, HEADERS, MASTER_UPDATE)?.clone();
        let cust_num = before.integer("CustNum").in_answer_to(MASTER_UPDATE)?;
        let mut void = before;
        void.set("VoidOrder", json!(true));
        void.set_text("RowMod", "U");
        ds.rows_mut(HEADERS).push(void);
        self.master_update(HEADERS, cust_num, order_num, &ds).await?;
        match self.by_order_num(order_num).await? {
            Some(order) if order.head.void => Ok(()),
            _ => Err(not_as_sent(MASTER_UPDATE, "VoidOrder was not kept")),
        }
    }

    /// Deletes an order of which nothing was shipped. One that is gone already is no error.
    ///
    /// The caller must have made sure that the order is its own.
    ///
    /// # Errors
    /// Any [`Error`]; after [`Error::OutcomeUnknown`] look again before repeating it.
    pub async fn delete_order(&self, order_num: i64) -> Result<(), Error> {
        self.client.delete(DELETE, &json!({ "orderNum": order_num })).await
    }
}
