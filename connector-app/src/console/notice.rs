//! What one page has to say on the next: "settlement 81 is approved". It travels in a cookie, so that
//! no address of another's making can put words on our page, and is said once.

use axum::http::HeaderMap;
use axum::http::header::SET_COOKIE;
use axum::response::{IntoResponse, Redirect, Response};
use url::form_urlencoded;

use super::session::{cookie, set_cookie};

const NAME: &str = "ml-connector-notice";

/// Goes on to a page, which says this.
pub(super) fn redirect(to: &str, notice: &str, secure: bool) -> Response {
    let value: String = form_urlencoded::byte_serialize(notice.as_bytes()).collect();
    let cookie = set_cookie(NAME, &value, secure, "; Max-Age=60");
    ([(SET_COOKIE, cookie)], Redirect::to(to)).into_response()
}

/// What the page before had to say.
pub(super) fn taken(headers: &HeaderMap) -> Option<String> {
    let value = cookie(headers, NAME).filter(|value| !value.is_empty())?;
    let pairs = format!("notice={value}");
    form_urlencoded::parse(pairs.as_bytes()).next().map(|(_, notice)| notice.into_owned())
}

/// The header that forgets it once it was said.
pub(super) fn forget(secure: bool) -> String {
    set_cookie(NAME, "", secure, "; Max-Age=0")
}

#[cfg(test)]
mod tests {
    use axum::http::header::COOKIE;

    use super::*;

    #[test]
    fn a_notice_arrives_as_it_was_said() {
        let said = "settlement 81: \"approved\" & sent; €5 + 3 %";
        let answer = redirect("/settlements/81", said, false);
        let set = answer.headers()[SET_COOKIE].to_str().expect("text").to_owned();
        let mut headers = HeaderMap::new();
        let sent = set.split(';').next().expect("a value");
        headers.insert(COOKIE, sent.parse().expect("a header"));
        assert_eq!(taken(&headers).as_deref(), Some(said));
    }
}
