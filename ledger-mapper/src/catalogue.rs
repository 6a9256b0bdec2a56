//! The catalogue that ships with the crate: which role each known triple has.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};
use settlement_model::Triple;

use crate::pattern::Pattern;
use crate::role::{Role, Side};
use crate::translation::comparable;

/// One line of `data/catalogue.csv`; `data/README.md` explains its columns.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct CatalogueEntry {
    /// The triple in Amazon's spelling; a field that ends with `*` matches any ending.
    pub triple: Triple,
    /// The triple's role.
    pub role: Role,
    /// Where the amount lands when it has its usual sign. Nothing is decided by it.
    pub side: Side,
    /// How well the triple is established.
    pub confidence: Confidence,
    /// Codes of the sources that know the triple, separated by spaces.
    pub evidence: &'static str,
    /// Rows with this triple in an audit of 116 real reports; `None` if it had none.
    pub rows_seen: Option<u32>,
}

/// How well a catalogue entry is established.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Confidence {
    /// Named somewhere; its spelling is not confirmed.
    Low,
    /// From a list or copy that was made from real reports.
    Medium,
    /// Counted in real reports.
    High,
}

impl std::fmt::Display for Confidence {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
        })
    }
}

/// Every entry, in the order of the file.
///
/// ```
/// let entries = ledger_mapper::catalogue();
/// assert!(entries.iter().any(|entry| entry.triple.amount_description == "Commission"));
/// ```
#[must_use]
pub fn catalogue() -> &'static [CatalogueEntry] {
    &CATALOGUE.entries
}

/// The entry that gives a triple its role: the exact triple; else (amount-type, description), if
/// the entries of every transaction-type agree on it; else a prefix. The amount's sign has no say.
pub(crate) fn lookup(triple: &Triple) -> Option<&'static CatalogueEntry> {
    let words = Words::of(triple);
    CATALOGUE
        .exact
        .get(&words)
        .or_else(|| CATALOGUE.pairs.get(&words.pair())?.as_ref())
        .or_else(|| {
            let prefix = CATALOGUE.prefixes.iter().find(|(p, _)| words.fit(p));
            prefix.map(|(_, position)| position)
        })
        .map(|&position| &CATALOGUE.entries[position])
}

/// A triple's three texts as they are compared.
#[derive(Clone, PartialEq, Eq, Hash)]
struct Words([String; 3]);

impl Words {
    fn of(triple: &Triple) -> Self {
        Self(fields(triple).map(comparable))
    }

    /// (amount-type, description).
    fn pair(&self) -> [String; 2] {
        let [_, amount_type, description] = self.0.clone();
        [amount_type, description]
    }

    fn fit(&self, patterns: &[Pattern; 3]) -> bool {
        patterns.iter().zip(&self.0).all(|(p, text)| p.matches(text))
    }
}

fn fields(triple: &Triple) -> [&str; 3] {
    [&triple.transaction_type, &triple.amount_type, &triple.amount_description]
}

struct Catalogue {
    entries: Vec<CatalogueEntry>,
    /// Positions in `entries`.
    exact: HashMap<Words, usize>,
    /// `None` where entries of different transaction-types disagree on the role.
    pairs: HashMap<[String; 2], Option<usize>>,
    /// The more specific first.
    prefixes: Vec<([Pattern; 3], usize)>,
}

/// The text that the catalogue is made from.
pub(crate) const SOURCE: &str = include_str!("../data/catalogue.csv");

static CATALOGUE: LazyLock<Catalogue> = LazyLock::new(|| {
    let entries = parse(SOURCE);
    Catalogue::index(entries.expect("the crate's own catalogue"))
});

impl Catalogue {
    fn index(entries: Vec<CatalogueEntry>) -> Self {
        let (mut exact, mut pairs, mut prefixes) = (HashMap::new(), HashMap::new(), Vec::new());
        for (position, entry) in entries.iter().enumerate() {
            if fields(&entry.triple).iter().any(|text| text.ends_with('*')) {
                prefixes.push((fields(&entry.triple).map(Pattern::new), position));
                continue;
            }
            let words = Words::of(&entry.triple);
            match pairs.entry(words.pair()) {
                Entry::Vacant(free) => {
                    free.insert(Some(position));
                }
                Entry::Occupied(mut taken) => {
                    let same = |&first: &usize| entries[first].role == entry.role;
                    let agreed = taken.get().filter(same);
                    taken.insert(agreed);
                }
            }
            exact.entry(words).or_insert(position);
        }
        prefixes.sort_by_key(|(patterns, _)| {
            std::cmp::Reverse(patterns.each_ref().map(Pattern::specificity))
        });
        Self { entries, exact, pairs, prefixes }
    }
}

/// `None` if a line is not what `data/README.md` says.
fn parse(csv: &'static str) -> Option<Vec<CatalogueEntry>> {
    csv.lines().skip(1).map(parse_line).collect()
}

fn parse_line(line: &'static str) -> Option<CatalogueEntry> {
    let cells: Vec<&'static str> = line.split(',').collect();
    let &[
        transaction_type,
        amount_type,
        amount_description,
        role,
        side,
        confidence,
        evidence,
        seen,
    ] = cells.as_slice()
    else {
        return None;
    };
    Some(CatalogueEntry {
        triple: Triple {
            transaction_type: transaction_type.to_owned(),
            amount_type: amount_type.to_owned(),
            amount_description: amount_description.to_owned(),
        },
        role: Role::named(role)?,
        side: match side {
            "debit" => Side::Debit,
            "credit" => Side::Credit,
            "either" => Side::Either,
            _ => return None,
        },
        confidence: match confidence {
            "high" => Confidence::High,
            "medium" => Confidence::Medium,
            "low" => Confidence::Low,
            _ => return None,
        },
        evidence,
        rows_seen: match seen {
            "" => None,
            count => Some(count.parse().ok()?),
        },
    })
}

#[cfg(test)]
mod tests;
