//! The bounds on what a document may cost.

use std::io::{self, Read};

use settlement_model::{Limits, ReadOptions, Reason, Unreadable, read};

use crate::sheet::{Line, document, small};

fn read_within(text: &str, limits: Limits) -> Unreadable {
    let options = ReadOptions { limits, ..ReadOptions::default() };
    read(text.as_bytes(), &options).expect_err("over the limit")
}

#[test]
fn each_limit_is_enforced() {
    let limits = Limits::default();
    let text = document(&small());
    let long_sku = Line::amount("Principal", "1.00").with("sku", &"x".repeat(2000));
    let with_long_line = text.clone() + &document(&[long_sku]);
    let two = small().into_iter().map(|line| line.with("settlement-id", "81000000002"));
    let two = document(&small().into_iter().chain(two).collect::<Vec<_>>());
    let cases = [
        (&with_long_line, Limits { line_bytes: 1000, ..limits }, Some(6)),
        (&text, Limits { columns: 23, ..limits }, Some(1)),
        (&two, Limits { settlements: 1, ..limits }, Some(5)),
        (&text, Limits { groups: 1, ..limits }, Some(4)),
        (&text, Limits { inflated_bytes: 100, ..limits }, None),
    ];
    for (text, limits, line) in cases {
        let refused = read_within(text, limits);
        let defect = refused.defects.last().expect("at least one");
        assert_eq!(defect.reason, Reason::LimitExceeded, "{limits:?}");
        if line.is_some() {
            assert_eq!(defect.line, line, "{limits:?}");
        }
    }
}

#[test]
fn further_defects_are_counted() {
    let mut lines = small();
    lines.extend((0..9).map(|_| Line::amount("Principal", "ten")));
    for (kept, limit) in [(1, 0), (1, 1), (4, 4), (9, 50)] {
        let limits = Limits { defects: limit, ..Limits::default() };
        let refused = read_within(&document(&lines), limits);
        assert_eq!((refused.defects.len() as u64, refused.more), (kept, 9 - kept));
    }
}

/// Gives one byte at a time, with an interruption before each.
struct Dripping<'b> {
    bytes: &'b [u8],
    interrupted: bool,
}

impl Read for Dripping<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.interrupted = !self.interrupted;
        if self.interrupted {
            return Err(io::ErrorKind::Interrupted.into());
        }
        let few = buffer.len().min(1);
        self.bytes.read(&mut buffer[..few])
    }
}

#[test]
fn how_the_source_hands_out_its_bytes_does_not_matter() {
    let mut lines = small();
    lines[1] = Line::amount("Größe €", "10.00");
    let text = document(&lines);
    let utf_16: Vec<u8> =
        format!("\u{feff}{text}").encode_utf16().flat_map(u16::to_be_bytes).collect();
    let (latin, _, _) = encoding_rs::WINDOWS_1252.encode(&text);
    for bytes in [text.as_bytes(), &utf_16, &latin] {
        let dripping = Dripping { bytes, interrupted: false };
        let options = ReadOptions::default();
        let at_once = read(bytes, &options).expect("readable");
        assert!(at_once.settlements[0].ties());
        assert_eq!(read(dripping, &options), Ok(at_once));
    }
}

#[test]
fn a_source_that_fails_is_a_defect_of_its_line() {
    let start = document(&small());
    let broken = start.as_bytes().chain(Failing);
    let refused = read(broken, &ReadOptions::default()).expect_err("it fails");
    assert_eq!(refused.defects[0].reason, Reason::Io);
    assert_eq!(refused.defects[0].line, Some(5));
}

struct Failing;

impl Read for Failing {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        Err(io::Error::other("the disk is gone"))
    }
}
