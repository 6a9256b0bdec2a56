#![doc = include_str!("../README.md")]

mod amount;
mod bai2;
mod camt;
mod csv_file;
mod date;
mod defect;
mod ofx;
mod side;
mod statement;

use std::borrow::Cow;

pub use csv_file::CsvColumns;
pub use date::DayFirst;
pub use defect::Unreadable;
pub use settlement_model::{Currency, Money};
pub use statement::{Form, Line, Proof, Statement};

/// What the file itself may not say.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// The account's currency, for files that do not state one (most CSV files, some BAI2 files).
    pub currency: Option<Currency>,
    /// The columns of a CSV file, when its headings are not understood.
    pub columns: Option<CsvColumns>,
    /// Whether `03/04/2026` is in April, when no date of a CSV file proves it.
    pub day_first: Option<DayFirst>,
}

/// Reads a bank statement of any supported form; the form is told from the content.
///
/// All of it is read, or none: a line that cannot be understood refuses the file, and so do totals
/// that the file states and its lines do not reach.
///
/// # Errors
/// [`Unreadable`], with the line and what to do.
pub fn read(bytes: &[u8], options: &Options) -> Result<Vec<Statement>, Unreadable> {
    let text = decoded(bytes);
    let start = text.trim_start();
    let mut statements = if start.starts_with("OFXHEADER") || starts_with_element(start, "OFX") {
        ofx::read(&text)?
    } else if start.starts_with('<') {
        camt::read(&text)?
    } else if start.starts_with("01,") {
        bai2::read(&text, options)?
    } else {
        vec![csv_file::read(&text, options)?]
    };
    for statement in &statements {
        statement.check()?;
    }
    statement::name_lines(&mut statements);
    Ok(statements)
}

/// UTF-8 when it is; else the Windows code page that banks of the West write.
fn decoded(bytes: &[u8]) -> Cow<'_, str> {
    if let Some((encoding, mark)) = encoding_rs::Encoding::for_bom(bytes) {
        let rest = bytes.get(mark..).unwrap_or_default();
        return encoding.decode_without_bom_handling(rest).0;
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => encoding_rs::WINDOWS_1252.decode_without_bom_handling(bytes).0,
    }
}

/// Whether the first element of an XML text has this name.
fn starts_with_element(text: &str, name: &str) -> bool {
    let mut rest = text;
    while let Some(inside) = rest.strip_prefix("<?").or_else(|| rest.strip_prefix("<!")) {
        match inside.split_once('>') {
            Some((_, after)) => rest = after.trim_start(),
            None => return false,
        }
    }
    let element = rest.strip_prefix('<').unwrap_or_default();
    element.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name))
        && !element.get(name.len()..).unwrap_or_default().starts_with(char::is_alphanumeric)
}

#[cfg(test)]
mod tests;
