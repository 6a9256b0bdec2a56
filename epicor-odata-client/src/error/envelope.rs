//! The body of an error answer, in any of the shapes it comes in.
//!
//! Epicor's REST layer answers JSON of its own, the same members as XML when `Accept` got lost,
//! or OData's `{"error":…}`; the web server, a proxy or the cloud's front answer HTML or text.

use memchr::memmem;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::Event;
use serde_json::Value;

use super::Detail;

/// Texts are cut to this many characters: they go to logs and people, not to parsers.
const MAX_TEXT: usize = 500;
/// Findings beyond this many tell nobody more.
const MAX_DETAILS: usize = 20;
/// The longest body that is looked at for a refusal in spite of a status of success, in bytes.
const MAX_DISGUISED: usize = 64 << 10;

/// What could be read of an error answer's body.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Envelope {
    /// `ErrorMessage`, or the nearest thing to it.
    pub(crate) message: String,
    /// `ErrorType`: a .NET type name, like `Ice.Common.RecordNotFoundException`.
    pub(crate) error_type: String,
    pub(crate) details: Vec<Detail>,
    pub(crate) correlation_id: Option<String>,
    /// Whether it has one of the shapes that only Epicor answers in.
    pub(crate) from_epicor: bool,
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
            return Self::from_xml(text).unwrap_or_else(|| Self::from_html(text));
        }
        Self { message: tidy(text), ..Self::default() }
    }

    /// A refusal that was sent with a status of success, and the status it names.
    pub(crate) fn disguised(body: &[u8]) -> Option<(u16, Self)> {
        // A page of rows is far longer than any refusal, and names none of these.
        let may_be = |name: &str| memmem::find(body, name.as_bytes()).is_some();
        if body.len() > MAX_DISGUISED || !(may_be("\"ErrorMessage\"") || may_be("\"error\"")) {
            return None;
        }
        let Ok(Value::Object(object)) = serde_json::from_slice(body) else {
            return None;
        };
        let told = |name| object.get(name).is_some_and(|value| !value.is_null());
        let epicor = told("ErrorMessage") && (told("HttpStatus") || told("ErrorType"));
        let odata = object.len() == 1 && object.get("error").is_some_and(Value::is_object);
        let status = object.get("HttpStatus").and_then(Value::as_u64).unwrap_or(500);
        let status = u16::try_from(status).ok().filter(|status| (400..600).contains(status));
        (epicor || odata).then(|| (status.unwrap_or(500), Self::parse(body)))
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
        let members = ["ErrorMessage", "ErrorType", "HttpStatus", "ReasonPhrase"];
        Self {
            message,
            error_type: text_of(&object["ErrorType"]),
            details: details.filter(|detail| !detail.message.is_empty()).collect(),
            correlation_id: Some(text_of(&object["CorrelationId"])).filter(|id| !id.is_empty()),
            from_epicor: members.iter().any(|member| object.get(member).is_some()),
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
            correlation_id: Some(text_of(&inner["correlationId"])).filter(|id| !id.is_empty()),
            from_epicor: true,
            details: Vec::new(),
        }
    }

    /// Epicor's members as XML elements; `None` when it is other markup.
    fn from_xml(text: &str) -> Option<Self> {
        let mut envelope = Self::default();
        let mut detail = Detail::default();
        let mut reader = quick_xml::Reader::from_str(text);
        // How deep inside `ErrorDetails`; 1 is the list, 2 a finding, 3 what it says.
        let (mut depth, mut content) = (0_u32, String::new());
        while let Ok(event) = reader.read_event() {
            match event {
                Event::Eof => break,
                Event::Start(start) => {
                    if depth > 0 || start.local_name().as_ref() == "ErrorDetails" {
                        depth += 1;
                    }
                    content.clear();
                }
                Event::Text(text) => content.push_str(&text.into_inner()),
                Event::CData(text) => content.push_str(&text.into_inner()),
                Event::GeneralRef(entity) => match entity.resolve_char_ref() {
                    Ok(Some(character)) => content.push(character),
                    _ => content.push_str(resolve_predefined_entity(&entity).unwrap_or("?")),
                },
                Event::End(end) => {
                    let value = tidy(&content);
                    match (depth, end.local_name().as_ref()) {
                        (0, "ErrorMessage") => envelope.message = value,
                        (0, "ErrorType") => envelope.error_type = value,
                        (0, "CorrelationId") => envelope.correlation_id = Some(value),
                        (2, _) => envelope.details.push(std::mem::take(&mut detail)),
                        (3, "Message") => detail.message = value,
                        (3, "Table") => detail.table = value,
                        (3, "Field") => detail.field = value,
                        _ => {}
                    }
                    depth = depth.saturating_sub(1);
                    content.clear();
                }
                _ => {}
            }
        }
        envelope.details.retain(|detail| !detail.message.is_empty());
        envelope.details.truncate(MAX_DETAILS);
        envelope.correlation_id = envelope.correlation_id.filter(|id| !id.is_empty());
        envelope.from_epicor = true;
        (!envelope.message.is_empty() || !envelope.error_type.is_empty()).then_some(envelope)
    }

    fn from_html(text: &str) -> Self {
        let what = "a web page instead of an answer";
        let message = match title(text) {
            Some(title) => format!("{what}: {title}"),
            None => what.to_owned(),
        };
        Self { message, ..Self::default() }
    }
}

/// The title of a web page, which no XML reader need understand.
fn title(page: &str) -> Option<String> {
    let lower = page.to_ascii_lowercase();
    let start = lower.find("<title")?;
    let start = start + lower[start..].find('>')? + 1;
    let end = start + lower[start..].find("</title")?;
    Some(tidy(&page[start..end])).filter(|title| !title.is_empty())
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
