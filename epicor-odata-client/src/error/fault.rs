//! Which part of a connection is at fault.

use std::fmt;

use wire::TransportErrorKind;

use super::{Credential, Error};

/// The part of the connection that failed, as a person who sets it up thinks of it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ConnectionFault {
    /// Nobody answers at this address.
    Unreachable,
    /// Somebody answers, but no trusted encrypted connection can be made.
    Tls,
    /// What answers is not Epicor's REST interface: a wrong instance, a proxy, a sign-in page.
    Address,
    /// The API key.
    ApiKey,
    /// The user, or the client at the identity provider.
    Identity,
    /// The API key or the user; Epicor does not say which.
    ApiKeyOrIdentity,
    /// The company.
    Company(String),
    /// The API key's access scope, or the user's rights, do not include this service.
    AccessScope(String),
}

impl Error {
    /// Which part of the connection is at fault; `None` when the connection is not what failed.
    #[must_use]
    pub fn connection_fault(&self) -> Option<ConnectionFault> {
        use ConnectionFault as Fault;
        Some(match self {
            Self::Unreachable(error) if error.kind() == TransportErrorKind::Tls => Fault::Tls,
            Self::Unreachable(_) => Fault::Unreachable,
            Self::Unauthorized { refused, .. } => match refused {
                Credential::ApiKey => Fault::ApiKey,
                Credential::Identity | Credential::ClientSecret => Fault::Identity,
                Credential::Either => Fault::ApiKeyOrIdentity,
            },
            Self::NoToken { .. } => Fault::Identity,
            Self::Forbidden { answer } => Fault::AccessScope(answer.operation.service().to_owned()),
            Self::UnknownCompany { answer, .. } if !answer.from_epicor => Fault::Address,
            Self::UnknownCompany { company, .. } => Fault::Company(company.clone()),
            Self::InvalidResponse { from_epicor: false, .. } | Self::Insecure(_) => Fault::Address,
            Self::OutcomeUnknown { source, .. } => return source.connection_fault(),
            _ => return None,
        })
    }
}

impl fmt::Display for ConnectionFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreachable => f.write_str("the address: nobody answers"),
            Self::Tls => f.write_str("the encryption: the certificate is not trusted"),
            Self::Address => f.write_str("the address: what answers is not Epicor"),
            Self::ApiKey => f.write_str("the API key"),
            Self::Identity => f.write_str("the user"),
            Self::ApiKeyOrIdentity => f.write_str("the API key or the user"),
            Self::Company(company) => write!(f, "the company {company}"),
            Self::AccessScope(service) => {
                write!(f, "the API key's access scope or the user's rights for {service}")
            }
        }
    }
}
