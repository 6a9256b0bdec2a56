//! Alerts, as those who get them see them: a receiver of webhooks and a mail server on this machine,
//! and the real binary, a new process for each run.

use std::os::unix::fs::PermissionsExt as _;
use std::sync::{Arc, Mutex};

use connector_app::stage::{Setting, Stage};
use fixtures::{Fault, documents};
use serde_json::Value;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};
use wiremock::matchers::{method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::orders::support::TABLES;
use crate::serve::Serving;
use crate::support::{self, Said, eventually, get};

async fn stage(names: &[&str]) -> Stage {
    let settlements = names.iter().map(|name| documents::get(name).expect("it ships")).collect();
    Stage::set(Setting::new(settlements)).await.expect("stand-ins start")
}

pub(crate) fn secret(stage: &Stage, name: &str, text: &str) {
    let file = stage.folder().join(name);
    std::fs::write(&file, text).expect("written");
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o600)).expect("ours");
}

pub(crate) fn configure(stage: &Stage, alerts: &str) {
    let config = std::fs::read_to_string(stage.config()).expect("a configuration");
    let config = config.replacen("[[connection]]", &format!("{alerts}\n[[connection]]"), 1);
    std::fs::write(stage.config(), config).expect("written");
}

pub(crate) async fn hook(stage: &Stage) -> MockServer {
    let server = MockServer::start().await;
    secret(stage, "hook-url", &format!("{}/hook/canary-token", server.uri()));
    secret(stage, "hook-key", "canary-key");
    server
}

const HOOK: &str = r#"
[alerts]
kinds = ["held", "failed"]

[alerts.webhook]
url = { file = "hook-url" }
signing_key = { file = "hook-key" }
"#;

pub(crate) async fn posted(server: &MockServer) -> Vec<Value> {
    let requests = server.received_requests().await.expect("recorded");
    requests.iter().map(|request| serde_json::from_slice(&request.body).expect("JSON")).collect()
}

async fn sync(stage: &Stage) -> Said {
    let said = support::run(stage.folder(), &["sync", "settlements"]).await;
    let all = format!("{}{}", said.out, said.err);
    assert!(!all.contains("canary"), "a secret is printed: {all}");
    said
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_held_settlement_is_told_once_and_called_off_when_it_goes_on() {
    let stage = stage(&["us-unknown-fee.txt"]).await;
    let server = hook(&stage).await;
    Mock::given(method("POST"))
        .and(path("/hook/canary-token"))
        .respond_with(ResponseTemplate::new(204))
        .mount(&server)
        .await;
    configure(&stage, HOOK);

    assert_eq!(sync(&stage).await.code, 3);
    assert_eq!(sync(&stage).await.code, 3, "a second process, and the same is held");
    let told = posted(&server).await;
    assert_eq!(told.len(), 1, "{told:#?}");
    let alert = &told[0]["alerts"][0];
    assert_eq!((&alert["event"], &alert["kind"]), (&"raised".into(), &"held".into()));
    let next = alert["next"].as_str().expect("text");
    assert!(next.contains("ml-connector release"), "{next}");
    assert!(told[0]["text"].as_str().is_some_and(|text| text.contains("is held")));

    let said = support::run(stage.folder(), &["alerts", "--json"]).await;
    let listed = said.json_lines();
    let held: Vec<_> = listed.iter().filter(|alert| alert["kind"] == "held").collect();
    assert_eq!((said.code, held.len()), (3, 1), "{}", said.out);
    assert!(held[0]["told"]["webhook"].is_string() && held[0]["told"]["log"].is_string());

    // A person gives the fee a role; then it is over, and that is told once.
    let rules = stage.folder().join("rules.toml");
    let mut text = std::fs::read_to_string(&rules).expect("rules");
    text.push_str("\n[unknown]\nsuspense = \"9999\"\n");
    std::fs::write(&rules, text).expect("written");
    sync(&stage).await;
    sync(&stage).await;
    let told = posted(&server).await;
    let events: Vec<_> = told.iter().map(|one| &one["alerts"][0]["event"]).collect();
    assert_eq!(events.last().expect("told").as_str(), Some("cleared"), "{told:#?}");
    assert_eq!(events.iter().filter(|event| **event == "cleared").count(), 1, "{told:#?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_body_is_signed_and_tried_again_until_it_arrives() {
    let stage = stage(&["us-unknown-fee.txt"]).await;
    let server = hook(&stage).await;
    let busy = Mock::given(method("POST")).respond_with(ResponseTemplate::new(503));
    busy.up_to_n_times(1).mount(&server).await;
    Mock::given(method("POST")).respond_with(ResponseTemplate::new(200)).mount(&server).await;
    configure(&stage, HOOK);
    sync(&stage).await;
    let requests = server.received_requests().await.expect("recorded");
    assert_eq!(requests.len(), 2, "one is answered with 503");
    let key = aws_lc_rs::hmac::Key::new(aws_lc_rs::hmac::HMAC_SHA256, b"canary-key");
    for request in &requests {
        let signature = request.headers["x-ml-connector-signature"].to_str().expect("text");
        let digits = signature.strip_prefix("sha256=").expect("a scheme");
        let bytes: Vec<u8> = (0..digits.len())
            .step_by(2)
            .map(|at| u8::from_str_radix(&digits[at..at + 2], 16).expect("hexadecimal"))
            .collect();
        aws_lc_rs::hmac::verify(&key, &request.body, &bytes).expect("our signature");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_could_not_be_told_is_told_by_the_next_run() {
    let stage = stage(&["us-unknown-fee.txt"]).await;
    let server = hook(&stage).await;
    Mock::given(method("POST"))
        .respond_with(ResponseTemplate::new(404))
        .up_to_n_times(1)
        .mount(&server)
        .await;
    Mock::given(method("POST")).respond_with(ResponseTemplate::new(200)).mount(&server).await;
    configure(&stage, HOOK);
    let said = sync(&stage).await;
    assert_eq!(said.code, 3, "that nobody was told fails no run");
    assert!(said.err.contains("404"), "{}", said.err);
    sync(&stage).await;
    sync(&stage).await;
    assert_eq!(posted(&server).await.len(), 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_run_that_fails_is_told_and_called_off_when_one_succeeds() {
    let stage = stage(&["us-plain.txt"]).await;
    let server = hook(&stage).await;
    Mock::given(method("POST")).respond_with(ResponseTemplate::new(200)).mount(&server).await;
    configure(&stage, HOOK);
    secret(&stage, "api-key", "canary-wrong");
    assert_eq!(sync(&stage).await.code, 77);
    assert_eq!(sync(&stage).await.code, 77);
    secret(&stage, "api-key", "stand-in-key");
    assert_eq!(sync(&stage).await.code, 0);
    let told = posted(&server).await;
    let events: Vec<_> = told.iter().map(|one| one["alerts"][0]["event"].as_str()).collect();
    assert_eq!(events, [Some("raised"), Some("cleared")], "{told:#?}");
    let text = told[0].to_string();
    assert!(text.contains("API key") && !text.contains("canary"), "{text}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_tells_what_its_runs_find() {
    let stage = stage(&["us-unknown-fee.txt"]).await;
    let server = hook(&stage).await;
    Mock::given(method("POST")).respond_with(ResponseTemplate::new(200)).mount(&server).await;
    configure(&stage, HOOK);
    let config = std::fs::read_to_string(stage.config()).expect("a configuration");
    let config = format!("{config}\n[connection.schedule]\nsettlements = \"every 1h\"\n");
    std::fs::write(stage.config(), config).expect("written");
    let serving = Serving::start(&stage).await;
    eventually("it is told", async || !posted(&server).await.is_empty()).await;
    assert_eq!(posted(&server).await[0]["alerts"][0]["kind"], "held");
    let metric = "ml_connector_alerts{kind=\"held\"} 1";
    eventually("it is counted", async || {
        get(&serving.address, "/metrics").await.1.lines().any(|line| line == metric)
    })
    .await;
    // A command later on knows what the server told.
    drop(serving);
    sync(&stage).await;
    assert_eq!(posted(&server).await.len(), 1);
}

/// The kinds of the alerts that stand; what time alone raises is left out.
async fn standing(stage: &Stage) -> Vec<String> {
    let listed = support::run(stage.folder(), &["alerts", "--json"]).await.json_lines();
    let kinds = listed.iter().filter_map(|alert| alert["kind"].as_str());
    kinds.filter(|kind| *kind != "silence").map(str::to_owned).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_run_on_demand_raises_and_calls_off_alerts_where_nobody_serves() {
    let stage = stage(&["us-unknown-fee.txt"]).await;
    let run = async |code: i32| {
        let said = support::run(stage.folder(), &["run", "settlements"]).await;
        assert_eq!(said.code, code, "{}{}", said.out, said.err);
    };
    secret(&stage, "api-key", "canary-wrong");
    run(77).await;
    assert_eq!(standing(&stage).await, ["failed"]);
    secret(&stage, "api-key", "stand-in-key");
    run(3).await;
    assert_eq!(standing(&stage).await, ["held"], "the failure is over");
}

/// A run that breaks off in its middle has written into the store already, and so is told there.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_run_that_breaks_off_is_listed_where_nobody_is_to_be_told() {
    let mut setting = Setting::new(Vec::new());
    setting.amazon.personal_data = true;
    setting.tables = TABLES.replace("2025-11-01", "2026-11-09");
    let stage = Stage::set(setting).await.expect("stand-ins start");
    stage.epicor.faults().on("CustShips", 0, Fault::Status(400));
    for (code, kinds) in [(1, vec!["failed"]), (0, vec![])] {
        let said = support::run(stage.folder(), &["sync", "shipments"]).await;
        assert_eq!(said.code, code, "{}{}", said.out, said.err);
        assert_eq!(standing(&stage).await, kinds);
    }
}

/// A mail server that takes everything, and keeps what it was sent.
async fn mail_server() -> (u16, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let port = listener.local_addr().expect("an address").port();
    let letters = Arc::new(Mutex::new(Vec::new()));
    let kept = Arc::clone(&letters);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(take_letters(stream, Arc::clone(&kept)));
        }
    });
    (port, letters)
}

async fn take_letters(stream: TcpStream, kept: Arc<Mutex<Vec<String>>>) -> std::io::Result<()> {
    let mut stream = BufReader::new(stream);
    stream.write_all(b"220 here\r\n").await?;
    let mut letter = None::<String>;
    let mut line = String::new();
    while stream.read_line(&mut line).await? > 0 {
        let answer = match (&mut letter, line.trim_end()) {
            (Some(text), ".") => {
                kept.lock().expect("no panic").push(std::mem::take(text));
                letter = None;
                "250 kept"
            }
            (Some(text), _) => {
                text.push_str(&line);
                ""
            }
            (None, "DATA") => {
                letter = Some(String::new());
                "354 go on"
            }
            (None, "QUIT") => "221 bye",
            (None, _) => "250 ok",
        };
        if !answer.is_empty() {
            stream.write_all(format!("{answer}\r\n").as_bytes()).await?;
        }
        line.clear();
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn people_get_one_letter_for_all_that_is_new() {
    let stage = stage(&["us-unknown-fee.txt", "us-does-not-tie.txt"]).await;
    let (port, letters) = mail_server().await;
    let email = format!(
        "[alerts]\nkinds = [\"held\"]\n[alerts.email]\nserver = \"127.0.0.1\"\nport = {port}\nsecurity = \"none\"\n\
         from = \"Connector <connector@example.com>\"\nto = [\"ledger@example.com\", \"it@example.com\"]\n"
    );
    configure(&stage, &email);
    let said = support::run(stage.folder(), &["alerts", "test"]).await;
    assert_eq!(said.code, 0, "{}{}", said.out, said.err);
    sync(&stage).await;
    sync(&stage).await;
    let letters = letters.lock().expect("no panic").clone();
    assert_eq!(letters.len(), 2, "the trial, and one for both: {letters:#?}");
    assert!(letters[0].contains("this is a test"), "{}", letters[0]);
    assert!(letters[1].contains("Subject: ml-connector, demo: 2 alerts"), "{}", letters[1]);
    assert!(letters[1].contains("To: ledger@example.com, it@example.com"), "{}", letters[1]);
    assert_eq!(letters[1].matches("Next:").count(), 2, "{}", letters[1]);
}

#[tokio::test]
async fn a_mail_server_elsewhere_is_not_spoken_to_in_the_open() {
    let stage = stage(&[]).await;
    configure(
        &stage,
        "[alerts.email]\nserver = \"mail.example.com\"\nsecurity = \"none\"\nfrom = \"a@example.com\"\nto = [\"b@example.com\"]\n",
    );
    let said = support::run(stage.folder(), &["alerts"]).await;
    assert_eq!(said.code, 78, "{}", said.err);
    assert!(said.err.contains("on this machine"), "{}", said.err);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_unreachable_channel_fails_the_trial() {
    let stage = stage(&[]).await;
    let unused = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = unused.local_addr().expect("an address").port();
    drop(unused);
    let email = format!(
        "[alerts.email]\nserver = \"127.0.0.1\"\nport = {port}\nsecurity = \"none\"\nfrom = \"a@example.com\"\nto = [\"b@example.com\"]\n"
    );
    configure(&stage, &email);
    let said = support::run(stage.folder(), &["alerts", "test"]).await;
    assert_eq!(said.code, 1, "{}{}", said.out, said.err);
    assert!(said.err.contains("alerts by email"), "{}", said.err);
}
