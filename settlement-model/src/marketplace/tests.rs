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
