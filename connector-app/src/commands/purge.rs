//! `purge`: documents that were kept as long as the configuration says. The audit log keeps a
//! certificate of what went, and stays itself.

use anyhow::Context as _;
use jiff::ToSpan as _;
use jiff::tz::TimeZone;
use serde_json::json;

use super::App;
use crate::cli::PurgeArgs;
use crate::connect;
use crate::exit::Exit;
use crate::lane;
use crate::output;
use crate::pipeline::settlement::State;
use crate::secrets;

pub(super) async fn run(app: &App, args: PurgeArgs) -> anyhow::Result<Exit> {
    let config = app.config()?;
    let years = config.retention.settlement_years;
    let now = app.clock.now();
    let today = now.to_zoned_datetime(TimeZone::UTC).date();
    let before = today.checked_sub(i64::from(years).years()).context("counting the years back")?;
    let state = State::Posted.as_str();
    let store = match args.dry_run {
        true => connect::store_to_read(&config).await?,
        false => connect::store(&config).await?,
    };
    for connection in app.connections(&config)? {
        let name = connection.name.as_str();
        let gone = if args.dry_run {
            store.documents_due(name, before, state).await?
        } else {
            let event = store::NewEvent {
                record: "purge".to_owned(),
                ..secrets::event(&App::person(), now, name, "documents", "purged")
            };
            lane::alone(&store, name, app.clock.as_ref(), async |store| {
                Ok(store.purge_documents(name, before, state, &event).await?)
            })
            .await?
        };
        tell(app, args, name, before, &gone);
    }
    Ok(Exit::Ok)
}

fn tell(
    app: &App,
    args: PurgeArgs,
    connection: &str,
    before: jiff::civil::Date,
    gone: &[store::DocumentHash],
) {
    if app.common.json {
        let documents: Vec<_> = gone.iter().map(ToString::to_string).collect();
        output::line(json!({
            "connection": connection, "settlements_ended_before": before.to_string(),
            "documents": documents, "removed": !args.dry_run,
        }));
        return;
    }
    let done = if args.dry_run { "would be removed" } else { "are removed" };
    output::line(format!(
        "{connection}: {} documents of posted settlements that ended before {before} {done}.",
        gone.len()
    ));
    if !args.dry_run && !gone.is_empty() {
        output::line(
            "  The audit log has the certificate, event `purged`; `audit export` shows it.",
        );
    }
}
