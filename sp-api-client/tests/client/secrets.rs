//! No secret is in a log, an error or a debug text, even when the server repeats it.

use std::fmt::Write as _;
use std::io;
use std::sync::{Arc, Mutex};

use serde_json::json;
use sp_api_client::reports_2021_06_30::{ReportDocumentId, ReportId};
use sp_api_client::{Client, Credentials, Region};
use tracing_subscriber::fmt::MakeWriter;
use wiremock::matchers::path;
use wiremock::{Mock, ResponseTemplate};

use crate::common::{DOCUMENTS, LOGIN, REPORTS, World, grant, ok, refusal};

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

/// Makes calls that succeed and calls that fail, with answers that repeat every secret.
async fn exercise(world: &World) -> String {
    let credentials = Credentials {
        client_id: "id".to_owned(),
        client_secret: "canary-secret".to_owned().into(),
        refresh_token: "canary-refresh".to_owned().into(),
    };
    let mut seen = format!("{credentials:?}\n");
    let builder = Client::builder(Region::NorthAmerica, credentials)
        .base_url(world.url("/"))
        .lwa_url(world.url(LOGIN))
        .clock(Arc::<wire::ManualClock>::clone(&world.clock));
    writeln!(seen, "{builder:?}").unwrap();
    let client = builder.build().unwrap();

    let denial = json!({"error": "invalid_grant",
        "error_description": "canary-refresh and canary-secret do not match"});
    let denial = ResponseTemplate::new(400).set_body_json(denial);
    let denied = Mock::given(path(LOGIN)).respond_with(denial).up_to_n_times(1);
    denied.with_priority(1).mount(&world.server).await;
    let granted = ResponseTemplate::new(200).set_body_json(grant("canary-access"));
    Mock::given(path(LOGIN)).respond_with(granted).mount(&world.server).await;
    let refused = refusal(400, "InvalidInput", "your token is canary-access");
    world.answer(&format!("{REPORTS}/overheard"), vec![refused]).await;
    let url = format!("{}?X-Amz-Signature=canary-signature", world.url("/file"));
    let document = json!({"reportDocumentId": "d", "url": url, "nextYears": ["canary-new"]});
    world.answer(&format!("{DOCUMENTS}/d"), vec![ok(&document)]).await;
    let expired = ResponseTemplate::new(403).set_body_string(format!(
        "<Error><Code>AccessDenied</Code><Message>Request has expired</Message>{url}</Error>"
    ));
    let file = ResponseTemplate::new(200).set_body_string("content");
    world.answer("/file", vec![file, expired]).await;

    let reports = client.reports();
    for _ in ["login fails", "report is refused"] {
        seen += &told(&reports.get_report(&ReportId::new("overheard")).await.unwrap_err());
    }
    let document = reports.get_report_document(&ReportDocumentId::new("d")).await.unwrap();
    let download = reports.download(&document).await.unwrap();
    writeln!(seen, "{client:?} {reports:?} {document:?} {download:?}").unwrap();
    seen += &told(&reports.download(&document).await.unwrap_err());
    seen
}

#[tokio::test]
async fn nothing_secret_is_told() {
    let log = Log::default();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_ansi(false)
        .with_writer(log.clone())
        .finish();
    // For every thread: one of a thread alone misses what others have met before it. The other
    // tests of this program are listened to as well, and must not tell more.
    tracing::subscriber::set_global_default(subscriber).unwrap();
    let seen = exercise(&World::new().await).await;
    let log = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();

    for text in [&seen, &log] {
        for line in text.lines() {
            assert!(!line.contains("canary"), "{line}");
        }
    }
    // The check above means something only if there is something to read.
    for expected in ["invalid_grant", "*** and *** do not match", "your token is ***"] {
        assert!(seen.contains(expected), "{expected} in {seen}");
    }
    let told = ["operation=\"getReport\"", "request-7", "status=403", "/reports/overheard"];
    for expected in told.into_iter().chain(["member=nextYears"]) {
        assert!(log.contains(expected), "{expected} in {log}");
    }
}
