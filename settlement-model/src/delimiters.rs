//! Where tabs and line ends stand, 64 bytes at a time.
//!
//! The cells of a settlement are short, so a search that starts anew for each of them spends its
//! time on starting. A bitmap of a whole block finds all of its delimiters at once.

use wide::u8x64;

/// How many bytes one look takes in.
pub(crate) const BLOCK: usize = 64;

/// The delimiters of a block, one bit per byte, the lowest bit for the first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Marks {
    pub(crate) tabs: u64,
    pub(crate) line_ends: u64,
}

impl Marks {
    /// Marks the first 64 bytes, or as many as there are.
    #[inline]
    pub(crate) fn of(bytes: &[u8]) -> Self {
        let block = block_at_start(bytes);
        Self { tabs: bits(block, b'\t'), line_ends: bits(block, b'\n') }
    }
}

/// The tabs among the first 64 bytes, or as many as there are.
#[inline]
pub(crate) fn tabs(bytes: &[u8]) -> u64 {
    bits(block_at_start(bytes), b'\t')
}

/// The places of one byte, in order.
pub(crate) fn places(byte: u8, bytes: &[u8]) -> impl Iterator<Item = usize> {
    bytes.chunks(BLOCK).enumerate().flat_map(move |(number, chunk)| {
        let mut rest = bits(block_at_start(chunk), byte);
        std::iter::from_fn(move || {
            let place = (rest != 0).then(|| number * BLOCK + rest.trailing_zeros() as usize)?;
            rest &= rest - 1;
            Some(place)
        })
    })
}

#[inline]
fn bits(block: u8x64, byte: u8) -> u64 {
    block.simd_eq(u8x64::splat(byte)).to_bitmask()
}

/// The first 64 bytes; NUL, which is no delimiter, behind a shorter end.
#[inline]
fn block_at_start(bytes: &[u8]) -> u8x64 {
    match bytes.first_chunk::<BLOCK>() {
        Some(block) => u8x64::new(*block),
        None => {
            let mut block = [0; BLOCK];
            block[..bytes.len()].copy_from_slice(bytes);
            u8x64::new(block)
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn every_delimiter_is_found_and_nothing_else(
            bytes in prop::collection::vec(prop::sample::select(b"\t\na\0\xff".to_vec()), 0..200),
        ) {
            let naive = |byte| {
                (0..bytes.len()).filter(|at| bytes[*at] == byte).collect::<Vec<_>>()
            };
            prop_assert_eq!(places(b'\t', &bytes).collect::<Vec<_>>(), naive(b'\t'));
            let marks = Marks::of(&bytes);
            for at in 0..BLOCK {
                let byte = bytes.get(at).copied();
                prop_assert_eq!(marks.tabs >> at & 1 == 1, byte == Some(b'\t'));
                prop_assert_eq!(marks.line_ends >> at & 1 == 1, byte == Some(b'\n'));
            }
        }
    }
}
