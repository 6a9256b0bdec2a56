//! The API's objects. Members we do not know are ignored, values we do not know are kept.

use serde::{Deserialize, Serialize};

use crate::Personal;
use crate::text::open_enum;

/// A store, and whether the seller sells there (`MarketplaceParticipation`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct MarketplaceParticipation {
    /// `marketplace`.
    pub marketplace: Marketplace,
    /// `participation`.
    pub participation: Participation,
    /// `storeName`: the name that buyers see.
    pub store_name: String,
}

/// A store of Amazon (`Marketplace`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Marketplace {
    /// `id`: like `ATVPDKIKX0DER`.
    pub id: String,
    /// `name`.
    pub name: String,
    /// `countryCode`: two letters.
    pub country_code: String,
    /// `defaultCurrencyCode`: ISO 4217. `getAccount` may leave it out.
    pub default_currency_code: Option<String>,
    /// `defaultLanguageCode`: like `en_US`. `getAccount` may leave it out.
    pub default_language_code: Option<String>,
    /// `domainName`: like `www.amazon.com`.
    pub domain_name: String,
}

/// Whether the seller sells in a store (`Participation`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Participation {
    /// `isParticipating`.
    pub is_participating: bool,
    /// `hasSuspendedListings`: whether Amazon has taken offers down.
    pub has_suspended_listings: bool,
}

/// The selling account (`Account`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Account {
    /// `marketplaceParticipationList`.
    pub marketplace_participation_list: Vec<MarketplaceParticipation>,
    /// `businessType`.
    pub business_type: String,
    /// `sellingPlan`.
    pub selling_plan: SellingPlan,
    /// `business`.
    pub business: Option<Business>,
    /// `primaryContact`.
    pub primary_contact: Option<PrimaryContact>,
}

open_enum! {
    /// What the seller pays for selling (`sellingPlan`).
    SellingPlan {
        /// `PROFESSIONAL`.
        Professional = "PROFESSIONAL",
        /// `INDIVIDUAL`.
        Individual = "INDIVIDUAL",
    }
}

/// The company behind a selling account (`Business`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Business {
    /// `name`.
    pub name: String,
    /// `registeredBusinessAddress`.
    pub registered_business_address: Address,
    /// `companyRegistrationNumber`.
    pub company_registration_number: Option<String>,
    /// `companyTaxIdentificationNumber`.
    pub company_tax_identification_number: Option<Personal>,
    /// `nonLatinName`.
    pub non_latin_name: Option<String>,
}

/// An address of the seller (`Address`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Address {
    /// `addressLine1`.
    pub address_line1: Personal,
    /// `addressLine2`.
    pub address_line2: Option<Personal>,
    /// `countryCode`: two letters.
    pub country_code: String,
    /// `stateOrProvinceCode`.
    pub state_or_province_code: Option<String>,
    /// `city`.
    pub city: Option<Personal>,
    /// `postalCode`.
    pub postal_code: Option<Personal>,
}

/// Whom Amazon writes to (`PrimaryContact`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct PrimaryContact {
    /// `name`.
    pub name: Personal,
    /// `address`.
    pub address: Address,
    /// `nonLatinName`.
    pub non_latin_name: Option<Personal>,
}
