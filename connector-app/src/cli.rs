//! The command line: what can be asked, in the words of the documentation.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{ArgAction, Args, Parser, Subcommand, ValueEnum};

use crate::console::Role;

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
    /// Bring what is new from Amazon into Epicor.
    #[command(subcommand)]
    Sync(SyncCommand),
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
    /// Look at a held settlement again, or go on with its held posting; plan a reversed one anew.
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
    /// What was earned until a period's end and is in no settlement yet: a journal and its reversal, to
    /// be looked at. Posts nothing.
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

/// What `demo` takes.
#[derive(Debug, Clone, Args)]
pub struct DemoArgs {
    /// Use the settlement files of this folder instead of the built-in ones.
    #[arg(long, value_name = "DIR")]
    pub settlements: Option<PathBuf>,
    /// Keep the demo's data folder and configuration here.
    #[arg(long, value_name = "DIR")]
    pub keep: Option<PathBuf>,
}

/// What `serve` takes.
#[derive(Debug, Clone, Args)]
pub struct ServeArgs {
    /// Listen here instead of where the configuration says.
    #[arg(long, value_name = "ADDRESS:PORT")]
    pub listen: Option<SocketAddr>,
    /// As one of many on a PostgreSQL server; listens only where --listen says.
    #[arg(long)]
    pub worker: bool,
}

/// What `init` takes. Without a terminal nothing is asked: what is left out gets a text to replace.
#[derive(Debug, Clone, Args)]
pub struct InitArgs {
    /// The folder that the files are written to.
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub dir: PathBuf,
    /// The connection's name: letters, digits and -.
    #[arg(long, value_name = "NAME")]
    pub name: Option<String>,
    /// Amazon's region: na, eu or fe.
    #[arg(long, value_name = "REGION")]
    pub region: Option<String>,
    /// The client id of the Amazon application.
    #[arg(long, value_name = "ID")]
    pub client_id: Option<String>,
    /// Epicor's address: https://host/instance.
    #[arg(long, value_name = "URL")]
    pub url: Option<String>,
    /// The Epicor company.
    #[arg(long, value_name = "ID")]
    pub company: Option<String>,
    /// The connector's own Epicor user.
    #[arg(long, value_name = "USER")]
    pub user: Option<String>,
}

/// What can be asked of the configuration file.
#[derive(Debug, Clone, Copy, Subcommand)]
pub enum ConfigCommand {
    /// Its JSON Schema, for completion and checking in an editor.
    Schema,
}

/// What can be synchronised.
#[derive(Debug, Clone, Copy, Subcommand)]
pub enum SyncCommand {
    /// Orders: read what changed, enter and change sales orders, read back.
    Orders(OrdersArgs),
    /// Settlements: find, read, map, check, approve by policy, post, read back.
    Settlements,
    /// Shipments: tell Amazon what left by Epicor's packs.
    Shipments,
    /// Catalogue: compare listings with parts, write accepted cross references.
    Catalog,
}

/// What can be asked of the orders.
#[derive(Debug, Clone, Subcommand)]
pub enum OrdersCommand {
    /// The orders, each with what settlements paid for it. Asks nobody.
    List(OrderList),
}

/// What `orders list` takes.
#[derive(Debug, Clone, Args)]
pub struct OrderList {
    /// Only those in this state: pending, waiting, excluded, entering, entered, retold, changing,
    /// closed, held.
    #[arg(long, value_name = "STATE")]
    pub state: Option<String>,
    /// Only those that are so paid; exits 4 when any is listed that is not as it should be.
    #[arg(long = "match", value_name = "WORD")]
    pub matched: Option<Paid>,
}

/// Whether settlements paid an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Paid {
    /// To the cent.
    Paid,
    /// Less than the buyer was charged.
    ShortPaid,
    /// More than the buyer was charged.
    OverPaid,
    /// Given back since, or a part of it.
    Refunded,
    /// Nothing came, although it should have by now.
    NeverPaid,
    /// Its money is not to be expected yet.
    NotYetDue,
    /// Nothing was to be paid.
    NothingDue,
    /// Paid in another currency.
    OtherCurrency,
    /// What is missing may be in a settlement that is not kept any more.
    SettlementPurged,
}

impl Paid {
    /// The word, as JSON has it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Paid => "paid",
            Self::ShortPaid => "short_paid",
            Self::OverPaid => "over_paid",
            Self::Refunded => "refunded",
            Self::NeverPaid => "never_paid",
            Self::NotYetDue => "not_yet_due",
            Self::NothingDue => "nothing_due",
            Self::OtherCurrency => "other_currency",
            Self::SettlementPurged => "settlement_purged",
        }
    }
}

/// What can be done with the catalogue.
#[derive(Debug, Clone, Subcommand)]
pub enum CatalogCommand {
    /// Each listing with its part, or with the parts that it may be.
    List {
        /// Only those in this state.
        #[arg(long, value_name = "STATE")]
        state: Option<Coverage>,
    },
    /// Write all of it into a new file for a spreadsheet: .csv or .xlsx, by its name.
    Export {
        /// The file; it must not exist.
        #[arg(value_name = "FILE")]
        file: PathBuf,
    },
    /// Name the part of a SKU. Orders and settlements go by it from now on.
    Accept(Accepted),
}

/// What `catalog accept` takes.
#[derive(Debug, Clone, Args)]
pub struct Accepted {
    /// The seller's SKU.
    #[arg(value_name = "SKU")]
    pub sku: String,
    /// The part's number in Epicor.
    #[arg(value_name = "PART")]
    pub part: String,
    /// The unit it is sold in; the part's own sales unit when left out.
    #[arg(long, value_name = "UNIT")]
    pub unit: Option<String>,
    /// How many of that unit one SKU is: 6 for a pack of six.
    #[arg(long, value_name = "COUNT", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..))]
    pub multiple: u32,
}

/// What a listing is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Coverage {
    /// One part.
    Matched,
    /// One part, which may not be sold.
    Inactive,
    /// Several parts with the same right.
    Ambiguous,
    /// No part.
    Missing,
}

impl Coverage {
    /// The word that is kept.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Matched => "matched",
            Self::Inactive => "inactive",
            Self::Ambiguous => "ambiguous",
            Self::Missing => "missing",
        }
    }
}

/// What `sync orders` takes.
#[derive(Debug, Clone, Copy, Args)]
pub struct OrdersArgs {
    /// Show what would be written; record nothing and send nothing.
    #[arg(long)]
    pub dry_run: bool,
    /// Then prove, for every closed window, that no order is missing: Amazon's own report against
    /// what is known here and in Epicor.
    #[arg(long, conflicts_with = "dry_run")]
    pub prove: bool,
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

/// What can be done with bank statements.
#[derive(Debug, Clone, Subcommand)]
pub enum BankCommand {
    /// Take in statements: camt.053, BAI2, OFX or CSV.
    Import(BankImport),
    /// The lines that were taken in.
    List,
    /// Ask Amazon what it paid out: a second witness of each deposit.
    Payouts,
    /// Say whose deposit a bank line is, when its amount alone does not tell.
    Assign {
        /// The bank line's reference, see `bank list`.
        #[arg(value_name = "REFERENCE")]
        reference: String,
        /// The settlement's id.
        #[arg(value_name = "ID")]
        settlement: String,
    },
    /// Take back whose deposit a bank line was said to be.
    Unassign {
        /// The bank line's reference.
        #[arg(value_name = "REFERENCE")]
        reference: String,
    },
    /// Note that a difference of a settlement was written off in the ledger. Posts nothing.
    Waive {
        /// The settlement's id.
        #[arg(value_name = "ID")]
        settlement: String,
        /// How much: positive is money that Amazon owed.
        #[arg(value_name = "AMOUNT", allow_negative_numbers = true)]
        amount: rust_decimal::Decimal,
        /// Why; kept in the audit log.
        #[arg(long, value_name = "TEXT")]
        reason: String,
        /// The day of the entry in the ledger; today when left out.
        #[arg(long, value_name = "DATE")]
        date: Option<jiff::civil::Date>,
    },
}

/// What `bank import` takes.
#[derive(Debug, Clone, Args)]
pub struct BankImport {
    /// The statements, as the bank delivered them.
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// The account's currency, for files that do not state one.
    #[arg(long, value_name = "CODE")]
    pub currency: Option<String>,
    /// In doubt, 03/04/2026 is in April.
    #[arg(long, conflicts_with = "month_first")]
    pub day_first: bool,
    /// In doubt, 03/04/2026 is in March.
    #[arg(long)]
    pub month_first: bool,
}

/// What `reconcile` takes.
#[derive(Debug, Clone, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct ReconcileArgs {
    /// What to do with a fiscal period; nothing, when left out.
    #[command(subcommand)]
    pub command: Option<ReconcileCommand>,
    /// The day to reconcile, such as a period's last; today when left out.
    #[arg(long, value_name = "DATE")]
    pub until: Option<jiff::civil::Date>,
    /// A fiscal period, by the calendar's name of it.
    #[arg(long, value_name = "PERIOD", conflicts_with = "until")]
    pub period: Option<String>,
}

/// What `accrue` takes.
#[derive(Debug, Clone, Args)]
pub struct AccrueArgs {
    /// The period, by the calendar's name of it.
    #[arg(long, value_name = "PERIOD")]
    pub period: String,
}

/// What `pack` takes.
#[derive(Debug, Clone, Args)]
pub struct PackArgs {
    /// The period, by the calendar's name of it.
    #[arg(long, value_name = "PERIOD")]
    pub period: String,
    /// The folder that everything is written to; made when it is missing.
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
}

/// What can be done with a fiscal period.
#[derive(Debug, Clone, Subcommand)]
pub enum ReconcileCommand {
    /// Every fiscal period, and whether it is signed.
    Periods,
    /// Sign a period that is over and in which nothing is unknown.
    Sign {
        /// The period, by the calendar's name of it.
        #[arg(value_name = "PERIOD")]
        period: String,
        /// In this currency, when the connection has several.
        #[arg(long, value_name = "CODE")]
        currency: Option<String>,
    },
    /// Take the signature under a period back.
    Reopen {
        /// The period, by the calendar's name of it.
        #[arg(value_name = "PERIOD")]
        period: String,
        /// In this currency, when the connection has several.
        #[arg(long, value_name = "CODE")]
        currency: Option<String>,
        /// Why; kept in the audit log.
        #[arg(long, value_name = "TEXT")]
        reason: String,
    },
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

/// What can be done with alerts.
#[derive(Debug, Clone, Copy, Subcommand)]
pub enum AlertsCommand {
    /// Every alert that stands, with who must act and what to do.
    List,
    /// Send a trial message over every channel of the configuration.
    Test,
}

/// What can be done with the secrets of the connections.
#[derive(Debug, Clone, Subcommand)]
pub enum CredentialsCommand {
    /// Make the key that the credentials are encrypted with, in a file of its own.
    Key {
        /// The file; it must not exist.
        #[arg(long, value_name = "FILE", default_value = "vault.key")]
        file: PathBuf,
        /// Put it into this entry of the operating system's keyring instead.
        #[arg(long, value_name = "NAME", conflicts_with = "file")]
        keyring: Option<String>,
    },
    /// Set a secret: typed without an echo, or read from standard input.
    Set {
        /// Which one, for example amazon.client_secret.
        #[arg(value_name = "NAME")]
        name: String,
    },
    /// Which secrets there are, where each is kept, and until when it may be used.
    Status,
    /// Set the next client secret while the former one is in use still.
    Rotate {
        /// Which one: amazon.client_secret.
        #[arg(value_name = "NAME", default_value = "amazon.client_secret")]
        name: String,
    },
    /// Encrypt all credentials under a new key.
    Rekey {
        /// The file for the new key; it must not exist.
        #[arg(long, value_name = "FILE")]
        key_file: PathBuf,
    },
    /// Forget all credentials of the connection named with --connection.
    Forget,
}

/// What can be done about the users of the console. Passwords are typed without an echo, or read from
/// standard input.
#[derive(Debug, Clone, Subcommand)]
pub enum UsersCommand {
    /// Let somebody use the console; asks for a password.
    Add {
        /// What they sign in with.
        #[arg(value_name = "NAME")]
        name: String,
        /// What they may do; several by commas.
        #[arg(long, value_name = "ROLES", required = true, value_delimiter = ',')]
        roles: Vec<Role>,
    },
    /// Everybody who was ever added.
    List,
    /// Give a user these roles instead; signs them out.
    SetRoles {
        /// Whom.
        #[arg(value_name = "NAME")]
        name: String,
        /// What they may do; several by commas.
        #[arg(value_name = "ROLES", required = true, value_delimiter = ',')]
        roles: Vec<Role>,
    },
    /// Let a user sign in no more; signs them out.
    Disable {
        /// Whom.
        #[arg(value_name = "NAME")]
        name: String,
    },
    /// Let a disabled user sign in again.
    Enable {
        /// Whom.
        #[arg(value_name = "NAME")]
        name: String,
    },
    /// Set another password; signs the user out.
    Password {
        /// Whose.
        #[arg(value_name = "NAME")]
        name: String,
    },
}

/// What can be asked of the audit log.
#[derive(Debug, Clone, Subcommand)]
pub enum AuditCommand {
    /// Everything that happened to one settlement or order, in order; or to the users of the console.
    Show {
        /// The settlement's or the order's id; `users`, or "user NAME".
        #[arg(value_name = "ID")]
        id: String,
    },
    /// Recompute the chain of every connection's events, in the store or in an export.
    Verify {
        /// An export, checked without the store.
        #[arg(value_name = "FILE")]
        file: Option<PathBuf>,
        /// The public key that must have signed it, or a file with it; `audit key` prints it.
        #[arg(long, value_name = "KEY")]
        key: Option<String>,
    },
    /// Print the public key that the log is signed by.
    Key,
    /// Write every event to a file that can be verified anywhere.
    Export {
        /// The file; it must not exist.
        #[arg(value_name = "FILE")]
        file: PathBuf,
    },
}

/// What can be asked of the mapping rules. Only `map` writes anything.
#[derive(Debug, Clone, Subcommand)]
pub enum RulesCommand {
    /// Every role with its account, and the rules in order of precedence.
    List {
        /// The rules.
        #[command(flatten)]
        rules: RulesFile,
    },
    /// What is doubtful: unreachable rules, roles without an account, accounts not in the chart.
    Lint {
        /// The rules.
        #[command(flatten)]
        rules: RulesFile,
        /// The ledger's chart: one account a line, or a CSV file with the account first.
        #[arg(long, value_name = "FILE")]
        chart: Option<PathBuf>,
    },
    /// Run the cases beside the rules (`rules.test.toml` for `rules.toml`): rows in, lines out.
    Test {
        /// Other files of cases.
        #[arg(value_name = "FILE")]
        cases: Vec<PathBuf>,
        /// The rules.
        #[command(flatten)]
        rules: RulesFile,
    },
    /// Which rule takes a row and why the others do not; or what becomes of every row of a file.
    Explain(ExplainArgs),
    /// Roles that unknown amounts may have, with the reason.
    Suggest {
        /// A row such as "Order / ItemFees / New Fee", or a settlement file for all its unknown ones.
        #[arg(value_name = "ROW|FILE")]
        what: String,
        /// The rules.
        #[command(flatten)]
        rules: RulesFile,
    },
    /// The JSON Schema of rules files, for completion and checking in an editor.
    Schema,
    /// Decide what an amount is, or which account a role has: writes it into the connection's rules
    /// file, and lets what waited for it go on.
    Map(MapArgs),
    /// The texts that the connection's rules file had, newest first.
    Versions {
        /// Print this one.
        #[arg(value_name = "NUMBER")]
        number: Option<u64>,
    },
    /// What other rules would have done to past settlements.
    Diff {
        /// The rules so far.
        #[arg(value_name = "OLD")]
        old: PathBuf,
        /// The rules to compare with.
        #[arg(value_name = "NEW")]
        new: PathBuf,
        /// The settlement files.
        #[arg(long, required = true, num_args = 1.., value_name = "FILE")]
        over: Vec<PathBuf>,
    },
}

/// What `rules map` takes.
#[derive(Debug, Clone, Args)]
pub struct MapArgs {
    /// A row such as "Order / ItemFees / New Fee", or a role such as referral_fees.
    #[arg(value_name = "ROW|ROLE")]
    pub what: String,
    /// The role of such rows; the catalogue's when left out.
    #[arg(value_name = "ROLE")]
    pub role: Option<String>,
    /// The account; that of the role when left out.
    #[arg(long, value_name = "ACCOUNT")]
    pub account: Option<String>,
    /// What the account is called, when the rules' chart does not have it yet.
    #[arg(long, value_name = "TEXT", requires = "account")]
    pub account_name: Option<String>,
    /// Only rows of this marketplace, such as Amazon.de.
    #[arg(long, value_name = "NAME")]
    pub marketplace: Option<String>,
    /// The first day it holds; every day when left out.
    #[arg(long, value_name = "DATE")]
    pub from: Option<jiff::civil::Date>,
    /// Why; kept in the audit log and in the file.
    #[arg(long, value_name = "TEXT", required_unless_present = "dry_run")]
    pub reason: Option<String>,
    /// Only show what it would change.
    #[arg(long)]
    pub dry_run: bool,
}

/// Which rules a command works on.
#[derive(Debug, Clone, Args)]
pub struct RulesFile {
    /// These rules; otherwise the connection's, or without a configuration the sample's.
    #[arg(long, value_name = "FILE")]
    pub rules: Option<PathBuf>,
}

/// What `rules explain` takes.
#[derive(Debug, Clone, Args)]
pub struct ExplainArgs {
    /// A row such as "Order / ItemFees / Commission", a settlement file, or FILE:LINE for one row.
    #[arg(value_name = "ROW|FILE[:LINE]")]
    pub what: String,
    /// The rules.
    #[command(flatten)]
    pub rules: RulesFile,
    /// The row's marketplace, such as Amazon.de.
    #[arg(long, value_name = "NAME")]
    pub marketplace: Option<String>,
    /// The row's SKU.
    #[arg(long, value_name = "SKU", default_value = "")]
    pub sku: String,
    /// Who shipped: amazon or merchant.
    #[arg(long, value_name = "WHO", default_value = "")]
    pub fulfilment: String,
    /// The settlement's currency.
    #[arg(long, value_name = "CODE", default_value = "USD")]
    pub currency: String,
    /// The row's day; today when left out.
    #[arg(long, value_name = "DATE")]
    pub date: Option<jiff::civil::Date>,
}
