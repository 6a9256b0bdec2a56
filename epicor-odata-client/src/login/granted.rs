//! The answer that carries an access token.

use jiff::SignedDuration;
use secrecy::SecretString;
use serde_json::Value;

/// A token, and how long it is good for, when its issuer tells.
pub(super) struct Granted {
    pub(super) token: SecretString,
    pub(super) life: Option<SignedDuration>,
}

/// Epicor's names and OAuth's: the same thing in two spellings.
const TOKEN: [&str; 2] = ["AccessToken", "access_token"];
const LIFE: [&str; 2] = ["ExpiresIn", "expires_in"];

impl Granted {
    /// Reads JSON, or the XML that `TokenResource.svc` sends when it does not heed `Accept`. What
    /// is wrong is told without the body's content.
    pub(super) fn parse(body: &[u8]) -> Result<Self, &'static str> {
        let text = String::from_utf8_lossy(body);
        let text = text.trim_start_matches('\u{feff}').trim();
        let (token, life) = match serde_json::from_str(text) {
            Ok(Value::Object(answer)) => {
                let member = |names: [&str; 2]| names.into_iter().find_map(|name| answer.get(name));
                let token = member(TOKEN).and_then(Value::as_str).map(str::to_owned);
                // Some send the number as a text.
                (token, member(LIFE).map(|life| life.to_string().replace('"', "")))
            }
            _ if text.starts_with("<Token") || text.starts_with("<?xml") => {
                (element(text, TOKEN[0]), element(text, LIFE[0]))
            }
            _ if text.starts_with('<') => return Err("it answered with a web page"),
            _ => return Err("it answered with something else"),
        };
        let token = token.filter(|token| !token.is_empty()).ok_or("its answer holds none")?;
        let life = life.and_then(|seconds| seconds.trim().parse().ok()).filter(|life| *life > 0);
        Ok(Self { token: token.into(), life: life.map(SignedDuration::from_secs) })
    }
}

/// The text of the first element of this name. A token and a number need no unescaping.
fn element(xml: &str, name: &str) -> Option<String> {
    let (_, rest) = xml.split_once(&format!("<{name}>"))?;
    let (text, _) = rest.split_once('<')?;
    Some(text.trim().to_owned())
}

/// `error` and `error_description` of an OAuth refusal.
pub(super) fn error_code(body: &str) -> Option<(String, String)> {
    let Ok(Value::Object(answer)) = serde_json::from_str(body) else {
        return None;
    };
    let code = answer.get("error")?.as_str()?.to_owned();
    let description = answer.get("error_description").and_then(Value::as_str).unwrap_or(&code);
    let line = description.split_whitespace().collect::<Vec<_>>().join(" ");
    Some((code, line.chars().take(300).collect()))
}
