//! From the bytes of a document to its text: inflating and decoding, streamed in constant memory.

use std::io::{self, Cursor, ErrorKind, Read};

use encoding_rs::{DecoderResult, Encoding, SHIFT_JIS, UTF_8, WINDOWS_1252};
use flate2::read::MultiGzDecoder;

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

const YEN: &[u8] = b"JPY";

const GZIP: &[u8] = &[0x1f, 0x8b];

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

/// How bytes become characters.
enum Decoding {
    Bytewise(Bytewise),
    /// Any other encoding that a byte order mark or the caller named.
    Named(Box<encoding_rs::Decoder>),
}

/// The two encodings in which Amazon sends reports.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Bytewise {
    /// Nothing but ASCII so far: may turn out as either.
    Ascii,
    Utf8,
    Windows1252,
}

/// The text of a document, chunk by chunk.
pub(crate) struct Text<R> {
    bytes: Inflated<R>,
    decoding: Decoding,
    /// Room for bytes that are read and not yet decoded.
    raw: Vec<u8>,
    /// How many there are. Between chunks: the start of a character, at most.
    unread: usize,
    remaining: u64,
    /// Whether the document is about yen, and how much of it was searched for that.
    yen: bool,
    searched: usize,
    ended: bool,
}

impl<R> Text<R> {
    /// The WHATWG name of the encoding; final once the text has ended.
    pub(crate) fn encoding(&self) -> &'static str {
        match &self.decoding {
            Decoding::Bytewise(Bytewise::Windows1252) => WINDOWS_1252.name(),
            Decoding::Bytewise(Bytewise::Ascii | Bytewise::Utf8) => UTF_8.name(),
            Decoding::Named(decoder) => decoder.encoding().name(),
        }
    }
}

impl<R: Read> Text<R> {
    pub(crate) fn open(source: R, options: &ReadOptions) -> Result<Self, Failure> {
        let mut text = Self {
            bytes: Inflated::open(source).map_err(|error| broken(&error))?,
            decoding: Decoding::Bytewise(Bytewise::Ascii),
            raw: vec![0; READ_BYTES],
            unread: 0,
            remaining: options.limits.inflated_bytes,
            yen: false,
            searched: 0,
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
    /// On a failure the text before it has been appended.
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
        let read = read_some(&mut self.bytes, &mut self.raw[self.unread..])
            .map_err(|error| broken(&error))?;
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
        self.decoding = match marked.map(|(encoding, _)| encoding).or(named) {
            None => Decoding::Bytewise(Bytewise::Ascii),
            Some(encoding) if encoding == UTF_8 => Decoding::Bytewise(Bytewise::Utf8),
            Some(encoding) if encoding == WINDOWS_1252 => Decoding::Bytewise(Bytewise::Windows1252),
            Some(encoding) => {
                Decoding::Named(Box::new(encoding.new_decoder_without_bom_handling()))
            }
        };
    }

    /// Decodes what is in `raw`, all but an unfinished character at its end.
    fn decode(&mut self, text: &mut Buffer) -> Result<(), Failure> {
        let plain = is_plain_ascii(&self.raw[..self.unread]);
        let ascii_so_far = matches!(self.decoding, Decoding::Bytewise(Bytewise::Ascii));
        if ascii_so_far && !(plain && self.may_stay()) {
            self.suspect_shift_jis(text.bytes());
        }
        let raw = &self.raw[..self.unread];
        let decoded = match &mut self.decoding {
            Decoding::Named(decoder) => decode_named(decoder, raw, self.ended, text),
            Decoding::Bytewise(Bytewise::Ascii | Bytewise::Utf8) if plain => {
                Ok(push_ascii(raw, text))
            }
            Decoding::Bytewise(state) => {
                decode_bytewise(state, raw, self.ended, text).map_err(Some)
            }
        };
        match decoded {
            Ok(used) => {
                self.drop_first(used);
                Ok(())
            }
            Err(byte) => {
                self.unread = 0;
                self.ended = true;
                Err(self.not_decodable(byte))
            }
        }
    }

    fn drop_first(&mut self, bytes: usize) {
        self.raw.copy_within(bytes..self.unread, 0);
        self.unread -= bytes;
    }

    /// Amazon writes Japanese reports in Shift_JIS. Nearly all bytes are Windows-1252 as well, so
    /// the currency, which stands at the top in ASCII, decides between these two. `text` is what was
    /// decoded just before.
    fn suspect_shift_jis(&mut self, text: &[u8]) {
        let raw = &self.raw[..self.unread];
        let ascii = &raw[..Encoding::ascii_valid_up_to(raw)];
        if !self.yen && self.searched < CURRENCY_BYTES {
            let cut = text.len().saturating_sub(YEN.len() - 1);
            let mut seam = text[cut..].to_vec();
            seam.extend(ascii.iter().take(YEN.len() - 1));
            let is_in = |bytes: &[u8]| memchr::memmem::find(bytes, YEN).is_some();
            self.yen = is_in(&seam) || is_in(ascii);
            self.searched += ascii.len();
        }
        let rest = &raw[ascii.len()..];
        if self.yen && !rest.is_empty() {
            let (valid, error) = valid_utf8(rest);
            let broken = error.is_some_and(|error| error.error_len().is_some() || self.ended);
            if valid.is_empty() && broken {
                let decoder = SHIFT_JIS.new_decoder_without_bom_handling();
                self.decoding = Decoding::Named(Box::new(decoder));
            }
        }
    }

    fn not_decodable(&self, byte: Option<u8>) -> Failure {
        let encoding = self.encoding();
        let what = match byte {
            Some(byte) => format!("The byte 0x{byte:02X} is not"),
            None => "The last character is no complete".to_owned(),
        };
        Failure::new(
            Reason::UnknownEncoding,
            format!(
                "{what} {encoding} text, which the rest of the document is. Download the report \
                 again and do not save it with another program."
            ),
        )
    }
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

/// Decodes with an encoding that was named. Returns the bytes used, or the byte that does not fit;
/// that is not known when the text ends within a character.
fn decode_named(
    decoder: &mut encoding_rs::Decoder,
    raw: &[u8],
    last: bool,
    text: &mut Buffer,
) -> Result<usize, Option<u8>> {
    let mut used = 0;
    loop {
        let rest = &raw[used..];
        // The fallback is for sizes near usize::MAX, which a chunk never has.
        let most =
            decoder.max_utf8_buffer_length_without_replacement(rest.len()).unwrap_or(READ_BYTES);
        let room = text.room(most);
        let (result, read, written) = decoder.decode_to_utf8_without_replacement(rest, room, last);
        text.grow(written);
        used += read;
        match result {
            DecoderResult::InputEmpty => return Ok(used),
            DecoderResult::OutputFull => {}
            DecoderResult::Malformed(..) => {
                return Err(used.checked_sub(1).and_then(|at| raw.get(at)).copied());
            }
        }
    }
}

/// Decodes UTF-8 or Windows-1252, deciding between them at the first byte that is not ASCII.
///
/// Only that order keeps memory constant. A document that starts as UTF-8 and breaks it later is
/// refused and not re-read as Windows-1252, which would turn its umlauts into other letters.
fn decode_bytewise(
    state: &mut Bytewise,
    raw: &[u8],
    last: bool,
    text: &mut Buffer,
) -> Result<usize, u8> {
    // A NUL is legal in both, but no report has one: it is UTF-16 without a mark, or no text.
    let nul = memchr::memchr(0, raw);
    let clean = &raw[..nul.unwrap_or(raw.len())];
    let mut used = 0;
    if *state != Bytewise::Windows1252 {
        let (valid, error) = valid_utf8(clean);
        text.push_str(valid);
        used = valid.len();
        if !valid.is_ascii() {
            *state = Bytewise::Utf8;
        }
        match error {
            Some(error) if error.error_len().is_none() && !last && nul.is_none() => {
                return Ok(used);
            }
            Some(_) if *state == Bytewise::Utf8 => return Err(clean[used]),
            Some(_) => *state = Bytewise::Windows1252,
            None => {}
        }
    }
    push_windows_1252(&clean[used..], text)?;
    if nul.is_some() { Err(0) } else { Ok(raw.len()) }
}

/// Appends text that is known to be ASCII.
fn push_ascii(raw: &[u8], text: &mut Buffer) -> usize {
    let (valid, _) = valid_utf8(raw);
    text.push_str(valid);
    valid.len()
}

/// As much of the bytes as is UTF-8, and what is wrong after that.
fn valid_utf8(bytes: &[u8]) -> (&str, Option<std::str::Utf8Error>) {
    // The quick check does not say where the error is.
    if let Ok(text) = simdutf8::basic::from_utf8(bytes) {
        return (text, None);
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => (text, None),
        Err(error) => {
            let valid = std::str::from_utf8(&bytes[..error.valid_up_to()]);
            (valid.unwrap_or_default(), Some(error))
        }
    }
}

/// Appends Windows-1252 text, refusing the five bytes it does not define.
fn push_windows_1252(bytes: &[u8], text: &mut Buffer) -> Result<(), u8> {
    const UNDEFINED: [u8; 5] = [0x81, 0x8d, 0x8f, 0x90, 0x9d];
    let undefined = bytes.iter().position(|byte| UNDEFINED.contains(byte));
    let defined = &bytes[..undefined.unwrap_or(bytes.len())];
    let (decoded, _) = WINDOWS_1252.decode_without_bom_handling(defined);
    text.push_str(&decoded);
    undefined.map_or(Ok(()), |at| Err(bytes[at]))
}

/// Reads once, whatever interrupts. No bytes are the end.
fn read_some(source: &mut impl Read, room: &mut [u8]) -> io::Result<usize> {
    loop {
        match source.read(room) {
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            other => return other,
        }
    }
}

/// The source's bytes, inflated when they begin as gzip does.
enum Inflated<R> {
    Plain(Resumed<R>),
    Gzip(Box<MultiGzDecoder<Resumed<R>>>),
}

/// A source whose first bytes were already taken off to look at.
type Resumed<R> = io::Chain<Cursor<Vec<u8>>, R>;

impl<R: Read> Inflated<R> {
    fn open(mut source: R) -> io::Result<Self> {
        // A whole chunk, because reading a file from an odd place on is several times slower.
        let mut start = vec![0; READ_BYTES];
        let mut filled = 0;
        while filled < GZIP.len() {
            match read_some(&mut source, &mut start[filled..])? {
                0 => break,
                read => filled += read,
            }
        }
        start.truncate(filled);
        let compressed = start.starts_with(GZIP);
        let resumed = Cursor::new(start).chain(source);
        Ok(if compressed {
            Self::Gzip(Box::new(MultiGzDecoder::new(resumed)))
        } else {
            Self::Plain(resumed)
        })
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
