use serde_json::{Map, json};

use super::delete_listings_item::DeleteListingsItem;
use super::get_listings_item::GetListingsItem;
use super::patch_listings_item::PatchListingsItem;
use super::put_listings_item::PutListingsItem;
use super::*;
use crate::Error;
use crate::client::call::testing::{body, line};

fn listing() -> Listing {
    Listing::new("S", "a/b,c d%", ["M"])
}

fn put() -> PutListing {
    let mut attributes = Map::new();
    attributes.insert("item_name".to_owned(), json!([{"value": "Shoe"}]));
    PutListing::new("SHOES", attributes)
}

fn patch() -> PatchListing {
    PatchListing::new(
        "SHOES",
        [
            Patch::replace("/attributes/item_name", [json!({"value": "Boot"})]),
            Patch::delete("/attributes/color", []),
        ],
    )
}

#[test]
fn what_is_asked_for() {
    let listing = &listing();
    let expected =
        json!({"productType": "SHOES", "attributes": {"item_name": [{"value": "Shoe"}]}});
    assert_eq!(body(&PutListingsItem { listing, put: &put() }), expected);
    let offer = put().requirements(Requirements::OfferOnly);
    let offer = body(&PutListingsItem { listing, put: &offer });
    assert_eq!(offer["requirements"], "LISTING_OFFER_ONLY");
    let expected = json!({"productType": "SHOES", "patches": [
        {"op": "replace", "path": "/attributes/item_name", "value": [{"value": "Boot"}]},
        {"op": "delete", "path": "/attributes/color"},
    ]});
    assert_eq!(body(&PatchListingsItem { listing, patch: &patch() }), expected);
}

#[test]
fn a_sku_is_one_segment_encoded_once() {
    let at = "/listings/2021-08-01/items/S/a%2Fb,c%20d%25?marketplaceIds=M";
    let (listing, told) = (&listing(), &listing().issue_locale("de_DE"));
    let included_data = &[IncludedData::Offers, IncludedData::Issues];
    let preview = "&includedData=identifiers%2Cissues&mode=VALIDATION_PREVIEW";
    for (asked, expected) in [
        (line(&GetListingsItem { listing, included_data: &[] }), format!("GET {at}")),
        (
            line(&GetListingsItem { listing: told, included_data }),
            format!("GET {at}&issueLocale=de_DE&includedData=offers%2Cissues"),
        ),
        (line(&DeleteListingsItem(listing)), format!("DELETE {at}")),
        (line(&PutListingsItem { listing, put: &put() }), format!("PUT {at}")),
        (
            line(&PutListingsItem { listing, put: &put().preview().with_identifiers() }),
            format!("PUT {at}{preview}"),
        ),
        (line(&PatchListingsItem { listing, patch: &patch() }), format!("PATCH {at}")),
        (
            line(&PatchListingsItem { listing, patch: &patch().preview().with_identifiers() }),
            format!("PATCH {at}{preview}"),
        ),
    ] {
        assert_eq!(asked.unwrap(), expected);
    }
}

#[test]
fn a_search() {
    let time = "2026-11-01T00:00:00Z".parse().unwrap();
    let all = SearchListingsItems::of_seller("S", ["M", "N"]);
    let some = all
        .clone()
        .identified("SKU", ["a", "b"])
        .included_data([IncludedData::Summaries])
        .issue_locale("en_US")
        .created_before(time)
        .last_updated_after(time)
        .with_issue_severity([Severity::Error])
        .with_status([ListingStatus::Buyable])
        .without_status([ListingStatus::Discoverable])
        .ascending(SortBy::Sku)
        .page_size(20)
        .from_page("n=");
    let at = "GET /listings/2021-08-01/items/S?marketplaceIds=M%2CN";
    for (search, expected) in [
        (all.clone(), String::new()),
        (
            all.clone().identified("SKU", ["a"]).variations_of("p,q"),
            "&variationParentSku=p%2Cq".to_owned(),
        ),
        (all.packages_of("p"), "&packageHierarchySku=p".to_owned()),
        (
            some,
            "&issueLocale=en_US&includedData=summaries&identifiers=a%2Cb&identifiersType=SKU\
             &createdBefore=2026-11-01T00%3A00%3A00Z&lastUpdatedAfter=2026-11-01T00%3A00%3A00Z\
             &withIssueSeverity=ERROR&withStatus=BUYABLE&withoutStatus=DISCOVERABLE&sortBy=sku\
             &sortOrder=ASC&pageSize=20&pageToken=n%3D"
                .to_owned(),
        ),
    ] {
        assert_eq!(line(&search).unwrap(), format!("{at}{expected}"));
    }
}

#[test]
fn what_the_service_would_refuse_is_refused_here() {
    let (early, late) = (jiff::Timestamp::UNIX_EPOCH, jiff::Timestamp::MAX);
    let (one, two) = (&listing(), &Listing::new("S", "a", ["M", "N"]));
    let search = || SearchListingsItems::of_seller("S", ["M"]);
    let nested = PatchListing::new("SHOES", [Patch::replace("/attributes/a/b", [json!(1)])]);
    let nowhere = PatchListing::new("SHOES", [Patch::replace("/price", [json!(1)])]);
    for (asked, expected) in [
        (line(&PutListingsItem { listing: two, put: &put() }), "marketplaceIds"),
        (line(&DeleteListingsItem(two)), "marketplaceIds"),
        (line(&DeleteListingsItem(&Listing::new("S", "..", ["M"]))), "sku"),
        (line(&DeleteListingsItem(&Listing::new("", "a", ["M"]))), "sellerId"),
        (line(&PatchListingsItem { listing: one, patch: &PatchListing::new("T", []) }), "patches"),
        (
            line(&PatchListingsItem { listing: one, patch: &PatchListing::new("", []) }),
            "productType",
        ),
        (line(&PatchListingsItem { listing: one, patch: &nowhere }), "path"),
        (line(&PatchListingsItem { listing: one, patch: &nested }), "path"),
        (line(&SearchListingsItems::of_seller("S", [""; 0])), "marketplaceIds"),
        (line(&search().identified("", ["a"])), "identifiersType"),
        (line(&search().variations_of("")), "variationParentSku"),
        (line(&search().packages_of("")), "packageHierarchySku"),
        (line(&search().identified("SKU", ["a,b"])), "identifiers"),
        (line(&search().identified("SKU", [""; 0])), "identifiers"),
        (line(&search().page_size(21)), "pageSize"),
        (line(&search().created_after(late).created_before(early)), "createdBefore"),
    ] {
        match asked {
            Err(Error::InvalidParameter { parameter, .. }) => assert_eq!(parameter, expected),
            other => panic!("{expected}: {other:?}"),
        }
    }
}
