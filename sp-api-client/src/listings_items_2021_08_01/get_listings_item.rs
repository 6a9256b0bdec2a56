//! `getListingsItem`: one listing.

use std::time::Duration;

use bytes::Bytes;
use url::Url;
use wire::{Class, Plan};

use super::{IncludedData, Item, Listing, ListingsItems};
use crate::Error;
use crate::client::query::Query;
use crate::client::{Call, Operation, call};

pub(super) struct GetListingsItem<'a> {
    pub(super) listing: &'a Listing,
    pub(super) included_data: &'a [IncludedData],
}

impl Call for GetListingsItem<'_> {
    const OPERATION: Operation = Operation {
        name: "getListingsItem",
        class: Class::Safe,
        // 5 a second.
        plan: Plan { interval: Duration::from_millis(200), burst: 10 },
    };
    type Answer = Item;

    fn request(&self, base: &Url) -> Result<http::Request<Bytes>, Error> {
        let included = |query: Query| query.list("includedData", self.included_data, ..);
        call::get(&self.listing.address(base, 1.., included)?)
    }
}

impl ListingsItems<'_> {
    /// `getListingsItem`: these parts of one listing; its summaries when none are named.
    ///
    /// # Errors
    /// [`Error::NotFound`] for a SKU that the seller does not have there,
    /// [`Error::InvalidParameter`] for what the service would refuse, and those of any call.
    pub async fn get_listings_item(
        self,
        listing: &Listing,
        included_data: &[IncludedData],
    ) -> Result<Item, Error> {
        self.client.call(&GetListingsItem { listing, included_data }).await
    }
}
