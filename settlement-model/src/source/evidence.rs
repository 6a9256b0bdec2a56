//! Shift_JIS or Windows-1252: most text in one of them can be read in the other as well.

use encoding_rs::{DecoderResult, Encoding, SHIFT_JIS, WINDOWS_1252};

/// The bytes that Windows-1252 does not define, in ascending order.
pub(super) const NOT_WINDOWS_1252: [u8; 5] = [0x81, 0x8d, 0x8f, 0x90, 0x9d];

/// The florin sign of Windows-1252, which nobody writes; katakana begin with it.
const KATAKANA: u8 = 0x83;

/// So many bytes in a word that are not ASCII make sure that it is no Western one.
const WORD_BYTES: usize = 4;

/// Tells in which of the two a text is written that is not UTF-8; `None` when it may be either.
/// `whole`: the text does not end within a character.
///
/// What one of them cannot hold speaks for the other. A text that both can hold is Japanese if it
/// has a word of common letters, whose bytes are quotation marks and dashes in Windows-1252. Nothing
/// is taken for umlauts merely because it looks like them: `ä` before an `n` is a rare Japanese
/// letter. `of_japan`: the caller named the Japanese store, whose reports are in Shift_JIS where
/// nothing speaks against it.
pub(super) fn tell(text: &[u8], whole: bool, of_japan: bool) -> Option<&'static Encoding> {
    let proves_japanese = |byte: &u8| NOT_WINDOWS_1252.contains(byte);
    if text.iter().any(proves_japanese) {
        Some(SHIFT_JIS)
    } else if !is_shift_jis(text, whole) {
        // It may be in a third encoding: that of China has few bytes that Windows-1252 has not.
        (!has_foreign_word(text)).then_some(WINDOWS_1252)
    } else if of_japan || has_japanese_word(text) {
        Some(SHIFT_JIS)
    } else {
        None
    }
}

/// Whether a character of text that was taken for Shift_JIS is none that a report in it has: NUL,
/// a control character that only the byte 0x80 makes, or one of the private use area.
pub(super) fn is_foreign(character: char) -> bool {
    matches!(character, '\0' | '\u{80}'..='\u{9f}' | '\u{e000}'..='\u{f8ff}')
}

/// Whether more letters with accents stand in a row than in any Western word.
fn has_foreign_word(text: &[u8]) -> bool {
    text.split(u8::is_ascii).any(|letters| letters.len() >= WORD_BYTES)
}

fn is_shift_jis(text: &[u8], whole: bool) -> bool {
    let mut decoder = SHIFT_JIS.new_decoder_without_bom_handling();
    let mut rest = text;
    let mut room = [0; 1024];
    loop {
        let (result, read, written) =
            decoder.decode_to_utf8_without_replacement(rest, &mut room, whole);
        let decoded = std::str::from_utf8(&room[..written]);
        if !decoded.is_ok_and(|decoded| !decoded.contains(is_foreign)) {
            return false;
        }
        rest = &rest[read..];
        match result {
            DecoderResult::InputEmpty => return true,
            DecoderResult::OutputFull => {}
            DecoderResult::Malformed(..) => return false,
        }
    }
}

/// Whether a text in Shift_JIS has katakana, or some letters in a row that begin as the common ones
/// do.
fn has_japanese_word(text: &[u8]) -> bool {
    let mut rest = text;
    let mut word_bytes = 0;
    while let [lead, after @ ..] = rest {
        rest = after;
        match (lead, after) {
            (0x81..=0x9f, [trail, after @ ..]) => {
                rest = after;
                word_bytes += 1 + usize::from(!trail.is_ascii());
                if *lead == KATAKANA || word_bytes >= WORD_BYTES {
                    return true;
                }
            }
            // The rare letters have two bytes as well.
            (0xe0..=0xfc, [_, after @ ..]) => {
                rest = after;
                word_bytes = 0;
            }
            _ => word_bytes = 0,
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str, encoding: &'static Encoding) -> Option<&'static Encoding> {
        let (bytes, _, lossy) = encoding.encode(text);
        assert!(!lossy, "{text}");
        tell(&bytes, true, false)
    }

    #[test]
    fn japanese_is_told() {
        let words = ["手数料", "商品", "送料", "税", "ー", "テスト", "ア", "くつ", "在庫の移動"];
        for word in words {
            for text in [word.to_owned(), format!("\tFBA {word}\t-150\n"), format!("ｱﾏｿﾞﾝ髭{word}")]
            {
                assert_eq!(told(&text, SHIFT_JIS), Some(SHIFT_JIS), "{text}");
            }
        }
    }

    #[test]
    fn western_text_is_told_or_left_open_and_never_japanese() {
        for text in ["Größe", "señor", "Maß für Männer", "50 €\t", "naïveté", "L’été\t", "“É”\t"]
        {
            assert_eq!(told(text, WINDOWS_1252), Some(WINDOWS_1252), "{text}");
        }
        for text in ["Männer", "Maß", "créée", "ÄÖÜ", "rock’n’roll", "don’t", "Žižka", "“É”A"]
        {
            assert_eq!(told(text, WINDOWS_1252), None, "{text}");
        }
    }

    #[test]
    fn no_third_encoding_is_taken_for_one_of_them() {
        for text in ["手续费", "商品价格\t", "プロモーション"] {
            assert_eq!(told(text, encoding_rs::GBK), None, "{text}");
            assert_ne!(told(text, encoding_rs::GB18030), Some(WINDOWS_1252), "{text}");
        }
        assert_eq!(told("手数料", encoding_rs::EUC_JP), None);
    }

    #[test]
    fn rare_letters_alone_are_left_open() {
        for text in ["髭", "ｱﾏｿﾞﾝ", "檜"] {
            assert_eq!(told(text, SHIFT_JIS), None, "{text}");
        }
    }

    #[test]
    fn in_a_report_of_japan_what_may_be_japanese_is() {
        let of_japan =
            |text, encoding: &'static Encoding| tell(&encoding.encode(text).0, true, true);
        for text in ["髭", "ｱﾏｿﾞﾝ", "檜"] {
            assert_eq!(of_japan(text, SHIFT_JIS), Some(SHIFT_JIS), "{text}");
        }
        assert_eq!(of_japan("Größe", WINDOWS_1252), Some(WINDOWS_1252));
        assert_eq!(of_japan("手续费", encoding_rs::GBK), None);
    }

    #[test]
    fn what_is_cut_off_proves_nothing_but_at_the_end() {
        assert_eq!(tell(b"\xe9", false, false), None);
        assert_eq!(tell(b"\xe9", true, false), Some(WINDOWS_1252));
    }
}
