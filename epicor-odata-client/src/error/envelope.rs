//! The body of an error answer, in any of the four shapes it comes in.
//!
//! Epicor's REST layer answers JSON of its own, the same members as XML when `Accept` got lost,
//! or OData's `{"error":…}`; the web server, a proxy or the cloud's front answer HTML or text.

use serde_json::Value;

use super::Detail;

/// Texts are cut to this many characters: they go to logs and people, not to parsers.
const MAX_TEXT: usize = 500;
/// Findings beyond this many tell nobody more.
const MAX_DETAILS: usize = 20;

/// What could be read of an error answer's body.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Envelope {
    /// `ErrorMessage`, or the nearest thing to it.
    pub(crate) message: String,
    /// `ErrorType`: a .NET type name, like `Ice.Common.RecordNotFoundException`.
    pub(crate) error_type: String,
    pub(crate) details: Vec<Detail>,
    pub(crate) correlation_id: Option<String>,
}

impl Envelope {
    pub(crate) fn parse(body: &[u8]) -> Self {
        let text = String::from_utf8_lossy(body);
        let text = text.trim_start_matches('\u{feff}').trim();
        if let Ok(Value::Object(object)) = serde_json::from_str(text) {
            return match object.get("error") {
                Some(error @ Value::Object(_)) => Self::from_odata(error),
                _ => Self::from_epicor(&Value::Object(object)),
            };
        }
        if text.starts_with('<') {
            return Self::from_markup(text);
        }
        Self { message: tidy(text), ..Self::default() }
    }

    fn from_epicor(object: &Value) -> Self {
        let details = object["ErrorDetails"].as_array().map_or(&[][..], Vec::as_slice);
        let details = details.iter().take(MAX_DETAILS).map(|detail| Detail {
            message: text_of(&detail["Message"]),
            table: text_of(&detail["Table"]),
            field: text_of(&detail["Field"]),
        });
        let mut message = text_of(&object["ErrorMessage"]);
        if message.is_empty() {
            message = text_of(&object["ReasonPhrase"]);
        }
        Self {
            message,
            error_type: text_of(&object["ErrorType"]),
            details: details.filter(|detail| !detail.message.is_empty()).collect(),
            correlation_id: Some(text_of(&object["CorrelationId"])).filter(|id| !id.is_empty()),
        }
    }

    fn from_odata(error: &Value) -> Self {
        let inner = &error["innererror"];
        // OData 3 wraps the message once more, with its language.
        let message = match &error["message"] {
            Value::Object(_) => text_of(&error["message"]["value"]),
            plain => text_of(plain),
        };
        let inner_message = text_of(&inner["message"]);
        Self {
            message: if message.is_empty() { inner_message } else { message },
            error_type: text_of(&inner["type"]),
            ..Self::default()
        }
    }

    fn from_markup(text: &str) -> Self {
        let element = |name| element(text, name).map(|text| tidy(&text)).unwrap_or_default();
        let message = element("ErrorMessage");
        if message.is_empty() && element("ErrorType").is_empty() {
            let title = element("title");
            let what = "a web page instead of an answer";
            let message = if title.is_empty() { what.into() } else { format!("{what}: {title}") };
            return Self { message, ..Self::default() };
        }
        Self {
            message,
            error_type: element("ErrorType"),
            details: Vec::new(),
            correlation_id: Some(element("CorrelationId")).filter(|id| !id.is_empty()),
        }
    }
}

/// The text of the first element called `name`, in XML or HTML; `None` when there is none.
fn element(markup: &str, name: &str) -> Option<String> {
    let mut rest = markup;
    loop {
        let (_, after) = rest.split_once('<')?;
        let (tag, content) = after.split_once('>')?;
        let tag_name = tag.split_ascii_whitespace().next().unwrap_or_default();
        if tag_name.eq_ignore_ascii_case(name) {
            let (text, _) = content.split_once("</")?;
            return Some(unescape(text));
        }
        rest = content;
    }
}

/// Resolves the five named entities; `&amp;` last, or `&amp;lt;` would be resolved twice.
fn unescape(text: &str) -> String {
    text.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&apos;", "'")
        .replace("&#39;", "'")
        .replace("&amp;", "&")
}

fn text_of(value: &Value) -> String {
    value.as_str().map(tidy).unwrap_or_default()
}

/// One line without control characters, cut to a length for people.
fn tidy(text: &str) -> String {
    let clean = |c: char| if c.is_control() { ' ' } else { c };
    let line: String = text.chars().take(MAX_TEXT * 4).map(clean).collect();
    let line = line.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(MAX_TEXT) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}
