//! Amazon's listings against the company's parts.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::{Deserialize, Serialize};

mod gtin;

use gtin::Gtin;

/// An offer of the seller on Amazon, from the listings report or the Listings Items API.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listing {
    /// `sku`: the seller's own number.
    pub sku: String,
    /// `asin`.
    pub asin: String,
    /// The item's title.
    pub title: String,
    /// UPC, EAN, JAN or GTIN, if the listing has one.
    pub gtin: Option<String>,
    /// The number of the part that a person named for it, if anybody did.
    pub mapped: Option<String>,
}

/// A part of the company.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// The part's number.
    pub number: String,
    /// Its description.
    pub description: String,
    /// Whether it may be sold.
    pub active: bool,
    /// The trade item numbers on its packages.
    pub gtins: Vec<String>,
    /// The SKUs that the company has recorded for it: the customer part cross-reference of the
    /// marketplace's customer.
    pub cross_references: Vec<String>,
}

/// What says that a listing may be a part, the strongest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Clue {
    /// A person named the part for the SKU.
    Mapping,
    /// The SKU is recorded as a cross-reference of the part.
    CrossReference,
    /// The SKU is the part's number.
    PartNumber,
    /// Both have one GTIN, with a correct check digit.
    Gtin,
    /// The SKU is the number or a cross-reference of the part but for blanks and punctuation.
    NormalisedSku,
}

impl fmt::Display for Clue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Mapping => "mapping",
            Self::CrossReference => "cross-reference",
            Self::PartNumber => "part number",
            Self::Gtin => "GTIN",
            Self::NormalisedSku => "similar SKU",
        })
    }
}

/// A part that a listing may be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Candidate {
    /// What speaks for it, the strongest first; at least one.
    pub clues: Vec<Clue>,
    /// The part's number.
    pub part: String,
    /// Whether it may be sold.
    pub active: bool,
}

/// `1001 (GTIN, similar SKU)`
impl fmt::Display for Candidate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let clues: Vec<String> = self.clues.iter().map(ToString::to_string).collect();
        let state = if self.active { "" } else { ", inactive" };
        write!(f, "{} ({}{state})", self.part, clues.join(", "))
    }
}

/// What a listing is to the company.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum Alignment {
    /// This part.
    Matched {
        /// The part's number.
        part: String,
        /// What says so.
        clue: Clue,
    },
    /// This part, which may not be sold.
    Inactive {
        /// The part's number.
        part: String,
        /// What says so.
        clue: Clue,
        /// Parts that may be sold and resemble the listing.
        suggestions: Vec<Candidate>,
    },
    /// Several parts with the same right: a person decides.
    Ambiguous {
        /// The parts, the best first.
        candidates: Vec<Candidate>,
    },
    /// No part.
    Missing {
        /// Parts that resemble the listing, for a person to confirm as cross-reference.
        suggestions: Vec<Candidate>,
    },
}

impl fmt::Display for Alignment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let list = |f: &mut fmt::Formatter<'_>, candidates: &[Candidate]| {
            let names: Vec<String> = candidates.iter().map(ToString::to_string).collect();
            f.write_str(&names.join(" or "))
        };
        match self {
            Self::Matched { part, clue } => write!(f, "is part {part} by its {clue}"),
            Self::Inactive { part, clue, suggestions } => {
                write!(f, "is part {part} by its {clue}, which may not be sold")?;
                if !suggestions.is_empty() {
                    f.write_str("; perhaps it is ")?;
                }
                list(f, suggestions)
            }
            Self::Ambiguous { candidates } => {
                f.write_str("may be ")?;
                list(f, candidates)
            }
            Self::Missing { suggestions } if suggestions.is_empty() => f.write_str("is no part"),
            Self::Missing { suggestions } => {
                f.write_str("is no part yet; perhaps it is ")?;
                list(f, suggestions)
            }
        }
    }
}

impl Alignment {
    /// The word for its state, as in JSON.
    #[must_use]
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Matched { .. } => "matched",
            Self::Inactive { .. } => "inactive",
            Self::Ambiguous { .. } => "ambiguous",
            Self::Missing { .. } => "missing",
        }
    }

    /// The part, if it is one, and what says so.
    #[must_use]
    pub fn part(&self) -> Option<(&str, Clue)> {
        match self {
            Self::Matched { part, clue } | Self::Inactive { part, clue, .. } => Some((part, *clue)),
            Self::Ambiguous { .. } | Self::Missing { .. } => None,
        }
    }

    /// The parts that a person chooses from.
    #[must_use]
    pub fn candidates(&self) -> &[Candidate] {
        match self {
            Self::Matched { .. } => &[],
            Self::Ambiguous { candidates } => candidates,
            Self::Inactive { suggestions, .. } | Self::Missing { suggestions } => suggestions,
        }
    }
}

/// A listing and what it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Aligned {
    /// The listing's SKU.
    pub sku: String,
    /// What it is.
    #[serde(flatten)]
    pub alignment: Alignment,
}

/// Finds the part of each listing; the answers are in the listings' order.
///
/// Only what the company itself wrote down decides: the part that a person named, else a
/// cross-reference or the part's number, which the ledger does not tell apart by letter case. An
/// equal GTIN or a similar SKU is a suggestion and never a match, because a pack of six may carry
/// the GTIN of a single piece. Two parts with one cross-reference are ambiguous, and so is a SKU
/// that is recorded for one part and is the number of another.
///
/// ```
/// use ledger_mapper::{Alignment, Clue, Listing, Part, align};
///
/// let listing = |sku: &str, gtin: Option<&str>| Listing {
///     sku: sku.into(),
///     asin: "B000000001".into(),
///     title: "A mug".into(),
///     gtin: gtin.map(Into::into),
///     mapped: None,
/// };
/// let mug = Part {
///     number: "1001".into(),
///     description: "Mug".into(),
///     active: true,
///     gtins: vec!["4006381333931".into()],
///     cross_references: vec!["MUG-BLUE".into()],
/// };
/// let aligned = align(&[listing("MUG-BLUE", None), listing("mug", Some("04006381333931"))], &[mug]);
/// let matched = Alignment::Matched { part: "1001".into(), clue: Clue::CrossReference };
/// assert_eq!(aligned[0].alignment, matched);
/// let Alignment::Missing { suggestions } = &aligned[1].alignment else { panic!("no match") };
/// assert_eq!(suggestions[0].clues, [Clue::Gtin]);
/// ```
#[must_use]
pub fn align(listings: &[Listing], parts: &[Part]) -> Vec<Aligned> {
    let index = Index::of(parts);
    let aligned = listings
        .iter()
        .map(|listing| Aligned { sku: listing.sku.clone(), alignment: index.align(listing) });
    aligned.collect()
}

/// Parts by what may lead to them, as positions in the list of parts.
struct Index<'a> {
    parts: &'a [Part],
    by_cross_reference: BTreeMap<String, BTreeSet<usize>>,
    by_number: BTreeMap<String, BTreeSet<usize>>,
    by_gtin: BTreeMap<Gtin, BTreeSet<usize>>,
    by_normalised: BTreeMap<String, BTreeSet<usize>>,
}

impl<'a> Index<'a> {
    fn of(parts: &'a [Part]) -> Self {
        let mut index = Self {
            parts,
            by_cross_reference: BTreeMap::new(),
            by_number: BTreeMap::new(),
            by_gtin: BTreeMap::new(),
            by_normalised: BTreeMap::new(),
        };
        for (place, part) in parts.iter().enumerate() {
            index.by_number.entry(key(&part.number)).or_default().insert(place);
            for sku in &part.cross_references {
                index.by_cross_reference.entry(key(sku)).or_default().insert(place);
            }
            for gtin in part.gtins.iter().filter_map(|gtin| Gtin::parse(gtin)) {
                index.by_gtin.entry(gtin).or_default().insert(place);
            }
            for name in part.cross_references.iter().chain([&part.number]) {
                let name = normalised(name);
                if !name.is_empty() {
                    index.by_normalised.entry(name).or_default().insert(place);
                }
            }
        }
        index
    }

    fn align(&self, listing: &Listing) -> Alignment {
        let clues = self.clues(listing);
        let decides = |clue: &Clue| match listing.mapped {
            Some(_) => *clue == Clue::Mapping,
            None => matches!(clue, Clue::CrossReference | Clue::PartNumber),
        };
        let (decided, suggested): (Vec<Candidate>, Vec<Candidate>) =
            clues.into_iter().partition(|candidate| candidate.clues.iter().any(decides));
        match decided.as_slice() {
            [] => Alignment::Missing { suggestions: suggested },
            [Candidate { part, active, clues }] => {
                let part = part.clone();
                let clue = clues.first().copied().unwrap_or(Clue::PartNumber);
                if *active {
                    return Alignment::Matched { part, clue };
                }
                let suggestions = suggested.into_iter().filter(|candidate| candidate.active);
                Alignment::Inactive { part, clue, suggestions: suggestions.collect() }
            }
            _ => Alignment::Ambiguous { candidates: decided },
        }
    }

    /// Every part that anything speaks for, the best first.
    fn clues(&self, listing: &Listing) -> Vec<Candidate> {
        let sku = listing.sku.trim();
        let gtin = listing.gtin.as_deref().and_then(Gtin::parse);
        let normalised = Some(normalised(sku)).filter(|sku| !sku.is_empty());
        let mapped = listing.mapped.as_deref().map(key);
        let found = [
            (Clue::Mapping, mapped.and_then(|part| self.by_number.get(&part))),
            (Clue::CrossReference, self.by_cross_reference.get(&key(sku))),
            (Clue::PartNumber, self.by_number.get(&key(sku))),
            (Clue::Gtin, gtin.and_then(|gtin| self.by_gtin.get(&gtin))),
            (Clue::NormalisedSku, normalised.and_then(|sku| self.by_normalised.get(&sku))),
        ];
        let mut clues: BTreeMap<usize, Vec<Clue>> = BTreeMap::new();
        for (clue, places) in found {
            for place in places.into_iter().flatten() {
                clues.entry(*place).or_default().push(clue);
            }
        }
        let candidates = clues.into_iter().filter_map(|(place, clues)| {
            let part = self.parts.get(place)?;
            Some(Candidate { clues, part: part.number.clone(), active: part.active })
        });
        let mut candidates: Vec<Candidate> = candidates.collect();
        candidates.sort_by(|a, b| {
            let strongest = a.clues.first().cmp(&b.clues.first());
            strongest.then(b.clues.len().cmp(&a.clues.len())).then(a.part.cmp(&b.part))
        });
        candidates
    }
}

/// A number as the ledger compares it: upper and lower case are the same there.
fn key(number: &str) -> String {
    number.trim().to_ascii_uppercase()
}

/// Letters and digits alone, in lower case.
fn normalised(sku: &str) -> String {
    sku.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}
