//! What a rule may ask of a row.

use jiff::civil::Date;
use serde::Serialize;
use settlement_model::{Currency, Fulfillment, Group, Marketplace, Triple};

use crate::pattern::normalise;
use crate::translation;

/// The facts of one row, or of rows that are alike in them, that decide how it is posted.
#[derive(Debug, Clone, Copy)]
pub struct RowFacts<'a> {
    /// What the amount is for.
    pub triple: &'a Triple,
    /// The day it counts for, in the settlement's zone: rules may be in force for some time only.
    pub date: Date,
    /// Column `marketplace-name`; `None` when blank, as on account-level rows.
    pub marketplace: Option<&'a str>,
    /// Column `sku`, empty when blank; `None` when it was not kept, as in a [`Group`] that was not
    /// made by SKU.
    pub sku: Option<&'a str>,
    /// Column `fulfillment-id`.
    pub fulfillment: &'a Fulfillment,
    /// The settlement's currency.
    pub currency: Currency,
}

impl<'a> RowFacts<'a> {
    /// The facts that all rows of a group share.
    #[must_use]
    pub fn of_group(group: &'a Group, date: Date) -> Self {
        Self {
            triple: &group.triple,
            date,
            marketplace: group.marketplace.as_deref(),
            sku: group.sku.as_deref(),
            fulfillment: &group.fulfillment,
            currency: group.amount.currency(),
        }
    }

    /// The ISO 3166 country of the marketplace; `None` without a marketplace or for one unknown.
    #[must_use]
    pub fn country(&self) -> Option<&'static str> {
        self.marketplace.and_then(Marketplace::by_name).map(|store| store.country)
    }
}

/// A fact that a rule or a dimension may ask for, by its key in the rules file.
///
/// The order breaks a tie between rules that name equally many.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Field {
    /// `sku`: the seller's article number. Letter case does not matter, every other character does.
    Sku,
    /// `amount_description`
    AmountDescription,
    /// `amount_type`
    AmountType,
    /// `transaction_type`
    TransactionType,
    /// `marketplace`: the `marketplace-name` cell, `Amazon.de`.
    Marketplace,
    /// `country`: the marketplace's ISO 3166 country, `DE`.
    Country,
    /// `fulfilment`: `amazon` (`AFN`), `merchant` (`MFN`), or the cell's text.
    Fulfilment,
    /// `currency`: the settlement's ISO 4217 currency, `EUR`.
    Currency,
}

impl Field {
    /// Every field, in the order that breaks ties.
    pub const ALL: [Self; 8] = [
        Self::Sku,
        Self::AmountDescription,
        Self::AmountType,
        Self::TransactionType,
        Self::Marketplace,
        Self::Country,
        Self::Fulfilment,
        Self::Currency,
    ];

    /// Its key in the rules file.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Sku => "sku",
            Self::AmountDescription => "amount_description",
            Self::AmountType => "amount_type",
            Self::TransactionType => "transaction_type",
            Self::Marketplace => "marketplace",
            Self::Country => "country",
            Self::Fulfilment => "fulfilment",
            Self::Currency => "currency",
        }
    }

    /// A text of this field as it is compared.
    pub(crate) fn comparable(self, text: &str) -> String {
        match self {
            Self::Sku => text.trim().to_lowercase(),
            Self::Country => match normalise(text).as_str() {
                "uk" => "gb".to_owned(),
                code => code.to_owned(),
            },
            Self::Fulfilment => match normalise(text).as_str() {
                "amazon" | "fba" => "afn".to_owned(),
                "merchant" | "fbm" => "mfn".to_owned(),
                other => other.to_owned(),
            },
            Self::AmountDescription | Self::AmountType | Self::TransactionType => {
                translation::comparable(text)
            }
            Self::Marketplace | Self::Currency => normalise(text),
        }
    }
}

/// A row's value of a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Value {
    /// As the row has it, and as it is compared.
    Text(String, String),
    /// The row has none.
    Absent,
    /// The row's group did not keep it.
    NotKept,
}

/// A row's value of every field, in the order of [`Field::ALL`].
#[derive(Debug, Clone)]
pub(crate) struct Values([Value; 8]);

impl Values {
    pub(crate) fn of(row: &RowFacts<'_>) -> Self {
        Self(Field::ALL.map(|field| {
            let text = match field {
                Field::Sku => match row.sku {
                    None => return Value::NotKept,
                    Some(sku) => Some(sku.trim()).filter(|sku| !sku.is_empty()),
                },
                Field::AmountDescription => Some(row.triple.amount_description.as_str()),
                Field::AmountType => Some(row.triple.amount_type.as_str()),
                Field::TransactionType => Some(row.triple.transaction_type.as_str()),
                Field::Marketplace => row.marketplace,
                Field::Country => row.country(),
                Field::Fulfilment => match row.fulfillment {
                    Fulfillment::Amazon => Some("AFN"),
                    Fulfillment::Merchant => Some("MFN"),
                    Fulfillment::Other(text) => Some(text.as_str()),
                    Fulfillment::Unstated => None,
                },
                Field::Currency => {
                    let code = row.currency.code().to_owned();
                    return Value::Text(code.clone(), field.comparable(&code));
                }
            };
            text.map_or(Value::Absent, |text| Value::Text(text.to_owned(), field.comparable(text)))
        }))
    }

    /// The facts of a line that no row is behind: only its currency.
    pub(crate) fn of_currency(currency: Currency) -> Self {
        Self(Field::ALL.map(|field| match field {
            Field::Currency => {
                Value::Text(currency.code().to_owned(), field.comparable(currency.code()))
            }
            _ => Value::Absent,
        }))
    }

    pub(crate) fn get(&self, field: Field) -> &Value {
        &self.0[field as usize]
    }
}
