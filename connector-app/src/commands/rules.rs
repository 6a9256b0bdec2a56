//! `rules list|lint|test|explain|suggest|diff|schema|map|versions`: the mapping rules, read, judged
//! and decided.

mod map;
mod rows;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use anstyle::Style;
use anyhow::Context as _;
use jiff::tz::TimeZone;
use ledger_mapper::{Finding, ListedRule, RuleTests, Rules, Severity};
use serde_json::json;

use super::App;
use crate::cli::{RulesCommand, RulesFile};
use crate::config::{self, Config, ConfigError};
use crate::exit::Exit;
use crate::output::{self, ATTENTION, Align, BAD, GOOD, HEAD, QUIET, Table, styled};

pub(super) async fn run(app: &App, command: &RulesCommand) -> anyhow::Result<Exit> {
    match command {
        RulesCommand::List { rules } => list(app, &Basis::of(app, rules)?.rules),
        RulesCommand::Lint { rules, chart } => {
            lint(app, &Basis::of(app, rules)?.rules, chart.as_deref())
        }
        RulesCommand::Test { cases, rules } => test(app, &Basis::of(app, rules)?, cases),
        RulesCommand::Explain(args) => rows::explain(app, &Basis::of(app, &args.rules)?, args),
        RulesCommand::Suggest { what, rules } => rows::suggest(app, &Basis::of(app, rules)?, what),
        RulesCommand::Schema => {
            output::line(Rules::schema().trim_end());
            Ok(Exit::Ok)
        }
        RulesCommand::Map(args) => map::run(app, args).await,
        RulesCommand::Versions { number } => map::versions(app, *number).await,
        RulesCommand::Diff { old, new, over } => {
            let zone = configured_zone(app)?;
            let (old, new) = (config::load_rules(old)?, config::load_rules(new)?);
            rows::diff(app, (&old, &new), zone.as_ref(), over)
        }
    }
}

/// The rules that a command works on, and where they are from.
struct Basis {
    rules: Rules,
    /// `None`: the sample that ships.
    file: Option<PathBuf>,
    /// The connection's cut-off zone.
    zone: Option<TimeZone>,
}

impl Basis {
    /// The option first, then the configuration where there is one, then the sample that ships.
    fn of(app: &App, option: &RulesFile) -> anyhow::Result<Self> {
        let configured = configured(app)?;
        let connection = configured
            .as_ref()
            .map(|config| config.connection(app.common.connection.as_deref()))
            .transpose()?;
        let zone = connection.and_then(config::Connection::cut_off_zone);
        let file = option.rules.clone().or_else(|| {
            let folder = &configured.as_ref()?.folder;
            Some(folder.join(&connection?.rules))
        });
        let rules = file.as_deref().map_or_else(|| Ok(Rules::sample()), config::load_rules)?;
        Ok(Self { rules, file, zone })
    }
}

fn configured(app: &App) -> anyhow::Result<Option<Config>> {
    let path = app.config_path();
    let named = app.common.config.is_some() || path.exists();
    Ok(named.then(|| Config::load(&path)).transpose()?)
}

fn configured_zone(app: &App) -> anyhow::Result<Option<TimeZone>> {
    let Some(config) = configured(app)? else {
        return Ok(None);
    };
    Ok(config.connection(app.common.connection.as_deref())?.cut_off_zone())
}

fn list(app: &App, rules: &Rules) -> anyhow::Result<Exit> {
    let listed = rules.listed();
    if app.common.json {
        for info in ledger_mapper::roles() {
            let account = rules.account_for(&info.role);
            let name = account.and_then(|account| rules.account_name(account));
            output::line(json!({
                "role": info.role, "title": info.title, "account": account, "account_name": name,
            }));
        }
        for rule in &listed {
            output::line(serde_json::to_string(rule)?);
        }
        return Ok(Exit::Ok);
    }
    output::line(format!(
        "{}  {}",
        styled(HEAD, rules.name()),
        styled(QUIET, format!("version {}", rules.version()))
    ));
    for line in roles(rules).lines().into_iter().chain(overrides(&listed)) {
        output::line(line);
    }
    Ok(Exit::Ok)
}

fn roles(rules: &Rules) -> Table {
    let mut table = Table::new(&[
        ("Role", Align::Left),
        ("", Align::Left),
        ("Account", Align::Left),
        ("Name", Align::Left),
    ])
    .indent(2);
    for info in ledger_mapper::roles() {
        let account = rules.account_for(&info.role);
        let (text, style) = match account {
            Some(account) => (account.to_string(), Style::new()),
            None => ("none: holds".to_owned(), ATTENTION),
        };
        let name = account.and_then(|account| rules.account_name(account)).unwrap_or_default();
        table.styled_row(vec![
            (info.title.clone(), Style::new()),
            (info.role.to_string(), QUIET),
            (text, style),
            (name.to_owned(), Style::new()),
        ]);
    }
    table
}

/// The rules in order of precedence, under a heading.
fn overrides(listed: &[ListedRule]) -> Vec<String> {
    if listed.is_empty() {
        return vec![String::new(), "  No [[rule]]: the catalogue decides every role.".to_owned()];
    }
    let mut lines =
        vec![String::new(), format!("  {}", styled(HEAD, "The first rule that matches wins"))];
    for ListedRule { rule, asks, from, until, role, account, .. } in listed {
        let asks = asks.iter().map(|(field, text)| format!("{} = \"{text}\"", field.as_str()));
        let from = from.map(|day| format!("from {day}"));
        let until = until.map(|day| format!("until {day}"));
        let asks: Vec<String> = asks.chain(from).chain(until).collect();
        let role = role.map(|role| role.to_string());
        let account = account.as_ref().map(ToString::to_string);
        let gives: Vec<String> = [role, account].into_iter().flatten().collect();
        lines.push(format!(
            "  {} ▶ {}  {}",
            asks.join(", "),
            gives.join(" on "),
            styled(QUIET, rule)
        ));
    }
    lines
}

fn lint(app: &App, rules: &Rules, chart: Option<&Path>) -> anyhow::Result<Exit> {
    let chart = chart.map(read_chart).transpose()?;
    let findings = ledger_mapper::lint(rules, chart.as_ref());
    for finding in &findings {
        if app.common.json {
            output::line(serde_json::to_string(finding)?);
        } else {
            output::line(finding_line(finding));
        }
    }
    let errors = findings.iter().filter(|finding| finding.severity == Severity::Error).count();
    if !app.common.json {
        let roles = ledger_mapper::roles().len();
        output::line(match (errors, findings.len()) {
            (0, 0) => styled(GOOD, format!("Nothing to find: {roles} roles have their account.")),
            (errors, all) => format!("{errors} errors, {} other findings", all - errors),
        });
    }
    Ok(if errors > 0 { Exit::Configuration } else { Exit::Ok })
}

fn finding_line(finding: &Finding) -> String {
    let style = match finding.severity {
        Severity::Error => BAD,
        Severity::Warning => ATTENTION,
        Severity::Note => QUIET,
    };
    let Finding { file, line, severity, message, fix, .. } = finding;
    format!("{file}:{line}: {} {message} {fix}", styled(style, format!("{severity}:")))
}

/// One account a line: its first cell, if it has several. Lines that start with `#` are comments.
fn read_chart(path: &Path) -> anyhow::Result<BTreeSet<String>> {
    let text = read(path)?;
    let accounts: BTreeSet<String> = text
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split([',', ';', '\t']).next())
        .map(|cell| cell.trim().trim_matches('"').to_owned())
        .filter(|account| !account.is_empty())
        .collect();
    anyhow::ensure!(
        !accounts.is_empty(),
        "{} has no account: write one a line, or export the chart as CSV with the account first",
        path.display()
    );
    Ok(accounts)
}

fn read(path: &Path) -> Result<String, ConfigError> {
    std::fs::read_to_string(path)
        .map_err(|source| ConfigError::Unreadable { path: path.to_owned(), source })
}

fn test(app: &App, basis: &Basis, cases: &[PathBuf]) -> anyhow::Result<Exit> {
    let beside = || {
        let file = basis.file.as_ref().context(
            "name a file of cases, or rules with --rules: the sample rules have no cases beside them",
        )?;
        anyhow::Ok(vec![file.with_extension("test.toml")])
    };
    let files = if cases.is_empty() { beside()? } else { cases.to_vec() };
    let (mut passed, mut failed) = (0, 0);
    for path in &files {
        let text = std::fs::read_to_string(path).with_context(|| {
            format!("cannot read {}: write cases there, or name another file", path.display())
        })?;
        let tests =
            RuleTests::parse(&text, &path.display().to_string()).map_err(ConfigError::File)?;
        for result in tests.run(&basis.rules) {
            let ok = result.passed();
            *(if ok { &mut passed } else { &mut failed }) += 1;
            if app.common.json {
                let mut object = serde_json::to_value(&result)?;
                object["passed"] = ok.into();
                output::line(object);
            } else {
                output::line(result);
            }
        }
    }
    if !app.common.json {
        let style = if failed == 0 { GOOD } else { BAD };
        output::line(styled(style, format!("{passed} passed, {failed} failed")));
    }
    Ok(if failed == 0 { Exit::Ok } else { Exit::Failed })
}
