//! Runs the real binary.

use std::path::Path;
use std::process::{Command, Output, Stdio};

use connector_app::stage::Stage;
use fixtures::postgres::Server;

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

/// The shared sample folder beside the repository, where there is one.
pub(crate) fn samples() -> Option<std::path::PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/samples/settlement");
    folder.exists().then_some(folder)
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

/// Changes the configuration of a stage: its store is on this server.
pub(crate) fn keep_on(stage: &Stage, server: &Server) {
    let url = stage.folder().join("database-url");
    std::fs::write(&url, server.url()).expect("written");
    std::fs::set_permissions(&url, std::os::unix::fs::PermissionsExt::from_mode(0o600))
        .expect("ours");
    let text = std::fs::read_to_string(stage.config()).expect("a configuration");
    let text = text.replace("data_dir = \"data\"\n", "");
    let shared = format!("{text}\n[postgres]\nurl = {{ file = \"database-url\" }}\n");
    std::fs::write(stage.config(), shared).expect("written");
}
