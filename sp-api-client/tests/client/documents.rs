//! Documents: their address, their download, and every way it can end early.

use std::io::Write;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::json;
use sp_api_client::reports_2021_06_30::{Download, ReportDocument, ReportDocumentId};
use sp_api_client::{Error, ErrorKind, WaitNotice};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use wiremock::ResponseTemplate;

use crate::common::{DOCUMENTS, World, ok};

const FILE: &str = "/storage/file";
const TEXT: &[u8] = b"settlement-id\tamount\n1\t10.00\n1\t-10.00\n";

pub(crate) fn gzip(data: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(data).unwrap();
    encoder.finish().unwrap()
}

/// Text that does not shrink much, so that gzip makes several pieces of it.
pub(crate) fn long_text() -> Vec<u8> {
    let mut state = 1_u64;
    let mut next = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        b'!' + u8::try_from((state >> 33) % 90).unwrap()
    };
    (0..300_000).map(|_| next()).collect()
}

fn body(bytes: impl Into<Vec<u8>>) -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_bytes(bytes)
}

fn document(world: &World, algorithm: Option<&str>) -> ReportDocument {
    let url = format!("{}?X-Amz-Signature=canary", world.url(FILE));
    document_at(&url, algorithm)
}

fn document_at(url: &str, algorithm: Option<&str>) -> ReportDocument {
    let mut document = json!({"reportDocumentId": "d", "url": url});
    if let Some(algorithm) = algorithm {
        document["compressionAlgorithm"] = json!(algorithm);
    }
    serde_json::from_value(document).unwrap()
}

async fn download(world: &World, algorithm: Option<&str>) -> Result<Download, Error> {
    world.client().reports().download(&document(world, algorithm)).await
}

async fn read(answer: ResponseTemplate, algorithm: Option<&str>) -> Result<Vec<u8>, Error> {
    let world = World::new().await;
    world.answer(FILE, vec![answer]).await;
    Ok(download(&world, algorithm).await?.read_to_end(1 << 20).await?.into())
}

#[tokio::test]
async fn a_document_is_found_and_read_without_the_access_token() {
    let world = World::with_login().await;
    let told = json!({
        "reportDocumentId": "d",
        "url": format!("{}?X-Amz-Signature=canary", world.url(FILE)),
        "compressionAlgorithm": "GZIP",
    });
    world.answer(&format!("{DOCUMENTS}/d"), vec![ok(&told)]).await;
    world.answer(FILE, vec![body(gzip(TEXT))]).await;
    let client = world.client();
    let id = ReportDocumentId::new("d");
    let document = client.reports().get_report_document(&id).await.unwrap();
    let content = client.reports().download(&document).await.unwrap().read_to_end(1000).await;
    assert_eq!(content.unwrap(), TEXT);
    let sent = &world.sent(FILE).await[0];
    assert_eq!(sent.url.query(), Some("X-Amz-Signature=canary"));
    assert!(!sent.headers.contains_key("x-amz-access-token"));
    assert!(sent.headers["user-agent"].to_str().unwrap().starts_with("test/1.0 ("));
}

#[tokio::test]
async fn gzip_is_inflated_once_whether_announced_or_not() {
    let long = long_text();
    let gz = Some("GZIP");
    assert_eq!(read(body(TEXT), None).await.unwrap(), TEXT);
    assert_eq!(read(body(gzip(TEXT)), gz).await.unwrap(), TEXT);
    assert_eq!(read(body(gzip(TEXT)), None).await.unwrap(), TEXT, "not announced");
    assert_eq!(read(body(TEXT), gz).await.unwrap(), TEXT, "inflated on the way");
    assert_eq!(read(body(gzip(&gzip(TEXT))), gz).await.unwrap(), gzip(TEXT), "never twice");
    assert_eq!(read(body(gzip(&long)), gz).await.unwrap(), long);
    let announced_twice = body(gzip(TEXT)).insert_header("content-encoding", "gzip");
    assert_eq!(read(announced_twice, gz).await.unwrap(), TEXT);
}

#[tokio::test]
async fn every_member_of_a_gzip_is_read() {
    let two = [gzip(TEXT), gzip(b"more")].concat();
    assert_eq!(read(body(two), Some("GZIP")).await.unwrap(), [TEXT, b"more"].concat());
}

#[tokio::test]
async fn short_documents_are_documents_unless_they_should_be_gzip() {
    assert_eq!(read(body(""), None).await.unwrap(), b"");
    assert_eq!(read(body("x"), None).await.unwrap(), b"x");
    assert_eq!(read(body(gzip(b"")), Some("GZIP")).await.unwrap(), b"");
    for short in ["", "\u{1f}"] {
        let error = read(body(short), Some("GZIP")).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::DownloadDamaged, "{short:?}");
    }
}

#[tokio::test]
async fn a_gzip_cut_anywhere_is_an_error() {
    let whole = gzip(TEXT);
    for length in 2..whole.len() {
        let error = read(body(&whole[..length]), Some("GZIP")).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::DownloadDamaged, "{length} of {}", whole.len());
    }
}

#[tokio::test]
async fn a_changed_byte_in_a_gzip_is_an_error() {
    let whole = gzip(TEXT);
    // The checksum and the length are the last eight bytes.
    for index in whole.len() - 8..whole.len() {
        let mut damaged = whole.clone();
        damaged[index] ^= 1;
        let error = read(body(damaged), Some("GZIP")).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::DownloadDamaged, "byte {index}");
        assert!(error.retryable());
    }
}

#[tokio::test]
async fn a_body_shorter_than_announced_is_an_error() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/file?X-Amz-Signature=canary", listener.local_addr().unwrap());
    tokio::spawn(async move {
        let (mut socket, _) = listener.accept().await.unwrap();
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") && socket.read_buf(&mut head).await.unwrap() > 0 {}
        socket.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf").await.unwrap();
    });
    let world = World::new().await;
    let client = world.client();
    let download = client.reports().download(&document_at(&url, None)).await.unwrap();
    let error = download.read_to_end(1000).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unreachable);
    assert!(!format!("{error:?}").contains("canary"));
}

#[tokio::test]
async fn a_larger_document_than_taken_is_an_error() {
    let world = World::new().await;
    world.answer(FILE, vec![body(gzip(&vec![b'0'; 1_000_000]))]).await;
    let zipped = download(&world, Some("GZIP")).await.unwrap();
    let error = zipped.read_to_end(999_999).await.unwrap_err();
    assert!(matches!(error, Error::DownloadTooLarge { limit: 999_999 }), "{error:?}");
    let zipped = download(&world, Some("GZIP")).await.unwrap();
    assert_eq!(zipped.read_to_end(1_000_000).await.unwrap().len(), 1_000_000);
}

#[tokio::test]
async fn a_document_can_be_read_line_by_line() {
    let world = World::new().await;
    world.answer(FILE, vec![body(gzip(TEXT))]).await;
    let mut lines = BufReader::new(download(&world, Some("GZIP")).await.unwrap()).lines();
    let mut count = 0;
    while lines.next_line().await.unwrap().is_some() {
        count += 1;
    }
    assert_eq!(count, 3);
    let mut limited = download(&world, Some("GZIP")).await.unwrap().with_limit(10);
    assert!(AsyncReadExt::read_to_end(&mut limited, &mut Vec::new()).await.is_err());
}

#[tokio::test]
async fn the_character_set_is_told() {
    for (content_type, charset) in [
        ("text/plain", None),
        ("text/plain; charset=Cp1252", Some("Cp1252")),
        ("text/tab-separated-values;boundary=x; Charset=\"UTF-8\"", Some("UTF-8")),
        ("text/plain; charset=", None),
    ] {
        let world = World::new().await;
        world.answer(FILE, vec![ResponseTemplate::new(200).set_body_raw(TEXT, content_type)]).await;
        let download = download(&world, None).await.unwrap();
        assert_eq!(download.charset(), charset, "{content_type}");
    }
}

#[tokio::test]
async fn an_address_past_its_time_is_told_and_other_refusals_are_not_that() {
    let xml = |code: &str, message: &str| {
        format!("<Error><Code>{code}</Code><Message>{message}</Message></Error>")
    };
    for (status, body, kind, attempts) in [
        (403, xml("AccessDenied", "Request has expired"), ErrorKind::DownloadExpired, 5),
        (403, xml("SignatureDoesNotMatch", "canary"), ErrorKind::Forbidden, 1),
        (404, xml("NoSuchKey", "gone"), ErrorKind::NotFound, 1),
        (503, xml("SlowDown", "slow"), ErrorKind::Server, 5),
        (206, String::new(), ErrorKind::InvalidResponse, 1),
    ] {
        let world = World::with_login().await;
        let told = json!({
            "reportDocumentId": "d", "url": format!("{}?X-Amz-Signature=canary", world.url(FILE)),
        });
        world.answer(&format!("{DOCUMENTS}/d"), vec![ok(&told)]).await;
        world.answer(FILE, vec![ResponseTemplate::new(status).set_body_string(&body)]).await;
        let error = download(&world, None).await.unwrap_err();
        assert_eq!(error.kind(), kind, "{status} {body}");
        assert_eq!(world.sent(FILE).await.len(), attempts, "{status} {body}");
        assert!(!format!("{error} {error:?}").contains("canary"));
    }
}

#[tokio::test]
async fn a_busy_storage_is_asked_again() {
    let world = World::new().await;
    world.answer(FILE, vec![ResponseTemplate::new(503), body(TEXT)]).await;
    let told = Arc::new(Mutex::new(Vec::new()));
    let listener = Arc::clone(&told);
    let observer = move |notice: &WaitNotice| {
        listener.lock().unwrap().push((notice.operation, notice.wait));
    };
    let client = world.builder().on_wait(observer).build().unwrap();
    let download = client.reports().download(&document(&world, None)).await.unwrap();
    assert_eq!(download.read_to_end(1000).await.unwrap(), TEXT);
    let waits = world.clock.sleeps();
    assert_eq!(told.lock().unwrap()[..], [("download", waits[0])]);
    assert!(matches!(waits[..], [wait] if wait <= Duration::from_millis(500)), "{waits:?}");
}

#[tokio::test]
async fn unknown_compression_is_not_guessed() {
    let error = read(body(TEXT), Some("ZSTD")).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidResponse);
}

#[tokio::test]
async fn documents_come_from_trusted_hosts_only() {
    let world = World::new().await;
    let client = world.builder().allow_download_host("Files.Example.com").build().unwrap();
    let foreign = [
        "https://example.com/file?X-Amz-Signature=canary",
        "https://amazonaws.com.example.com/file",
        "https://evilamazonaws.com/file",
    ];
    for url in foreign {
        let error = client.reports().download(&document_at(url, None)).await.unwrap_err();
        assert!(matches!(error, Error::ForeignDownloadHost { .. }), "{url}: {error:?}");
        assert!(!error.to_string().contains("canary"));
    }
    let plain = document_at("http://bucket.s3.amazonaws.com/file", None);
    let error = client.reports().download(&plain).await.unwrap_err();
    assert!(matches!(error, Error::Insecure(_)), "{error:?}");
}
