//! A document that breaks off on its way: the same result as without.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use bytes::Bytes;
use futures_util::{StreamExt, stream};
use http::header::{CONTENT_LENGTH, CONTENT_RANGE, ETAG, IF_MATCH, RANGE};
use http::{HeaderMap, HeaderValue, StatusCode};
use serde_json::json;
use sp_api_client::reports_2021_06_30::{Download, ReportDocumentId};
use sp_api_client::{Client, Error, ErrorKind, Region, Transport, TransportError};
use wire::{ManualClock, Random, Request, Response, SeededRandom, TransportErrorKind};

use crate::common::{credentials, grant};
use crate::documents::{gzip, long_text};

/// How one answer goes.
#[derive(Clone, Copy, Debug)]
enum Course {
    Whole,
    /// The connection breaks off behind this byte of the document.
    ResetAt(usize),
    /// The body ends behind this byte, as if it were all.
    EndsAt(usize),
    /// The address is past its time.
    Expired,
    /// Another document is there now.
    Replaced,
}

/// What the storage knows of HTTP.
#[derive(Clone, Copy, Debug)]
struct Manners {
    announces_length: bool,
    serves_parts: bool,
    tags: bool,
}

/// Amazon's storage.
const AMAZON: Manners = Manners { announces_length: true, serves_parts: true, tags: true };
/// A proxy that passes on whole bodies only.
const PLAIN: Manners = Manners { announces_length: true, serves_parts: false, tags: false };
/// A stream without an announced end.
const CHUNKED: Manners = Manners { announces_length: false, serves_parts: true, tags: false };

/// Storage in which answers go as they are told to, the last course for ever.
#[derive(Debug)]
struct Storage {
    file: Bytes,
    manners: Manners,
    courses: Mutex<Vec<Course>>,
    seen: Mutex<Seen>,
}

#[derive(Clone, Debug, Default)]
struct Seen {
    addresses_told: usize,
    /// Where each request for the document wanted it to begin.
    begins: Vec<usize>,
    bytes_sent: usize,
}

#[async_trait]
impl Transport for Storage {
    async fn send(&self, request: Request) -> Result<Response, TransportError> {
        let answer = |body: serde_json::Value| {
            Ok(Response::full(StatusCode::OK, HeaderMap::new(), body.to_string().into()))
        };
        match request.http.uri().path() {
            "/auth/o2/token" => answer(grant("token")),
            "/file" => Ok(self.file(request.http.headers())),
            _ => {
                let mut seen = self.seen.lock().unwrap();
                seen.addresses_told += 1;
                let told = seen.addresses_told;
                let url = format!("https://bucket.s3.amazonaws.com/file?X-Amz-Signature={told}");
                answer(json!({"reportDocumentId": "d", "url": url, "compressionAlgorithm": "GZIP"}))
            }
        }
    }
}

impl Storage {
    fn file(&self, asked: &HeaderMap) -> Response {
        assert!(!asked.contains_key("x-amz-access-token"));
        let course = {
            let mut courses = self.courses.lock().unwrap();
            if courses.len() > 1 { courses.remove(0) } else { courses[0] }
        };
        let range = asked.get(RANGE).map(|range| {
            let range = range.to_str().unwrap();
            range.strip_prefix("bytes=").unwrap().strip_suffix('-').unwrap().parse().unwrap()
        });
        self.seen.lock().unwrap().begins.push(range.unwrap_or(0));
        let refuse = |status| Response::full(status, HeaderMap::new(), Bytes::new());
        let tag = HeaderValue::from_static(match course {
            Course::Expired => return refuse(StatusCode::FORBIDDEN),
            Course::Replaced => "\"second\"",
            _ => "\"first\"",
        });
        if asked.get(IF_MATCH).is_some_and(|wanted| wanted != tag) {
            return refuse(StatusCode::PRECONDITION_FAILED);
        }
        let begin = range.filter(|_| self.manners.serves_parts);
        let error = TransportError::new(TransportErrorKind::Body, "bucket".to_owned());
        let (end, broken) = match course {
            Course::ResetAt(byte) => (byte, Some(Err(error))),
            Course::EndsAt(byte) => (byte, None),
            _ => (self.file.len(), None),
        };
        let first = begin.unwrap_or(0);
        let sent = self.file.slice(first..end.max(first));
        self.seen.lock().unwrap().bytes_sent += sent.len();
        // In pieces, as from a socket.
        let pieces: Vec<_> = sent.chunks(7000).map(Bytes::copy_from_slice).collect();
        let body = stream::iter(pieces.into_iter().map(Ok).chain(broken)).boxed();
        let status = if begin.is_some() { StatusCode::PARTIAL_CONTENT } else { StatusCode::OK };
        Response::new(status, self.headers(begin, tag), body)
    }

    fn headers(&self, begin: Option<usize>, tag: HeaderValue) -> HeaderMap {
        let (mut headers, length) = (HeaderMap::new(), self.file.len());
        if let Some(begin) = begin {
            let range = format!("bytes {begin}-{}/{length}", length - 1);
            headers.insert(CONTENT_RANGE, range.parse().unwrap());
        }
        if self.manners.announces_length {
            headers.insert(CONTENT_LENGTH, (length - begin.unwrap_or(0)).into());
        }
        if self.manners.tags {
            headers.insert(ETAG, tag);
        }
        headers
    }
}

fn storage(file: &Bytes, manners: Manners, courses: &[Course]) -> (Arc<Storage>, Client) {
    let storage = Arc::new(Storage {
        file: file.clone(),
        manners,
        courses: Mutex::new(courses.to_vec()),
        seen: Mutex::default(),
    });
    let start = "2026-11-23T12:00:00Z".parse().unwrap();
    let client = Client::builder(Region::Europe, credentials())
        .transport(Arc::clone(&storage) as Arc<dyn Transport>)
        .clock(Arc::new(ManualClock::new(start)))
        .random(Arc::new(SeededRandom::new(1)))
        .build()
        .unwrap();
    (storage, client)
}

/// Reads the document as a stream, and tells what the storage saw.
async fn read(
    file: &Bytes,
    manners: Manners,
    courses: &[Course],
) -> (Result<Vec<u8>, Error>, Seen) {
    let (storage, client) = storage(file, manners, courses);
    let read = async {
        let document = client.reports().get_report_document(&ReportDocumentId::new("d")).await?;
        let mut download = client.reports().download(&document).await?;
        let mut content = Vec::new();
        tokio::io::copy(&mut download, &mut content).await.map_err(Download::error)?;
        Ok(content)
    };
    let content = read.await;
    let seen = storage.seen.lock().unwrap().clone();
    (content, seen)
}

/// The first and the last bytes, and many between.
fn sampled(length: usize) -> impl Iterator<Item = usize> {
    let random = SeededRandom::new(20_261_123);
    let between = (0..120)
        .map(move |_| usize::try_from(random.below(u64::try_from(length).unwrap())).unwrap());
    (0..20).chain(between).chain(length - 20..length)
}

#[tokio::test]
async fn a_break_at_any_byte_changes_nothing() {
    let text = &long_text()[..20_000];
    let file = Bytes::from(gzip(text));
    let (clean, _) = read(&file, AMAZON, &[Course::Whole]).await;
    assert!(clean.unwrap() == text, "the clean run");
    for byte in sampled(file.len()) {
        for manners in [AMAZON, PLAIN, CHUNKED] {
            for course in [Course::ResetAt(byte), Course::EndsAt(byte)] {
                let unseen = matches!(course, Course::EndsAt(_)) && !manners.announces_length;
                if unseen {
                    // Only the decoder can tell, and only whoever reads the whole can mend it.
                    continue;
                }
                let (content, seen) = read(&file, manners, &[course, Course::Whole]).await;
                assert!(content.unwrap() == text, "{course:?} {manners:?}");
                assert_eq!(seen.addresses_told, 1, "{course:?} {manners:?}");
                if manners.serves_parts && manners.announces_length {
                    assert_eq!(seen.begins, [0, byte], "{course:?}");
                    assert_eq!(seen.bytes_sent, file.len(), "{course:?}: no byte twice");
                }
            }
        }
    }
}

#[tokio::test]
async fn an_address_that_ends_on_the_way_is_fetched_anew() {
    let text = &long_text()[..20_000];
    let file = Bytes::from(gzip(text));
    for byte in sampled(file.len()).step_by(7) {
        for manners in [AMAZON, PLAIN] {
            let courses = [Course::ResetAt(byte), Course::Expired, Course::Whole];
            let (content, seen) = read(&file, manners, &courses).await;
            assert!(content.unwrap() == text, "{byte} {manners:?}");
            assert_eq!(seen.addresses_told, 2, "{byte} {manners:?}");
        }
    }
}

#[tokio::test]
async fn an_address_that_ended_before_is_fetched_anew() {
    let file = Bytes::from(gzip(b"text"));
    let (content, seen) = read(&file, AMAZON, &[Course::Expired, Course::Whole]).await;
    assert_eq!((content.unwrap().as_slice(), seen.addresses_told), (b"text".as_slice(), 2));
}

#[tokio::test]
async fn another_document_in_its_place_is_no_continuation() {
    let file = Bytes::from(gzip(&long_text()[..20_000]));
    for manners in [AMAZON, Manners { serves_parts: false, ..AMAZON }] {
        let (content, _) = read(&file, manners, &[Course::ResetAt(9000), Course::Replaced]).await;
        assert_eq!(content.unwrap_err().kind(), ErrorKind::DownloadDamaged, "{manners:?}");
    }
}

#[tokio::test]
async fn a_long_document_may_break_off_often_while_it_goes_on() {
    let text = long_text();
    let file = Bytes::from(gzip(&text));
    let mut courses: Vec<_> = (1..).map(|n| Course::ResetAt(n * 30_000)).take(8).collect();
    assert!(courses.len() * 30_000 < file.len());
    courses.push(Course::Whole);
    let (content, seen) = read(&file, AMAZON, &courses).await;
    assert!(content.unwrap() == text);
    assert_eq!(seen.bytes_sent, file.len());
}

#[tokio::test]
async fn a_document_that_never_arrives_is_given_up() {
    let file = Bytes::from(gzip(b"text"));
    for (course, kind, tries) in [
        (Course::Expired, ErrorKind::DownloadExpired, 5),
        (Course::EndsAt(9), ErrorKind::Unreachable, 5),
        (Course::ResetAt(9), ErrorKind::Unreachable, 5),
    ] {
        let (content, seen) = read(&file, AMAZON, &[course]).await;
        assert_eq!((content.unwrap_err().kind(), seen.begins.len()), (kind, tries), "{course:?}");
    }
}

#[tokio::test]
async fn a_whole_document_is_read_again_while_it_arrives_damaged() {
    let file = Bytes::from(gzip(b"text"));
    let document = async |courses: &[Course]| {
        let (storage, client) = storage(&file, CHUNKED, courses);
        let id = ReportDocumentId::new("d");
        let content = client.reports().read_document(&id, 1 << 20).await;
        let told = storage.seen.lock().unwrap().addresses_told;
        (content, told)
    };
    let (content, told) = document(&[Course::EndsAt(9), Course::EndsAt(12), Course::Whole]).await;
    assert_eq!((content.unwrap(), told), (Bytes::from_static(b"text"), 3));
    let (content, told) = document(&[Course::EndsAt(9)]).await;
    assert_eq!((content.unwrap_err().kind(), told), (ErrorKind::DownloadDamaged, 5));
}
