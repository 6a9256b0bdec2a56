//! `alerts [list|test]`: what needs a person, and whether word of it arrives.

use serde_json::json;

use super::App;
use crate::alert::{self, Channel, Digest};
use crate::cli::AlertsCommand;
use crate::connect;
use crate::exit::Exit;
use crate::output::{self, ATTENTION, GOOD, QUIET, styled};

pub(super) async fn run(app: &App, command: Option<AlertsCommand>) -> anyhow::Result<Exit> {
    match command {
        None | Some(AlertsCommand::List) => list(app).await,
        Some(AlertsCommand::Test) => test(app).await,
    }
}

async fn list(app: &App) -> anyhow::Result<Exit> {
    let config = app.config()?;
    let alerts = match connect::store_if_any(&config).await? {
        Some(store) => alert::open(&store, app.common.connection.as_deref()).await?,
        None => Vec::new(),
    };
    for one in &alerts {
        let message = alert::message(one);
        if app.common.json {
            output::line(json!({
                "connection": one.connection, "kind": one.kind, "record": message.record,
                "what": message.what, "who": message.who, "next": message.next,
                "raised": one.raised.to_string(),
                "told": one.told.iter().map(|(channel, at)| (channel, at.to_string()))
                    .collect::<std::collections::BTreeMap<_, _>>(),
            }));
            continue;
        }
        let head = format!("{}: {}", one.connection, message.record);
        output::line(format!("{} {}", styled(ATTENTION, head), message.what));
        output::line(format!("  who: {}", message.who));
        output::line(format!("  next: {}", message.next));
        let told: Vec<_> = one.told.keys().map(String::as_str).collect();
        let since = one.raised.strftime("%Y-%m-%d %H:%M UTC");
        let told = format!("since {since}; told: {}", told.join(", "));
        output::line(format!("  {}", styled(QUIET, told)));
    }
    if alerts.is_empty() && !app.common.json {
        output::line("Nothing needs you.");
    }
    Ok(if alerts.is_empty() { Exit::Ok } else { Exit::Held })
}

/// Each channel on its own, so that one that fails hides no other.
async fn test(app: &App) -> anyhow::Result<Exit> {
    let config = app.config()?;
    let digest = Digest::trial("test", app.clock.now());
    let mut exit = Exit::Ok;
    for channel in Channel::all(&config, &app.clock)? {
        let sent = channel.tell(&digest).await;
        if app.common.json {
            let error = sent.as_ref().err().map(|error| format!("{error:#}"));
            output::line(json!({ "channel": channel.name(), "error": error }));
        } else if sent.is_ok() {
            output::line(format!("{}: {}", channel.name(), styled(GOOD, "told")));
        }
        if let Err(error) = sent {
            exit = Exit::Failed;
            output::complain(&error.context(format!("alerts by {}", channel.name())));
        }
    }
    if !config.alerts.reach_people() && !app.common.json {
        output::line("Nobody else is told: there is no [alerts] in the configuration.");
    }
    Ok(exit)
}
