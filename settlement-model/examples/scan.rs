//! What a file costs that is not read as a settlement: the yardsticks of the benchmark.
//!
//! `cargo run -p settlement-model --release --example scan -- blocks|memchr2|inflate FILE`
//!
//! `blocks` and `memchr2` visit every tab and line end, with the quickest and the common way of
//! finding them, and do nothing else; `inflate` decompresses and does nothing else. Each prints how
//! much there was.

use std::env;
use std::error::Error;
use std::fs::File;
use std::io::{self, Read, Write};

use fearless_simd::{Level, Simd, SimdBase, SimdFrom, SimdMask, dispatch, u8x64};
use flate2::read::MultiGzDecoder;

const CHUNK_BYTES: usize = 64 * 1024;
/// What the inflater is asked for at a time, which makes it quickest.
const INFLATED_BYTES: usize = 256 * 1024;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = env::args().skip(1);
    let what = arguments.next().ok_or("say blocks, memchr2 or inflate")?;
    let file = File::open(arguments.next().ok_or("name a file")?)?;
    let level = Level::new();
    let found = match what.as_str() {
        "blocks" => {
            each_chunk(file, CHUNK_BYTES, |bytes| dispatch!(level, simd => blocks(simd, bytes)))?
        }
        "memchr2" => each_chunk(file, CHUNK_BYTES, |bytes| {
            memchr::memchr2_iter(b'\t', b'\n', bytes).fold(Visited::default(), Visited::visit)
        })?,
        "inflate" => each_chunk(MultiGzDecoder::new(file), INFLATED_BYTES, |bytes| Visited {
            count: bytes.len(),
            places: 0,
        })?,
        _ => return Err("say blocks, memchr2 or inflate".into()),
    };
    writeln!(io::stdout(), "{} {}", found.count, found.places)?;
    Ok(())
}

/// How many places were visited, and all of them together, so that no visit can be left out.
#[derive(Default)]
struct Visited {
    count: usize,
    places: usize,
}

impl Visited {
    fn visit(self, place: usize) -> Self {
        Self { count: self.count + 1, places: self.places ^ place }
    }
}

fn each_chunk(
    mut source: impl Read,
    chunk_bytes: usize,
    scan: impl Fn(&[u8]) -> Visited,
) -> io::Result<Visited> {
    let mut buffer = vec![0; chunk_bytes];
    let mut all = Visited::default();
    loop {
        let read = source.read(&mut buffer)?;
        if read == 0 {
            return Ok(all);
        }
        let found = scan(&buffer[..read]);
        all.count += found.count;
        all.places ^= found.places;
    }
}

#[inline(always)]
fn blocks<S: Simd>(simd: S, bytes: &[u8]) -> Visited {
    let (blocks, rest) = bytes.as_chunks::<64>();
    let mut found = Visited::default();
    for (number, block) in blocks.iter().enumerate() {
        let block = u8x64::simd_from(simd, *block);
        let is = |byte| block.simd_eq(u8x64::splat(simd, byte)).to_bitmask();
        let mut bits = is(b'\t') | is(b'\n');
        while bits != 0 {
            found = found.visit(64 * number + bits.trailing_zeros() as usize);
            bits &= bits - 1;
        }
    }
    let start = bytes.len() - rest.len();
    let places = (start..bytes.len()).filter(|place| matches!(bytes[*place], b'\t' | b'\n'));
    places.fold(found, Visited::visit)
}
