//! What the console of one process remembers between two requests.

use std::sync::{Mutex, PoisonError};

use serde_json::json;
use store::{NewEvent, Store};

use super::sign_in::Attempts;
use crate::pipeline::Actor;
use crate::serve::Server;

/// The desk at the door.
#[derive(Debug, Default)]
pub struct Desk {
    /// The failed attempts to sign in.
    pub(super) attempts: Attempts,
    /// What the audit log was told last of `[console] four_eyes`, by this process.
    four_eyes: Mutex<Option<bool>>,
}

impl Desk {
    /// Tells the audit log that preparer and approver may be one person, or no more: when the
    /// process starts so, and when the configuration changes.
    ///
    /// # Errors
    /// The store's errors.
    pub async fn tell(server: &Server, store: &Store) -> anyhow::Result<()> {
        let settings = server.in_force.get().config.console;
        let told = server.desk.four_eyes.lock().unwrap_or_else(PoisonError::into_inner).take();
        if settings.enabled && settings.four_eyes != told.unwrap_or(true) {
            let now = settings.four_eyes;
            tracing::warn!("[console] four_eyes = {now}");
            let event = NewEvent {
                at: server.clock().now(),
                actor: Actor::Connector.label(),
                connection: store::CONSOLE.to_owned(),
                record: "configuration".to_owned(),
                subject: "configuration".to_owned(),
                action: if now { "four eyes asked for" } else { "four eyes relaxed" }.to_owned(),
                from: None,
                to: None,
                detail: json!({ "four_eyes": now }),
            };
            store.append(&event).await?;
        }
        *server.desk.four_eyes.lock().unwrap_or_else(PoisonError::into_inner) =
            Some(settings.four_eyes);
        Ok(())
    }
}
