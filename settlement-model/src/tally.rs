//! Rows to settlements: groups of like rows, and sums.

use std::collections::HashMap;

use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::defect::{Defect, Reason};
use crate::document::ReadOptions;
use crate::money::Money;
use crate::settlement::{Group, LineSpan, ReportTime, Settlement, Triple};
use crate::v2::{Row, SettlementRow};

/// The settlements of a document while it is being read.
pub(crate) struct Tally {
    zone: TimeZone,
    /// Whether the SKU is part of what a group is.
    by_sku: bool,
    settlements: Vec<Settlement>,
    /// The sum of each settlement, in units of its currency.
    sums: Vec<Sum>,
    groups: Vec<Tallied>,
    /// Whether all sums are far from the largest possible.
    roomy: bool,
    /// What the groups are of, without sum and last line.
    kinds: Vec<Group>,
    /// For each kind of row, as a key made of its cells: where its group is.
    by_key: HashMap<Vec<u8>, usize>,
    most_groups: usize,
    /// The key at hand, kept to allocate for new groups alone.
    key: Vec<u8>,
    /// The day of the time before: the rows of an order share it.
    last_day: Option<(ReportTime, Date)>,
}

/// A group while it grows; its kind stands apart, to keep what changes together.
struct Tallied {
    settlement: usize,
    sum: Sum,
    last_line: u64,
}

/// A sum of amounts of one currency, counted in its smallest unit.
#[derive(Debug, Clone, Copy, Default)]
struct Sum {
    units: i128,
    /// What belongs to `units` too: small amounts are added up by themselves, which is quicker.
    small: i64,
    rows: u64,
}

impl Sum {
    /// As long as no sum has more units than this, small amounts cannot make it too large.
    const MOST_ROOMY: u128 = Money::MOST_UNITS / 2;

    /// The sum with one row more, unless it leaves the range of [`Money`].
    fn with(self, units: i128) -> Option<Self> {
        let units = self.units().checked_add(units)?;
        let fits = units.unsigned_abs() <= Money::MOST_UNITS;
        fits.then_some(Self { units, small: 0, rows: self.rows + 1 })
    }

    /// Adds a small row, for which `small` was computed, to a roomy sum.
    #[inline]
    fn add_small(&mut self, small: i64) {
        self.small = small;
        self.rows += 1;
    }

    fn units(self) -> i128 {
        self.units + i128::from(self.small)
    }

    fn is_roomy(self) -> bool {
        self.units.unsigned_abs() <= Self::MOST_ROOMY
    }

    fn money(self, like: Money) -> Money {
        // Every sum that is let through fits.
        Money::from_units(self.units(), like.currency()).unwrap_or(like)
    }
}

impl Tally {
    pub(crate) fn new(zone: TimeZone, options: &ReadOptions) -> Self {
        Self {
            zone,
            by_sku: options.group_by_sku,
            settlements: Vec::new(),
            sums: Vec::new(),
            groups: Vec::new(),
            roomy: true,
            kinds: Vec::new(),
            by_key: HashMap::new(),
            most_groups: options.limits.groups,
            key: Vec::new(),
            last_day: None,
        }
    }

    pub(crate) fn begin(&mut self, row: SettlementRow) {
        self.sums.push(Sum::default());
        self.settlements.push(Settlement {
            id: row.id,
            start: row.start,
            end: row.end,
            deposit_date: row.deposit_date,
            total: row.total,
            rows: 0,
            sum: Money::zero(row.total.currency()),
            groups: Vec::new(),
            line: row.line,
        });
    }

    /// Counts a row of a settlement that has begun. Returns its group, for [`Tally::add_small`].
    pub(crate) fn add(&mut self, row: &Row<'_>) -> Result<usize, Defect> {
        let date = self.day_of(row.posted());
        self.write_key(row, date);
        let known = self.by_key.get(&self.key).copied();
        let group = match known {
            Some(group) => group,
            None if self.groups.len() >= self.most_groups => {
                return Err(too_many_groups(self.most_groups, row.line()));
            }
            None => {
                self.by_key.insert(self.key.clone(), self.groups.len());
                self.kinds.push(self.new_group(row, date));
                self.groups.push(Tallied {
                    settlement: row.settlement_ordinal(),
                    sum: Sum::default(),
                    last_line: row.line(),
                });
                self.groups.len() - 1
            }
        };
        let tallied = &mut self.groups[group];
        let settlement = &mut self.sums[tallied.settlement];
        let units = row.amount().units();
        let of_group = tallied.sum.with(units).ok_or_else(|| overflow(row.line()))?;
        *settlement = settlement.with(units).ok_or_else(|| overflow(row.line()))?;
        tallied.sum = of_group;
        tallied.last_line = row.line();
        self.roomy &= of_group.is_roomy() && settlement.is_roomy();
        Ok(group)
    }

    /// Counts a row with a small amount, of a group that [`Tally::add`] returned. `false`, and
    /// nothing is counted, when a sum might become too large.
    #[inline]
    pub(crate) fn add_small(&mut self, group: usize, units: i64, line: u64) -> bool {
        let Some(tallied) = self.groups.get_mut(group) else { return false };
        let Some(settlement) = self.sums.get_mut(tallied.settlement) else { return false };
        let of_group = tallied.sum.small.checked_add(units);
        let of_settlement = settlement.small.checked_add(units);
        let (Some(of_group), Some(of_settlement), true) = (of_group, of_settlement, self.roomy)
        else {
            return false;
        };
        tallied.sum.add_small(of_group);
        settlement.add_small(of_settlement);
        tallied.last_line = line;
        true
    }

    pub(crate) fn finish(mut self) -> Vec<Settlement> {
        for (settlement, sum) in self.settlements.iter_mut().zip(&self.sums) {
            settlement.sum = sum.money(settlement.sum);
            settlement.rows = sum.rows;
        }
        for (tallied, mut group) in self.groups.into_iter().zip(self.kinds) {
            let Tallied { settlement, sum, last_line } = tallied;
            group.lines.last = last_line;
            group.amount = sum.money(group.amount);
            group.rows = sum.rows;
            self.settlements[settlement].groups.push(group);
        }
        for settlement in &mut self.settlements {
            // No two groups are equal in all of these.
            settlement.groups.sort_by(|a, b| {
                (&a.triple, a.date, &a.marketplace, &a.fulfillment, &a.sku).cmp(&(
                    &b.triple,
                    b.date,
                    &b.marketplace,
                    &b.fulfillment,
                    &b.sku,
                ))
            });
        }
        self.settlements
    }

    fn day_of(&mut self, posted: ReportTime) -> Date {
        match self.last_day {
            Some((known, date)) if known == posted => date,
            _ => {
                let date = posted.date_in(&self.zone);
                self.last_day = Some((posted, date));
                date
            }
        }
    }

    /// The group that a row is the first of, without its amount.
    fn new_group(&self, row: &Row<'_>, date: Date) -> Group {
        Group {
            triple: Triple {
                transaction_type: row.transaction_type().to_owned(),
                amount_type: row.amount_type().to_owned(),
                amount_description: row.amount_description().to_owned(),
            },
            date,
            marketplace: row.marketplace_name().map(str::to_owned),
            fulfillment: row.fulfillment(),
            sku: self.by_sku.then(|| row.sku().to_owned()),
            amount: Money::zero(row.amount().currency()),
            rows: 0,
            lines: LineSpan { first: row.line(), last: row.line() },
        }
    }

    /// Writes what makes a row's group into `key`; each text with its length, so that no two kinds
    /// of row give one key.
    fn write_key(&mut self, row: &Row<'_>, date: Date) {
        self.key.clear();
        self.key.extend_from_slice(&row.settlement_ordinal().to_le_bytes());
        self.key.extend_from_slice(&date.year().to_le_bytes());
        self.key.extend_from_slice(&date.month().to_le_bytes());
        self.key.extend_from_slice(&date.day().to_le_bytes());
        let texts = [
            row.transaction_type(),
            row.amount_type(),
            row.amount_description(),
            row.marketplace_name().unwrap_or_default(),
            row.fulfillment_id(),
            if self.by_sku { row.sku() } else { "" },
        ];
        for text in texts {
            self.key.extend_from_slice(&text.len().to_le_bytes());
            self.key.extend_from_slice(text.as_bytes());
        }
    }
}

fn overflow(line: u64) -> Defect {
    Defect {
        reason: Reason::Overflow,
        line: Some(line),
        column: None,
        message: "With this row the sum becomes too large to be computed exactly. No settlement \
                  is that large: download the report again."
            .to_owned(),
    }
}

fn too_many_groups(limit: usize, line: u64) -> Defect {
    Defect {
        reason: Reason::LimitExceeded,
        line: Some(line),
        column: None,
        message: format!(
            "The document holds more than {limit} kinds of rows. Check that it is a settlement \
             report; if it is, raise the limit."
        ),
    }
}
