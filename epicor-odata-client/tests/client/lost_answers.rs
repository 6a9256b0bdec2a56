//! What becomes of a call whose answer is lost: a read is repeated, a write is never.

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, TcpListener};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use crate::support::*;
use epicor_odata_client::Error;
use serde_json::json;
use wiremock::ResponseTemplate;

const POST: &str = "Erp.BO.GLJrnGrpSvc/PostGroupJournals";
const COMPANIES: &str = "Erp.BO.CompanySvc/Companies";

/// A server that sends these bytes to whoever calls and breaks off. Counts its calls.
fn breaking_off(bytes: &'static [u8]) -> (String, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let calls = Arc::new(AtomicUsize::new(0));
    let counter = calls.clone();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let Ok(mut stream) = stream else { return };
            let mut request = [0; 4096];
            // A connection without a request is no call.
            if stream.read(&mut request).is_ok_and(|length| length > 0) {
                counter.fetch_add(1, Ordering::SeqCst);
                stream.write_all(bytes).ok();
                stream.shutdown(Shutdown::Both).ok();
            }
        }
    });
    (address, calls)
}

const HALF_A_BODY: &[u8] =
    b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 999\r\n\r\n{\"para";

#[tokio::test]
async fn a_write_that_breaks_off_is_sent_once_and_its_outcome_is_unknown() {
    for bytes in [b"".as_slice(), b"HTTP/1.1 200", HALF_A_BODY] {
        let (address, calls) = breaking_off(bytes);
        let client = builder(&address).build().unwrap();
        let result = client.gl_journals().remove_unposted(&group_id()).await;
        assert!(matches!(result, Err(Error::Unreachable(_))), "the look-up is a read: {result:?}");
        assert_eq!(calls.load(Ordering::SeqCst), 3, "a read is repeated");
    }
    for bytes in [b"".as_slice(), b"HTTP/1.1 200", HALF_A_BODY] {
        let (broken, calls) = breaking_off(bytes);
        let client = posting_through(&broken).await;
        let error = client.gl_journals().post_group(&group_id()).await.unwrap_err();
        assert!(
            matches!(&error, Error::OutcomeUnknown { operation, .. } if *operation == POST),
            "{error:?}"
        );
        assert!(!error.is_definite_no() && !error.is_transient());
        assert_eq!(calls.load(Ordering::SeqCst), 1, "a write is never repeated");
    }
}

/// A client whose posting goes to `address` and whose other calls go to an Epicor.
async fn posting_through(address: &str) -> epicor_odata_client::Client {
    let kinetic = Kinetic::start().await;
    let real = kinetic.server.uri();
    let transport = Arc::new(Diverted { to: address.to_owned(), _kinetic: kinetic.server });
    builder(&real).transport(transport).build().unwrap()
}

/// Sends the posting elsewhere.
struct Diverted {
    to: String,
    _kinetic: wiremock::MockServer,
}

impl std::fmt::Debug for Diverted {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Diverted")
    }
}

#[async_trait::async_trait]
impl wire::Transport for Diverted {
    async fn send(
        &self,
        mut request: wire::Request,
    ) -> Result<wire::Response, wire::TransportError> {
        if request.operation == POST {
            *request.http.uri_mut() = format!("{}/post", self.to).parse().unwrap();
        }
        let options = wire::TransportOptions::default();
        wire::ReqwestTransport::new(&options)?.send(request).await
    }
}

#[tokio::test]
async fn a_write_that_reached_nobody_is_a_definite_no() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let client = posting_through(&address).await;
    let error = client.gl_journals().post_group(&group_id()).await.unwrap_err();
    assert!(matches!(error, Error::Unreachable(_)), "{error:?}");
    assert!(error.is_definite_no() && error.is_transient());
}

#[tokio::test]
async fn slow_answers() {
    let kinetic = Kinetic::start().await;
    let timeout = Duration::from_millis(300);
    let client = builder(&kinetic.server.uri()).timeout(timeout).build().unwrap();
    let late = ResponseTemplate::new(200).set_delay(Duration::from_secs(60));
    kinetic.instead(POST, late.clone()).await;
    kinetic.instead(COMPANIES, late).await;
    let error = client.gl_journals().post_group(&group_id()).await.unwrap_err();
    assert!(matches!(error, Error::OutcomeUnknown { .. }), "{error:?}");
    assert!(matches!(client.ping().await, Err(Error::Unreachable(_))));
    let asked = kinetic.operations().await;
    let count = |operation| asked.iter().filter(|asked| *asked == operation).count();
    assert_eq!((count(POST), count(COMPANIES)), (1, 3));
}

#[tokio::test]
async fn answers_to_a_write_that_say_neither_yes_nor_no() {
    let text = |status: u16, text: &str| ResponseTemplate::new(status).set_body_string(text);
    let missing = "Ice.Common.RecordNotFoundException";
    for answer in [
        text(500, ""),
        text(502, "<html><title>Bad Gateway</title></html>"),
        text(503, "down"),
        text(504, ""),
        text(408, ""),
        text(302, ""),
        refusal(500, missing, "Record not found."),
        text(200, ""),
        text(200, "<html>sign in</html>"),
        text(200, r#"{"parameters":{"NotAllPos"#),
        json_answer(200, &json!({ "parameters": {} })),
        json_answer(200, &json!({ "parameters": { "NotAllPostedMessage": 1 } })),
    ] {
        let kinetic = Kinetic::start().await;
        kinetic.instead(POST, answer).await;
        let error = kinetic.client().gl_journals().post_group(&group_id()).await.unwrap_err();
        assert!(
            matches!(&error, Error::OutcomeUnknown { operation, .. } if *operation == POST),
            "{error:?}"
        );
        let asked = kinetic.operations().await;
        assert_eq!(asked.iter().filter(|asked| *asked == POST).count(), 1);
    }
}

#[tokio::test]
async fn answers_to_a_write_that_say_no() {
    let seats = "Ice.Security.LicenseAccessException";
    for (answer, expected) in [
        (refusal(400, "Ice.BLException", "Out of balance."), "BusinessRule"),
        (refusal(400, seats, "Maximum users exceeded."), "SeatsExhausted"),
        (refusal(409, "Ice.Common.DuplicateRecordException", "Exists."), "Duplicate"),
        (ResponseTemplate::new(429), "Throttled"),
        (ResponseTemplate::new(401), "Unauthorized"),
        (ResponseTemplate::new(403), "Forbidden"),
        (ResponseTemplate::new(404), "NotFound"),
    ] {
        let kinetic = Kinetic::start().await;
        kinetic.instead(POST, answer).await;
        let error = kinetic.client().gl_journals().post_group(&group_id()).await.unwrap_err();
        assert!(format!("{error:?}").starts_with(expected), "{error:?}");
        assert!(error.is_definite_no());
        let asked = kinetic.operations().await;
        assert_eq!(asked.iter().filter(|asked| *asked == POST).count(), 1, "{expected}");
    }
}

#[tokio::test]
async fn a_step_that_saves_nothing_is_repeated() {
    let kinetic = Kinetic::start().await;
    for operation in ["Erp.BO.GLJrnGrpSvc/GetNewGLJrnGrp", "Erp.BO.GLJrnGrpSvc/CheckFiscalYear"] {
        kinetic.once(operation, ResponseTemplate::new(503)).await;
    }
    kinetic.client().gl_journals().create_group(&new_group()).await.unwrap();
    assert_eq!(kinetic.operations().await.len(), 8);
}
