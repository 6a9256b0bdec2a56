//! The identity of a journal.

use std::fmt;

use serde::{Deserialize, Serialize};
use settlement_model::{Currency, SettlementId};
use sha2::{Digest, Sha256};

/// The identity of a journal: the same settlement planned again has the same keys.
///
/// `connection/journal/settlement/period/part/revision`, for example
/// `acme-us/journal/81000000001/2026-05/1/r0`, and alike for the other kinds. It is unique in our store, and its
/// [token](Self::token) is written into the Epicor journal, so that one that may have been posted
/// can be searched for before it is sent again.
///
/// ```
/// use ledger_mapper::JournalKey;
/// use settlement_model::SettlementId;
///
/// let settlement = SettlementId::parse("81000000001")?;
/// let key = JournalKey::new("acme-us", &settlement, "2026-05", 1, 0);
/// assert_eq!(key.as_str(), "acme-us/journal/81000000001/2026-05/1/r0");
/// assert_eq!(key.token(), "MLNKBBWFEG22");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct JournalKey(String);

impl JournalKey {
    /// The key of one journal.
    ///
    /// * `connection`: the name of the pair of Amazon and Epicor sides that the journal belongs to;
    /// * `period`: the name of its fiscal period;
    /// * `part`: which of the settlement's periods it is, from 1;
    /// * `revision`: 0, or how many times the settlement was reversed and posted anew.
    #[must_use]
    pub fn new(
        connection: &str,
        settlement: &SettlementId,
        period: &str,
        part: usize,
        revision: u32,
    ) -> Self {
        let (connection, period) = (escape(connection), escape(period));
        Self(format!("{connection}/journal/{settlement}/{period}/{part}/r{revision}"))
    }

    /// The key of the journal that adjusts a settlement which Amazon issued again.
    ///
    /// * `period`: the name of the period that the adjustment is dated in;
    /// * `revision`: which adjustment of the settlement it is, from 1.
    #[must_use]
    pub fn adjustment(
        connection: &str,
        settlement: &SettlementId,
        period: &str,
        revision: u32,
    ) -> Self {
        let (connection, period) = (escape(connection), escape(period));
        Self(format!("{connection}/adjustment/{settlement}/{period}/r{revision}"))
    }

    /// The key of a month-end accrual: one for each currency and period.
    ///
    /// * `revision`: 0, or how many times the period's accrual was reversed and posted anew.
    #[must_use]
    pub fn accrual(connection: &str, currency: Currency, period: &str, revision: u32) -> Self {
        let (connection, period) = (escape(connection), escape(period));
        Self(format!("{connection}/accrual/{currency}/{period}/r{revision}"))
    }

    /// The key of the journal that reverses this one. A journal is reversed at most once.
    ///
    /// With [`reversed`](Self::reversed) the two journals are linked both ways by their keys.
    #[must_use]
    pub fn reversal(&self) -> Self {
        Self(format!("{self}{REVERSAL}"))
    }

    /// The key of the journal that this one reverses; `None` if it is not a reversal.
    #[must_use]
    pub fn reversed(&self) -> Option<Self> {
        reversed_in_key(&self.0).map(|original| Self(original.to_owned()))
    }

    /// The settlement behind the journal; `None` for an accrual.
    #[must_use]
    pub fn settlement(&self) -> Option<SettlementId> {
        let mut parts = self.0.split('/').skip(1);
        parts.next().filter(|kind| matches!(*kind, "journal" | "adjustment"))?;
        SettlementId::parse(parts.next()?).ok()
    }

    /// Whether the journal adjusts a settlement that Amazon issued again, or takes such a one back.
    #[must_use]
    pub fn is_adjustment(&self) -> bool {
        self.0.split('/').nth(1) == Some("adjustment")
    }

    /// How many times the journal was reversed and posted anew; for an adjustment, which one it is.
    #[must_use]
    pub fn revision(&self) -> u32 {
        let key = self.0.strip_suffix(REVERSAL).unwrap_or(&self.0);
        let revision = key.rsplit_once("/r").and_then(|(_, number)| number.parse().ok());
        revision.unwrap_or_default()
    }

    /// The key as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// A short form to write into Epicor and to search there: its [`token`].
    #[must_use]
    pub fn token(&self) -> String {
        token(&self.0)
    }
}

/// The short form of a key, to write into a document and to search there: `ML` and 10 characters of
/// Crockford's base 32, the first 50 bits of the key's SHA-256.
#[must_use]
pub fn token(key: &str) -> String {
    const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    let digest = Sha256::digest(key.as_bytes());
    let bits = digest.iter().take(8).fold(0_u64, |bits, byte| bits << 8 | u64::from(*byte));
    let characters = (0..10).map(|position| {
        let [low, ..] = (bits >> (59 - 5 * position)).to_le_bytes();
        char::from(ALPHABET[usize::from(low & 31)])
    });
    "ML".chars().chain(characters).collect()
}

/// The key of what a document reverses, from the text of its own: a journal's key, or that of the
/// invoice that was taken out of one. `None` if it is not a reversal.
#[must_use]
pub fn reversed_in_key(key: &str) -> Option<&str> {
    key.strip_suffix(REVERSAL)
}

/// The name of the fiscal period that the text of a document's key tells; see [`reversed_in_key`].
/// `None` for a reversal, which is dated in a period of its own.
///
/// ```
/// use ledger_mapper::period_in_key;
///
/// let period = period_in_key("acme-us/journal/81000000001/2026%2FP5/1/r0");
/// assert_eq!(period.as_deref(), Some("2026/P5"));
/// assert_eq!(period_in_key("acme-us/journal/81000000001/2026%2FP5/1/r0/reversal"), None);
/// ```
#[must_use]
pub fn period_in_key(key: &str) -> Option<String> {
    if reversed_in_key(key).is_some() {
        return None;
    }
    let name = key.split('/').nth(3)?;
    Some(name.replace("%2F", "/").replace("%25", "%"))
}

/// What the key of a reversing journal ends with. No other key does: the rest ends with a revision,
/// and names in it hold no separator.
const REVERSAL: &str = "/reversal";

/// Keeps keys unmistakable if a name holds the separator.
fn escape(name: &str) -> String {
    name.replace('%', "%25").replace('/', "%2F")
}

impl fmt::Display for JournalKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(connection: &str, period: &str, part: usize, revision: u32) -> JournalKey {
        let settlement = SettlementId::parse("81000000001").expect("digits");
        JournalKey::new(connection, &settlement, period, part, revision)
    }

    #[test]
    fn every_part_of_the_key_counts() {
        let keys = [
            key("a", "2026-05", 1, 0),
            key("b", "2026-05", 1, 0),
            key("a", "2026-06", 1, 0),
            key("a", "2026-05", 2, 0),
            key("a", "2026-05", 1, 1),
            key("a/journal", "05", 1, 0),
            key("a", "journal/05", 1, 0),
            key("a%2F", "05", 1, 0),
            key("a/", "05", 1, 0),
        ];
        for (i, one) in keys.iter().enumerate() {
            for other in &keys[i + 1..] {
                assert_ne!(one, other);
                assert_ne!(one.token(), other.token());
            }
        }
    }

    #[test]
    fn a_reversal_and_its_original_name_each_other() {
        let original = key("acme/reversal", "2026-05", 1, 2);
        let reversal = original.reversal();
        assert_eq!(reversal.reversed(), Some(original.clone()));
        assert_eq!(original.reversed(), None);
        assert_eq!((original.revision(), reversal.revision()), (2, 2));
    }

    #[test]
    fn a_key_tells_its_settlement_and_accruals_have_none() {
        let settlement = SettlementId::parse("81000000001").expect("digits");
        let dollars = Currency::parse("USD").expect("ISO 4217");
        let adjustment = JournalKey::adjustment("journal/81", &settlement, "2026-05", 1);
        let accrual = JournalKey::accrual("a", dollars, "2026-05", 3);
        assert_eq!(adjustment.as_str(), "journal%2F81/adjustment/81000000001/2026-05/r1");
        assert_eq!(accrual.as_str(), "a/accrual/USD/2026-05/r3");
        assert!(adjustment.is_adjustment() && !accrual.is_adjustment());
        assert_eq!(adjustment.settlement(), Some(settlement.clone()));
        assert_eq!(key("a", "2026-05", 1, 0).reversal().settlement(), Some(settlement));
        assert_eq!((accrual.settlement(), accrual.revision()), (None, 3));
        for key in [&adjustment, &accrual, &key("a/b", "2026-05", 2, 1)] {
            assert_eq!(period_in_key(key.as_str()).as_deref(), Some("2026-05"));
        }
        let odd = key("a", "50%2F/5%25", 1, 0);
        assert_eq!(period_in_key(odd.as_str()).as_deref(), Some("50%2F/5%25"));
    }

    #[test]
    fn a_token_is_twelve_characters_without_lookalikes() {
        let token = key("acme-us", "2026-05", 1, 0).token();
        assert_eq!(token.len(), 12);
        assert!(token.starts_with("ML"));
        assert!(token[2..].chars().all(|c| c.is_ascii_digit() || c.is_ascii_uppercase()));
        assert!(!token[2..].contains(['I', 'L', 'O', 'U']));
    }
}
