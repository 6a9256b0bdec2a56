//! What a series of settlements says when read together: whether one is missing, and whether what
//! Amazon kept back or could not collect in one comes back in the next.
//!
//! Nothing here reads files or remembers anything; the caller gives the settlements it has.

pub(crate) mod streams;

use self::streams::{Links, instant, streams, unique};
use crate::money::{Currency, Money, MoneyError};
use crate::settlement::{Fulfillment, Group, ReportTime, Settlement, SettlementId, Triple};

/// The `amount-description` of what Amazon keeps back at the end of a settlement.
const CURRENT_RESERVE: &str = "Current Reserve Amount";
/// The `amount-description` of what Amazon kept back before and now gives back.
const PREVIOUS_RESERVE: &str = "Previous Reserve Amount Balance";
/// The `amount-description` of what the seller owed at the end of the settlement before.
const PAYABLE: &str = "Payable to Amazon";
/// The `amount-description` of what Amazon took from the seller's card.
const CHARGE: &str = "Successful charge";
/// How the `amount-description` begins of a payout that the bank sent back.
const FAILED_TRANSFER: &str = "Transfer of funds unsuccessful";

/// Settlements in the order of their time, each beginning where the one before ends.
///
/// A seller may have several at a time: one per marketplace and currency, in some countries also
/// one per way of payment or per account type (standard and invoiced orders).
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Stream {
    /// The currency of all its settlements.
    pub currency: Currency,
    /// The marketplace that the rows of its settlements name; `None` when none of them does.
    pub marketplace: Option<String>,
    /// Its settlements, oldest first; at least one.
    pub settlements: Vec<SettlementId>,
}

/// Something that is noteworthy in a series of settlements.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum Finding {
    /// No settlement covers the time between two: one or more are missing.
    Gap {
        /// The settlement before the gap.
        before: SettlementId,
        /// The settlement behind it.
        after: SettlementId,
        /// Where the settlement before ends.
        from: ReportTime,
        /// Where the settlement behind begins.
        to: ReportTime,
    },
    /// A settlement shares time with one of another stream of the same marketplace, and continues
    /// nothing: it begins a parallel stream, or Amazon settled the same time twice.
    Overlap {
        /// The settlement that begins first.
        first: SettlementId,
        /// The settlement that begins before the first one ends.
        second: SettlementId,
        /// Where the second begins.
        from: ReportTime,
        /// Where the first ends.
        to: ReportTime,
    },
    /// One settlement id was given twice with different contents: Amazon issued it anew.
    Reissued {
        /// The settlement.
        id: SettlementId,
    },
    /// What Amazon kept back at the end of a settlement is not what the next one gives back.
    Reserve {
        /// The settlement that kept the amount back.
        before: SettlementId,
        /// The settlement that follows it.
        after: SettlementId,
        /// What was kept back: not negative, unless Amazon's rows say so.
        closing: Money,
        /// What was given back.
        opening: Money,
    },
    /// What the seller owed at the end of a settlement is not what the next one opens with.
    Debt {
        /// The settlement with a negative total.
        before: SettlementId,
        /// The settlement that follows it.
        after: SettlementId,
        /// What was owed: positive.
        owed: Money,
        /// What the next settlement charges for it.
        charged: Money,
    },
    /// A debt was only taken over into the next settlement: Amazon did not charge the seller's card
    /// for all of it.
    RolledOver {
        /// The settlement with a negative total.
        before: SettlementId,
        /// The settlement that follows it.
        after: SettlementId,
        /// The part of the debt that was not charged to the card: positive.
        amount: Money,
    },
    /// The bank sent a payout back, and Amazon entered it again in this settlement.
    FailedPayout {
        /// The settlement with the entry.
        id: SettlementId,
        /// What came back: positive.
        amount: Money,
        /// The settlement whose payout it was: the last one before it in the stream with just this
        /// total. `None` when there is none.
        payout_of: Option<SettlementId>,
    },
}

/// What [`check`] finds out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Chains {
    /// The streams, by currency and by the start of their first settlement.
    pub streams: Vec<Stream>,
    /// What is noteworthy, stream by stream, in the order of time.
    pub findings: Vec<Finding>,
}

/// Puts settlements into streams and looks for what is missing or does not continue.
///
/// A settlement continues the stream of its currency that ends exactly where it begins, unless the
/// two name different marketplaces. Where there is none, it continues one of its own marketplace
/// behind a gap, or the only one of its currency if one of the two names no marketplace; but if all
/// of these run on, it begins a stream of its own beside them, as a second account type does. The
/// order in which the settlements are given does not matter, and a copy of
/// one counts once.
///
/// ```
/// use settlement_model::{ReadOptions, chain, read};
///
/// # let file: &[u8] = include_bytes!("../tests/data/plain.txt");
/// let document = read(file, &ReadOptions::default())?;
/// let chains = chain::check(&document.settlements)?;
/// assert_eq!(chains.streams.len(), 1);
/// assert!(chains.findings.is_empty());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
///
/// [`MoneyError`] when an amount becomes too large to be computed exactly, or the groups of a
/// settlement are in several currencies; neither happens to settlements that were read.
pub fn check<'s>(
    settlements: impl IntoIterator<Item = &'s Settlement>,
) -> Result<Chains, MoneyError> {
    let mut findings = Vec::new();
    let settlements = unique(settlements, &mut findings);
    let streams = streams(&settlements);
    for links in &streams {
        for (at, settlement) in links.settlements.iter().enumerate() {
            let earlier = &links.settlements[..at];
            if let Some(before) = earlier.last() {
                link(before, settlement, &mut findings)?;
            }
            failed_payouts(settlement, earlier, &mut findings);
        }
    }
    overlaps(&streams, &mut findings);
    Ok(Chains { streams: streams.iter().map(Links::to_stream).collect(), findings })
}

/// As much of a settlement as [`check`] needs: with it, `check` finds the same. It is small whatever
/// the size of the report, so that it can be kept and read for each settlement of a long series.
///
/// Its rows no longer add up to anything: it is for `check` alone.
#[must_use]
pub fn condensed(settlement: &Settlement) -> Settlement {
    let mut groups: Vec<Group> = Vec::new();
    for group in &settlement.groups {
        let description = group.triple.amount_description.as_str();
        let counts = [CURRENT_RESERVE, PREVIOUS_RESERVE, PAYABLE, CHARGE].contains(&description)
            || description.starts_with(FAILED_TRANSFER);
        if counts {
            groups.push(group.clone());
            continue;
        }
        // Of all others only how many rows each marketplace has.
        let same =
            |one: &&mut Group| one.triple == nothing_said() && one.marketplace == group.marketplace;
        match groups.iter_mut().find(same) {
            Some(one) => one.rows = one.rows.saturating_add(group.rows),
            None => groups.push(Group {
                triple: nothing_said(),
                fulfillment: Fulfillment::Unstated,
                sku: None,
                amount: Money::zero(settlement.currency()),
                ..group.clone()
            }),
        }
    }
    Settlement { groups, ..settlement.clone() }
}

fn nothing_said() -> Triple {
    Triple {
        transaction_type: String::new(),
        amount_type: String::new(),
        amount_description: String::new(),
    }
}

/// Compares a settlement with the one before it in its stream.
fn link(
    before: &Settlement,
    after: &Settlement,
    findings: &mut Vec<Finding>,
) -> Result<(), MoneyError> {
    let ids = || (before.id.clone(), after.id.clone());
    if instant(before.end) != instant(after.start) {
        let (from, to) = (before.end, after.start);
        let (before, after) = ids();
        // Behind a gap neither a reserve nor a debt need continue.
        findings.push(Finding::Gap { before, after, from, to });
        return Ok(());
    }
    let closing = sum(before, CURRENT_RESERVE)?.negated();
    let opening = sum(after, PREVIOUS_RESERVE)?;
    if closing != opening {
        let (before, after) = ids();
        findings.push(Finding::Reserve { before, after, closing, opening });
    }
    let nothing = Money::zero(before.currency());
    let owed = if before.total.is_negative() { before.total.negated() } else { nothing };
    let charged = sum(after, PAYABLE)?.negated();
    if charged != owed {
        let (before, after) = ids();
        findings.push(Finding::Debt { before, after, owed, charged });
        return Ok(());
    }
    let amount = owed.checked_sub(sum(after, CHARGE)?)?;
    if !owed.is_zero() && !amount.is_negative() && !amount.is_zero() {
        let (before, after) = ids();
        findings.push(Finding::RolledOver { before, after, amount });
    }
    Ok(())
}

/// Looks for payouts that came back, and for the settlements whose payouts they were.
fn failed_payouts(settlement: &Settlement, earlier: &[&Settlement], findings: &mut Vec<Finding>) {
    let failed = |description: &str| description.starts_with(FAILED_TRANSFER);
    let groups = settlement.groups.iter();
    for group in groups.filter(|group| failed(&group.triple.amount_description)) {
        let payout_of = earlier.iter().rfind(|one| one.total == group.amount);
        findings.push(Finding::FailedPayout {
            id: settlement.id.clone(),
            amount: group.amount,
            payout_of: payout_of.map(|one| one.id.clone()),
        });
    }
}

/// Looks for single settlements beside a stream of their marketplace.
fn overlaps(streams: &[Links<'_, Settlement>], findings: &mut Vec<Finding>) {
    for (at, links) in streams.iter().enumerate() {
        let [single] = links.settlements.as_slice() else { continue };
        // Of two single settlements only the later one is reported.
        let others = streams.iter().enumerate().filter(|(other_at, other)| {
            let longer = other.settlements.len() > 1 || *other_at < at;
            longer && *other_at != at && other.is_like(links)
        });
        for other in others.flat_map(|(_, other)| &other.settlements) {
            let (first, second) = if instant(single.start) < instant(other.start) {
                (single, other)
            } else {
                (other, single)
            };
            if instant(second.start) < instant(first.end) {
                findings.push(Finding::Overlap {
                    first: first.id.clone(),
                    second: second.id.clone(),
                    from: second.start,
                    to: first.end,
                });
            }
        }
    }
}

/// What a settlement's rows of one description add up to.
fn sum(settlement: &Settlement, description: &str) -> Result<Money, MoneyError> {
    let groups = settlement.groups.iter();
    groups
        .filter(|group| group.triple.amount_description == description)
        .try_fold(Money::zero(settlement.currency()), |sum, group| sum.checked_add(group.amount))
}

#[cfg(test)]
mod tests;
