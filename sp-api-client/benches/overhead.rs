//! What the client costs: its CPU for one call beside bare reqwest sending the same request to the
//! same server and reading the same answer into the same types.
//!
//! `cargo bench -p sp-api-client`. Only the calling thread's own CPU time counts (Linux tells it),
//! so neither the server nor a busy machine disturbs the figures; the two take turns, and the
//! median of the rounds is printed.

#![expect(clippy::print_stdout, reason = "a benchmark tells its figures")]

use std::fs;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::json;
use sp_api_client::reports_2021_06_30::{GetReports, Report};
use sp_api_client::{Client, Clock, Credentials, HttpClient, Region};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

const ROUNDS: usize = 21;
const CALLS: u64 = 300;

/// A clock by which a rate is never used up, so that nothing but the work is measured.
#[derive(Debug, Default)]
struct Hurried(AtomicU64);

#[async_trait]
impl Clock for Hurried {
    fn now(&self) -> Timestamp {
        Timestamp::UNIX_EPOCH
    }

    fn monotonic(&self) -> Duration {
        Duration::from_mins(self.0.fetch_add(1, Ordering::Relaxed))
    }

    async fn sleep(&self, _: Duration) {}
}

/// The CPU time this thread has used so far.
fn cpu() -> Duration {
    let told = fs::read_to_string("/proc/thread-self/schedstat").expect("only Linux tells this");
    let nanos = told.split(' ').next().and_then(|nanos| nanos.parse().ok());
    Duration::from_nanos(nanos.expect("the first figure is nanoseconds"))
}

/// Answers a login, and anything else with this many reports.
fn serve(reports: usize) -> SocketAddr {
    let report = json!({
        "reportId": "1234567890", "reportType": "GET_V2_SETTLEMENT_REPORT_DATA_FLAT_FILE_V2",
        "marketplaceIds": ["ATVPDKIKX0DER"], "processingStatus": "DONE",
        "createdTime": "2026-11-20T04:05:06+00:00", "dataStartTime": "2026-11-06T00:00:00+00:00",
        "dataEndTime": "2026-11-20T00:00:00+00:00",
        "reportDocumentId": "amzn1.spdoc.1.4.na.7f1f0d1a-0000-4000-8000-000000000000.T1.2650",
    });
    let page = answer(&json!({"reports": vec![report; reports]}));
    let grant = answer(&json!({"access_token": "x".repeat(400), "expires_in": 3600}));
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let address = listener.local_addr().unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    std::thread::spawn(move || {
        runtime.block_on(async {
            let listener = TcpListener::from_std(listener).unwrap();
            while let Ok((socket, _)) = listener.accept().await {
                tokio::spawn(talk(socket, page.clone(), grant.clone()));
            }
        });
    });
    address
}

fn answer(body: &serde_json::Value) -> String {
    let body = body.to_string();
    format!(
        "HTTP/1.1 200 OK\r\nx-amzn-requestid: r\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    )
}

async fn talk(mut socket: TcpStream, page: String, grant: String) -> std::io::Result<()> {
    socket.set_nodelay(true)?;
    let mut head = Vec::new();
    while socket.read_buf(&mut head).await? > 0 {
        // A login's body is short enough to come with its head.
        if head.starts_with(b"POST") {
            socket.write_all(grant.as_bytes()).await?;
            head.clear();
        } else if head.ends_with(b"\r\n\r\n") {
            socket.write_all(page.as_bytes()).await?;
            head.clear();
        }
    }
    Ok(())
}

#[derive(Deserialize)]
struct Page {
    reports: Vec<Report>,
}

async fn with_reqwest(http: &HttpClient, url: &str) -> usize {
    let date = Timestamp::UNIX_EPOCH.strftime("%Y%m%dT%H%M%SZ").to_string();
    let request = http
        .get(url)
        .header("x-amz-access-token", "x".repeat(400))
        .header("x-amz-date", date)
        .header("user-agent", "bench/1.0 (Language=Rust; Platform=linux)")
        .header("accept", "application/json");
    let body = request.send().await.unwrap().bytes().await.unwrap();
    serde_json::from_slice::<Page>(&body).unwrap().reports.len()
}

async fn with_client(client: &Client, query: &GetReports) -> usize {
    client.reports().get_reports(query).await.unwrap().items.len()
}

async fn measure(reports: usize) {
    let address = serve(reports);
    let base = format!("http://{address}/");
    let types = "GET_V2_SETTLEMENT_REPORT_DATA_FLAT_FILE_V2";
    let url = format!("{base}reports/2021-06-30/reports?reportTypes={types}&pageSize=100");
    let query = GetReports::of_types([types]).page_size(100);
    let http = HttpClient::builder().build().unwrap();
    let credentials = Credentials {
        client_id: "id".to_owned(),
        client_secret: "secret".to_owned().into(),
        refresh_token: "refresh".to_owned().into(),
    };
    let client = Client::builder(Region::NorthAmerica, credentials)
        .base_url(base.parse().unwrap())
        .lwa_url(format!("{base}auth/o2/token").parse().unwrap())
        .clock(Arc::new(Hurried::default()))
        .build()
        .unwrap();
    let (mut bare, mut ours) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let begun = cpu();
        for _ in 0..CALLS {
            assert_eq!(with_reqwest(&http, &url).await, reports);
        }
        let between = cpu();
        for _ in 0..CALLS {
            assert_eq!(with_client(&client, &query).await, reports);
        }
        bare.push((between - begun).as_nanos());
        ours.push((cpu() - between).as_nanos());
    }
    let (bare, ours) = (median(bare), median(ours));
    let micros = |nanos: u128| nanos / u128::from(CALLS) / 1_000;
    let percent = ours * 100 / bare;
    println!(
        "{reports:>3} reports a call: reqwest {:>4} µs, sp-api-client {:>4} µs of CPU; ratio {}.{:02}",
        micros(bare),
        micros(ours),
        percent / 100,
        percent % 100,
    );
}

fn median(mut times: Vec<u128>) -> u128 {
    times.sort_unstable();
    times[times.len() / 2]
}

fn main() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        for reports in [1, 10, 100] {
            measure(reports).await;
        }
    });
}
