//! The long-running part: where it listens, how much it does at a time, when each flow runs.

use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;

use schemars::JsonSchema;
use serde::Deserialize;
use url::Url;

use crate::flow::{self, Flow};
use crate::schedule::Spec;

/// `[serve]`: the process that runs all flows by the schedule.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Serve {
    /// Where health checks, metrics and the console are answered. Health checks and metrics ask for
    /// no login. A change needs a restart.
    #[schemars(with = "String")]
    pub listen: SocketAddr,
    /// Whether a proxy that speaks TLS stands before it, and says in `X-Forwarded-For` who asks. A
    /// change needs a restart.
    pub behind_proxy: bool,
    /// Certificate and key, to speak TLS itself. Renewed files are taken up on SIGHUP; another place
    /// needs a restart.
    pub tls: Option<Tls>,
    /// How many connections are worked on at the same time.
    pub connections_at_once: u32,
    /// Seconds a stop may take before what is under way is left for the next start.
    pub stop_seconds: u32,
}

impl Default for Serve {
    fn default() -> Self {
        let listen = SocketAddr::from((Ipv4Addr::LOCALHOST, 8686));
        Self { listen, behind_proxy: false, tls: None, connections_at_once: 8, stop_seconds: 20 }
    }
}

impl Serve {
    /// Whether what comes to it and goes from it is encrypted wherever others could read it.
    #[must_use]
    pub const fn is_encrypted(&self) -> bool {
        self.behind_proxy || self.tls.is_some()
    }
}

/// `[serve.tls]`: what the process shows to be who it is. Both are PEM files; the key is one that its
/// owner alone may read.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Tls {
    /// The certificate, and those between it and the authority.
    pub certificate: PathBuf,
    /// Its private key.
    pub key: PathBuf,
}

/// `[telemetry]`: who is told what happens, beside the log.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Telemetry {
    /// An OpenTelemetry collector that takes OTLP over HTTP, such as `http://127.0.0.1:4318`: it gets
    /// a span for each run and each posting. Needs a build with the feature `otlp`, and a restart.
    #[schemars(with = "Option<String>")]
    pub otlp_endpoint: Option<Url>,
}

impl Telemetry {
    /// What is wrong with it: this build sends no traces.
    pub(super) fn fault(&self) -> Option<&'static str> {
        let asked = self.otlp_endpoint.is_some() && !cfg!(feature = "otlp");
        asked.then_some("[telemetry] otlp_endpoint needs a build with the feature otlp")
    }
}

/// `[connection.schedule]`: when each flow runs, such as `settlements = "every 30m"`.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct Schedule(#[schemars(with = "BTreeMap<String, String>")] BTreeMap<String, Spec>);

impl Schedule {
    /// When this flow runs, if the configuration says so.
    #[must_use]
    pub fn of(&self, flow: &Flow) -> Option<Spec> {
        self.0.get(flow.name).cloned()
    }

    /// What is wrong with it: a flow that does not exist.
    pub(super) fn fault(&self) -> Option<String> {
        let unknown = self.0.keys().find(|name| flow::named(name).is_none())?;
        Some(format!("schedule: there is no flow \"{unknown}\"; the flows are {}", flow::names()))
    }
}
