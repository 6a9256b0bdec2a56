//! The command line: what can be asked, in the words of the documentation.

mod access;
mod books;
mod catalog;
mod orders;
mod rules;
mod running;
mod settlements;

use std::path::PathBuf;

use clap::{ArgAction, Args, Parser, Subcommand, ValueEnum};

pub use access::{CredentialsCommand, RekeyTo, UsersCommand};
pub use books::{
    AccrueArgs, BankCommand, BankImport, Column, PackArgs, ReconcileArgs, ReconcileCommand,
};
pub use catalog::{Accepted, CatalogCommand, Coverage};
pub use orders::{OrderList, OrdersArgs, OrdersCommand, Paid};
pub use rules::{ExplainArgs, MapArgs, RulesCommand, RulesFile};
pub use running::{AlertsCommand, AuditCommand, ConfigCommand, DemoArgs, InitArgs, ServeArgs};
pub use settlements::{
    Approval, BackfillArgs, Backfilled, Decision, PlanArgs, PurgeArgs, Reversal, SettlementsArgs,
    SyncCommand,
};

/// Amazon settlements into Epicor Kinetic journals, equal to the deposit to the cent.
#[derive(Debug, Parser)]
#[command(name = "ml-connector", version, arg_required_else_help = true, after_help = EXIT_CODES)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
    /// Options that every command takes.
    #[command(flatten)]
    pub common: Common,
}

const EXIT_CODES: &str = "\
Exit codes: 0 ok, 1 failed, 2 usage, 3 held and needs a person, 4 not reconciled,
75 throttled, try later, 77 not authorised, 78 configuration.";

/// Options that every command takes.
#[derive(Debug, Clone, Args)]
pub struct Common {
    /// The configuration file.
    #[arg(long, global = true, value_name = "FILE", env = "ML_CONNECTOR_CONFIG")]
    pub config: Option<PathBuf>,
    /// The connection, when the configuration has several.
    #[arg(long, global = true, value_name = "NAME")]
    pub connection: Option<String>,
    /// Print JSON, one document a line, instead of tables.
    #[arg(long, global = true)]
    pub json: bool,
    /// Colour: a terminal decides, or you do.
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    pub color: Color,
    /// Say more on standard error; twice for everything.
    #[arg(short, long, global = true, action = ArgAction::Count)]
    pub verbose: u8,
}

/// When to colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Color {
    /// On a terminal.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Show the whole path on stand-in servers: no accounts, no configuration, nothing left behind.
    Demo(DemoArgs),
    /// Write a configuration and rules to start from; asks on a terminal.
    Init(InitArgs),
    /// The configuration file.
    #[command(subcommand)]
    Config(ConfigCommand),
    /// Whether everything is ready: configuration, rules, and both systems. Writes nothing.
    Check,
    /// Bring what is new from Amazon into Epicor: everything that is configured, or one part of it.
    Sync {
        /// Which part.
        #[command(subcommand)]
        command: Option<SyncCommand>,
    },
    /// The orders that are known, and whether settlements paid them.
    #[command(subcommand)]
    Orders(OrdersCommand),
    /// What each listing at Amazon is in Epicor.
    #[command(subcommand)]
    Catalog(CatalogCommand),
    /// Take in settlement files downloaded by hand.
    Import {
        /// The files, as Amazon delivered them.
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
    },
    /// Show the journals a settlement makes; writes nothing and needs no configuration for a file.
    Plan(PlanArgs),
    /// Approve a settlement that is ready, or the new content of one that Amazon issued again.
    Approve(Approval),
    /// Stop a settlement before it is posted.
    Hold(Decision),
    /// Take note that a settlement is in the books already, entered by hand: nothing of it is posted.
    ByHand(Decision),
    /// Look at a held settlement again, or go on with its held posting; plan a reversed one anew,
    /// or one that was not entered by hand after all.
    Release(Decision),
    /// What the bank received from Amazon.
    #[command(subcommand)]
    Bank(BankCommand),
    /// Compare Amazon, the journals, Epicor's ledger and the bank; exits 4 when something is open
    /// that nobody can explain.
    Reconcile(ReconcileArgs),
    /// Everything of a fiscal period for the controller: a workbook, the documents behind it, and the
    /// audit log.
    Pack(PackArgs),
    /// What was earned until a period's end and is in no settlement yet: a journal and its reversal.
    /// Keeps and posts nothing unless it is told to.
    Accrue(AccrueArgs),
    /// Take one approved settlement to Epicor now.
    Post {
        /// The settlement's id.
        #[arg(value_name = "ID")]
        id: String,
    },
    /// Take back a posted settlement, by reversing journals and invoices.
    Reverse(Reversal),
    /// Count every document of the last 45 days in Epicor: each exactly once.
    Sweep,
    /// Run every flow by the schedule, until told to stop.
    Serve(ServeArgs),
    /// Run a flow now: a server that is running does it, or this process where none is.
    Run {
        /// Which one: settlements, orders, shipments, catalog.
        #[arg(value_name = "FLOW")]
        flow: String,
    },
    /// What ran, why, when and how it ended; newest first.
    Runs {
        /// How many.
        #[arg(long, value_name = "COUNT", default_value_t = 20)]
        limit: u64,
    },
    /// Where every settlement stands, and the orders.
    Status {
        /// Only this settlement or order.
        #[arg(value_name = "ID")]
        id: Option<String>,
    },
    /// What needs a person now, and a trial of the ways people are told.
    Alerts {
        /// What to do; `list` when left out.
        #[command(subcommand)]
        command: Option<AlertsCommand>,
    },
    /// The secrets of the connections, encrypted in the store.
    #[command(subcommand)]
    Credentials(CredentialsCommand),
    /// Who may use the console, and what each may do there.
    #[command(subcommand)]
    Users(UsersCommand),
    /// The mapping rules: what they say, whether they are sound, what a change would do.
    #[command(subcommand)]
    Rules(RulesCommand),
    /// The audit log.
    #[command(subcommand)]
    Audit(AuditCommand),
    /// Fetch what Amazon published between two days; what is known already stays as it is.
    Backfill(BackfillArgs),
    /// Remove what was kept as long as the configuration says.
    Purge(PurgeArgs),
    /// What is read from whom, kept where, how long, and who may see it.
    Data,
    /// A shell's completion script.
    Completions {
        /// The shell.
        #[arg(value_name = "SHELL")]
        shell: clap_complete::Shell,
    },
    /// The manual pages.
    Man {
        /// Write a page for each command into this folder; otherwise the first page is printed.
        #[arg(long, value_name = "DIR")]
        dir: Option<PathBuf>,
    },
    /// Write everything that is kept to one file, also while another process is at work.
    Backup {
        /// The file; it must not exist.
        #[arg(value_name = "FILE")]
        file: PathBuf,
    },
    /// Take a backup into an empty data folder, or into a new schema on a PostgreSQL server.
    Restore {
        /// The file that `backup` wrote.
        #[arg(value_name = "FILE")]
        file: PathBuf,
    },
}
