//! Why a configuration cannot be used.

use std::path::PathBuf;

use super::SecretUnavailable;

/// The configuration, the rules or the calendar cannot be used; an IT admin must change a file.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ConfigError {
    /// There is no configuration file, or it cannot be read.
    #[error(
        "cannot read {}: run `ml-connector init` to write one, or name another with --config",
        path.display()
    )]
    NotFound {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// A file that the configuration or the command line names cannot be read.
    #[error("cannot read {}: put it there, or name another file", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// The file is not the TOML we expect.
    #[error("{}:{line}:{column}: {message}", path.display())]
    Invalid {
        /// The file.
        path: PathBuf,
        /// 1-based line.
        line: usize,
        /// 1-based column.
        column: usize,
        /// What is wrong, and the fix where one is known.
        message: String,
    },
    /// A value is well-formed but cannot be meant.
    #[error("{}: {}{message}", path.display(), of(connection))]
    Refused {
        /// The file.
        path: PathBuf,
        /// The connection; empty when it concerns them all.
        connection: String,
        /// What is wrong and what to write instead.
        message: String,
    },
    /// `[alerts]` is well-formed but cannot be meant.
    #[error("{}: [alerts] {message}", path.display())]
    Alerts {
        /// The file.
        path: PathBuf,
        /// What is wrong and what to write instead.
        message: &'static str,
    },
    /// The rules or the calendar file is wrong.
    #[error(transparent)]
    File(#[from] ledger_mapper::FileError),
    /// A secret is not where the file says.
    #[error(transparent)]
    Secret(#[from] SecretUnavailable),
}

fn of(connection: &str) -> String {
    match connection {
        "" => String::new(),
        name => format!("connection \"{name}\": "),
    }
}
