//! No key, password or header ever shows: not in errors, not in `Debug`, not in the log.

use std::io;
use std::sync::{Arc, Mutex};

use crate::support::*;
use epicor_odata_client::Error;
use epicor_odata_client::gl_journal::GroupId;
use tracing_subscriber::EnvFilter;
use wiremock::ResponseTemplate;

/// The password and user as the `Authorization` header carries them.
const PAIR: &str = "Y29ubmVjdG9yOmNhbmFyeS1wYXNzd29yZA==";

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

/// Everything an error tells, with all its causes.
fn told(error: &Error) -> String {
    let causes = std::iter::successors(Some(error as &dyn std::error::Error), |e| e.source());
    let causes: Vec<String> = causes.map(ToString::to_string).collect();
    format!("{error:?} {}", causes.join(": "))
}

#[tokio::test]
async fn canaries_stay_in_their_cage() {
    let log = Log::default();
    let writer = log.clone();
    // For the whole process, so that the other tests' calls are looked at too.
    tracing_subscriber::fmt()
        // The server side logs what it got.
        .with_env_filter(EnvFilter::new("trace,wiremock=off"))
        .with_writer(move || writer.clone())
        .init();
    let kinetic = Kinetic::start().await;
    let client = kinetic.client();
    let mut shown = format!("{client:?} {:?}", builder(&kinetic.server.uri()));

    let echo = format!("x-api-key canary-key, password canary-password, Basic {PAIR}");
    for status in [400, 401, 403, 404, 409, 429, 500] {
        let refused = refusal(status, "Ice.BLException", &echo);
        kinetic.instead("Erp.BO.GLJrnGrpSvc/GLJrnGrps", refused.clone()).await;
        kinetic.instead("Erp.BO.GLJrnGrpSvc/PostGroupJournals", refused).await;
        let group_id = GroupId::new("ML7Q2K9X4").unwrap();
        shown += &told(&client.gl_journals().group(&group_id).await.unwrap_err());
        shown += &told(&client.gl_journals().post_group(&group_id).await.unwrap_err());
        kinetic.server.reset().await;
    }
    let page = ResponseTemplate::new(200).set_body_string(echo);
    kinetic.instead("Erp.BO.CompanySvc/Companies", page).await;
    shown += &told(&client.ping().await.unwrap_err());
    let lost = builder("http://127.0.0.1:1").build().unwrap();
    shown += &told(&lost.ping().await.unwrap_err());

    let log = String::from_utf8_lossy(&log.0.lock().unwrap()).into_owned();
    assert!(shown.contains("***") && log.contains("Epicor answered"), "the test sees something");
    for canary in ["canary", PAIR] {
        assert!(!shown.contains(canary), "{shown}");
        let line = log.lines().find(|line| line.contains(canary));
        assert_eq!(line, None, "{canary} in the log");
    }
}
