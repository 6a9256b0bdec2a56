use std::panic::{AssertUnwindSafe, catch_unwind};

use proptest::prelude::*;

use super::*;

/// What the ring holds.
const RING: usize = PIECES * PIECE_BYTES;

/// A source of so many bytes that hands out at most so many at a time, and then ends, fails or
/// panics. It must stay on its thread, as one with an `Rc` within it must.
struct Source {
    left: usize,
    step: usize,
    end: End,
    stays: std::marker::PhantomData<std::rc::Rc<()>>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum End {
    Silent,
    Failure,
    Panic,
}

fn source(length: usize, step: usize, end: End) -> Source {
    Source { left: length, step, end, stays: std::marker::PhantomData }
}

/// So many bytes before the end, of a text in which no two pieces are alike.
fn bytes_before_end(left: usize) -> impl Iterator<Item = u8> {
    (0..251_u8).rev().cycle().skip(250 - left % 251)
}

impl Read for Source {
    fn read(&mut self, room: &mut [u8]) -> io::Result<usize> {
        if self.left == 0 {
            match self.end {
                End::Silent => return Ok(0),
                End::Failure => return Err(io::Error::other("torn off")),
                End::Panic => panic!("the source's"),
            }
        }
        let read = room.len().min(self.step).min(self.left);
        room[..read].iter_mut().zip(bytes_before_end(self.left)).for_each(|(to, byte)| *to = byte);
        self.left -= read;
        Ok(read)
    }
}

/// How many bytes come, all of them right, and whether an error ends them.
fn drain(bytes: &mut dyn Read, length: usize, room: usize) -> (usize, Option<String>) {
    let (mut taken, mut piece) = (0, vec![0; room]);
    loop {
        match bytes.read(&mut piece) {
            Ok(0) => return (taken, None),
            Err(error) => return (taken, Some(error.to_string())),
            Ok(read) => {
                let right = bytes_before_end(length - taken).take(read);
                assert!(right.eq(piece[..read].iter().copied()), "behind {taken}");
                taken += read;
            }
        }
    }
}

fn lengths() -> impl Strategy<Value = usize> {
    let near = |length: usize| length - 2..length + 3;
    prop_oneof![0_usize..3, near(PIECE_BYTES), near(RING), near(RING + PIECE_BYTES), RING..3 * RING]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    #[test]
    fn all_bytes_come_and_then_the_failure(
        length in lengths(),
        step in prop_oneof![900_usize..3_000, 60_000_usize..400_000],
        room in prop_oneof![500_usize..3_000, 60_000_usize..700_000],
        fails: bool,
    ) {
        let end = if fails { End::Failure } else { End::Silent };
        let told = read_ahead(source(length, step, end), |bytes| drain(bytes, length, room));
        prop_assert_eq!(told, (length, fails.then(|| "torn off".to_owned())));
    }

    /// No more is taken of a source than the ring holds beyond what was read.
    #[test]
    fn one_that_stops_early_stops_the_other(length in lengths(), wanted in 0_usize..2 * RING) {
        let mut source = source(length, 100_000, End::Silent);
        let read = read_ahead(source.by_ref(), |bytes| {
            io::copy(&mut bytes.take(wanted as u64), &mut io::sink()).expect("no failure")
        });
        prop_assert_eq!(read, wanted.min(length) as u64);
        prop_assert!(length - source.left <= wanted + RING + PIECE_BYTES);
    }
}

#[test]
fn a_panic_on_either_side_ends_both() {
    for length in [10, 3 * RING] {
        let caught = |run: &dyn Fn() -> usize| {
            let panicked = catch_unwind(AssertUnwindSafe(run)).expect_err("a panic");
            panicked.downcast_ref::<&str>().map(ToString::to_string)
        };
        let of_source = caught(&|| {
            read_ahead(source(length, 5_000, End::Panic), |bytes| drain(bytes, length, 5_000).0)
        });
        assert_eq!(of_source.as_deref(), Some("the source's"));
        let of_reader =
            caught(&|| read_ahead(source(length, 5_000, End::Silent), |_| panic!("the reader's")));
        assert_eq!(of_reader.as_deref(), Some("the reader's"));
    }
}

/// As where no second thread is to be had.
#[test]
fn what_the_ring_holds_and_what_follows_is_read_on_one_thread() {
    let length = 2 * RING;
    let (mut inflating, mut pieces) = ring(source(length, 70_000, End::Silent));
    assert!((0..PIECES).all(|_| inflating.fill(vec![0; PIECE_BYTES])));
    let rest = inflating.into_source();
    assert_eq!(rest.left, length - RING);
    assert_eq!(drain(&mut pieces.by_ref().chain(rest), length, 5_000), (length, None));
    assert_eq!(drain(&mut pieces, length, 5_000), (0, None));
}
