//! The console: the pages that `serve` shows to people.

use schemars::JsonSchema;
use serde::Deserialize;

/// `[console]`: the pages for people, where the process listens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Console {
    /// Whether there are pages; health checks and metrics are answered in any case. A change needs a
    /// restart.
    pub enabled: bool,
    /// Whether who prepared a settlement may not approve it too. Each approval that would have been
    /// refused says in the audit log that it was not.
    pub four_eyes: bool,
    /// Minutes without a click after which somebody has to sign in again.
    pub idle_minutes: u16,
    /// Hours after which somebody has to sign in again in any case.
    pub session_hours: u16,
}

impl Default for Console {
    fn default() -> Self {
        Self { enabled: true, four_eyes: true, idle_minutes: 30, session_hours: 12 }
    }
}

impl Console {
    /// What is wrong with it: a session that ends before it begins.
    pub(super) fn fault(&self) -> Option<&'static str> {
        (self.idle_minutes == 0 || self.session_hours == 0)
            .then_some("[console] idle_minutes and session_hours are at least 1")
    }
}
