//! The text of a document as the XML parser wants it: buffered bytes, with a bound on what is taken
//! at once.

use std::io::{self, BufRead, Read};

use crate::defect::{Defect, Reason};
use crate::records::Records;

/// Hands the text of a document to the XML parser, counting lines.
pub(super) struct Source<R> {
    records: Records<R>,
    /// Bytes that may still be taken before the next [`Source::begin`].
    left: usize,
    most: usize,
    /// Why reading failed; an [`io::Error`] cannot carry it.
    failure: Option<Defect>,
}

impl<R: Read> Source<R> {
    pub(super) fn new(records: Records<R>, most: usize) -> Self {
        Self { records, left: most, most, failure: None }
    }

    /// Begins a stretch of the document that has to fit in memory.
    pub(super) fn begin(&mut self) {
        self.left = self.most;
    }

    pub(super) fn records(&self) -> &Records<R> {
        &self.records
    }

    pub(super) fn line(&self) -> u64 {
        self.records.line()
    }

    pub(super) fn take_failure(&mut self) -> Option<Defect> {
        self.failure.take()
    }

    fn fail(&mut self, defect: Defect) -> io::Error {
        self.failure = Some(defect);
        io::Error::other("the document cannot be read on")
    }

    fn too_long(&self) -> Defect {
        Defect {
            reason: Reason::LimitExceeded,
            line: Some(self.line()),
            column: None,
            message: format!(
                "A transaction is longer than the limit of {} bytes. Check that this is a \
                 settlement report; if it is, raise the limit on a line.",
                self.most
            ),
        }
    }
}

impl<R: Read> BufRead for Source<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.left == 0 {
            let defect = self.too_long();
            return Err(self.fail(defect));
        }
        if let Err(defect) = self.records.read_on() {
            return Err(self.fail(defect));
        }
        let rest = self.records.rest_bytes();
        Ok(&rest[..rest.len().min(self.left)])
    }

    fn consume(&mut self, bytes: usize) {
        let taken = &self.records.rest_bytes()[..bytes];
        let lines = memchr::memchr_iter(b'\n', taken).count() as u64;
        self.records.skip(bytes, lines);
        self.left -= bytes;
    }
}

impl<R: Read> Read for Source<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.fill_buf()?.read(buffer)?;
        self.consume(read);
        Ok(read)
    }
}
