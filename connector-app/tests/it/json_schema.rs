//! Judges a value by a JSON Schema: the keywords that our schemas use. An unknown keyword is a
//! failure, so that nothing is taken for right because it was not understood.

use serde_json::{Map, Value};

/// Keywords that say nothing about a value.
const SILENT: [&str; 8] =
    ["$schema", "$defs", "title", "description", "default", "format", "minimum", "maximum"];

/// What is wrong with the value, if anything.
pub(crate) fn fault(schema: &Value, value: &Value) -> Option<String> {
    judge(value, schema, schema)
}

fn judge(value: &Value, schema: &Value, root: &Value) -> Option<String> {
    let keywords = match schema {
        Value::Bool(true) => return None,
        Value::Object(keywords) => keywords,
        other => return Some(format!("{other} allows nothing")),
    };
    keywords.iter().find_map(|(keyword, rule)| by_keyword(value, keyword, rule, keywords, root))
}

fn by_keyword(
    value: &Value,
    keyword: &str,
    rule: &Value,
    all: &Map<String, Value>,
    root: &Value,
) -> Option<String> {
    let members = value.as_object();
    let list = || rule.as_array().expect("a list").iter();
    match keyword {
        "$ref" => {
            let pointer = rule.as_str().expect("a reference").trim_start_matches('#');
            judge(value, root.pointer(pointer).expect("a definition"), root)
        }
        "const" => (value != rule).then(|| format!("{value} is not {rule}")),
        "enum" => (!list().any(|one| one == value)).then(|| format!("{value} is none of {rule}")),
        "anyOf" | "oneOf" => {
            let good = list().filter(|form| judge(value, form, root).is_none()).count();
            let right = if keyword == "oneOf" { good == 1 } else { good > 0 };
            (!right).then(|| format!("{value} has none of the forms"))
        }
        "type" => {
            let of = |name: &Value| match name.as_str().expect("a type") {
                "string" => value.is_string(),
                "boolean" => value.is_boolean(),
                "integer" => value.is_i64() || value.is_u64(),
                "array" => value.is_array(),
                "object" => value.is_object(),
                "null" => value.is_null(),
                other => panic!("the type {other}"),
            };
            let good = rule.as_array().map_or_else(|| of(rule), |types| types.iter().any(of));
            (!good).then(|| format!("{value} is no {rule}"))
        }
        "minLength" | "maxLength" => {
            let length = value.as_str()?.chars().count() as u64;
            let bound = rule.as_u64().expect("a length");
            let good = if keyword == "minLength" { length >= bound } else { length <= bound };
            (!good).then(|| format!("{value} is too short or too long"))
        }
        "items" => value.as_array()?.iter().find_map(|item| judge(item, rule, root)),
        "required" => {
            let missing = list().find(|name| {
                !members.is_some_and(|members| members.contains_key(name.as_str().expect("a name")))
            })?;
            Some(format!("{missing} is missing"))
        }
        "properties" => members?.iter().find_map(|(name, member)| {
            judge(member, rule.get(name)?, root).map(|fault| format!("{name}: {fault}"))
        }),
        "additionalProperties" => members?.iter().find_map(|(name, member)| {
            let named = all.get("properties").is_some_and(|known| known.get(name).is_some());
            if named {
                None
            } else {
                judge(member, rule, root).map(|_| format!("{name} is not known"))
            }
        }),
        silent if SILENT.contains(&silent) => None,
        other => panic!("the schema has the keyword {other}"),
    }
}
