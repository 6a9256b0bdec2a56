//! Listings Items 2021-08-01.

use serde_json::{Map, json};
use sp_api_client::Client;
use sp_api_client::listings_items_2021_08_01::{
    IncludedData, Listing, ListingStatus, Patch, PatchListing, PutListing, Requirements,
    SearchListingsItems, Severity, SortBy,
};

use crate::service::check;

fn listing() -> Listing {
    Listing::new("AXXXXXXXXXXXXX", "GM-ZDPI-9B4E/1,2", ["ATVPDKIKX0DER"]).issue_locale("en_US")
}

#[tokio::test]
async fn get_listings_item() {
    let parts = [IncludedData::Summaries, IncludedData::Attributes, IncludedData::Offers];
    let call = async |client: &Client| {
        Ok(json!(client.listings_items().get_listings_item(&listing(), &parts).await?))
    };
    check("listingsItems_2021-08-01/getListingsItem", call, &[]).await;
}

#[tokio::test]
async fn put_listings_item() {
    let put = PutListing::new("LUGGAGE", Map::new())
        .requirements(Requirements::Listing)
        .preview()
        .with_identifiers();
    let call = async |client: &Client| {
        Ok(json!(client.listings_items().put_listings_item(&listing(), &put).await?))
    };
    check("listingsItems_2021-08-01/putListingsItem", call, &[]).await;
}

#[tokio::test]
async fn patch_listings_item() {
    let name = Patch::replace("/attributes/item_name", [json!({"value": "Bag"})]);
    let patch = PatchListing::new("LUGGAGE", [name]).preview().with_identifiers();
    let call = async |client: &Client| {
        Ok(json!(client.listings_items().patch_listings_item(&listing(), &patch).await?))
    };
    check("listingsItems_2021-08-01/patchListingsItem", call, &[]).await;
}

#[tokio::test]
async fn delete_listings_item() {
    let call = async |client: &Client| {
        Ok(json!(client.listings_items().delete_listings_item(&listing()).await?))
    };
    check("listingsItems_2021-08-01/deleteListingsItem", call, &[]).await;
}

#[tokio::test]
async fn search_listings_items() {
    let time = "2026-11-01T00:00:00Z".parse().unwrap();
    let search = SearchListingsItems::of_seller("AXXXXXXXXXXXXX", ["ATVPDKIKX0DER"])
        .identified("SKU", ["GM-ZDPI-9B4E"])
        .included_data([IncludedData::Summaries])
        .issue_locale("en_US")
        .created_after(time)
        .created_before(time)
        .last_updated_after(time)
        .last_updated_before(time)
        .with_issue_severity([Severity::Warning])
        .with_status([ListingStatus::Discoverable])
        .without_status([ListingStatus::Buyable])
        .descending(SortBy::LastUpdatedDate)
        .page_size(20)
        .from_page("token");
    let call = async |client: &Client| {
        Ok(json!(client.listings_items().search_listings_items(&search).await?))
    };
    check("listingsItems_2021-08-01/searchListingsItems", call, &[]).await;
}
