//! Where the process listens: in the clear on this machine or behind a proxy, or over TLS.

use std::net::SocketAddr;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use anyhow::Context as _;
use axum::Router;
use axum::serve::{Listener, ListenerExt as _};
use secrecy::ExposeSecret as _;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, mpsc};
use tokio::task::{AbortHandle, JoinSet};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::aws_lc_rs;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::server::TlsStream;

use super::Stop;
use crate::config::{Config, ConfigError, SecretSource, Tls};

/// How long the other side may take to agree on a key.
const HANDSHAKE: Duration = Duration::from_secs(10);

/// How many may be agreeing on a key at the same time.
const HANDSHAKES_MAX: usize = 128;

/// How long to wait when the system has no room for another connection.
const REST: Duration = Duration::from_secs(1);

/// Why the console cannot be shown at this address.
pub(super) fn fault(config: &Config, address: SocketAddr) -> Option<String> {
    let safe = address.ip().is_loopback() || config.serve.is_encrypted();
    (config.console.enabled && !safe).then(|| {
        format!(
            "serve: {address} can be reached from other machines, and passwords would go there \
             unencrypted. Name certificate and key under [serve.tls]; or write behind_proxy = true \
             under [serve] when a proxy before it speaks TLS; or listen on 127.0.0.1; or leave the \
             pages out with enabled = false under [console]"
        )
    })
}

/// The certificate in use. A renewed one is taken up when the configuration is read again.
#[derive(Debug)]
pub(super) struct Certificate {
    acceptor: RwLock<Acceptor>,
}

struct Acceptor(TlsAcceptor);

impl std::fmt::Debug for Acceptor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Acceptor")
    }
}

impl Certificate {
    /// Reads the files that the configuration names, if any.
    ///
    /// # Errors
    /// [`ConfigError`] when a file cannot be read, or holds something else.
    pub(super) fn load(config: &Config) -> anyhow::Result<Option<Arc<Self>>> {
        let Some(tls) = &config.serve.tls else { return Ok(None) };
        let acceptor = RwLock::new(Acceptor(acceptor(config, tls)?));
        Ok(Some(Arc::new(Self { acceptor })))
    }

    /// Reads the files again. If they cannot be used the former ones stay in use.
    pub(super) fn renew(&self, config: &Config) {
        let Some(tls) = &config.serve.tls else { return };
        match acceptor(config, tls) {
            Ok(new) => {
                *self.acceptor.write().unwrap_or_else(PoisonError::into_inner) = Acceptor(new);
            }
            Err(error) => tracing::error!("the former certificate stays in use: {error:#}"),
        }
    }

    fn acceptor(&self) -> TlsAcceptor {
        self.acceptor.read().unwrap_or_else(PoisonError::into_inner).0.clone()
    }
}

fn acceptor(config: &Config, tls: &Tls) -> anyhow::Result<TlsAcceptor> {
    let path = config.folder.join(&tls.certificate);
    let refuse = |message: String| ConfigError::Refused {
        path: path.clone(),
        connection: String::new(),
        message,
    };
    let unreadable = |what: &dyn std::fmt::Display| {
        refuse(format!("[serve.tls] certificate is no PEM file of certificates ({what})"))
    };
    let chain: Vec<_> = CertificateDer::pem_file_iter(&path)
        .and_then(Iterator::collect)
        .map_err(|error| unreadable(&error))?;
    if chain.is_empty() {
        return Err(unreadable(&"it holds none").into());
    }
    let key = SecretSource::File(tls.key.clone()).read("serve.tls.key", &config.folder)?;
    let key = PrivateKeyDer::from_pem_slice(key.expose_secret().as_bytes())
        .map_err(|_| refuse("[serve.tls] key is no PEM file of a private key".to_owned()))?;
    let mut server = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .context("choosing the versions of TLS")?
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .map_err(|error| refuse(format!("[serve.tls] certificate and key do not fit: {error}")))?;
    server.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(TlsAcceptor::from(Arc::new(server)))
}

/// Answers at this address until the end. Returns the address that was taken.
///
/// # Errors
/// When the address cannot be had.
pub(super) async fn open(
    (address, certificate): (SocketAddr, Option<Arc<Certificate>>),
    app: Router,
    stop: &Stop,
    web: &mut JoinSet<std::io::Result<()>>,
) -> anyhow::Result<SocketAddr> {
    let listener = TcpListener::bind(address).await.with_context(|| {
        format!("listening on {address}; name another address with [serve] listen")
    })?;
    let bound = listener.local_addr()?;
    let app = app.into_make_service_with_connect_info::<SocketAddr>();
    let stop = stop.clone();
    let stopping = async move { stop.wait_to_leave().await };
    match certificate {
        None => {
            let served = axum::serve(listener, app).with_graceful_shutdown(stopping);
            web.spawn(async move { served.await });
        }
        Some(certificate) => {
            let listener = TlsListener::over(listener, certificate)?.tap_io(|_| {});
            let served = axum::serve(listener, app).with_graceful_shutdown(stopping);
            web.spawn(async move { served.await });
        }
    }
    Ok(bound)
}

type Accepted = (TlsStream<TcpStream>, SocketAddr);

/// Whoever is slow to agree on a key keeps nobody else waiting.
struct TlsListener {
    accepted: mpsc::Receiver<Accepted>,
    bound: SocketAddr,
    accepting: AbortHandle,
}

impl TlsListener {
    fn over(listener: TcpListener, certificate: Arc<Certificate>) -> std::io::Result<Self> {
        let bound = listener.local_addr()?;
        let (sender, accepted) = mpsc::channel(1);
        let accepting = tokio::spawn(accept(listener, certificate, sender)).abort_handle();
        Ok(Self { accepted, bound, accepting })
    }
}

impl Drop for TlsListener {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

async fn accept(
    listener: TcpListener,
    certificate: Arc<Certificate>,
    accepted: mpsc::Sender<Accepted>,
) {
    let room = Arc::new(Semaphore::new(HANDSHAKES_MAX));
    // It ends with the listener, which ends with the process.
    while let Ok(place) = Arc::clone(&room).acquire_owned().await {
        let (stream, peer) = match listener.accept().await {
            Ok(came) => came,
            Err(error) => {
                tracing::debug!("a connection was not accepted: {error}");
                tokio::time::sleep(REST).await;
                continue;
            }
        };
        let (handshake, accepted) = (certificate.acceptor().accept(stream), accepted.clone());
        tokio::spawn(async move {
            let _place = place;
            if let Ok(Ok(stream)) = tokio::time::timeout(HANDSHAKE, handshake).await {
                // Nobody takes it when the process ends.
                let _taken = accepted.send((stream, peer)).await;
            }
        });
    }
}

impl Listener for TlsListener {
    type Io = TlsStream<TcpStream>;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> Accepted {
        match self.accepted.recv().await {
            Some(accepted) => accepted,
            None => std::future::pending().await,
        }
    }

    fn local_addr(&self) -> std::io::Result<SocketAddr> {
        Ok(self.bound)
    }
}
