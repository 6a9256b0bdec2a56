//! What the audit log tells, for people.

use serde_json::Value;
use store::Event;

/// The facts of an event that a person wants to read.
#[must_use]
pub fn details(event: &Event) -> Vec<String> {
    let Value::Object(facts) = &event.detail else {
        return Vec::new();
    };
    facts
        .iter()
        // Token and group stand in every posting event; once is enough for a reader.
        .filter(|(name, _)| {
            event.action == "begin" || !matches!(name.as_str(), "token" | "group_id")
        })
        .filter_map(|(name, value)| match value {
            Value::Null => None,
            Value::String(text) if text.is_empty() => None,
            Value::String(text) => Some(format!("{name}: {text}")),
            Value::Array(items) if name == "reasons" => {
                let messages: Vec<_> = items.iter().filter_map(|i| i["message"].as_str()).collect();
                Some(messages.join("; "))
            }
            other => Some(format!("{name}: {other}")),
        })
        .collect()
}
