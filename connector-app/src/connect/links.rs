//! What the clients of all connections share: sockets, and Amazon's rates.
//!
//! A client is made when its connection has something to do, and is dropped after. The sockets under
//! it outlive it: setting up TLS is dear, and a thousand connections need it once.

use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use wire::{
    Clock, Gates, Request, ReqwestTransport, Response, Transport, TransportError, TransportOptions,
};

use crate::config::ConfigError;

/// Told about every request and every wait, for metrics.
pub trait Traffic: Send + Sync + fmt::Debug {
    /// A request was answered with this status, or not at all.
    fn answered(&self, operation: &'static str, status: Option<u16>);

    /// A request waits for its turn.
    fn waits(&self, operation: &'static str, wait: Duration);
}

/// Shared by the clients of a process.
#[derive(Debug)]
pub struct Links {
    /// One for each file of certificate authorities; `None` for the system's alone.
    transports: Mutex<BTreeMap<Option<PathBuf>, Arc<dyn Transport>>>,
    rates: Arc<Gates>,
    traffic: Option<Arc<dyn Traffic>>,
}

impl Links {
    /// Nothing is opened before it is needed.
    #[must_use]
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        let rates = Arc::new(Gates::new(clock));
        Self { transports: Mutex::default(), rates, traffic: None }
    }

    /// These links, with somebody who is told what goes over them.
    #[must_use]
    pub fn observed(self, traffic: Arc<dyn Traffic>) -> Self {
        Self { traffic: Some(traffic), ..self }
    }

    /// These links over sockets that are there already, for servers that the system's authorities
    /// vouch for.
    #[must_use]
    pub fn over(self, transport: Arc<dyn Transport>) -> Self {
        let transports = Mutex::new(BTreeMap::from([(None, transport)]));
        Self { transports, ..self }
    }

    /// Amazon's rates: one bucket for each selling account, application and operation.
    #[must_use]
    pub fn rates(&self) -> Arc<Gates> {
        Arc::clone(&self.rates)
    }

    /// Tells that a request waits for its turn.
    pub(super) fn traffic(&self) -> Option<Arc<dyn Traffic>> {
        self.traffic.clone()
    }

    /// The sockets for servers whose certificates these authorities sign.
    ///
    /// # Errors
    /// When the file cannot be read, or holds no certificates.
    pub fn transport(&self, ca_file: Option<PathBuf>) -> anyhow::Result<Arc<dyn Transport>> {
        let mut transports = self.transports.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(transport) = transports.get(&ca_file) {
            return Ok(Arc::clone(transport));
        }
        let mut options = TransportOptions::default();
        if let Some(path) = &ca_file {
            let pem = std::fs::read(path)
                .map_err(|source| ConfigError::Unreadable { path: path.clone(), source })?;
            options.extra_root_ca_pem = Some(pem);
        }
        let inner: Arc<dyn Transport> = Arc::new(ReqwestTransport::new(&options)?);
        let transport: Arc<dyn Transport> = match &self.traffic {
            Some(traffic) => Arc::new(Observed { inner, traffic: Arc::clone(traffic) }),
            None => inner,
        };
        transports.insert(ca_file, Arc::clone(&transport));
        Ok(transport)
    }

    /// Forgets the sockets, so that files of certificate authorities are read again.
    pub fn renew(&self) {
        self.transports.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}

/// A transport whose answers are counted.
#[derive(Debug)]
struct Observed {
    inner: Arc<dyn Transport>,
    traffic: Arc<dyn Traffic>,
}

#[async_trait]
impl Transport for Observed {
    async fn send(&self, request: Request) -> Result<Response, TransportError> {
        let operation = request.operation;
        let answer = self.inner.send(request).await;
        let status = answer.as_ref().ok().map(|answer| answer.status().as_u16());
        self.traffic.answered(operation, status);
        answer
    }
}
