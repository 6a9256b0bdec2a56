//! The cells of one record.

use std::ops::Range;

use crate::block::each_place;
use crate::records::Delimiter;

/// Where the cells of the record at hand stand. Reused from record to record, so that splitting
/// one allocates nothing.
#[derive(Debug, Default)]
pub(crate) struct Cells {
    spans: Vec<Range<usize>>,
    /// The record's text without quoting, when there was any; the spans then point into it.
    unquoted: Option<String>,
}

/// A quoted cell is followed by something other than a delimiter.
#[derive(Debug)]
pub(crate) struct BadQuoting;

impl Cells {
    /// Finds the cells of a record.
    pub(crate) fn split(&mut self, record: &str, delimiter: Delimiter) -> Result<(), BadQuoting> {
        self.spans.clear();
        self.unquoted = None;
        let separator = match delimiter {
            Delimiter::Tab => b'\t',
            Delimiter::Quoted(separator) => {
                if record.contains('"') {
                    return self.split_quoted(record, char::from(separator));
                }
                separator
            }
        };
        let mut start = 0;
        each_place(separator, record.as_bytes(), |end| {
            self.spans.push(start..end);
            start = end + 1;
        });
        self.spans.push(start..record.len());
        Ok(())
    }

    /// Splits a record by RFC 4180. A quote inside an unquoted cell is data.
    fn split_quoted(&mut self, record: &str, separator: char) -> Result<(), BadQuoting> {
        let mut plain = String::with_capacity(record.len());
        let mut rest = record;
        loop {
            let start = plain.len();
            let cell_end;
            if let Some(inside) = rest.strip_prefix('"') {
                rest = push_quoted(inside, &mut plain)?;
                cell_end = (!rest.is_empty()).then_some(0);
                if !(rest.is_empty() || rest.starts_with(separator)) {
                    return Err(BadQuoting);
                }
            } else {
                cell_end = rest.find(separator);
                plain.push_str(&rest[..cell_end.unwrap_or(rest.len())]);
            }
            self.spans.push(start..plain.len());
            match cell_end {
                Some(end) => rest = &rest[end + separator.len_utf8()..],
                None => break,
            }
        }
        self.unquoted = Some(plain);
        Ok(())
    }

    /// The text the spans point into.
    pub(crate) fn text<'a>(&'a self, record: &'a str) -> &'a str {
        self.unquoted.as_deref().unwrap_or(record)
    }

    pub(crate) fn iter<'a>(&'a self, record: &'a str) -> impl Iterator<Item = &'a str> {
        let text = self.text(record);
        self.spans.iter().map(|span| &text[span.clone()])
    }

    pub(crate) fn spans(&self) -> &[Range<usize>] {
        &self.spans
    }
}

/// Appends a quoted cell, from behind its opening quote, and returns what follows its closing one.
fn push_quoted<'t>(mut inside: &'t str, plain: &mut String) -> Result<&'t str, BadQuoting> {
    loop {
        let (text, after) = inside.split_once('"').ok_or(BadQuoting)?;
        plain.push_str(text);
        let Some(doubled) = after.strip_prefix('"') else {
            return Ok(after);
        };
        plain.push('"');
        inside = doubled;
    }
}

#[cfg(test)]
mod tests;
