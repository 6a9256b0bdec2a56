//! Listings and their parts.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

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
