//! The documented exit codes, and which failure means which.

use std::process::ExitCode;

/// What the process tells its caller. The numbers are a contract; scripts rely on them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// Everything asked for was done.
    Ok,
    /// It failed; the message says what and who.
    Failed,
    /// Something is held and needs a person.
    Held,
    /// Something is open on the clearing account that nobody can explain.
    NotReconciled,
    /// A service asked us to slow down; try again later.
    Throttled,
    /// A key, password or token was not accepted.
    NotAuthorised,
    /// The configuration, rules or calendar must be changed.
    Configuration,
}

impl Exit {
    /// The number.
    #[must_use]
    pub const fn code(self) -> u8 {
        match self {
            Self::Ok => 0,
            Self::Failed => 1,
            Self::Held => 3,
            Self::NotReconciled => 4,
            Self::Throttled => 75,
            Self::NotAuthorised => 77,
            Self::Configuration => 78,
        }
    }

    /// The word for it, as the outcome of a run.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Failed => "failed",
            Self::Held => "held",
            Self::NotReconciled => "not-reconciled",
            Self::Throttled => "throttled",
            Self::NotAuthorised => "not-authorised",
            Self::Configuration => "configuration",
        }
    }

    /// The one with this word.
    #[must_use]
    pub fn named(word: &str) -> Option<Self> {
        let all = [
            Self::Ok,
            Self::Failed,
            Self::Held,
            Self::NotReconciled,
            Self::Throttled,
            Self::NotAuthorised,
            Self::Configuration,
        ];
        all.into_iter().find(|exit| exit.as_str() == word)
    }

    /// The one of two that says more: any failure before "held", "held" before "ok".
    #[must_use]
    pub fn worse(self, other: Self) -> Self {
        match (self, other) {
            (Self::Ok, other) | (other, Self::Ok) => other,
            (Self::Held, other) | (other, Self::Held) => other,
            (first, _) => first,
        }
    }

    /// The exit code of the first known cause in the chain; 1 when none is known.
    #[must_use]
    pub fn of(error: &anyhow::Error) -> Self {
        error.chain().find_map(known).unwrap_or(Self::Failed)
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}

fn known(cause: &(dyn std::error::Error + 'static)) -> Option<Exit> {
    if cause.is::<crate::config::ConfigError>() || cause.is::<crate::config::SecretUnavailable>() {
        return Some(Exit::Configuration);
    }
    if cause.is::<vault::Error>() || cause.is::<crate::rules_version::NotSound>() {
        return Some(Exit::Configuration);
    }
    if cause.is::<crate::reconcile::sign::NotToSign>() {
        return Some(Exit::NotReconciled);
    }
    if cause.is::<crate::lane::Taken>() {
        return Some(Exit::Throttled);
    }
    if cause.is::<crate::pipeline::Obstructed>() || cause.is::<crate::pipeline::AccrualRefused>() {
        return Some(Exit::Held);
    }
    if let Some(error) = cause.downcast_ref::<sp_api_client::Error>() {
        return Some(of_amazon(error));
    }
    if let Some(error) = cause.downcast_ref::<epicor_odata_client::Error>() {
        return Some(of_epicor(error));
    }
    if let Some(unreadable) = cause.downcast_ref::<settlement_model::Unreadable>() {
        let io = unreadable.defects.iter().all(|d| d.reason == settlement_model::Reason::Io);
        return Some(if io { Exit::Failed } else { Exit::Held });
    }
    None
}

fn of_amazon(error: &sp_api_client::Error) -> Exit {
    use sp_api_client::ErrorKind as Kind;
    match error.kind() {
        Kind::Login if error.retryable() => Exit::Failed,
        Kind::Login | Kind::Unauthorized | Kind::Forbidden => Exit::NotAuthorised,
        Kind::Throttled => Exit::Throttled,
        Kind::Insecure => Exit::Configuration,
        _ => Exit::Failed,
    }
}

fn of_epicor(error: &epicor_odata_client::Error) -> Exit {
    use epicor_odata_client::Error as E;
    match error {
        E::Unauthorized { .. } | E::Forbidden { .. } => Exit::NotAuthorised,
        E::SeatsExhausted { .. } | E::Throttled { .. } => Exit::Throttled,
        E::Insecure { .. } | E::InvalidParameter { .. } => Exit::Configuration,
        _ => Exit::Failed,
    }
}
