//! Traces for an OpenTelemetry collector: a span for each run, and within it one for each posting.

use anyhow::Context as _;
use opentelemetry::trace::TracerProvider as _;
use opentelemetry_otlp::{Protocol, SpanExporter, WithExportConfig as _};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::runtime::Tokio;
use opentelemetry_sdk::trace::span_processor_with_async_runtime::BatchSpanProcessor;
use opentelemetry_sdk::trace::{SdkTracer, SdkTracerProvider};
use tracing_opentelemetry::OpenTelemetryLayer;
use tracing_subscriber::Layer;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::registry::LookupSpan;
use url::Url;

/// The spans that are sent: this crate's own.
const SPANS: &str = "connector_app";

/// Sends spans until it is [ended](Self::end).
#[derive(Debug)]
pub struct Traces {
    provider: SdkTracerProvider,
}

impl Traces {
    /// Sends to a collector that takes OTLP over HTTP, such as `http://127.0.0.1:4318`. A tokio
    /// runtime must have been entered; the spans are sent on it.
    ///
    /// # Errors
    /// When the address cannot be one of a collector.
    pub fn start(collector: &Url) -> anyhow::Result<Self> {
        let place = format!("{}/v1/traces", collector.as_str().trim_end_matches('/'));
        let exporter = SpanExporter::builder()
            .with_http()
            .with_protocol(Protocol::HttpBinary)
            .with_endpoint(place)
            .build()
            .context("[telemetry] otlp_endpoint")?;
        let processor = BatchSpanProcessor::builder(exporter, Tokio).build();
        let resource = Resource::builder().with_service_name("ml-connector").build();
        let provider =
            SdkTracerProvider::builder().with_span_processor(processor).with_resource(resource);
        Ok(Self { provider: provider.build() })
    }

    /// What hands the spans over.
    pub fn layer<S>(&self) -> impl Layer<S> + use<S>
    where
        S: tracing::Subscriber + for<'span> LookupSpan<'span>,
    {
        let layer: OpenTelemetryLayer<S, SdkTracer> =
            tracing_opentelemetry::layer().with_tracer(self.provider.tracer("ml-connector"));
        layer.with_filter(Targets::new().with_target(SPANS, tracing::Level::INFO))
    }

    /// Sends what is left. Call it off the runtime's threads, while it runs.
    pub fn end(self) {
        if let Err(error) = self.provider.shutdown() {
            tracing::warn!("the last spans were not sent: {error}");
        }
    }
}
