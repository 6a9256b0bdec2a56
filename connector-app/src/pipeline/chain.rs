//! Whether a settlement follows the ones before it: nothing missing between, nothing twice.

use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use settlement_model::chain::{self, Finding};
use settlement_model::{Settlement, SettlementId};
use store::{SettlementKey, SettlementRecord, Store};

use super::hold::HeldReason;
use super::waived;

/// What a gap or an overlap does.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum ChainPolicy {
    /// The later settlement is held until the missing one is here, or a person releases it.
    #[default]
    Hold,
    /// It is told, and nothing is held.
    Warn,
}

/// What the series of settlements says about one of them.
#[derive(Debug, Default)]
pub(super) struct InSeries {
    /// A settlement is missing before it, or it shares time with another.
    pub breaks: Vec<HeldReason>,
    /// What does not continue and is for reading only: a reserve, a debt.
    pub notes: Vec<HeldReason>,
}

/// The text kept with a settlement, of which its series is checked.
///
/// # Errors
/// Never in practice: a settlement always serialises.
pub(super) fn facts(settlement: &Settlement) -> serde_json::Result<String> {
    serde_json::to_string(&chain::condensed(settlement))
}

/// Checks a settlement against all that the connection has. What a person waived is left out.
pub(super) async fn look(store: &Store, record: &SettlementRecord) -> anyhow::Result<InSeries> {
    let mut settlements = Vec::new();
    for facts in store.chain_facts(&record.key.connection, &record.currency).await? {
        settlements.push(serde_json::from_str::<Settlement>(&facts)?);
    }
    let chains = chain::check(&settlements)?;
    let waived = waived::of(record)?;
    let mut series = InSeries::default();
    for finding in &chains.findings {
        let Some((is_break, reason)) = about(finding, &record.key) else { continue };
        match is_break {
            true if waived.contains(&waived::identity(&reason)) => {}
            true => series.breaks.push(reason),
            false => series.notes.push(reason),
        }
    }
    Ok(series)
}

/// What a finding says about the later settlement, and whether the chain is broken there.
fn about(finding: &Finding, key: &SettlementKey) -> Option<(bool, HeldReason)> {
    let later = |id: &SettlementId| id.as_str() == key.settlement_id;
    let id = &key.settlement_id;
    Some(match finding {
        Finding::Gap { before, after, from, to } if later(after) => {
            let (from, to) = (super::intake::report_time(*from), super::intake::report_time(*to));
            let message = format!(
                "no settlement covers {from} to {to}: one is missing between {before} and {id}. \
                 `ml-connector sync settlements` finds it while Amazon lists it (90 days); an older one \
                 is downloaded in Seller Central and taken in by `import`. If there is none, run \
                 `ml-connector release {id}`"
            );
            (true, reason("chain_gap", message, before, json!({ "from": from, "to": to })))
        }
        Finding::Overlap { first, second, from, to } if later(second) => {
            let (from, to) = (super::intake::report_time(*from), super::intake::report_time(*to));
            let message = format!(
                "it shares {from} to {to} with settlement {first} of the same marketplace. The finance \
                 clerk compares the two in Seller Central: if both are right, as with a second account \
                 type, run `ml-connector release {id}`"
            );
            (true, reason("chain_overlap", message, first, json!({ "from": from, "to": to })))
        }
        Finding::Reserve { before, after, closing, opening } if later(after) => {
            let message = format!(
                "settlement {before} kept {closing} back, and this one gives {opening} back"
            );
            let money =
                json!({ "closing": closing.amount_text(), "opening": opening.amount_text() });
            (false, reason("reserve_not_continued", message, before, money))
        }
        Finding::Debt { before, after, owed, charged } if later(after) => {
            let message = format!(
                "settlement {before} ended with {owed} owed to Amazon, and this one charges {charged} for it"
            );
            let money = json!({ "owed": owed.amount_text(), "charged": charged.amount_text() });
            (false, reason("debt_not_continued", message, before, money))
        }
        _ => return None,
    })
}

fn reason(code: &str, message: String, before: &SettlementId, facts: Value) -> HeldReason {
    let mut reason = HeldReason::new(code, message);
    let mut all = Map::new();
    all.insert("before".to_owned(), before.as_str().into());
    if let Value::Object(facts) = facts {
        all.extend(facts);
    }
    reason.facts = all;
    reason
}
