//! What the date range report calls things in each language: tables, and nothing else.
//!
//! Words are in small letters, without a colon at their end and with a straight apostrophe; a report
//! is compared without regard to these. To add a language, add a file; to add a spelling, add a word. Of the columns that hold no money, those are listed that are known; a column that is not
//! is kept by its name.

mod brazilian;
mod dutch;
mod english;
mod french;
mod german;
mod italian;
mod japanese;
mod mexican;
mod polish;
mod spanish;
mod swedish;

use super::transaction_type::TransactionType;
use crate::document::DecimalSign;

/// The report in one language.
pub(super) struct Edition {
    /// BCP 47 tag of the language, with a region where stores that share it differ.
    pub(super) language: &'static str,
    /// The decimal sign its stores write, for a report whose amounts do not show one.
    pub(super) decimal_sign: DecimalSign,
    pub(super) date_time: &'static [&'static str],
    pub(super) settlement_id: &'static [&'static str],
    pub(super) transaction_type: &'static [&'static str],
    pub(super) marketplace: &'static [&'static str],
    /// Further columns of text.
    pub(super) texts: &'static [&'static str],
    /// The columns of money but the total.
    pub(super) money: &'static [&'static str],
    pub(super) total: &'static [&'static str],
    /// Reports that begin in 2025 or later have these two.
    pub(super) status: &'static [&'static str],
    pub(super) release_date: &'static [&'static str],
    /// The status of money that is paid out, and of money that Amazon keeps for later.
    pub(super) released: &'static [&'static str],
    pub(super) deferred: &'static [&'static str],
    /// A word of the preamble that stands for a currency, where it states no code.
    pub(super) currency: Option<(&'static str, &'static str)>,
    /// How the months' names begin, in order.
    pub(super) months: [&'static str; 12],
    pub(super) types: &'static [(TransactionType, &'static [&'static str])],
}

pub(super) static EDITIONS: [&Edition; 11] = [
    &english::EDITION,
    &german::EDITION,
    &french::EDITION,
    &italian::EDITION,
    &spanish::EDITION,
    &mexican::EDITION,
    &brazilian::EDITION,
    &dutch::EDITION,
    &swedish::EDITION,
    &polish::EDITION,
    &japanese::EDITION,
];
