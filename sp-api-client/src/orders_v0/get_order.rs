//! `getOrder`, `getOrderBuyerInfo` and `getOrderAddress`: one order.

use bytes::Bytes;
use url::Url;
use wire::Class;

use super::{Order, OrderAddress, OrderBuyerInfo, OrderId, OrdersV0, PLAN, ROOT};
use crate::Error;
use crate::client::call::{self, Payload};
use crate::client::{Call, Operation};

struct GetOrder<'a>(&'a OrderId);

impl Call for GetOrder<'_> {
    const OPERATION: Operation = Operation { name: "getOrder", class: Class::Safe, plan: PLAN };
    type Answer = Payload<Order>;

    fn request(&self, base: &Url) -> Result<http::Request<Bytes>, Error> {
        let id = call::path_id("orderId", self.0.as_str())?;
        call::get(&call::address(base, &ROOT, &[id])?)
    }
}

struct GetOrderBuyerInfo<'a>(&'a OrderId);

impl Call for GetOrderBuyerInfo<'_> {
    const OPERATION: Operation =
        Operation { name: "getOrderBuyerInfo", class: Class::Safe, plan: PLAN };
    type Answer = Payload<OrderBuyerInfo>;

    fn request(&self, base: &Url) -> Result<http::Request<Bytes>, Error> {
        let id = call::path_id("orderId", self.0.as_str())?;
        call::get(&call::address(base, &ROOT, &[id, "buyerInfo"])?)
    }
}

struct GetOrderAddress<'a>(&'a OrderId);

impl Call for GetOrderAddress<'_> {
    const OPERATION: Operation =
        Operation { name: "getOrderAddress", class: Class::Safe, plan: PLAN };
    type Answer = Payload<OrderAddress>;

    fn request(&self, base: &Url) -> Result<http::Request<Bytes>, Error> {
        let id = call::path_id("orderId", self.0.as_str())?;
        call::get(&call::address(base, &ROOT, &[id, "address"])?)
    }
}

impl OrdersV0<'_> {
    /// `getOrder`: one order, without its items.
    ///
    /// # Errors
    /// [`Error::NotFound`] for an id that is not of this account, and those of any call.
    #[deprecated(
        since = "0.1.0",
        note = "Amazon removes it on 2027-03-27: use `Orders::get_order`"
    )]
    pub async fn get_order(self, id: &OrderId) -> Result<Order, Error> {
        Ok(self.client.call(&GetOrder(id)).await?.payload)
    }

    /// `getOrderBuyerInfo`: who bought it, on a
    /// [restricted](crate::Client::restricted) client.
    ///
    /// # Errors
    /// [`Error::NotFound`] for an id that is not of this account, and those of any call.
    #[deprecated(
        since = "0.1.0",
        note = "Amazon removes it on 2027-03-27: use `Orders::get_order`"
    )]
    pub async fn get_order_buyer_info(self, id: &OrderId) -> Result<OrderBuyerInfo, Error> {
        Ok(self.client.call(&GetOrderBuyerInfo(id)).await?.payload)
    }

    /// `getOrderAddress`: where it goes, on a
    /// [restricted](crate::Client::restricted) client.
    ///
    /// # Errors
    /// [`Error::NotFound`] for an id that is not of this account, and those of any call.
    #[deprecated(
        since = "0.1.0",
        note = "Amazon removes it on 2027-03-27: use `Orders::get_order`"
    )]
    pub async fn get_order_address(self, id: &OrderId) -> Result<OrderAddress, Error> {
        Ok(self.client.call(&GetOrderAddress(id)).await?.payload)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::client::call::testing::line;

    #[test]
    fn the_id_is_in_the_path() {
        let id = OrderId::new("1-2-3");
        let at = "GET /orders/v0/orders/1-2-3";
        assert_eq!(line(&GetOrder(&id)).unwrap(), at);
        assert_eq!(line(&GetOrderBuyerInfo(&id)).unwrap(), format!("{at}/buyerInfo"));
        assert_eq!(line(&GetOrderAddress(&id)).unwrap(), format!("{at}/address"));
        assert!(line(&GetOrder(&OrderId::new(""))).is_err());
    }
}
