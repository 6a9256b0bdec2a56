//! `putListingsItem`: makes a listing, or replaces it whole.

use std::time::Duration;

use bytes::Bytes;
use http::Method;
use serde::Serialize;
use serde_json::{Map, Value};
use url::Url;
use wire::{Class, Plan};

use super::listing::sent;
use super::{Listing, ListingsItems, Submission};
use crate::Error;
use crate::client::{Call, Operation, call};
use crate::text::open_enum;

open_enum! {
    /// Which attributes a listing must have (`requirements`).
    Requirements {
        /// `LISTING`: those of the product and of the offer.
        Listing = "LISTING",
        /// `LISTING_PRODUCT_ONLY`: those of the product.
        ProductOnly = "LISTING_PRODUCT_ONLY",
        /// `LISTING_OFFER_ONLY`: those of the offer.
        OfferOnly = "LISTING_OFFER_ONLY",
    }
}

/// A whole listing: the body of `putListingsItem`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PutListing {
    product_type: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    requirements: Option<Requirements>,
    attributes: Map<String, Value>,
    #[serde(skip)]
    preview: bool,
    #[serde(skip)]
    identifiers: bool,
}

impl PutListing {
    /// A listing of this product type with these attributes, whose form the product type's
    /// definition tells.
    #[must_use]
    pub fn new(product_type: impl Into<String>, attributes: Map<String, Value>) -> Self {
        Self {
            product_type: product_type.into(),
            requirements: None,
            attributes,
            preview: false,
            identifiers: false,
        }
    }

    /// Which attributes it must have (`requirements`); `LISTING` unless said.
    #[must_use]
    pub fn requirements(mut self, requirements: Requirements) -> Self {
        self.requirements = Some(requirements);
        self
    }

    /// Only to see whether it would be taken (`mode`).
    #[must_use]
    pub fn preview(mut self) -> Self {
        self.preview = true;
        self
    }

    /// With the listing's ASINs in the answer (`includedData`).
    #[must_use]
    pub fn with_identifiers(mut self) -> Self {
        self.identifiers = true;
        self
    }
}

pub(super) struct PutListingsItem<'a> {
    pub(super) listing: &'a Listing,
    pub(super) put: &'a PutListing,
}

impl Call for PutListingsItem<'_> {
    const OPERATION: Operation = Operation {
        name: "putListingsItem",
        class: Class::Idempotent,
        // 5 a second.
        plan: Plan { interval: Duration::from_millis(200), burst: 10 },
    };
    type Answer = Submission;

    fn request(&self, base: &Url) -> Result<http::Request<Bytes>, Error> {
        if self.put.product_type.is_empty() {
            let reason = "the service wants a product type";
            return Err(Error::InvalidParameter { parameter: "productType", reason });
        }
        let sent = |query| sent(query, self.put.identifiers, self.put.preview);
        call::json(Method::PUT, &self.listing.address(base, 1..=1, sent)?, self.put)
    }
}

impl ListingsItems<'_> {
    /// `putListingsItem`: makes a listing in one store, or replaces it whole. Repeating it leaves
    /// the same listing.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`] for what the service would refuse, and those of any call. A
    /// listing that is not taken is no error: the [`Submission`] says so.
    pub async fn put_listings_item(
        self,
        listing: &Listing,
        put: &PutListing,
    ) -> Result<Submission, Error> {
        self.client.call(&PutListingsItem { listing, put }).await
    }
}
