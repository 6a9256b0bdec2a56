//! Amazon's ids of marketplaces, the known ones and others.

use std::fmt;

use thiserror::Error;

use super::{Marketplace, Region};
use crate::money::Currency;

/// Amazon's id of a marketplace, as in `marketplaceIds` of a report: `ATVPDKIKX0DER`.
///
/// Amazon opens stores, so an id that this crate does not know is an id all the same; what is known
/// of its store is then `None`.
///
/// ```
/// use settlement_model::{MarketplaceId, Region};
///
/// let id = MarketplaceId::parse("A1PA6795UKMFR9")?;
/// assert_eq!(id.country(), Some("DE"));
/// assert_eq!(id.currency().map(|currency| currency.to_string()).as_deref(), Some("EUR"));
/// assert_eq!(id.zone(), Some("Europe/Berlin"));
/// assert_eq!(id.region(), Some(Region::Europe));
/// assert!(MarketplaceId::parse("Amazon.de").is_err(), "that is its name");
/// # Ok::<(), settlement_model::InvalidMarketplaceId>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(try_from = "String", into = "String"))]
pub struct MarketplaceId(String);

impl MarketplaceId {
    /// Those known have 12 to 14 characters; this bounds what a key made from one can be.
    const LENGTHS: std::ops::RangeInclusive<usize> = 8..=24;

    /// Reads an id; surrounding blanks do not matter.
    ///
    /// # Errors
    ///
    /// [`InvalidMarketplaceId`] unless the text is 8 to 24 capitals and digits that begin with `A`.
    pub fn parse(text: &str) -> Result<Self, InvalidMarketplaceId> {
        let id = text.trim();
        let well_formed = Self::LENGTHS.contains(&id.len())
            && id.starts_with('A')
            && id.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit());
        if well_formed { Ok(Self(id.to_owned())) } else { Err(InvalidMarketplaceId) }
    }

    /// The id as Amazon writes it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// All that is known of the store; `None` when Amazon opened it after this crate was made.
    #[must_use]
    pub fn marketplace(&self) -> Option<&'static Marketplace> {
        Marketplace::by_id(&self.0)
    }

    /// ISO 3166 code of the store's country.
    #[must_use]
    pub fn country(&self) -> Option<&'static str> {
        self.marketplace().map(|store| store.country)
    }

    /// The currency the store sells in.
    #[must_use]
    pub fn currency(&self) -> Option<Currency> {
        self.marketplace().and_then(|store| Currency::parse(store.currency).ok())
    }

    /// IANA name of the time zone in which Seller Central counts the store's days.
    #[must_use]
    pub fn zone(&self) -> Option<&'static str> {
        self.marketplace().map(|store| store.zone)
    }

    /// The region of the Selling Partner API that serves the store.
    #[must_use]
    pub fn region(&self) -> Option<Region> {
        self.marketplace().map(|store| store.region)
    }
}

impl fmt::Display for MarketplaceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl TryFrom<String> for MarketplaceId {
    type Error = InvalidMarketplaceId;

    fn try_from(text: String) -> Result<Self, InvalidMarketplaceId> {
        Self::parse(&text)
    }
}

impl From<MarketplaceId> for String {
    fn from(id: MarketplaceId) -> Self {
        id.0
    }
}

/// The text is not a marketplace id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("a marketplace id is 8 to 24 capitals and digits, beginning with A")]
pub struct InvalidMarketplaceId;
