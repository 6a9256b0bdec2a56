//! Setting up, running, and what it tells.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Subcommand};

/// What `demo` takes.
#[derive(Debug, Clone, Args)]
pub struct DemoArgs {
    /// Use the settlement files of this folder instead of the built-in ones.
    #[arg(long, value_name = "DIR")]
    pub settlements: Option<PathBuf>,
    /// Keep the demo's data folder and configuration here.
    #[arg(long, value_name = "DIR")]
    pub keep: Option<PathBuf>,
}

/// What `serve` takes.
#[derive(Debug, Clone, Args)]
pub struct ServeArgs {
    /// Listen here instead of where the configuration says.
    #[arg(long, value_name = "ADDRESS:PORT")]
    pub listen: Option<SocketAddr>,
    /// As one of many on a PostgreSQL server; listens only where --listen says.
    #[arg(long)]
    pub worker: bool,
}

/// What `init` takes. Without a terminal nothing is asked: what is left out gets a text to replace.
#[derive(Debug, Clone, Args)]
pub struct InitArgs {
    /// The folder that the files are written to.
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub dir: PathBuf,
    /// The connection's name: letters, digits and -.
    #[arg(long, value_name = "NAME")]
    pub name: Option<String>,
    /// Amazon's region: na, eu or fe.
    #[arg(long, value_name = "REGION")]
    pub region: Option<String>,
    /// The client id of the Amazon application.
    #[arg(long, value_name = "ID")]
    pub client_id: Option<String>,
    /// Epicor's address: https://host/instance.
    #[arg(long, value_name = "URL")]
    pub url: Option<String>,
    /// The Epicor company.
    #[arg(long, value_name = "ID")]
    pub company: Option<String>,
    /// The connector's own Epicor user.
    #[arg(long, value_name = "USER")]
    pub user: Option<String>,
}

/// What can be asked of the configuration file.
#[derive(Debug, Clone, Copy, Subcommand)]
pub enum ConfigCommand {
    /// Its JSON Schema, for completion and checking in an editor.
    Schema,
}

/// What can be done with alerts.
#[derive(Debug, Clone, Copy, Subcommand)]
pub enum AlertsCommand {
    /// Every alert that stands, with who must act and what to do.
    List,
    /// Send a trial message over every channel of the configuration.
    Test,
}

/// What can be asked of the audit log.
#[derive(Debug, Clone, Subcommand)]
pub enum AuditCommand {
    /// Everything that happened to one settlement or order, in order; or to the users of the console.
    Show {
        /// The settlement's or the order's id; `users`, or "user NAME".
        #[arg(value_name = "ID")]
        id: String,
    },
    /// Recompute the chain of every connection's events, in the store or in an export.
    Verify {
        /// An export, checked without the store.
        #[arg(value_name = "FILE")]
        file: Option<PathBuf>,
        /// The public key that must have signed it, or a file with it; `audit key` prints it.
        // One key in sixty-four begins with a hyphen.
        #[arg(long, value_name = "KEY", allow_hyphen_values = true)]
        key: Option<String>,
    },
    /// Print the public key that the log is signed by.
    Key,
    /// Write every event to a file that can be verified anywhere.
    Export {
        /// The file; it must not exist.
        #[arg(value_name = "FILE")]
        file: PathBuf,
    },
}
