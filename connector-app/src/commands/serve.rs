//! `serve`: the long-running part, and what it says when it is ready.

use serde_json::json;

use super::App;
use crate::cli::ServeArgs;
use crate::exit::Exit;
use crate::output;
use crate::serve::{Options, Serving, serve};

pub(super) async fn run(app: &App, args: &ServeArgs) -> anyhow::Result<Exit> {
    let options = Options { config: app.config_path(), listen: args.listen, worker: args.worker };
    let json = app.common.json;
    let tell = |serving: Serving| {
        let Serving { address, encrypted, console, connections } = serving;
        if json {
            output::line(json!({ "listening": address, "connections": connections }));
            return;
        }
        let place = address.map_or_else(String::new, |address| {
            let scheme = if encrypted { "https" } else { "http" };
            let pages = if console { " is the console;" } else { "" };
            format!(": {scheme}://{address}{pages} /ready and /metrics tell how it goes")
        });
        output::line(format!("serving {connections} connections{place}"));
    };
    serve(&options, app.clock.clone(), tell).await?;
    Ok(Exit::Ok)
}
