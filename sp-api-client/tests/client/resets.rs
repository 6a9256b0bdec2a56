//! A document that breaks off on its way: the same result as without.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use bytes::Bytes;
use futures_util::{StreamExt, stream};
use http::{HeaderMap, StatusCode};
use serde_json::json;
use sp_api_client::reports_2021_06_30::ReportDocumentId;
use sp_api_client::{Client, Error, ErrorKind, Region, Transport, TransportError};
use wire::{ManualClock, Request, Response, SeededRandom, TransportErrorKind};

use crate::common::{credentials, grant};
use crate::documents::{gzip, long_text};

/// How one download goes.
#[derive(Clone, Copy, Debug)]
enum Course {
    Whole,
    /// The connection breaks off behind this many bytes.
    ResetAt(usize),
    /// The body ends behind this many bytes, as if it were all.
    EndsAt(usize),
    /// The address is past its time.
    Expired,
}

/// Amazon's storage in which downloads go as they are told to, the last course for ever.
#[derive(Debug)]
struct Storage {
    file: Bytes,
    courses: Mutex<Vec<Course>>,
    addresses_told: Mutex<u32>,
}

#[async_trait]
impl Transport for Storage {
    async fn send(&self, request: Request) -> Result<Response, TransportError> {
        let answer = |body: serde_json::Value| {
            Ok(Response::full(StatusCode::OK, HeaderMap::new(), body.to_string().into()))
        };
        match request.http.uri().path() {
            "/auth/o2/token" => answer(grant("token")),
            "/file" => Ok(self.file()),
            _ => {
                let mut told = self.addresses_told.lock().unwrap();
                *told += 1;
                let url = format!("https://bucket.s3.amazonaws.com/file?X-Amz-Signature={told}");
                answer(json!({"reportDocumentId": "d", "url": url, "compressionAlgorithm": "GZIP"}))
            }
        }
    }
}

impl Storage {
    fn file(&self) -> Response {
        let mut courses = self.courses.lock().unwrap();
        let course = if courses.len() > 1 { courses.remove(0) } else { courses[0] };
        let error = TransportError::new(TransportErrorKind::Body, "bucket".to_owned());
        let (sent, end) = match course {
            Course::Whole => (self.file.len(), None),
            Course::ResetAt(byte) => (byte, Some(Err(error))),
            Course::EndsAt(byte) => (byte, None),
            Course::Expired => {
                return Response::full(StatusCode::FORBIDDEN, HeaderMap::new(), Bytes::new());
            }
        };
        // In pieces, as from a socket.
        let pieces: Vec<_> = self.file[..sent].chunks(7000).map(Bytes::copy_from_slice).collect();
        let body = stream::iter(pieces.into_iter().map(Ok).chain(end)).boxed();
        Response::new(StatusCode::OK, HeaderMap::new(), body)
    }
}

/// Reads the document; gives back how often its address was asked for as well.
async fn read(file: &Bytes, courses: &[Course]) -> (Result<Bytes, Error>, u32) {
    let storage = Arc::new(Storage {
        file: file.clone(),
        courses: Mutex::new(courses.to_vec()),
        addresses_told: Mutex::default(),
    });
    let start = "2026-11-23T12:00:00Z".parse().unwrap();
    let client = Client::builder(Region::Europe, credentials())
        .transport(Arc::clone(&storage) as Arc<dyn Transport>)
        .clock(Arc::new(ManualClock::new(start)))
        .random(Arc::new(SeededRandom::new(1)))
        .build()
        .unwrap();
    let document = client.reports().read_document(&ReportDocumentId::new("d"), 1 << 20).await;
    let told = *storage.addresses_told.lock().unwrap();
    (document, told)
}

#[tokio::test]
async fn a_reset_at_any_byte_changes_nothing() {
    let text = long_text()[..60_000].to_vec();
    let file = Bytes::from(gzip(&text));
    let (clean, told) = read(&file, &[Course::Whole]).await;
    let clean = clean.unwrap();
    assert!(clean == text, "the clean run");
    assert_eq!(told, 1);
    let last = file.len() - 1;
    let sampled = (0..20).chain((20..last).step_by(4999)).chain(last - 9..=last);
    for byte in sampled {
        for course in [Course::ResetAt(byte), Course::EndsAt(byte)] {
            let (document, told) = read(&file, &[course, Course::Whole]).await;
            assert!(document.unwrap() == clean, "{course:?}");
            assert_eq!(told, 2, "{course:?}: from the address on");
        }
    }
}

#[tokio::test]
async fn an_address_that_ends_is_fetched_anew() {
    let file = Bytes::from(gzip(b"text"));
    let courses = [Course::Expired, Course::ResetAt(9), Course::Expired, Course::Whole];
    let (document, told) = read(&file, &courses).await;
    assert_eq!((document.unwrap(), told), (Bytes::from_static(b"text"), 4));
}

#[tokio::test]
async fn a_document_that_never_arrives_is_given_up() {
    let file = Bytes::from(gzip(b"text"));
    for (course, kind) in [
        (Course::Expired, ErrorKind::DownloadExpired),
        (Course::EndsAt(9), ErrorKind::DownloadDamaged),
        (Course::ResetAt(9), ErrorKind::Unreachable),
    ] {
        let (document, told) = read(&file, &[course]).await;
        assert_eq!((document.unwrap_err().kind(), told), (kind, 5), "{course:?}");
    }
}
