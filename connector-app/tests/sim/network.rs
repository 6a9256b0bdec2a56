//! The way between a machine and Epicor: what gets lost, what comes late, what comes by halves.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use futures_util::{StreamExt as _, stream};
use http::{HeaderMap, StatusCode};
use tokio::sync::oneshot;
use wire::{Class, Request, Response, Transport, TransportError, TransportErrorKind as Kind};

use crate::machine::{Machine, Point};
use crate::world::World;

/// What becomes of one request.
#[derive(Clone, Copy, Debug)]
struct Fate {
    /// What it is called in the summary.
    name: &'static str,
    /// How long after its sending Epicor carries it out, if it does.
    carried_out: Option<Duration>,
    /// What comes back.
    answer: Answer,
}

#[derive(Clone, Copy, Debug)]
enum Answer {
    /// Epicor's own, this much after it acted.
    Epicors(Duration),
    /// The first half of it.
    Half,
    /// A proxy's page with this status.
    Page(u16),
    /// Nothing in time.
    Silence,
    /// The connection breaks.
    Reset,
    /// No connection is made.
    NoConnection,
}

const OK: &str = "";

impl Fate {
    fn good(world: &World) -> Self {
        let way = || world.between(Duration::from_millis(5), world.way);
        Self { name: OK, carried_out: Some(way()), answer: Answer::Epicors(way()) }
    }

    /// Something goes wrong. What changes something in Epicor may also come late.
    fn bad(world: &World, class: Class) -> Self {
        let way = Duration::from_millis(20);
        let long = || world.between(Duration::from_secs(1), Duration::from_secs(29));
        let landing = || world.between(Duration::from_secs(1), world.terms.landing_max);
        let lost = if world.below(2) == 0 { Answer::Reset } else { Answer::Silence };
        let kinds = if class == Class::Once { 14 } else { 9 };
        let (name, carried_out, answer) = match world.below(kinds) {
            0 => ("request lost", None, lost),
            1 => ("answer lost", Some(way), lost),
            2 => ("acted, then failed", Some(way), Answer::Page(500)),
            3 => ("acted, then gateway timeout", Some(way), Answer::Page(504)),
            4 => ("failed", None, Answer::Page(503)),
            5 => ("throttled", None, Answer::Page(429)),
            6 => ("half an answer", Some(way), Answer::Half),
            7 => ("slow answer", Some(way), Answer::Epicors(long())),
            8 => ("connection refused", None, Answer::NoConnection),
            _ => ("late landing", Some(landing()), lost),
        };
        Self { name, carried_out, answer }
    }
}

/// The transport of one machine.
#[derive(Debug)]
pub(crate) struct Network(pub(crate) Arc<Machine>);

#[async_trait]
impl Transport for Network {
    async fn send(&self, request: Request) -> Result<Response, TransportError> {
        let Self(machine) = self;
        let world = &machine.world;
        machine.pass(Point::Leaving).await;
        let spoilt = world.spoils_request();
        let fate = if spoilt { Fate::bad(world, request.class) } else { Fate::good(world) };
        if spoilt {
            world.count(fate.name);
        }
        let what = called(&request);
        machine.tell(|| match fate.name {
            OK => format!("sends {what}"),
            name => format!("sends {what}: {name} ({fate:?})"),
        });
        let timeout = request.timeout;
        let answer = tokio::time::timeout(timeout, carry(machine, request, fate, &what)).await;
        machine.pass(Point::Answered).await;
        answer.unwrap_or_else(|_| Err(error(Kind::Timeout)))
    }
}

/// Lets Epicor carry the request out when its time comes, whatever became of the sender, and brings
/// the answer.
async fn carry(
    machine: &Arc<Machine>,
    request: Request,
    fate: Fate,
    what: &str,
) -> Result<Response, TransportError> {
    let (done, answered) = oneshot::channel();
    if let Some(delay) = fate.carried_out {
        let (machine, what) = (Arc::clone(machine), what.to_owned());
        tokio::spawn(async move {
            tokio::time::sleep(delay).await;
            let answer = machine.world.epicor.answer(&request.http);
            machine.tell(|| format!("    Epicor carried out {what}: {}", shown(&answer)));
            // Nobody may be there any more.
            let _unheard = done.send(answer);
        });
    }
    match fate.answer {
        Answer::Epicors(way) => match answered.await {
            Ok(answer) => {
                tokio::time::sleep(way).await;
                let (parts, body) = answer.into_parts();
                Ok(Response::full(parts.status, parts.headers, body))
            }
            Err(_) => Err(error(Kind::Reset)),
        },
        Answer::Half => match answered.await {
            Ok(answer) => {
                let (parts, body) = answer.into_parts();
                let half = body.slice(..body.len() / 2);
                let body = stream::iter([Ok(half), Err(error(Kind::Body))]).boxed();
                Ok(Response::new(parts.status, parts.headers, body))
            }
            Err(_) => Err(error(Kind::Reset)),
        },
        Answer::Page(status) => {
            tokio::time::sleep(Duration::from_millis(50)).await;
            let status = StatusCode::from_u16(status).expect("a status");
            let page = Bytes::from_static(b"<html><body>busy</body></html>");
            Ok(Response::full(status, HeaderMap::new(), page))
        }
        Answer::Silence => std::future::pending().await,
        Answer::Reset => {
            tokio::time::sleep(Duration::from_millis(50)).await;
            Err(error(Kind::Reset))
        }
        Answer::NoConnection => Err(error(Kind::Connect)),
    }
}

/// What stands before the send guard: a machine that falls asleep here wakes up in the middle of a
/// dialogue, with its next request ready to go.
#[derive(Debug)]
pub(crate) struct BeforeGuard {
    pub(crate) guarded: Arc<dyn Transport>,
    pub(crate) machine: Arc<Machine>,
}

#[async_trait]
impl Transport for BeforeGuard {
    async fn send(&self, request: Request) -> Result<Response, TransportError> {
        self.machine.pass(Point::Sending(request.class)).await;
        let mut path = request.http.uri().path().rsplit('/');
        let (method, service) = (path.next().unwrap_or_default(), path.next().unwrap_or_default());
        self.machine.nap_before(service, method).await;
        let what = called(&request);
        let sent = self.guarded.send(request).await;
        if let Err(error) = &sent {
            self.machine.tell(|| format!("{what}: {error}"));
        }
        sent
    }
}

fn called(request: &Request) -> String {
    request.http.uri().path().rsplit('/').take(2).collect::<Vec<_>>().join(" of ")
}

fn shown(answer: &http::Response<Bytes>) -> String {
    if answer.status().is_success() {
        return answer.status().to_string();
    }
    format!("{} {}", answer.status(), String::from_utf8_lossy(answer.body()))
}

fn error(kind: Kind) -> TransportError {
    TransportError::new(kind, "erp.example.com".to_owned())
}
