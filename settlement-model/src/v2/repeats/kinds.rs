//! The groups of rows by what their cells say, for rows whose context is known.

use crate::delimiters::BLOCK;

/// How many kinds are remembered before all are forgotten and learned anew.
const MOST_KINDS: usize = 4096;

/// Twice as many places, so that few kinds want the same one.
const PLACES: usize = 2 * MOST_KINDS;

/// How many places are tried for a kind.
const TRIES: usize = 4;

/// What decides a row's group.
#[derive(Debug, Clone, Copy)]
pub(super) struct Kind<'t> {
    pub(super) context: u64,
    /// The first instant of the day, in seconds since 1970.
    pub(super) day: i64,
    /// The SKU's name; 0 where rows are not told apart by it.
    pub(super) sku: u64,
    /// The cells `amount-type` and `amount-description`, each with the tab behind it.
    pub(super) text: &'t [u8],
}

struct Entry {
    /// The number of the entry that last came after this one: the rows of items come in one order.
    next: usize,
    context: u64,
    day: i64,
    sku: u64,
    group: usize,
    length: usize,
    text: [u8; BLOCK],
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

    /// The group of a kind, if it is known.
    #[inline]
    pub(super) fn group(&mut self, kind: &Kind<'_>) -> Option<usize> {
        let expected = self.entries.get(self.before)?.next;
        if let Some(entry) = self.entries.get(expected)
            && entry.is(kind)
        {
            self.before = expected;
            return Some(entry.group);
        }
        let found = self.find(kind)?;
        self.entries.get_mut(self.before)?.next = found;
        self.before = found;
        Some(self.entries.get(found)?.group)
    }

    /// The number of a kind's entry.
    fn find(&self, kind: &Kind<'_>) -> Option<usize> {
        let start = place(kind)?;
        (start..start + TRIES).find_map(|place| {
            let number = usize::from(*self.places.get(place % PLACES)?).checked_sub(1)?;
            self.entries.get(number)?.is(kind).then_some(number)
        })
    }

    pub(super) fn learn(&mut self, kind: &Kind<'_>, group: usize) {
        let Some(start) = place(kind) else { return };
        if kind.text.len() > BLOCK || self.find(kind).is_some() {
            return;
        }
        if self.entries.len() == MOST_KINDS {
            self.entries.clear();
            self.places.fill(0);
            self.before = 0;
        }
        let Kind { context, day, sku, text: own } = *kind;
        let mut text = [0; BLOCK];
        text[..own.len()].copy_from_slice(own);
        self.entries.push(Entry { next: 0, context, day, sku, group, length: own.len(), text });
        let free = (start..start + TRIES).find(|place| self.places[place % PLACES] == 0);
        // MOST_KINDS fits 16 bits.
        self.places[free.unwrap_or(start) % PLACES] =
            u16::try_from(self.entries.len()).unwrap_or_default();
    }
}

impl Entry {
    #[inline]
    fn is(&self, kind: &Kind<'_>) -> bool {
        self.context == kind.context
            && self.day == kind.day
            && self.sku == kind.sku
            && self.text.get(..self.length) == Some(kind.text)
    }
}

/// Where a kind is looked for first. Its length and three times eight bytes of it tell kinds apart
/// well enough; `None` for the few that are shorter.
#[inline]
fn place(kind: &Kind<'_>) -> Option<usize> {
    /// An odd number without a pattern: 2^64 divided by the golden ratio.
    const SPREAD: u64 = 0x9e37_79b9_7f4a_7c15;
    let text = kind.text;
    let word = |at: usize| {
        let bytes = text.get(at..)?.first_chunk::<8>()?;
        Some(u64::from_le_bytes(*bytes))
    };
    let last = text.len().checked_sub(8)?;
    let cells = word(0)? ^ word(last / 2)?.rotate_left(17) ^ word(last)?.rotate_left(41);
    let group = kind.day.cast_unsigned() ^ kind.context << 48 ^ kind.sku << 32;
    let mixed = (cells ^ group.wrapping_mul(SPREAD)).wrapping_mul(SPREAD);
    // The highest bits depend on all the others.
    usize::try_from(mixed >> (64 - PLACES.trailing_zeros())).ok()
}
