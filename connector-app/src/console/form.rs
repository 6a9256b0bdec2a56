//! Forms: read only when our own page sent them.
//!
//! Each form carries a hidden field `csrf` that no other site can know; and the browser says from
//! which site a form comes. Both must fit before a handler sees anything.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::extract::{DefaultBodyLimit, Form, FromRequest, FromRequestParts, Multipart, Request};
use axum::http::header::{HOST, ORIGIN};
use axum::http::{HeaderMap, StatusCode};
use secrecy::SecretString;
use serde::de::DeserializeOwned;
use serde::{Deserialize as _, Deserializer};
use url::form_urlencoded;

use super::page::PageError;
use super::seat::Seat;
use crate::serve::Server;

/// The most that a form with files may hold.
const UPLOAD_BYTES_MAX: usize = 256 * 1024 * 1024;

/// What a form of ours holds. `T` is read as [`Form`] reads it; take a `Vec<(String, String)>` for
/// fields that repeat.
#[derive(Debug)]
pub struct Checked<T>(pub T);

impl<T: DeserializeOwned> FromRequest<Arc<Server>> for Checked<T> {
    type Rejection = PageError;

    async fn from_request(request: Request, server: &Arc<Server>) -> Result<Self, PageError> {
        let (mut parts, body) = request.into_parts();
        same_origin(&parts.headers)?;
        let seat = Seat::from_request_parts(&mut parts, server).await?;
        let request = Request::from_parts(parts.clone(), body);
        let bytes = Bytes::from_request(request, server).await.map_err(unreadable)?;
        let sent = form_urlencoded::parse(&bytes).find(|(name, _)| name == "csrf");
        seat.check(sent.as_ref().map(|(_, value)| value.as_ref()))?;
        let request = Request::from_parts(parts, Body::from(bytes));
        let Form(fields) = Form::from_request(request, server).await.map_err(unreadable)?;
        Ok(Self(fields))
    }
}

/// A form of ours with files: `enctype="multipart/form-data"`.
#[derive(Debug)]
pub struct Upload {
    /// The fields that are not files.
    pub fields: BTreeMap<String, String>,
    /// The files, in the order of the form. One that was left out is not among them.
    pub files: Vec<UploadedFile>,
}

/// A file as it was sent.
#[derive(Debug)]
pub struct UploadedFile {
    /// The name it had there; without a folder.
    pub name: String,
    /// What is in it.
    pub bytes: Bytes,
}

impl FromRequest<Arc<Server>> for Upload {
    type Rejection = PageError;

    async fn from_request(request: Request, server: &Arc<Server>) -> Result<Self, PageError> {
        let (mut parts, body) = request.into_parts();
        same_origin(&parts.headers)?;
        let seat = Seat::from_request_parts(&mut parts, server).await?;
        let mut request = Request::from_parts(parts, body);
        DefaultBodyLimit::max(UPLOAD_BYTES_MAX).apply(&mut request);
        let mut form = Multipart::from_request(request, server).await.map_err(unreadable)?;
        let mut upload = Self { fields: BTreeMap::new(), files: Vec::new() };
        let mut checked = false;
        while let Some(field) = form.next_field().await.map_err(unreadable)? {
            let name = field.name().unwrap_or_default().to_owned();
            let file = field.file_name().map(base_name);
            // The token is the form's first field, so that no file of another's is taken in.
            if !checked {
                let token = if name == "csrf" { field.text().await.ok() } else { None };
                seat.check(token.as_deref())?;
                checked = true;
                continue;
            }
            match file {
                Some(name) => {
                    let bytes = field.bytes().await.map_err(unreadable)?;
                    if !name.is_empty() {
                        upload.files.push(UploadedFile { name, bytes });
                    }
                }
                None => {
                    let value = field.text().await.map_err(unreadable)?;
                    upload.fields.insert(name, value);
                }
            }
        }
        if !checked {
            seat.check(None)?;
        }
        Ok(upload)
    }
}

/// A field that no log and no `Debug` shows.
pub(super) fn secret<'de, D>(deserializer: D) -> Result<SecretString, D::Error>
where
    D: Deserializer<'de>,
{
    String::deserialize(deserializer).map(SecretString::from)
}

/// The last part of a path, by either kind of slash.
fn base_name(path: &str) -> String {
    path.rsplit(['/', '\\']).next().unwrap_or_default().to_owned()
}

fn unreadable(error: impl std::fmt::Display) -> PageError {
    PageError::told(
        StatusCode::BAD_REQUEST,
        "Not readable",
        format!("What was sent cannot be read: {error}. Nothing was changed."),
        "Go back, reload the page, and send it again.",
    )
}

/// Refuses what another site's page makes the browser send. A browser says so in either of two
/// headers; a program that sends neither has no browser's cookies.
pub(super) fn same_origin(headers: &HeaderMap) -> Result<(), PageError> {
    let text = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or_default());
    if text("sec-fetch-site").is_some_and(|site| site != "same-origin") {
        return Err(PageError::forged("another site's page sent it"));
    }
    let host = text(HOST.as_str()).unwrap_or_default();
    let fits = |origin: &str| origin.split_once("://").is_some_and(|(_, of)| of == host);
    if text(ORIGIN.as_str()).is_some_and(|origin| !fits(origin)) {
        return Err(PageError::forged("a page of another address sent it"));
    }
    Ok(())
}

impl Seat {
    /// Refuses a form that does not carry this session's token. Tokens are hashes of what is
    /// compared nowhere else, so the time of the comparison tells nothing.
    fn check(&self, token: Option<&str>) -> Result<(), PageError> {
        match token {
            None => Err(PageError::forged("it carries no token of this session")),
            Some(token) if token != self.csrf => {
                Err(PageError::forged("it carries another session's token"))
            }
            Some(_) => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_comes_from_our_own_page() {
        let sent = |pairs: &[(&'static str, &str)]| {
            let mut headers = HeaderMap::new();
            headers.insert(HOST, "books.example:8686".parse().expect("a header"));
            for (name, value) in pairs {
                headers.insert(*name, value.parse().expect("a header"));
            }
            same_origin(&headers).is_ok()
        };
        assert!(sent(&[]));
        assert!(sent(&[("origin", "https://books.example:8686")]));
        assert!(sent(&[("sec-fetch-site", "same-origin")]));
        for (name, value) in [
            ("origin", "https://evil.example"),
            ("origin", "https://books.example"),
            ("origin", "null"),
            ("sec-fetch-site", "cross-site"),
            ("sec-fetch-site", "same-site"),
            ("sec-fetch-site", "none"),
        ] {
            assert!(!sent(&[(name, value)]), "{name}: {value}");
        }
    }

    #[test]
    fn a_file_has_no_folder() {
        assert_eq!(base_name("C:\\Users\\anna\\bank.csv"), "bank.csv");
        assert_eq!(base_name("../../bank.csv"), "bank.csv");
    }
}
