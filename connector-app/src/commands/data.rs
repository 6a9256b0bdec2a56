//! `data`: the table of what is read, kept and shown. It needs no configuration.

use super::App;
use crate::config::{Config, Retention};
use crate::data_flow;
use crate::exit::Exit;
use crate::output::{self, HEAD, QUIET, styled};

pub(super) fn run(app: &App) -> anyhow::Result<Exit> {
    let path = app.config_path();
    let configured = app.common.config.is_some() || path.exists();
    let retention = match configured {
        true => Config::load(&path)?.retention,
        false => Retention::default(),
    };
    for flow in data_flow::flows(retention) {
        if app.common.json {
            output::line(serde_json::to_string(&flow)?);
            continue;
        }
        output::line(styled(HEAD, flow.data));
        for (name, text) in [
            ("from", flow.from.to_owned()),
            ("kept in", flow.kept.join(", ")),
            ("how long", flow.retention),
            ("protected", flow.protected.to_owned()),
            ("seen by", flow.seen_by.to_owned()),
        ] {
            output::line(format!("  {} {text}", styled(QUIET, format!("{name:<9}"))));
        }
    }
    Ok(Exit::Ok)
}
