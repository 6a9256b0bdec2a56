//! Column lengths: a value that does not fit is refused here, never cut.

use crate::error::Error;

/// The product's length of every `GroupID`.
pub(crate) const GROUP_ID: usize = 9;
/// `InvoiceNum` of an AP invoice.
pub(crate) const AP_INVOICE_NUM: usize = 50;
/// `PONum` of a sales order.
pub(crate) const PO_NUM: usize = 50;
/// `PartNum` and `XPartNum`.
pub(crate) const PART_NUM: usize = 50;
/// `CustID`.
pub(crate) const CUST_ID: usize = 10;

/// Refuses a text that is longer than its column, whose length counts UTF-16 units.
pub(crate) fn fits(parameter: &'static str, text: &str, length: usize) -> Result<(), Error> {
    let units = text.encode_utf16().count();
    if units <= length {
        return Ok(());
    }
    let reason = format!("it is {units} characters long, and its column takes {length}");
    Err(Error::InvalidParameter { parameter, reason })
}

/// Refuses an empty text, and one that is longer than its column.
pub(crate) fn filled(parameter: &'static str, text: &str, length: usize) -> Result<(), Error> {
    if text.trim().is_empty() {
        return Err(Error::InvalidParameter { parameter, reason: "it is empty".to_owned() });
    }
    fits(parameter, text, length)
}

/// The first word of a text: the key a document is found by, when it stands in a description.
pub(crate) fn first_word(text: &str) -> &str {
    text.split_whitespace().next().unwrap_or_default()
}
