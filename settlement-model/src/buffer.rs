//! The text that was read and not yet taken.

use std::ops::Range;

/// UTF-8 in bytes, not a `String`: those who fill it read right into it, which a `String` does not
/// allow, and have checked what they read.
#[derive(Debug, Default)]
pub(crate) struct Buffer {
    bytes: Vec<u8>,
    /// Where the text stands in them.
    start: usize,
    end: usize,
}

impl Buffer {
    /// The text.
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.bytes[self.start..self.end]
    }

    pub(crate) fn len(&self) -> usize {
        self.end - self.start
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.start == self.end
    }

    /// Takes bytes off the start of the text. Where they stood is told, and holds until more is read.
    pub(crate) fn take(&mut self, length: usize) -> Range<usize> {
        let start = self.start;
        self.start = self.end.min(start + length);
        start..self.start
    }

    /// Text that [`take`](Self::take) took.
    pub(crate) fn taken(&self, place: Range<usize>) -> &str {
        text(&self.bytes[place])
    }

    /// The start of the text, so many bytes of it if it has them.
    pub(crate) fn opening(&self, most: usize) -> &str {
        let bytes = self.bytes();
        let mut end = most.min(bytes.len());
        // A character is not cut in two.
        while bytes.get(end).is_some_and(|byte| byte & 0xc0 == 0x80) {
            end -= 1;
        }
        text(&bytes[..end])
    }

    /// So many free bytes behind the text. Those that are filled with more of it are to be
    /// [`grow`](Self::grow)n by.
    pub(crate) fn room(&mut self, length: usize) -> &mut [u8] {
        if self.start > 0 {
            self.bytes.copy_within(self.start..self.end, 0);
            (self.start, self.end) = (0, self.len());
        }
        if self.bytes.len() < self.end + length {
            self.bytes.resize(self.end + length, 0);
        }
        &mut self.bytes[self.end..self.end + length]
    }

    /// Counts bytes of the room as text, which the caller knows to be UTF-8.
    pub(crate) fn grow(&mut self, length: usize) {
        self.end = self.bytes.len().min(self.end + length);
    }

    pub(crate) fn push_str(&mut self, text: &str) {
        self.room(text.len()).copy_from_slice(text.as_bytes());
        self.grow(text.len());
    }
}

/// Part of a buffer as text.
///
/// # Panics
///
/// When something was put into the buffer, or cut out of it, that is not UTF-8: a mistake of this
/// crate's, as an index out of bounds is.
pub(crate) fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).expect("what is read is checked to be UTF-8")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn what_goes_in_comes_out(
            pieces in prop::collection::vec(("[a-zäß€\u{10348}\t\n]{0,40}", 0_usize..60), 0..20),
        ) {
            let (mut buffer, mut whole, mut taken) = (Buffer::default(), String::new(), String::new());
            for (piece, length) in pieces {
                buffer.push_str(&piece);
                whole.push_str(&piece);
                let length = buffer.opening(length).len();
                let place = buffer.take(length);
                taken.push_str(buffer.taken(place));
                prop_assert_eq!(taken.clone() + text(buffer.bytes()), whole.as_str());
                prop_assert_eq!(buffer.len(), whole.len() - taken.len());
                prop_assert_eq!(buffer.is_empty(), taken == whole);
            }
        }
    }
}
