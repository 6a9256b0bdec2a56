//! The filters the client sends: comparisons joined by `and`.

use serde_json::Value;

pub(crate) struct Condition {
    column: String,
    operator: String,
    value: String,
}

pub(crate) fn parse(filter: &str) -> Vec<Condition> {
    let parts = filter.split(" and ").filter(|part| !part.is_empty());
    parts.map(condition).collect()
}

fn condition(part: &str) -> Condition {
    let unquoted = |value: &str| match value.strip_prefix('\'') {
        Some(text) => text.strip_suffix('\'').unwrap().replace("''", "'"),
        None => value.to_owned(),
    };
    let (column, operator, value) = match part.strip_prefix("startswith(") {
        Some(call) => {
            let (column, value) = call.strip_suffix(')').unwrap().split_once(',').unwrap();
            (column, "startswith", value)
        }
        None => {
            let mut words = part.splitn(3, ' ');
            (words.next().unwrap(), words.next().unwrap(), words.next().unwrap())
        }
    };
    Condition { column: column.to_owned(), operator: operator.to_owned(), value: unquoted(value) }
}

pub(crate) fn meets(row: &Value, wanted: &[Condition]) -> bool {
    wanted.iter().all(|condition| {
        let held = match &row[&condition.column] {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        let wanted = &condition.value;
        match condition.operator.as_str() {
            "eq" => held.eq_ignore_ascii_case(wanted),
            "startswith" => held.starts_with(wanted),
            // The only columns compared so are dates.
            "ge" => held.get(..10) >= wanted.get(..10),
            other => panic!("the operator {other} is not known here"),
        }
    })
}
