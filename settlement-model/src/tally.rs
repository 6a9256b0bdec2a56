//! Rows to settlements: groups of like rows, and sums.

use std::collections::HashMap;

use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::defect::{Defect, Reason};
use crate::money::Money;
use crate::settlement::{Group, LineSpan, ReportTime, Settlement, Triple};
use crate::v2::{Row, SettlementRow};

/// The settlements of a document while it is being read.
pub(crate) struct Tally {
    zone: TimeZone,
    settlements: Vec<Settlement>,
    /// For each kind of row, as a key made of its cells: where its group is.
    groups: HashMap<Vec<u8>, usize>,
    most_groups: usize,
    /// The key at hand, kept to allocate for new groups alone.
    key: Vec<u8>,
    /// The day of the time before: the rows of an order share it.
    last_day: Option<(ReportTime, Date)>,
}

impl Tally {
    pub(crate) fn new(zone: TimeZone, most_groups: usize) -> Self {
        Self {
            zone,
            settlements: Vec::new(),
            groups: HashMap::new(),
            most_groups,
            key: Vec::new(),
            last_day: None,
        }
    }

    pub(crate) fn begin(&mut self, row: SettlementRow) {
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

    /// Counts a row of a settlement that has begun.
    pub(crate) fn add(&mut self, row: &Row<'_>) -> Result<(), Defect> {
        let date = self.day_of(row.posted());
        self.write_key(row, date);
        let settlement = &mut self.settlements[row.settlement_ordinal()];
        let too_large = |_| overflow(row.line());
        let sum = settlement.sum.checked_add(row.amount());
        settlement.sum = sum.map_err(too_large)?;
        settlement.rows += 1;
        if let Some(&known) = self.groups.get(&self.key) {
            let group = &mut settlement.groups[known];
            let amount = group.amount.checked_add(row.amount());
            group.amount = amount.map_err(too_large)?;
            group.rows += 1;
            group.lines.last = row.line();
            return Ok(());
        }
        if self.groups.len() >= self.most_groups {
            return Err(too_many_groups(self.most_groups, row.line()));
        }
        self.groups.insert(self.key.clone(), settlement.groups.len());
        settlement.groups.push(Group {
            triple: Triple {
                transaction_type: row.transaction_type().to_owned(),
                amount_type: row.amount_type().to_owned(),
                amount_description: row.amount_description().to_owned(),
            },
            date,
            marketplace: row.marketplace_name().map(str::to_owned),
            fulfillment: row.fulfillment(),
            amount: row.amount(),
            rows: 1,
            lines: LineSpan { first: row.line(), last: row.line() },
        });
        Ok(())
    }

    pub(crate) fn finish(mut self) -> Vec<Settlement> {
        for settlement in &mut self.settlements {
            // No two groups are equal in all of these.
            settlement.groups.sort_by(|a, b| {
                (&a.triple, a.date, &a.marketplace, &a.fulfillment).cmp(&(
                    &b.triple,
                    b.date,
                    &b.marketplace,
                    &b.fulfillment,
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
