//! What orders and shipments need of Epicor's masters and documents; all of it only reads.

use std::collections::{BTreeMap, BTreeSet};

use epicor_odata_client::master::Customer;
use epicor_odata_client::odata::Filter;
use epicor_odata_client::part::{CrossReference, Part};
use epicor_odata_client::sales_order::OrderHead;
use epicor_odata_client::shipment::{Shipment, ShippedQuery};
use jiff::civil::Date;
use ledger_mapper::SkuPart;

use super::EpicorLedger;
use crate::config::MappedPart;

/// What the SKUs of one customer's orders are.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PartsFound {
    /// SKUs with their parts.
    pub parts: BTreeMap<String, SkuPart>,
    /// SKUs that cannot be used, with the reason for people.
    pub problems: BTreeMap<String, String>,
}

/// What a SKU seems to be, before the part was looked at.
struct Candidate<'a> {
    sku: &'a str,
    part: String,
    unit: Option<&'a str>,
    multiple: u32,
}

impl EpicorLedger {
    /// A customer by its id.
    ///
    /// # Errors
    /// The client's errors.
    pub async fn customer(&self, cust_id: &str) -> anyhow::Result<Option<Customer>> {
        Ok(self.client.customers().by_cust_id(cust_id).await?)
    }

    /// What these SKUs are: by the configuration, else by the customer's part cross references,
    /// else by a part of the same number. A part must be there and active.
    ///
    /// # Errors
    /// The client's errors.
    pub async fn parts_of(
        &self,
        cust_num: i64,
        skus: &BTreeSet<String>,
        mapped: &BTreeMap<String, MappedPart>,
    ) -> anyhow::Result<PartsFound> {
        let mut found = PartsFound::default();
        let of_customer = Filter::eq("CustNum", cust_num);
        let unmapped = skus.iter().map(String::as_str).filter(|sku| !mapped.contains_key(*sku));
        let references = self
            .client
            .part_cross_references()
            .any_of("XPartNum", unmapped, Some(&of_customer))
            .await?;
        let mut candidates = Vec::with_capacity(skus.len());
        for sku in skus {
            match candidate(sku, mapped, &references) {
                Ok(candidate) => candidates.push(candidate),
                Err(problem) => {
                    found.problems.insert(sku.clone(), problem);
                }
            }
        }
        let numbers: BTreeSet<&str> = candidates.iter().map(|c| c.part.as_str()).collect();
        let parts = self.client.parts().by_part_nums(numbers).await?;
        for candidate in candidates {
            match usable(&candidate, &parts) {
                Ok(part) => {
                    found.parts.insert(candidate.sku.to_owned(), part);
                }
                Err(problem) => {
                    found.problems.insert(candidate.sku.to_owned(), problem);
                }
            }
        }
        Ok(found)
    }

    /// The orders that customers made from a day on, each with its PO number.
    ///
    /// # Errors
    /// The client's errors.
    pub async fn orders_from(&self, cust_num: i64, from: Date) -> anyhow::Result<Vec<OrderHead>> {
        let filter = Filter::eq("CustNum", cust_num).and(Filter::ge("OrderDate", from));
        Ok(self.client.records().matching(filter).await?)
    }

    /// The packs that left, changed on this day or later.
    ///
    /// # Errors
    /// The client's errors.
    pub async fn shipped(&self, query: ShippedQuery) -> anyhow::Result<Vec<Shipment>> {
        Ok(self.client.packs().shipped(query).await?)
    }
}

fn candidate<'a>(
    sku: &'a str,
    mapped: &'a BTreeMap<String, MappedPart>,
    references: &[CrossReference],
) -> Result<Candidate<'a>, String> {
    if let Some(mapped) = mapped.get(sku) {
        let (part, unit, multiple) = mapped.parts();
        return Ok(Candidate { sku, part: part.to_owned(), unit, multiple });
    }
    let parts: BTreeSet<&str> = references
        .iter()
        .filter(|reference| reference.x_part_num.eq_ignore_ascii_case(sku))
        .map(|reference| reference.part_num.as_str())
        .collect();
    match parts.into_iter().collect::<Vec<_>>().as_slice() {
        [] => Ok(Candidate { sku, part: sku.to_owned(), unit: None, multiple: 1 }),
        [part] => Ok(Candidate { sku, part: (*part).to_owned(), unit: None, multiple: 1 }),
        several => Err(format!(
            "SKU {sku} stands for several parts in the customer's cross references: {}. Somebody who \
             knows the articles removes all but one, or names the part in `orders.parts`",
            several.join(", ")
        )),
    }
}

fn usable(candidate: &Candidate<'_>, parts: &[Part]) -> Result<SkuPart, String> {
    let Candidate { sku, part: number, unit, multiple } = candidate;
    let found = parts.iter().find(|part| part.part_num.eq_ignore_ascii_case(number));
    match found {
        Some(part) if !part.inactive => Ok(SkuPart {
            part: part.part_num.clone(),
            uom: unit.map_or_else(|| part.sales_unit.clone(), str::to_owned),
            multiple: *multiple,
        }),
        Some(_) => Err(format!(
            "SKU {sku} is part {number}, which is inactive in Epicor. Somebody who knows the articles \
             activates it or names another; then the order is entered"
        )),
        None => Err(format!(
            "SKU {sku} has no part: it is in no cross reference of the customer, and Epicor has no \
             part {number}. Somebody who knows the articles adds one of them, or names the part in \
             `orders.parts`; then the order is entered"
        )),
    }
}
