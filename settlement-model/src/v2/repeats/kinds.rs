//! The groups of rows by what their cells say, for rows whose context is known.

use fearless_simd::Simd;

use crate::block::{Block, Short};

/// How many kinds are remembered before all are forgotten and learned anew.
const MOST_KINDS: usize = 4096;

/// Twice as many places, so that few kinds want the same one.
const PLACES: usize = 2 * MOST_KINDS;

/// How many places are tried for a kind.
const TRIES: usize = 4;

/// What decides a row's group beside the cells `amount-type` and `amount-description`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Scope {
    pub(super) context: u64,
    /// The first instant of the day, in seconds since 1970.
    pub(super) day: i64,
    /// The SKU's name; 0 where rows are not told apart by it.
    pub(super) sku: u64,
}

struct Entry {
    /// The numbers of the two entries that last came after this one: the rows of items come in one
    /// order, and some of them are left out.
    next: [usize; 2],
    scope: Scope,
    group: usize,
    /// The two cells, each with the tab behind it.
    text: Short,
}

/// A table of bounded size. A kind that is not in it may still be an old one.
pub(super) struct Kinds {
    entries: Vec<Entry>,
    /// For each place the number of an entry, counted from 1; 0 is free.
    places: Vec<u16>,
    /// The number of the entry that was found last.
    before: usize,
}

impl Kinds {
    pub(super) fn new() -> Self {
        Self { entries: Vec::new(), places: vec![0; PLACES], before: 0 }
    }

    /// How long the two cells are that a text begins with, and their group, if they are known.
    /// `block` is its first 64 bytes.
    #[inline(always)]
    pub(super) fn group<S: Simd>(
        &mut self,
        scope: &Scope,
        block: &Block<S>,
        text: &[u8],
    ) -> Option<(usize, usize)> {
        let [likely, possible] = self.entries.get(self.before)?.next;
        let found = if self.entries.get(likely)?.is(scope, block) {
            likely
        } else if self.entries.get(possible)?.is(scope, block) {
            possible
        } else {
            let tabs = block.places(b'\t');
            let second = (tabs & tabs.wrapping_sub(1)).trailing_zeros() as usize;
            let found = self.find(scope, text.get(..=second)?)?;
            self.entries.get_mut(self.before)?.next = [found, likely];
            found
        };
        self.before = found;
        let entry = self.entries.get(found)?;
        Some((entry.text.len(), entry.group))
    }

    /// The number of a kind's entry.
    fn find(&self, scope: &Scope, text: &[u8]) -> Option<usize> {
        let start = place(scope, text)?;
        (start..start + TRIES).find_map(|place| {
            let number = usize::from(*self.places.get(place % PLACES)?).checked_sub(1)?;
            let entry = self.entries.get(number)?;
            (entry.scope == *scope && entry.text.text() == text).then_some(number)
        })
    }

    pub(super) fn learn(&mut self, scope: &Scope, text: &[u8], group: usize) {
        let Some(start) = place(scope, text) else { return };
        if self.find(scope, text).is_some() {
            return;
        }
        let Some(text) = Short::new(text) else { return };
        if self.entries.len() == MOST_KINDS {
            self.entries.clear();
            self.places.fill(0);
            self.before = 0;
        }
        self.entries.push(Entry { next: [0; 2], scope: *scope, group, text });
        let free = (start..start + TRIES).find(|place| self.places[place % PLACES] == 0);
        // MOST_KINDS fits 16 bits.
        self.places[free.unwrap_or(start) % PLACES] =
            u16::try_from(self.entries.len()).unwrap_or_default();
    }
}

impl Entry {
    /// Whether it is the kind that a text begins with.
    #[inline(always)]
    fn is<S: Simd>(&self, scope: &Scope, block: &Block<S>) -> bool {
        self.text.starts(block) && self.scope == *scope
    }
}

/// Where a kind is looked for first. Its length and three times eight bytes of it tell kinds apart
/// well enough; `None` for the few that are shorter.
#[inline]
fn place(scope: &Scope, text: &[u8]) -> Option<usize> {
    /// An odd number without a pattern: 2^64 divided by the golden ratio.
    const SPREAD: u64 = 0x9e37_79b9_7f4a_7c15;
    let word = |at: usize| {
        let bytes = text.get(at..)?.first_chunk::<8>()?;
        Some(u64::from_le_bytes(*bytes))
    };
    let last = text.len().checked_sub(8)?;
    let cells = word(0)? ^ word(last / 2)?.rotate_left(17) ^ word(last)?.rotate_left(41);
    let group = scope.day.cast_unsigned() ^ scope.context << 48 ^ scope.sku << 32;
    let mixed = (cells ^ group.wrapping_mul(SPREAD)).wrapping_mul(SPREAD);
    // The highest bits depend on all the others.
    usize::try_from(mixed >> (64 - PLACES.trailing_zeros())).ok()
}
