//! What Amazon tells and this version does not know: left out, but counted.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde_ignored::Path;

use super::Client;

/// So many places are counted apart; what comes after is only told to the log.
const PLACES_MAX: usize = 1000;

/// A member of Amazon's answers that this version does not know and left out.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct UnknownMember {
    /// The operation that answered with it.
    pub operation: &'static str,
    /// Where it was, like `reports[].newMember`.
    pub member: String,
    /// How often it was there.
    pub times: u64,
}

/// The members that were left out since the client was built.
#[derive(Debug, Default)]
pub(crate) struct UnknownMembers(Mutex<BTreeMap<(&'static str, String), u64>>);

impl UnknownMembers {
    pub(super) fn count(&self, operation: &'static str, path: &Path<'_>) {
        let member = place(path);
        tracing::debug!(operation, %member, "a member is not known to this version");
        let mut counts = self.counts();
        let known = counts.len();
        if let Some(times) = counts.get_mut(&(operation, member.clone())) {
            *times += 1;
        } else if known < PLACES_MAX {
            counts.insert((operation, member), 1);
        }
    }

    fn counts(&self) -> MutexGuard<'_, BTreeMap<(&'static str, String), u64>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Client {
    /// The members of Amazon's answers that this version does not know, and how often they came.
    /// They do no harm; they tell that Amazon has something new. Those of the contexts of Finances
    /// 2024-06-19 are not counted.
    #[must_use]
    pub fn unknown_members(&self) -> Vec<UnknownMember> {
        let counts = self.inner.unknown.counts();
        let members = counts.iter().map(|((operation, member), times)| UnknownMember {
            operation,
            member: member.clone(),
            times: *times,
        });
        members.collect()
    }
}

/// A place without the numbers of list items: the same member of each item is one place.
fn place(path: &Path<'_>) -> String {
    match path {
        Path::Root => String::new(),
        Path::Seq { parent, .. } => format!("{}[]", place(parent)),
        Path::Map { parent, key } => match place(parent) {
            of if of.is_empty() => key.clone(),
            of => format!("{of}.{key}"),
        },
        Path::Some { parent }
        | Path::NewtypeStruct { parent }
        | Path::NewtypeVariant { parent } => place(parent),
    }
}
