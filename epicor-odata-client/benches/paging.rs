//! Rows a second read through the client's key windows, beside bare reqwest and `serde_json` that
//! read the same pages from the same server.
//!
//! `cargo bench -p epicor-odata-client`
#![expect(clippy::print_stdout, reason = "a benchmark's answer belongs on the terminal")]

use std::error::Error;
use std::fmt::Write as _;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::pin::pin;
use std::thread;
use std::time::Duration;

use epicor_odata_client::odata::{Query, TableKey};
use epicor_odata_client::{ApiKey, Client, EntitySet, Identity};
use futures_util::TryStreamExt as _;
use serde_json::Value;
use wire::{Clock as _, SystemClock};

const ROWS: usize = 100_000;
const PAGE: usize = 1_000;
const ROUNDS: usize = 9;

type Outcome<T> = Result<T, Box<dyn Error>>;

/// A posted line with the columns that reading one takes, and some more.
fn row(number: usize) -> String {
    format!(
        r#"{{"Company":"EPIC06","BookID":"MAIN","FiscalYear":2026,"FiscalYearSuffix":"","JournalCode":"GJ","JournalNum":{},"JournalLine":{number},"GroupID":"ML7Q2K9X4","Description":"ML7Q2K9X4ABC referral fees {number}","GLAccount":"5100|00|{}","SegValue1":"5100","SegValue2":"00","DebitAmount":{}.50,"CreditAmount":0.00,"BookDebitAmount":{}.50,"BookCreditAmount":0.00,"JEDate":"2026-05-31T00:00:00","PostedDate":"2026-06-01T00:00:00","PostedBy":"connector","SourceModule":"GL","CurrencyCode":"USD","Reverse":false,"LegalNumber":"","SysRevID":9007199254740993,"SysRowID":"{number:08x}-0000-0000-0000-000000000001"}}"#,
        number / 200,
        number % 97,
        number % 1_000,
        number % 1_000,
    )
}

/// Every page as the bytes of an answer, the last one empty.
fn answers() -> Vec<Vec<u8>> {
    let mut answers = Vec::new();
    for first in (0..=ROWS).step_by(PAGE) {
        let mut body = String::from(r#"{"@odata.context":"x","value":["#);
        for number in first..(first + PAGE).min(ROWS) {
            let comma = if number == first { "" } else { "," };
            // Writing to a String cannot fail.
            let _ = write!(body, "{comma}{}", row(number));
        }
        body.push_str("]}");
        let head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length:";
        answers.push(format!("{head} {}\r\n\r\n{body}", body.len()).into_bytes());
    }
    answers
}

/// Answers the requests of one connection.
fn serve(stream: TcpStream, answers: &[Vec<u8>]) -> std::io::Result<()> {
    let mut lines = BufReader::new(stream.try_clone()?).lines();
    let mut stream = stream;
    let mut target = String::new();
    while let Some(line) = lines.next().transpose()? {
        if line.starts_with("GET ") {
            target = line;
        } else if line.is_empty() {
            let last = target.split("JournalLine%20gt%20").nth(1);
            let last = last.map(|rest| rest.split(|c: char| !c.is_ascii_digit()).next());
            let last = last.flatten().and_then(|digits| digits.parse::<usize>().ok());
            stream.write_all(&answers[last.map_or(0, |last| last / PAGE + 1)])?;
        }
    }
    Ok(())
}

/// A server on its own threads. Its address.
fn start() -> Outcome<String> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let address = format!("http://{}/kinetic", listener.local_addr()?);
    thread::spawn(move || {
        let answers = &answers();
        thread::scope(|scope| {
            for stream in listener.incoming().map_while(Result::ok) {
                scope.spawn(move || serve(stream, answers));
            }
        });
    });
    Ok(address)
}

async fn by_client(set: &EntitySet) -> Outcome<usize> {
    let mut rows = 0;
    let mut pages = pin!(set.pages(Query::new(), TableKey::new(["JournalLine"])));
    while let Some(page) = pages.try_next().await? {
        rows += page.len();
    }
    Ok(rows)
}

async fn bare(http: &wire::HttpClient, address: &str) -> Outcome<usize> {
    let mut rows = 0;
    let mut filter = String::new();
    loop {
        let page = format!(
            "{address}/api/v2/odata/EPIC06/Erp.BO.GLJrnDtlSvc/GLJrnDtls?{filter}$orderby=JournalLine&$top={PAGE}"
        );
        let body = http.get(page).send().await?.bytes().await?;
        let answer: Value = serde_json::from_slice(&body)?;
        let page = answer["value"].as_array().ok_or("no rows")?;
        let Some(last) = page.last() else { return Ok(rows) };
        rows += page.len();
        filter = format!("$filter=JournalLine%20gt%20{}&", last["JournalLine"]);
    }
}

/// Rows a second.
fn rate(took: Duration) -> u128 {
    ROWS as u128 * 1_000_000 / took.as_micros().max(1)
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Outcome<()> {
    let address = start()?;
    let identity = Identity::Basic { user: "connector".into(), password: "connector".into() };
    let client = Client::builder(address.parse()?, "EPIC06", ApiKey::from("key"), identity);
    let client = client.page_size(u32::try_from(PAGE)?).build()?;
    let set = client.service("Erp.BO.GLJrnDtlSvc")?.set("GLJrnDtls")?;
    let http = wire::HttpClient::builder().build()?;

    let clock = SystemClock::new();
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let begun = clock.monotonic();
        assert_eq!(by_client(&set).await?, ROWS);
        ours.push(clock.monotonic() - begun);
        let begun = clock.monotonic();
        assert_eq!(bare(&http, &address).await?, ROWS);
        theirs.push(clock.monotonic() - begun);
    }
    ours.sort();
    theirs.sort();
    let (ours, theirs) = (ours[ROUNDS / 2], theirs[ROUNDS / 2]);
    println!("{ROWS} rows of 25 columns in pages of {PAGE}, median of {ROUNDS} rounds:");
    println!("  this client                {:>8} rows/s", rate(ours));
    println!("  bare reqwest + serde_json  {:>8} rows/s", rate(theirs));
    let percent = theirs.as_micros() * 100 / ours.as_micros().max(1);
    println!("  ratio                      {}.{:02}", percent / 100, percent % 100);
    Ok(())
}
