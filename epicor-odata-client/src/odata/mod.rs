//! OData version 4 as Epicor Kinetic speaks it: literals, filters, queries, keys and pages.
//!
//! Nothing here touches the network, so everything is usable, and tested, by itself.
//!
//! ```
//! use epicor_odata_client::odata::{Filter, Query};
//! use jiff::civil::date;
//!
//! let query = Query::new()
//!     .filter(Filter::eq("GroupID", "O'NEIL").and(Filter::ge("JEDate", date(2026, 5, 31))))
//!     .select(["JournalNum", "GroupID"])
//!     .top(100);
//! assert_eq!(
//!     query.encode()?,
//!     "$filter=GroupID%20eq%20%27O%27%27NEIL%27%20and%20JEDate%20ge%202026-05-31T00:00:00Z\
//!      &$select=JournalNum,GroupID&$top=100",
//! );
//! # Ok::<(), epicor_odata_client::odata::InvalidQuery>(())
//! ```

mod filter;
mod key;
mod literal;
mod paging;
mod query;
mod table_key;
#[cfg(test)]
mod tests;
mod where_clause;

pub use filter::Filter;
pub use key::EntityKey;
pub use literal::{Guid, Literal};
pub use paging::{BrokenPaging, MAX_PAGES, Page, PageRequest, Pager};
pub use query::{InvalidQuery, MAX_QUERY_LENGTH, Query};
pub use table_key::TableKey;

/// A name that may stand in a path as it is: a service, a set, a method.
pub(crate) fn check_name(name: &str) -> Result<(), InvalidQuery> {
    let part = |part: &str| !part.is_empty() && query::check_column(part).is_ok();
    if name.split('.').all(part) { Ok(()) } else { Err(InvalidQuery::Name(name.to_owned())) }
}

/// A name the customer chose, as one segment of a path.
pub(crate) fn name_segment(name: &str) -> Result<String, InvalidQuery> {
    // Dots alone would lead to another path.
    let only_dots = name.bytes().all(|byte| byte == b'.');
    if only_dots { Err(InvalidQuery::Name(name.to_owned())) } else { Ok(percent_encode(name)) }
}

/// Percent-encodes `text` for a query or a path segment: a space is `%20`, never `+`.
///
/// Only characters that are harmless in both places stay as they are. The quote is encoded too,
/// so that the address reads the same whichever URL parser it passes through.
pub(crate) fn percent_encode(text: &str) -> String {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    let mut encoded = String::with_capacity(text.len() + text.len() / 4);
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' => encoded.push(char::from(byte)),
            b'-' | b'.' | b'_' | b'~' | b'(' | b')' | b',' | b':' => encoded.push(char::from(byte)),
            _ => {
                encoded.push('%');
                for nibble in [byte >> 4, byte & 0x0F] {
                    encoded.push(char::from(HEX[usize::from(nibble)]));
                }
            }
        }
    }
    encoded
}
