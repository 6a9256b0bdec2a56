//! `deleteListingsItem`: ends a listing.

use std::time::Duration;

use bytes::Bytes;
use url::Url;
use wire::{Class, Plan};

use super::{Listing, ListingsItems, Submission};
use crate::Error;
use crate::client::{Call, Operation, call};

pub(super) struct DeleteListingsItem<'a>(pub(super) &'a Listing);

impl Call for DeleteListingsItem<'_> {
    const OPERATION: Operation = Operation {
        name: "deleteListingsItem",
        class: Class::Idempotent,
        // 5 a second.
        plan: Plan { interval: Duration::from_millis(200), burst: 5 },
    };
    type Answer = Submission;

    fn request(&self, base: &Url) -> Result<http::Request<Bytes>, Error> {
        call::delete(&self.0.address(base, 1..=1, |query| query)?)
    }
}

impl ListingsItems<'_> {
    /// `deleteListingsItem`: ends a listing in one store.
    ///
    /// # Errors
    /// [`Error::NotFound`] for a SKU that the seller does not have there, be it because an earlier
    /// attempt, whose answer was lost, ended the listing; [`Error::InvalidParameter`] for more
    /// stores than one, and those of any call.
    pub async fn delete_listings_item(self, listing: &Listing) -> Result<Submission, Error> {
        self.client.call(&DeleteListingsItem(listing)).await
    }
}
