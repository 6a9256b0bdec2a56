//! The bank, the reconciliation and the month's end.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum as _};

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
        /// The bank line, as `bank list` names it.
        #[arg(value_name = "REFERENCE")]
        reference: String,
        /// The settlement's id.
        #[arg(value_name = "ID")]
        settlement: String,
    },
    /// Take back whose deposit a bank line was said to be.
    Unassign {
        /// The bank line, as `bank list` names it.
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
    /// A column of a CSV file by its heading, such as amount=Kwota; date, amount, debit, credit, sign
    /// (debit or credit), reference, currency or balance. Repeat it for several.
    #[arg(long = "column", value_name = "NAME=HEADING", value_parser = column)]
    pub columns: Vec<(Column, String)>,
}

/// What a column of a CSV file holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Column {
    /// The value or booking date.
    Date,
    /// The amount.
    Amount,
    /// What the account paid.
    Debit,
    /// What the account received.
    Credit,
    /// Whether the amount is a debit or a credit.
    Sign,
    /// The bank's reference.
    Reference,
    /// The currency.
    Currency,
    /// The balance after the line.
    Balance,
}

fn column(text: &str) -> Result<(Column, String), String> {
    let (name, heading) = text.split_once('=').ok_or("write it as amount=Kwota")?;
    let column = Column::from_str(name.trim(), true).map_err(|_| {
        let known = Column::value_variants().iter().filter_map(Column::to_possible_value);
        let known: Vec<String> = known.map(|value| value.get_name().to_owned()).collect();
        format!("\"{name}\" is none of {}", known.join(", "))
    })?;
    match heading.trim() {
        "" => Err(format!("the heading of {name} is missing")),
        heading => Ok((column, heading.to_owned())),
    }
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
    /// Of one currency alone, by its ISO 4217 code.
    #[arg(long, value_name = "CODE")]
    pub currency: Option<String>,
    /// Keep the plan, and take it as far as it goes: to its approval, or into Epicor once approved.
    #[arg(long, group = "step")]
    pub post: bool,
    /// Approve what was kept and is ready.
    #[arg(long, group = "step")]
    pub approve: bool,
    /// Let what is held go on.
    #[arg(long, group = "step")]
    pub release: bool,
    /// Why; kept in the audit log.
    #[arg(long, value_name = "TEXT")]
    pub reason: Option<String>,
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
