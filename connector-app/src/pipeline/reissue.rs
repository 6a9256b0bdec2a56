//! A settlement that Amazon issued again with other content: what changed, and what is decided.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::json;
use settlement_model::{Money, MoneyError, Settlement, Triple};
use store::{DocumentHash, SettlementRecord};

use super::hold::HeldReason;

/// The code of the reason that holds a settlement for a person's decision about a re-issue.
pub(super) const REISSUED: &str = "reissued";

/// The event of another content under a known settlement id; whoever brought it prepared what is
/// approved of it.
pub const OTHER_CONTENT: &str = "came with other content";

/// How many changes a message names; the facts have all.
const NAMED_MAX: usize = 3;

/// What is kept of re-issues with a settlement.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Reissues {
    /// The one that waits for a decision.
    pub pending: Option<Reissue>,
    /// The contents that were decided about, and those that were replaced: seen again, they are
    /// nothing new.
    pub decided: Vec<String>,
}

/// Another content of a known settlement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Reissue {
    /// The kept document that shows it, by its hash.
    pub document: String,
    /// Where the document came from.
    pub source: String,
    /// The hash of what the settlement says there.
    pub content: String,
}

impl Reissues {
    pub(super) fn of(record: &SettlementRecord) -> serde_json::Result<Self> {
        record.reissue.as_deref().map_or_else(|| Ok(Self::default()), serde_json::from_str)
    }

    /// With nothing pending any more: `settled` will be nothing new.
    pub(super) fn decided(mut self, settled: &str) -> Self {
        self.pending = None;
        self.decided.push(settled.to_owned());
        self.decided.sort();
        self.decided.dedup();
        self
    }
}

impl Reissue {
    pub(super) fn hash(&self) -> anyhow::Result<DocumentHash> {
        Ok(self.document.parse()?)
    }
}

/// What changed of one kind of row.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Change {
    triple: Triple,
    /// Rows and their sum as known; none if the kind is new.
    known: Option<(u64, Money)>,
    /// Rows and their sum as it came; none if the kind is gone.
    came: Option<(u64, Money)>,
}

/// By triple, what two contents of one settlement differ in.
fn changes(known: &Settlement, came: &Settlement) -> Result<Vec<Change>, MoneyError> {
    let (known, came) = (by_triple(known)?, by_triple(came)?);
    let triples: std::collections::BTreeSet<_> = known.keys().chain(came.keys()).collect();
    let changed = triples.into_iter().filter(|triple| known.get(*triple) != came.get(*triple));
    Ok(changed
        .map(|triple| Change {
            triple: (*triple).clone(),
            known: known.get(*triple).copied(),
            came: came.get(*triple).copied(),
        })
        .collect())
}

fn by_triple(settlement: &Settlement) -> Result<BTreeMap<&Triple, (u64, Money)>, MoneyError> {
    let mut sums = BTreeMap::new();
    for group in &settlement.groups {
        let nothing = (0_u64, Money::zero(settlement.currency()));
        let sum = sums.entry(&group.triple).or_insert(nothing);
        *sum = (sum.0.saturating_add(group.rows), sum.1.checked_add(group.amount)?);
    }
    Ok(sums)
}

impl Change {
    fn facts(&self) -> serde_json::Value {
        let rows = |side: &Option<(u64, Money)>| side.map_or(0, |(rows, _)| rows);
        let amount = |side: &Option<(u64, Money)>| side.map(|(_, amount)| amount.amount_text());
        json!({
            "transaction_type": self.triple.transaction_type,
            "amount_type": self.triple.amount_type,
            "amount_description": self.triple.amount_description,
            "rows": rows(&self.known), "amount": amount(&self.known),
            "rows_now": rows(&self.came), "amount_now": amount(&self.came),
        })
    }
}

impl std::fmt::Display for Change {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let side = |side: &Option<(u64, Money)>| match side {
            Some((rows, amount)) => format!("{} in {rows} rows", amount.amount_text()),
            None => "nothing".to_owned(),
        };
        write!(f, "{} was {}, is {}", self.triple, side(&self.known), side(&self.came))
    }
}

/// The reason that holds a settlement until a person decides between two contents.
///
/// # Errors
/// [`MoneyError`] when sums cannot be computed.
pub(super) fn reason(
    known: &Settlement,
    came: &Settlement,
    is_posted: bool,
) -> Result<HeldReason, MoneyError> {
    let id = &known.id;
    let changes = changes(known, came)?;
    let mut named: Vec<_> = changes.iter().take(NAMED_MAX).map(ToString::to_string).collect();
    if changes.len() > NAMED_MAX {
        named.push(format!("and {} kinds of rows more", changes.len() - NAMED_MAX));
    }
    if named.is_empty() {
        named.push("the same sums, spread over other days, marketplaces or fulfilments".to_owned());
    }
    let next = if is_posted {
        format!(
            "It is posted as it was: `ml-connector approve {id}` posts the difference as an adjusting \
             journal, `ml-connector release {id}` leaves the books as they are"
        )
    } else {
        format!(
            "Nothing is posted yet: `ml-connector approve {id}` takes the new content, \
             `ml-connector release {id}` goes on with the known one"
        )
    };
    let message = format!(
        "settlement {id} came again with other content: a deposit of {} in {} rows then, {} in {} \
         rows now. {}. {next}",
        known.total,
        known.rows,
        came.total,
        came.rows,
        named.join("; "),
    );
    let mut reason = HeldReason::new(REISSUED, message);
    let facts: Vec<_> = changes.iter().map(Change::facts).collect();
    reason.facts.insert("changes".to_owned(), facts.into());
    reason.facts.insert("deposit".to_owned(), known.total.amount_text().into());
    reason.facts.insert("deposit_now".to_owned(), came.total.amount_text().into());
    reason.facts.insert("posted".to_owned(), is_posted.into());
    Ok(reason)
}
