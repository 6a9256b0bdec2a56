//! `/live`, `/ready` and `/metrics`.

use std::sync::Arc;

use anyhow::Context as _;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use serde_json::{Value, json};
use store::{FlowCount, Overview};

use super::Server;
use super::metrics::Reading;
use crate::alert;
use crate::secrets::client_secrets_since;

/// How long the loop may go without a turn, in seconds, before the process is said to be stuck.
const STUCK_AFTER_SECONDS: u64 = 60;

/// What machines ask of a process that serves. The console is mounted beside it.
pub fn router(server: Arc<Server>) -> Router {
    Router::new()
        .route("/live", get(live))
        .route("/ready", get(ready))
        .route("/metrics", get(metrics))
        .with_state(server)
}

/// Whether the process goes on; if not, whoever runs it should start it again.
async fn live(State(server): State<Arc<Server>>) -> Response {
    let idle = server.since_last_beat().as_secs();
    if idle < STUCK_AFTER_SECONDS {
        (StatusCode::OK, "live\n").into_response()
    } else {
        (StatusCode::SERVICE_UNAVAILABLE, format!("nothing happened for {idle} s\n"))
            .into_response()
    }
}

/// Whether the process does its work, and what stands in the way.
async fn ready(State(server): State<Arc<Server>>) -> Response {
    let overview = overview(&server).await;
    let loaded = server.in_force.get();
    let refused = server.in_force.refused();
    let stopping = server.stop.asked();
    let ready = overview.is_ok() && server.is_planned() && !stopping;
    let store = match &overview {
        Err(error) => format!("{error:#}"),
        Ok(_) if server.is_planned() => "ok".to_owned(),
        Ok(_) => server.waiting_for().unwrap_or_else(|| "not opened yet".to_owned()),
    };
    let flows = overview.as_ref().map(|overview| last_runs(&overview.flows)).unwrap_or_default();
    let detail = json!({
        "ready": ready,
        "store": store,
        "configuration": {
            "read": loaded.at,
            "connections": loaded.config.connections.len(),
            "refused": refused.map(|refused| json!({ "read": refused.at, "reason": refused.reason })),
            "needs_restart": server.in_force.waiting_for_restart(),
        },
        "stopping": stopping,
        "last_runs": flows,
    });
    let status = if ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, Json(detail)).into_response()
}

/// Connections by flow and the outcome of the last run, and when the first is due.
fn last_runs(flows: &[FlowCount]) -> Value {
    let runs = flows.iter().map(|count| {
        json!({ "flow": count.flow, "outcome": count.outcome, "connections": count.connections,
                "next_due": count.due })
    });
    runs.collect()
}

async fn overview(server: &Server) -> anyhow::Result<Overview> {
    Ok(server.keeper.read().await?.overview().await?)
}

async fn metrics(State(server): State<Arc<Server>>) -> Response {
    match reading(&server).await {
        Ok(text) => {
            let kind = "application/openmetrics-text; version=1.0.0; charset=utf-8";
            ([(header::CONTENT_TYPE, kind)], text).into_response()
        }
        Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, format!("{error:#}\n")).into_response(),
    }
}

async fn reading(server: &Server) -> anyhow::Result<String> {
    let config = Arc::clone(&server.in_force.get().config);
    let read = async {
        let store = server.keeper.read().await?;
        let secrets = client_secrets_since(Some(&store), &config).await?;
        let alerts = alert::open(&store, None).await?;
        anyhow::Ok((store.overview().await?, secrets, alerts))
    };
    let (overview, client_secrets, alerts) = match read.await {
        Ok((overview, secrets, alerts)) => (Some(overview), secrets, alerts),
        Err(_) => (None, client_secrets_since(None, &config).await?, Vec::new()),
    };
    let reading = Reading {
        overview,
        client_secrets,
        alerts,
        configuration_valid: server.in_force.refused().is_none(),
        now: server.clock.now(),
    };
    server.metrics.text(&reading).context("writing the metrics")
}
