use std::error::Error as StdError;

use futures_util::TryStreamExt;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use wiremock::matchers::{body_string, header, method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

use super::*;
use crate::Class;

fn request(address: &str, timeout: Duration) -> Request {
    Request {
        operation: "test",
        class: Class::Safe,
        sensitive: false,
        timeout,
        http: http::Request::get(address).body(Bytes::new()).unwrap(),
    }
}

fn transport() -> ReqwestTransport {
    ReqwestTransport::new(&TransportOptions::default()).unwrap()
}

async fn get(address: &str) -> Result<Response, TransportError> {
    transport().send(request(address, Duration::from_secs(10))).await
}

/// A server that reads each request's head and answers with raw bytes, then closes the connection
/// or keeps it open.
async fn raw_server(answer: &'static [u8], keep_open: bool) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}/path?signature=canary", listener.local_addr().unwrap());
    tokio::spawn(async move {
        let mut open: Vec<TcpStream> = Vec::new();
        loop {
            let (mut socket, _) = listener.accept().await.unwrap();
            let mut head = Vec::new();
            while !head.ends_with(b"\r\n\r\n") && socket.read_buf(&mut head).await.unwrap() > 0 {}
            socket.write_all(answer).await.unwrap();
            if keep_open {
                open.push(socket);
            }
        }
    });
    address
}

fn chain(error: &dyn StdError) -> String {
    let mut text = format!("{error} | {error:?}");
    let mut source = error.source();
    while let Some(cause) = source {
        text = format!("{text} | {cause} | {cause:?}");
        source = cause.source();
    }
    text
}

#[track_caller]
fn assert_failed(error: &TransportError, kind: TransportErrorKind, reached: Reached) {
    assert_eq!((error.kind(), error.reached_server()), (kind, reached), "{error:?}");
    assert!(!chain(error).contains("canary"), "{}", chain(error));
}

#[tokio::test]
async fn a_request_goes_out_as_given_and_any_status_is_an_answer() {
    let server = MockServer::start().await;
    let answer =
        ResponseTemplate::new(503).insert_header("retry-after", "7").set_body_string("busy");
    let sent = Mock::given(method("POST")).and(path("/a%2Fb")).and(header("x-key", "1"));
    sent.and(body_string("{}")).respond_with(answer).expect(1).mount(&server).await;
    let http = http::Request::post(format!("{}/a%2Fb", server.uri()))
        .header("x-key", "1")
        .body(Bytes::from_static(b"{}"))
        .unwrap();
    let request = Request { http, ..request(&server.uri(), Duration::from_secs(10)) };
    let response = transport().send(request).await.unwrap();
    assert_eq!(response.status(), 503);
    assert_eq!(response.headers()["retry-after"], "7");
    assert_eq!(response.bytes(4).await.unwrap(), "busy");
}

#[tokio::test]
async fn a_get_sends_no_body_and_no_length() {
    let server = MockServer::start().await;
    Mock::given(method("GET")).respond_with(ResponseTemplate::new(200)).mount(&server).await;
    get(&server.uri()).await.unwrap();
    let sent = &server.received_requests().await.unwrap()[0];
    for name in ["content-length", "transfer-encoding", "content-type", "accept-encoding"] {
        assert!(!sent.headers.contains_key(name), "{name}");
    }
}

#[tokio::test]
async fn redirects_are_answers() {
    let server = MockServer::start().await;
    let there = ResponseTemplate::new(302).insert_header("location", "/elsewhere");
    Mock::given(path("/")).respond_with(there).mount(&server).await;
    assert_eq!(get(&server.uri()).await.unwrap().status(), 302);
    assert_eq!(server.received_requests().await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_gzip_body_is_left_as_it_is() {
    let server = MockServer::start().await;
    let zipped = ResponseTemplate::new(200)
        .insert_header("content-encoding", "gzip")
        .set_body_bytes(&b"\x1f\x8bnot really"[..]);
    Mock::given(method("GET")).respond_with(zipped).mount(&server).await;
    let body = get(&server.uri()).await.unwrap().bytes(100).await.unwrap();
    assert_eq!(body, &b"\x1f\x8bnot really"[..]);
}

#[tokio::test]
async fn a_refused_connection_reached_nobody() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}/?signature=canary", listener.local_addr().unwrap());
    drop(listener);
    let error = get(&address).await.unwrap_err();
    assert_failed(&error, TransportErrorKind::Connect, Reached::No);
    assert_eq!(error.to_string(), "cannot reach 127.0.0.1: no connection");
    assert!(chain(&error).contains("refused"), "{}", chain(&error));
}

#[tokio::test]
async fn an_unknown_name_reached_nobody() {
    let error = get("https://name.invalid/?signature=canary").await.unwrap_err();
    assert_failed(&error, TransportErrorKind::Resolve, Reached::No);
}

#[tokio::test]
async fn what_speaks_no_tls_is_not_spoken_to() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("https://{}/?signature=canary", listener.local_addr().unwrap());
    tokio::spawn(async move {
        let (mut socket, _) = listener.accept().await.unwrap();
        socket.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await.unwrap();
        let mut rest = Vec::new();
        let _ = socket.read_to_end(&mut rest).await;
    });
    let error = get(&address).await.unwrap_err();
    assert_failed(&error, TransportErrorKind::Tls, Reached::No);
}

#[tokio::test]
async fn no_answer_in_time_may_have_reached_the_server() {
    let address = raw_server(b"", true).await;
    let error = transport().send(request(&address, Duration::from_millis(50))).await.unwrap_err();
    assert_failed(&error, TransportErrorKind::Timeout, Reached::Unknown);
    assert_eq!(error.to_string(), "no answer from 127.0.0.1 in time");
}

#[tokio::test]
async fn a_connection_closed_before_an_answer_may_have_reached_the_server() {
    let error = get(&raw_server(b"", false).await).await.unwrap_err();
    assert_failed(&error, TransportErrorKind::Reset, Reached::Unknown);
    let error = get(&raw_server(b"not HTTP at all\r\n\r\n", false).await).await.unwrap_err();
    assert_failed(&error, TransportErrorKind::Reset, Reached::Unknown);
}

const HALF: &[u8] = b"HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf";

#[tokio::test]
async fn half_a_body_is_an_error() {
    let response = get(&raw_server(HALF, false).await).await.unwrap();
    assert_eq!(response.status(), 200);
    let error = response.bytes(100).await.unwrap_err();
    assert_failed(&error, TransportErrorKind::Body, Reached::Unknown);
}

#[tokio::test]
async fn a_body_that_stops_coming_times_out_after_what_came() {
    let address = raw_server(HALF, true).await;
    let response = transport().send(request(&address, Duration::from_millis(100))).await.unwrap();
    let mut body = response.into_stream();
    assert_eq!(body.try_next().await.unwrap().unwrap(), "half");
    let error = body.try_next().await.unwrap_err();
    assert_failed(&error, TransportErrorKind::Timeout, Reached::Unknown);
    assert!(body.try_next().await.unwrap().is_none(), "an error is the last item");
}

/// Where the stand-in of the parent is. Who finds it set is the child.
const STAND_IN: &str = "WIRE_TEST_STAND_IN";

/// The environment cannot be set in here: the test runs itself once more with a proxy in it.
#[tokio::test]
async fn this_machine_is_called_directly_and_others_through_the_proxy() {
    if let Ok(stand_in) = std::env::var(STAND_IN) {
        for host in ["127.0.0.1", "localhost"] {
            let address = stand_in.replace("127.0.0.1", host);
            assert_eq!(get(&address).await.unwrap().status(), 204, "{address}");
        }
        assert!(get("https://erp.example.invalid/").await.is_err(), "the proxy hangs up");
        return;
    }
    let stand_in = MockServer::start().await;
    Mock::given(method("GET")).respond_with(ResponseTemplate::new(204)).mount(&stand_in).await;
    let proxy = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let mut child = std::process::Command::new(std::env::current_exe().unwrap());
    let test = "transport::tests::this_machine_is_called_directly_and_others_through_the_proxy";
    child.args([test, "--exact"]).env(STAND_IN, stand_in.uri());
    for name in ["http_proxy", "https_proxy", "all_proxy", "no_proxy"] {
        child.env_remove(name).env_remove(name.to_uppercase());
    }
    let address = format!("http://{}", proxy.local_addr().unwrap());
    child.env("HTTP_PROXY", &address).env("HTTPS_PROXY", &address);
    let mut child = tokio::task::spawn_blocking(move || child.output());
    let mut asked = Vec::new();
    let output = loop {
        tokio::select! {
            output = &mut child => break output.unwrap().unwrap(),
            accepted = proxy.accept() => {
                let mut head = String::new();
                let mut socket = tokio::io::BufReader::new(accepted.unwrap().0);
                socket.read_line(&mut head).await.unwrap();
                asked.push(head);
            }
        }
    };
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    assert_eq!(asked, ["CONNECT erp.example.invalid:443 HTTP/1.1\r\n"]);
}

#[tokio::test]
async fn nothing_goes_out_unencrypted() {
    let error = get("http://erp.example.com/?signature=canary").await.unwrap_err();
    assert_failed(&error, TransportErrorKind::Insecure, Reached::No);
    assert!(chain(&error).contains("http://erp.example.com/?… is not encrypted"));
}

#[test]
fn a_bad_certificate_file_is_a_setup_error() {
    let pem = b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n".to_vec();
    let options = TransportOptions { extra_root_ca_pem: Some(pem), ..Default::default() };
    let error = ReqwestTransport::new(&options).unwrap_err();
    assert_failed(&error, TransportErrorKind::Setup, Reached::No);
}
