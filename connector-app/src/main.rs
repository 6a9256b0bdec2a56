//! The binary: reads the command line, runs the command, says what happened, exits as documented.

use std::process::ExitCode;

use clap::Parser as _;
use connector_app::cli::{Cli, Color};
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
    log_to_stderr(cli.common.verbose);

    let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
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

/// Logs go to standard error, so that standard output stays the answer.
fn log_to_stderr(verbose: u8) {
    let level = match verbose {
        0 => "error",
        1 => "info",
        _ => "debug",
    };
    let filter = EnvFilter::try_from_env("ML_CONNECTOR_LOG").unwrap_or_else(|_| level.into());
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
}
