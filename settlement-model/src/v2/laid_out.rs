//! Rows of Flat File V2 that another form was laid out in.

use jiff::tz::TimeZone;

use super::columns::Columns;
use super::parser::{Found, Parser};
use super::row::Item;
use crate::date::Dates;
use crate::defect::{Defect, Defects, Reason, Unreadable};
use crate::document::{DecimalSign, ReadOptions};
use crate::number::Numbers;
use crate::records::Delimiter;
use crate::settlement::Settlement;
use crate::tally::Tally;

/// Who is shown each row, with the zone in which the document's days are counted.
pub(crate) type Look<'l> = &'l mut dyn FnMut(&Item<'_>, &TimeZone);

/// Takes the rows one by one, checks them as those of a Flat File V2, and adds them up.
pub(crate) struct LaidOut<'l> {
    parser: Parser,
    tally: Tally,
    found: Defects,
    zone: TimeZone,
    look: Look<'l>,
}

impl<'l> LaidOut<'l> {
    pub(crate) fn new(
        columns: &[&str],
        numbers: Numbers,
        (zone, look): (TimeZone, Look<'l>),
        options: &ReadOptions,
    ) -> Result<Self, Unreadable> {
        let columns = Columns::parse(columns.iter().copied(), 1)
            .map_err(|defects| Unreadable { defects, more: 0 })?;
        Ok(Self {
            parser: Parser::new(Delimiter::Tab, columns, numbers, Dates::default(), options.limits),
            tally: Tally::new(zone.clone(), options),
            found: Defects::new(options.limits.defects),
            zone,
            look,
        })
    }

    /// Takes a row, separated by tabs.
    pub(crate) fn take(&mut self, row: &str, line: u64) -> Result<(), Defect> {
        match self.parser.take(row, line)? {
            // What cannot be used need not be added up.
            Some(_) if self.found.any() => Ok(()),
            Some(Found::Settlement(row)) => {
                (self.look)(&Item::Settlement(row.clone()), &self.zone);
                self.tally.begin(row);
                Ok(())
            }
            Some(Found::Row(found)) => {
                let row = self.parser.row(row, found, line);
                self.tally.add(&row)?;
                (self.look)(&Item::Row(row), &self.zone);
                Ok(())
            }
            // The columns are those of Flat File V2, whose rows have one amount.
            Some(Found::Parts(_)) | None => Ok(()),
        }
    }

    /// Notes that the document must not be used.
    pub(crate) fn refuse(&mut self, defect: Defect) {
        self.found.push(defect);
    }

    pub(crate) fn decimal_sign(&self) -> DecimalSign {
        self.parser.decimal_sign()
    }

    pub(crate) fn finish(mut self) -> Result<Vec<Settlement>, Unreadable> {
        if !self.parser.has_met_rows() && !self.found.any() {
            self.found.push(Defect {
                reason: Reason::NoSettlement,
                line: None,
                column: None,
                message: "The document has no settlement. Download the report again; if it is \
                          empty again, Amazon has nothing to settle in it."
                    .to_owned(),
            });
        }
        self.found.into_result()?;
        Ok(self.tally.finish())
    }
}
