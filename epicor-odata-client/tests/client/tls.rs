//! Encryption: a certificate authority of one's own, and what is not trusted.

use std::sync::Arc;

use crate::support::builder;
use epicor_odata_client::{Client, ConnectionFault, Error};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use tokio_rustls::rustls::{ServerConfig, version};
use wire::TransportErrorKind;

/// A certificate authority made for one test.
struct Authority(CertifiedIssuer<'static, KeyPair>);

impl Authority {
    fn new() -> Self {
        let mut params = CertificateParams::new([]).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        Self(CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap())
    }

    fn pem(&self) -> String {
        self.0.pem()
    }

    /// A server's certificate for this name, past its end or not.
    fn server(&self, name: &str, expired: bool) -> ServerConfig {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new([name.to_owned()]).unwrap();
        if expired {
            params.not_before = rcgen::date_time_ymd(2020, 1, 1);
            params.not_after = rcgen::date_time_ymd(2021, 1, 1);
        }
        let certificate = params.signed_by(&key, &self.0).unwrap();
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
        ServerConfig::builder_with_protocol_versions(&[&version::TLS12, &version::TLS13])
            .with_no_client_auth()
            .with_single_cert(vec![certificate.der().clone()], key)
            .unwrap()
    }
}

/// An Epicor behind TLS that answers the ping. Its address.
async fn serve(config: ServerConfig) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("https://localhost:{}", listener.local_addr().unwrap().port());
    let acceptor = TlsAcceptor::from(Arc::new(config));
    tokio::spawn(async move {
        while let Ok((socket, _)) = listener.accept().await {
            let Ok(mut stream) = acceptor.accept(socket).await else { continue };
            let mut head = Vec::new();
            while !head.ends_with(b"\r\n\r\n") {
                match stream.read_u8().await {
                    Ok(byte) => head.push(byte),
                    Err(_) => break,
                }
            }
            let body = r#"{"@odata.count":1,"value":[{"Company1":"EPIC06","Name":"Acme"}]}"#;
            let length = body.len();
            let answer = format!(
                "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\
                 Content-Length: {length}\r\nConnection: close\r\n\r\n{body}"
            );
            let _ = stream.write_all(answer.as_bytes()).await;
            let _ = stream.shutdown().await;
        }
    });
    address
}

fn trusting(address: &str, authority: Option<&Authority>) -> Client {
    let mut builder = builder(address);
    if let Some(authority) = authority {
        builder = builder.ca_pem(authority.pem());
    }
    builder.build().unwrap()
}

#[tokio::test]
async fn an_authority_of_ones_own_is_trusted_when_it_is_named() {
    let authority = Authority::new();
    let address = serve(authority.server("localhost", false)).await;
    let ping = trusting(&address, Some(&authority)).ping().await.unwrap();
    assert_eq!(ping.company_name, "Acme");

    let file = std::env::temp_dir().join(format!("ca-{}.pem", std::process::id()));
    std::fs::write(&file, authority.pem()).unwrap();
    let client = builder(&address).ca_file(&file).unwrap().build().unwrap();
    assert!(client.ping().await.is_ok());
    std::fs::remove_file(&file).unwrap();
    let missing = builder(&address).ca_file(&file);
    assert!(matches!(missing, Err(Error::InvalidParameter { parameter: "the CA file", .. })));
    let no_pem = builder(&address).ca_pem("-----BEGIN CERTIFICATE-----\n%\n").build();
    assert!(matches!(no_pem, Err(Error::Unreachable(_))));
}

#[tokio::test]
async fn the_ping_says_that_the_encryption_is_at_fault() {
    let (authority, other) = (Authority::new(), Authority::new());
    let good = serve(authority.server("localhost", false)).await;
    let expired = serve(authority.server("localhost", true)).await;
    let elsewhere = serve(authority.server("erp.example.com", false)).await;
    let plain = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let no_tls = format!("https://localhost:{}", plain.local_addr().unwrap().port());
    tokio::spawn(async move {
        while let Ok((mut socket, _)) = plain.accept().await {
            let _ = socket.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await;
        }
    });
    for (address, trusted) in [
        (&good, None),
        (&good, Some(&other)),
        (&expired, Some(&authority)),
        (&elsewhere, Some(&authority)),
        (&no_tls, Some(&authority)),
    ] {
        let error = trusting(address, trusted).ping().await.unwrap_err();
        assert_eq!(error.connection_fault(), Some(ConnectionFault::Tls), "{error:?}");
        assert!(error.is_definite_no() && error.to_string().contains("CA"), "{error}");
    }
}

#[tokio::test]
async fn nothing_older_than_tls_1_2_is_offered() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("https://localhost:{}", listener.local_addr().unwrap().port());
    let hello = tokio::spawn(async move {
        let (mut socket, _) = listener.accept().await.unwrap();
        let mut hello = vec![0; 4096];
        let length = socket.read(&mut hello).await.unwrap();
        hello.truncate(length);
        hello
    });
    let error = trusting(&address, None).ping().await.unwrap_err();
    let Error::Unreachable(cause) = &error else { panic!("{error:?}") };
    assert_ne!(cause.kind(), TransportErrorKind::Timeout);
    let hello = hello.await.unwrap();
    // The extension `supported_versions`: its number, its length, and TLS 1.3 and 1.2 in a list.
    let offered = [0, 0x2b, 0, 5, 4, 3, 4, 3, 3];
    assert!(hello.windows(offered.len()).any(|bytes| bytes == offered), "{hello:?}");
}
