//! Values held against a schema, and values made from one.

use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::{Map, Value, json};

use super::Operation;

impl Operation {
    pub(super) fn resolve<'a>(&'a self, schema: &'a Value) -> &'a Value {
        match schema["$ref"].as_str() {
            Some(reference) => {
                let pointer = reference.trim_start_matches('#');
                self.resolve(self.document.pointer(pointer).unwrap())
            }
            None => schema,
        }
    }

    /// Holds the text of a query parameter against what the model says of it.
    pub(super) fn parameter_faults(
        &self,
        parameter: &Value,
        name: &str,
        text: &str,
        faults: &mut Vec<String>,
    ) {
        let value = match parameter["type"].as_str() {
            Some("array") => text.split(',').map(Value::from).collect(),
            Some("integer") => text.parse::<i64>().map_or_else(|_| text.into(), Value::from),
            Some("boolean") => text.parse::<bool>().map_or_else(|_| text.into(), Value::from),
            _ => text.into(),
        };
        if text.is_empty() {
            faults.push(format!("{name} is empty"));
        }
        self.check(name, parameter, &value, faults);
    }

    /// Holds a value against a schema: types, members, required ones, enums, formats and limits.
    pub(super) fn check(&self, at: &str, schema: &Value, value: &Value, faults: &mut Vec<String>) {
        let schema = self.resolve(schema);
        let right_type = match schema["type"].as_str() {
            Some("object") => value.is_object(),
            Some("array") => value.is_array(),
            Some("string") => value.is_string(),
            Some("boolean") => value.is_boolean(),
            Some("integer") => value.is_i64() || value.is_u64(),
            Some("number") => value.is_number(),
            _ => true,
        };
        if !right_type {
            faults.push(format!("{at} is no {}", schema["type"]));
        }
        if schema["enum"].as_array().is_some_and(|words| !words.contains(value)) {
            faults.push(format!("{at}: {value} is none of its values"));
        }
        limits(at, schema, value, faults);
        if let Some(text) = value.as_str() {
            format(at, schema, text, faults);
        }
        for (i, item) in value.as_array().into_iter().flatten().enumerate() {
            self.check(&format!("{at}[{i}]"), &schema["items"], item, faults);
        }
        if let Some(members) = value.as_object() {
            self.check_members(at, schema, members, faults);
        }
    }

    fn check_members(
        &self,
        at: &str,
        schema: &Value,
        members: &Map<String, Value>,
        faults: &mut Vec<String>,
    ) {
        let (known, required) = self.members(schema);
        let open = known.is_empty() || schema["additionalProperties"] == true;
        for (name, member) in members {
            match known.get(name) {
                Some(schema) => self.check(&format!("{at}.{name}"), schema, member, faults),
                None if open => {}
                None => faults.push(format!("{at} has no member {name}")),
            }
        }
        let missing = required.iter().filter(|name| !members.contains_key(*name));
        faults.extend(missing.map(|name| format!("{at}: {name} is required")));
    }

    /// The members of an object and the names of those required, its parts' (`allOf`) among them.
    fn members(&self, schema: &Value) -> (Map<String, Value>, Vec<String>) {
        let schema = self.resolve(schema);
        let mut members = schema["properties"].as_object().cloned().unwrap_or_default();
        let names = schema["required"].as_array().into_iter().flatten();
        let mut required: Vec<_> = names.map(|name| name.as_str().unwrap().to_owned()).collect();
        for part in schema["allOf"].as_array().into_iter().flatten() {
            let (more, names) = self.members(part);
            members.extend(more);
            required.extend(names);
        }
        (members, required)
    }

    /// A value in which every member is filled. What contains itself is there once.
    pub(super) fn example(&self, name: &str, schema: &Value, within: &mut Vec<String>) -> Value {
        let reference = schema["$ref"].as_str().unwrap_or_default().to_owned();
        let schema = self.resolve(schema);
        within.push(reference);
        let value = match schema["type"].as_str() {
            Some("array") if is_within(&schema["items"], within) => json!([]),
            Some("array") => json!([self.example(name, &schema["items"], within)]),
            Some("string") => text(name, schema),
            Some("integer") => json!(3),
            Some("number") => serde_json::from_str("1234567890123456.10").unwrap(),
            Some("boolean") => json!(true),
            _ => {
                let mut members = Map::new();
                for (name, member) in self.members(schema).0 {
                    if name != "errors" && !is_within(&member, within) {
                        let member = self.example(&name, &member, within);
                        members.insert(name, member);
                    }
                }
                match &schema["additionalProperties"] {
                    Value::Null => {}
                    kept if kept.is_object() => {
                        members.insert("a".to_owned(), self.example("a", kept, within));
                    }
                    _ => {
                        members.insert("a".to_owned(), json!(["text"]));
                    }
                }
                Value::Object(members)
            }
        };
        within.pop();
        value
    }
}

fn is_within(schema: &Value, within: &[String]) -> bool {
    schema["$ref"].as_str().is_some_and(|name| within.iter().any(|around| around == name))
}

fn limits(at: &str, schema: &Value, value: &Value, faults: &mut Vec<String>) {
    let sizes = [
        ("minItems", "maxItems", value.as_array().map(Vec::len)),
        ("minLength", "maxLength", value.as_str().map(|text| text.chars().count())),
        ("minimum", "maximum", value.as_u64().and_then(|number| number.try_into().ok())),
    ];
    for (least, most, size) in sizes {
        let Some(size) = size else { continue };
        let limit = |name: &str| schema[name].as_u64().and_then(|limit| limit.try_into().ok());
        if limit(least).is_some_and(|least: usize| size < least) {
            faults.push(format!("{at}: {size} is below {least}"));
        }
        if limit(most).is_some_and(|most: usize| size > most) {
            faults.push(format!("{at}: {size} is above {most}"));
        }
    }
}

fn format(at: &str, schema: &Value, text: &str, faults: &mut Vec<String>) {
    let right = match schema["format"].as_str() {
        Some("date-time") => text.contains('T') && text.parse::<Timestamp>().is_ok(),
        Some("date") => text.len() == 10 && text.parse::<Date>().is_ok(),
        _ => true,
    };
    if !right {
        faults.push(format!("{at}: {text} is no {}", schema["format"]));
    }
    // The models have two patterns: no expression is worth a dependency for them.
    let right = match schema["pattern"].as_str() {
        Some(r"^arn:aws:sqs:\S+:\S+:\S+") => {
            text.starts_with("arn:aws:sqs:") && text.split(':').all(|part| !part.is_empty())
        }
        _ => true,
    };
    if !right {
        faults.push(format!("{at}: {text} is not like {}", schema["pattern"]));
    }
}

/// A text that may be what the member's name says: the models do not give every format.
fn text(name: &str, schema: &Value) -> Value {
    let ends = |ends: &[&str]| ends.iter().any(|end| name.ends_with(end));
    if let Some(word) = schema["enum"].as_array().and_then(|words| words.first()) {
        return word.clone();
    }
    match schema["format"].as_str() {
        Some("date-time") => json!("2026-11-01T02:03:04Z"),
        Some("date") => json!("2026-11-01"),
        _ if ends(&["Amount", "amount"]) => json!("12345678901234567.89"),
        _ if ends(&["Url", "url", "URL"]) => json!("https://bucket.s3.amazonaws.com/key"),
        _ if ends(&["Date", "Before"]) => json!("2026-11-01T02:03:04Z"),
        _ => json!("text"),
    }
}
