//! The mapping rules.

use std::path::PathBuf;

use clap::{Args, Subcommand};

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
