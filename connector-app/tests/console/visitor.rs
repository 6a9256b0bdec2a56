//! Somebody who asks the console by HTTP, and keeps its cookies as a browser does.

use std::collections::BTreeMap;

use reqwest::header::{HeaderMap, SET_COOKIE};
use reqwest::redirect::Policy;
use reqwest::{Client, Method, RequestBuilder};

use crate::house::{House, password};

pub(crate) struct Visitor {
    client: Client,
    base: String,
    cookies: BTreeMap<String, String>,
    /// The token in the forms of the page that was seen last.
    pub(crate) csrf: Option<String>,
}

#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().expect("text"))
    }
}

impl Visitor {
    /// Nobody is signed in.
    pub(crate) fn of(house: &House) -> Self {
        Self::at(house.url(""))
    }

    pub(crate) fn at(base: String) -> Self {
        let client = Client::builder()
            .redirect(Policy::none())
            .no_proxy()
            .danger_accept_invalid_certs(true)
            .build()
            .expect("a client");
        Self { client, base, cookies: BTreeMap::new(), csrf: None }
    }

    /// Somebody who has signed in.
    pub(crate) async fn signed_in(house: &House, user: &str) -> Self {
        let mut visitor = Self::of(house);
        let answer = visitor.sign_in(user, &password(user)).await;
        assert_eq!(answer.status, 303, "{}", answer.body);
        visitor
    }

    pub(crate) async fn sign_in(&mut self, user: &str, password: &str) -> Answer {
        self.send("/sign-in", &[("name", user), ("password", password)], &[]).await
    }

    pub(crate) async fn get(&mut self, path: &str) -> Answer {
        let request = self.request(Method::GET, path);
        let answer = self.answer(request).await;
        let field = "name=\"csrf\" value=\"";
        let token = answer.body.split(field).nth(1).and_then(|rest| rest.split('"').next());
        if let Some(token) = token {
            self.csrf = Some(token.to_owned());
        }
        answer
    }

    /// Sends a form of the page that was seen last.
    pub(crate) async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let token = self.csrf.clone().expect("a page with a form was seen");
        let fields = [&[("csrf", token.as_str())], fields].concat();
        self.send(path, &fields, &[]).await
    }

    /// Sends a form with a file of the page that was seen last: a name and a text.
    pub(crate) async fn upload(
        &mut self,
        path: &str,
        fields: &[(&str, &str)],
        (name, bytes): (&str, impl AsRef<[u8]>),
    ) -> Answer {
        const EDGE: &str = "----edge-of-a-part";
        let token = self.csrf.clone().expect("a page with a form was seen");
        let mut body = Vec::new();
        for (field, value) in [&[("csrf", token.as_str())], fields].concat() {
            let part = format!(
                "--{EDGE}\r\nContent-Disposition: form-data; name=\"{field}\"\r\n\r\n{value}\r\n"
            );
            body.extend_from_slice(part.as_bytes());
        }
        let head = format!(
            "--{EDGE}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\
             Content-Type: application/octet-stream\r\n\r\n"
        );
        body.extend_from_slice(head.as_bytes());
        body.extend_from_slice(bytes.as_ref());
        body.extend_from_slice(format!("\r\n--{EDGE}--\r\n").as_bytes());
        let kind = format!("multipart/form-data; boundary={EDGE}");
        let request = self.request(Method::POST, path).header("content-type", kind).body(body);
        self.answer(request).await
    }

    /// Sends these fields and headers, and nothing else.
    pub(crate) async fn send(
        &mut self,
        path: &str,
        fields: &[(&str, &str)],
        headers: &[(&str, &str)],
    ) -> Answer {
        let mut request = self.request(Method::POST, path).form(fields);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.answer(request).await
    }

    fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let cookies: Vec<_> =
            self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let request = self.client.request(method, format!("{}{path}", self.base));
        if cookies.is_empty() { request } else { request.header("cookie", cookies.join("; ")) }
    }

    async fn answer(&mut self, request: RequestBuilder) -> Answer {
        let answer = request.send().await.expect("an answer");
        let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
        for set in headers.get_all(SET_COOKIE) {
            let set = set.to_str().expect("text");
            let pair = set.split(';').next().and_then(|pair| pair.split_once('='));
            let (name, value) = pair.expect("a name and a value");
            if set.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        Answer { status, headers, body: answer.text().await.expect("text") }
    }
}
