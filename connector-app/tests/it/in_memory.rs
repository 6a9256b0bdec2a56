//! The way to the stand-in Epicor without sockets, in the time of the clock: what is waited for costs
//! nothing, and one request goes wrong.

use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use bytes::Bytes;
use connector_app::stage::Stage;
use fixtures::Fault;
use futures_util::{StreamExt as _, stream};
use http::{HeaderMap, StatusCode};
use wire::{
    Clock as _, ManualClock, Request, Response, Transport, TransportError,
    TransportErrorKind as Kind,
};

/// Carries requests to Epicor by hand, and all others by `others`.
#[derive(Debug)]
pub(crate) struct InMemory {
    stage: Arc<Stage>,
    clock: Arc<ManualClock>,
    others: Arc<dyn Transport>,
    /// What goes wrong, and with which request to Epicor.
    fault: Option<(usize, Fault)>,
    /// The paths of the requests to Epicor so far.
    paths: Mutex<Vec<String>>,
}

impl InMemory {
    pub(crate) fn new(
        stage: &Arc<Stage>,
        clock: &Arc<ManualClock>,
        others: Arc<dyn Transport>,
        fault: Option<(usize, Fault)>,
    ) -> Self {
        let (stage, clock) = (Arc::clone(stage), Arc::clone(clock));
        Self { stage, clock, others, fault, paths: Mutex::default() }
    }

    /// The paths of the requests to Epicor so far.
    pub(crate) fn paths(&self) -> Vec<String> {
        self.paths.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The fault that is due with this request.
    fn due(&self, path: &str) -> Option<Fault> {
        let mut paths = self.paths.lock().unwrap_or_else(PoisonError::into_inner);
        paths.push(path.to_owned());
        let number = paths.len() - 1;
        self.fault.clone().filter(|(at, _)| *at == number).map(|(_, fault)| fault)
    }
}

#[async_trait]
impl Transport for InMemory {
    async fn send(&self, request: Request) -> Result<Response, TransportError> {
        let host = self.stage.epicor.base_url();
        let authority = request.http.uri().authority().map(ToString::to_string);
        if authority.as_deref() != Some(host.authority()) {
            return self.others.send(request).await;
        }
        let carried_out = || self.stage.epicor.answer(&request.http);
        let status = |status: u16, body: &'static str| {
            let status = StatusCode::from_u16(status).expect("a status");
            Ok(Response::full(status, HeaderMap::new(), Bytes::from_static(body.as_bytes())))
        };
        let Some(fault) = self.due(request.http.uri().path()) else {
            let (head, body) = carried_out().into_parts();
            return Ok(Response::full(head.status, head.headers, body));
        };
        match fault {
            Fault::Status(code) => status(code, ""),
            Fault::StatusAfter(code) => {
                carried_out();
                status(code, "")
            }
            Fault::Html503 => status(503, "<html><body>busy</body></html>"),
            Fault::ResetBefore => Err(lost(Kind::Reset)),
            Fault::ResetAfter => {
                carried_out();
                Err(lost(Kind::Reset))
            }
            Fault::TruncateBody => {
                let (head, body) = carried_out().into_parts();
                let half = body.slice(..body.len() / 2);
                let body = stream::iter([Ok(half), Err(lost(Kind::Body))]).boxed();
                Ok(Response::new(head.status, head.headers, body))
            }
            Fault::DelayAfter(delay) => {
                let (head, body) = carried_out().into_parts();
                self.clock.sleep(delay.min(request.timeout)).await;
                if delay >= request.timeout {
                    return Err(lost(Kind::Timeout));
                }
                Ok(Response::full(head.status, head.headers, body))
            }
            other => panic!("{other:?} is not known here"),
        }
    }
}

fn lost(kind: Kind) -> TransportError {
    TransportError::new(kind, "the stand-in".to_owned())
}
