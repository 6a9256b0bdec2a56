//! What can go wrong, by meaning: each variant says what happened, who must act, and how.

use std::fmt;
use std::time::Duration;

use wire::{InsecureUrl, TransportError, TransportErrorKind};

use crate::Operation;
use crate::dataset::ColumnError;
use crate::odata::{BrokenPaging, InvalidQuery};

pub(crate) mod classify;
pub(crate) mod envelope;
mod fault;
#[cfg(test)]
mod tests;
mod told;

pub use fault::ConnectionFault;
pub use told::{Answer, Credential, Detail};
use told::{Correlation, DetailList};

/// A failed call to Epicor.
///
/// No variant holds a secret: keys, passwords and tokens are removed from what the server said.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The API key, or the user, was refused.
    #[error(
        "Epicor refused {refused} for {answer}; an Epicor admin must check that it is right for \
         this environment, has not expired, and may use this company"
    )]
    Unauthorized {
        /// Which of the two locks it was, as far as the answer tells.
        refused: Credential,
        /// What Epicor said.
        answer: Answer,
    },
    /// The service that gives out access tokens gave none, for another reason than the credential.
    #[error(
        "{issuer} gave no access token: {reason}; an IT admin must check its address, and that it \
         gives out tokens"
    )]
    NoToken {
        /// Who was asked: `TokenResource.svc`, or the host of the identity provider.
        issuer: String,
        /// What it answered instead, in words.
        reason: String,
    },
    /// Logged in, but not allowed to use the service.
    #[error(
        "Epicor does not allow {answer}; an Epicor admin must add the service to the API key's \
         access scope and give the user the menu and service rights for it, or replace a wrong key"
    )]
    Forbidden {
        /// What Epicor said.
        answer: Answer,
    },
    /// The record, the service or the company is not there.
    #[error(
        "Epicor found nothing for {answer}; if the record should exist, an Epicor admin must \
         check the company and that this version of Epicor has the service"
    )]
    NotFound {
        /// Whether Epicor said that the *record* is not there. Otherwise the service, the company
        /// or the address may be wrong, which says nothing about the record.
        record: bool,
        /// What Epicor said.
        answer: Answer,
    },
    /// The address answers, but has no such company for this user.
    #[error(
        "Epicor has no company {company} at this address for this user ({answer}); an IT admin \
         must check the company id and the instance at the end of the base address"
    )]
    UnknownCompany {
        /// The company asked for.
        company: String,
        /// What Epicor said.
        answer: Answer,
    },
    /// A record with this key exists already.
    #[error("Epicor already has this record: {answer}; compare the existing one before going on")]
    Duplicate {
        /// What Epicor said.
        answer: Answer,
    },
    /// Somebody changed the record since it was read: its `SysRevID` is not the one that was sent.
    /// Nothing was written.
    #[error(
        "Epicor's record was changed by somebody else meanwhile: {answer}; read it again, and \
         decide again before changing it"
    )]
    Stale {
        /// What Epicor said.
        answer: Answer,
    },
    /// Epicor's own rules refused it. Nothing was written by the refused request.
    #[error(
        "Epicor refused {operation}: {message}{}; the finance clerk must correct what it names, \
         or ask an Epicor admin{}",
        DetailList(details),
        Correlation(correlation_id.as_deref())
    )]
    BusinessRule {
        /// The service and method, like `Erp.BO.GLJrnGrpSvc/Update`.
        operation: Operation,
        /// Epicor's text for people.
        message: String,
        /// The single findings, when Epicor lists them.
        details: Vec<Detail>,
        /// What the Epicor admin finds the trace by.
        correlation_id: Option<String>,
    },
    /// The date is in no open period, so the journal's group was not made.
    #[error(
        "Epicor does not accept the date {date} for group {group_id}: {message}; the finance \
         clerk must open the period or post into another one"
    )]
    PeriodRefused {
        /// The group that was to be made.
        group_id: String,
        /// Its date.
        date: jiff::civil::Date,
        /// Epicor's text for people.
        message: String,
    },
    /// A line was saved, but its GL account is not one that can be posted to. The journal remains
    /// in entry, unposted.
    #[error(
        "Epicor does not accept GL account {account}: {message}; the finance clerk must choose \
         another account or have this one activated"
    )]
    InvalidAccount {
        /// The account as sent, segments joined by `|`.
        account: String,
        /// Epicor's text for people.
        message: String,
    },
    /// Epicor did not post the journals or invoices of the group; they remain in entry or in review.
    #[error(
        "Epicor did not post group {group_id}: {message}; the finance clerk must look at the \
         group in Journal Entry or AP Invoice Entry"
    )]
    NotPosted {
        /// The group.
        group_id: String,
        /// Epicor's text for people.
        message: String,
    },
    /// Epicor saved something else than was sent. It remains in entry, unposted.
    #[error(
        "what Epicor saved in {operation} is not what was sent: {difference}; an Epicor admin \
         must look for a customisation that changes journals"
    )]
    NotAsSent {
        /// The service and method.
        operation: &'static str,
        /// What differs, in words.
        difference: String,
    },
    /// All licence seats are taken. Passes by itself.
    #[error(
        "Epicor has no free licence seat for {answer}; try again in a while, and if it happens \
         often an Epicor admin should give the connector a Web Service licence to claim"
    )]
    SeatsExhausted {
        /// What Epicor said.
        answer: Answer,
    },
    /// The session the call was made in has ended. Nothing was done.
    #[error("Epicor has ended the session of {answer}; log in again and repeat the call")]
    SessionEnded {
        /// What Epicor said.
        answer: Answer,
    },
    /// A service of this Epicor lacks columns that are needed.
    #[error(
        "{service} of this Epicor lacks {}; an Epicor admin must compare its version, and what \
         was changed in it, with what is needed",
        missing.join(", ")
    )]
    MissingColumns {
        /// The service.
        service: String,
        /// What it lacks: `Parts`, a set, or `Parts.PartNum`, a column.
        missing: Vec<String>,
    },
    /// Too many requests, says Epicor or a gateway in front of it. Passes by itself.
    #[error("Epicor asks for fewer requests: {answer}; try again in a while")]
    Throttled {
        /// How long to wait, when the answer says so.
        retry_after: Option<Duration>,
        /// What Epicor said.
        answer: Answer,
    },
    /// Epicor failed inside, or is down for maintenance. A write that was sent ends in
    /// [`Error::OutcomeUnknown`] instead.
    #[error(
        "Epicor failed: {answer}; try again in a while, and if it lasts an Epicor admin must look \
         at the server's log"
    )]
    Server {
        /// What Epicor said.
        answer: Answer,
    },
    /// No answer. A write ends here only when it surely never reached the server.
    #[error("{}", unreachable_advice(.0.kind()))]
    Unreachable(#[source] TransportError),
    /// A write was sent and no clear answer came back: it may have been carried out or not.
    #[error(
        "it is not known whether Epicor carried out {operation}; look the record up before \
         sending it again"
    )]
    OutcomeUnknown {
        /// The service and method.
        operation: Operation,
        /// What hid the outcome.
        source: Box<Self>,
    },
    /// The answer makes no sense to us. A write ends in [`Error::OutcomeUnknown`] instead.
    #[error(
        "Epicor's answer to {operation} cannot be read: {reason}; an Epicor admin must compare \
         the version of Epicor with the documented one{}",
        Correlation(correlation_id.as_deref())
    )]
    InvalidResponse {
        /// The service and method or set.
        operation: Operation,
        /// What is wrong with it, without its content.
        reason: String,
        /// Whether Epicor itself answered, as far as that can be told. Otherwise it was a sign-in
        /// page, a proxy or a redirection.
        from_epicor: bool,
        /// What the Epicor admin finds the trace by.
        correlation_id: Option<String>,
    },
    /// The base address is not `https`. Nothing was sent.
    #[error("the address of Epicor is not safe to send a password to; an IT admin must change it")]
    Insecure(#[source] InsecureUrl),
    /// A value cannot be sent to Epicor. Nothing was sent by this request.
    #[error("{parameter} cannot be sent to Epicor: {reason}")]
    InvalidParameter {
        /// Which value, in Epicor's words.
        parameter: &'static str,
        /// What is wrong with it.
        reason: String,
    },
}

impl Error {
    /// Whether the request that failed surely changed nothing in Epicor.
    ///
    /// It speaks of that request alone: earlier steps of the same sequence (the group, the
    /// journal's header) may stand in entry, unposted, and
    /// [`remove_unposted`](crate::gl_journal::GlJournals::remove_unposted) takes them away. It is
    /// `false` for [`Error::OutcomeUnknown`], and for the two errors that follow a save:
    /// [`Error::InvalidAccount`] and [`Error::NotAsSent`].
    #[must_use]
    pub fn is_definite_no(&self) -> bool {
        !matches!(
            self,
            Self::OutcomeUnknown { .. } | Self::InvalidAccount { .. } | Self::NotAsSent { .. }
        )
    }

    /// Whether the same request may well succeed later, with nobody acting in between.
    ///
    /// `false` for [`Error::OutcomeUnknown`]: that needs a look-up first, not a repetition.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        matches!(
            self,
            Self::SeatsExhausted { .. }
                | Self::Throttled { .. }
                | Self::Server { .. }
                | Self::Unreachable(_)
        )
    }

    /// Whether Epicor said that the record is not there, with whatever status: some methods
    /// answer 500 for it. A wrong address, company or service is not taken for that.
    #[must_use]
    pub fn is_missing_record(&self) -> bool {
        match self {
            Self::NotFound { record, .. } => *record,
            Self::OutcomeUnknown { source, .. } => source.is_missing_record(),
            _ => false,
        }
    }

    /// What the server answered, where it answered with an error status that says what is meant.
    #[must_use]
    pub fn answer(&self) -> Option<&Answer> {
        match self {
            Self::Unauthorized { answer, .. }
            | Self::Forbidden { answer }
            | Self::NotFound { answer, .. }
            | Self::UnknownCompany { answer, .. }
            | Self::Duplicate { answer }
            | Self::Stale { answer }
            | Self::SessionEnded { answer }
            | Self::SeatsExhausted { answer }
            | Self::Throttled { answer, .. }
            | Self::Server { answer } => Some(answer),
            Self::OutcomeUnknown { source, .. } => source.answer(),
            _ => None,
        }
    }

    /// What the Epicor admin finds the server's trace of this call by.
    #[must_use]
    pub fn correlation_id(&self) -> Option<&str> {
        match self {
            Self::BusinessRule { correlation_id, .. }
            | Self::InvalidResponse { correlation_id, .. } => correlation_id.as_deref(),
            Self::OutcomeUnknown { source, .. } => source.correlation_id(),
            other => other.answer()?.correlation_id.as_deref(),
        }
    }

    /// The single findings of a business rule; none of any other error.
    #[must_use]
    pub fn details(&self) -> &[Detail] {
        match self {
            Self::BusinessRule { details, .. } => details,
            _ => &[],
        }
    }

    pub(crate) fn invalid_response(
        operation: impl Into<Operation>,
        reason: impl fmt::Display,
    ) -> Self {
        let (operation, reason) = (operation.into(), reason.to_string());
        Self::InvalidResponse { operation, reason, from_epicor: true, correlation_id: None }
    }

    /// A status of success, with a web page instead of an answer.
    pub(crate) fn web_page(operation: impl Into<Operation>, reason: String) -> Self {
        let operation = operation.into();
        Self::InvalidResponse { operation, reason, from_epicor: false, correlation_id: None }
    }

    /// A write whose answer leaves open whether it was carried out.
    pub(crate) fn outcome_unknown(self, operation: impl Into<Operation>) -> Self {
        Self::OutcomeUnknown { operation: operation.into(), source: Box::new(self) }
    }
}

/// Lets an unexpected column be reported with the operation it came from.
pub(crate) trait ReadAnswer<T> {
    /// Names the operation whose answer could not be read.
    fn in_answer_to(self, operation: impl Into<Operation>) -> Result<T, Error>;
}

impl<T> ReadAnswer<T> for Result<T, ColumnError> {
    fn in_answer_to(self, operation: impl Into<Operation>) -> Result<T, Error> {
        self.map_err(|error| Error::invalid_response(operation, error))
    }
}

impl<T> ReadAnswer<T> for Result<T, BrokenPaging> {
    fn in_answer_to(self, operation: impl Into<Operation>) -> Result<T, Error> {
        self.map_err(|error| Error::invalid_response(operation, error))
    }
}

/// What to do when no answer came, by what went wrong.
fn unreachable_advice(kind: TransportErrorKind) -> &'static str {
    use TransportErrorKind as Kind;
    match kind {
        Kind::Tls => {
            "no trusted encrypted connection to Epicor can be made; an IT admin must name the CA \
             file its certificate was issued by, or renew the certificate"
        }
        Kind::Resolve => {
            "the host of Epicor's address is not known; an IT admin must check the address and the \
             name server"
        }
        _ => "Epicor cannot be reached; an IT admin must check the address and the network",
    }
}

impl From<InvalidQuery> for Error {
    fn from(error: InvalidQuery) -> Self {
        Self::InvalidParameter { parameter: "the query", reason: error.to_string() }
    }
}
