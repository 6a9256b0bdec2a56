//! What a SKU is in the company's own stock. One judgement for orders, settlements and the coverage of
//! listings: [`ledger_mapper::align`].

use std::collections::{BTreeMap, BTreeSet};

use epicor_odata_client::odata::Filter;
use epicor_odata_client::part::{CrossReference, Part, PartUnit};
use ledger_mapper::{Aligned, Alignment, Candidate, Clue, Listing, SkuPart, align};

use super::EpicorLedger;
use crate::config::MappedPart;
use crate::ledger::Obstacle;

/// What some SKUs are.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PartsFound {
    /// SKUs with their parts.
    pub parts: BTreeMap<String, SkuPart>,
    /// SKUs that cannot be used: what is wrong, for people.
    pub problems: BTreeMap<String, Obstacle>,
}

impl EpicorLedger {
    /// What these SKUs are: by what a person named, else by the customers' part cross references or
    /// a part of the same number. A part must be there and active.
    ///
    /// # Errors
    /// The client's errors.
    pub async fn parts_of(
        &self,
        customers: &[i64],
        skus: &BTreeSet<String>,
        mapped: &BTreeMap<String, MappedPart>,
    ) -> anyhow::Result<PartsFound> {
        let references = self.references_of(customers, skus, mapped).await?;
        let named = skus.iter().map(|sku| mapped.get(sku).map_or(sku.as_str(), |to| to.parts().0));
        let recorded = references.iter().map(|reference| reference.part_num.as_str());
        let numbers: BTreeSet<&str> = named.chain(recorded).collect();
        let parts = self.client.parts().by_part_nums(numbers).await?;
        let known = known(&parts, &references, &[]);
        let listings: Vec<Listing> = skus.iter().map(|sku| bare(sku, mapped)).collect();
        let mut found = PartsFound::default();
        for Aligned { sku, alignment } in align(&listings, &known) {
            match usable(&sku, &alignment, mapped, &parts) {
                Ok(part) => {
                    found.parts.insert(sku, part);
                }
                Err(problem) => {
                    found.problems.insert(sku, problem);
                }
            }
        }
        Ok(found)
    }

    async fn references_of(
        &self,
        customers: &[i64],
        skus: &BTreeSet<String>,
        mapped: &BTreeMap<String, MappedPart>,
    ) -> anyhow::Result<Vec<CrossReference>> {
        let unmapped = skus.iter().filter(|sku| !mapped.contains_key(*sku));
        let unmapped: Vec<&str> = unmapped.map(String::as_str).collect();
        let mut references = Vec::new();
        for customer in customers {
            let of_customer = Filter::eq("CustNum", *customer);
            let all = self.client.part_cross_references();
            let skus = unmapped.iter().copied();
            references.extend(all.any_of("XPartNum", skus, Some(&of_customer)).await?);
        }
        Ok(references)
    }

    /// Every part of the company, with its trade item numbers and the SKUs that are recorded for it.
    ///
    /// # Errors
    /// The client's errors.
    pub async fn all_parts(&self, customers: &[i64]) -> anyhow::Result<Vec<ledger_mapper::Part>> {
        let parts = self.client.parts().all().await?;
        let units = self.client.part_units().all().await?;
        let mut references = Vec::new();
        for customer in customers {
            let of_customer = Filter::eq("CustNum", *customer);
            references.extend(self.client.part_cross_references().matching(of_customer).await?);
        }
        Ok(known(&parts, &references, &units))
    }

    /// The numbers of these customers.
    ///
    /// # Errors
    /// The client's errors; a customer that Epicor does not have.
    pub async fn cust_nums(&self, customers: &[String]) -> anyhow::Result<Vec<i64>> {
        let mut numbers = Vec::with_capacity(customers.len());
        for cust_id in customers {
            let customer = self.customer(cust_id).await?;
            let customer = customer.ok_or_else(|| {
                anyhow::anyhow!(
                    "Epicor has no customer {cust_id}; finance makes it, or the administrator names \
                     another in the configuration"
                )
            })?;
            numbers.push(customer.cust_num);
        }
        Ok(numbers)
    }
}

/// A SKU of which nothing else is known.
fn bare(sku: &str, mapped: &BTreeMap<String, MappedPart>) -> Listing {
    Listing {
        sku: sku.to_owned(),
        asin: String::new(),
        title: String::new(),
        gtin: None,
        mapped: mapped.get(sku).map(|to| to.parts().0.to_owned()),
    }
}

fn known(
    parts: &[Part],
    references: &[CrossReference],
    units: &[PartUnit],
) -> Vec<ledger_mapper::Part> {
    let key = |number: &str| number.to_ascii_uppercase();
    let mut skus: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for reference in references {
        let of_part = skus.entry(key(&reference.part_num)).or_default();
        if !of_part.contains(&reference.x_part_num) {
            of_part.push(reference.x_part_num.clone());
        }
    }
    let mut gtins: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for unit in units {
        let codes = [&unit.upc12, &unit.ean13, &unit.gtin14].into_iter();
        let codes = codes.filter(|code| !code.is_empty()).cloned();
        gtins.entry(key(&unit.part_num)).or_default().extend(codes);
    }
    let parts = parts.iter().map(|part| {
        let own = part.upc_codes().map(str::to_owned);
        let of_units = gtins.get(&key(&part.part_num)).into_iter().flatten().cloned();
        ledger_mapper::Part {
            number: part.part_num.clone(),
            description: part.description.clone(),
            active: !part.inactive,
            gtins: own.chain(of_units).collect(),
            cross_references: skus.get(&key(&part.part_num)).cloned().unwrap_or_default(),
        }
    });
    parts.collect()
}

/// The part of a SKU with its unit, or why there is none.
fn usable(
    sku: &str,
    alignment: &Alignment,
    mapped: &BTreeMap<String, MappedPart>,
    parts: &[Part],
) -> Result<SkuPart, Obstacle> {
    let to = mapped.get(sku);
    let number = match alignment {
        Alignment::Matched { part, .. } => part,
        other => return Err(problem(sku, other, to)),
    };
    let found = parts.iter().find(|part| part.part_num == *number);
    let own_unit = || found.map(|part| part.sales_unit.clone()).unwrap_or_default();
    let (_, unit, multiple) = to.map_or((number.as_str(), None, 1), MappedPart::parts);
    let uom = unit.map_or_else(own_unit, str::to_owned);
    Ok(SkuPart { part: number.clone(), uom, multiple })
}

fn problem(sku: &str, alignment: &Alignment, to: Option<&MappedPart>) -> Obstacle {
    let (reason, message) = match alignment {
        Alignment::Inactive { part, .. } => (
            "part_inactive",
            format!(
                "SKU {sku} is part {part}, which is inactive in Epicor. Somebody who knows the \
                 articles activates it, or names another with `ml-connector catalog accept`; then it \
                 goes on by itself"
            ),
        ),
        Alignment::Ambiguous { candidates } => (
            "part_ambiguous",
            format!(
                "SKU {sku} stands for several parts: {}. Somebody who knows the articles removes the \
                 cross references that are wrong, or names the part with `ml-connector catalog \
                 accept`; then it goes on by itself",
                candidates.iter().map(named).collect::<Vec<_>>().join(", ")
            ),
        ),
        Alignment::Matched { .. } | Alignment::Missing { .. } => {
            let why = match to {
                Some(to) => format!("Epicor has no part {}, which was named for it", to.parts().0),
                None => {
                    "it is in no cross reference of the customer, and Epicor has no part of this \
                         number"
                        .to_owned()
                }
            };
            (
                "part_missing",
                format!(
                    "SKU {sku} has no part: {why}. Somebody who knows the articles adds one of them, \
                     or names the part with `ml-connector catalog accept`; then it goes on by itself"
                ),
            )
        }
    };
    Obstacle { reason, message }
}

/// `1001 (cross-reference)`
fn named(candidate: &Candidate) -> String {
    let by = candidate.clues.first().map(Clue::to_string).unwrap_or_default();
    format!("{} ({by})", candidate.part)
}
