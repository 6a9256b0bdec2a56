use std::fmt;

use super::Literal;
use super::query::InvalidQuery;

/// A `$filter` condition, built from parts so that a value can never become syntax.
///
/// Column names are checked when the filter is written out ([`Filter::to_text`]), which keeps
/// the building of conditions free of error handling.
///
/// ```
/// use epicor_odata_client::odata::Filter;
///
/// let filter = Filter::eq("BookID", "MAIN").and(
///     Filter::eq("GLAccount1", "4000|00").or(Filter::startswith("GLAccount1", "41")),
/// );
/// assert_eq!(
///     filter.to_text()?,
///     "BookID eq 'MAIN' and (GLAccount1 eq '4000|00' or startswith(GLAccount1,'41'))",
/// );
/// # Ok::<(), epicor_odata_client::odata::InvalidQuery>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filter(pub(super) Condition);

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Condition {
    Compare {
        column: String,
        operator: &'static str,
        value: Literal,
    },
    Call {
        function: &'static str,
        column: String,
        value: Literal,
    },
    /// `tolower(column)` against a text in lower case.
    IgnoringCase {
        column: String,
        lower: Literal,
    },
    /// Joined by one connective; nested lists of the other connective stand in parentheses.
    Joined {
        connective: Connective,
        parts: Vec<Self>,
    },
    Not(Box<Self>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Connective {
    And,
    Or,
}

impl Filter {
    /// The column equals the value.
    pub fn eq(column: &str, value: impl Into<Literal>) -> Self {
        Self::compare(column, "eq", value.into())
    }

    /// The column differs from the value.
    pub fn ne(column: &str, value: impl Into<Literal>) -> Self {
        Self::compare(column, "ne", value.into())
    }

    /// The column is greater than the value.
    pub fn gt(column: &str, value: impl Into<Literal>) -> Self {
        Self::compare(column, "gt", value.into())
    }

    /// The column is greater than the value, or equal.
    pub fn ge(column: &str, value: impl Into<Literal>) -> Self {
        Self::compare(column, "ge", value.into())
    }

    /// The column is less than the value.
    pub fn lt(column: &str, value: impl Into<Literal>) -> Self {
        Self::compare(column, "lt", value.into())
    }

    /// The column is less than the value, or equal.
    pub fn le(column: &str, value: impl Into<Literal>) -> Self {
        Self::compare(column, "le", value.into())
    }

    /// The text column begins with `prefix`.
    #[must_use]
    pub fn startswith(column: &str, prefix: &str) -> Self {
        Self::call("startswith", column, prefix)
    }

    /// The text column ends with `suffix`.
    #[must_use]
    pub fn endswith(column: &str, suffix: &str) -> Self {
        Self::call("endswith", column, suffix)
    }

    /// The text column contains `part`.
    #[must_use]
    pub fn contains(column: &str, part: &str) -> Self {
        Self::call("contains", column, part)
    }

    /// The text column equals `text` in any mixture of upper and lower case. Epicor's database
    /// mostly compares like that anyway, but not everywhere.
    #[must_use]
    pub fn eq_ignoring_case(column: &str, text: &str) -> Self {
        let lower = text.to_lowercase().into();
        Self(Condition::IgnoringCase { column: column.to_owned(), lower })
    }

    /// The column is empty: a date column without a date.
    #[must_use]
    pub fn is_null(column: &str) -> Self {
        Self::eq(column, Literal::Null)
    }

    /// The column is not empty.
    #[must_use]
    pub fn is_not_null(column: &str) -> Self {
        Self::ne(column, Literal::Null)
    }

    /// Any of `filters`; `None` when there are none. Epicor is not known to take OData's `in`.
    pub fn any_of(filters: impl IntoIterator<Item = Self>) -> Option<Self> {
        filters.into_iter().reduce(Self::or)
    }

    /// This and the other.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        self.join(Connective::And, other)
    }

    /// This or the other.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        self.join(Connective::Or, other)
    }

    /// The opposite.
    #[must_use]
    pub fn negated(self) -> Self {
        Self(Condition::Not(Box::new(self.0)))
    }

    /// The text of the condition, not yet percent-encoded.
    ///
    /// # Errors
    /// [`InvalidQuery::Column`] when a column's name is anything but letters, digits and `_`.
    pub fn to_text(&self) -> Result<String, InvalidQuery> {
        self.0.check()?;
        Ok(self.0.to_string())
    }

    fn compare(column: &str, operator: &'static str, value: Literal) -> Self {
        Self(Condition::Compare { column: column.to_owned(), operator, value })
    }

    fn call(function: &'static str, column: &str, value: &str) -> Self {
        Self(Condition::Call { function, column: column.to_owned(), value: value.into() })
    }

    /// Flattens lists of the same connective, so that a chain of any length stays shallow.
    fn join(self, connective: Connective, other: Self) -> Self {
        let mut parts = match self.0 {
            Condition::Joined { connective: same, parts } if same == connective => parts,
            single => vec![single],
        };
        match other.0 {
            Condition::Joined { connective: same, parts: more } if same == connective => {
                parts.extend(more);
            }
            single => parts.push(single),
        }
        Self(Condition::Joined { connective, parts })
    }
}

impl Condition {
    pub(super) fn check(&self) -> Result<(), InvalidQuery> {
        match self {
            Self::Compare { column, .. }
            | Self::Call { column, .. }
            | Self::IgnoringCase { column, .. } => super::query::check_column(column),
            Self::Joined { parts, .. } => parts.iter().try_for_each(Self::check),
            Self::Not(inner) => inner.check(),
        }
    }
}

impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Compare { column, operator, value } => write!(f, "{column} {operator} {value}"),
            Self::Call { function, column, value } => write!(f, "{function}({column},{value})"),
            Self::IgnoringCase { column, lower } => write!(f, "tolower({column}) eq {lower}"),
            Self::Not(inner) => write!(f, "not ({inner})"),
            Self::Joined { connective, parts } => {
                for (index, part) in parts.iter().enumerate() {
                    if index > 0 {
                        f.write_str(match connective {
                            Connective::And => " and ",
                            Connective::Or => " or ",
                        })?;
                    }
                    match part {
                        Self::Joined { .. } => write!(f, "({part})")?,
                        _ => write!(f, "{part}")?,
                    }
                }
                Ok(())
            }
        }
    }
}
