//! How bytes become characters.

use encoding_rs::{DecoderResult, Encoding, UTF_8, WINDOWS_1252};

use super::{Failure, READ_BYTES, evidence};
use crate::buffer::{self, Buffer};
use crate::defect::Reason;

/// The encoding a text is in, as far as it is told.
pub(super) enum Decoding {
    Bytewise(Bytewise),
    /// Any other encoding that a byte order mark or the caller named.
    Named(Box<encoding_rs::Decoder>),
    /// Shift_JIS that nobody named, told by the currency and by the text.
    Guessed(Box<encoding_rs::Decoder>),
}

/// The two encodings in which Amazon sends reports.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Bytewise {
    /// Nothing but ASCII so far: may turn out as either.
    Ascii,
    Utf8,
    Windows1252,
}

impl Decoding {
    /// That of an encoding which a byte order mark or the caller named.
    pub(super) fn named(encoding: &'static Encoding) -> Self {
        if encoding == UTF_8 {
            Self::Bytewise(Bytewise::Utf8)
        } else if encoding == WINDOWS_1252 {
            Self::Bytewise(Bytewise::Windows1252)
        } else {
            Self::Named(Box::new(encoding.new_decoder_without_bom_handling()))
        }
    }

    /// That of an encoding which the text itself showed.
    pub(super) fn guessed(encoding: &'static Encoding) -> Self {
        match Self::named(encoding) {
            Self::Named(decoder) => Self::Guessed(decoder),
            other => other,
        }
    }

    /// The WHATWG name of the encoding.
    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::Bytewise(Bytewise::Windows1252) => WINDOWS_1252.name(),
            Self::Bytewise(Bytewise::Ascii | Bytewise::Utf8) => UTF_8.name(),
            Self::Named(decoder) | Self::Guessed(decoder) => decoder.encoding().name(),
        }
    }

    /// Decodes all but an unfinished character at the end, and returns how many bytes that is. What
    /// comes before a misfit is appended to the text. `plain`: the bytes are ASCII and no NUL;
    /// `last`: no more come.
    pub(super) fn decode(
        &mut self,
        raw: &[u8],
        plain: bool,
        last: bool,
        text: &mut Buffer,
    ) -> Result<usize, Misfit> {
        match self {
            Self::Named(decoder) => decode_named(decoder, raw, last, text, |text| text.find('\0')),
            Self::Guessed(decoder) => {
                decode_named(decoder, raw, last, text, |text| text.find(evidence::is_foreign))
            }
            Self::Bytewise(Bytewise::Ascii | Bytewise::Utf8) if plain => Ok(push_ascii(raw, text)),
            Self::Bytewise(state) => decode_bytewise(state, raw, last, text).map_err(Misfit::Byte),
        }
    }
}

/// Why bytes are not the text of an encoding.
pub(super) enum Misfit {
    Byte(u8),
    /// The text ends within a character.
    Unfinished,
    /// A character that no report has.
    Character(char),
    /// They may be the text of either of two encodings.
    Open,
}

impl Misfit {
    pub(super) fn failure(self, encoding: &str) -> Failure {
        let what = match self {
            Self::Open => {
                return Failure::new(
                    Reason::UnknownEncoding,
                    "The letters from here on can be read as Shift_JIS and as windows-1252, and \
                     nothing in the document tells which it is. Name the charset it was sent in, \
                     or download the report again.",
                );
            }
            Self::Byte(byte) => format!("The byte 0x{byte:02X} is not"),
            Self::Unfinished => "The last character is no complete".to_owned(),
            Self::Character(character) => {
                format!("The character U+{:04X} is not", u32::from(character))
            }
        };
        Failure::new(
            Reason::UnknownEncoding,
            format!(
                "{what} {encoding} text, which the rest of the document is. Download the report \
                 again and do not save it with another program, or name the charset it was sent in."
            ),
        )
    }
}

/// Decodes with an encoding that was named. Returns the bytes used, or what does not fit.
fn decode_named(
    decoder: &mut encoding_rs::Decoder,
    raw: &[u8],
    last: bool,
    text: &mut Buffer,
    find_foreign: fn(&str) -> Option<usize>,
) -> Result<usize, Misfit> {
    let mut used = 0;
    loop {
        let rest = &raw[used..];
        // The fallback is for sizes near usize::MAX, which a chunk never has.
        let most =
            decoder.max_utf8_buffer_length_without_replacement(rest.len()).unwrap_or(READ_BYTES);
        let room = text.room(most);
        let (result, read, written) = decoder.decode_to_utf8_without_replacement(rest, room, last);
        let decoded = buffer::text(&room[..written]);
        if let Some(at) = find_foreign(decoded) {
            let foreign =
                decoded[at..].chars().next().map_or(Misfit::Unfinished, Misfit::Character);
            text.grow(at);
            return Err(foreign);
        }
        text.grow(written);
        used += read;
        match result {
            DecoderResult::InputEmpty => return Ok(used),
            DecoderResult::OutputFull => {}
            DecoderResult::Malformed(..) => {
                let byte = used.checked_sub(1).and_then(|at| raw.get(at));
                return Err(byte.map_or(Misfit::Unfinished, |byte| Misfit::Byte(*byte)));
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
pub(super) fn push_ascii(raw: &[u8], text: &mut Buffer) -> usize {
    let (valid, _) = valid_utf8(raw);
    text.push_str(valid);
    valid.len()
}

/// As much of the bytes as is UTF-8, and what is wrong after that.
pub(super) fn valid_utf8(bytes: &[u8]) -> (&str, Option<std::str::Utf8Error>) {
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
    let undefined = bytes.iter().position(|byte| evidence::NOT_WINDOWS_1252.contains(byte));
    let defined = &bytes[..undefined.unwrap_or(bytes.len())];
    let (decoded, _) = WINDOWS_1252.decode_without_bom_handling(defined);
    text.push_str(&decoded);
    undefined.map_or(Ok(()), |at| Err(bytes[at]))
}
