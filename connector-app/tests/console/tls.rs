//! Where passwords travel: on this machine, over TLS, or behind a proxy; and nowhere else.

use std::path::Path;

use connector_app::stage::Setting;
use rcgen::{CertifiedKey, generate_simple_self_signed};
use reqwest::Certificate;

use crate::house::{House, password};
use crate::visitor::Visitor;

const TLS: &str = "[serve.tls]\ncertificate = \"server.pem\"\nkey = \"server.key\"\n";

/// Writes a new certificate for this machine; it is its own authority.
fn certify(folder: &Path) -> Certificate {
    let CertifiedKey { cert, signing_key } =
        generate_simple_self_signed(["localhost".to_owned()]).expect("a certificate");
    std::fs::write(folder.join("server.pem"), cert.pem()).expect("written");
    let key = folder.join("server.key");
    std::fs::write(&key, signing_key.serialize_pem()).expect("written");
    only_for_its_owner(&key);
    Certificate::from_pem(cert.pem().as_bytes()).expect("a certificate")
}

#[cfg(unix)]
fn only_for_its_owner(path: &Path) {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600)).expect("mode");
}

#[cfg(not(unix))]
fn only_for_its_owner(_: &Path) {}

async fn trusts(certificate: &Certificate, port: &str) -> bool {
    let client = reqwest::Client::builder()
        .tls_certs_only([certificate.clone()])
        .no_proxy()
        .build()
        .expect("a client");
    client.get(format!("https://localhost:{port}/live")).send().await.is_ok()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_speaks_tls_and_takes_up_a_renewed_certificate() {
    let mut house = House::built(Setting::new(Vec::new())).await;
    house.configure(TLS);
    let first = certify(house.stage.folder());
    house.user("anna", "viewer").await;
    // Other machines may reach it now.
    house.serve_at("0.0.0.0:0").await;
    let port = house.address().rsplit(':').next().expect("a port").to_owned();
    assert!(trusts(&first, &port).await);

    let mut anna = Visitor::at(format!("https://localhost:{port}"));
    let answer = anna.sign_in("anna", &password("anna")).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    let cookie = answer.header("set-cookie");
    assert!(cookie.starts_with("__Host-ml-connector="), "{cookie}");
    for word in ["Secure", "HttpOnly", "SameSite=Strict", "Path=/"] {
        assert!(cookie.contains(word), "{word}: {cookie}");
    }
    let home = anna.get("/").await;
    assert_eq!(home.status, 200);
    assert!(home.header("strict-transport-security").contains("max-age"));

    // Somebody who says nothing keeps nobody waiting.
    let silent = tokio::net::TcpStream::connect(("127.0.0.1", port.parse().expect("a number")));
    let silent = silent.await.expect("it listens");
    let second = certify(house.stage.folder());
    assert!(!trusts(&second, &port).await, "not before it is told");
    house.signal("HUP");
    let mut looks = 0;
    while !trusts(&second, &port).await {
        looks += 1;
        assert!(looks < 200, "it never took up the new certificate");
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    drop(silent);

    std::fs::write(house.stage.folder().join("server.pem"), "no certificate").expect("written");
    house.signal("HUP");
    tokio::time::sleep(std::time::Duration::from_millis(300)).await;
    assert!(trusts(&second, &port).await, "one that cannot be used changes nothing");
    assert_eq!(anna.get("/").await.status, 200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn passwords_never_travel_in_the_clear() {
    let serve = ["serve", "--listen", "0.0.0.0:0"];
    let house = House::built(Setting::new(Vec::new())).await;
    let said = house.run(&serve).await;
    assert_eq!(said.code, 78, "{}", said.err);
    for words in ["0.0.0.0", "[serve.tls]", "behind_proxy", "[console]"] {
        assert!(said.err.contains(words), "{words}: {}", said.err);
    }

    // Files that cannot be used are told before anything is served.
    let house = House::built(Setting::new(Vec::new())).await;
    house.configure(TLS);
    assert_eq!(house.run(&serve).await.code, 78, "there are none");
    certify(house.stage.folder());
    std::fs::write(house.stage.folder().join("server.pem"), "no certificate").expect("written");
    let said = house.run(&serve).await;
    assert_eq!(said.code, 78);
    assert!(said.err.contains("server.pem") && said.err.contains("PEM"), "{}", said.err);

    // Without pages there are no passwords.
    let mut house = House::built(Setting::new(Vec::new())).await;
    house.configure("[console]\nenabled = false\n");
    house.serve_at("0.0.0.0:0").await;
    let port = house.address().rsplit(':').next().expect("a port");
    let mut visitor = Visitor::at(format!("http://127.0.0.1:{port}"));
    assert_eq!(visitor.get("/live").await.status, 200);
    assert_eq!(visitor.get("/").await.status, 404);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn behind_a_proxy_the_cookie_is_for_tls_and_each_address_is_its_own() {
    let mut house = House::built(Setting::new(Vec::new())).await;
    house.configure("[serve]\nbehind_proxy = true\n");
    house.user("anna", "viewer").await;
    house.serve().await;
    let mut visitor = Visitor::of(&house);
    let from = |address: &'static str| [("x-forwarded-for", address)];
    for attempt in 0..50 {
        let name = attempt.to_string();
        let fields = [("name", &*name), ("password", "a guess")];
        let answer = visitor.send("/sign-in", &fields, &from("10.1.1.1, 192.0.2.7")).await;
        assert_eq!(answer.status, 403, "{attempt}");
    }
    let secret = password("anna");
    let fields = [("name", "anna"), ("password", &*secret)];
    let waits = visitor.send("/sign-in", &fields, &from("10.9.9.9, 192.0.2.7")).await;
    assert_eq!(waits.status, 429, "what the proxy heard from elsewhere is not believed");
    let answer = visitor.send("/sign-in", &fields, &from("192.0.2.8")).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    assert!(answer.header("set-cookie").starts_with("__Host-"), "{answer:?}");
}
