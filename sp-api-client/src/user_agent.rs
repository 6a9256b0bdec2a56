//! The `user-agent` in the shape the service documents: `App/Version (Language=Rust; Platform=Linux)`.

use http::HeaderValue;

use crate::Error;

/// Longer ones are refused by the service.
const LENGTH_MAX: usize = 500;

/// The header's value, with each part's separators escaped by a backslash.
pub(crate) fn user_agent(app: &str, version: &str) -> Result<HeaderValue, Error> {
    let invalid = |reason| Error::InvalidParameter { parameter: "app_name", reason };
    if app.is_empty() || version.is_empty() {
        return Err(invalid("the name and the version of the application must not be empty"));
    }
    let text = format!(
        "{}/{} (Language=Rust; Platform={})",
        escape(app, &['/']),
        escape(version, &['(']),
        escape(std::env::consts::OS, &[')', ';']),
    );
    if text.len() > LENGTH_MAX {
        return Err(invalid("the name and the version of the application are too long"));
    }
    if !text.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
        return Err(invalid("the name and the version of the application must be plain ASCII"));
    }
    HeaderValue::from_str(&text).map_err(|_| invalid("this cannot be sent as a header"))
}

fn escape(text: &str, separators: &[char]) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        if c == '\\' || separators.contains(&c) {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_documented_shape() {
        let value = user_agent("ml-connector", "0.1.0").unwrap();
        let platform = std::env::consts::OS;
        let expected = format!("ml-connector/0.1.0 (Language=Rust; Platform={platform})");
        assert_eq!(value, expected);
    }

    #[test]
    fn separators_are_escaped() {
        let value = user_agent(r"a/b\c(d", r"1/2\3(4;").unwrap();
        let text = value.to_str().unwrap();
        assert!(text.starts_with(r"a\/b\\c(d/1/2\\3\(4; (Language=Rust; "), "{text}");
    }

    #[test]
    fn what_the_service_would_refuse_is_refused_here() {
        for (app, version) in [("", "1"), ("app", ""), ("a\r\nx: y", "1"), ("Bücher", "1")] {
            let error = user_agent(app, version).unwrap_err();
            assert_eq!(error.kind(), crate::ErrorKind::InvalidParameter, "{app} {version}");
        }
        let longest = LENGTH_MAX - user_agent("a", "1").unwrap().len() + 1;
        assert!(user_agent(&"a".repeat(longest), "1").is_ok());
        assert!(user_agent(&"a".repeat(longest + 1), "1").is_err());
    }
}
