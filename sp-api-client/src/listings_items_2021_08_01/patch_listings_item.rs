//! `patchListingsItem`: changes some attributes of a listing.

use std::time::Duration;

use bytes::Bytes;
use http::Method;
use serde::Serialize;
use serde_json::Value;
use url::Url;
use wire::{Class, Plan};

use super::listing::sent;
use super::{Listing, ListingsItems, Submission};
use crate::Error;
use crate::client::{Call, Operation, call};

/// One change of one attribute (`PatchOperation`).
///
/// The path names a whole attribute, like `/attributes/item_name`; nothing below can be changed on
/// its own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Patch {
    op: &'static str,
    path: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    value: Vec<Value>,
}

impl Patch {
    fn new(
        op: &'static str,
        path: impl Into<String>,
        value: impl IntoIterator<Item = Value>,
    ) -> Self {
        Self { op, path: path.into(), value: value.into_iter().collect() }
    }

    /// Adds an attribute, or replaces what is there with the same selectors (`add`).
    #[must_use]
    pub fn add(path: impl Into<String>, value: impl IntoIterator<Item = Value>) -> Self {
        Self::new("add", path, value)
    }

    /// Replaces an attribute (`replace`).
    #[must_use]
    pub fn replace(path: impl Into<String>, value: impl IntoIterator<Item = Value>) -> Self {
        Self::new("replace", path, value)
    }

    /// Changes the named members of an attribute and leaves the others (`merge`).
    #[must_use]
    pub fn merge(path: impl Into<String>, value: impl IntoIterator<Item = Value>) -> Self {
        Self::new("merge", path, value)
    }

    /// Deletes an attribute (`delete`), or those of its values that are named.
    #[must_use]
    pub fn delete(path: impl Into<String>, value: impl IntoIterator<Item = Value>) -> Self {
        Self::new("delete", path, value)
    }
}

/// Changes of a listing: the body of `patchListingsItem`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PatchListing {
    product_type: String,
    patches: Vec<Patch>,
    #[serde(skip)]
    preview: bool,
    #[serde(skip)]
    identifiers: bool,
}

impl PatchListing {
    /// These changes, one or more, of a listing of this product type.
    #[must_use]
    pub fn new(product_type: impl Into<String>, patches: impl IntoIterator<Item = Patch>) -> Self {
        Self {
            product_type: product_type.into(),
            patches: patches.into_iter().collect(),
            preview: false,
            identifiers: false,
        }
    }

    /// Only to see whether they would be taken (`mode`).
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

pub(super) struct PatchListingsItem<'a> {
    pub(super) listing: &'a Listing,
    pub(super) patch: &'a PatchListing,
}

impl Call for PatchListingsItem<'_> {
    const OPERATION: Operation = Operation {
        name: "patchListingsItem",
        // Each operation sets what it names; none counts on what is there.
        class: Class::Idempotent,
        // 5 a second.
        plan: Plan { interval: Duration::from_millis(200), burst: 5 },
    };
    type Answer = Submission;

    fn request(&self, base: &Url) -> Result<http::Request<Bytes>, Error> {
        let invalid = |parameter, reason| Err(Error::InvalidParameter { parameter, reason });
        if self.patch.product_type.is_empty() {
            return invalid("productType", "the service wants a product type");
        }
        if self.patch.patches.is_empty() {
            return invalid("patches", "there is nothing to change");
        }
        let whole = |patch: &Patch| {
            let name = patch.path.strip_prefix("/attributes/").unwrap_or_default();
            !name.is_empty() && !name.contains('/')
        };
        if !self.patch.patches.iter().all(whole) {
            return invalid("path", "what can be changed is a whole attribute: /attributes/name");
        }
        let sent = |query| sent(query, self.patch.identifiers, self.patch.preview);
        call::json(Method::PATCH, &self.listing.address(base, 1.., sent)?, self.patch)
    }
}

impl ListingsItems<'_> {
    /// `patchListingsItem`: changes some attributes of a listing. Repeating it leaves the same
    /// listing.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`] for what the service would refuse, and those of any call. A
    /// change that is not taken is no error: the [`Submission`] says so.
    pub async fn patch_listings_item(
        self,
        listing: &Listing,
        patch: &PatchListing,
    ) -> Result<Submission, Error> {
        self.client.call(&PatchListingsItem { listing, patch }).await
    }
}
