//! A console that is served, with its users, over stand-in systems.

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, Command, Stdio};

use connector_app::stage::{Setting, Stage};
use serde_json::Value;

/// What a command of the binary said.
pub(crate) struct Said {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

/// Stand-in systems, a configuration, and a server in a process of its own; killed when dropped.
pub(crate) struct House {
    pub(crate) stage: Stage,
    serving: Option<Child>,
    address: String,
}

/// The password of that user in every house.
pub(crate) fn password(user: &str) -> String {
    format!("correct horse of {user}")
}

impl House {
    /// Nobody is served yet, and nothing runs by itself.
    pub(crate) async fn built(setting: Setting) -> Self {
        let stage = Stage::set(setting).await.expect("stand-ins start");
        let house = Self { stage, serving: None, address: String::new() };
        let flows = ["orders", "settlements", "shipments", "sweep", "reconcile"];
        let known: Vec<_> = flows
            .into_iter()
            .filter(|name| connector_app::flow::named(name).is_some())
            .map(|name| format!("{name} = \"never\"\n"))
            .collect();
        house.configure(&format!("\n[connection.schedule]\n{}", known.concat()));
        house
    }

    /// Adds lines to the configuration's end.
    pub(crate) fn configure(&self, lines: &str) {
        let text = std::fs::read_to_string(self.stage.config()).expect("a configuration");
        std::fs::write(self.stage.config(), text + lines).expect("written");
    }

    /// Adds a user with these roles.
    pub(crate) async fn user(&self, name: &str, roles: &str) {
        let said = self.run_with(&["users", "add", name, "--roles", roles], &password(name)).await;
        assert_eq!(said.code, 0, "{}", said.err);
    }

    /// Runs a command of the binary.
    pub(crate) async fn run(&self, args: &[&str]) -> Said {
        self.run_with(args, "").await
    }

    /// As [`run`](Self::run), with a text on standard input.
    pub(crate) async fn run_with(&self, args: &[&str], input: &str) -> Said {
        let mut command = self.command(args);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let input = input.to_owned();
        // The stand-ins live on the async threads.
        let ended = tokio::task::spawn_blocking(move || {
            let mut child = command.spawn().expect("the binary starts");
            let mut stdin = child.stdin.take().expect("piped");
            // A command that needs no input has closed its end.
            let _unread = stdin.write_all(input.as_bytes());
            drop(stdin);
            child.wait_with_output().expect("the binary ends")
        });
        let output = ended.await.expect("not cancelled");
        Said {
            code: output.status.code().unwrap_or(-1),
            out: String::from_utf8_lossy(&output.stdout).into_owned(),
            err: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_ml-connector"));
        command
            .args(args)
            .current_dir(self.stage.folder())
            .env_remove("ML_CONNECTOR_CONFIG")
            .env_remove("ML_CONNECTOR_LOG")
            .env("USER", "clerk")
            .stdin(Stdio::null());
        command
    }

    /// Starts to serve, and waits until it listens.
    pub(crate) async fn serve(&mut self) {
        self.serve_at("127.0.0.1:0").await;
    }

    /// As [`serve`](Self::serve), listening there.
    pub(crate) async fn serve_at(&mut self, listen: &str) {
        let mut command = self.command(&["serve", "--listen", listen, "--json"]);
        command.stdout(Stdio::piped());
        let mut child = command.spawn().expect("the binary starts");
        let out = child.stdout.take().expect("piped");
        self.serving = Some(child);
        let line = tokio::task::spawn_blocking(move || {
            let mut line = String::new();
            BufReader::new(out).read_line(&mut line).expect("it says where it listens");
            line
        });
        let line = line.await.expect("not cancelled");
        let told: Value = serde_json::from_str(&line).expect("JSON");
        told["listening"].as_str().expect("an address").clone_into(&mut self.address);
    }

    /// Sends a signal to the server.
    pub(crate) fn signal(&self, name: &str) {
        let id = self.serving.as_ref().expect("it serves").id().to_string();
        let sent = Command::new("kill").args([&format!("-{name}"), &id]).status();
        assert!(sent.expect("kill is there").success());
    }

    /// Where it listens: host and port.
    pub(crate) fn address(&self) -> &str {
        &self.address
    }

    /// The address of a page.
    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// What the audit log tells about users: actor and action, oldest first.
    pub(crate) async fn told_of_users(&self) -> Vec<(String, String)> {
        let said = self.run(&["audit", "show", "users", "--json"]).await;
        let told = |value: &Value| value.as_str().expect("a text").to_owned();
        let lines = said.out.lines().map(|line| serde_json::from_str::<Value>(line).expect("JSON"));
        lines.map(|event| (told(&event["actor"]), told(&event["action"]))).collect()
    }
}

impl Drop for House {
    fn drop(&mut self) {
        if let Some(mut child) = self.serving.take() {
            // It may have ended already.
            let _killed = child.kill();
            let _gone = child.wait();
        }
    }
}
