//! Chance, as an argument.

use std::fmt;
use std::sync::{Mutex, PoisonError};

/// A source of random numbers. Good enough to spread waits, not for keys.
pub trait Random: Send + Sync + fmt::Debug {
    /// A number below `bound`, each equally likely; 0 when `bound` is 0.
    fn below(&self, bound: u64) -> u64;
}

/// Random numbers that differ from run to run.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemRandom;

impl SystemRandom {
    /// The system's randomness.
    #[must_use]
    pub const fn new() -> Self {
        Self
    }
}

impl Random for SystemRandom {
    fn below(&self, bound: u64) -> u64 {
        if bound == 0 { 0 } else { fastrand::u64(..bound) }
    }
}

/// Random numbers that are the same for the same seed.
#[derive(Debug)]
pub struct SeededRandom(Mutex<fastrand::Rng>);

impl SeededRandom {
    /// The numbers of this seed, from the first.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self(Mutex::new(fastrand::Rng::with_seed(seed)))
    }
}

impl Random for SeededRandom {
    fn below(&self, bound: u64) -> u64 {
        let mut rng = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if bound == 0 { 0 } else { rng.u64(..bound) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_stay_below_the_bound() {
        for random in [&SystemRandom::new() as &dyn Random, &SeededRandom::new(7)] {
            assert_eq!(random.below(0), 0);
            assert_eq!(random.below(1), 0);
            assert!((0..1000).all(|_| random.below(10) < 10));
        }
    }

    #[test]
    fn a_seed_repeats_itself_and_differs_from_another() {
        let draw = |seed| {
            let random = SeededRandom::new(seed);
            (0..20).map(|_| random.below(1_000_000)).collect::<Vec<_>>()
        };
        assert_eq!(draw(1), draw(1));
        assert_ne!(draw(1), draw(2));
    }
}
