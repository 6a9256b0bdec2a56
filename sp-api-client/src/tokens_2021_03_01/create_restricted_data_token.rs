//! `createRestrictedDataToken`.

use std::time::Duration;

use bytes::Bytes;
use http::Method;
use jiff::{SignedDuration, Timestamp};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use url::Url;
use wire::{Class, Plan, secret_header};
use zeroize::Zeroizing;

use super::Tokens;
use crate::Error;
use crate::client::{Call, Operation, call};
use crate::text::open_enum;

const RESOURCES_MAX: usize = 50;

open_enum! {
    /// What is wanted of an order (`dataElements`): needed for the orders of version 0 only.
    DataElement {
        /// `buyerInfo`: who bought it.
        BuyerInfo = "buyerInfo",
        /// `shippingAddress`: where it goes.
        ShippingAddress = "shippingAddress",
        /// `buyerTaxInformation`: what an invoice needs.
        BuyerTaxInformation = "buyerTaxInformation",
    }
}

/// What a token is to open (`RestrictedResource`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RestrictedResource {
    method: &'static str,
    path: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    data_elements: Vec<DataElement>,
}

impl RestrictedResource {
    /// Reading what is at this path: that of one resource, or, with a placeholder like
    /// `/orders/v0/orders/{orderId}/address`, of all. A report document is named one by one.
    #[must_use]
    pub fn get(path: impl Into<String>) -> Self {
        Self { method: "GET", path: path.into(), data_elements: Vec::new() }
    }

    /// Writing to this path, as some operations of other APIs do.
    #[must_use]
    pub fn post(path: impl Into<String>) -> Self {
        Self { method: "POST", path: path.into(), data_elements: Vec::new() }
    }

    /// Only this of it (`dataElements`). `getOrders`, `getOrder` and `getOrderItems` of Orders
    /// version 0 must have it said; what else there is, must not.
    #[must_use]
    pub fn data_elements(mut self, elements: impl IntoIterator<Item = DataElement>) -> Self {
        self.data_elements = elements.into_iter().collect();
        self
    }
}

impl RestrictedResource {
    /// Whether it is one of the three whose elements must be said, and they are not.
    fn lacks_elements(&self) -> bool {
        let Some(below) = self.path.strip_prefix("/orders/v0/orders") else { return false };
        let of_order = below.split('/').nth(2);
        self.data_elements.is_empty()
            && matches!(of_order, None | Some("orderItems"))
            && !below.ends_with("/buyerInfo")
    }
}

/// A token that opens what tells of persons. A secret: `Debug` does not show it.
#[derive(Clone, Debug)]
pub struct RestrictedDataToken {
    pub(crate) secret: SecretString,
    expires_at: Timestamp,
}

impl RestrictedDataToken {
    /// When the service stops taking it.
    #[must_use]
    pub fn expires_at(&self) -> Timestamp {
        self.expires_at
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct CreateRestrictedDataToken<'a> {
    restricted_resources: &'a [RestrictedResource],
}

/// The body of an answer.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct CreateRestrictedDataTokenResponse {
    restricted_data_token: Zeroizing<String>,
    expires_in: u32,
}

impl Call for CreateRestrictedDataToken<'_> {
    const OPERATION: Operation = Operation {
        name: "createRestrictedDataToken",
        // A second token does no harm.
        class: Class::Idempotent,
        // 1 a second.
        plan: Plan { interval: Duration::from_secs(1), burst: 10 },
    };
    type Answer = CreateRestrictedDataTokenResponse;

    fn request(&self, base: &Url) -> Result<http::Request<Bytes>, Error> {
        let invalid = |parameter, reason| Err(Error::InvalidParameter { parameter, reason });
        let resources = self.restricted_resources;
        if !(1..=RESOURCES_MAX).contains(&resources.len()) {
            return invalid("restrictedResources", "the service takes 1 to 50 resources");
        }
        if resources.iter().any(|resource| !resource.path.starts_with('/')) {
            return invalid("path", "a resource is told by its path, without a host");
        }
        if resources.iter().any(RestrictedResource::lacks_elements) {
            return invalid(
                "dataElements",
                "for getOrders, getOrder and getOrderItems the service wants to know what of them",
            );
        }
        let url = call::address(base, &["tokens", "2021-03-01"], &["restrictedDataToken"])?;
        call::json(Method::POST, &url, self)
    }
}

impl Tokens<'_> {
    /// `createRestrictedDataToken`: a token for these resources, to be used with
    /// [`Client::restricted`](crate::Client::restricted). Where it is to be renewed by itself, see
    /// [`Client::restricted_to`](crate::Client::restricted_to).
    ///
    /// # Errors
    /// [`Error::InvalidParameter`] for what the service would refuse, [`Error::Forbidden`] when
    /// the application has no role for restricted data, and those of any call.
    pub async fn create_restricted_data_token(
        self,
        restricted_resources: &[RestrictedResource],
    ) -> Result<RestrictedDataToken, Error> {
        let asked_at = self.client.now();
        let answer = self.client.call(&CreateRestrictedDataToken { restricted_resources }).await?;
        let secret = SecretString::from(answer.restricted_data_token.as_str());
        let life = SignedDuration::from_secs(answer.expires_in.into());
        let expires_at = asked_at.saturating_add(life).unwrap_or(asked_at);
        // It travels in a header, which not every text can.
        if secret_header(&secret).is_none() {
            return Err(Error::InvalidResponse {
                operation: "createRestrictedDataToken",
                path: "restrictedDataToken".to_owned(),
                reason: "it cannot be sent as a header",
                request_id: None,
            });
        }
        Ok(RestrictedDataToken { secret, expires_at })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::client::call::testing::{body, line};

    #[test]
    fn a_resource_is_a_method_a_path_and_what_is_wanted_of_it() {
        let resources = [
            RestrictedResource::get("/orders/v0/orders")
                .data_elements([DataElement::BuyerInfo, DataElement::ShippingAddress]),
            RestrictedResource::get("/reports/2021-06-30/documents/1"),
        ];
        let call = CreateRestrictedDataToken { restricted_resources: &resources };
        assert_eq!(line(&call).unwrap(), "POST /tokens/2021-03-01/restrictedDataToken");
        let expected = json!({"restrictedResources": [
            {
                "method": "GET", "path": "/orders/v0/orders",
                "dataElements": ["buyerInfo", "shippingAddress"],
            },
            {"method": "GET", "path": "/reports/2021-06-30/documents/1"},
        ]});
        assert_eq!(body(&call), expected);
    }

    #[test]
    fn what_the_service_would_refuse_is_refused_here() {
        let refused = |resources: &[RestrictedResource]| match line(&CreateRestrictedDataToken {
            restricted_resources: resources,
        }) {
            Ok(_) => "",
            Err(Error::InvalidParameter { parameter, .. }) => parameter,
            Err(error) => panic!("{error:?}"),
        };
        let resource = RestrictedResource::get("/a");
        assert_eq!(refused(&[]), "restrictedResources");
        assert_eq!(refused(&vec![resource.clone(); 50]), "");
        assert_eq!(refused(&vec![resource; 51]), "restrictedResources");
        assert_eq!(refused(&[RestrictedResource::post("https://host/a")]), "path");
        let orders = "/orders/v0/orders";
        for below in ["", "/{orderId}", "/1-2-3/orderItems"] {
            let resource = RestrictedResource::get(format!("{orders}{below}"));
            assert_eq!(refused(std::slice::from_ref(&resource)), "dataElements", "{below}");
            assert_eq!(refused(&[resource.data_elements([DataElement::BuyerInfo])]), "");
        }
        for below in ["/1/address", "/1/buyerInfo", "/1/orderItems/buyerInfo", "/1/regulatedInfo"] {
            let resource = RestrictedResource::get(format!("{orders}{below}"));
            assert_eq!(refused(&[resource]), "", "{below}");
        }
    }
}
