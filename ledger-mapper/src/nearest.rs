//! "Did you mean …?"

/// The candidate that a misspelt word most likely stands for, if any is close.
pub(crate) fn nearest<'a>(
    word: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let at_most = word.chars().count().div_ceil(3);
    candidates
        .into_iter()
        .map(|candidate| (edits(word, candidate), candidate))
        .filter(|(distance, _)| *distance <= at_most)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// Letters to insert, delete or replace to make one word the other (Levenshtein distance).
fn edits(from: &str, to: &str) -> usize {
    let to: Vec<char> = to.chars().collect();
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (i, letter) in from.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, other) in to.iter().enumerate() {
            let replaced = diagonal + usize::from(letter != *other);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[to.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distance_counts_single_letters() {
        assert_eq!(edits("", "abc"), 3);
        assert_eq!(edits("referal_fee", "referral_fees"), 2);
        assert_eq!(edits("kitten", "sitting"), 3);
    }

    #[test]
    fn only_a_close_word_is_offered() {
        let names = ["referral_fees", "storage_fees", "loan"];
        assert_eq!(nearest("referal_fee", names), Some("referral_fees"));
        assert_eq!(nearest("depreciation", names), None);
    }
}
