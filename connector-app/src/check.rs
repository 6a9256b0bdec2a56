//! Whether everything is ready: the configuration, the rules, and both systems. Nothing is written.
//!
//! Each part gives [`Finding`]s; one that fails never keeps the others from being looked at.

pub mod account;
pub mod amazon;
pub mod audit;
pub mod clock;
pub mod epicor;
pub mod retirements;

use std::fmt;

use serde::Serialize;

use crate::exit::Exit;

/// What was looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// The configuration file and the secrets it names.
    Configuration,
    /// The mapping rules and the calendar.
    Rules,
    /// The selling account.
    Amazon,
    /// The company.
    Epicor,
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Configuration => "configuration",
            Self::Rules => "rules",
            Self::Amazon => "Amazon",
            Self::Epicor => "Epicor",
        })
    }
}

/// Who must act.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Who {
    /// Whoever runs the connector.
    ItAdmin,
    /// Whoever owns the mapping rules.
    FinanceClerk,
    /// Whoever opens and closes periods.
    Controller,
    /// Whoever keeps Epicor's users, keys and set-up.
    EpicorAdmin,
    /// Whoever may authorise applications in Seller Central.
    SellerCentral,
}

impl fmt::Display for Who {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::ItAdmin => "IT admin",
            Self::FinanceClerk => "finance clerk",
            Self::Controller => "controller",
            Self::EpicorAdmin => "Epicor admin",
            Self::SellerCentral => "Seller Central admin",
        })
    }
}

/// How it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// As it must be.
    Ok,
    /// It works today; somebody should act.
    Warning(Who),
    /// It does not work, and this is what the command exits with.
    Failed(Who, Exit),
}

/// One thing that was looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Where it belongs.
    pub part: Part,
    /// What was looked at; a stable word for programs, such as `login` or `period`.
    pub what: &'static str,
    /// How it stands.
    pub verdict: Verdict,
    /// What was seen, and what to do when somebody must act.
    pub message: String,
}

impl Finding {
    /// It is as it must be.
    pub fn ok(part: Part, what: &'static str, message: impl Into<String>) -> Self {
        Self { part, what, verdict: Verdict::Ok, message: message.into() }
    }

    /// It works today.
    pub fn warning(part: Part, what: &'static str, who: Who, message: impl Into<String>) -> Self {
        Self { part, what, verdict: Verdict::Warning(who), message: message.into() }
    }

    /// It does not work.
    pub fn failed(
        part: Part,
        what: &'static str,
        (who, exit): (Who, Exit),
        message: impl Into<String>,
    ) -> Self {
        Self { part, what, verdict: Verdict::Failed(who, exit), message: message.into() }
    }

    /// `ok`, `warning` or `failed`.
    #[must_use]
    pub const fn state(&self) -> &'static str {
        match self.verdict {
            Verdict::Ok => "ok",
            Verdict::Warning(_) => "warning",
            Verdict::Failed(..) => "failed",
        }
    }

    /// Who must act, when somebody must.
    #[must_use]
    pub const fn who(&self) -> Option<Who> {
        match self.verdict {
            Verdict::Ok => None,
            Verdict::Warning(who) | Verdict::Failed(who, _) => Some(who),
        }
    }
}

/// What all findings together exit with: a refused login before a wrong setting, that before any
/// other failure. Warnings alone are no failure.
#[must_use]
pub fn exit_of<'f>(findings: impl IntoIterator<Item = &'f Finding>) -> Exit {
    let rank = |exit: &Exit| match exit {
        Exit::NotAuthorised => 3,
        Exit::Configuration => 2,
        _ => 1,
    };
    let failed = findings.into_iter().filter_map(|finding| match finding.verdict {
        Verdict::Failed(_, exit) => Some(exit),
        Verdict::Ok | Verdict::Warning(_) => None,
    });
    failed.max_by_key(rank).unwrap_or(Exit::Ok)
}

/// An error with its causes, on one line.
fn chain(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(error.source(), |cause| cause.source());
    causes.fold(error.to_string(), |text, cause| format!("{text}: {cause}"))
}

#[cfg(test)]
mod tests;
