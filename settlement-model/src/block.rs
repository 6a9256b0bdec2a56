//! Text 64 bytes at a time, with the widest instructions that the processor has.
//!
//! The cells of a settlement are short, so a search that starts anew for each of them spends its
//! time on starting. A bitmap of a whole block finds all of its delimiters at once.
//!
//! What takes a [`Simd`] is inlined into its callers up to where the processor is asked for
//! ([`fearless_simd::dispatch`]): a function of its own, a closure too, would be compiled for the
//! oldest one.

use fearless_simd::{Level, Simd, SimdBase, SimdFrom, SimdMask, dispatch, u8x32, u8x64};

/// How many bytes one look takes in.
pub(crate) const BLOCK: usize = 64;

/// Enough to compare at once: most texts that are compared are longer than this and shorter than two
/// blocks.
const HALF: usize = BLOCK / 2;

/// 64 bytes of text. What is found in them comes as one bit per byte, the lowest for the first.
pub(crate) struct Block<S: Simd> {
    simd: S,
    bytes: u8x64<S>,
}

impl<S: Simd> Block<S> {
    #[inline(always)]
    pub(crate) fn new(simd: S, bytes: &[u8; BLOCK]) -> Self {
        Self { simd, bytes: u8x64::simd_from(simd, *bytes) }
    }

    /// The first 64 bytes; NUL behind a shorter end.
    #[inline(always)]
    pub(crate) fn at_start(simd: S, bytes: &[u8]) -> Self {
        match bytes.first_chunk() {
            Some(block) => Self::new(simd, block),
            None => {
                let mut block = [0; BLOCK];
                block[..bytes.len()].copy_from_slice(bytes);
                Self::new(simd, &block)
            }
        }
    }

    /// Where a byte stands.
    #[inline(always)]
    pub(crate) fn places(&self, byte: u8) -> u64 {
        self.bytes.simd_eq(u8x64::splat(self.simd, byte)).to_bitmask()
    }

    /// Where another text has the same bytes.
    #[inline(always)]
    pub(crate) fn equal(&self, other: &[u8; BLOCK]) -> u64 {
        self.bytes.simd_eq(u8x64::simd_from(self.simd, *other)).to_bitmask()
    }
}

/// A text that is shorter than a block, kept to be found again.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Short {
    /// NUL behind its end.
    bytes: [u8; BLOCK],
    length: usize,
}

impl Short {
    /// `None` for a longer text.
    pub(crate) fn new(text: &[u8]) -> Option<Self> {
        let mut bytes = [0; BLOCK];
        let length = text.len();
        bytes[..BLOCK - 1].get_mut(..length)?.copy_from_slice(text);
        Some(Self { bytes, length })
    }

    #[inline(always)]
    pub(crate) fn len(&self) -> usize {
        // What `new` sees to, said so that it need not be checked.
        self.length % BLOCK
    }

    pub(crate) fn text(&self) -> &[u8] {
        &self.bytes[..self.len()]
    }

    /// Whether a text begins with it; the block is the start of that text.
    #[inline(always)]
    pub(crate) fn starts<S: Simd>(&self, block: &Block<S>) -> bool {
        let behind = u64::MAX << self.len();
        (block.equal(&self.bytes) | behind) == u64::MAX
    }
}

/// Whether two texts are the same.
#[inline(always)]
pub(crate) fn same<S: Simd>(simd: S, a: &[u8], b: &[u8]) -> bool {
    // What the last piece shares with the one before is compared twice.
    let (Some(last_a), Some(last_b)) = (a.last_chunk(), b.last_chunk()) else {
        return a == b;
    };
    for (a, b) in a.as_chunks().0.iter().zip(b.as_chunks().0) {
        if !same_half(simd, a, b) {
            return false;
        }
    }
    a.len() == b.len() && same_half(simd, last_a, last_b)
}

#[inline(always)]
fn same_half<S: Simd>(simd: S, a: &[u8; HALF], b: &[u8; HALF]) -> bool {
    u8x32::simd_from(simd, *a).simd_eq(u8x32::simd_from(simd, *b)).all_true()
}

/// Calls back with each place of one byte, in order.
pub(crate) fn each_place(byte: u8, bytes: &[u8], visit: impl FnMut(usize)) {
    dispatch!(Level::new(), simd => visit_places(simd, byte, bytes, visit));
}

#[inline(always)]
fn visit_places<S: Simd>(simd: S, byte: u8, bytes: &[u8], mut visit: impl FnMut(usize)) {
    for (number, chunk) in bytes.chunks(BLOCK).enumerate() {
        let mut rest = Block::at_start(simd, chunk).places(byte);
        while rest != 0 {
            visit(number * BLOCK + rest.trailing_zeros() as usize);
            rest &= rest - 1;
        }
    }
}

/// Whether all bytes are ASCII and none is NUL, as nearly always.
pub(crate) fn is_plain_ascii(bytes: &[u8]) -> bool {
    // The highest bit is set in what is not ASCII, and in what is one less than NUL. Without a
    // branch in it, the loop takes many bytes at a time.
    let seen = dispatch!(
        Level::new(),
        _ => bytes.iter().fold(0, |seen, byte| seen | byte | byte.wrapping_sub(1))
    );
    seen < 0x80
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn every_place_is_found_and_nothing_else(
            bytes in prop::collection::vec(prop::sample::select(b"\t\na\0\xff".to_vec()), 0..200),
        ) {
            let naive: Vec<_> = (0..bytes.len()).filter(|at| bytes[*at] == b'\t').collect();
            let mut places = Vec::new();
            each_place(b'\t', &bytes, |place| places.push(place));
            prop_assert_eq!(places, naive);
        }

        /// With the widest instructions of this processor and with the oldest.
        #[test]
        fn equal_is_every_byte(
            a in prop::collection::vec(any::<u8>(), 0..200),
            changed in any::<prop::sample::Index>(),
            level in prop::sample::select(vec![Level::new(), Level::baseline()]),
        ) {
            let mut b = a.clone();
            let compared = |b: &[u8]| dispatch!(level, simd => same(simd, &a, b));
            prop_assert!(compared(&b));
            b.push(0);
            prop_assert!(!compared(&b));
            b.pop();
            if !a.is_empty() {
                b[changed.index(a.len())] ^= 1;
                prop_assert!(!compared(&b));
            }
            if let Some(block) = a.first_chunk() {
                let equal = dispatch!(level, simd => Block::at_start(simd, &b).equal(block));
                for at in 0..BLOCK {
                    prop_assert_eq!(equal >> at & 1 == 1, a[at] == b[at]);
                }
            }
            for length in 0..a.len() {
                let short = Short::new(&a[..length]);
                prop_assert_eq!(short.is_some(), length < BLOCK);
                let Some(short) = short else { continue };
                prop_assert_eq!(short.text(), &a[..length]);
                let starts =
                    dispatch!(level, simd => short.starts(&Block::at_start(simd, &b)));
                prop_assert_eq!(starts, a[..length] == b[..length]);
            }
        }

        #[test]
        fn plain_ascii_is_told(bytes in prop::collection::vec(1_u8..0x80, 0..200), other: bool) {
            prop_assert!(is_plain_ascii(&bytes));
            let odd = if other { 0 } else { 0x80 };
            for at in 0..bytes.len() {
                let mut bytes = bytes.clone();
                bytes[at] = odd;
                prop_assert!(!is_plain_ascii(&bytes));
            }
        }
    }
}
