//! The members of a gzip file, inflated.

use std::io::{self, BufRead, BufReader, ErrorKind, Read};

use flate2::{Decompress, FlushDecompress, Status};

use super::READ_BYTES;

/// The farthest that deflate looks back, as a power of two.
const WINDOW_BITS: u8 = 15;

/// Inflates a source that begins as gzip does. The inflater itself checks each member's sum and
/// length.
///
/// Everything in front of a damaged place comes out, and then the error, however much is asked for
/// at a time.
pub(crate) struct Gzip<R> {
    source: BufReader<R>,
    inflater: Decompress,
    /// Whether a member has begun that has not ended.
    within: bool,
    /// Whether there is damage behind what came out last.
    damaged: bool,
    ended: bool,
}

impl<R: Read> Gzip<R> {
    pub(super) fn new(source: R) -> Self {
        Self {
            source: BufReader::with_capacity(READ_BYTES, source),
            inflater: Decompress::new_gzip(WINDOW_BITS),
            within: true,
            damaged: false,
            ended: false,
        }
    }

    /// Inflates what is at hand. No bytes mean that more of the source is needed, or that it ended.
    fn inflate(&mut self, room: &mut [u8]) -> io::Result<usize> {
        let input = loop {
            match self.source.fill_buf() {
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                other => break other?,
            }
        };
        let source_ended = input.is_empty();
        if !self.within {
            if source_ended {
                self.ended = true;
                return Ok(0);
            }
            self.inflater.reset(true);
            self.within = true;
        }
        let (read, written) = (self.inflater.total_in(), self.inflater.total_out());
        let result = self.inflater.decompress(input, room, FlushDecompress::None);
        let count = |total: u64, before: u64| usize::try_from(total - before).unwrap_or(usize::MAX);
        let written = count(self.inflater.total_out(), written);
        self.source.consume(count(self.inflater.total_in(), read));
        match result {
            Ok(Status::StreamEnd) => self.within = false,
            Ok(_) if written == 0 && source_ended => return Err(ErrorKind::UnexpectedEof.into()),
            Ok(_) => {}
            // Of what kind the damage is depends on how much was asked for.
            Err(_) => self.damaged = true,
        }
        Ok(written)
    }
}

impl<R: Read> Read for Gzip<R> {
    fn read(&mut self, room: &mut [u8]) -> io::Result<usize> {
        while !room.is_empty() && !self.ended {
            if self.damaged {
                self.ended = true;
                return Err(io::Error::new(ErrorKind::InvalidData, "its gzip is damaged"));
            }
            let written = self.inflate(room)?;
            if written > 0 {
                return Ok(written);
            }
        }
        Ok(0)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::GzEncoder;
    use proptest::prelude::*;

    use super::*;

    fn member(text: &[u8], level: u32) -> Vec<u8> {
        let mut gzip = GzEncoder::new(Vec::new(), Compression::new(level));
        gzip.write_all(text).expect("in memory");
        gzip.finish().expect("in memory")
    }

    /// What comes out, and what for an error.
    fn inflate(bytes: &[u8], room: usize) -> (Vec<u8>, Option<String>) {
        let mut gzip = Gzip::new(bytes);
        let (mut out, mut piece) = (Vec::new(), vec![0; room]);
        loop {
            match gzip.read(&mut piece) {
                Ok(0) => return (out, None),
                Ok(read) => out.extend(&piece[..read]),
                Err(error) => return (out, Some(error.to_string())),
            }
        }
    }

    proptest! {
        #[test]
        fn all_members_come_out(
            texts in prop::collection::vec(("[a-z\t]{0,30}", 0_usize..900, 0_u32..10), 1..5),
            room in 1_usize..70_000,
        ) {
            let (mut whole, mut bytes) = (Vec::new(), Vec::new());
            for (text, times, level) in texts {
                let text = text.repeat(times).into_bytes();
                bytes.extend(member(&text, level));
                whole.extend(text);
            }
            prop_assert_eq!(inflate(&bytes, room), (whole, None));
        }

        /// Cut off or damaged anywhere: as much comes out in small pieces as in large ones, and the
        /// same error.
        #[test]
        fn damage_is_met_at_the_same_place(
            lines in prop::collection::vec("[a-z0-9]{1,12}\t[a-z]{0,5}\n", 1..400),
            level in 0_u32..10,
            place: prop::sample::Index,
            flip in prop::option::of(1_u8..),
            room in 1_usize..300,
        ) {
            let text = lines.concat().into_bytes();
            let mut bytes = member(&text, level);
            let at = place.index(bytes.len());
            match flip {
                Some(flip) => bytes[at] ^= flip,
                None => bytes.truncate(at),
            }
            let (out, error) = inflate(&bytes, 1 << 20);
            prop_assert_eq!(&(out.clone(), error.clone()), &inflate(&bytes, room));
            // What the flip did not touch is the text; and the sum tells of what it did.
            prop_assert!(error.is_some() || out == text || out.is_empty());
            if flip.is_none() {
                prop_assert!(text.starts_with(&out));
            }
        }
    }
}
