//! `credentials`: the secrets of the connections, encrypted in the store.

mod status;

use std::io::{IsTerminal as _, Read as _};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail, ensure};
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::json;
use store::Store;
use vault::{KeyEncryptionKey, Place};

use super::App;
use crate::cli::{CredentialsCommand, RekeyTo};
use crate::config::{Config, Connection, SecretSource, write_key, write_to_keyring};
use crate::connect;
use crate::exit::Exit;
use crate::output;
use crate::secrets::{OpenVault, entropy, event};

/// The longest secret that is read; a longer one is a wrong file.
const SECRET_BYTES_MAX: u64 = 64 * 1024;

pub(super) async fn run(app: &App, command: &CredentialsCommand) -> anyhow::Result<Exit> {
    let config = app.config()?;
    match command {
        CredentialsCommand::Key { keyring: Some(name), .. } => new_key_in_keyring(app, name),
        CredentialsCommand::Key { file, .. } => new_key(app, &config.folder.join(file)),
        CredentialsCommand::Set { name } => set(app, &config, name).await,
        CredentialsCommand::Rotate { name } => rotate(app, &config, name).await,
        CredentialsCommand::Status => status::run(app, &config).await,
        CredentialsCommand::Rekey(to) => rekey(app, &config, to).await,
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

fn new_key(app: &App, path: &Path) -> anyhow::Result<Exit> {
    let key = KeyEncryptionKey::generate(&mut entropy);
    write_fresh(path, &key, "go on with `credentials set`")?;
    let (id, file) = (key.id().to_string(), path.display().to_string());
    let told = format!(
        "Key {id} is in {file}.\n\
         Keep a copy where the backups are not: without it the credentials are lost."
    );
    app.tell(&json!({ "done": "key made", "key": id, "file": file }), told);
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

fn new_key_in_keyring(app: &App, name: &str) -> anyhow::Result<Exit> {
    let key = KeyEncryptionKey::generate(&mut entropy);
    write_to_keyring(name, &key.to_text())
        .map_err(|problem| anyhow::anyhow!("the keyring {problem}"))?;
    let id = key.id().to_string();
    let told = format!(
        "Key {id} is in the keyring, entry {name} of ml-connector.\n\
         Write this under [vault]: key = {{ keyring = \"{name}\" }}"
    );
    app.tell(&json!({ "done": "key made", "key": id, "keyring": name }), told);
    Ok(Exit::Ok)
}

async fn set(app: &App, config: &Config, name: &str) -> anyhow::Result<Exit> {
    let connection = config.connection(app.common.connection.as_deref())?;
    let name = known(connection, name)?;
    let secret = ask(&format!("{name} of connection {}", connection.name))?;
    let vault = OpenVault::open(config, connect::store(config).await?).await?;
    let place = Place { connection: &connection.name, name };
    vault.set(&App::person(), app.clock.now(), place, &secret).await?;
    let done = json!({ "done": "set", "connection": connection.name, "name": name });
    app.tell(&done, format!("{place} is set."));
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
    let told = format!(
        "The new {place} is set. It is tried first from now on, and the former one where it is \
         refused. `credentials status` shows both until the new one was accepted."
    );
    let done = json!({
        "done": "set", "connection": connection.name, "name": name, "waits": "to be accepted",
    });
    app.tell(&done, told);
    Ok(Exit::Ok)
}

/// A new secret: typed twice without an echo, or piped in.
pub(super) fn ask_twice(what: &str) -> anyhow::Result<SecretString> {
    let secret = ask(what)?;
    if std::io::stdin().is_terminal() {
        let again = ask(&format!("{what}, again"))?;
        let same = secret.expose_secret() == again.expose_secret();
        ensure!(same, "the two that were typed differ; nothing was changed");
    }
    Ok(secret)
}

/// A secret typed without an echo, or piped in.
fn ask(what: &str) -> anyhow::Result<SecretString> {
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
    if secret.expose_secret().is_empty() {
        bail!("{what}: nothing was entered; nothing was changed");
    }
    Ok(secret)
}

/// Where the key of `rekey` comes from, and what is to be written under [vault].
async fn new_key_for(
    config: &Config,
    vault: &OpenVault,
    to: &RekeyTo,
) -> anyhow::Result<(KeyEncryptionKey, String)> {
    if to.passphrase {
        let passphrase = ask_twice("the new passphrase of the vault")?;
        let key = vault.key_from_passphrase(&passphrase).await?;
        ensure!(key.id() != vault.key_id(), "it is the passphrase in use; nothing was changed");
        let kept = config.vault.as_ref().and_then(|vault| vault.passphrase.as_ref());
        let next = kept.map_or_else(
            || {
                "Write this under [vault] now, in place of the key: passphrase = { env = \"NAME\" }"
                    .to_owned()
            },
            |place| format!("Put the new passphrase into its place now: {}", place.place()),
        );
        return Ok((key, next));
    }
    let key = KeyEncryptionKey::generate(&mut entropy);
    // The key is kept before anything is encrypted under it.
    if let Some(name) = &to.keyring {
        write_to_keyring(name, &key.to_text())
            .map_err(|problem| anyhow::anyhow!("the keyring {problem}"))?;
        return Ok((
            key,
            format!("Write this under [vault] now: key = {{ keyring = \"{name}\" }}"),
        ));
    }
    let file = to.key_file.as_ref().context("name a place for the new key")?;
    let path = config.folder.join(file);
    write_fresh(&path, &key, "name a new file with --key-file")?;
    let next = format!(
        "Write this under [vault] now, and keep a copy of the file: key = {{ file = \"{}\" }}",
        shown(config, &path).display()
    );
    Ok((key, next))
}

async fn rekey(app: &App, config: &Config, to: &RekeyTo) -> anyhow::Result<Exit> {
    let vault = OpenVault::open(config, connect::store(config).await?).await?;
    let (key, next) = new_key_for(config, &vault, to).await?;
    let count = vault.rekey(&App::person(), app.clock.now(), &key).await?;
    let done = json!({
        "done": "rekeyed", "credentials": count, "former_key": vault.key_id().to_string(),
        "key": key.id().to_string(), "next": next,
    });
    let id = key.id();
    app.tell(&done, format!("{count} credentials are encrypted under key {id} now.\n{next}"));
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
    // Of a connection that was removed from the configuration secrets may be left; the installation's own
    // are kept under no name.
    if connection.is_empty() || store.secrets(Some(connection)).await?.is_empty() {
        config.connection(Some(connection))?;
    }
    let event = event(&App::person(), app.clock.now(), connection, "credentials", "forgotten");
    let names = store.secrets_forget(connection, &event).await?;
    let done = json!({ "done": "forgotten", "connection": connection, "names": names });
    let count = names.len();
    let told =
        format!("{count} credentials of connection {connection} are forgotten.\n{IN_BACKUPS}");
    app.tell(&done, told);
    Ok(Exit::Ok)
}

/// What forgetting does not reach.
const IN_BACKUPS: &str = "Backups made before hold them still, encrypted, for as long as somebody keeps them: whoever \
     has such a backup and the vault's key can read them. To make those worthless: run \
     `credentials rekey`, write the new key into [vault], and destroy the former key with all \
     its copies (backups made before cannot give back any credential then). To make the \
     credentials themselves worthless, end them where they came from: the application's \
     authorisation in Seller Central, the API key and the user in Epicor.";
