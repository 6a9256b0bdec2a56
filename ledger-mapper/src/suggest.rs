//! What an unknown amount may be, judged by the words it shares with known ones.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::LazyLock;

use serde::Serialize;
use settlement_model::Triple;

use crate::catalogue::{CatalogueEntry, catalogue};
use crate::role::Role;
use crate::translation::english;

/// A role that an unknown triple may have. It is for a person to judge; nothing is decided by it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Suggestion {
    /// The role.
    pub role: Role,
    /// The known triple that speaks for it most.
    pub like: Triple,
    /// Why, as a sentence.
    pub reason: String,
}

/// At most this many roles are suggested.
const MOST: usize = 3;

/// The roles that a triple may have, the likeliest first; none if no known triple is like it.
///
/// Two triples are alike by the words they share in the same column; a word that few known triples
/// have says more than a common one, and the amount-type and description say more than the
/// transaction-type.
///
/// ```
/// use ledger_mapper::suggest;
/// use settlement_model::Triple;
///
/// let unknown = Triple {
///     transaction_type: "AmazonFees".to_owned(),
///     amount_type: "FBA Overflow Storage Fee".to_owned(),
///     amount_description: "Base fee".to_owned(),
/// };
/// let suggestions = suggest(&unknown);
/// assert_eq!(suggestions[0].role.as_str(), "storage_fees");
/// ```
#[must_use]
pub fn suggest(triple: &Triple) -> Vec<Suggestion> {
    suggest_from(triple, KNOWN.entries.iter())
}

fn suggest_from(triple: &Triple, entries: impl Iterator<Item = &'static Known>) -> Vec<Suggestion> {
    let asked = Words::of(triple);
    let mut best: BTreeMap<Role, (usize, &Known)> = BTreeMap::new();
    for known in entries {
        let score = known.words.likeness(&asked);
        let slot = best.entry(known.entry.role).or_insert((0, known));
        if score > slot.0 {
            *slot = (score, known);
        }
    }
    let mut ranked: Vec<(usize, &Known)> = best.into_values().filter(|(s, _)| *s > 0).collect();
    // Stable: of equal scores the first in role order.
    ranked.sort_by_key(|(score, _)| std::cmp::Reverse(*score));
    let top = ranked.first().map_or(0, |(score, _)| *score);
    let near = ranked.into_iter().filter(|(score, _)| score * 2 > top);
    near.take(MOST)
        .map(|(_, known)| Suggestion {
            role: known.entry.role,
            like: known.entry.triple.clone(),
            reason: reason(&asked, known),
        })
        .collect()
}

fn reason(asked: &Words, known: &Known) -> String {
    let mut parts = Vec::new();
    let Triple { transaction_type, amount_type, amount_description } = &known.entry.triple;
    let texts = [transaction_type, amount_type, amount_description];
    for (column, (asked, theirs)) in asked.0.iter().zip(&known.words.0).enumerate() {
        let name = COLUMNS[column];
        if asked == theirs && !asked.is_empty() {
            parts.push(format!("has the same {name}"));
            continue;
        }
        let mut shared: Vec<&str> = asked.intersection(theirs).map(String::as_str).collect();
        let written = texts[column].to_lowercase();
        shared.sort_by_key(|word| written.find(word));
        if !shared.is_empty() {
            parts.push(format!("shares \"{}\" in its {name}", shared.join(" ")));
        }
    }
    let known = &known.entry;
    format!("\"{}\" is {}; it {}.", known.triple, known.role, parts.join(", "))
}

const COLUMNS: [&str; 3] = ["transaction-type", "amount-type", "description"];

/// The words of each column.
#[derive(Debug)]
struct Words([BTreeSet<String>; 3]);

impl Words {
    fn of(triple: &Triple) -> Self {
        Self([
            words(english(&triple.transaction_type)),
            words(english(&triple.amount_type)),
            words(english(&triple.amount_description)),
        ])
    }

    /// The weight of the shared words, less a little for those of this one that are not shared.
    fn likeness(&self, asked: &Self) -> usize {
        let [transaction_type, amount_type, description] =
            [0, 1, 2].map(|column| shared(&self.0[column], &asked.0[column]));
        // Alone, the transaction-type says nothing of what an amount is.
        if amount_type + description == 0 {
            return 0;
        }
        transaction_type + 3 * amount_type + 3 * description
    }
}

/// The weight of the words that two columns share, in proportion to all their words.
fn shared(one: &BTreeSet<String>, other: &BTreeSet<String>) -> usize {
    let sum = |words: &mut dyn Iterator<Item = &String>| -> usize {
        words.map(|word| KNOWN.weight(word)).sum()
    };
    let common = sum(&mut one.intersection(other));
    let all = sum(&mut one.union(other));
    (common * common).checked_div(all).unwrap_or(0)
}

/// `FBAInboundTransportationFee` and `FBA inbound transportation fee` have the same words, and a
/// plural is its singular.
fn words(text: &str) -> BTreeSet<String> {
    let mut words = vec![String::new()];
    let letters: Vec<char> = text.chars().collect();
    for (i, &letter) in letters.iter().enumerate() {
        let next_is_small = letters.get(i + 1).is_some_and(|next| next.is_lowercase());
        let before = i.checked_sub(1).and_then(|before| letters.get(before));
        let starts = letter.is_uppercase()
            && before.is_some_and(|before| before.is_lowercase() || next_is_small);
        if starts || !letter.is_alphanumeric() {
            words.push(String::new());
        }
        if letter.is_alphanumeric()
            && let Some(word) = words.last_mut()
        {
            word.extend(letter.to_lowercase());
        }
    }
    let singular = |word: String| match word.strip_suffix('s') {
        Some(stem) if stem.len() > 2 && !stem.ends_with('s') => stem.to_owned(),
        _ => word,
    };
    words.into_iter().filter(|word| word.chars().count() > 1).map(singular).collect()
}

/// An entry of the catalogue with its words.
#[derive(Debug)]
struct Known {
    entry: &'static CatalogueEntry,
    words: Words,
}

struct KnownWords {
    entries: Vec<Known>,
    /// In how many entries a word is.
    count: HashMap<String, usize>,
}

static KNOWN: LazyLock<KnownWords> = LazyLock::new(|| {
    let entries: Vec<Known> =
        catalogue().iter().map(|entry| Known { entry, words: Words::of(&entry.triple) }).collect();
    let mut count = HashMap::new();
    for known in &entries {
        let words: BTreeSet<&String> = known.words.0.iter().flatten().collect();
        for word in words {
            *count.entry(word.clone()).or_insert(0) += 1;
        }
    }
    KnownWords { entries, count }
});

impl KnownWords {
    /// A rare word says more than a common one. One that no entry has cannot be shared, and only
    /// makes two columns a little less alike.
    fn weight(&self, word: &str) -> usize {
        match self.count.get(word) {
            Some(count) => 1000 / (count + 4),
            None => 30,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn first(transaction_type: &str, amount_type: &str, amount_description: &str) -> String {
        let triple = Triple {
            transaction_type: transaction_type.to_owned(),
            amount_type: amount_type.to_owned(),
            amount_description: amount_description.to_owned(),
        };
        let suggestions = suggest(&triple);
        suggestions.first().map_or("nothing".to_owned(), |best| {
            assert!(best.reason.ends_with('.') && best.reason.contains(best.role.as_str()));
            best.role.to_string()
        })
    }

    #[test]
    fn words_are_found_in_camel_case_and_in_phrases() {
        let split = |text| words(text).into_iter().collect::<Vec<_>>().join(" ");
        assert_eq!(split("FBAInboundTransportationFee"), "fba fee inbound transportation");
        assert_eq!(split("FBA inbound transportation fees"), "fba fee inbound transportation");
        assert_eq!(split("other-transaction"), "other transaction");
    }

    #[test]
    fn a_new_name_is_like_the_known_ones_it_shares_its_telling_words_with() {
        assert_eq!(first("AmazonFees", "FBA Overflow Storage Fee", "Base fee"), "storage_fees");
        assert_eq!(first("Order", "ItemFees", "CommissionAdjustment"), "referral_fees");
        assert_eq!(first("ServiceFee", "Cost of Video Advertising", "Total"), "advertising");
        assert_eq!(first("Order", "ItemPrice", "RegionalTax"), "tax_collected");
        assert_eq!(first("Unheard", "Zyx", "Wvu"), "nothing");
        assert_eq!(first("Servicegebühr", "Werbekosten", "Gesamt"), "advertising");
    }

    /// A triple that the catalogue did not have would mostly be suggested the role that it has
    /// there.
    #[test]
    fn three_of_four_triples_left_out_are_suggested_their_own_role() {
        let right = KNOWN.entries.iter().filter(|known| {
            let others = KNOWN.entries.iter().filter(|other| !std::ptr::eq(*other, *known));
            let suggestions = suggest_from(&known.entry.triple, others);
            suggestions.iter().any(|suggestion| suggestion.role == known.entry.role)
        });
        let (right, all) = (right.count(), KNOWN.entries.len());
        assert!(right * 100 >= all * 75, "{right} of {all}");
    }
}
