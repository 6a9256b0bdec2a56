//! What the catalogue and a seller's listings tell alike of an item.

use serde::{Deserialize, Serialize};

use crate::json;

/// What kind of product it is (`ItemProductTypeByMarketplace`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ProductTypeByMarketplace {
    /// `marketplaceId`. The catalogue may leave it out.
    pub marketplace_id: Option<String>,
    /// `productType`. The catalogue may leave it out.
    pub product_type: Option<String>,
}

/// What tells variations apart (`ItemVariationTheme`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct VariationTheme {
    /// `attributes`.
    #[serde(default, deserialize_with = "json::list")]
    pub attributes: Vec<String>,
    /// `theme`. The catalogue may leave it out.
    pub theme: Option<String>,
}

/// The pages beside a page (`Pagination`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Pagination {
    /// `nextToken`.
    pub next_token: Option<String>,
    /// `previousToken`.
    pub previous_token: Option<String>,
}

/// A page that tells of the pages beside it, as a page of a list.
macro_rules! page_of_items {
    ($page:ident of $item:ident) => {
        impl wire::Paged for $page {
            fn next_token(&self) -> Option<&str> {
                self.pagination.as_ref()?.next_token.as_deref()
            }
        }

        impl From<$page> for wire::Page<$item> {
            fn from(page: $page) -> Self {
                let next_token = page.pagination.and_then(|pagination| pagination.next_token);
                Self { items: page.items, next_token }
            }
        }
    };
}

pub(crate) use page_of_items;
