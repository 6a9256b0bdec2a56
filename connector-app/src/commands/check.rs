//! `check`: configuration, rules, then both systems, connection by connection. Writes nothing.

use std::sync::Arc;

use jiff::tz::TimeZone;
use ledger_mapper::{Rules, Severity};
use serde_json::json;
use wire::Transport;

use super::App;
use crate::check::account::Accounts;
use crate::check::clock::Dated;
use crate::check::epicor::Asked;
use crate::check::retirements::{Retirements, USED, USED_BY_ORDERS};
use crate::check::{Finding, Part, Verdict, Who, amazon, audit, epicor, exit_of};
use crate::config::{Config, Connection, EpicorLogin};
use crate::connect;
use crate::connect::Links;
use crate::exit::Exit;
use crate::output::{self, ATTENTION, BAD, GOOD, HEAD, QUIET, styled};
use crate::pipeline::settlement::State;
use crate::pipeline::{Silent, Watch};
use crate::secrets::{
    CLIENT_SECRET_DAYS_TO_WARN, Secrets, client_secret_left, client_secret_since, renewal,
};

pub(super) async fn run(app: &App) -> anyhow::Result<Exit> {
    let config = match app.config() {
        Ok(config) => config,
        Err(error) => {
            let finding = unusable(Part::Configuration, "file", Who::ItAdmin, &error);
            tell(app, None, std::slice::from_ref(&finding));
            return Ok(exit_of([&finding]));
        }
    };
    let path = app.config_path();
    let read = format!("{} is read: {} connections", path.display(), config.connections.len());
    let mut all = vec![Finding::ok(Part::Configuration, "file", read), audit_log(&config).await];
    tell(app, None, &all);
    let secrets = Secrets::open(&config).await;
    let accounts = match &secrets {
        Ok(secrets) => Accounts::of(&config, secrets).await,
        Err(_) => Accounts::default(),
    };
    for connection in app.connections(&config)? {
        let secrets = secrets.as_ref().map(|secrets| (secrets, &accounts));
        let findings = of_connection(app, &config, connection, secrets).await;
        tell(app, Some(&connection.name), &findings);
        all.extend(findings);
    }
    if !app.common.json {
        let of = |state| all.iter().filter(|finding| finding.state() == state).count();
        let sum = format!("{} ok, {} warnings, {} failed", of("ok"), of("warning"), of("failed"));
        output::line(styled(HEAD, sum));
    }
    Ok(exit_of(&all))
}

async fn audit_log(config: &Config) -> Finding {
    let found = async {
        let store = connect::store_if_any(config).await?;
        audit::finding(config, store.as_ref()).await
    };
    let told = found.await;
    told.unwrap_or_else(|error| unusable(Part::Configuration, "audit", Who::ItAdmin, &error))
}

async fn of_connection(
    app: &App,
    config: &Config,
    connection: &Connection,
    secrets: Result<(&Secrets, &Accounts), &anyhow::Error>,
) -> Vec<Finding> {
    let rules = connection.load_rules(&config.folder);
    let mut findings = of_rules(connection, config, rules.as_ref());
    let (secrets, accounts) = match secrets {
        Ok(open) => open,
        Err(error) => {
            findings.push(unusable(Part::Configuration, "vault", Who::ItAdmin, error));
            return findings;
        }
    };
    findings.push(settle_time(connection));
    findings.push(go_live(app, config, connection).await);
    findings.extend(accounts.finding(connection, secrets).await);
    findings.extend(of_amazon(app, connection, secrets).await);
    findings.push(client_secret(app, config, connection, secrets).await);
    findings.extend(of_epicor(app, config, connection, secrets, rules.ok().as_ref()).await);
    findings
}

fn of_rules(
    connection: &Connection,
    config: &Config,
    rules: Result<&Rules, &crate::config::ConfigError>,
) -> Vec<Finding> {
    let wrong = (Who::FinanceClerk, Exit::Configuration);
    let mut findings = Vec::new();
    match rules {
        Err(error) => {
            findings.push(Finding::failed(Part::Rules, "file", wrong, error.to_string()));
        }
        Ok(rules) => {
            let found = ledger_mapper::lint(rules, None);
            for doubt in &found {
                let text = doubt.to_string();
                findings.push(match doubt.severity {
                    Severity::Error => Finding::failed(Part::Rules, "lint", wrong, text),
                    Severity::Warning => {
                        Finding::warning(Part::Rules, "lint", Who::FinanceClerk, text)
                    }
                    Severity::Note => Finding::ok(Part::Rules, "lint", text),
                });
            }
            if found.is_empty() {
                let message = format!("{}, version {}: sound", rules.name(), rules.version());
                findings.push(Finding::ok(Part::Rules, "lint", message));
            }
        }
    }
    match connection.load_calendar(&config.folder) {
        Ok(_) => {}
        Err(error) => {
            findings.push(Finding::failed(Part::Rules, "calendar", wrong, error.to_string()));
        }
    }
    findings
}

async fn of_amazon(app: &App, connection: &Connection, secrets: &Secrets) -> Vec<Finding> {
    let watch: Arc<dyn Watch> = Arc::new(Silent);
    let today = app.clock.now().to_zoned_datetime(TimeZone::UTC).date();
    let mut findings = match Retirements::shipped() {
        Ok(calendar) => {
            let further = connection.orders.as_ref().map_or(&[][..], |_| USED_BY_ORDERS);
            calendar.findings(&[USED, further].concat(), today)
        }
        Err(error) => vec![unusable(Part::Amazon, "retirements", Who::ItAdmin, &error)],
    };
    let client = async {
        let links = Links::new(app.clock.clone());
        let time = &app.clock;
        let builder = connect::amazon_client(connection, secrets, time, &watch, &links).await?;
        let dated = dated(app, links.transport(None)?);
        Ok::<_, anyhow::Error>((builder.transport(dated.clone()).build()?, dated))
    };
    match client.await {
        Ok((client, dated)) => {
            let asked = amazon::Asked { orders: connection.orders.as_ref(), now: app.clock.now() };
            findings.extend(asked.findings(&client, &dated).await);
        }
        Err(error) => findings.push(unusable(Part::Amazon, "login", Who::ItAdmin, &error)),
    }
    findings
}

async fn of_epicor(
    app: &App,
    config: &Config,
    connection: &Connection,
    secrets: &Secrets,
    rules: Option<&Rules>,
) -> Vec<Finding> {
    let links = Links::new(app.clock.clone());
    let client = async |login| {
        let (folder, time) = (&config.folder, &app.clock);
        let (builder, transport) =
            connect::epicor_client(connection, folder, secrets, time, &links, login).await?;
        let dated = dated(app, transport);
        Ok::<_, anyhow::Error>((builder.transport(dated.clone()).build()?, dated))
    };
    let configured = connection.epicor.login;
    let (asking, dated) = match client(configured).await {
        Ok(made) => made,
        Err(error) => return vec![unusable(Part::Epicor, "connection", Who::ItAdmin, &error)],
    };
    let zone = connection.cut_off_zone().unwrap_or(TimeZone::UTC);
    let today = app.clock.now().to_zoned_datetime(zone).date();
    let fees = connection.posting.fees();
    let vendor = fees.as_ref().map(|fees| fees.vendor.as_str());
    let orders = connection.orders.as_ref();
    // A file that cannot be read is told with the other files.
    let calendar = connection.load_calendar(&config.folder).ok();
    let calendar = calendar.as_ref();
    let asked = Asked { settings: &connection.epicor, vendor, orders, rules, calendar, today };
    let mut findings = asked.findings(&asking, &dated).await;
    let connected = !findings.iter().any(|finding| {
        finding.what == "connection" && matches!(finding.verdict, Verdict::Failed(..))
    });
    if connected && let Ok((by_token, _)) = client(EpicorLogin::Token).await {
        let logged_in = by_token.ping().await.map(|_ping| ());
        findings.push(epicor::token_service(logged_in, configured));
    }
    findings
}

fn dated(app: &App, transport: Arc<dyn Transport>) -> Arc<Dated> {
    Arc::new(Dated::new(transport, app.clock.clone()))
}

/// Amazon wants a new client secret every 180 days; counted from when it was put where it is.
async fn client_secret(
    app: &App,
    config: &Config,
    connection: &Connection,
    secrets: &Secrets,
) -> Finding {
    let what = "client_secret";
    let set_at = match client_secret_since(secrets.store(), config, connection).await {
        Ok(Some(set_at)) => set_at,
        Ok(None) => {
            let message = "how old the client secret is cannot be told where it is kept; in the \
                           vault it is counted (`credentials set amazon.client_secret`)";
            return Finding::warning(Part::Amazon, what, Who::ItAdmin, message);
        }
        Err(error) => return unusable(Part::Amazon, what, Who::ItAdmin, &error.into()),
    };
    let (day, days) = client_secret_left(set_at, app.clock.now());
    let renew = renewal(connection);
    match days {
        ..0 => {
            let act = (Who::ItAdmin, Exit::NotAuthorised);
            let message = format!("the client secret ended on {day}; {renew}");
            Finding::failed(Part::Amazon, what, act, message)
        }
        0..=CLIENT_SECRET_DAYS_TO_WARN => {
            let message = format!("the client secret ends on {day}, in {days} days; {renew}");
            Finding::warning(Part::Amazon, what, Who::ItAdmin, message)
        }
        _ => Finding::ok(Part::Amazon, what, format!("the client secret is good until {day}")),
    }
}

/// Exactly once rests on it: see `docs/exactly-once.md`.
fn settle_time(connection: &Connection) -> Finding {
    let (part, what) = (Part::Configuration, "settle_seconds");
    match connection.posting.settles_too_early() {
        Some(why) => Finding::failed(part, what, (Who::ItAdmin, Exit::Configuration), why),
        None => {
            let seconds = connection.posting.settle_seconds;
            Finding::ok(part, what, format!("an unknown outcome is looked up after {seconds} s"))
        }
    }
}

/// What shows that a connection is live.
const POSTED: [State; 4] = [State::Posting, State::Posted, State::Matched, State::Reversed];

/// The first run finds the settlements of 90 days, and nobody looks at them where a policy approves.
async fn go_live(app: &App, config: &Config, connection: &Connection) -> Finding {
    let (part, what) = (Part::Configuration, "go_live");
    let has_posted = async {
        let store = connect::store_if_any(config).await?;
        let Some(store) = store else { return Ok(false) };
        let records = store.settlements(Some(&connection.name)).await?;
        anyhow::Ok(
            records.iter().any(|record| POSTED.map(State::as_str).contains(&record.state.as_str())),
        )
    };
    match (connection.go_live, has_posted.await) {
        (_, Err(error)) => unusable(part, what, Who::ItAdmin, &error),
        (Some(day), Ok(_)) if day > connection.today(app.clock.now()) => Finding::warning(
            part,
            what,
            Who::FinanceClerk,
            format!(
                "{day} is still to come: every settlement that ends before it is taken for entered by hand"
            ),
        ),
        (Some(day), Ok(_)) => {
            Finding::ok(part, what, format!("settlements that ended before {day} are not posted"))
        }
        (None, Ok(has_posted)) if has_posted || !connection.approval.automatic => {
            Finding::ok(part, what, "every settlement is booked")
        }
        (None, Ok(_)) => Finding::warning(
            part,
            what,
            Who::FinanceClerk,
            "the first run finds the settlements of the last 90 days, and [connection.approval] automatic \
             approves them: what was entered into Epicor by hand would be booked a second time. Set go_live \
             of the connection to the first day whose settlements are to be booked",
        ),
    }
}

/// What could not even be tried.
fn unusable(part: Part, what: &'static str, who: Who, error: &anyhow::Error) -> Finding {
    Finding::failed(part, what, (who, Exit::of(error)), format!("{error:#}"))
}

fn tell(app: &App, connection: Option<&str>, findings: &[Finding]) {
    if let Some(name) = connection.filter(|_| !app.common.json) {
        output::line(styled(HEAD, format!("Connection {name}")));
    }
    for finding in findings {
        if app.common.json {
            output::line(json!({
                "connection": connection, "part": finding.part, "check": finding.what,
                "state": finding.state(), "who": finding.who(), "message": finding.message,
            }));
            continue;
        }
        let style = match finding.verdict {
            Verdict::Ok => GOOD,
            Verdict::Warning(_) => ATTENTION,
            Verdict::Failed(..) => BAD,
        };
        let who = finding.who().map(|who| styled(QUIET, format!(" [{who}]"))).unwrap_or_default();
        output::line(format!(
            "  {} {:<13} {}{who}",
            styled(style, format!("{:<7}", finding.state())),
            finding.part,
            finding.message
        ));
    }
}
