//! What was told: by Epicor in its answer, and about it in our messages.

use std::fmt;

use crate::Operation;

/// An answer with an error status, as far as it could be read.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Answer {
    /// The service and method or set that was called, like `Erp.BO.GLJrnGrpSvc/GLJrnGrps`.
    pub operation: Operation,
    /// The HTTP status.
    pub status: u16,
    /// The text for people, in one line, shortened; empty when there was none.
    pub message: String,
    /// Whether Epicor itself answered, by the shape of the answer. Otherwise it was something in
    /// front of it: a web server, a proxy, a sign-in page.
    pub from_epicor: bool,
    /// What the Epicor admin finds the trace by.
    pub correlation_id: Option<String>,
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} (HTTP {}", self.operation, self.status)?;
        if !self.message.is_empty() {
            write!(f, ": {}", self.message)?;
        }
        write!(f, "{})", Correlation(self.correlation_id.as_deref()))
    }
}

/// One finding of a business rule.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Detail {
    /// Epicor's text for people.
    pub message: String,
    /// The table it concerns; empty when Epicor does not say.
    pub table: String,
    /// The column it concerns; empty when Epicor does not say.
    pub field: String,
}

/// The two locks on Epicor's door.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Credential {
    /// The `x-api-key` header.
    ApiKey,
    /// The user: name and password, or the access token made from them.
    Identity,
    /// The client id and secret at the identity provider.
    ClientSecret,
    /// One of the two; the answer does not say which.
    Either,
}

impl fmt::Display for Credential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::ApiKey => "the API key",
            Self::Identity => "the user name or password",
            Self::ClientSecret => "the client id or secret",
            Self::Either => "the API key or the user",
        })
    }
}

/// A correlation id in brackets, when there is one.
pub(super) struct Correlation<'a>(pub(super) Option<&'a str>);

impl fmt::Display for Correlation<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(id) => write!(f, " [correlation id {id}]"),
            None => Ok(()),
        }
    }
}

/// The first few findings, in brackets.
pub(super) struct DetailList<'a>(pub(super) &'a [Detail]);

impl fmt::Display for DetailList<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for detail in self.0.iter().take(5) {
            write!(f, " [{}", detail.message)?;
            if !detail.field.is_empty() {
                write!(f, ", {}.{}", detail.table, detail.field)?;
            }
            f.write_str("]")?;
        }
        Ok(())
    }
}
