//! How often somebody may try to sign in.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// How long a failed attempt counts.
const WINDOW: Duration = Duration::from_secs(15 * 60);

/// Failed attempts within the window by which a name has to wait.
const OF_A_NAME: usize = 10;

/// Failed attempts within the window by which an address has to wait: several people may share one.
const OF_AN_ADDRESS: usize = 50;

/// How many names and addresses are remembered; beyond that, everybody waits.
const KEPT_MAX: usize = 10_000;

/// Whose attempts are counted.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Who {
    Name(String),
    Address(Option<IpAddr>),
}

/// The failed attempts of this process. They are forgotten when it ends.
#[derive(Debug, Default)]
pub(in crate::console) struct Attempts(Mutex<HashMap<Who, Vec<Duration>>>);

impl Attempts {
    /// Whether somebody may try now, by the clock's time; the minutes to wait if not.
    pub(super) fn may_try(
        &self,
        name: &str,
        address: Option<IpAddr>,
        now: Duration,
    ) -> Result<(), u64> {
        let mut kept = self.kept();
        forget(&mut kept, now);
        let full = kept.len() >= KEPT_MAX;
        let minutes = |oldest: Duration| (oldest + WINDOW).saturating_sub(now).as_secs() / 60 + 1;
        for (who, most) in [name_of(name, OF_A_NAME), (Who::Address(address), OF_AN_ADDRESS)] {
            match kept.get(&who) {
                Some(failed) if failed.len() >= most => {
                    return Err(failed.first().copied().map_or(1, minutes));
                }
                None if full => return Err(WINDOW.as_secs() / 60),
                _ => {}
            }
        }
        Ok(())
    }

    /// Somebody failed.
    pub(super) fn failed(&self, name: &str, address: Option<IpAddr>, now: Duration) {
        let mut kept = self.kept();
        for (who, most) in [name_of(name, OF_A_NAME), (Who::Address(address), OF_AN_ADDRESS)] {
            let failed = kept.entry(who).or_default();
            if failed.len() < most {
                failed.push(now);
            }
        }
    }

    /// Somebody signed in: their name starts afresh, their address does not.
    pub(super) fn succeeded(&self, name: &str) {
        self.kept().remove(&name_of(name, OF_A_NAME).0);
    }

    fn kept(&self) -> MutexGuard<'_, HashMap<Who, Vec<Duration>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Longer names than anybody has are cut, so that they take no room.
fn name_of(name: &str, most: usize) -> (Who, usize) {
    (Who::Name(name.chars().take(100).collect()), most)
}

fn forget(kept: &mut HashMap<Who, Vec<Duration>>, now: Duration) {
    kept.retain(|_, failed| {
        failed.retain(|at| *at + WINDOW > now);
        !failed.is_empty()
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: Duration = Duration::from_secs(60);

    fn address(last: u8) -> Option<IpAddr> {
        Some(IpAddr::from([10, 0, 0, last]))
    }

    #[test]
    fn a_name_waits_wherever_it_is_tried_from() {
        let attempts = Attempts::default();
        for number in 0..10 {
            assert_eq!(attempts.may_try("anna", address(number), MINUTE), Ok(()), "{number}");
            attempts.failed("anna", address(number), MINUTE);
        }
        assert_eq!(attempts.may_try("anna", address(99), 2 * MINUTE), Err(15));
        assert_eq!(attempts.may_try("bert", address(99), 2 * MINUTE), Ok(()));
        assert_eq!(attempts.may_try("anna", address(99), 17 * MINUTE), Ok(()));
    }

    #[test]
    fn an_address_waits_whatever_name_it_tries() {
        let attempts = Attempts::default();
        for number in 0..50 {
            let name = number.to_string();
            assert_eq!(attempts.may_try(&name, address(1), MINUTE), Ok(()), "{number}");
            attempts.failed(&name, address(1), MINUTE);
        }
        assert_eq!(attempts.may_try("anna", address(1), MINUTE), Err(16));
        attempts.succeeded("anna");
        assert_eq!(attempts.may_try("anna", address(1), MINUTE), Err(16));
        assert_eq!(attempts.may_try("anna", address(2), MINUTE), Ok(()));
    }

    #[test]
    fn who_signs_in_starts_afresh() {
        let attempts = Attempts::default();
        for _ in 0..9 {
            attempts.failed("anna", address(1), MINUTE);
        }
        attempts.succeeded("anna");
        attempts.failed("anna", address(1), MINUTE);
        assert_eq!(attempts.may_try("anna", address(1), MINUTE), Ok(()));
    }
}
