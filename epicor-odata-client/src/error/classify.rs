//! From an error answer to its meaning.
//!
//! Epicor's status alone does not tell: exhausted licence seats come as 400, a missing record as
//! 404 or 500, a wrong API key as 401 or 403. So the texts are asked first.

use std::time::Duration;

use http::StatusCode;

use super::envelope::Envelope;
use super::{Answer, Credential, Error};
use crate::Operation;

/// What an answer with an error status means. Pure: the same answer always means the same.
pub(crate) fn classify(
    operation: &Operation,
    status: StatusCode,
    retry_after: Option<Duration>,
    envelope: Envelope,
) -> Error {
    let message = envelope.message.to_lowercase();
    let says = |word: &str| message.contains(word);
    let is_type = |suffix: &str| envelope.error_type.ends_with(suffix);
    let seats = is_type("LicenseAccessException") || says("licenseaccessexception");
    let seats = seats || (says("maximum users exceeded") && says("license"));
    let duplicate = is_type("DuplicateRecordException") || status == StatusCode::CONFLICT;
    let duplicate = duplicate || (status == StatusCode::BAD_REQUEST && says("duplicate"));
    let missing = is_type("RecordNotFoundException");
    let stale = status == StatusCode::PRECONDITION_FAILED
        || says("modified by another user")
        || says("changed by another user");
    let wrong_key = says("invalid api key") || says("invalid api-key");
    let refused = if says("api key") || says("api-key") {
        Credential::ApiKey
    } else if ["password", "login", "user", "token", "bearer"].into_iter().any(says) {
        Credential::Identity
    } else {
        Credential::Either
    };

    let Envelope { message, details, correlation_id, from_epicor, .. } = envelope;
    let (operation, status) = (operation.clone(), status.as_u16());
    let answer = Answer { operation, status, message, from_epicor, correlation_id };
    match status {
        _ if wrong_key => Error::Unauthorized { refused: Credential::ApiKey, answer },
        _ if seats => Error::SeatsExhausted { answer },
        _ if missing => Error::NotFound { record: true, answer },
        _ if stale => Error::Stale { answer },
        _ if duplicate => Error::Duplicate { answer },
        401 => Error::Unauthorized { refused, answer },
        403 => Error::Forbidden { answer },
        404 => Error::NotFound { record: false, answer },
        410 => Error::SessionEnded { answer },
        429 => Error::Throttled { retry_after, answer },
        // A proxy answers 408 when Epicor took too long: no business rule spoke.
        408 | 500..=599 => Error::Server { answer },
        400..=499 => Error::BusinessRule {
            operation: answer.operation,
            message: answer.message,
            details,
            correlation_id: answer.correlation_id,
        },
        other => Error::InvalidResponse {
            operation: answer.operation,
            reason: format!("HTTP status {other} was not expected"),
            from_epicor: answer.from_epicor,
            correlation_id: answer.correlation_id,
        },
    }
}

/// Whether a write with this answer may have been carried out all the same. A clean 4xx says
/// that nothing was written; anything else leaves it open.
pub(crate) fn leaves_open(status: StatusCode) -> bool {
    !status.is_client_error() || status == StatusCode::REQUEST_TIMEOUT
}
