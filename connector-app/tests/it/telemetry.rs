//! A collector of traces gets a span for each run and each posting.

use std::sync::{Arc, Mutex};

use connector_app::stage::{Setting, Stage};
use fixtures::documents;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

use crate::serve::Serving;
use crate::support::eventually;

/// Takes whatever is sent to it, and answers that all is well.
async fn collector() -> (String, Arc<Mutex<Vec<u8>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = format!("http://{}", listener.local_addr().expect("bound"));
    let taken = Arc::new(Mutex::new(Vec::new()));
    let all = Arc::clone(&taken);
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let all = Arc::clone(&all);
            tokio::spawn(async move {
                let mut piece = vec![0; 1 << 16];
                while let Ok(read @ 1..) = stream.read(&mut piece).await {
                    all.lock().expect("not poisoned").extend_from_slice(&piece[..read]);
                    let answer = b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n";
                    stream.write_all(answer).await.expect("the sender listens");
                }
            });
        }
    });
    (address, taken)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_collector_gets_a_span_for_each_run_and_posting() {
    let (address, taken) = collector().await;
    let document = documents::get("us-plain.txt").expect("it ships");
    let stage = Stage::set(Setting::new(vec![document])).await.expect("stand-ins start");
    let head = format!("data_dir = \"data\"\n[telemetry]\notlp_endpoint = \"{address}\"");
    stage.multiply(1, &head, "every 1h").expect("written");
    let serving = Serving::start(&stage).await;
    eventually("posted", async || stage.epicor.posted_journals().len() == 1).await;
    serving.signal("TERM");
    assert!(serving.ended().await.success());

    let sent = taken.lock().expect("not poisoned").clone();
    let sent = String::from_utf8_lossy(&sent).into_owned();
    for part in ["POST /v1/traces", "ml-connector", "seller-1", "settlements", "posting", "run"] {
        assert!(sent.contains(part), "{part} is missing: {sent}");
    }
    for secret in ["stand-in-secret", "Atzr|stand-in", "stand-in-key"] {
        assert!(!sent.contains(secret), "{secret} was sent");
    }
}
