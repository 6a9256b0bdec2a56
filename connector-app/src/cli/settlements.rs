//! What is done with settlements: planned, decided, taken back, loaded, purged.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use super::orders::OrdersArgs;

/// The retention that `purge` goes by is in the configuration.
#[derive(Debug, Clone, Copy, Args)]
pub struct PurgeArgs {
    /// Only say what would go.
    #[arg(long)]
    pub dry_run: bool,
}

/// What `backfill` takes.
#[derive(Debug, Clone, Copy, Args)]
pub struct BackfillArgs {
    /// What to fetch.
    #[arg(value_name = "WHAT", default_value = "settlements")]
    pub what: Backfilled,
    /// The first day.
    #[arg(long, value_name = "DATE")]
    pub from: jiff::civil::Date,
    /// The last day.
    #[arg(long, value_name = "DATE")]
    pub to: jiff::civil::Date,
}

/// What can be fetched again from the past.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Backfilled {
    /// Settlement reports that Amazon published in those days.
    Settlements,
    /// Orders that were made or changed in those days, by Amazon's report of all orders.
    Orders,
}

/// What can be synchronised.
#[derive(Debug, Clone, Copy, Subcommand)]
pub enum SyncCommand {
    /// Orders: read what changed, enter and change sales orders, read back.
    Orders(OrdersArgs),
    /// Settlements: find, read, map, check, approve by policy, post, read back.
    Settlements(SettlementsArgs),
    /// Shipments: tell Amazon what left by Epicor's packs.
    Shipments,
    /// Catalogue: compare listings with parts, write accepted cross references.
    Catalog,
}

/// What `sync settlements` takes.
#[derive(Debug, Clone, Copy, Args)]
pub struct SettlementsArgs {
    /// Show which reports are new and what would be posted; store nothing and post nothing.
    #[arg(long)]
    pub dry_run: bool,
}

/// What `plan` takes.
#[derive(Debug, Clone, Args)]
pub struct PlanArgs {
    /// Settlement files, or ids of settlements or orders already taken in.
    #[arg(required = true, value_name = "FILE|ID")]
    pub what: Vec<String>,
    /// Map with these rules instead.
    #[arg(long, value_name = "FILE")]
    pub rules: Option<PathBuf>,
    /// Split by this fiscal calendar instead of calendar months.
    #[arg(long, value_name = "FILE")]
    pub calendar: Option<PathBuf>,
    /// The cut-off zone instead of the marketplace's.
    #[arg(long, value_name = "ZONE")]
    pub zone: Option<String>,
}

/// A person's decision about one settlement or order.
#[derive(Debug, Clone, Args)]
pub struct Decision {
    /// The id of the settlement or the order.
    #[arg(value_name = "ID")]
    pub id: String,
    /// Why; kept in the audit log.
    #[arg(long, value_name = "TEXT")]
    pub reason: Option<String>,
}

/// A person's approval of one settlement.
#[derive(Debug, Clone, Args)]
pub struct Approval {
    /// What is decided, and why.
    #[command(flatten)]
    pub decision: Decision,
    /// The day of the adjusting journal, when what Amazon issued again is posted already; today when
    /// left out.
    #[arg(long, value_name = "DATE")]
    pub date: Option<jiff::civil::Date>,
}

/// What `reverse` takes.
#[derive(Debug, Clone, Args)]
pub struct Reversal {
    /// The settlement's id.
    #[arg(value_name = "ID")]
    pub id: String,
    /// Why; kept in the audit log.
    #[arg(long, value_name = "TEXT")]
    pub reason: String,
    /// The day of the reversing documents, in an open period; today when left out.
    #[arg(long, value_name = "DATE")]
    pub date: Option<jiff::civil::Date>,
}
