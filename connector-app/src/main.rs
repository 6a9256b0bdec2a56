//! The binary: reads the command line, runs the command, says what happened, exits as documented.

use std::process::ExitCode;

use clap::Parser as _;
use connector_app::cli::{Cli, Color, Command};
use connector_app::exit::Exit;
use connector_app::{commands, output};
use tracing_subscriber::EnvFilter;

fn main() -> ExitCode {
    let cli = Cli::parse();
    match cli.common.color {
        Color::Auto => {}
        Color::Always => anstream::ColorChoice::Always.write_global(),
        Color::Never => anstream::ColorChoice::Never.write_global(),
    }
    log_to_stderr(&cli);

    let runtime = match runtime(&cli).enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            output::note(format!("ml-connector: cannot start: {error}"));
            return Exit::Failed.into();
        }
    };
    match runtime.block_on(commands::run(cli)) {
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

/// Logs go to standard error, so that standard output stays the answer.
fn log_to_stderr(cli: &Cli) {
    let level = match cli.common.verbose {
        // A server's log is what it has to say.
        0 if matches!(cli.command, Command::Serve(_)) => "info",
        0 => "error",
        1 => "info",
        _ => "debug",
    };
    let filter = EnvFilter::try_from_env("ML_CONNECTOR_LOG").unwrap_or_else(|_| level.into());
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
}
