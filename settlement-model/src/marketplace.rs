//! Amazon's marketplaces: what a store is called in a report, what it sells in, and the clock its
//! books follow.

mod id;

pub use id::{InvalidMarketplaceId, MarketplaceId};

use crate::document::DecimalSign;
use crate::money::Currency;

/// A marketplace (a national Amazon store) that the Selling Partner API serves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Marketplace {
    /// Amazon's marketplace id, as in `marketplaceIds` of a report: `ATVPDKIKX0DER`.
    pub id: &'static str,
    /// ISO 3166 country code. Amazon's own lists also say `UK` for `GB`.
    pub country: &'static str,
    /// The name in the `marketplace-name` column: `Amazon.com`.
    pub name: &'static str,
    /// ISO 4217 code of the store's currency.
    pub currency: &'static str,
    /// The Selling Partner API region that serves the store.
    pub region: Region,
    /// IANA name of the time zone in which Seller Central counts the store's days.
    pub zone: &'static str,
}

/// A region of the Selling Partner API. A seller's authorisation belongs to one of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
pub enum Region {
    /// Canada, the United States, Mexico and Brazil.
    NorthAmerica,
    /// Europe, the Middle East, Africa and India.
    Europe,
    /// Japan, Australia and Singapore.
    FarEast,
}

/// The clock of all North American stores, Mexico and Brazil included: their reports count days in
/// Seattle's time.
const PACIFIC: &str = "America/Los_Angeles";

/// The clock shared by the euro stores of the continent.
const CONTINENTAL_EURO_ZONE: &str = "Europe/Berlin";

/// One line of the table below, to keep it readable as a table.
const fn store(
    id: &'static str,
    country: &'static str,
    name: &'static str,
    currency: &'static str,
    region: Region,
    zone: &'static str,
) -> Marketplace {
    Marketplace { id, country, name, currency, region, zone }
}

#[rustfmt::skip]
static MARKETPLACES: [Marketplace; 23] = {
    use Region::{Europe as EU, FarEast as FE, NorthAmerica as NA};
    [
        store("A2EUQ1WTGCTBG2", "CA", "Amazon.ca",     "CAD", NA, PACIFIC),
        store("ATVPDKIKX0DER",  "US", "Amazon.com",    "USD", NA, PACIFIC),
        store("A1AM78C64UM0Y8", "MX", "Amazon.com.mx", "MXN", NA, PACIFIC),
        store("A2Q3Y263D00KWC", "BR", "Amazon.com.br", "BRL", NA, PACIFIC),
        store("A28R8C7NBKEWEA", "IE", "Amazon.ie",     "EUR", EU, "Europe/Dublin"),
        store("A1RKKUPIHCS9HS", "ES", "Amazon.es",     "EUR", EU, "Europe/Madrid"),
        store("A1F83G8C2ARO7P", "GB", "Amazon.co.uk",  "GBP", EU, "Europe/London"),
        store("A13V1IB3VIYZZH", "FR", "Amazon.fr",     "EUR", EU, "Europe/Paris"),
        store("AMEN7PMS3EDWL",  "BE", "Amazon.com.be", "EUR", EU, "Europe/Brussels"),
        store("A1805IZSGTT6HS", "NL", "Amazon.nl",     "EUR", EU, "Europe/Amsterdam"),
        store("A1PA6795UKMFR9", "DE", "Amazon.de",     "EUR", EU, "Europe/Berlin"),
        store("APJ6JRA9NG5V4",  "IT", "Amazon.it",     "EUR", EU, "Europe/Rome"),
        store("A2NODRKZP88ZB9", "SE", "Amazon.se",     "SEK", EU, "Europe/Stockholm"),
        store("AE08WJ6YKNBMC",  "ZA", "Amazon.co.za",  "ZAR", EU, "Africa/Johannesburg"),
        store("A1C3SOZRARQ6R3", "PL", "Amazon.pl",     "PLN", EU, "Europe/Warsaw"),
        store("ARBP9OOSHTCHU",  "EG", "Amazon.eg",     "EGP", EU, "Africa/Cairo"),
        store("A33AVAJ2PDY3EV", "TR", "Amazon.com.tr", "TRY", EU, "Europe/Istanbul"),
        store("A17E79C6D8DWNP", "SA", "Amazon.sa",     "SAR", EU, "Asia/Riyadh"),
        store("A2VIGQ35RCS4UG", "AE", "Amazon.ae",     "AED", EU, "Asia/Dubai"),
        store("A21TJRUUN4KGV",  "IN", "Amazon.in",     "INR", EU, "Asia/Kolkata"),
        store("A19VAU5U5O7RUS", "SG", "Amazon.sg",     "SGD", FE, "Asia/Singapore"),
        store("A39IBJ37TRP1C6", "AU", "Amazon.com.au", "AUD", FE, "Australia/Sydney"),
        store("A1VC38T7YXB528", "JP", "Amazon.co.jp",  "JPY", FE, "Asia/Tokyo"),
    ]
};

impl Marketplace {
    /// Every marketplace of the Selling Partner API documentation, by region.
    #[must_use]
    pub fn all() -> &'static [Self] {
        &MARKETPLACES
    }

    /// The marketplace a `marketplace-name` cell speaks of; letter case does not matter.
    ///
    /// Multi-channel orders name `Non-Amazon US`: sold elsewhere, shipped by that country's store,
    /// whose marketplace is returned.
    ///
    /// ```
    /// # use settlement_model::Marketplace;
    /// assert_eq!(Marketplace::by_name("amazon.de").unwrap().currency, "EUR");
    /// assert_eq!(Marketplace::by_name("Non-Amazon UK").unwrap().name, "Amazon.co.uk");
    /// assert!(Marketplace::by_name("Elsewhere").is_none());
    /// ```
    #[must_use]
    pub fn by_name(name: &str) -> Option<&'static Self> {
        const MULTI_CHANNEL: &str = "non-amazon ";
        let name = name.trim();
        if let Some((prefix, country)) = name.split_at_checked(MULTI_CHANNEL.len())
            && prefix.eq_ignore_ascii_case(MULTI_CHANNEL)
        {
            let country = if country.eq_ignore_ascii_case("uk") { "GB" } else { country };
            return MARKETPLACES.iter().find(|store| store.country.eq_ignore_ascii_case(country));
        }
        MARKETPLACES.iter().find(|store| store.name.eq_ignore_ascii_case(name))
    }

    /// The marketplace with this marketplace id.
    #[must_use]
    pub fn by_id(id: &str) -> Option<&'static Self> {
        MARKETPLACES.iter().find(|store| store.id == id)
    }

    /// The decimal sign of the store's reports, for a document whose amounts do not show one: a
    /// comma on the continent of Europe, in Türkiye and in Brazil, a point elsewhere.
    ///
    /// Only a first assumption. What a document shows counts more, and a spreadsheet writes numbers
    /// as the person does who saved it.
    #[must_use]
    pub fn decimal_sign(&self) -> DecimalSign {
        const COMMA: [&str; 10] = ["BE", "BR", "DE", "ES", "FR", "IT", "NL", "PL", "SE", "TR"];
        if COMMA.contains(&self.country) { DecimalSign::Comma } else { DecimalSign::Point }
    }

    /// The decimal sign of all stores that sell in a currency; `Undetermined` when they differ, as
    /// Ireland does from the other euro stores, or when there are none.
    #[must_use]
    pub fn decimal_sign_of_currency(currency: Currency) -> DecimalSign {
        let mut stores = MARKETPLACES.iter().filter(|store| store.currency == currency.code());
        let Some(sign) = stores.next().map(Self::decimal_sign) else {
            return DecimalSign::Undetermined;
        };
        let agree = stores.all(|store| store.decimal_sign() == sign);
        if agree { sign } else { DecimalSign::Undetermined }
    }

    /// The time zone of the stores that sell in a currency, as an IANA name.
    ///
    /// `None` when no store does. Every currency but the euro has one store. The euro stores of the
    /// continent share one clock, given as `Europe/Berlin`; Ireland, an hour behind, is recognised
    /// by its marketplace name alone.
    #[must_use]
    pub fn zone_of_currency(currency: Currency) -> Option<&'static str> {
        if currency.code() == "EUR" {
            return Some(CONTINENTAL_EURO_ZONE);
        }
        MARKETPLACES.iter().find(|store| store.currency == currency.code()).map(|store| store.zone)
    }
}

#[cfg(test)]
mod tests;
