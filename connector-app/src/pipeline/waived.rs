//! What a person waives by releasing a settlement: a check that held it holds it no more.

use serde_json::Value;
use store::SettlementRecord;

use super::elsewhere::OTHER_CONNECTION;
use super::hold::HeldReason;

/// The codes of the reasons that may be waived.
const CODES: [&str; 3] = ["chain_gap", "chain_overlap", OTHER_CONNECTION];

/// What tells one reason from another, so that waiving it waives no other: what was before the
/// settlement, or who else has it.
pub(super) fn identity(reason: &HeldReason) -> String {
    let fact = |name: &str| reason.facts.get(name).and_then(Value::as_str).unwrap_or_default();
    match reason.reason.as_str() {
        code @ OTHER_CONNECTION => format!("{code} {}", fact("connection")),
        code => format!("{code} after {}", fact("before")),
    }
}

/// The identities of what was waived so far.
pub(super) fn of(record: &SettlementRecord) -> serde_json::Result<Vec<String>> {
    record.waived.as_deref().map_or_else(|| Ok(Vec::new()), serde_json::from_str)
}

/// What is waived of a settlement once a person releases it: what holds it, beside what was waived
/// before. `None` when none of its reasons may be.
pub(super) fn by_release(record: &SettlementRecord) -> anyhow::Result<Option<String>> {
    let reasons = HeldReason::parse_all(record.hold.as_deref());
    let now: Vec<_> = reasons
        .iter()
        .filter(|reason| CODES.contains(&reason.reason.as_str()))
        .map(identity)
        .collect();
    if now.is_empty() {
        return Ok(None);
    }
    let mut waived = of(record)?;
    waived.extend(now);
    waived.sort();
    waived.dedup();
    Ok(Some(serde_json::to_string(&waived)?))
}
