//! No secret is in a log, an error or a debug text, even when the server repeats it.

use std::fmt::Write as _;
use std::io;
use std::sync::{Arc, Mutex};

use serde_json::json;
use sp_api_client::reports_2021_06_30::{ReportDocumentId, ReportId};
use sp_api_client::tokens_2021_03_01::RestrictedResource;
use sp_api_client::{Client, Credentials, Region};
use tracing_subscriber::fmt::MakeWriter;
use wiremock::matchers::{header, method, path};
use wiremock::{Mock, ResponseTemplate};

use crate::common::{DOCUMENTS, LOGIN, REPORTS, World, grant, ok, refusal};

const TOKENS: &str = "/tokens/2021-03-01/restrictedDataToken";
const PLACES: &str = "/feeds/2021-06-30/documents";

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl MakeWriter<'_> for Log {
    type Writer = Self;

    fn make_writer(&self) -> Self {
        self.clone()
    }
}

fn told(error: &dyn std::error::Error) -> String {
    let mut text = format!("{error}\n{error:?}\n");
    let mut source = error.source();
    while let Some(cause) = source {
        writeln!(text, "{cause}\n{cause:?}").unwrap();
        source = cause.source();
    }
    text
}

fn client(world: &World) -> (Client, String) {
    let credentials = Credentials {
        client_id: "id".to_owned(),
        client_secret: "canary-old-secret".to_owned().into(),
        refresh_token: "canary-refresh".to_owned().into(),
    };
    let mut seen = format!("{credentials:?}\n");
    let builder = Client::builder(Region::NorthAmerica, credentials)
        .new_client_secret("canary-new-secret".to_owned().into())
        .base_url(world.url("/"))
        .lwa_url(world.url(LOGIN))
        .clock(Arc::<wire::ManualClock>::clone(&world.clock));
    writeln!(seen, "{builder:?}").unwrap();
    (builder.build().unwrap(), seen)
}

/// Answers that repeat every secret.
async fn mount(world: &World) {
    let post = |at: &str| Mock::given(method("POST")).and(path(at));
    let denial = |error: &str| {
        let words = "canary-refresh, canary-new-secret and canary-old-secret do not match";
        let body = json!({"error": error, "error_description": words});
        ResponseTemplate::new(400).set_body_json(body)
    };
    for error in ["invalid_client", "invalid_grant"] {
        let denied = post(LOGIN).respond_with(denial(error)).up_to_n_times(1);
        denied.with_priority(1).mount(&world.server).await;
    }
    let granted = ResponseTemplate::new(200).set_body_json(grant("canary-access"));
    post(LOGIN).respond_with(granted).mount(&world.server).await;
    for token in ["canary-access", "canary-restricted"] {
        let refused = refusal(400, "InvalidInput", &format!("your token is {token}"));
        Mock::given(path(format!("{REPORTS}/overheard")))
            .and(header("x-amz-access-token", token))
            .respond_with(refused)
            .mount(&world.server)
            .await;
    }
    let restricted = json!({"restrictedDataToken": "canary-restricted", "expiresIn": 3600});
    post(TOKENS).respond_with(ok(&restricted)).mount(&world.server).await;
    let url = format!("{}?X-Amz-Signature=canary-signature", world.url("/file"));
    let document = json!({"reportDocumentId": "d", "url": url, "nextYears": ["canary-new"]});
    world.answer(&format!("{DOCUMENTS}/d"), vec![ok(&document)]).await;
    let place = json!({"feedDocumentId": "f", "url": url});
    post(PLACES).respond_with(ok(&place)).mount(&world.server).await;
    let expired = ResponseTemplate::new(403).set_body_string(format!(
        "<Error><Code>AccessDenied</Code><Message>Request has expired</Message>{url}</Error>"
    ));
    let put = Mock::given(method("PUT")).and(path("/file")).respond_with(expired.clone());
    put.mount(&world.server).await;
    let file = ResponseTemplate::new(200).set_body_string("content");
    world.answer("/file", vec![file, expired]).await;
}

/// Makes calls that succeed and calls that fail.
async fn exercise(world: &World) -> String {
    mount(world).await;
    let (client, mut seen) = client(world);
    let reports = client.reports();
    let overheard = ReportId::new("overheard");
    for _ in ["login fails", "report is refused"] {
        seen += &told(&reports.get_report(&overheard).await.unwrap_err());
    }
    let resource = RestrictedResource::get("/orders/v0/orders");
    let token = client.tokens().create_restricted_data_token(&[resource]).await.unwrap();
    let restricted = client.restricted(&token);
    seen += &told(&restricted.reports().get_report(&overheard).await.unwrap_err());
    writeln!(seen, "{token:?} {restricted:?}").unwrap();

    let document = reports.get_report_document(&ReportDocumentId::new("d")).await.unwrap();
    let download = reports.download(&document).await.unwrap();
    writeln!(seen, "{client:?} {reports:?} {document:?} {download:?}").unwrap();
    seen += &told(&reports.download(&document).await.unwrap_err());
    let place = client.feeds().create_feed_document("text/plain").await.unwrap();
    writeln!(seen, "{place:?}").unwrap();
    seen += &told(&client.feeds().upload_to(&place, "content").await.unwrap_err());
    seen
}

#[tokio::test]
async fn nothing_secret_is_told() {
    let log = Log::default();
    tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_ansi(false)
        .with_writer(log.clone())
        .try_init()
        .unwrap();
    // For every thread, and for what other libraries tell by `log`: one of a thread alone misses what others have met before it. The other
    // tests of this program are listened to as well, and must not tell more.
    let seen = exercise(&World::new().await).await;
    let log = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();

    for text in [&seen, &log] {
        for line in text.lines() {
            assert!(!line.contains("canary"), "{line}");
        }
    }
    // The check above means something only if there is something to read.
    for expected in ["invalid_grant", "***, *** and *** do not match", "your token is ***"] {
        assert!(seen.contains(expected), "{expected} in {seen}");
    }
    let told = [
        "operation=\"getReport\"",
        "request_id=\"request-7\"}",
        "status=403",
        "/reports/overheard",
    ];
    for expected in told.into_iter().chain(["member=nextYears"]) {
        assert!(log.contains(expected), "{expected} in {log}");
    }
}
