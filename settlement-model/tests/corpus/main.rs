//! The kept corpus of the fuzz targets, checked as libFuzzer checks it: whole, cut off, and damaged.

#[expect(unreachable_pub, reason = "the fuzz targets use it from another crate")]
mod properties;

use std::fs;
use std::path::{Path, PathBuf};

/// Where a document is cut, in parts of its length.
const CUTS: usize = 24;

/// How many bytes are replaced, one at a time.
const REPLACED: usize = 48;

fn kept(target: &str) -> Vec<(PathBuf, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus/kept").join(target);
    let files = fs::read_dir(&folder).expect("the corpus is part of the repository");
    let mut paths: Vec<PathBuf> = files.map(|file| file.expect("a file").path()).collect();
    paths.sort();
    paths.into_iter().map(|path| (path.clone(), fs::read(path).expect("a file"))).collect()
}

/// Runs a property over a target's documents. `is_read` says whether one is read as it stands, so
/// that the corpus cannot rot into documents that are all refused.
fn replay(target: &str, property: fn(&[u8]), is_read: fn(&[u8]) -> bool) {
    let kept = kept(target);
    assert!(kept.len() > 1, "{target}: a corpus");
    let read = kept.iter().filter(|(_, bytes)| is_read(bytes)).count();
    assert!(read * 2 > kept.len(), "{target}: only {read} of {} are read", kept.len());
    for (path, bytes) in kept {
        // A panic names no file, so this does.
        let name = path.display();
        let run = |bytes: &[u8]| {
            let outcome = std::panic::catch_unwind(|| property(bytes));
            assert!(outcome.is_ok(), "{name}: {:?}", String::from_utf8_lossy(bytes));
        };
        run(&bytes);
        for cut in 1..CUTS {
            run(&bytes[..bytes.len() * cut / CUTS]);
        }
        for step in 0..REPLACED {
            let mut damaged = bytes.clone();
            let at = bytes.len() * step / REPLACED;
            damaged[at] = b"\t\n0\"-,<"[step % 7];
            run(&damaged);
        }
    }
}

fn is_settlement(bytes: &[u8]) -> bool {
    settlement_model::read(bytes, &properties::options()).is_ok()
}

#[test]
fn flat_file_v2() {
    replay("v2", properties::flat_file, is_settlement);
}

#[test]
fn flat_file_v1() {
    replay("v1", properties::flat_file, is_settlement);
}

#[test]
fn xml() {
    replay("xml", properties::xml, is_settlement);
}

#[test]
fn date_range() {
    let is_read =
        |bytes: &[u8]| settlement_model::date_range::read(bytes, &properties::options()).is_ok();
    replay("date_range", properties::date_range, is_read);
}

#[test]
fn encoding() {
    replay("encoding", properties::encoding, is_settlement);
}
