//! The store of a process that serves.

use std::sync::Arc;

use store::{Store, WeakStore};
use tokio::sync::Mutex;

use crate::config::Config;
use crate::connect;

/// Opens the store when it is needed.
///
/// A data folder is open for writing only while something runs: between the runs `approve`, `hold`,
/// `sync` and every other command do their work as if nothing was serving. A database server is
/// connected to once.
#[derive(Debug)]
pub struct Keeper {
    config: Arc<Config>,
    server: Mutex<Option<Store>>,
    folder: Mutex<WeakStore>,
}

impl Keeper {
    /// Over the store that this configuration names; nothing is opened yet.
    #[must_use]
    pub fn new(config: Arc<Config>) -> Self {
        Self { config, server: Mutex::default(), folder: Mutex::default() }
    }

    /// Whether other processes share the store.
    #[must_use]
    pub fn is_shared(&self) -> bool {
        self.config.postgres.is_some()
    }

    /// The store, for reading.
    ///
    /// # Errors
    /// Those of [`connect::store_to_read`].
    pub async fn read(&self) -> anyhow::Result<Store> {
        if self.is_shared() {
            return self.server().await;
        }
        match self.folder.lock().await.upgrade() {
            Some(store) => Ok(store),
            None => connect::store_to_read(&self.config).await,
        }
    }

    /// The store, for writing. A data folder is free again when the last handle is dropped.
    ///
    /// # Errors
    /// Those of [`connect::store()`]; [`store::Error::InUse`] while a command is at work.
    pub async fn write(&self) -> anyhow::Result<Store> {
        if self.is_shared() {
            return self.server().await;
        }
        let mut folder = self.folder.lock().await;
        if let Some(store) = folder.upgrade() {
            return Ok(store);
        }
        let store = connect::store(&self.config).await?;
        *folder = store.downgrade();
        Ok(store)
    }

    async fn server(&self) -> anyhow::Result<Store> {
        let mut server = self.server.lock().await;
        if let Some(store) = &*server {
            return Ok(store.clone());
        }
        let store = connect::store(&self.config).await?;
        *server = Some(store.clone());
        Ok(store)
    }
}

/// Whether the store may be had with nobody doing anything: a command is at work in the data folder,
/// or the database server does not answer.
#[must_use]
pub(super) fn may_pass(error: &anyhow::Error) -> bool {
    matches!(
        error.downcast_ref(),
        Some(
            store::Error::InUse { .. }
                | store::Error::Unreachable { .. }
                | store::Error::CommitUnknown { .. }
        )
    )
}
