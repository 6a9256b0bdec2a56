//! Comparing Amazon's words, which it spells in several ways.

/// The text as it is compared: without case, spaces, `_` and `-`.
///
/// Amazon writes `DigitalServicesFee` and `Digital Services Fee` for one fee in the same report.
pub(crate) fn normalise(text: &str) -> String {
    text.chars()
        .filter(|c| !c.is_whitespace() && !matches!(c, '_' | '-'))
        .flat_map(char::to_lowercase)
        .collect()
}

/// A text to compare with, or with a trailing `*` the beginning of one.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Pattern {
    // The order of the variants is the order of specificity, see `rules::Condition`.
    Prefix(String),
    Exact(String),
}

impl Pattern {
    pub(crate) fn new(text: &str) -> Self {
        match text.strip_suffix('*') {
            Some(start) => Self::Prefix(normalise(start)),
            None => Self::Exact(normalise(text)),
        }
    }

    /// Whether it matches a text that [`normalise`] has been applied to.
    pub(crate) fn matches(&self, normalised: &str) -> bool {
        match self {
            Self::Prefix(start) => normalised.starts_with(start.as_str()),
            Self::Exact(text) => normalised == text,
        }
    }

    /// Whether it says nothing: empty, or a `*` alone.
    pub(crate) fn is_blank(&self) -> bool {
        let (Self::Prefix(text) | Self::Exact(text)) = self;
        text.is_empty()
    }

    /// How much it says: any exact text more than a prefix, a longer prefix more than a shorter.
    pub(crate) fn specificity(&self) -> (u8, usize) {
        match self {
            Self::Prefix(start) => (1, start.len()),
            Self::Exact(_) => (2, 0),
        }
    }
}

#[cfg(test)]
mod tests {
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
    fn a_star_matches_any_ending_and_only_an_ending() {
        let transfer = Pattern::new("Transfer of funds unsuccessful:*");
        assert!(transfer.matches(&normalise("Transfer of funds unsuccessful: account closed")));
        assert!(!transfer.matches(&normalise("A transfer of funds unsuccessful: x")));
        assert!(Pattern::new("*").matches(""));
    }
}
