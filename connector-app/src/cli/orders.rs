//! Orders: which are listed, and which are brought in.

use clap::builder::PossibleValuesParser;
use clap::{Args, Subcommand, ValueEnum};

use crate::pipeline::order::State;

/// What can be asked of the orders.
#[derive(Debug, Clone, Subcommand)]
pub enum OrdersCommand {
    /// The orders, each with what settlements paid for it. Asks nobody.
    List(OrderList),
}

/// What `orders list` takes.
#[derive(Debug, Clone, Args)]
pub struct OrderList {
    /// Only those in this state.
    #[arg(
        long,
        value_name = "STATE",
        value_parser = PossibleValuesParser::new(State::ALL.map(State::as_str))
    )]
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
