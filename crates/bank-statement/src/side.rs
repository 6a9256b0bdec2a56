//! Debit or credit, in the letters and words of banks.

/// Which way the money went, seen from the account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Side {
    /// The account paid.
    Debit,
    /// The account received.
    Credit,
}

impl Side {
    /// The letters that stand beside an amount; `S` is Soll, `H` is Haben.
    pub(crate) fn of_mark(letters: &str) -> Option<Self> {
        match letters.to_ascii_uppercase().as_str() {
            "DR" | "D" | "S" => Some(Self::Debit),
            "CR" | "C" | "H" => Some(Self::Credit),
            _ => None,
        }
    }

    /// A whole word, as a column of its own says it.
    pub(crate) fn of_word(word: &str) -> Option<Self> {
        match word.trim().to_lowercase().as_str() {
            "debit" | "dbit" | "db" | "dr" | "débit" | "debet" | "soll" | "withdrawal" | "af"
            | "-" => Some(Self::Debit),
            "credit" | "crdt" | "cr" | "crédit" | "haben" | "deposit" | "bij" | "+" => {
                Some(Self::Credit)
            }
            _ => None,
        }
    }

    /// A cell of a column that says nothing else.
    pub(crate) fn of_cell(cell: &str) -> Option<Self> {
        Self::of_word(cell).or_else(|| Self::of_mark(cell.trim().trim_end_matches('.')))
    }
}
