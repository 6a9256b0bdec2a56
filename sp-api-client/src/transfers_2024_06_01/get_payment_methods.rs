//! `getPaymentMethods`: where Amazon can pay to, or charge.

use std::time::Duration;

use bytes::Bytes;
use serde::Deserialize;
use url::Url;
use wire::{Class, Plan};

use super::{PaymentMethodDetails, PaymentMethodType, ROOT, Transfers};
use crate::client::query::Query;
use crate::client::{Call, Operation};
use crate::{Error, json};

struct GetPaymentMethods<'a> {
    marketplace_id: &'a str,
    types: &'a [PaymentMethodType],
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct GetPaymentMethodsResponse {
    #[serde(default, deserialize_with = "json::list")]
    payment_methods: Vec<PaymentMethodDetails>,
}

impl Call for GetPaymentMethods<'_> {
    const OPERATION: Operation = Operation {
        name: "getPaymentMethods",
        class: Class::Safe,
        // 0.5 a second.
        plan: Plan { interval: Duration::from_secs(2), burst: 30 },
    };
    type Answer = GetPaymentMethodsResponse;

    fn request(&self, base: &Url) -> Result<http::Request<Bytes>, Error> {
        Query::default()
            .required("marketplaceId", self.marketplace_id, "the service wants a marketplace")
            .list("paymentMethodTypes", self.types, ..)
            .get(base, &ROOT, &["paymentMethods"])
    }
}

impl Transfers<'_> {
    /// `getPaymentMethods`: the payment methods of a marketplace, of these types; of all types
    /// when there are none.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`] without a marketplace, and those of any call.
    pub async fn get_payment_methods(
        self,
        marketplace_id: &str,
        types: &[PaymentMethodType],
    ) -> Result<Vec<PaymentMethodDetails>, Error> {
        Ok(self.client.call(&GetPaymentMethods { marketplace_id, types }).await?.payment_methods)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::client::call::testing::line;

    #[test]
    fn the_marketplace_is_required_and_the_types_are_not() {
        let path = "GET /finances/transfers/2024-06-01/paymentMethods?marketplaceId=A";
        let types = [PaymentMethodType::BankAccount, PaymentMethodType::SellerWallet];
        let call = GetPaymentMethods { marketplace_id: "A", types: &types };
        let expected = format!("{path}&paymentMethodTypes=BANK_ACCOUNT%2CSELLER_WALLET");
        assert_eq!(line(&call).unwrap(), expected);
        assert_eq!(line(&GetPaymentMethods { marketplace_id: "A", types: &[] }).unwrap(), path);
        let error = line(&GetPaymentMethods { marketplace_id: "", types: &[] });
        assert!(matches!(error, Err(Error::InvalidParameter { parameter: "marketplaceId", .. })));
    }
}
