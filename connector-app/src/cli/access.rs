//! Secrets and people.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use crate::console::Role;

/// What can be done with the secrets of the connections.
#[derive(Debug, Clone, Subcommand)]
pub enum CredentialsCommand {
    /// Make the key that the credentials are encrypted with, in a file of its own.
    Key {
        /// The file; it must not exist.
        #[arg(long, value_name = "FILE", default_value = "vault.key")]
        file: PathBuf,
        /// Put it into this entry of the operating system's keyring instead.
        #[arg(long, value_name = "NAME", conflicts_with = "file")]
        keyring: Option<String>,
    },
    /// Set a secret: typed without an echo, or read from standard input.
    Set {
        /// Which one, for example amazon.client_secret.
        #[arg(value_name = "NAME")]
        name: String,
    },
    /// Which secrets there are, where each is kept, and until when it may be used.
    Status,
    /// Set the next client secret while the former one is in use still.
    Rotate {
        /// Which one: amazon.client_secret.
        #[arg(value_name = "NAME", default_value = "amazon.client_secret")]
        name: String,
    },
    /// Encrypt all credentials under a new key.
    Rekey(RekeyTo),
    /// Forget all credentials of the connection named with --connection.
    Forget,
}

/// Where the new key comes from.
#[derive(Debug, Clone, Args)]
#[group(required = true, multiple = false)]
pub struct RekeyTo {
    /// Make it, and put it into this file, which must not exist.
    #[arg(long, value_name = "FILE")]
    pub key_file: Option<PathBuf>,
    /// Make it, and put it into this entry of the operating system's keyring, which must not exist.
    #[arg(long, value_name = "NAME")]
    pub keyring: Option<String>,
    /// Make it from a new passphrase: typed twice without an echo, or read from standard input.
    #[arg(long)]
    pub passphrase: bool,
}

/// What can be done about the users of the console. Passwords are typed without an echo, or read from
/// standard input.
#[derive(Debug, Clone, Subcommand)]
pub enum UsersCommand {
    /// Let somebody use the console; asks for a password.
    Add {
        /// What they sign in with.
        #[arg(value_name = "NAME")]
        name: String,
        /// What they may do; several by commas.
        #[arg(long, value_name = "ROLES", required = true, value_delimiter = ',')]
        roles: Vec<Role>,
    },
    /// Everybody who was ever added.
    List,
    /// Give a user these roles instead; signs them out.
    SetRoles {
        /// Whom.
        #[arg(value_name = "NAME")]
        name: String,
        /// What they may do; several by commas.
        #[arg(value_name = "ROLES", required = true, value_delimiter = ',')]
        roles: Vec<Role>,
    },
    /// Let a user sign in no more; signs them out.
    Disable {
        /// Whom.
        #[arg(value_name = "NAME")]
        name: String,
    },
    /// Let a disabled user sign in again.
    Enable {
        /// Whom.
        #[arg(value_name = "NAME")]
        name: String,
    },
    /// Set another password; signs the user out.
    Password {
        /// Whose.
        #[arg(value_name = "NAME")]
        name: String,
    },
}
