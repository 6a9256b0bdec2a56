//! Secrets that are easy to recognise go through everything that may fail; then every byte that was
//! written anywhere is searched for them.

use std::io::Read as _;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use connector_app::config::Config;
use connector_app::connect::{self, Links, Traffic};
use connector_app::pipeline::{Silent, Watch};
use connector_app::secrets::Secrets;
use fixtures::amazon::orders::{Change, FulfilledBy, Marketplace, Order, OrderItem, ShipTo};
use fixtures::postgres::Server;
use fixtures::{Fault, amazon, documents, epicor};
use jiff::{SignedDuration, Timestamp};
use ledger_mapper::Rules;
use wire::{Clock, SystemClock};

use crate::support::{Said, binary, run_with};

/// What must be found nowhere: four secrets, a passphrase, the next client secret, wrong ones, and
/// who a merchant-fulfilled order goes to.
const CANARIES: [&str; 11] = [
    "canary-client-secret-1f0a",
    "Atzr|canary-refresh-token-2e1b",
    "canary-api-key-3d2c",
    "canary-password-4c3d",
    "canary-passphrase-5b4e",
    "canary-next-secret-6a5f",
    "canary-wrong-password-7960",
    "canary-wrong-key-8871",
    "Canary Buyer Qxz-9982",
    "71 Canary Crescent Qxz",
    "QXZ-90217",
];

/// The order that goes to the buyer.
const ORDER: &str = "111-7777777-0000001";

/// Orders of the seller's own become sales orders with a one-time ship-to.
const ORDERS: &str = r#"
[connection.orders]
since = "2026-01-01"
report_after_days = 36500
other_customer = "AMAZON"
tax_region = "NOTAX"
countries = { US = 1 }
carriers = { UPSG = "UPS" }
[connection.orders.charges]
shipping = "SHIP"
shipping_discount = "DISC"
gift_wrap = "GIFT"
"#;

fn order(created: Timestamp) -> Order {
    Order {
        id: ORDER.to_owned(),
        marketplace: Marketplace::US,
        fulfilled_by: FulfilledBy::Merchant,
        created,
        items: vec![OrderItem::new("11", "SKU-WIDGET-1", 2, 9999)],
        business: None,
        replaces: None,
        ship_to: ShipTo {
            name: CANARIES[8].to_owned(),
            line: CANARIES[9].to_owned(),
            postal_code: CANARIES[10].to_owned(),
            ..ShipTo::default()
        },
        history: vec![(created + SignedDuration::from_hours(1), Change::Paid)],
    }
}

/// Every form in which a canary would still be readable.
fn forms() -> Vec<String> {
    let standard = base64::engine::general_purpose::STANDARD_NO_PAD;
    let mut forms = Vec::new();
    for canary in CANARIES {
        forms.push(canary.to_owned());
        forms.push(url::form_urlencoded::byte_serialize(canary.as_bytes()).collect());
        forms.push(canary.bytes().map(|byte| format!("{byte:02x}")).collect());
        // Within a longer text, base64 has three alignments; the middle is the same whatever is around.
        for lead in ["", "x", "xx"] {
            let encoded = standard.encode(format!("{lead}{canary}"));
            forms.push(encoded[4..encoded.len() - 4].to_owned());
        }
    }
    // Basic sign-in sends the user with the password.
    forms.push(standard.encode(format!("connector:{}", CANARIES[3])));
    forms
}

fn search(place: &str, bytes: &[u8], forms: &[String]) {
    let text = String::from_utf8_lossy(bytes);
    for form in forms {
        assert!(!text.contains(form.as_str()), "{form} is in {place}");
    }
}

/// Every file of the folder, compressed ones as what they hold.
fn search_files(folder: &Path, forms: &[String]) -> usize {
    let mut files = 0;
    for entry in std::fs::read_dir(folder).expect("readable").map(|entry| entry.expect("readable"))
    {
        let path = entry.path();
        if entry.file_type().expect("known").is_dir() {
            files += search_files(&path, forms);
            continue;
        }
        let bytes = std::fs::read(&path).expect("readable");
        let place = path.display().to_string();
        search(&place, &bytes, forms);
        let mut inflated = Vec::new();
        if flate2::read::GzDecoder::new(bytes.as_slice()).read_to_end(&mut inflated).is_ok() {
            search(&place, &inflated, forms);
        }
        files += 1;
    }
    files
}

/// An installation whose secrets are canaries, with what it said so far.
struct Installation {
    folder: tempfile::TempDir,
    amazon: amazon::StandIn,
    epicor: epicor::StandIn,
    said: Vec<Said>,
}

impl Installation {
    async fn new(postgres: Option<&Server>) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let amazon = amazon::StandIn::start(amazon::Options {
            settlements: documents::demo(),
            client_secret: CANARIES[0].to_owned(),
            refresh_token: CANARIES[1].to_owned(),
            personal_data: true,
            // Many processes would wait for each other's calls.
            enforce_rates: false,
            ..amazon::Options::default()
        });
        let key =
            epicor::ApiKey { key: CANARIES[2].to_owned(), companies: Vec::new(), scope: None };
        let epicor = epicor::StandIn::start(epicor::Options {
            users: vec![("connector".to_owned(), CANARIES[3].to_owned())],
            api_keys: vec![key],
            ..epicor::Options::default()
        });
        let (amazon, epicor) = (amazon.await.expect("a port"), epicor.await.expect("a port"));
        amazon.add_order(order(amazon.now() - SignedDuration::from_hours(10 * 24)));
        let rules = Rules::sample();
        for account in
            ledger_mapper::roles().iter().filter_map(|info| rules.account_for(&info.role))
        {
            epicor.add_account(&epicor::GlAccountRow::active(account.as_str(), ""));
        }
        let postgres = postgres.map_or(String::new(), |server| {
            let path = folder.path().join("database-url");
            std::fs::write(&path, server.url()).expect("written");
            #[cfg(unix)]
            std::fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(0o600))
                .expect("private");
            "[postgres]\nurl = { file = \"database-url\" }\n".to_owned()
        });
        let config = format!(
            r#"data_dir = "data"
{postgres}
[vault]
passphrase = {{ env = "ML_CANARY_PASSPHRASE" }}
[[connection]]
name = "demo"
rules = "rules.toml"
[connection.amazon]
region = "na"
client_id = "stand-in-client"
base_url = "{}"
lwa_url = "{}"
[connection.epicor]
url = "{}"
company = "EPIC06"
user = "connector"
[connection.approval]
automatic = true
[connection.posting]
settle_seconds = 1
send_grace_seconds = 20
request_timeout_seconds = 5
{ORDERS}
"#,
            amazon.base_url(),
            amazon.lwa_url(),
            epicor.base_url(),
        );
        std::fs::write(folder.path().join("ml-connector.toml"), config).expect("written");
        std::fs::write(folder.path().join("rules.toml"), Rules::sample_text()).expect("written");
        Self { folder, amazon, epicor, said: Vec::new() }
    }

    /// Runs a command with everything logged.
    async fn run(&mut self, args: &[&str], input: &str) -> i32 {
        let mut command = binary(self.folder.path());
        command
            .args(args)
            .env("ML_CANARY_PASSPHRASE", CANARIES[4])
            .env("ML_CONNECTOR_LOG", "trace")
            .env("RUST_BACKTRACE", "full");
        let said = run_with(command, input).await;
        let code = said.code;
        self.said.push(said);
        code
    }

    async fn set(&mut self, name: &str, secret: &str) {
        assert_eq!(self.run(&["credentials", "set", name], secret).await, 0, "{name}");
    }

    async fn through_everything(&mut self) {
        for (name, secret) in [
            ("amazon.client_secret", CANARIES[0]),
            ("amazon.refresh_token", CANARIES[1]),
            ("epicor.api_key", CANARIES[2]),
            ("epicor.password", CANARIES[6]),
        ] {
            self.set(name, secret).await;
        }
        assert_eq!(self.run(&["check"], "").await, 77, "the password is wrong");
        assert_eq!(self.run(&["sync", "settlements"], "").await, 77, "the password is wrong");
        self.set("epicor.password", CANARIES[3]).await;
        self.set("epicor.api_key", CANARIES[7]).await;
        assert_eq!(self.run(&["sync", "settlements"], "").await, 77, "the key is wrong");
        self.set("epicor.api_key", CANARIES[2]).await;
        assert_eq!(self.run(&["credentials", "rotate"], CANARIES[5]).await, 0);

        self.amazon.faults().seeded(7, 60);
        self.epicor.faults().seeded_from(
            8,
            60,
            &[Fault::Status(500), Fault::ResetAfter, Fault::TruncateBody, Fault::Html(502)],
        );
        self.killed_on_the_way().await;
        self.run(&["sync", "settlements"], "").await;
        self.amazon.faults().clear();
        self.epicor.faults().clear();
        // The settle time of this test is too short on purpose, and nothing else is wrong.
        assert_eq!(self.run(&["check", "--json"], "").await, 78, "{}", self.last());
        assert_eq!(self.last().matches("\"state\":\"failed\"").count(), 1, "{}", self.last());
        // On a server, the lease of the process that was killed runs out first.
        for _ in 0..30 {
            self.run(&["sync", "settlements", "--json"], "").await;
            if !self.epicor.posted_journals().is_empty() {
                break;
            }
            tokio::time::sleep(Duration::from_secs(2)).await;
        }
        assert!(!self.epicor.posted_journals().is_empty(), "it got through: {}", self.last());
        self.through_orders().await;
        self.panics().await;
        for args in [
            &["status"][..],
            &["audit", "show", ORDER],
            &["plan", ORDER],
            &["data"],
            &["purge"],
            &["credentials", "status"],
            &["audit", "verify"],
            &["audit", "export", "log"],
            &["backup", "copy"],
        ] {
            let code = self.run(args, "").await;
            assert!([0, 3].contains(&code), "{args:?}: {}", self.last());
        }
    }

    /// An order whose address is refused, lost and asked for again, until it is written.
    async fn through_orders(&mut self) {
        for (operation, fault) in [
            ("ChangeHedUseOTS", Fault::Status(500)),
            ("ChangeHedOTSCountryNum", Fault::Status(400)),
            ("MasterUpdate", Fault::TruncateBody),
            ("MasterUpdate", Fault::ResetAfter),
            ("GetByID", Fault::Html(502)),
        ] {
            self.epicor.faults().clear();
            self.epicor.faults().on(operation, 0, fault);
            self.run(&["sync", "orders", "--json"], "").await;
            self.run(&["status", ORDER], "").await;
        }
        self.epicor.faults().clear();
        for _ in 0..10 {
            self.run(&["sync", "orders"], "").await;
            if self
                .epicor
                .sales_orders()
                .iter()
                .any(|order| order.one_time_ship_to.as_deref() == Some(CANARIES[8]))
            {
                break;
            }
            self.run(&["release", ORDER], "").await;
            tokio::time::sleep(Duration::from_secs(2)).await;
        }
        let orders = self.epicor.sales_orders();
        assert!(
            orders.iter().any(|order| order.one_time_ship_to.as_deref() == Some(CANARIES[8])),
            "the address got where it belongs: {orders:?} {}",
            self.told()
        );
        let number = orders[0].order_num;
        self.epicor.ship("EPIC06", number, &[], &["1Z1"]).expect("a pack");
        self.run(&["sync", "shipments"], "").await;
    }

    /// A process with everything open that panics, twice.
    async fn panics(&mut self) {
        let mut command = Command::new(std::env::current_exe().expect("this test"));
        command
            .args(["canary::a_process_that_panics", "--exact", "--ignored", "--nocapture"])
            .current_dir(self.folder.path())
            .env("ML_CANARY_FOLDER", self.folder.path())
            .env("ML_CANARY_PASSPHRASE", CANARIES[4])
            .env("RUST_BACKTRACE", "full");
        let said = run_with(command, "").await;
        let all = format!("{}{}", said.out, said.err);
        assert_ne!(said.code, 0, "it panics: {all}");
        for text in ["in the middle of a request", "at the end: Config", "stack backtrace"] {
            assert!(all.contains(text), "{text}: {all}");
        }
        self.said.push(said);
    }

    /// A run that ends in the middle, as when the machine goes down.
    async fn killed_on_the_way(&self) {
        let log = std::fs::File::create(self.folder.path().join("killed.log")).expect("made");
        let mut command = binary(self.folder.path());
        command
            .args(["sync", "settlements"])
            .env("ML_CANARY_PASSPHRASE", CANARIES[4])
            .env("ML_CONNECTOR_LOG", "trace")
            .stdout(std::process::Stdio::null())
            .stderr(log);
        let mut child = command.spawn().expect("the binary starts");
        let before = self.epicor.requests().len();
        for _ in 0..200 {
            tokio::time::sleep(Duration::from_millis(20)).await;
            if self.epicor.requests().len() > before + 8 {
                break;
            }
        }
        child.kill().expect("it is ours");
        child.wait().expect("it is ours");
    }

    fn last(&self) -> String {
        let last = self.said.last().expect("something was said");
        let log: Vec<_> = last.err.lines().rev().take(5).collect();
        format!("{}\n{}", last.out, log.join("\n"))
    }

    /// What the last commands said, without their traces.
    fn told(&self) -> String {
        let lines = self
            .said
            .iter()
            .rev()
            .take(3)
            .flat_map(|said| said.out.lines().chain(said.err.lines()));
        let plain = lines.filter(|line| !line.contains("TRACE") && !line.contains("DEBUG"));
        plain.collect::<Vec<_>>().join("\n")
    }

    fn search_all(&self, forms: &[String]) {
        let logged: usize = self.said.iter().map(|said| said.err.len()).sum();
        assert!(logged > 100_000, "the logs are at trace level: {logged} bytes");
        for said in &self.said {
            search("standard output", said.out.as_bytes(), forms);
            search("the log", said.err.as_bytes(), forms);
        }
        let files = search_files(self.folder.path(), forms);
        assert!(files >= 5, "configuration, rules, log, export, backup: {files}");
    }
}

/// Panics in the middle of each request.
#[derive(Debug)]
struct Breaks;

impl Traffic for Breaks {
    fn answered(&self, operation: &'static str, status: Option<u16>) {
        panic!("in the middle of a request: {operation} {status:?}");
    }

    fn waits(&self, _: &'static str, _: Duration) {}
}

/// The process that the tests below start and look at: it opens the vault, logs in, and panics with
/// all that it can print.
#[tokio::test]
#[ignore = "started by the tests that search what it prints"]
async fn a_process_that_panics() {
    let Some(folder) = std::env::var_os("ML_CANARY_FOLDER") else { return };
    let config = Config::load(&Path::new(&folder).join("ml-connector.toml")).expect("it is read");
    let connection = config.connection(None).expect("one");
    let clock: Arc<dyn Clock> = Arc::new(SystemClock::new());
    let watch: Arc<dyn Watch> = Arc::new(Silent);
    let secrets = Secrets::open(&config).await.expect("the vault");
    let broken = Links::new(clock.clone()).observed(Arc::new(Breaks));
    let whole = Links::new(clock.clone());
    let mut clients = Vec::new();
    for links in [&broken, &whole] {
        let amazon = connect::amazon(connection, &secrets, &clock, &watch, links).await;
        let ledger = connect::epicor(connection, &config.folder, &secrets, &clock, links).await;
        clients.push((amazon.expect("Amazon"), ledger.expect("Epicor")));
    }
    let (amazon, ledger) = clients.pop().expect("whole");
    let (breaking_amazon, breaking_ledger) = clients.pop().expect("broken");
    let broke = tokio::spawn(async move { breaking_amazon.list().await }).await;
    assert!(broke.is_err_and(|error| error.is_panic()));
    let broke = tokio::spawn(async move { breaking_ledger.ping().await }).await;
    assert!(broke.is_err_and(|error| error.is_panic()));
    ledger.ping().await.expect("logged in");
    amazon.list().await.expect("logged in");
    let orders = amazon.orders(true);
    let since = clock.now() - SignedDuration::from_hours(20 * 24);
    // Where it goes is in memory from here on.
    let address = orders.address(ORDER).await.expect("asked").expect("it has one");
    assert_eq!(address.name, CANARIES[8]);
    let seen = orders.changed(since, None, None).await.expect("a page");
    let order = orders.order(ORDER).await.expect("asked").expect("it is there");
    panic!(
        "at the end: {config:?} {address:?} {order:?} {secrets:?} {amazon:?} {ledger:?} {orders:?} {seen:?}"
    );
}

#[test]
fn the_search_finds_what_is_there() {
    let forms = forms();
    for canary in CANARIES {
        let standard = base64::engine::general_purpose::STANDARD;
        for text in [format!("a {canary} b"), standard.encode(format!("connector:{canary}"))] {
            let found = std::panic::catch_unwind(|| search("here", text.as_bytes(), &forms));
            assert!(found.is_err(), "{text}");
        }
    }
    search("here", b"nothing of the kind", &forms);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_secret_is_anywhere_in_clear_with_a_data_folder() {
    let mut installation = Installation::new(None).await;
    installation.through_everything().await;
    installation.search_all(&forms());
    assert!(installation.folder.path().join("data/ml-connector.db").exists());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_secret_is_anywhere_in_clear_with_a_server() {
    let server = tokio::task::spawn_blocking(Server::start).await.expect("not cancelled");
    let server = server.expect("a throwaway PostgreSQL server");
    let mut installation = Installation::new(Some(&server)).await;
    installation.through_everything().await;
    let forms = forms();
    installation.search_all(&forms);
    let dump = server.dump().expect("pg_dump runs");
    assert!(dump.contains("COPY ml_connector.secrets"), "every table is in it");
    search("the database", dump.as_bytes(), &forms);
}
