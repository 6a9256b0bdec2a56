//! Catalog Items 2022-04-01.

use serde_json::json;
use sp_api_client::Client;
use sp_api_client::catalog_items_2022_04_01::{GetCatalogItem, IncludedData, SearchCatalogItems};

use crate::service::check;

#[tokio::test]
async fn search_catalog_items() {
    let search = SearchCatalogItems::keywords(["samsung", "tv"], "ATVPDKIKX0DER")
        .brand_names(["SAMSUNG"])
        .classification_ids(["493964"])
        .keywords_locale("en_US")
        .included_data([IncludedData::Classifications, IncludedData::Dimensions])
        .locale("en_US")
        .page_size(20)
        .from_page("token");
    let call = async |client: &Client| {
        Ok(json!(client.catalog_items().search_catalog_items(&search).await?))
    };
    check("catalogItems_2022-04-01/searchCatalogItems", call, &[]).await;
}

#[tokio::test]
async fn search_catalog_items_by_number() {
    let search = SearchCatalogItems::identified("SKU", ["a"], "ATVPDKIKX0DER").seller_id("S");
    let call = async |client: &Client| {
        Ok(json!(client.catalog_items().search_catalog_items(&search).await?))
    };
    check("catalogItems_2022-04-01/searchCatalogItems", call, &[]).await;
}

#[tokio::test]
async fn get_catalog_item() {
    let which = GetCatalogItem::new("B07N4M94X4", ["ATVPDKIKX0DER"])
        .included_data([IncludedData::Attributes, IncludedData::VendorDetails])
        .locale("en_US");
    let call =
        async |client: &Client| Ok(json!(client.catalog_items().get_catalog_item(&which).await?));
    check("catalogItems_2022-04-01/getCatalogItem", call, &[]).await;
}
