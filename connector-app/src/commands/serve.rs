//! `serve`: the long-running part, and what it says when it is ready.

use std::net::SocketAddr;

use serde_json::json;

use super::App;
use crate::cli::ServeArgs;
use crate::exit::Exit;
use crate::output;
use crate::serve::{Options, serve};

pub(super) async fn run(app: &App, args: &ServeArgs) -> anyhow::Result<Exit> {
    let options = Options { config: app.config_path(), listen: args.listen, worker: args.worker };
    let json = app.common.json;
    let tell = |address: Option<SocketAddr>, connections: usize| {
        if json {
            output::line(json!({ "listening": address, "connections": connections }));
            return;
        }
        let place = address.map_or_else(String::new, |address| {
            format!(": http://{address}/ready and /metrics tell how it goes")
        });
        output::line(format!("serving {connections} connections{place}"));
    };
    serve(&options, app.clock.clone(), tell).await?;
    Ok(Exit::Ok)
}
