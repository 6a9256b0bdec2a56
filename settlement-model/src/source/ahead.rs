//! Inflating on one thread while another one reads what was inflated.
//!
//! Inflating takes about five times as long as reading, so that a compressed document is read in the
//! time of inflating it.

use std::io::{self, Read};
use std::panic;
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread;

use super::inflated::read_some;

/// Bytes inflated at a time. After each time the inflater keeps a copy of the last 32 KiB, so they
/// are many more than that.
const PIECE_BYTES: usize = 256 * 1024;

/// Pieces that there are. What fits into them is read without a second thread.
const PIECES: usize = 4;

/// Calls `read` with what `source` inflates; on another thread when that is much, while this thread
/// inflates on, so that the source need not be one that may change threads.
///
/// A panic on either thread is passed on when both have ended.
pub(crate) fn read_ahead<T: Send>(
    source: impl Read,
    read: impl Fn(&mut dyn Read) -> T + Sync,
) -> T {
    let (mut inflating, mut pieces) = ring(source);
    let much = (0..PIECES).all(|_| inflating.fill(vec![0; PIECE_BYTES]));
    let two = much && thread::available_parallelism().is_ok_and(|cores| cores.get() > 1);
    let alone = if two { side_by_side(inflating, &mut pieces, &read) } else { Err(inflating) };
    alone.unwrap_or_else(|inflating| read(&mut pieces.chain(inflating.into_source())))
}

/// Inflates here and reads on a second thread, or gives the source back when there is none to be
/// had.
fn side_by_side<R: Read, T: Send>(
    inflating: Inflating<R>,
    pieces: &mut Pieces,
    read: &(impl Fn(&mut dyn Read) -> T + Sync),
) -> Result<T, Inflating<R>> {
    thread::scope(|scope| {
        // The pieces go with the thread: when it ends, however it does, nobody waits for it.
        let reading = thread::Builder::new()
            .name("settlement-model".to_owned())
            .spawn_scoped(scope, || read(&mut std::mem::take(pieces)));
        let Ok(reading) = reading else { return Err(inflating) };
        inflating.run();
        Ok(reading.join().unwrap_or_else(|panicked| panic::resume_unwind(panicked)))
    })
}

/// The two ends of a ring of pieces: those that are filled go one way, those that were read the
/// other.
fn ring<R>(source: R) -> (Inflating<R>, Pieces) {
    let (filled, to_read) = mpsc::channel();
    let (emptied, to_fill) = mpsc::channel();
    let pieces = Pieces { ends: Some((to_read, emptied)), piece: Vec::new(), taken: 0 };
    (Inflating { source, filled, to_fill }, pieces)
}

/// The end that fills pieces.
struct Inflating<R> {
    source: R,
    filled: Sender<io::Result<Vec<u8>>>,
    to_fill: Receiver<Vec<u8>>,
}

impl<R: Read> Inflating<R> {
    /// Until the source has ended, or nobody reads on.
    fn run(mut self) {
        while let Ok(piece) = self.to_fill.recv() {
            if !self.fill(piece) {
                break;
            }
        }
    }

    /// Fills one piece; `false` when there is no more to come.
    fn fill(&mut self, mut piece: Vec<u8>) -> bool {
        let mut length = 0;
        let mut failure = None;
        while length < piece.len() && failure.is_none() {
            match read_some(&mut self.source, &mut piece[length..]) {
                Ok(0) => break,
                Ok(read) => length += read,
                Err(error) => failure = Some(error),
            }
        }
        let full = length == piece.len();
        piece.truncate(length);
        let mut told = [Ok(piece)].into_iter().chain(failure.map(Err));
        told.all(|told| self.filled.send(told).is_ok()) && full
    }

    /// Fills no more pieces.
    fn into_source(self) -> R {
        self.source
    }
}

/// Where filled pieces come from, and where emptied ones go back to.
type Ends = (Receiver<io::Result<Vec<u8>>>, Sender<Vec<u8>>);

/// The end that reads them. The default is one that has ended.
#[derive(Default)]
struct Pieces {
    ends: Option<Ends>,
    piece: Vec<u8>,
    taken: usize,
}

impl Read for Pieces {
    fn read(&mut self, room: &mut [u8]) -> io::Result<usize> {
        while self.taken == self.piece.len() {
            let Some((to_read, emptied)) = &self.ends else { return Ok(0) };
            let piece = std::mem::take(&mut self.piece);
            self.taken = 0;
            if !piece.is_empty() {
                // Nobody may be left to fill it, which is no failure.
                emptied.send(piece).ok();
            }
            match to_read.recv() {
                Ok(piece) => self.piece = piece?,
                Err(_) => self.ends = None,
            }
        }
        let read = (&self.piece[self.taken..]).read(room)?;
        self.taken += read;
        Ok(read)
    }
}

#[cfg(test)]
mod tests;
