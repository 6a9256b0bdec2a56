//! A published model (Swagger 2): its operations, their parameters and their sandbox samples.

use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Once;

use serde_json::Value;
use url::Url;

mod schema;
#[cfg(test)]
mod tests;

/// One operation of a model.
#[derive(Clone)]
pub(crate) struct Operation {
    document: Rc<Value>,
    method: String,
    path: String,
    /// The operation's own object.
    own: Value,
    /// The parameters of every operation at its path.
    shared: Value,
}

/// The operation of this name, or `None`, said once, when the environment names no models.
pub(crate) fn operation(api: &str, name: &str) -> Option<Operation> {
    static SAID: Once = Once::new();
    let Some(folder) = std::env::var_os("SP_API_MODELS").map(PathBuf::from) else {
        // Past the harness, which keeps to itself what a passing test prints.
        SAID.call_once(|| {
            let _unsaid =
                writeln!(io::stderr(), "skipped: Amazon's models; SP_API_MODELS names no folder");
        });
        return None;
    };
    let file = find(&folder, &format!("{api}.json")).unwrap_or_else(|| panic!("no {api}.json"));
    Some(read(&std::fs::read_to_string(file).unwrap(), name))
}

/// The file of this name in a folder, or in one below it.
fn find(folder: &Path, name: &str) -> Option<PathBuf> {
    let file = folder.join(name);
    if file.is_file() {
        return Some(file);
    }
    let entries =
        std::fs::read_dir(folder).expect("the models' folder").map(|entry| entry.unwrap().path());
    entries.filter(|path| path.is_dir()).find_map(|below| find(&below, name))
}

fn read(model: &str, name: &str) -> Operation {
    let document: Rc<Value> = Rc::new(serde_json::from_str(model).unwrap());
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, own) in methods.as_object().unwrap() {
            if own["operationId"] == name {
                return Operation {
                    document: Rc::clone(&document),
                    method: method.to_uppercase(),
                    path: path.clone(),
                    own: own.clone(),
                    shared: methods["parameters"].clone(),
                };
            }
        }
    }
    panic!("the model has no operation {name}");
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

    /// The body of a success in which every member that the model knows is filled, or `None` when
    /// the success has no body.
    pub(crate) fn full_answer(&self) -> Option<Value> {
        let responses = self.own["responses"].as_object().unwrap();
        let (_, response) = responses.iter().find(|(status, _)| status.starts_with('2'))?;
        let schema = response.get("schema")?;
        Some(self.example("", schema, &mut Vec::new()))
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
                Some(parameter) => self.parameter_faults(&parameter, name, value, &mut faults),
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
        let of = |parameters: &Value| parameters.as_array().cloned().unwrap_or_default();
        let all = of(&self.own["parameters"]).into_iter().chain(of(&self.shared));
        all.map(|parameter| self.resolve(&parameter).clone()).collect()
    }

    fn parameter(&self, place: &str, name: &str) -> Option<Value> {
        self.parameters().into_iter().find(|p| p["in"] == place && p["name"] == name)
    }
}

fn same_path(template: &str, path: &str) -> bool {
    let (template, path): (Vec<_>, Vec<_>) =
        (template.split('/').collect(), path.split('/').collect());
    template.len() == path.len()
        && template.iter().zip(&path).all(|(t, p)| t == p || (t.starts_with('{') && !p.is_empty()))
}
