use std::collections::BTreeSet;

use jiff::tz::TimeZone;

use super::*;

#[test]
fn every_marketplace_has_a_real_zone_and_currency_and_its_own_names() {
    let all = Marketplace::all();
    for store in all {
        assert!(TimeZone::get(store.zone).is_ok(), "{}", store.zone);
        assert!(Currency::parse(store.currency).is_ok(), "{}", store.currency);
        assert_eq!(Marketplace::by_id(store.id), Some(store));
        assert_eq!(Marketplace::by_name(&store.name.to_uppercase()), Some(store));
    }
    let ids: BTreeSet<_> = all.iter().map(|store| store.id).collect();
    let countries: BTreeSet<_> = all.iter().map(|store| store.country).collect();
    assert_eq!((all.len(), ids.len(), countries.len()), (23, 23, 23));
}

#[test]
fn multi_channel_orders_belong_to_the_store_of_their_country() {
    let name = |cell| Marketplace::by_name(cell).map(|store| store.name);
    assert_eq!(name("Non-Amazon US"), Some("Amazon.com"));
    assert_eq!(name("Non-Amazon GB"), Some("Amazon.co.uk"));
    assert_eq!(name("non-amazon uk"), Some("Amazon.co.uk"));
    assert_eq!(name("Non-Amazon ZZ"), None);
    assert_eq!(name("Non-Amazon"), None);
    assert_eq!(name(""), None);
}

#[test]
fn a_currency_gives_a_zone_only_where_it_is_one() {
    let zone = |code| Marketplace::zone_of_currency(Currency::parse(code).expect("a currency"));
    assert_eq!(zone("USD"), Some("America/Los_Angeles"));
    assert_eq!(zone("EUR"), Some("Europe/Berlin"));
    assert_eq!(zone("CHF"), None);
    for store in Marketplace::all().iter().filter(|store| store.currency != "EUR") {
        assert_eq!(zone(store.currency), Some(store.zone), "{}", store.name);
    }
}

/// What Amazon's list of marketplace ids says, told here once more by hand.
#[test]
fn ids_stand_for_their_stores() {
    let known = [
        ("ATVPDKIKX0DER", "US", "USD", Region::NorthAmerica),
        ("A2EUQ1WTGCTBG2", "CA", "CAD", Region::NorthAmerica),
        ("A1F83G8C2ARO7P", "GB", "GBP", Region::Europe),
        ("A21TJRUUN4KGV", "IN", "INR", Region::Europe),
        ("A1VC38T7YXB528", "JP", "JPY", Region::FarEast),
        ("A39IBJ37TRP1C6", "AU", "AUD", Region::FarEast),
    ];
    for (text, country, currency, region) in known {
        let id = MarketplaceId::parse(&format!(" {text} ")).expect("an id");
        assert_eq!(id.to_string(), text);
        assert_eq!((id.country(), id.region()), (Some(country), Some(region)));
        assert_eq!(id.currency().map(|one| one.code().to_owned()).as_deref(), Some(currency));
    }
    for store in Marketplace::all() {
        let id = MarketplaceId::parse(store.id).expect("every known id is one");
        assert_eq!((id.marketplace(), id.zone()), (Some(store), Some(store.zone)));
    }
    let new = MarketplaceId::parse("A0NEWSTORE000").expect("one of tomorrow");
    assert_eq!((new.marketplace(), new.country(), new.currency()), (None, None, None));
    for wrong in ["", "US", "Amazon.de", "atvpdkikx0der", "B000000000000", "A1 PA6795UKM"] {
        assert_eq!(MarketplaceId::parse(wrong), Err(InvalidMarketplaceId), "{wrong}");
    }
}

#[test]
fn stores_and_currencies_have_a_decimal_sign() {
    use crate::document::DecimalSign::{Comma, Point, Undetermined};
    let sign = |name| Marketplace::by_name(name).expect("a store").decimal_sign();
    assert_eq!((sign("Amazon.de"), sign("Amazon.ie"), sign("Amazon.in")), (Comma, Point, Point));
    let of =
        |code| Marketplace::decimal_sign_of_currency(Currency::parse(code).expect("a currency"));
    assert_eq!((of("USD"), of("BRL"), of("JPY")), (Point, Comma, Point));
    assert_eq!((of("EUR"), of("KWD"), of("CHF")), (Undetermined, Undetermined, Undetermined));
}
