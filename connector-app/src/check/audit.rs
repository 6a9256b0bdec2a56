//! What proves that nobody changed the audit log.

use store::Store;

use super::{Finding, Part, Who};
use crate::checkpoint::{AuditSigner, NotNamed};
use crate::config::Config;
use crate::exit::Exit;

const WHAT: &str = "audit";

/// Whether who writes the database could sign a log that was written anew.
///
/// # Errors
/// When the signing key cannot be read.
pub async fn finding(config: &Config, store: Option<&Store>) -> anyhow::Result<Finding> {
    let ok = |message: String| Ok(Finding::ok(Part::Configuration, WHAT, message));
    let warning =
        |message: String| Ok(Finding::warning(Part::Configuration, WHAT, Who::ItAdmin, message));
    let Some(store) = store else {
        return ok("the audit log begins with the first run".to_owned());
    };
    let Some(own) = AuditSigner::existing(config, store).await? else {
        return warning(
            "no key is there that signs the audit log: it was removed, or no run was made here yet. \
             The next run makes one: compare the log with the last export before"
                .to_owned(),
        );
    };
    let own = own.public();
    if let Some(not_named) = NotNamed::of(&own, config) {
        let act = (Who::ItAdmin, Exit::Failed);
        return Ok(Finding::failed(Part::Configuration, WHAT, act, not_named.to_string()));
    }
    let signed = format!("the audit log is signed by key {}", own.id());
    match (config.audit.trusted_keys.is_empty(), AuditSigner::is_outside(config)) {
        (false, _) => ok(format!("{signed}, which [audit] trusted_keys names")),
        (true, true) => ok(format!(
            "{signed}, which is kept beside the configuration: who can write the database and not \
             that folder cannot sign"
        )),
        (true, false) => warning(format!(
            "{signed}, which the store itself keeps: `audit verify` finds an event that was changed, and \
             cannot tell when who can write the database wrote the whole log anew and signed it by \
             another key. Write what `ml-connector audit key` prints into [audit] trusted_keys"
        )),
    }
}
