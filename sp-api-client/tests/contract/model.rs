//! A published model (Swagger 2): its operations, their parameters and their sandbox samples.

use std::path::Path;
use std::rc::Rc;

use serde_json::Value;
use url::Url;

/// The models' folder, beside the repository.
const MODELS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/contracts/sp-api");

/// One operation of a model.
#[derive(Clone)]
pub(crate) struct Operation {
    document: Rc<Value>,
    method: String,
    path: String,
    /// The operation's own object.
    own: Value,
}

/// The operation of this name, or `None` when the models are not here.
pub(crate) fn operation(api: &str, name: &str) -> Option<Operation> {
    if !Path::new(MODELS).is_dir() {
        return None;
    }
    let file = Path::new(MODELS).join(api).with_extension("json");
    let text = std::fs::read_to_string(&file).unwrap_or_else(|e| panic!("{}: {e}", file.display()));
    let document: Rc<Value> = Rc::new(serde_json::from_str(&text).unwrap());
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, own) in methods.as_object().unwrap() {
            if own["operationId"] == name {
                let (method, path) = (method.to_uppercase(), path.clone());
                return Some(Operation {
                    document: Rc::clone(&document),
                    method,
                    path,
                    own: own.clone(),
                });
            }
        }
    }
    panic!("{api} has no operation {name}");
}

impl Operation {
    /// Its path, with names in braces.
    pub(crate) fn path(&self) -> &str {
        &self.path
    }

    /// The bodies of the successes that the static sandbox knows.
    pub(crate) fn samples(&self) -> Vec<Value> {
        let responses = self.own["responses"].as_object().unwrap();
        let successes = responses.iter().filter(|(status, _)| status.starts_with('2'));
        let cases = successes.flat_map(|(_, response)| {
            response["x-amzn-api-sandbox"]["static"].as_array().cloned().unwrap_or_default()
        });
        cases.map(|case| case["response"].clone()).collect()
    }

    /// Everything about a request that the model does not allow.
    pub(crate) fn faults(&self, request: &http::Request<bytes::Bytes>) -> Vec<String> {
        let url = Url::parse(&request.uri().to_string()).unwrap();
        let mut faults = Vec::new();
        if request.method().as_str() != self.method {
            faults.push(format!("method {} instead of {}", request.method(), self.method));
        }
        if !same_path(&self.path, url.path()) {
            faults.push(format!("path {} instead of {}", url.path(), self.path));
        }
        let query: Vec<(String, String)> = url.query_pairs().into_owned().collect();
        for (name, value) in &query {
            match self.parameter("query", name) {
                Some(parameter) => parameter_faults(&parameter, name, value, &mut faults),
                None => faults.push(format!("no query parameter {name}")),
            }
        }
        for parameter in self.parameters().iter().filter(|p| p["required"] == true) {
            let name = parameter["name"].as_str().unwrap();
            let missing = match parameter["in"].as_str() {
                Some("query") => !query.iter().any(|(sent, _)| sent == name),
                Some("body") => request.body().is_empty(),
                _ => false,
            };
            if missing {
                faults.push(format!("{name} is required"));
            }
        }
        self.body_faults(request.body(), &mut faults);
        faults
    }

    fn body_faults(&self, body: &[u8], faults: &mut Vec<String>) {
        let schema = self.parameters().into_iter().find(|parameter| parameter["in"] == "body");
        match (schema, body.is_empty()) {
            (None, false) => faults.push("a body".to_owned()),
            (Some(parameter), false) => {
                let body = serde_json::from_slice(body).unwrap();
                self.check("body", &parameter["schema"], &body, faults);
            }
            (_, true) => {}
        }
    }

    fn parameters(&self) -> Vec<Value> {
        let own = self.own["parameters"].as_array().cloned().unwrap_or_default();
        own.into_iter().map(|parameter| self.resolve(&parameter).clone()).collect()
    }

    fn parameter(&self, place: &str, name: &str) -> Option<Value> {
        self.parameters().into_iter().find(|p| p["in"] == place && p["name"] == name)
    }

    fn resolve<'a>(&'a self, schema: &'a Value) -> &'a Value {
        match schema["$ref"].as_str() {
            Some(reference) => {
                let pointer = reference.trim_start_matches('#');
                self.resolve(self.document.pointer(pointer).unwrap())
            }
            None => schema,
        }
    }

    /// Holds a value against a schema: types, members, required ones, enums and lengths.
    fn check(&self, at: &str, schema: &Value, value: &Value, faults: &mut Vec<String>) {
        let schema = self.resolve(schema);
        let right_type = match schema["type"].as_str() {
            Some("object") => value.is_object(),
            Some("array") => value.is_array(),
            Some("string") => value.is_string(),
            Some("boolean") => value.is_boolean(),
            Some("integer" | "number") => value.is_number(),
            _ => true,
        };
        if !right_type {
            faults.push(format!("{at} is no {}", schema["type"]));
        }
        if schema["enum"].as_array().is_some_and(|words| !words.contains(value)) {
            faults.push(format!("{at}: {value} is none of its values"));
        }
        let max = |name: &str| schema[name].as_u64().and_then(|max| usize::try_from(max).ok());
        if max("maxItems").zip(value.as_array()).is_some_and(|(max, items)| items.len() > max) {
            faults.push(format!("{at} has too many items"));
        }
        if max("maxLength").zip(value.as_str()).is_some_and(|(max, text)| text.len() > max) {
            faults.push(format!("{at} is too long"));
        }
        for (i, item) in value.as_array().into_iter().flatten().enumerate() {
            self.check(&format!("{at}[{i}]"), &schema["items"], item, faults);
        }
        let Some(known) = schema["properties"].as_object() else { return };
        let members = value.as_object();
        for (name, member) in members.into_iter().flatten() {
            match known.get(name) {
                Some(schema) => self.check(&format!("{at}.{name}"), schema, member, faults),
                None => faults.push(format!("{at} has no member {name}")),
            }
        }
        for name in schema["required"].as_array().into_iter().flatten() {
            if members.is_some_and(|members| !members.contains_key(name.as_str().unwrap())) {
                faults.push(format!("{at}: {name} is required"));
            }
        }
    }
}

fn same_path(template: &str, path: &str) -> bool {
    let (template, path): (Vec<_>, Vec<_>) =
        (template.split('/').collect(), path.split('/').collect());
    template.len() == path.len()
        && template.iter().zip(&path).all(|(t, p)| t == p || (t.starts_with('{') && !p.is_empty()))
}

fn parameter_faults(parameter: &Value, name: &str, value: &str, faults: &mut Vec<String>) {
    let list = parameter["type"] == "array";
    let members: Vec<&str> = if list { value.split(',').collect() } else { vec![value] };
    let words = if list { &parameter["items"]["enum"] } else { &parameter["enum"] };
    if let Some(words) = words.as_array() {
        let strangers = members.iter().filter(|member| !words.iter().any(|word| word == **member));
        faults.extend(strangers.map(|member| format!("{name}: {member} is none of its values")));
    }
    if parameter["maxItems"].as_u64().is_some_and(|max| members.len() as u64 > max) {
        faults.push(format!("{name} has too many values"));
    }
    let right_type = match parameter["type"].as_str() {
        Some("integer") => value.parse::<i64>().is_ok(),
        Some("boolean") => matches!(value, "true" | "false"),
        _ => !value.is_empty(),
    };
    if !right_type {
        faults.push(format!("{name}: {value} is no {}", parameter["type"]));
    }
}
