//! `getOrderRegulatedInfo`: what the law wants to know of an order.

use bytes::Bytes;
use url::Url;
use wire::Class;

use super::{OrderId, OrderRegulatedInfo, OrdersV0, PLAN, ROOT};
use crate::Error;
use crate::client::call::{self, Payload};
use crate::client::{Call, Operation};

struct GetOrderRegulatedInfo<'a>(&'a OrderId);

impl Call for GetOrderRegulatedInfo<'_> {
    const OPERATION: Operation =
        Operation { name: "getOrderRegulatedInfo", class: Class::Safe, plan: PLAN };
    type Answer = Payload<OrderRegulatedInfo>;

    fn request(&self, base: &Url) -> Result<http::Request<Bytes>, Error> {
        let id = call::path_id("orderId", self.0.as_str())?;
        call::get(&call::address(base, &ROOT, &[id, "regulatedInfo"])?)
    }
}

impl OrdersV0<'_> {
    /// `getOrderRegulatedInfo`: what the buyer of a regulated product, like a medicine for a pet,
    /// told, and whether the seller must decide on it. It needs a
    /// [restricted](crate::Client::restricted) client.
    ///
    /// # Errors
    /// [`Error::NotFound`] for an id that is not of this account, and those of any call.
    pub async fn get_order_regulated_info(self, id: &OrderId) -> Result<OrderRegulatedInfo, Error> {
        Ok(self.client.call(&GetOrderRegulatedInfo(id)).await?.payload)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::client::call::testing::line;

    #[test]
    fn the_id_is_in_the_path() {
        let asked = line(&GetOrderRegulatedInfo(&OrderId::new("1-2-3")));
        assert_eq!(asked.unwrap(), "GET /orders/v0/orders/1-2-3/regulatedInfo");
        assert!(line(&GetOrderRegulatedInfo(&OrderId::new("."))).is_err());
    }
}
