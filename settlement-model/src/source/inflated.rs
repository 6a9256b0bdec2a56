//! The bytes of a document, inflated when they begin as gzip does.

use std::io::{self, Cursor, ErrorKind, Read};

use super::gzip::Gzip;
use super::{Failure, READ_BYTES, broken};

const GZIP: &[u8] = &[0x1f, 0x8b];

/// Reads once, whatever interrupts. No bytes are the end.
pub(super) fn read_some(source: &mut impl Read, room: &mut [u8]) -> io::Result<usize> {
    loop {
        match source.read(room) {
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            other => return other,
        }
    }
}

/// The source's bytes, inflated when they begin as gzip does.
pub(crate) enum Inflated<R> {
    Plain(Resumed<R>),
    Gzip(Box<Gzip<Resumed<R>>>),
}

/// A source whose first bytes were already taken off to look at.
pub(crate) type Resumed<R> = io::Chain<Cursor<Vec<u8>>, R>;

impl<R: Read> Inflated<R> {
    pub(crate) fn open(mut source: R) -> Result<Self, Failure> {
        // A whole chunk, because reading a file from an odd place on is several times slower.
        let mut start = vec![0; READ_BYTES];
        let mut filled = 0;
        while filled < GZIP.len() {
            match read_some(&mut source, &mut start[filled..]).map_err(|error| broken(&error))? {
                0 => break,
                read => filled += read,
            }
        }
        start.truncate(filled);
        let compressed = start.starts_with(GZIP);
        let resumed = Cursor::new(start).chain(source);
        Ok(if compressed { Self::Gzip(Box::new(Gzip::new(resumed))) } else { Self::Plain(resumed) })
    }

    /// Bytes that are inflated no further, whatever they begin with.
    pub(crate) fn already(source: R) -> Self {
        Self::Plain(Cursor::new(Vec::new()).chain(source))
    }
}

impl<R: Read> Read for Inflated<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Plain(source) => source.read(buffer),
            Self::Gzip(source) => source.read(buffer),
        }
    }
}
