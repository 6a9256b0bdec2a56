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

use fearless_simd::{Level, Simd, dispatch};
use jiff::tz::TimeZone;

use self::kinds::{Kinds, Scope};
use self::posted::{Clock, Days};
use self::skus::Skus;
use super::columns::Column;
use super::row::{Row, RowCells};
use crate::block::{BLOCK, Block, Short, same};
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
    /// What the processor can do.
    level: Level,
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
    lead: Short,
    /// The cell with the tab behind it, as the next.
    marketplace: Short,
    fulfillment: Short,
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
}

/// What the next row is compared with: all of a row in front of its three own cells, and all behind
/// them up to and with the line end.
struct Like<'t> {
    head: &'t [u8],
    tail: &'t [u8],
    scope: Scope,
    amounts: amount::Shape,
}

impl Context {
    fn new(name: u64, row: &RowCells<'_>, amounts: amount::Shape) -> Option<Self> {
        Some(Self {
            name,
            lead: Short::new(row.with_tabs(0..=TRANSACTION_TYPE))?,
            marketplace: Short::new(row.with_tabs(MARKETPLACE..=MARKETPLACE))?,
            fulfillment: Short::new(row.with_tabs(FULFILLMENT..=FULFILLMENT))?,
            amounts,
        })
    }

    fn is_like(&self, other: &Self) -> bool {
        self.lead == other.lead
            && self.marketplace == other.marketplace
            && self.fulfillment == other.fulfillment
    }

    /// Whether it is that of a row where these texts begin.
    #[inline(always)]
    fn is<S: Simd>(&self, [lead, marketplace, fulfillment]: [&Block<S>; 3]) -> bool {
        self.lead.starts(lead)
            && self.marketplace.starts(marketplace)
            && self.fulfillment.starts(fulfillment)
    }
}

impl Repeats {
    pub(crate) fn new(zone: TimeZone, options: &ReadOptions) -> Self {
        Self {
            level: Level::new(),
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
        dispatch!(self.level, simd => self.pass_with(simd, text, line, tally))
    }

    #[inline(always)]
    fn pass_with<S: Simd>(&mut self, simd: S, text: &[u8], line: u64, tally: &mut Tally) -> Passed {
        let mut passed = Passed::default();
        let mut like = None;
        while let Some(rest) = text.get(passed.bytes..) {
            let alike = match &like {
                Some(like) => self.row_like(simd, like, rest),
                None => None,
            };
            let row = match alike {
                Some(row) => row,
                None => match self.known_row(simd, rest) {
                    Some((row, itself)) => {
                        like = Some(itself);
                        row
                    }
                    None => break,
                },
            };
            let fits = row.length <= self.line_bytes;
            if !fits || !tally.add_small(row.group, row.units, line + passed.rows) {
                break;
            }
            passed.bytes += row.length;
            passed.rows += 1;
        }
        passed
    }

    /// The first row, if it differs from one before in nothing but what the amount is for and the
    /// amount.
    #[inline(always)]
    fn row_like<'t, S: Simd>(&mut self, simd: S, like: &Like<'t>, rest: &'t [u8]) -> Option<Known> {
        let (head, own) = rest.split_at_checked(like.head.len())?;
        if !same(simd, head, like.head) {
            return None;
        }
        // The line cannot end before the third tab: no known kind and no amount has a line end.
        let block = Block::new(simd, own.first_chunk()?);
        let (kind, group) = self.kinds.group(&like.scope, &block, own)?;
        let end = kind + (block.places(b'\t') >> kind).trailing_zeros() as usize;
        let (amount, behind) = own.split_at_checked(end)?;
        let tail = behind.get(..like.tail.len())?;
        if !same(simd, tail, like.tail) {
            return None;
        }
        Some(Known {
            length: head.len() + end + tail.len(),
            group,
            units: like.amounts.units(amount, kind)?,
        })
    }

    /// The first row, if all of its cells that matter are known.
    #[inline(always)]
    fn known_row<'t, S: Simd>(&mut self, simd: S, rest: &'t [u8]) -> Option<(Known, Like<'t>)> {
        let block = Block::at_start(simd, rest);
        let lead = self.lead(&block)?;
        let length = self.split(simd, rest, lead)?;
        let context = self.find_context(simd, &block, rest)?;
        let day = self.days.of(self.clock.instant(self.cell(rest, POSTED)?)?)?;
        let sku = match &self.skus {
            Some(skus) => skus.name(self.cell(rest, SKU)?)?,
            None => 0,
        };
        let Context { name, amounts, .. } = self.contexts.get(context)?;
        let (scope, amounts) = (Scope { context: *name, day, sku }, *amounts);
        let (head, own) = rest.split_at_checked(self.ends[MARKETPLACE] + 1)?;
        let block = Block::new(simd, own.first_chunk()?);
        let (kind, group) = self.kinds.group(&scope, &block, own)?;
        let end = self.ends[AMOUNT];
        let units = amounts.units(rest.get(..end)?, head.len() + kind)?;
        let tail = rest.get(end..length)?;
        Some((Known { length, group, units }, Like { head, tail, scope, amounts }))
    }

    /// How long the known lead is that a row begins with.
    #[inline(always)]
    fn lead<S: Simd>(&self, block: &Block<S>) -> Option<usize> {
        let current = &self.contexts.get(self.current)?.lead;
        if current.starts(block) {
            return Some(current.len());
        }
        for context in &self.contexts {
            if context.lead.starts(block) {
                return Some(context.lead.len());
            }
        }
        None
    }

    /// The context of the row that was split last; its block is the start of that row.
    #[inline(always)]
    fn find_context<S: Simd>(&mut self, simd: S, lead: &Block<S>, row: &[u8]) -> Option<usize> {
        let marketplace = Block::at_start(simd, row.get(self.ends[MARKETPLACE - 1] + 1..)?);
        let fulfillment = Block::at_start(simd, row.get(self.ends[FULFILLMENT - 1] + 1..)?);
        let texts = [lead, &marketplace, &fulfillment];
        if self.contexts.get(self.current)?.is(texts) {
            return Some(self.current);
        }
        for (index, context) in self.contexts.iter().enumerate() {
            if context.is(texts) {
                self.current = index;
                return Some(index);
            }
        }
        None
    }

    /// A cell of the row that was split last.
    #[inline(always)]
    fn cell<'t>(&self, row: &'t [u8], column: usize) -> Option<&'t [u8]> {
        row.get(self.ends[column - 1] + 1..self.ends[column])
    }

    /// Finds where the cells behind the lead end. Returns the row's length with its line end, if it
    /// is complete and has as many cells as the header.
    #[inline(always)]
    fn split<S: Simd>(&mut self, simd: S, text: &[u8], lead: usize) -> Option<usize> {
        let looked_at = self.last as usize + 1;
        let mut cells = TRANSACTION_TYPE + 1;
        let mut base = lead;
        loop {
            let rest = text.get(base..).filter(|rest| !rest.is_empty())?;
            let block = Block::at_start(simd, rest);
            let line_ends = block.places(b'\n');
            // The bits below the first line end; all of them when there is none.
            let in_row = (line_ends & line_ends.wrapping_neg()).wrapping_sub(1);
            let mut tabs = block.places(b'\t') & in_row;
            let cells_behind = cells + tabs.count_ones() as usize;
            while tabs != 0 && cells < looked_at {
                self.ends[cells] = base + tabs.trailing_zeros() as usize;
                cells += 1;
                tabs &= tabs - 1;
            }
            cells = cells_behind;
            if line_ends != 0 {
                let end = base + line_ends.trailing_zeros() as usize;
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
        if !plain || !self.clock.learn(cells.bytes(POSTED), posted) {
            return;
        }
        self.columns = cells.columns.count();
        let day = self.days.learn(posted);
        let Some(context) = Context::new(self.learned, &cells, amounts) else { return };
        let name = match self.contexts.iter().find(|known| known.is_like(&context)) {
            Some(known) => known.name,
            None => {
                self.add_context(context);
                self.learned - 1
            }
        };
        let sku = self.skus.as_mut().map_or(0, |skus| skus.learn(cells.bytes(SKU)));
        let kind = cells.with_tabs(MARKETPLACE + 1..=AMOUNT_DESCRIPTION);
        self.kinds.learn(&Scope { context: name, day, sku }, kind, group);
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
