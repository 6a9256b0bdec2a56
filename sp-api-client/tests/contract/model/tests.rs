//! The checker itself, against a model of a few lines.

use serde_json::{Value, json};

use super::{Operation, read};

fn operation() -> Operation {
    let model = json!({
        "paths": {"/a/{id}": {
            "parameters": [{"name": "id", "in": "path", "required": true, "type": "string"}],
            "post": {
                "operationId": "change",
                "parameters": [
                    {"name": "size", "in": "query", "required": true, "type": "integer",
                        "minimum": 1, "maximum": 100},
                    {"name": "kinds", "in": "query", "type": "array", "maxItems": 2,
                        "items": {"type": "string", "enum": ["X", "Y", "Z"]}},
                    {"name": "since", "in": "query", "type": "string", "format": "date-time"},
                    {"name": "day", "in": "query", "type": "string", "format": "date"},
                    {"name": "body", "in": "body", "required": true,
                        "schema": {"$ref": "#/definitions/Change"}},
                ],
                "responses": {"200": {"schema": {"$ref": "#/definitions/Change"}}},
            },
        }},
        "definitions": {
            "Change": {
                "allOf": [{"$ref": "#/definitions/Named"}, {"type": "object", "properties": {
                    "arn": {"type": "string", "pattern": r"^arn:aws:sqs:\S+:\S+:\S+"},
                    "amount": {"type": "number"},
                    "parts": {"type": "array", "minItems": 1,
                        "items": {"$ref": "#/definitions/Change"}},
                }}],
            },
            "Named": {"type": "object", "required": ["name"],
                "properties": {"name": {"type": "string", "minLength": 1, "maxLength": 3}}},
        },
    });
    read(&model.to_string(), "change")
}

fn faults(method: &str, path_and_query: &str, body: &Value) -> Vec<String> {
    let body = if body.is_null() { Vec::new() } else { body.to_string().into_bytes() };
    let uri = format!("https://host{path_and_query}");
    let request = http::Request::builder().method(method).uri(uri).body(body.into()).unwrap();
    operation().faults(&request)
}

#[test]
fn a_request_that_the_model_allows_has_no_fault() {
    let body = json!({"name": "abc", "arn": "arn:aws:sqs:r:1:q", "parts": [{"name": "a"}]});
    let query = "?size=100&kinds=X,Z&since=2026-11-01T00:00:00Z&day=2026-11-01";
    assert_eq!(faults("POST", &format!("/a/1{query}"), &body), [""; 0]);
}

#[test]
fn each_thing_that_the_model_does_not_allow_is_found() {
    let good = json!({"name": "a"});
    for (method, path, body, fault) in [
        ("GET", "/a/1?size=1", good.clone(), "method"),
        ("POST", "/a/1/2?size=1", good.clone(), "path"),
        ("POST", "/a/?size=1", good.clone(), "path"),
        ("POST", "/a/1", good.clone(), "size is required"),
        ("POST", "/a/1?size=0", good.clone(), "below minimum"),
        ("POST", "/a/1?size=101", good.clone(), "above maximum"),
        ("POST", "/a/1?size=x", good.clone(), "size is no"),
        ("POST", "/a/1?size=1&other=1", good.clone(), "no query parameter other"),
        ("POST", "/a/1?size=1&kinds=X,Q", good.clone(), "none of its values"),
        ("POST", "/a/1?size=1&kinds=X,Y,Z", good.clone(), "above maxItems"),
        ("POST", "/a/1?size=1&kinds=", good.clone(), "kinds is empty"),
        ("POST", "/a/1?size=1&since=2026-11-01", good.clone(), "since: 2026-11-01 is no"),
        ("POST", "/a/1?size=1&day=2026-11-01T00:00:00Z", good, "is no \"date\""),
        ("POST", "/a/1?size=1", Value::Null, "body is required"),
        ("POST", "/a/1?size=1", json!({}), "name is required"),
        ("POST", "/a/1?size=1", json!({"name": ""}), "below minLength"),
        ("POST", "/a/1?size=1", json!({"name": "abcd"}), "above maxLength"),
        ("POST", "/a/1?size=1", json!({"name": 1}), "body.name is no"),
        ("POST", "/a/1?size=1", json!({"name": "a", "x": 1}), "no member x"),
        ("POST", "/a/1?size=1", json!({"name": "a", "arn": "arn:aws:sns:r:1:t"}), "is not like"),
        ("POST", "/a/1?size=1", json!({"name": "a", "amount": "1"}), "body.amount is no"),
        ("POST", "/a/1?size=1", json!({"name": "a", "parts": []}), "below minItems"),
        ("POST", "/a/1?size=1", json!({"name": "a", "parts": [{}]}), "name is required"),
    ] {
        let found = faults(method, path, &body);
        assert!(found.iter().any(|found| found.contains(fault)), "{fault}: {found:?}");
    }
}

#[test]
fn a_full_answer_has_every_member() {
    let full = operation().full_answer().unwrap();
    for name in ["name", "arn", "amount", "parts"] {
        assert!(!full[name].is_null(), "{name}: {full}");
    }
    assert_eq!(full["parts"], json!([]), "what contains itself is there once");
    assert_eq!(full["amount"].to_string(), "1234567890123456.10");
}
