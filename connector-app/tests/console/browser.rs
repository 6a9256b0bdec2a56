//! A headless Chromium, driven over the WebDriver protocol by the driver that comes with it.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use reqwest::{Client, Method};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::house::{House, password};

/// How an element is named in the protocol.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

/// How often something is looked for that a page brings in a moment, and the time between.
const LOOKS: u32 = 200;
const BETWEEN: Duration = Duration::from_millis(50);

/// A window; Chromium and its driver are gone when it is dropped.
pub(crate) struct Browser {
    client: Client,
    driver: Child,
    port: u16,
    session: String,
    _profile: TempDir,
}

impl Browser {
    pub(crate) async fn open() -> Self {
        let profile = tempfile::tempdir().expect("a folder");
        let (driver, port) = tokio::task::spawn_blocking(start).await.expect("not cancelled");
        let client = Client::builder().no_proxy().build().expect("a client");
        let folder = format!("--user-data-dir={}", profile.path().display());
        let arguments = [
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--disable-dev-shm-usage",
            "--hide-scrollbars",
            "--force-device-scale-factor=1",
            "--window-size=1280,900",
            &folder,
        ];
        let mut browser = Self { client, driver, port, session: String::new(), _profile: profile };
        let wanted = json!({ "capabilities": { "alwaysMatch": {
            "browserName": "chrome",
            "goog:chromeOptions": { "args": arguments },
        } } });
        let begun = browser.ask(Method::POST, "/session", &wanted).await;
        begun["sessionId"].as_str().expect("a session").clone_into(&mut browser.session);
        browser
    }

    /// A window in which that user has signed in.
    pub(crate) async fn signed_in(house: &House, user: &str) -> Self {
        let browser = Self::open().await;
        browser.sign_in(house, user).await;
        browser
    }

    /// Signs in on the page for it.
    pub(crate) async fn sign_in(&self, house: &House, user: &str) {
        self.go(&house.url("/sign-in")).await;
        self.fill("#name", user).await;
        self.fill("#password", &password(user)).await;
        self.press("main form button").await;
        self.until_text("header .who", user).await;
    }

    pub(crate) async fn go(&self, url: &str) {
        self.tell("url", &json!({ "url": url })).await;
    }

    /// The address of the page.
    pub(crate) async fn address(&self) -> String {
        self.see("url").await.as_str().expect("an address").to_owned()
    }

    /// Presses a button or a link, and waits for the page that comes of it.
    pub(crate) async fn press(&self, css: &str) {
        let element = self.element(css).await;
        self.tell(&format!("element/{element}/click"), &json!({})).await;
    }

    /// Types into a field in place of what is there.
    pub(crate) async fn fill(&self, css: &str, text: &str) {
        let element = self.element(css).await;
        self.tell(&format!("element/{element}/clear"), &json!({})).await;
        self.tell(&format!("element/{element}/value"), &json!({ "text": text })).await;
    }

    /// Chooses an entry of a list by its value.
    pub(crate) async fn choose(&self, list: &str, value: &str) {
        self.press(&format!("{list} option[value='{value}']")).await;
    }

    /// Chooses a file of this machine.
    pub(crate) async fn attach(&self, css: &str, path: &std::path::Path) {
        let element = self.element(css).await;
        let path = path.to_str().expect("a plain path");
        self.tell(&format!("element/{element}/value"), &json!({ "text": path })).await;
    }

    /// The text that a person reads there.
    pub(crate) async fn text(&self, css: &str) -> String {
        let element = self.element(css).await;
        let text = self.see(&format!("element/{element}/text")).await;
        text.as_str().expect("a text").to_owned()
    }

    /// Waits until a text is read there; a bounded time.
    pub(crate) async fn until_text(&self, css: &str, text: &str) {
        for _ in 0..LOOKS {
            if self
                .run("return document.querySelector(arguments[0])?.innerText ?? ''", &[css.into()])
                .await
                .as_str()
                .is_some_and(|there| there.contains(text))
            {
                return;
            }
            tokio::time::sleep(BETWEEN).await;
        }
        let page = self.text("body").await;
        panic!("{css} never said {text:?} on {}:\n{page}", self.address().await);
    }

    /// Whether there is such an element now.
    pub(crate) async fn has(&self, css: &str) -> bool {
        let found = self.tell("elements", &by(css)).await;
        !found.as_array().expect("a list").is_empty()
    }

    /// Runs a script on the page, for its answer.
    pub(crate) async fn run(&self, script: &str, arguments: &[Value]) -> Value {
        self.tell("execute/sync", &json!({ "script": script, "args": arguments })).await
    }

    /// As [`run`](Self::run), for what the script tells its last argument.
    pub(crate) async fn run_async(&self, script: &str, arguments: &[Value]) -> Value {
        self.tell("execute/async", &json!({ "script": script, "args": arguments })).await
    }

    /// Shows pages as for somebody who wants them `light` or `dark`.
    pub(crate) async fn colours(&self, scheme: &str) {
        let features = json!([{ "name": "prefers-color-scheme", "value": scheme }]);
        let command =
            json!({ "cmd": "Emulation.setEmulatedMedia", "params": { "features": features } });
        self.tell("goog/cdp/execute", &command).await;
    }

    /// A picture of the whole page, as PNG.
    pub(crate) async fn picture(&self) -> Vec<u8> {
        let height = self.run("return document.documentElement.scrollHeight", &[]).await;
        let height = height.as_u64().expect("a number").clamp(300, 1_800);
        self.tell("window/rect", &json!({ "width": 1280, "height": height })).await;
        let picture = self.see("screenshot").await;
        self.tell("window/rect", &json!({ "width": 1280, "height": 900 })).await;
        BASE64_STANDARD.decode(picture.as_str().expect("a picture")).expect("base64")
    }

    async fn element(&self, css: &str) -> String {
        for _ in 0..LOOKS {
            let found = self.tell("elements", &by(css)).await;
            if let Some(element) = found[0][ELEMENT].as_str() {
                return element.to_owned();
            }
            tokio::time::sleep(BETWEEN).await;
        }
        let page = self.text_of_page().await;
        panic!("there is no {css} on {}:\n{page}", self.address().await)
    }

    async fn text_of_page(&self) -> String {
        let text = self.run("return document.body.innerText", &[]).await;
        text.as_str().unwrap_or_default().to_owned()
    }

    async fn tell(&self, what: &str, body: &Value) -> Value {
        self.ask(Method::POST, &format!("/session/{}/{what}", self.session), body).await
    }

    async fn see(&self, what: &str) -> Value {
        self.ask(Method::GET, &format!("/session/{}/{what}", self.session), &Value::Null).await
    }

    async fn ask(&self, method: Method, path: &str, body: &Value) -> Value {
        let mut request =
            self.client.request(method, format!("http://127.0.0.1:{}{path}", self.port));
        if !body.is_null() {
            request = request.json(body);
        }
        let answer = request.send().await.expect("the driver answers");
        let mut answer: Value = answer.json().await.expect("JSON");
        let value = answer["value"].take();
        assert!(value["error"].is_null(), "{path}: {} {}", value["error"], value["message"]);
        value
    }
}

fn by(css: &str) -> Value {
    json!({ "using": "css selector", "value": css })
}

/// Starts the driver; it says which port it took.
fn start() -> (Child, u16) {
    let started = Command::new("chromedriver")
        .arg("--port=0")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn();
    let mut driver = started.unwrap_or_else(|error| {
        panic!(
            "chromedriver does not start ({error}): install Chromium and its driver, on Debian \
             `apt-get install chromium chromium-driver`"
        )
    });
    let mut lines = BufReader::new(driver.stdout.take().expect("piped")).lines();
    let port = lines.by_ref().find_map(|line| {
        let line = line.expect("readable");
        let (_, port) = line.split_once("started successfully on port ")?;
        port.trim_end_matches('.').parse().ok()
    });
    // What it says later goes nowhere, but is taken from it.
    std::thread::spawn(move || lines.for_each(drop));
    (driver, port.expect("it says its port"))
}

impl Drop for Browser {
    fn drop(&mut self) {
        // The session takes Chromium with it; then nobody needs the driver. What fails here fails no
        // test.
        let _closed = TcpStream::connect(("127.0.0.1", self.port)).and_then(|mut stream| {
            stream.set_read_timeout(Some(Duration::from_secs(5)))?;
            let path = format!("/session/{}", self.session);
            let request =
                format!("DELETE {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n");
            stream.write_all(request.as_bytes())?;
            stream.read(&mut [0; 64])
        });
        let _killed = self.driver.kill();
        let _gone = self.driver.wait();
    }
}
