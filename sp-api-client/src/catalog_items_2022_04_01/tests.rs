use super::*;
use crate::Error;
use crate::client::call::testing::line;

#[test]
fn where_it_is_asked() {
    let numbers = SearchCatalogItems::identified("SKU", ["a", "b/c"], "M").seller_id("S");
    let words = SearchCatalogItems::keywords(["red", "shoe"], "M")
        .brand_names(["B"])
        .classification_ids(["1"])
        .keywords_locale("en_US")
        .included_data([IncludedData::Summaries, IncludedData::SalesRanks])
        .locale("de_DE")
        .page_size(20)
        .from_page("n=");
    for (asked, expected) in [
        (
            line(&GetCatalogItem::new("B0/1", ["M", "N"]).locale("de_DE")),
            "GET /catalog/2022-04-01/items/B0%2F1?marketplaceIds=M%2CN&locale=de_DE",
        ),
        (
            line(&numbers),
            "GET /catalog/2022-04-01/items?identifiers=a%2Cb%2Fc&identifiersType=SKU\
             &marketplaceIds=M&sellerId=S",
        ),
        (
            line(&words),
            "GET /catalog/2022-04-01/items?keywords=red%2Cshoe&brandNames=B&classificationIds=1\
             &keywordsLocale=en_US&marketplaceIds=M&includedData=summaries%2CsalesRanks\
             &locale=de_DE&pageSize=20&pageToken=n%3D",
        ),
    ] {
        assert_eq!(asked.unwrap(), expected);
    }
}

#[test]
fn what_the_service_would_refuse_is_refused_here() {
    let many = || (0..21).map(|number| number.to_string());
    let numbers = || SearchCatalogItems::identified("EAN", ["1"], "M");
    for (asked, expected) in [
        (line(&GetCatalogItem::new("", ["M"])), "asin"),
        (line(&GetCatalogItem::new("B", [""; 0])), "marketplaceIds"),
        (line(&SearchCatalogItems::identified("SKU", ["a"], "M")), "sellerId"),
        (line(&SearchCatalogItems::identified("SKU", ["a"], "M").seller_id("")), "sellerId"),
        (line(&SearchCatalogItems::identified("", ["a"], "M")), "identifiersType"),
        (line(&SearchCatalogItems::identified("EAN", [""; 0], "M")), "identifiers"),
        (line(&SearchCatalogItems::identified("EAN", many(), "M")), "identifiers"),
        (line(&numbers().brand_names(["B"])), "brandNames"),
        (line(&numbers().classification_ids(["1"])), "classificationIds"),
        (line(&numbers().keywords_locale("en_US")), "keywordsLocale"),
        (line(&SearchCatalogItems::keywords(many(), "M")), "keywords"),
        (line(&SearchCatalogItems::keywords(["a"], "")), "marketplaceIds"),
        (line(&SearchCatalogItems::keywords(["a"], "M").page_size(21)), "pageSize"),
    ] {
        match asked {
            Err(Error::InvalidParameter { parameter, .. }) => assert_eq!(parameter, expected),
            other => panic!("{expected}: {other:?}"),
        }
    }
}
