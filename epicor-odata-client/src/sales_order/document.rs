use super::{NewSalesOrder, OrderHead, SalesOrder, SalesOrders};
use crate::error::Error;
use crate::once::{Document, Found};

/// A sales order that is entered once. Its key is the customer and the customer's PO number.
#[derive(Clone, Debug)]
pub struct SalesOrderDocument<'a> {
    orders: SalesOrders<'a>,
    order: NewSalesOrder,
}

impl<'a> SalesOrders<'a> {
    /// An order to be entered once, by [`Client::ensure`](crate::Client::ensure).
    ///
    /// # Errors
    /// [`Error::InvalidParameter`] for an order that does not fit.
    pub fn document(&self, order: NewSalesOrder) -> Result<SalesOrderDocument<'a>, Error> {
        order.can_be_sent()?;
        Ok(SalesOrderDocument { orders: *self, order })
    }
}

impl SalesOrderDocument<'_> {
    async fn heads(&self) -> Result<Vec<OrderHead>, Error> {
        self.orders.by_po_num(self.order.cust_num, &self.order.po_num).await
    }

    /// The one order under the key, when it is ours as far as it goes.
    async fn ours(&self) -> Result<Option<SalesOrder>, Error> {
        let heads = self.heads().await?;
        let [head] = heads.as_slice() else { return Ok(None) };
        let order = self.orders.by_order_num(head.order_num).await?;
        Ok(order.filter(|order| order.part_difference(&self.order).is_none()))
    }
}

impl Document for SalesOrderDocument<'_> {
    /// `OrderNum`.
    type Key = i64;

    async fn find(&self) -> Result<Found<i64>, Error> {
        let heads = self.heads().await?;
        let head = match heads.as_slice() {
            [] => return Ok(Found::Absent),
            [head] => head,
            [one, two, ..] => {
                let (one, two) = (one.order_num, two.order_num);
                return Ok(Found::Differs(format!("orders {one} and {two} have its PO number")));
            }
        };
        let Some(order) = self.orders.by_order_num(head.order_num).await? else {
            return Ok(Found::Absent);
        };
        Ok(match (order.part_difference(&self.order), order.difference(&self.order)) {
            (Some(difference), _) => Found::Differs(difference),
            (None, Some(_)) if !order.head.open => {
                Found::Differs(format!("order {} was closed before it was whole", head.order_num))
            }
            (None, Some(_)) => Found::Unfinished,
            (None, None) => Found::Whole(head.order_num),
        })
    }

    async fn enter(&self) -> Result<i64, Error> {
        self.orders.create_order(&self.order).await.map(|entered| entered.order_num)
    }

    /// Goes on behind the lines and charges that are there; the release of the last line may not have
    /// been set yet.
    async fn finish(&self) -> Result<i64, Error> {
        let Some(found) = self.ours().await? else {
            let reason = "it changed while it was looked at".to_owned();
            return Err(Error::InvalidParameter { parameter: "the order", reason });
        };
        let order_num = found.head.order_num;
        let mut ds = self.orders.dataset(order_num).await?.unwrap_or_default();
        if let Some((_, release, from)) = found.releases_elsewhere(&self.order).next() {
            let key = (order_num, release.line);
            ds = self.orders.change_release(self.order.cust_num, key, from, ds).await?.ds;
        }
        let (lines, charges) = (found.lines.len(), found.charges.len());
        self.orders.save_rest(&self.order, order_num, ds, lines, charges).await?;
        Ok(order_num)
    }

    async fn remove(&self) -> Result<(), Error> {
        match self.ours().await? {
            Some(order) => self.orders.delete_order(order.head.order_num).await,
            // The next look says what it is.
            None => Ok(()),
        }
    }
}
