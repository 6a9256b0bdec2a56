use serde_json::json;

use super::SalesOrders;
use crate::error::Error;

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
