use std::fmt;

use serde_json::{Value, json};

use crate::dataset::Row;

/// Epicor's tables have so many segment columns.
const MAX_SEGMENTS: usize = 20;
/// The length of the `GLAccount` column.
const MAX_LENGTH: usize = 200;

/// A GL account: its segment values in the order of the chart of accounts.
///
/// [`Display`](fmt::Display) gives the wire form: segments joined by `|`, trailing empty ones
/// left off.
///
/// ```
/// use epicor_odata_client::gl_account::GlAccount;
///
/// let account = GlAccount::parse("4000-00-MS", '-')?;
/// assert_eq!(account.to_string(), "4000|00|MS");
/// assert_eq!(GlAccount::parse("4000|00|MS", '|')?, account);
/// # Ok::<(), epicor_odata_client::gl_account::InvalidGlAccount>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct GlAccount(Vec<String>);

/// A text that is no GL account.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} is no GL account: {reason}")]
pub struct InvalidGlAccount {
    /// The text.
    pub text: String,
    /// What is wrong with it.
    pub reason: &'static str,
}

impl GlAccount {
    /// Reads an account written with `separator` between its segments, `-` in most charts and
    /// `|` on the wire.
    ///
    /// # Errors
    /// [`InvalidGlAccount`] when there is no segment at all, more than 20, more than 200
    /// characters, or a sign no segment has.
    pub fn parse(text: &str, separator: char) -> Result<Self, InvalidGlAccount> {
        let invalid = |reason| Err(InvalidGlAccount { text: text.to_owned(), reason });
        let mut segments: Vec<String> =
            text.split(separator).map(|segment| segment.trim().to_owned()).collect();
        let filled = segments.iter().rposition(|segment| !segment.is_empty());
        segments.truncate(filled.map_or(0, |last| last + 1));
        if segments.first().is_none_or(String::is_empty) {
            return invalid("its first segment is empty");
        }
        if segments.len() > MAX_SEGMENTS {
            return invalid("it has more than 20 segments");
        }
        if segments.iter().any(|s| s.contains(|c: char| c == '|' || c.is_control())) {
            return invalid("a segment holds | or an invisible sign");
        }
        let account = Self(segments);
        if account.to_string().encode_utf16().count() > MAX_LENGTH {
            return invalid("it is longer than 200 characters");
        }
        Ok(account)
    }

    /// The segment values, without trailing empty ones.
    #[must_use]
    pub fn segments(&self) -> &[String] {
        &self.0
    }

    /// Writes the account into a row: `GLAccount`, and each `SegValue` the account or the row
    /// has. A value left from elsewhere would make the two disagree.
    pub(crate) fn write_to(&self, row: &mut Row) {
        row.set_text("GLAccount", &self.to_string());
        for number in 1..=MAX_SEGMENTS {
            let column = format!("SegValue{number}");
            match self.0.get(number - 1) {
                Some(segment) => row.set(&column, json!(segment)),
                None if row.has(&column) => row.set(&column, Value::String(String::new())),
                None => {}
            }
        }
    }
}

impl fmt::Display for GlAccount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join("|"))
    }
}
