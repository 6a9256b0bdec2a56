//! A client of a mock server, on a clock that stands still until somebody waits.

use std::sync::Arc;

use serde_json::{Value, json};
use sp_api_client::{Client, ClientBuilder, Credentials, Region};
use url::Url;
use wire::{ManualClock, SeededRandom};
use wiremock::matchers::{method, path};
use wiremock::{Mock, MockServer, Request, ResponseTemplate};

pub(crate) const LOGIN: &str = "/auth/o2/token";
pub(crate) const REPORTS: &str = "/reports/2021-06-30/reports";
pub(crate) const DOCUMENTS: &str = "/reports/2021-06-30/documents";

/// The mock server, the clock, and what was sent.
pub(crate) struct World {
    pub(crate) server: MockServer,
    pub(crate) clock: Arc<ManualClock>,
}

impl World {
    pub(crate) async fn new() -> Self {
        let server = MockServer::start().await;
        let start = "2026-11-23T12:00:00Z".parse().unwrap();
        Self { server, clock: Arc::new(ManualClock::new(start)) }
    }

    /// A world in which every login succeeds, with `token-1`, `token-2`, ….
    pub(crate) async fn with_login() -> Self {
        let world = Self::new().await;
        let logins = std::sync::atomic::AtomicU32::new(0);
        let grant = move |_: &Request| {
            let number = logins.fetch_add(1, std::sync::atomic::Ordering::SeqCst) + 1;
            ResponseTemplate::new(200).set_body_json(grant(&format!("token-{number}")))
        };
        Mock::given(method("POST")).and(path(LOGIN)).respond_with(grant).mount(&world.server).await;
        world
    }

    pub(crate) fn url(&self, path: &str) -> Url {
        Url::parse(&self.server.uri()).unwrap().join(path).unwrap()
    }

    pub(crate) fn builder(&self) -> ClientBuilder {
        Client::builder(Region::Europe, credentials())
            .base_url(self.url("/"))
            .lwa_url(self.url(LOGIN))
            .clock(Arc::<ManualClock>::clone(&self.clock))
            .random(Arc::new(SeededRandom::new(1)))
            .app_name("test", "1.0")
    }

    pub(crate) fn client(&self) -> Client {
        self.builder().build().unwrap()
    }

    /// Answers GETs of `at` with these, one after the other; the last one stays.
    pub(crate) async fn answer(&self, at: &str, answers: Vec<ResponseTemplate>) {
        let last = answers.len() - 1;
        for (i, answer) in answers.into_iter().enumerate() {
            let mock = Mock::given(method("GET")).and(path(at)).respond_with(answer);
            let mock = if i < last { mock.up_to_n_times(1) } else { mock };
            mock.with_priority(u8::try_from(i + 1).unwrap()).mount(&self.server).await;
        }
    }

    /// What was sent to `at`.
    pub(crate) async fn sent(&self, at: &str) -> Vec<Request> {
        let all = self.server.received_requests().await.unwrap();
        all.into_iter().filter(|request| request.url.path() == at).collect()
    }
}

pub(crate) fn credentials() -> Credentials {
    Credentials {
        client_id: "amzn1.application-oa2-client.test".to_owned(),
        client_secret: "client secret&=+".to_owned().into(),
        refresh_token: "Atzr|refresh".to_owned().into(),
    }
}

pub(crate) fn grant(token: &str) -> Value {
    json!({
        "access_token": token, "token_type": "bearer", "expires_in": 3600,
        "refresh_token": "Atzr|refresh"
    })
}

pub(crate) fn report(id: &str) -> Value {
    json!({
        "reportId": id,
        "reportType": "GET_V2_SETTLEMENT_REPORT_DATA_FLAT_FILE_V2",
        "processingStatus": "DONE",
        "createdTime": "2026-11-20T04:05:06+00:00",
        "reportDocumentId": format!("document-of-{id}"),
    })
}

/// A refusal in the documented shape.
pub(crate) fn refusal(status: u16, code: &str, message: &str) -> ResponseTemplate {
    ResponseTemplate::new(status)
        .insert_header("x-amzn-RequestId", "request-7")
        .set_body_json(json!({"errors": [{"code": code, "message": message, "details": ""}]}))
}

pub(crate) fn ok(body: &Value) -> ResponseTemplate {
    ResponseTemplate::new(200).insert_header("x-amzn-RequestId", "request-1").set_body_json(body)
}
