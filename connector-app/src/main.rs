//! The binary: reads the command line, runs the command, says what happened, exits as documented.

use std::process::ExitCode;

use clap::Parser as _;
use connector_app::cli::{Cli, Color, Command};
use connector_app::exit::Exit;
use connector_app::{commands, output};
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{EnvFilter, Layer, Registry};

fn main() -> ExitCode {
    let cli = Cli::parse();
    match cli.common.color {
        Color::Auto => {}
        Color::Always => anstream::ColorChoice::Always.write_global(),
        Color::Never => anstream::ColorChoice::Never.write_global(),
    }
    let runtime = match runtime(&cli).enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            output::note(format!("ml-connector: cannot start: {error}"));
            return Exit::Failed.into();
        }
    };
    let _entered = runtime.enter();
    #[cfg(feature = "otlp")]
    let traces = traces(&cli);
    #[cfg(feature = "otlp")]
    let spans = traces.as_ref().map(|traces| traces.layer().boxed());
    #[cfg(not(feature = "otlp"))]
    let spans = None;
    log_to_stderr(&cli, spans);

    let ran = runtime.block_on(commands::run(cli));
    #[cfg(feature = "otlp")]
    if let Some(traces) = traces {
        traces.end();
    }
    match ran {
        Ok(exit) => exit.into(),
        Err(error) => {
            output::complain(&error);
            Exit::of(&error).into()
        }
    }
}

/// A command works on one thread. A server has a second one, so that a long computation for one
/// connection delays no other's lease.
fn runtime(cli: &Cli) -> tokio::runtime::Builder {
    if !matches!(cli.command, Command::Serve(_)) {
        return tokio::runtime::Builder::new_current_thread();
    }
    let mut builder = tokio::runtime::Builder::new_multi_thread();
    builder.worker_threads(2);
    builder
}

/// What a server sends its spans with, if the configuration names a collector. A configuration that
/// cannot be read is told by the command.
#[cfg(feature = "otlp")]
fn traces(cli: &Cli) -> Option<connector_app::telemetry::Traces> {
    use connector_app::config::{Config, DEFAULT_FILE};

    if !matches!(cli.command, Command::Serve(_)) {
        return None;
    }
    let path = cli.common.config.clone().unwrap_or_else(|| DEFAULT_FILE.into());
    let collector = Config::load(&path).ok()?.telemetry.otlp_endpoint?;
    let traces = connector_app::telemetry::Traces::start(&collector);
    traces.inspect_err(output::complain).ok()
}

/// Logs go to standard error, so that standard output stays the answer.
fn log_to_stderr(cli: &Cli, spans: Option<Box<dyn Layer<Registry> + Send + Sync>>) {
    let level = match cli.common.verbose {
        // A server's log is what it has to say.
        0 if matches!(cli.command, Command::Serve(_)) => "info",
        0 => "error",
        1 => "info",
        _ => "debug",
    };
    let filter = EnvFilter::try_from_env("ML_CONNECTOR_LOG").unwrap_or_else(|_| level.into());
    let log = tracing_subscriber::fmt::layer().with_writer(std::io::stderr).with_filter(filter);
    tracing_subscriber::registry().with(spans).with(log).init();
}
