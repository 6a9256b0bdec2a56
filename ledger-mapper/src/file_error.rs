//! A mistake in a file that a person wrote.

use std::ops::Range;

use jiff::civil::Date;
use thiserror::Error;
use toml::Spanned;
use toml::value::Datetime;

mod wording;

/// What is wrong in a rules file.
pub type RulesError = FileError;

/// What is wrong in a calendar file.
pub type CalendarError = FileError;

/// A mistake in a file that a person wrote: where it is, what is wrong, and how to mend it.
///
/// Displayed as `rules.toml:12:5: what is wrong. How to mend it.`, which editors can jump to.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{file}:{line}:{column}: {message} {fix}")]
#[non_exhaustive]
pub struct FileError {
    /// The file's name as the caller gave it.
    pub file: String,
    /// The line, from 1.
    pub line: u32,
    /// The column in characters, from 1.
    pub column: u32,
    /// What is wrong, as a sentence.
    pub message: String,
    /// What to do about it, as a sentence.
    pub fix: String,
}

/// A text file being parsed, to say where in it something is wrong.
#[derive(Clone, Copy)]
pub(crate) struct File<'a> {
    pub(crate) name: &'a str,
    pub(crate) text: &'a str,
}

impl File<'_> {
    /// Parses the text as TOML of a given shape.
    pub(crate) fn parse<T: serde::de::DeserializeOwned>(self) -> Result<T, FileError> {
        toml::from_str(self.text).map_err(|error| {
            let span = error.span().unwrap_or_default();
            let (message, fix) = wording::reworded(error.message(), self.text, &span);
            self.error(&span, message, fix)
        })
    }

    /// An error about the bytes in `span`.
    pub(crate) fn error(
        self,
        span: &Range<usize>,
        message: impl Into<String>,
        fix: impl Into<String>,
    ) -> FileError {
        let (line, column) = self.position(span.start);
        FileError {
            file: self.name.to_owned(),
            line,
            column,
            message: message.into(),
            fix: fix.into(),
        }
    }

    /// The day that a TOML date says.
    pub(crate) fn day(self, cell: &Spanned<Datetime>) -> Result<Date, FileError> {
        let written = cell.get_ref();
        let date = written.date.filter(|_| written.time.is_none());
        date.and_then(|date| {
            let number = |n: u8| i8::try_from(n).ok();
            Date::new(i16::try_from(date.year).ok()?, number(date.month)?, number(date.day)?).ok()
        })
        .ok_or_else(|| {
            let message = format!("{written} is not a day.");
            self.error(&cell.span(), message, "Write it like 2026-10-31, without a time.")
        })
    }

    /// The line of a byte, from 1.
    pub(crate) fn line(self, offset: usize) -> u32 {
        self.position(offset).0
    }

    fn position(self, offset: usize) -> (u32, u32) {
        let before = self.text.get(..offset).unwrap_or(self.text);
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        let line = before.bytes().filter(|byte| *byte == b'\n').count();
        let column = before[line_start..].chars().count();
        let from_one = |n: usize| u32::try_from(n + 1).unwrap_or(u32::MAX);
        (from_one(line), from_one(column))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_count_lines_and_characters_from_one() {
        let file = File { name: "f", text: "a\näö = x\n" };
        assert_eq!(file.position(0), (1, 1));
        assert_eq!(file.position(2), (2, 1));
        assert_eq!(file.position(6), (2, 3));
        assert_eq!(file.position(99), (3, 1));
    }
}
