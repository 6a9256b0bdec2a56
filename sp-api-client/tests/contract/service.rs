//! A service that answers with the samples of the model, and keeps what it was asked.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use rust_decimal::Decimal;
use serde_json::{Value, json};
use sp_api_client::{Client, ClientBuilder, Credentials, Error, Region};
use wire::{ManualClock, Request, Response, Transport, TransportError};

use crate::{model, table};

/// The one sample that is answered with, and the last request.
#[derive(Debug)]
struct Sample {
    body: Bytes,
    asked: Mutex<Option<http::Request<Bytes>>>,
}

#[async_trait]
impl Transport for Sample {
    async fn send(&self, request: Request) -> Result<Response, TransportError> {
        let login = request.http.uri().path() == "/auth/o2/token";
        let body = if login {
            json!({"access_token": "token", "expires_in": 3600}).to_string().into()
        } else {
            *self.asked.lock().unwrap() = Some(request.http);
            self.body.clone()
        };
        Ok(Response::full(StatusCode::OK, HeaderMap::new(), body))
    }
}

/// Makes a call against each sample answer of an operation, told as `api/operation`, and against
/// one in which every member that the model knows is filled.
///
/// The request must be one that the model allows. `call` gives back what it read, as the JSON it
/// came from; what of an answer is missing there, or is another value, must be `lost`. None of it
/// may be counted as unknown.
pub(crate) async fn check(
    operation: &'static str,
    call: impl AsyncFn(&Client) -> Result<Value, Error>,
    lost: &[&str],
) {
    let (api, name) = operation.split_once('/').unwrap();
    let Some(operation) = model::operation(api, name) else { return };
    let mut answers = operation.samples();
    answers.extend(operation.full_answer());
    assert!(!answers.is_empty(), "the model has no sample and no schema");
    check_rate(name, operation.path(), &call, body(&answers[0])).await;
    let mut really_lost = Vec::new();
    for answer in answers {
        let service = Arc::new(Sample { body: body(&answer), asked: Mutex::default() });
        let client = client(Arc::clone(&service) as Arc<dyn Transport>);
        let read = call(&client).await;
        assert_eq!(client.unknown_members(), [], "the model knows them");
        let read = read.unwrap_or_else(|error| panic!("{error}\n{answer:#}"));
        let asked = service.asked.lock().unwrap().take().unwrap();
        assert_eq!(operation.faults(&asked), [""; 0], "{}", asked.uri());
        compare("", &answer, &read, &mut really_lost);
    }
    really_lost.sort();
    really_lost.dedup();
    assert_eq!(really_lost, lost, "what is lost on the way through our types");
}

/// A sample as it is sent. A 204 has no body, which the models write as an empty object.
fn body(sample: &Value) -> Bytes {
    let empty = sample.as_object().is_some_and(serde_json::Map::is_empty);
    if empty { Bytes::new() } else { sample.to_string().into() }
}

/// The operation keeps to its published rate: as many calls as its burst go out at once, and the
/// next one waits for a token. Some have no published rate.
async fn check_rate(
    name: &'static str,
    path: &str,
    call: impl AsyncFn(&Client) -> Result<Value, Error>,
    body: Bytes,
) {
    let Some(published) = table::published(name, path) else { return };
    let service = Arc::new(Sample { body, asked: Mutex::default() });
    let waits = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&waits);
    let client = builder(service)
        .on_wait(move |notice| {
            if notice.operation == name {
                seen.lock().unwrap().push(notice.wait);
            }
        })
        .build()
        .unwrap();
    for _ in 0..published.burst {
        call(&client).await.unwrap();
    }
    assert_eq!(waits.lock().unwrap()[..], [], "a burst of {}", published.burst);
    call(&client).await.unwrap();
    let millis = waits.lock().unwrap()[0].as_millis();
    // What a wait of 1/rate is off by when the rate was rounded for publication.
    let tokens = published.rate * Decimal::from(millis) / Decimal::ONE_THOUSAND;
    let off = (tokens - Decimal::ONE).abs();
    assert!(off < Decimal::new(1, 2), "{} a second is no wait of {millis} ms", published.rate);
}

/// The time it is.
pub(crate) const NOW: &str = "2026-11-23T12:00:00Z";

pub(crate) fn client(service: Arc<dyn Transport>) -> Client {
    builder(service).build().unwrap()
}

fn builder(service: Arc<dyn Transport>) -> ClientBuilder {
    let credentials = Credentials {
        client_id: "amzn1.application-oa2-client.test".to_owned(),
        client_secret: "secret".to_owned().into(),
        refresh_token: "Atzr|refresh".to_owned().into(),
    };
    let start = NOW.parse().unwrap();
    Client::builder(Region::NorthAmerica, credentials)
        .transport(service)
        .clock(Arc::new(ManualClock::new(start)))
}

/// Where `read` has not what `sample` has. Members that only `read` has do not matter.
fn compare(at: &str, sample: &Value, read: &Value, lost: &mut Vec<String>) {
    match (sample, read) {
        (Value::Object(members), Value::Object(ours)) => {
            for (name, member) in members {
                let at = if at.is_empty() { name.clone() } else { format!("{at}.{name}") };
                compare(&at, member, ours.get(name).unwrap_or(&Value::Null), lost);
            }
        }
        (Value::Array(items), Value::Array(ours)) if items.len() == ours.len() => {
            for (item, ours) in items.iter().zip(ours) {
                compare(&format!("{at}[]"), item, ours, lost);
            }
        }
        _ if sample == read || same_time(sample, read) => {}
        _ => lost.push(at.to_owned()),
    }
}

/// Whether both are times, and the same one.
fn same_time(sample: &Value, read: &Value) -> bool {
    let time = |value: &Value| value.as_str()?.parse::<jiff::Timestamp>().ok();
    time(sample).is_some() && time(sample) == time(read)
}
