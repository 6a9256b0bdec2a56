use std::fmt;

use jiff::civil::{Date, DateTime};
use rust_decimal::Decimal;

/// A value as it stands in a `$filter` or in an entity's key.
///
/// [`Display`](fmt::Display) writes the OData 4 form, not yet percent-encoded. The forms of
/// OData 3 (`datetime'…'`, `guid'…'`) are wrong in Epicor's REST v2.
///
/// ```
/// use epicor_odata_client::odata::Literal;
/// use jiff::civil::date;
///
/// assert_eq!(Literal::from("it's").to_string(), "'it''s'");
/// assert_eq!(Literal::from(1001_i64).to_string(), "1001");
/// assert_eq!(Literal::from(date(2026, 5, 31)).to_string(), "2026-05-31T00:00:00Z");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Literal {
    /// A text, quoted, with each quote inside doubled.
    Text(String),
    /// An exact number, written without exponent.
    Decimal(Decimal),
    /// A whole number: journal numbers, years, `SysRevID`.
    Integer(i64),
    /// `true` or `false`.
    Boolean(bool),
    /// A calendar day at zero o'clock. Epicor's date columns have no time of their own.
    Date(Date),
    /// A day and a time of it, as the column holds it: Epicor's times are local to the server or
    /// the company, and no time zone is applied to them.
    DateTime(DateTime),
    /// A row's identity, written bare.
    Guid(Guid),
    /// No value: date columns have none when they are empty.
    Null,
}

impl fmt::Display for Literal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => write!(f, "'{}'", text.replace('\'', "''")),
            Self::Decimal(number) => write!(f, "{number}"),
            Self::Integer(number) => write!(f, "{number}"),
            Self::Boolean(flag) => write!(f, "{flag}"),
            Self::Date(day) => write!(f, "{day}T00:00:00Z"),
            Self::DateTime(time) => write!(f, "{time}Z"),
            Self::Guid(guid) => write!(f, "{guid}"),
            Self::Null => f.write_str("null"),
        }
    }
}

impl From<&str> for Literal {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Literal {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<Decimal> for Literal {
    fn from(number: Decimal) -> Self {
        Self::Decimal(number)
    }
}

impl From<i64> for Literal {
    fn from(number: i64) -> Self {
        Self::Integer(number)
    }
}

impl From<bool> for Literal {
    fn from(flag: bool) -> Self {
        Self::Boolean(flag)
    }
}

impl From<Date> for Literal {
    fn from(day: Date) -> Self {
        Self::Date(day)
    }
}

impl From<DateTime> for Literal {
    fn from(time: DateTime) -> Self {
        Self::DateTime(time)
    }
}

impl From<i32> for Literal {
    fn from(number: i32) -> Self {
        Self::Integer(number.into())
    }
}

impl From<u32> for Literal {
    fn from(number: u32) -> Self {
        Self::Integer(number.into())
    }
}

impl From<Guid> for Literal {
    fn from(guid: Guid) -> Self {
        Self::Guid(guid)
    }
}

/// A GUID in its usual text form, kept in lower case: `SysRowID`, a licence pool, a session.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Guid(String);

impl Guid {
    /// The GUID of zeros: "no identity yet".
    pub(crate) const NIL: &'static str = "00000000-0000-0000-0000-000000000000";

    /// The licence pool of the *Web Service* licence, for
    /// [`ClientBuilder::license`](crate::ClientBuilder::license).
    #[must_use]
    pub fn web_service_license() -> Self {
        Self("00000003-9439-4b30-a6f4-6d2fd4b9fd0f".to_owned())
    }

    /// Reads the form `8-4-4-4-12` of hexadecimal digits; `None` for anything else.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let groups = text.split('-').map(str::len);
        let well_formed = groups.eq([8, 4, 4, 4, 12])
            && text.bytes().all(|byte| byte == b'-' || byte.is_ascii_hexdigit());
        well_formed.then(|| Self(text.to_ascii_lowercase()))
    }
}

impl fmt::Display for Guid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
