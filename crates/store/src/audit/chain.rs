//! Following chains: what a check of the log, or of an export, does with each line.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{GENESIS, Line, broken, chained};
use crate::{checkpoint::Checkpoint, error::Error};

/// What a check of the whole log found, when nothing is wrong.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuditCheck {
    /// The end of each connection's chain, by the connection's name.
    pub chains: BTreeMap<String, ChainEnd>,
    /// The newest event of each chain that a checkpoint vouches for. Whether its signature is good
    /// is the caller's to check.
    pub vouched: BTreeMap<String, u64>,
    /// Checkpoints whose event has not come yet.
    expected: BTreeMap<String, BTreeMap<u64, Checkpoint>>,
}

impl AuditCheck {
    /// How many events there are, in all chains together.
    #[must_use]
    pub fn events(&self) -> u64 {
        self.chains.values().map(|end| end.events).sum()
    }
}

/// An event as it is kept and hashed. Lines of all chains, written to a file, can be checked without
/// the store: see [`AuditCheck::of_lines`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditLine {
    /// Whose chain it is part of.
    pub connection: String,
    /// See [`Event::seq`].
    pub seq: u64,
    /// See [`Event::previous`].
    pub previous: String,
    /// The event as JSON, exactly as it was hashed.
    pub event: String,
    /// See [`Event::hash`].
    pub hash: String,
}

impl AuditCheck {
    /// Recomputes the chains of exported lines. The lines of each chain come in order; chains may
    /// be mixed. What was cut off a chain's end shows in [`ChainEnd`] alone.
    ///
    /// # Errors
    /// [`Error::AuditBroken`] with the first event that does not fit.
    pub fn of_lines(lines: impl IntoIterator<Item = AuditLine>) -> Result<Self, Error> {
        let mut check = Self::default();
        for line in lines {
            check.follow(&line)?;
        }
        check.ended()?;
        Ok(check)
    }

    /// The chain must have this checkpoint's event with this hash. Told before its event comes.
    pub fn expect(&mut self, checkpoint: Checkpoint) {
        let of_chain = self.expected.entry(checkpoint.connection.clone()).or_default();
        of_chain.insert(checkpoint.seq, checkpoint);
    }

    /// Nothing more comes: every checkpoint must have met its event.
    ///
    /// # Errors
    /// [`Error::AuditBroken`] with the first event that is missing at the end of a chain.
    pub fn ended(&self) -> Result<(), Error> {
        let Some((connection, checkpoint)) = self
            .expected
            .iter()
            .find_map(|(connection, of_chain)| Some((connection, of_chain.values().next_back()?)))
        else {
            return Ok(());
        };
        let events = self.chains.get(connection).map_or(0, |end| end.events);
        let Checkpoint { seq, at, .. } = checkpoint;
        let what =
            format!("the log ends at event {events}, but event {seq} was vouched for at {at}");
        Err(broken(connection, events + 1, what))
    }

    /// Checks the next line of any chain.
    ///
    /// # Errors
    /// As [`of_lines`](Self::of_lines).
    pub fn follow(&mut self, line: &AuditLine) -> Result<(), Error> {
        let end = self.chains.entry(line.connection.clone()).or_insert_with(ChainEnd::genesis);
        end.follow(line)?;
        let Some(of_chain) = self.expected.get_mut(&line.connection) else { return Ok(()) };
        let Some(checkpoint) = of_chain.remove(&line.seq) else { return Ok(()) };
        if of_chain.is_empty() {
            self.expected.remove(&line.connection);
        }
        let vouched = self.vouched.entry(line.connection.clone()).or_default();
        if checkpoint.head != line.hash {
            let what = format!(
                "it, or an event between {vouched} and it, was rewritten: another one was vouched \
                 for at {}",
                checkpoint.at
            );
            return Err(broken(&line.connection, line.seq, what));
        }
        *vouched = line.seq;
        Ok(())
    }
}

/// The end of a chain. Noted elsewhere, it proves later that the chain only grew.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChainEnd {
    /// How many events the chain has.
    pub events: u64,
    /// The hash of its newest.
    pub head: String,
}

impl AuditLine {
    pub(super) fn parsed(&self) -> Result<Line, Error> {
        let broken = |what: String| broken(&self.connection, self.seq, what);
        let line: Line = serde_json::from_str(&self.event)
            .map_err(|error| broken(format!("its text cannot be read ({error})")))?;
        if line.seq != self.seq || line.connection != self.connection {
            return Err(broken(format!("it calls itself event {}", line.seq)));
        }
        Ok(line)
    }
}

impl ChainEnd {
    /// The end of a chain without an event.
    pub(super) fn genesis() -> Self {
        Self { events: 0, head: GENESIS.to_owned() }
    }

    /// Checks the next event and moves on to it.
    fn follow(&mut self, kept: &AuditLine) -> Result<(), Error> {
        let seq = self.events + 1;
        let broken = |what: &str| Err(broken(&kept.connection, seq, what));
        if kept.seq != seq {
            return broken("it is missing");
        }
        if kept.previous != self.head {
            return broken("it does not follow the event before it");
        }
        if chained(&kept.previous, &kept.event) != kept.hash {
            return broken("its text was changed");
        }
        kept.parsed()?;
        *self = Self { events: seq, head: kept.hash.clone() };
        Ok(())
    }
}
