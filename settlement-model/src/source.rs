//! From the bytes of a document to its text: inflating and decoding, streamed in constant memory.

mod ahead;
mod decoding;
mod evidence;
mod gzip;
mod inflated;

use std::io::{self, ErrorKind, Read};

use encoding_rs::Encoding;

pub(crate) use self::ahead::read_ahead;
use self::decoding::{Bytewise, Decoding, Misfit, push_ascii, valid_utf8};
pub(crate) use self::inflated::Inflated;
use self::inflated::read_some;
use crate::block::is_plain_ascii;
use crate::buffer::Buffer;
use crate::defect::Reason;
use crate::document::ReadOptions;

/// Bytes asked of the source at a time.
const READ_BYTES: usize = 64 * 1024;

/// Enough bytes to tell a byte order mark or another kind of file by.
const MAGIC_BYTES: usize = 4;

/// How much of a document is searched for its currency, to tell its encoding by.
const CURRENCY_BYTES: usize = 64 * 1024;

/// The most bytes of a character in UTF-8.
const UTF_8_BYTES: usize = 4;

const YEN: &[u8] = b"JPY";

/// Files that are handed over in place of a settlement, told by their first bytes.
const FOREIGN: [(&[u8], &str); 2] =
    [(b"PK\x03\x04", "a ZIP archive or an Excel workbook"), (b"%PDF", "a PDF document")];

/// Why no more text comes; the line is the reader's to add.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) reason: Reason,
    pub(crate) message: String,
}

impl Failure {
    fn new(reason: Reason, message: impl Into<String>) -> Self {
        Self { reason, message: message.into() }
    }
}

/// The text of a document, chunk by chunk.
pub(crate) struct Text<R> {
    bytes: Inflated<R>,
    decoding: Decoding,
    /// Room for bytes that are read and not yet decoded.
    raw: Vec<u8>,
    /// How many there are. Between chunks: the start of a character, or what is still being weighed.
    unread: usize,
    remaining: u64,
    /// Whether the document is about yen, and how much of it was searched for that.
    yen: bool,
    searched: usize,
    /// Whether the caller named the Japanese store.
    of_japan: bool,
    ended: bool,
}

impl<R> Text<R> {
    /// The WHATWG name of the encoding; final once the text has ended.
    pub(crate) fn encoding(&self) -> &'static str {
        self.decoding.name()
    }
}

impl<R: Read> Text<R> {
    pub(crate) fn open(bytes: Inflated<R>, options: &ReadOptions) -> Result<Self, Failure> {
        let mut text = Self {
            bytes,
            decoding: Decoding::Bytewise(Bytewise::Ascii),
            raw: vec![0; READ_BYTES],
            unread: 0,
            remaining: options.limits.inflated_bytes,
            yen: false,
            searched: 0,
            of_japan: options.is_of_japan(),
            ended: false,
        };
        while text.unread < MAGIC_BYTES && !text.ended {
            text.read_bytes()?;
        }
        let start = &text.raw[..text.unread];
        if let Some((_, kind)) = FOREIGN.iter().find(|(magic, _)| start.starts_with(magic)) {
            return Err(Failure::new(
                Reason::NotASettlementReport,
                format!(
                    "The document is {kind}. Download the settlement as a text file (Flat File V2)."
                ),
            ));
        }
        text.choose_decoding(options.charset.as_deref());
        Ok(text)
    }

    /// Appends some more text; `false` when there is no more.
    ///
    /// On a failure the text before it has been appended, as far as its encoding was told.
    pub(crate) fn read_into(&mut self, text: &mut Buffer) -> Result<bool, Failure> {
        if self.ended && self.unread == 0 {
            return Ok(false);
        }
        let before = text.len();
        while text.len() == before && !(self.ended && self.unread == 0) {
            // What was read to tell the kind of document by may be all there is room for.
            let full = self.unread == self.raw.len();
            let read = if self.ended || full {
                Ok(())
            } else if self.may_stay() {
                self.read_in_place(text)
            } else {
                self.read_bytes()
            };
            // What came before a failure of the source is still text.
            self.decode(text)?;
            read?;
        }
        Ok(text.len() > before)
    }

    /// Whether ASCII is text as it stands, and nothing else is to be learned from it.
    fn may_stay(&self) -> bool {
        match self.decoding {
            Decoding::Bytewise(Bytewise::Ascii) => self.yen || self.searched >= CURRENCY_BYTES,
            Decoding::Bytewise(Bytewise::Utf8) => true,
            _ => false,
        }
    }

    /// Reads right into the text, where the bytes stay if they are ASCII; if not, they are still to
    /// be decoded.
    fn read_in_place(&mut self, text: &mut Buffer) -> Result<(), Failure> {
        let room = text.room(READ_BYTES);
        if self.unread > 0 {
            return self.read_bytes();
        }
        let most = within(self.remaining, room.len());
        let room = &mut room[..most];
        let read = read_some(&mut self.bytes, room).map_err(|error| broken(&error))?;
        if is_plain_ascii(&room[..read]) {
            text.grow(read);
        } else {
            self.raw[..read].copy_from_slice(&room[..read]);
            self.unread = read;
        }
        self.count(read)
    }

    fn read_bytes(&mut self) -> Result<(), Failure> {
        // An unfinished character is shorter than the room.
        let most = within(self.remaining, self.raw.len() - self.unread);
        let room = &mut self.raw[self.unread..][..most];
        let read = read_some(&mut self.bytes, room).map_err(|error| broken(&error))?;
        self.unread += read;
        self.count(read)
    }

    fn count(&mut self, read: usize) -> Result<(), Failure> {
        self.ended = read == 0;
        self.remaining = self.remaining.checked_sub(read as u64).ok_or_else(|| {
            Failure::new(
                Reason::LimitExceeded,
                "The document is larger than the limit on inflated bytes. Check that it is a \
                 settlement report; if it is, raise the limit.",
            )
        })?;
        Ok(())
    }

    /// Byte order mark, then the caller's charset; otherwise the bytes will tell.
    fn choose_decoding(&mut self, charset: Option<&str>) {
        let marked = Encoding::for_bom(&self.raw[..self.unread]);
        let named = charset.and_then(|label| Encoding::for_label(label.as_bytes()));
        if let Some((_, mark_bytes)) = marked {
            self.drop_first(mark_bytes);
        }
        let told = marked.map(|(encoding, _)| encoding).or(named);
        self.decoding = told.map_or(Decoding::Bytewise(Bytewise::Ascii), Decoding::named);
    }

    /// Decodes what is in `raw`, all but an unfinished character at its end.
    fn decode(&mut self, text: &mut Buffer) -> Result<(), Failure> {
        let plain = is_plain_ascii(&self.raw[..self.unread]);
        let ascii_so_far = matches!(self.decoding, Decoding::Bytewise(Bytewise::Ascii));
        if ascii_so_far && !(plain && self.may_stay()) && self.awaits_evidence(text)? {
            return Ok(());
        }
        let raw = &self.raw[..self.unread];
        match self.decoding.decode(raw, plain, self.ended, text) {
            Ok(used) => {
                self.drop_first(used);
                Ok(())
            }
            Err(misfit) => Err(self.stop(misfit)),
        }
    }

    /// The end of the text, where something does not fit its encoding.
    fn stop(&mut self, misfit: Misfit) -> Failure {
        self.unread = 0;
        self.ended = true;
        misfit.failure(self.encoding())
    }

    fn drop_first(&mut self, bytes: usize) {
        self.raw.copy_within(bytes..self.unread, 0);
        self.unread -= bytes;
    }

    /// Amazon writes Japanese reports in Shift_JIS. Nearly all bytes are Windows-1252 as well, so in
    /// a document about yen more is read before it is told which of these two it is in; `true` while
    /// that goes on. Always the same bytes are weighed, however they come: those from the first one
    /// on that is not ASCII, as many as there is room for.
    fn awaits_evidence(&mut self, text: &mut Buffer) -> Result<bool, Failure> {
        let raw = &self.raw[..self.unread];
        // No text goes on behind a NUL.
        let raw = &raw[..memchr::memchr(0, raw).unwrap_or(raw.len())];
        let whole = self.ended || raw.len() < self.unread;
        let (ascii, rest) = raw.split_at(Encoding::ascii_valid_up_to(raw));
        if !self.yen {
            self.yen = search_yen(text.bytes(), ascii, &mut self.searched);
        }
        if !self.yen || rest.is_empty() {
            return Ok(false);
        }
        let (valid, error) = valid_utf8(&rest[..rest.len().min(UTF_8_BYTES)]);
        let unfinished = error.is_some_and(|error| error.error_len().is_none());
        if !valid.is_empty() || (unfinished && !whole) {
            return Ok(false);
        }
        let weighed = rest.len();
        let used = push_ascii(ascii, text);
        self.drop_first(used);
        if !whole && self.unread < self.raw.len() {
            return Ok(true);
        }
        let Some(encoding) = evidence::tell(&self.raw[..weighed], whole, self.of_japan) else {
            return Err(self.stop(Misfit::Open));
        };
        self.decoding = Decoding::guessed(encoding);
        Ok(false)
    }
}

/// Whether yen stand in ASCII text that comes behind the text so far. No more is searched than the
/// start of a document, so that this does not depend on how much comes at a time.
fn search_yen(text: &[u8], ascii: &[u8], searched: &mut usize) -> bool {
    let ascii = &ascii[..ascii.len().min(CURRENCY_BYTES - *searched)];
    *searched += ascii.len();
    let mut seam = text[text.len().saturating_sub(YEN.len() - 1)..].to_vec();
    seam.extend(ascii.iter().take(YEN.len() - 1));
    let is_in = |bytes: &[u8]| memchr::memmem::find(bytes, YEN).is_some();
    is_in(&seam) || is_in(ascii)
}

/// How much to read, so that the limit is exceeded by one byte at most.
fn within(remaining: u64, room: usize) -> usize {
    usize::try_from(remaining).map_or(room, |remaining| room.min(remaining.saturating_add(1)))
}

fn broken(error: &io::Error) -> Failure {
    let what = match error.kind() {
        ErrorKind::UnexpectedEof => "The document is compressed and ends too early".to_owned(),
        _ => format!("The document could not be read: {error}"),
    };
    Failure::new(
        Reason::Io,
        format!("{what}. Download it again; if it fails again, tell the IT administrator."),
    )
}
