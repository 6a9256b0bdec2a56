//! Amazon's words in other languages than English.

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::pattern::normalise;

/// A text of transaction-type, amount-type or description as it is compared: in English, without
/// case, spaces, `_` and `-`.
pub(crate) fn comparable(text: &str) -> String {
    let text = normalise(text);
    match ENGLISH.get(&text) {
        Some(english) => normalise(english),
        None => text,
    }
}

/// The English for a text, or the text itself.
pub(crate) fn english(text: &str) -> &str {
    ENGLISH.get(&normalise(text)).copied().unwrap_or(text)
}

/// The English of every text of `data/translations.csv`, as it is compared.
static ENGLISH: LazyLock<HashMap<String, &'static str>> = LazyLock::new(|| {
    let lines = include_str!("../data/translations.csv").lines().skip(1);
    let parsed = lines.map(|line| {
        let mut cells = line.split(',').skip(1);
        Some((normalise(cells.next()?), cells.next()?))
    });
    parsed.collect::<Option<_>>().expect("the crate's own translations")
});

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::catalogue;

    #[test]
    fn every_translation_is_of_a_word_that_the_catalogue_has() {
        let lines: Vec<Vec<&str>> = include_str!("../data/translations.csv")
            .lines()
            .skip(1)
            .map(|line| line.split(',').collect())
            .collect();
        assert_eq!(lines.len(), ENGLISH.len(), "no text is there twice");
        let known: Vec<String> = catalogue()
            .iter()
            .flat_map(|entry| {
                let triple = &entry.triple;
                [&triple.transaction_type, &triple.amount_type, &triple.amount_description]
            })
            .map(|text| normalise(text))
            .collect();
        for line in &lines {
            let [language, text, english, evidence] = line.as_slice() else {
                panic!("four cells: {line:?}");
            };
            assert_eq!(language.len(), 2, "{text}");
            assert!(known.contains(&normalise(english)), "{text} is {english}");
            assert!(!known.contains(&normalise(text)), "{text} is Amazon's own English");
            let explained = include_str!("../data/README.md");
            assert!(explained.contains(&format!("| `{evidence}` |")), "{evidence}");
        }
    }

    #[test]
    fn a_translated_text_is_its_english() {
        assert_eq!(comparable(" erstattung"), "refund");
        assert_eq!(comparable("広告費用"), "costofadvertising");
        assert_eq!(comparable("Erstattungen"), "erstattungen");
        assert_eq!((english("Commande"), english("Komisch")), ("Order", "Komisch"));
    }
}
