//! `sync settlements --dry-run`: what is new at Amazon and what would become of it. Stores nothing,
//! posts nothing.

use serde_json::{Value, json};

use super::FLOW;
use crate::commands::App;
use crate::commands::recorded::warn;
use crate::config::{Config, Connection};
use crate::connect;
use crate::exit::Exit;
use crate::output::{self, ATTENTION, HEAD, styled};
use crate::sync::preview::{NewReport, Previewed, Would};

pub(super) async fn run(app: &App) -> anyhow::Result<Exit> {
    let config = app.config()?;
    let mut exit = Exit::Ok;
    for connection in app.connections(&config)? {
        warn(connection);
        match of(app, &config, connection).await {
            Ok(reached) => exit = exit.worse(reached),
            Err(error) => {
                exit = exit.worse(Exit::of(&error));
                let of = format!("connection {}, {FLOW}", connection.name);
                output::complain(&error.context(of));
            }
        }
    }
    Ok(exit)
}

async fn of(app: &App, config: &Config, connection: &Connection) -> anyhow::Result<Exit> {
    let name = connection.name.as_str();
    let (systems, spinner) = super::ask(app, config, connection, None).await?;
    let store = connect::store_if_any(config).await?;
    let new = systems.preview(store.as_ref()).await?;
    spinner.finish();
    if app.common.json {
        new.iter().flat_map(|report| json_lines(name, report)).for_each(output::line);
    } else {
        output::line(format!(
            "{}  {} reports listed, {} new; nothing is stored and nothing is posted",
            styled(HEAD, name),
            systems.listed(),
            new.len()
        ));
        new.iter().flat_map(people).for_each(output::line);
    }
    let is_held = |report: &NewReport| match &report.settlements {
        Ok(settlements) => {
            settlements.iter().any(|one| matches!(one.would, Would::Hold | Would::Compare))
        }
        Err(_) => true,
    };
    Ok(if new.iter().any(is_held) { Exit::Held } else { Exit::Ok })
}

/// The objects of `plan --json`, each with the report it is in and what would be done.
fn json_lines(connection: &str, report: &NewReport) -> Vec<Value> {
    let of_report = |mut told: Value, would: &str| {
        told["connection"] = connection.into();
        told["report_id"] = report.report_id.as_str().into();
        told["would"] = would.into();
        told
    };
    match &report.settlements {
        Ok(settlements) => settlements
            .iter()
            .map(|one| {
                let mut told = json!(one.planned);
                told["held"] = json!(one.held);
                of_report(told, one.would.as_str())
            })
            .collect(),
        Err(unreadable) => {
            let told = output::unreadable_json(&unreadable.document, &unreadable.source);
            vec![of_report(told, Would::Hold.as_str())]
        }
    }
}

fn people(report: &NewReport) -> Vec<String> {
    let mut lines = Vec::new();
    match &report.settlements {
        Ok(settlements) => settlements.iter().for_each(|one| lines.extend(of_settlement(one))),
        Err(unreadable) => {
            lines.extend(output::unreadable_people(&unreadable.document, &unreadable.source));
        }
    }
    lines.insert(0, format!("\nReport {}", report.report_id));
    lines
}

fn of_settlement(one: &Previewed) -> Vec<String> {
    let mut lines = output::plan_people(&one.planned);
    // The plan has told its own reasons.
    let of_epicor = one.held.iter().skip(one.planned.plan.held.len());
    lines.extend(
        of_epicor.map(|reason| format!("  {} {}", styled(ATTENTION, "held:"), reason.message)),
    );
    lines.push(format!(
        "  would {}",
        match one.would {
            Would::Post => "be approved by the policy and posted",
            Would::Wait => "wait for a person to approve it",
            Would::Hold => "be held",
            Would::ByHand => "not be posted: it ended before go_live, and was entered by hand",
            Would::Nothing => "change nothing: the same settlement came before",
            Would::Compare => "be held: the settlement is known with another content",
        }
    ));
    lines
}
