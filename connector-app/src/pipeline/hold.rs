//! Why something is held, in the form kept in the store and printed by `status`.

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value};

/// The code of a reason that a person gave.
pub(super) const HELD_BY_PERSON: &str = "held_by_person";

/// One reason: a stable code, a sentence for the clerk, and the facts behind it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct HeldReason {
    /// A stable code such as `unknown_amount`.
    pub reason: String,
    /// What happened, who must act, what to do next.
    pub message: String,
    /// The machine-readable facts, as the step that held it gave them.
    #[serde(flatten)]
    pub facts: Map<String, Value>,
}

impl HeldReason {
    /// A reason without further facts.
    #[must_use]
    pub fn new(reason: &str, message: impl Into<String>) -> Self {
        Self { reason: reason.to_owned(), message: message.into(), facts: Map::new() }
    }

    /// A document that the other system did not take; `message` says which, and why.
    #[must_use]
    pub fn posting_held(message: impl Into<String>) -> Self {
        Self::new("posting_held", message)
    }

    /// A person stopped it, and may have said why.
    #[must_use]
    pub fn by_person(why: Option<&str>) -> Self {
        Self::new(HELD_BY_PERSON, why.unwrap_or("no reason given"))
    }

    /// The reasons kept in a stored `hold`; what cannot be read is shown as it is.
    #[must_use]
    pub fn parse_all(hold: Option<&str>) -> Vec<Self> {
        let Some(text) = hold else { return Vec::new() };
        serde_json::from_str(text).unwrap_or_else(|_| vec![Self::new("held", text)])
    }

    /// The stored form of several reasons.
    #[must_use]
    pub fn to_stored(reasons: &[Self]) -> String {
        serde_json::to_string(reasons).unwrap_or_else(|error| error.to_string())
    }
}

/// By hand, because a derived reading of flattened members would pass through floats.
impl<'de> Deserialize<'de> for HeldReason {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut facts = Map::deserialize(deserializer)?;
        let mut take = |name| match facts.remove(name) {
            Some(Value::String(text)) => Ok(text),
            _ => Err(D::Error::missing_field(name)),
        };
        Ok(Self { reason: take("reason")?, message: take("message")?, facts })
    }
}

impl From<&ledger_mapper::Hold> for HeldReason {
    fn from(hold: &ledger_mapper::Hold) -> Self {
        let facts = match serde_json::to_value(hold) {
            Ok(Value::Object(mut facts)) => {
                facts.remove("reason");
                facts.remove("message");
                facts
            }
            _ => Map::new(),
        };
        Self { reason: hold.reason().to_owned(), message: hold.message(), facts }
    }
}

impl From<&crate::ledger::Obstacle> for HeldReason {
    fn from(obstacle: &crate::ledger::Obstacle) -> Self {
        Self::new(obstacle.reason, obstacle.message.clone())
    }
}

impl From<&settlement_model::Defect> for HeldReason {
    fn from(defect: &settlement_model::Defect) -> Self {
        let mut facts = Map::new();
        if let Some(line) = defect.line {
            facts.insert("line".to_owned(), line.into());
        }
        if let Some(column) = &defect.column {
            facts.insert("column".to_owned(), column.clone().into());
        }
        Self { reason: defect.reason.code().to_owned(), message: defect.message.clone(), facts }
    }
}
