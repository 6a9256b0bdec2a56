//! `getOrder`: one order.

use std::time::Duration;

use bytes::Bytes;
use serde::Deserialize;
use url::Url;
use wire::{Class, Plan};

use super::{IncludedData, Order, OrderId, Orders, ROOT};
use crate::Error;
use crate::client::query::Query;
use crate::client::{Call, Operation, call};

struct GetOrder<'a> {
    id: &'a OrderId,
    included_data: &'a [IncludedData],
}

#[derive(Deserialize)]
struct GetOrderResponse {
    order: Order,
}

impl Call for GetOrder<'_> {
    const OPERATION: Operation = Operation {
        name: "getOrder",
        class: Class::Safe,
        // 0.5 a second.
        plan: Plan { interval: Duration::from_secs(2), burst: 30 },
    };
    type Answer = GetOrderResponse;

    fn request(&self, base: &Url) -> Result<http::Request<Bytes>, Error> {
        let id = call::path_id("orderId", self.id.as_str())?;
        Query::default().list("includedData", self.included_data, ..).get(
            base,
            &ROOT,
            &["orders", id],
        )
    }
}

impl Orders<'_> {
    /// `getOrder`: one order, with these data beyond the order and its items.
    ///
    /// # Errors
    /// [`Error::NotFound`] for an id that is not of this account, and those of any call.
    pub async fn get_order(
        self,
        id: &OrderId,
        included_data: &[IncludedData],
    ) -> Result<Order, Error> {
        Ok(self.client.call(&GetOrder { id, included_data }).await?.order)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_id_is_in_the_path_and_the_data_in_the_query() {
        let base = Url::parse("https://sellingpartnerapi-na.amazon.com/").unwrap();
        let id = OrderId::new("171-9876543-2109876");
        let request = |included_data| GetOrder { id: &id, included_data }.request(&base).unwrap();
        let path = "/orders/2026-01-01/orders/171-9876543-2109876";
        assert_eq!(request(&[]).uri().path_and_query().unwrap(), path);
        let full = request(&[IncludedData::Buyer, IncludedData::Other("NEW".to_owned())]);
        assert_eq!(full.uri().query(), Some("includedData=BUYER%2CNEW"));
    }
}
