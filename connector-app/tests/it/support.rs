//! Runs the real binary.

use std::path::Path;
use std::process::{Command, Output, Stdio};

/// What a run of the binary said.
#[derive(Debug)]
pub(crate) struct Said {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Said {
    pub(crate) fn json_lines(&self) -> Vec<serde_json::Value> {
        self.out
            .lines()
            .map(|line| serde_json::from_str(line).unwrap_or_else(|e| panic!("{e}: {line}")))
            .collect()
    }
}

impl From<Output> for Said {
    fn from(output: Output) -> Self {
        Self {
            code: output.status.code().unwrap_or(-1),
            out: String::from_utf8_lossy(&output.stdout).into_owned(),
            err: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }
}

/// The binary with a working folder of its own and no configuration from outside.
pub(crate) fn binary(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ml-connector"));
    command
        .current_dir(folder)
        .env_remove("ML_CONNECTOR_CONFIG")
        .env_remove("ML_CONNECTOR_LOG")
        .env("USER", "clerk")
        .stdin(Stdio::null());
    command
}

/// Runs it to the end, off the async threads (the stand-ins live on them).
pub(crate) async fn run(folder: &Path, args: &[&str]) -> Said {
    let mut command = binary(folder);
    command.args(args);
    tokio::task::spawn_blocking(move || command.output().expect("the binary starts").into())
        .await
        .expect("not cancelled")
}

/// Writes a file whole: a process that looks at it meanwhile reads the old text or the new one.
pub(crate) fn put(path: &Path, text: &str) {
    let new = path.with_extension("new");
    std::fs::write(&new, text).expect("written");
    std::fs::rename(&new, path).expect("renamed");
}

/// The folder of sample settlements that `ML_SAMPLES` names, or `None`, said aloud.
pub(crate) fn samples() -> Option<std::path::PathBuf> {
    use std::io::Write as _;

    let folder = std::env::var_os("ML_SAMPLES").map(std::path::PathBuf::from);
    if folder.is_none() {
        // Past the harness, which keeps to itself what a passing test prints.
        let _unsaid = writeln!(std::io::stderr(), "skipped: samples; ML_SAMPLES names no folder");
    }
    folder
}

/// As [`run`], with a text on standard input.
pub(crate) async fn run_with_input(folder: &Path, args: &[&str], input: &str) -> Said {
    let mut command = binary(folder);
    command.args(args);
    run_with(command, input).await
}

/// Runs a command that was made ready, with a text on standard input.
pub(crate) async fn run_with(mut command: Command, input: &str) -> Said {
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let input = input.to_owned();
    tokio::task::spawn_blocking(move || {
        let mut child = command.spawn().expect("the binary starts");
        let mut stdin = child.stdin.take().expect("piped");
        // A command that needs no input has closed its end.
        let _unread = std::io::Write::write_all(&mut stdin, input.as_bytes());
        drop(stdin);
        child.wait_with_output().expect("the binary ends").into()
    })
    .await
    .expect("not cancelled")
}

/// Waits until something is so, two minutes at most.
pub(crate) async fn eventually(what: &str, mut is: impl AsyncFnMut() -> bool) {
    for _ in 0..2_400 {
        if is().await {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    panic!("it never came to this: {what}");
}

/// Asks a server on this machine; the status and the body.
pub(crate) async fn get(address: &str, path: &str) -> (u16, String) {
    let answer = ask(address, path);
    let in_time = tokio::time::timeout(std::time::Duration::from_secs(20), answer).await;
    in_time.unwrap_or_else(|_| panic!("{path} was not answered"))
}

async fn ask(address: &str, path: &str) -> (u16, String) {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

    let mut stream = tokio::net::TcpStream::connect(address).await.expect("it listens");
    let request = format!("GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.expect("sent");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.expect("an answer");
    let (head, body) = answer.split_once("\r\n\r\n").expect("a head and a body");
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok());
    (status.expect("a status"), body.to_owned())
}
