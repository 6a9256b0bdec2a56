//! What a settlement is planned with by the files of now: `plan` and the console.

use std::path::Path;

use jiff::tz::TimeZone;
use ledger_mapper::{Calendar, Context, FeePolicy, Rules};
use settlement_model::{Document, ReadOptions};
use store::Hints;

use crate::config::{ConfigError, Connection};
use crate::pipeline::{Planned, read_options_in};

/// Rules, calendar, zone and name to plan with.
#[derive(Debug)]
pub struct Basis {
    /// The connection's name, part of every key.
    pub connection: String,
    /// The rules.
    pub rules: Rules,
    /// The fiscal calendar.
    pub calendar: Calendar,
    /// The cut-off zone; the document's own when `None`.
    pub zone: Option<TimeZone>,
    /// How fees are booked as supplier invoices; in the journals when `None`.
    pub fees: Option<FeePolicy>,
}

impl Basis {
    /// That of a connection, as its files say now.
    ///
    /// # Errors
    /// [`ConfigError`] with file, line and column.
    pub fn of(connection: &Connection, folder: &Path) -> Result<Self, ConfigError> {
        Ok(Self {
            connection: connection.name.clone(),
            rules: connection.load_rules(folder)?,
            calendar: connection.load_calendar(folder)?,
            zone: connection.cut_off_zone(),
            fees: connection.posting.fees(),
        })
    }

    /// How settlements are read to be planned: by SKU where the rules ask for it.
    #[must_use]
    pub fn reading(&self) -> ReadOptions {
        self.reading_kept(&Hints::default())
    }

    /// As [`reading`](Self::reading), for a document that is kept with what was said of it.
    #[must_use]
    pub fn reading_kept(&self, hints: &Hints) -> ReadOptions {
        ReadOptions {
            group_by_sku: self.rules.asks_for_sku(),
            ..read_options_in(self.zone.as_ref(), hints)
        }
    }

    /// The plan of every settlement of a document, in the document's order.
    ///
    /// # Errors
    /// [`FeeError`](ledger_mapper::FeeError) when amounts cannot be computed.
    pub fn plans(&self, document: &Document) -> anyhow::Result<Vec<Planned>> {
        let context = Context::new(&self.connection, &self.rules, &self.calendar, &document.zone);
        let planned = document.settlements.iter().map(|settlement| {
            let plan = ledger_mapper::plan(settlement, &context);
            Ok(Planned::new(plan, &self.rules, self.fees.as_ref())?)
        });
        planned.collect()
    }
}
