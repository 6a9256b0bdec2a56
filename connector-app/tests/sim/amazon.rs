//! Amazon as far as a run needs it: a token, a document's address, the document.

use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use connector_app::sync::Listed;
use http::{HeaderMap, StatusCode};
use serde_json::json;
use sp_api_client::reports_2021_06_30::ReportDocumentId;
use wire::{Request, Response, Transport, TransportError, TransportErrorKind};

use crate::machine::Machine;
use crate::world::Connection;

/// The transport to Amazon of one machine. The documents are those of all connections: who asks
/// for one knows its id.
#[derive(Debug)]
pub(crate) struct Amazon(pub(crate) std::sync::Arc<Machine>);

#[async_trait]
impl Transport for Amazon {
    async fn send(&self, request: Request) -> Result<Response, TransportError> {
        let world = &self.0.world;
        self.0.awake().await;
        tokio::time::sleep(world.between(Duration::from_millis(20), Duration::from_millis(400)))
            .await;
        self.0.awake().await;
        let uri = request.http.uri();
        if world.spoils_request() {
            world.count("Amazon: connection lost");
            let host = uri.host().unwrap_or_default().to_owned();
            return Err(TransportError::new(TransportErrorKind::Reset, host));
        }
        let name = uri.path().rsplit('/').next().unwrap_or_default();
        let body = if uri.path().ends_with("/token") {
            let token =
                json!({ "access_token": "Atza|1", "token_type": "bearer", "expires_in": 3600 });
            Bytes::from(token.to_string())
        } else if uri.path().contains("/documents/") {
            let url = format!("https://reports.s3.amazonaws.com/{name}");
            Bytes::from(json!({ "reportDocumentId": name, "url": url }).to_string())
        } else {
            let all = world.connections.iter().flat_map(|connection| &connection.documents);
            let document = all.into_iter().find(|document| document.name == name);
            Bytes::from_static(&document.expect("it was listed").bytes)
        };
        Ok(Response::full(StatusCode::OK, HeaderMap::new(), body))
    }
}

/// What Amazon lists for a connection.
pub(crate) fn listed(connection: &Connection) -> Listed {
    let listed = connection.documents.iter().map(|document| {
        let name = &document.name;
        let report = json!({
            "reportId": format!("report-{name}"),
            "reportType": connector_app::amazon::SETTLEMENT_REPORT,
            "processingStatus": "DONE",
            "createdTime": "2026-11-20T00:00:00Z",
            "reportDocumentId": name,
        });
        let report = serde_json::from_value(report).expect("a report");
        (report, ReportDocumentId::new(name.as_str()))
    });
    listed.collect()
}
