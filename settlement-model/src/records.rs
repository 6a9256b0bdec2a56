//! From text to records and cells: lines, delimiters and quoting, with the line numbers an editor
//! would show.

use std::io::Read;
use std::ops::Range;

use crate::buffer::{self, Buffer};
use crate::defect::{Defect, Reason};
use crate::document::{Limits, ReadOptions};
use crate::source::{Failure, Inflated, Text};

/// Unread text kept in memory: little enough to stay in a processor's own cache.
const BUFFERED_BYTES: usize = 64 * 1024;

/// So little unread text may be less than a row.
const SCARCE_BYTES: usize = 1024;

/// How far [`Records::ahead`] looks.
const AHEAD_BYTES: usize = 256 * 1024;

/// How much of a document [`Records::opening`] shows.
const OPENING_BYTES: usize = 4096;

/// What separates the cells of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Delimiter {
    /// As Amazon writes it. Nothing is quoted: a `"` is a character like any other.
    Tab,
    /// As spreadsheets save it, with cells quoted as in RFC 4180.
    Quoted(u8),
}

impl Delimiter {
    pub(crate) fn character(self) -> char {
        match self {
            Self::Tab => '\t',
            Self::Quoted(separator) => char::from(separator),
        }
    }
}

/// Where a record stands in the text of [`Records`].
#[derive(Debug, Clone)]
pub(crate) struct Record {
    /// Its bytes, without the line end.
    pub(crate) text: Range<usize>,
    /// Its first line.
    pub(crate) line: u64,
}

/// The records of a document, one after the other.
pub(crate) struct Records<R> {
    source: Text<R>,
    /// What was read; the next record starts it.
    text: Buffer,
    /// The line that record starts on.
    line: u64,
    ended: bool,
    failure: Option<Failure>,
    limits: Limits,
}

impl<R> Records<R> {
    pub(crate) fn encoding(&self) -> &'static str {
        self.source.encoding()
    }

    /// The line on which the next record starts.
    pub(crate) fn line(&self) -> u64 {
        self.line
    }

    /// The text that was read but not taken yet.
    pub(crate) fn rest_bytes(&self) -> &[u8] {
        self.text.bytes()
    }

    /// Takes whole lines of the rest.
    pub(crate) fn skip(&mut self, bytes: usize, lines: u64) {
        self.text.take(bytes);
        self.line += lines;
    }

    pub(crate) fn text(&self, range: Range<usize>) -> &str {
        self.text.taken(range)
    }
}

impl<R: Read> Records<R> {
    pub(crate) fn open(source: R, options: &ReadOptions) -> Result<Self, Defect> {
        Self::over(Inflated::open(source)?, options)
    }

    /// As [`open`](Self::open), for a document whose first bytes were looked at.
    pub(crate) fn over(bytes: Inflated<R>, options: &ReadOptions) -> Result<Self, Defect> {
        let source = Text::open(bytes, options)?;
        Ok(Self {
            source,
            text: Buffer::default(),
            line: 1,
            ended: false,
            failure: None,
            limits: options.limits,
        })
    }

    /// The first characters of the unread text, to tell what a document is by.
    pub(crate) fn opening(&mut self) -> &str {
        self.fill(BUFFERED_BYTES);
        self.text.opening(OPENING_BYTES)
    }

    /// More of the unread text, to tell whose document it is by.
    pub(crate) fn front(&mut self) -> &str {
        self.fill(BUFFERED_BYTES);
        self.text.opening(BUFFERED_BYTES)
    }

    /// Reads on when little is left of what was read; `false` when nothing needed to be done or the
    /// document has ended.
    pub(crate) fn top_up(&mut self) -> bool {
        let needed = self.text.len() < SCARCE_BYTES && !self.ended;
        if needed {
            self.fill(BUFFERED_BYTES);
        }
        needed
    }

    /// Sees to it that there is a rest, unless the document has ended.
    pub(crate) fn read_on(&mut self) -> Result<(), Defect> {
        if self.text.is_empty() && !self.ended {
            self.fill(BUFFERED_BYTES);
        }
        match self.failure.take_if(|_| self.text.is_empty()) {
            Some(failure) => Err(at_line(Some(self.line), failure)),
            None => Ok(()),
        }
    }

    /// The next record. An error is final: there is no next one after it.
    pub(crate) fn next(&mut self, delimiter: Delimiter) -> Option<Result<Record, Defect>> {
        loop {
            let (length, next) = match record_end(self.text.bytes(), delimiter) {
                End::Found { length, next } => (length, next),
                _ if !self.ended && self.text.len() <= self.limits.line_bytes => {
                    self.fill(BUFFERED_BYTES);
                    continue;
                }
                End::InQuotes if self.ended && self.failure.is_none() => {
                    return Some(Err(self.never_closed()));
                }
                End::Missing | End::InQuotes => {
                    let rest = self.text.len();
                    if rest <= self.limits.line_bytes
                        && let Some(failure) = self.failure.take()
                    {
                        self.text.take(rest);
                        return Some(Err(at_line(Some(self.line), failure)));
                    }
                    if rest == 0 {
                        return None;
                    }
                    (without_return(self.text.bytes()), rest)
                }
            };
            if length > self.limits.line_bytes {
                return Some(Err(self.too_long()));
            }
            let lines = match delimiter {
                Delimiter::Tab => 1,
                Delimiter::Quoted(_) => {
                    let passed = &self.text.bytes()[..next];
                    memchr::memchr_iter(b'\n', passed).count().max(1) as u64
                }
            };
            let start = self.text.take(next).start;
            let record = Record { text: start..start + length, line: self.line };
            self.line += lines;
            return Some(Ok(record));
        }
    }

    /// The records that follow, as far as they end within the first 256 KiB, without taking them.
    pub(crate) fn ahead(&mut self, delimiter: Delimiter) -> impl Iterator<Item = &str> {
        self.fill(AHEAD_BYTES);
        let mut rest = self.text.bytes();
        let mut left = AHEAD_BYTES;
        let ended = self.ended;
        std::iter::from_fn(move || {
            let (length, next) = match record_end(rest, delimiter) {
                End::Found { length, next } => (length, next),
                End::Missing if ended && !rest.is_empty() => (without_return(rest), rest.len()),
                End::Missing | End::InQuotes => return None,
            };
            left = left.checked_sub(next)?;
            let (record, after) = (&rest[..length], &rest[next..]);
            rest = after;
            Some(buffer::text(record))
        })
    }

    /// Reads until there is more than before, and so much if there can be.
    fn fill(&mut self, bytes: usize) {
        let wanted = (self.text.len() + 1).max(bytes);
        while !self.ended && self.text.len() < wanted {
            match self.source.read_into(&mut self.text) {
                Ok(more) => self.ended = !more,
                Err(failure) => {
                    self.failure = Some(failure);
                    self.ended = true;
                }
            }
        }
    }

    fn never_closed(&mut self) -> Defect {
        self.stop();
        Defect {
            reason: Reason::BadQuoting,
            line: Some(self.line),
            column: None,
            message: "A quoted cell that begins here is never closed. Download the report again \
                      and do not save it with another program."
                .to_owned(),
        }
    }

    fn too_long(&mut self) -> Defect {
        self.stop();
        Defect {
            reason: Reason::LimitExceeded,
            line: Some(self.line),
            column: None,
            message: format!(
                "The line is longer than the limit of {} bytes. Check that this is a settlement \
                 report; if it is, raise the limit.",
                self.limits.line_bytes
            ),
        }
    }

    fn stop(&mut self) {
        self.text.take(self.text.len());
        self.ended = true;
        self.failure = None;
    }
}

impl From<Failure> for Defect {
    /// In a document of which no line was read.
    fn from(failure: Failure) -> Self {
        at_line(None, failure)
    }
}

fn at_line(line: Option<u64>, failure: Failure) -> Defect {
    Defect { reason: failure.reason, line, column: None, message: failure.message }
}

enum End {
    /// The record has `length` bytes without its line end, and the next one starts at `next`.
    Found {
        length: usize,
        next: usize,
    },
    Missing,
    /// As `Missing`, inside a quoted cell.
    InQuotes,
}

/// Finds the end of the record that starts the text.
fn record_end(bytes: &[u8], delimiter: Delimiter) -> End {
    let found = match delimiter {
        Delimiter::Tab => memchr::memchr(b'\n', bytes),
        Delimiter::Quoted(delimiter) => {
            let mut quoted = false;
            let mut closed_at = None;
            let mut end = None;
            for at in memchr::memchr2_iter(b'"', b'\n', bytes) {
                let before = at.checked_sub(1);
                if bytes[at] == b'\n' {
                    if !quoted {
                        end = Some(at);
                        break;
                    }
                } else if quoted {
                    quoted = false;
                    closed_at = Some(at);
                } else {
                    // A quote opens at the start of a cell alone; a doubled one opens it again.
                    quoted = before.is_none_or(|before| bytes[before] == delimiter)
                        || (closed_at.is_some() && closed_at == before);
                }
            }
            if quoted {
                return End::InQuotes;
            }
            end
        }
    };
    let Some(at) = found else { return End::Missing };
    End::Found { length: without_return(&bytes[..at]), next: at + 1 }
}

/// The length of a line without the carriage return of a CRLF line end.
fn without_return(line: &[u8]) -> usize {
    line.strip_suffix(b"\r").unwrap_or(line).len()
}
