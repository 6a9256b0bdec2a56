//! `credentials`: the secrets of the connections, encrypted in the store.

use std::io::{IsTerminal as _, Read as _};
use std::path::{Path, PathBuf};

use anstyle::Style;
use anyhow::{Context as _, bail};
use jiff::Timestamp;
use secrecy::SecretString;
use serde_json::json;
use store::{SecretRecord, Store};
use vault::{KeyEncryptionKey, Place};

use super::App;
use crate::cli::CredentialsCommand;
use crate::config::{Config, Connection, SecretSource, write_key, write_to_keyring};
use crate::connect;
use crate::exit::Exit;
use crate::output::{self, ATTENTION, Align, BAD, GOOD, HEAD, Table, styled};
use crate::secrets::{CLIENT_SECRET_DAYS_TO_WARN, OpenVault, client_secret_left, entropy, event};

/// The longest secret that is read; a longer one is a wrong file.
const SECRET_BYTES_MAX: u64 = 64 * 1024;

pub(super) async fn run(app: &App, command: &CredentialsCommand) -> anyhow::Result<Exit> {
    let config = app.config()?;
    match command {
        CredentialsCommand::Key { keyring: Some(name), .. } => new_key_in_keyring(name),
        CredentialsCommand::Key { file, .. } => new_key(&config.folder.join(file)),
        CredentialsCommand::Set { name } => set(app, &config, name).await,
        CredentialsCommand::Rotate { name } => rotate(app, &config, name).await,
        CredentialsCommand::Status => status(app, &config).await,
        CredentialsCommand::Rekey { key_file } => {
            rekey(app, &config, &config.folder.join(key_file)).await
        }
        CredentialsCommand::Forget => forget(app, &config).await,
    }
}

/// The names of a connection's secrets, with where the configuration keeps each.
fn names(connection: &Connection) -> [(&'static str, &SecretSource); 4] {
    [
        ("amazon.client_secret", &connection.amazon.client_secret),
        ("amazon.refresh_token", &connection.amazon.refresh_token),
        ("epicor.api_key", &connection.epicor.api_key),
        ("epicor.password", &connection.epicor.password),
    ]
}

fn known<'n>(connection: &Connection, name: &'n str) -> anyhow::Result<&'n str> {
    let names = names(connection);
    let Some((_, source)) = names.iter().find(|(known, _)| *known == name) else {
        let names: Vec<_> = names.iter().map(|(name, _)| *name).collect();
        bail!("there is no credential {name}; name one of {}", names.join(", "));
    };
    if **source != SecretSource::Vault {
        output::note(format!(
            "The configuration takes {name} from elsewhere; leave it out there, or write \
             {{ vault = true }}, to have it taken from the vault."
        ));
    }
    Ok(name)
}

fn new_key(path: &Path) -> anyhow::Result<Exit> {
    let key = KeyEncryptionKey::generate(&mut entropy);
    write_fresh(path, &key, "go on with `credentials set`")?;
    output::line(format!("Key {} is in {}.", key.id(), path.display()));
    output::line("Keep a copy where the backups are not: without it the credentials are lost.");
    Ok(Exit::Ok)
}

/// Writes a key to a new file. Where the file is there already, says what to do instead.
fn write_fresh(path: &Path, key: &KeyEncryptionKey, instead: &str) -> anyhow::Result<()> {
    match write_key(path, key) {
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
            bail!("{} is there already and stays as it is; {instead}", path.display())
        }
        written => written.with_context(|| format!("writing the key to {}", path.display())),
    }
}

fn new_key_in_keyring(name: &str) -> anyhow::Result<Exit> {
    let key = KeyEncryptionKey::generate(&mut entropy);
    write_to_keyring(name, &key.to_text())
        .map_err(|problem| anyhow::anyhow!("the keyring {problem}"))?;
    output::line(format!("Key {} is in the keyring, entry {name} of ml-connector.", key.id()));
    output::line(format!("Write this under [vault]: key = {{ keyring = \"{name}\" }}"));
    Ok(Exit::Ok)
}

async fn set(app: &App, config: &Config, name: &str) -> anyhow::Result<Exit> {
    let connection = config.connection(app.common.connection.as_deref())?;
    let name = known(connection, name)?;
    let secret = ask(&format!("{name} of connection {}", connection.name))?;
    let vault = OpenVault::open(config, connect::store(config).await?).await?;
    let place = Place { connection: &connection.name, name };
    vault.set(&App::person(), app.clock.now(), place, &secret).await?;
    output::line(format!("{place} is set."));
    Ok(Exit::Ok)
}

async fn rotate(app: &App, config: &Config, name: &str) -> anyhow::Result<Exit> {
    let connection = config.connection(app.common.connection.as_deref())?;
    let name = known(connection, name)?;
    if name != "amazon.client_secret" {
        bail!(
            "only amazon.client_secret is rotated with both secrets in use; for {name}, run \
             `credentials set`"
        );
    }
    let secret = ask(&format!("the new {name} of connection {}", connection.name))?;
    let vault = OpenVault::open(config, connect::store(config).await?).await?;
    let place = Place { connection: &connection.name, name };
    vault.set_new(&App::person(), app.clock.now(), place, &secret).await?;
    output::line(format!(
        "The new {place} is set. It is tried first from now on, and the former one where it is \
         refused. `credentials status` shows both until the new one was accepted."
    ));
    Ok(Exit::Ok)
}

/// A secret typed without an echo, or piped in.
pub(super) fn ask(what: &str) -> anyhow::Result<SecretString> {
    let text = if std::io::stdin().is_terminal() {
        rpassword::prompt_password(format!("{what}: ")).context("reading from the terminal")?
    } else {
        let mut text = String::new();
        std::io::stdin()
            .take(SECRET_BYTES_MAX)
            .read_to_string(&mut text)
            .context("reading standard input")?;
        text
    };
    let secret = SecretString::from(text.trim_end_matches(['\r', '\n']));
    if secrecy::ExposeSecret::expose_secret(&secret).is_empty() {
        bail!("{what}: nothing was entered; nothing was changed");
    }
    Ok(secret)
}

/// A secret as `status` shows it.
struct Shown {
    connection: String,
    name: String,
    kept: String,
    set_at: Option<Timestamp>,
    state: String,
    style: Style,
}

async fn status(app: &App, config: &Config) -> anyhow::Result<Exit> {
    let store = match config.vault {
        Some(_) => connect::store_if_any(config).await?,
        None => None,
    };
    let vault = match store {
        Some(store) => Some((OpenVault::open(config, store.clone()).await?, store)),
        None => None,
    };
    let now = app.clock.now();
    let mut shown = Vec::new();
    for connection in app.connections(config)? {
        let kept = match &vault {
            Some((_, store)) => store.secrets(Some(&connection.name)).await?,
            None => Vec::new(),
        };
        for (name, source) in names(connection) {
            let record = kept.iter().find(|record| record.name == name);
            shown.push(match (source, record) {
                (SecretSource::Vault, record) => {
                    in_vault(connection, name, vault.as_ref().map(|(open, _)| open), record, now)
                }
                (source, _) => elsewhere(connection, name, source, &config.folder),
            });
        }
        let waiting = kept.iter().filter(|record| record.name.ends_with(".new"));
        shown.extend(waiting.map(|record| Shown {
            connection: connection.name.clone(),
            name: record.name.clone(),
            kept: "vault".to_owned(),
            set_at: Some(record.set_at),
            state: "waits to be accepted".to_owned(),
            style: Style::new(),
        }));
    }
    let bad = shown.iter().any(|secret| secret.style == BAD);
    print(app, &shown);
    Ok(if bad { Exit::Configuration } else { Exit::Ok })
}

fn in_vault(
    connection: &Connection,
    name: &str,
    vault: Option<&OpenVault>,
    record: Option<&SecretRecord>,
    now: Timestamp,
) -> Shown {
    let opened = record.zip(vault).map(|(record, vault)| vault.check(record));
    let (state, style) = match (&opened, record) {
        (Some(Err(error)), _) => (error.to_string(), BAD),
        (Some(Ok(())), Some(record)) if name == "amazon.client_secret" => {
            countdown(record.set_at, now)
        }
        (Some(Ok(())), _) => ("ok".to_owned(), GOOD),
        (None, _) => (format!("missing; run `credentials set {name}`"), BAD),
    };
    Shown {
        connection: connection.name.clone(),
        name: name.to_owned(),
        kept: "vault".to_owned(),
        set_at: record.map(|record| record.set_at),
        state,
        style,
    }
}

fn elsewhere(connection: &Connection, name: &str, source: &SecretSource, folder: &Path) -> Shown {
    let (state, style) = match source.read(name, folder) {
        Ok(_) => ("ok".to_owned(), GOOD),
        Err(error) => (error.problem, BAD),
    };
    Shown {
        connection: connection.name.clone(),
        name: name.to_owned(),
        kept: source.place(),
        set_at: None,
        state,
        style,
    }
}

/// How long an application's client secret may still be used.
fn countdown(set_at: Timestamp, now: Timestamp) -> (String, Style) {
    let (day, days) = client_secret_left(set_at, now);
    match days {
        ..0 => (format!("expired on {day}; run `credentials rotate`"), BAD),
        0..=CLIENT_SECRET_DAYS_TO_WARN => {
            (format!("rotate it by {day}, in {days} days"), ATTENTION)
        }
        _ => (format!("ok, rotate it by {day}"), GOOD),
    }
}

fn print(app: &App, shown: &[Shown]) {
    let columns = ["Connection", "Credential", "Kept in", "Set (UTC)", "State"];
    let mut table = Table::new(&columns.map(|name| (name, Align::Left)));
    for secret in shown {
        let set_at = secret.set_at.map(|at| at.strftime("%Y-%m-%d %H:%M").to_string());
        if app.common.json {
            output::line(json!({
                "connection": secret.connection, "name": secret.name, "kept": secret.kept,
                "set_at": secret.set_at.map(|at| at.to_string()), "state": secret.state,
            }));
            continue;
        }
        table.styled_row(vec![
            (secret.connection.clone(), Style::new()),
            (secret.name.clone(), Style::new()),
            (secret.kept.clone(), Style::new()),
            (set_at.unwrap_or_default(), Style::new()),
            (secret.state.clone(), secret.style),
        ]);
    }
    if !app.common.json {
        output::line(styled(HEAD, "Credentials"));
        for line in table.lines() {
            output::line(line);
        }
    }
}

async fn rekey(app: &App, config: &Config, path: &Path) -> anyhow::Result<Exit> {
    let vault = OpenVault::open(config, connect::store(config).await?).await?;
    let key = KeyEncryptionKey::generate(&mut entropy);
    // The key is on the disk before anything is encrypted under it.
    write_fresh(path, &key, "name a new file with --key-file")?;
    let count = vault.rekey(&App::person(), app.clock.now(), &key).await?;
    output::line(format!("{count} credentials are encrypted under key {} now.", key.id()));
    output::line(format!(
        "Write this under [vault] now, and keep a copy of the file: key = {{ file = \"{}\" }}",
        shown(config, path).display()
    ));
    Ok(Exit::Ok)
}

fn shown(config: &Config, path: &Path) -> PathBuf {
    path.strip_prefix(&config.folder).unwrap_or(path).to_owned()
}

async fn forget(app: &App, config: &Config) -> anyhow::Result<Exit> {
    let Some(connection) = app.common.connection.as_deref() else {
        bail!("name the connection whose credentials are to be forgotten with --connection");
    };
    let store: Store = connect::store(config).await?;
    let event = event(&App::person(), app.clock.now(), connection, "credentials", "forgotten");
    let count = store.secrets_forget(connection, &event).await?;
    output::line(format!("{count} credentials of connection {connection} are forgotten."));
    output::line(
        "Backups made before hold them still, encrypted, for as long as somebody keeps them: whoever \
         has such a backup and the vault's key can read them. To make those worthless: run \
         `credentials rekey`, write the new key into [vault], and destroy the former key with all \
         its copies (backups made before cannot give back any credential then). To make the \
         credentials themselves worthless, end them where they came from: the application's \
         authorisation in Seller Central, the API key and the user in Epicor.",
    );
    Ok(Exit::Ok)
}
