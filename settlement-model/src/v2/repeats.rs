//! Rows that say again what earlier rows said, added up without being read in full.
//!
//! Nearly every row of a settlement repeats: the rows of one item differ in three cells, and the
//! first row of an item has the settlement, the kind of transaction, the marketplace and the day of
//! rows before it. What such cells mean was checked when they were first read, and equal bytes mean
//! the same, so they are compared instead of being read again. What is new in a row (its amount, its
//! time, its number of cells) is checked in full.
//!
//! This is a short cut and no second set of rules. Whatever is not known, or not in the plainest
//! form, is left to the row reader, and all that is known was learned from a row that it accepted.

mod amount;
mod kinds;
mod posted;
mod skus;

use jiff::tz::TimeZone;

use self::kinds::{Kind, Kinds};
use self::posted::{Clock, Days};
use self::skus::Skus;
use super::columns::Column;
use super::row::Row;
use crate::delimiters::{BLOCK, Marks, tabs};
use crate::document::{DecimalSign, ReadOptions};
use crate::settlement::ReportTime;
use crate::tally::Tally;

/// How many contexts are remembered. A settlement has about one per kind of transaction.
const MOST_CONTEXTS: usize = 32;

// The cells that are looked at, by their place in Amazon's order.
const TRANSACTION_TYPE: usize = Column::TransactionType as usize;
const MARKETPLACE: usize = Column::MarketplaceName as usize;
const AMOUNT_DESCRIPTION: usize = Column::AmountDescription as usize;
const AMOUNT: usize = Column::Amount as usize;
const FULFILLMENT: usize = Column::FulfillmentId as usize;
const POSTED: usize = Column::PostedDateTime as usize;
const SKU: usize = Column::Sku as usize;

/// What is known of a document's rows.
pub(crate) struct Repeats {
    /// How many headers the document had when this was learned: another one may mean other columns.
    headers: u64,
    columns: usize,
    /// A longer line is a defect.
    line_bytes: usize,
    contexts: Vec<Context>,
    /// The context of the row before, which is most often that of the next.
    current: usize,
    /// Contexts learned so far; the number makes each one's name.
    learned: u64,
    kinds: Kinds,
    clock: Clock,
    days: Days,
    /// Those that rows are told apart by, if they are.
    skus: Option<Skus>,
    /// Behind this column cells are only counted.
    last: Column,
    /// Where the cells up to that of the row at hand end.
    ends: [usize; SKU + 1],
}

/// Cells that decide what a row is part of, as they stand.
struct Context {
    name: u64,
    /// From the settlement id to the transaction type, with the tab behind it.
    lead: Box<[u8]>,
    marketplace: Box<[u8]>,
    fulfillment: Box<[u8]>,
    amounts: amount::Shape,
}

/// How far the known rows went.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Passed {
    pub(crate) bytes: usize,
    pub(crate) rows: u64,
}

/// A known row.
struct Known {
    length: usize,
    group: usize,
    units: i64,
    like: Like,
}

/// Where the row before stands, to compare the next with: all in front of its three own cells, and
/// all behind them up to and with the line end.
#[derive(Clone, Copy)]
struct Like {
    head: (usize, usize),
    tail: (usize, usize),
    context: usize,
    day: i64,
    sku: u64,
}

impl Repeats {
    pub(crate) fn new(zone: TimeZone, options: &ReadOptions) -> Self {
        Self {
            headers: 0,
            columns: 0,
            line_bytes: options.limits.line_bytes,
            contexts: Vec::new(),
            current: 0,
            learned: 0,
            kinds: Kinds::new(),
            clock: Clock::new(),
            days: Days::new(zone),
            skus: options.group_by_sku.then(Skus::new),
            last: if options.group_by_sku { Column::Sku } else { Column::PostedDateTime },
            ends: [0; SKU + 1],
        }
    }

    /// Adds up the rows at the start of the text as long as they are known. `line` is that of the
    /// first of them.
    pub(crate) fn pass(&mut self, text: &[u8], line: u64, tally: &mut Tally) -> Passed {
        let mut passed = Passed::default();
        let mut before = None;
        loop {
            let at = passed.bytes;
            let alike = before.and_then(|before| self.row_like(before, text, at));
            let Some(row) = alike.or_else(|| self.known_row(text, at)) else { break };
            let fits = row.length <= self.line_bytes;
            if !fits || !tally.add_to(row.group, row.units.into(), line + passed.rows) {
                break;
            }
            passed.bytes += row.length;
            passed.rows += 1;
            before = Some(row.like);
        }
        passed
    }

    /// The row at a place, if it differs from the row before in nothing but what the amount is for
    /// and the amount.
    #[inline]
    fn row_like(&mut self, like: Like, text: &[u8], at: usize) -> Option<Known> {
        let head = text.get(like.head.0..like.head.1)?;
        let tail = text.get(like.tail.0..like.tail.1)?;
        let own = text.get(at..)?.strip_prefix(head)?;
        // The line cannot end before the third tab: no known kind and no amount has a line end.
        let first = tabs(own);
        let second = first & first.wrapping_sub(1);
        let third = second & second.wrapping_sub(1);
        let (kind_end, end) = (second.trailing_zeros() as usize, third.trailing_zeros() as usize);
        if end >= BLOCK || own.get(end..end + tail.len())? != tail {
            return None;
        }
        let context = self.contexts.get(like.context)?;
        let (day, sku) = (like.day, like.sku);
        let kind = Kind { context: context.name, day, sku, text: own.get(..=kind_end)? };
        let start = at + head.len();
        Some(Known {
            length: head.len() + end + tail.len(),
            group: self.kinds.group(&kind)?,
            units: context.amounts.units(own.get(..end)?, kind_end + 1)?,
            like: Like { head: (at, start), tail: (start + end, start + end + tail.len()), ..like },
        })
    }

    /// The row at a place, if all of its cells that matter are known.
    fn known_row(&mut self, text: &[u8], at: usize) -> Option<Known> {
        let rest = text.get(at..)?;
        let length = self.split(rest)?;
        let cell = |column: usize| rest.get(self.ends[column - 1] + 1..self.ends[column]);
        let lead = rest.get(..=self.ends[TRANSACTION_TYPE])?;
        let (marketplace, fulfillment) = (cell(MARKETPLACE)?, cell(FULFILLMENT)?);
        let is = |context: &Context| {
            *context.lead == *lead
                && *context.marketplace == *marketplace
                && *context.fulfillment == *fulfillment
        };
        let index = if self.contexts.get(self.current).is_some_and(is) {
            self.current
        } else {
            self.contexts.iter().position(is)?
        };
        let context = self.contexts.get(index)?;
        let day = self.days.of(self.clock.instant(cell(POSTED)?)?)?;
        let sku = match &self.skus {
            Some(skus) => skus.name(cell(SKU)?)?,
            None => 0,
        };
        let own = self.ends[MARKETPLACE] + 1;
        let (kind_end, end) = (self.ends[AMOUNT_DESCRIPTION], self.ends[AMOUNT]);
        let kind = Kind { context: context.name, day, sku, text: rest.get(own..=kind_end)? };
        let known = Known {
            length,
            group: self.kinds.group(&kind)?,
            units: context.amounts.units(rest.get(..end)?, kind_end + 1)?,
            like: Like {
                head: (at, at + own),
                tail: (at + end, at + length),
                context: index,
                day,
                sku,
            },
        };
        self.current = index;
        Some(known)
    }

    /// Finds where the cells of the first row end. Returns the row's length with its line end, if
    /// it is complete and has as many cells as the header.
    #[inline]
    fn split(&mut self, text: &[u8]) -> Option<usize> {
        let looked_at = self.last as usize + 1;
        let mut cells = 0;
        let mut base = 0;
        loop {
            let marks = Marks::of(text.get(base..).filter(|rest| !rest.is_empty())?);
            // The bits below the first line end; all of them when there is none.
            let in_row = (marks.line_ends & marks.line_ends.wrapping_neg()).wrapping_sub(1);
            let mut tabs = marks.tabs & in_row;
            let cells_behind = cells + tabs.count_ones() as usize;
            while tabs != 0 && cells < looked_at {
                self.ends[cells] = base + tabs.trailing_zeros() as usize;
                cells += 1;
                tabs &= tabs - 1;
            }
            cells = cells_behind;
            if marks.line_ends != 0 {
                let end = base + marks.line_ends.trailing_zeros() as usize;
                if cells < looked_at {
                    self.ends[cells] = end;
                }
                return (cells + 1 == self.columns).then_some(end + 1);
            }
            base += BLOCK;
        }
    }

    /// Forgets everything when the document's header was repeated, perhaps with other columns.
    pub(crate) fn note_headers(&mut self, headers: u64) {
        if self.headers != headers {
            self.headers = headers;
            self.contexts.clear();
        }
    }

    /// Learns from a row that was read in full and counted in a group.
    pub(crate) fn learn(&mut self, row: &Row<'_>, group: usize, sign: DecimalSign) {
        let cells = row.cells;
        let plain = cells.columns.are_amazons_up_to(self.last)
            && cells.spans.len() == cells.columns.count()
            // A row without one may turn out to be a settlement row.
            && !row.transaction_type().is_empty();
        let ReportTime::Instant(posted) = row.posted() else { return };
        let Some(amounts) = amount::Shape::new(sign, row.amount().currency()) else { return };
        let bytes = cells.text.as_bytes();
        let cell = |column: usize| &bytes[cells.spans[column].clone()];
        if !plain || !self.clock.learn(cell(POSTED), posted) {
            return;
        }
        self.columns = cells.columns.count();
        let day = self.days.learn(posted);
        let lead = &bytes[..=cells.spans[TRANSACTION_TYPE].end];
        let (marketplace, fulfillment) = (cell(MARKETPLACE), cell(FULFILLMENT));
        let known = self.contexts.iter().find(|context| {
            *context.lead == *lead
                && *context.marketplace == *marketplace
                && *context.fulfillment == *fulfillment
        });
        let name = known.map_or(self.learned, |context| context.name);
        if known.is_none() {
            self.add_context(Context {
                name,
                lead: lead.into(),
                marketplace: marketplace.into(),
                fulfillment: fulfillment.into(),
                amounts,
            });
        }
        let own = cells.spans[MARKETPLACE].end + 1;
        let text = &bytes[own..=cells.spans[AMOUNT_DESCRIPTION].end];
        let sku = self.skus.as_mut().map_or(0, |skus| skus.learn(cell(SKU)));
        self.kinds.learn(&Kind { context: name, day, sku, text }, group);
    }

    fn add_context(&mut self, context: Context) {
        if self.contexts.len() < MOST_CONTEXTS {
            self.contexts.push(context);
        } else {
            let oldest = self.oldest();
            self.contexts[oldest] = context;
        }
        self.learned += 1;
    }

    /// The place of the context that was learned first, once all places are taken.
    fn oldest(&self) -> usize {
        usize::try_from(self.learned % MOST_CONTEXTS as u64).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests;
