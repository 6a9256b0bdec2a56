//! `data`: the table of what is read, kept and shown. It needs no configuration.

use serde_json::json;

use super::App;
use crate::config::{Config, Retention};
use crate::data_flow::FLOWS;
use crate::exit::Exit;
use crate::output::{self, HEAD, QUIET, styled};

pub(super) fn run(app: &App) -> anyhow::Result<Exit> {
    let path = app.config_path();
    let configured = app.common.config.is_some() || path.exists();
    let retention = match configured {
        true => Config::load(&path)?.retention,
        false => Retention::default(),
    };
    for flow in FLOWS {
        let keep = flow.keep.text(retention);
        if app.common.json {
            output::line(json!({
                "data": flow.data, "from": flow.from, "kept": flow.kept, "retention": keep,
                "protected": flow.protected, "seen_by": flow.seen_by,
            }));
            continue;
        }
        output::line(styled(HEAD, flow.data));
        for (name, text) in [
            ("from", flow.from.to_owned()),
            ("kept in", flow.kept.join(", ")),
            ("how long", keep),
            ("protected", flow.protected.to_owned()),
            ("seen by", flow.seen_by.to_owned()),
        ] {
            output::line(format!("  {} {text}", styled(QUIET, format!("{name:<9}"))));
        }
    }
    Ok(Exit::Ok)
}
