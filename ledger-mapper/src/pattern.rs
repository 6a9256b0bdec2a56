//! Comparing texts: Amazon's words, which it spells in several ways, and SKUs.

/// The text as it is compared: without case, spaces, `_` and `-`.
///
/// Amazon writes `DigitalServicesFee` and `Digital Services Fee` for one fee in the same report.
pub(crate) fn normalise(text: &str) -> String {
    text.chars()
        .filter(|c| !c.is_whitespace() && !matches!(c, '_' | '-'))
        .flat_map(char::to_lowercase)
        .collect()
}

/// A text to compare with, in which each `*` stands for any text, or none.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Pattern {
    /// What stands before the first `*`; without one, everything.
    start: String,
    /// What stands behind each `*`.
    rest: Vec<String>,
}

impl Pattern {
    /// A pattern for texts that [`normalise`] has been applied to.
    pub(crate) fn new(text: &str) -> Self {
        Self::of(text, normalise)
    }

    /// A pattern for texts that the caller makes comparable with `comparable`, as each piece of
    /// this one is.
    pub(crate) fn of(text: &str, comparable: impl Fn(&str) -> String) -> Self {
        let mut pieces = text.split('*').map(comparable);
        Self { start: pieces.next().unwrap_or_default(), rest: pieces.collect() }
    }

    /// Whether it matches a text that has been made comparable.
    pub(crate) fn matches(&self, text: &str) -> bool {
        let Some((end, middle)) = self.rest.split_last() else {
            return text == self.start;
        };
        let Some(mut text) = text.strip_prefix(self.start.as_str()) else {
            return false;
        };
        // The first place where a piece fits leaves the most room for the next ones.
        for piece in middle {
            let Some(place) = text.find(piece.as_str()) else {
                return false;
            };
            text = &text[place + piece.len()..];
        }
        text.ends_with(end.as_str())
    }

    /// Whether it says nothing: empty, or `*` alone.
    pub(crate) fn is_blank(&self) -> bool {
        self.start.is_empty() && self.rest.iter().all(String::is_empty)
    }

    /// How much it says: any exact text more than a `*`, more letters beside `*` than fewer.
    pub(crate) fn specificity(&self) -> (u8, usize) {
        if self.rest.is_empty() {
            return (2, 0);
        }
        (1, self.start.len() + self.rest.iter().map(String::len).sum::<usize>())
    }

    /// Whether it matches every text that `other` matches.
    pub(crate) fn covers(&self, other: &Self) -> bool {
        // No comparable text has this character, so only a `*` can match it.
        let stars = other.rest.iter().map(|piece| format!("\0{piece}"));
        self.matches(&std::iter::once(other.start.clone()).chain(stars).collect::<String>())
    }

    /// Whether some text matches both.
    pub(crate) fn overlaps(&self, other: &Self) -> bool {
        let (one, two) = (self.tokens(), other.tokens());
        // Row by row from the ends: whether the tails behind i of one and j of two overlap.
        let mut below: Vec<bool> = Vec::new();
        for i in (0..=one.len()).rev() {
            let mut row = vec![false; two.len() + 1];
            for j in (0..=two.len()).rev() {
                let down = |j: usize| below.get(j).copied().unwrap_or(false);
                let right = row.get(j + 1).copied().unwrap_or(false);
                row[j] = match (one.get(i).copied(), two.get(j).copied()) {
                    (None, None) => true,
                    (Some(None), _) => down(j) || right,
                    (_, Some(None)) => right || down(j),
                    (Some(Some(a)), Some(Some(b))) => a == b && down(j + 1),
                    _ => false,
                };
            }
            below = row;
        }
        below.first().copied().unwrap_or(false)
    }

    /// Its characters; `None` is a `*`.
    fn tokens(&self) -> Vec<Option<char>> {
        let rest = self.rest.iter().flat_map(|piece| std::iter::once(None).chain(some(piece)));
        some(&self.start).chain(rest).collect()
    }
}

fn some(text: &str) -> impl Iterator<Item = Option<char>> {
    text.chars().map(Some)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn spelling_variants_are_one_text() {
        let fee = Pattern::new("DigitalServicesFee");
        for spelling in ["Digital Services Fee", "digital_services-FEE", "DIGITALSERVICESFEE"] {
            assert!(fee.matches(&normalise(spelling)), "{spelling}");
        }
        assert!(!fee.matches(&normalise("Digital Services Fees")));
    }

    #[test]
    fn a_star_stands_for_any_text_where_it_is() {
        let transfer = Pattern::new("Transfer of funds unsuccessful:*");
        assert!(transfer.matches(&normalise("Transfer of funds unsuccessful: account closed")));
        assert!(!transfer.matches(&normalise("A transfer of funds unsuccessful: x")));
        assert!(Pattern::new("*").matches(""));
        for (pattern, text, fits) in [
            ("a*b", "ab", true),
            ("a*b", "acb", true),
            ("a*b", "abc", false),
            ("ab*bc", "abc", false),
            ("*b*", "abc", true),
            ("*ab*ab", "abab", true),
            ("*ab*ab", "ab", false),
        ] {
            assert_eq!(Pattern::new(pattern).matches(text), fits, "{pattern} {text}");
        }
    }

    #[test]
    fn of_two_patterns_it_is_known_whether_they_meet_and_which_is_the_wider() {
        let pair = |one: &str, two: &str| {
            let (one, two) = (Pattern::new(one), Pattern::new(two));
            (one.overlaps(&two), one.covers(&two), two.covers(&one))
        };
        assert_eq!(pair("toy*", "*red"), (true, false, false));
        assert_eq!(pair("toy*", "toys*"), (true, true, false));
        assert_eq!(pair("toy*", "car*"), (false, false, false));
        assert_eq!(pair("toy", "toy"), (true, true, true));
        assert_eq!(pair("*", "a*b"), (true, true, false));
    }

    proptest! {
        #[test]
        fn overlap_and_cover_agree_with_matching(
            one in "[ab*]{0,5}", two in "[ab*]{0,5}", texts in proptest::collection::vec("[ab]{0,6}", 20),
        ) {
            let (one, two) = (Pattern::new(&one), Pattern::new(&two));
            prop_assert_eq!(one.overlaps(&two), two.overlaps(&one));
            prop_assert!(!one.covers(&two) || one.overlaps(&two));
            for text in &texts {
                let (by_one, by_two) = (one.matches(text), two.matches(text));
                prop_assert!(!(by_one && by_two) || one.overlaps(&two), "{}", text);
                prop_assert!(!(by_two && one.covers(&two)) || by_one, "{}", text);
            }
        }
    }
}
