//! Where the pieces end in which a document arrives does not matter.

use std::io::{self, Read, Write};

use flate2::Compression;
use flate2::write::GzEncoder;
use proptest::prelude::*;
use settlement_model::{Limits, ReadOptions, read};

use crate::sheet::{Line, document};

/// A document that comes in pieces of these sizes, over and over.
struct Pieces<'d> {
    document: &'d [u8],
    sizes: std::iter::Cycle<std::vec::IntoIter<usize>>,
}

impl Read for Pieces<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let size = self.sizes.next().unwrap_or(1).min(buffer.len()).min(self.document.len());
        let (piece, rest) = self.document.split_at(size);
        buffer[..size].copy_from_slice(piece);
        self.document = rest;
        Ok(size)
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Long enough that the reader has learned all it will of the encoding before some of the
    /// characters come that tell encodings apart.
    #[test]
    fn a_character_may_be_cut_anywhere(
        ascii in 1_usize..1200,
        skus in prop::collection::vec("[A-Z]{0,8}(ß|€|MUG|\u{10348})[A-Z]{0,8}", 1..40),
        sizes in prop::collection::vec(prop_oneof![1_usize..8, 1_000_usize..70_000], 1..20),
        latin: bool,
    ) {
        let rows = ascii + skus.len();
        let mut lines = vec![Line::settlement(&format!("{rows}.00"), "EUR")];
        lines.extend((0..ascii).map(|_| Line::amount("Principal", "1.00")));
        lines.extend(skus.iter().map(|sku| Line::amount("Principal", "1.00").with("sku", sku)));
        let text = document(&lines);
        let bytes = if latin {
            encoding_rs::WINDOWS_1252.encode(&text.replace('\u{10348}', "ä")).0.into_owned()
        } else {
            text.into_bytes()
        };
        let options = ReadOptions { group_by_sku: true, ..ReadOptions::default() };
        let whole = read(bytes.as_slice(), &options).expect("readable");
        prop_assert!(whole.settlements[0].ties());
        prop_assert_eq!(whole.settlements[0].rows, rows as u64);
        let pieces = Pieces { document: &bytes, sizes: sizes.into_iter().cycle() };
        prop_assert_eq!(read(pieces, &options), Ok(whole));
    }
}

fn gzip(bytes: &[u8], level: u32) -> Vec<u8> {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::new(level));
    gzip.write_all(bytes).expect("in memory");
    gzip.finish().expect("in memory")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    /// Small and large ones, which are inflated on a thread of their own; whole, cut off, damaged
    /// and refused early.
    #[test]
    fn a_compressed_document_is_the_same_in_any_pieces(
        rows in prop_oneof![0_usize..200, 20_000_usize..60_000],
        members in prop::collection::vec(0_usize..60_000, 0..3),
        level in 0_u32..7,
        sizes in prop::collection::vec(prop_oneof![500_usize..900, 60_000_usize..90_000], 1..9),
        cut in prop::option::of(any::<prop::sample::Index>()),
        damage in prop::option::of((any::<prop::sample::Index>(), 1_u8..)),
        wrong in prop::option::of(0_usize..60_000),
        inflated_bytes in prop_oneof![Just(64_u64 << 30), 1_000_u64..4_000_000],
    ) {
        let mut lines = vec![Line::settlement(&format!("{rows}.00"), "EUR")];
        lines.extend((0..rows).map(|_| Line::amount("Principal", "1.00")));
        if let Some(line) = wrong.and_then(|line| lines.get_mut(line)) {
            *line = Line::amount("Principal", "1.0.0");
        }
        let plain = document(&lines).into_bytes();
        let (mut bytes, mut rest) = (Vec::new(), plain.as_slice());
        let one_member = members.is_empty();
        for length in members {
            let (member, after) = rest.split_at(length.min(rest.len()));
            bytes.extend(gzip(member, level));
            rest = after;
        }
        bytes.extend(gzip(rest, level));
        let options = ReadOptions {
            limits: Limits { inflated_bytes, ..Limits::default() },
            ..ReadOptions::default()
        };
        if cut.is_none() && damage.is_none() {
            prop_assert_eq!(read(bytes.as_slice(), &options), read(plain.as_slice(), &options));
        }
        if let Some(cut) = cut {
            bytes.truncate(cut.index(bytes.len()).max(2));
        }
        if let Some((at, flip)) = damage {
            // Not the two bytes that tell that it is compressed.
            let at = at.index(bytes.len()).max(2);
            if let Some(byte) = bytes.get_mut(at) {
                *byte ^= flip;
            }
        }
        let whole = read(bytes.as_slice(), &options);
        prop_assert!(cut.is_none() || whole.is_err() || !one_member);
        let pieces = Pieces { document: &bytes, sizes: sizes.into_iter().cycle() };
        prop_assert_eq!(read(pieces, &options), whole);
    }
}

/// What is told of a document by its top is told by the same bytes.
#[test]
fn what_stands_far_down_tells_as_much_in_large_pieces() {
    let yen = |ascii: usize| {
        let total = format!("{}", ascii + 2);
        let mut lines = vec![Line::settlement(&total, "JPY")];
        lines.extend((0..ascii).map(|_| Line::amount("Principal", "1")));
        lines.push(Line::amount("Männer", "1"));
        lines.push(Line::amount("Größe", "1"));
        encoding_rs::WINDOWS_1252.encode(&document(&lines)).0.into_owned()
    };
    // The second marketplace is named in sight of the top, and beyond it.
    let xml = |blank: usize| {
        format!(
            "<AmazonEnvelope><Message><SettlementReport><SettlementData><AmazonSettlementID>1\
             </AmazonSettlementID><TotalAmount currency=\"EUR\">0.00</TotalAmount>\
             <StartDate>2025-06-01T00:00:00+00:00</StartDate>\
             <EndDate>2025-06-15T00:00:00+00:00</EndDate></SettlementData>{}<Order>\
             <MarketplaceName>Amazon.co.uk</MarketplaceName></Order></SettlementReport></Message>\
             </AmazonEnvelope>",
            "\n".repeat(blank)
        )
        .into_bytes()
    };
    for bytes in [yen(10), yen(700), xml(10), xml(60_000), xml(64_000), xml(66_000), xml(80_000)] {
        let whole = read(bytes.as_slice(), &ReadOptions::default());
        assert!(whole.is_ok(), "{whole:?}");
        for sizes in [vec![1], vec![4_099], vec![40_000], vec![65_535, 3]] {
            let pieces = Pieces { document: &bytes, sizes: sizes.into_iter().cycle() };
            assert_eq!(read(pieces, &ReadOptions::default()), whole);
        }
    }
}
