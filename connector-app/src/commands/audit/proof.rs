//! Proof that nobody changed the audit log: in the store, and in an export, anywhere.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{BufRead as _, BufReader, BufWriter, IntoInnerError, Write as _};
use std::path::Path;

use anstyle::Style;
use anyhow::{Context as _, bail, ensure};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::{AuditCheck, AuditLine, CHECKPOINT_EVERY, ChainEnd, Checkpoint, Signer as _, Store};
use vault::PublicKey;

use crate::checkpoint::{AuditSigner, check_signatures, signed_by};
use crate::commands::App;
use crate::config::Config;
use crate::connect;
use crate::exit::Exit;
use crate::output::{self, ATTENTION, Align, QUIET, Table, styled};

/// The public key that others check exports by.
pub(in crate::commands) async fn key(app: &App) -> anyhow::Result<Exit> {
    let config = app.config()?;
    let store = connect::store_to_read(&config).await?;
    let signer = AuditSigner::existing(&config, &store).await?;
    let signer =
        signer.context("the audit log has no signing key yet; it comes with the first run")?;
    let public = signer.public();
    if app.common.json {
        let id = public.id().to_string();
        output::line(json!({ "public_key": public.to_string(), "id": id }));
    } else {
        output::line(public);
    }
    Ok(Exit::Ok)
}

pub(in crate::commands) async fn verify(app: &App, key: Option<&str>) -> anyhow::Result<Exit> {
    let config = app.config()?;
    let store = connect::store_to_read(&config).await?;
    let own = AuditSigner::existing(&config, &store).await?;
    let mut trusted = trusted_keys(&config, own.as_deref());
    trusted.extend(key.map(public_key).transpose()?);
    let check = store.verify_audit().await?;
    let keys = check_checkpoints(&store, &check, &trusted).await?;
    tell(app, &check, &keys);
    if trusted.is_empty() && !keys.is_empty() {
        hint(
            app,
            "this machine signs nothing and [audit] trusted_keys names no key: compare the \
                   key with `ml-connector audit key` of the machine that does",
        );
    }
    Ok(Exit::Ok)
}

/// The keys whose signatures are taken: this machine's, and those that the configuration names.
fn trusted_keys(config: &Config, own: Option<&AuditSigner>) -> BTreeSet<PublicKey> {
    let named = config.audit.trusted_keys.iter().cloned();
    named.chain(own.map(AuditSigner::public)).collect()
}

/// Something that a person should look at though all verifies.
fn hint(app: &App, text: &str) {
    if !app.common.json {
        output::line(format!("  {} {text}", styled(ATTENTION, "note:")));
    }
}

/// The signatures hold, and no chain has grown further than one checkpoint without another.
async fn check_checkpoints(
    store: &Store,
    check: &AuditCheck,
    trusted: &BTreeSet<PublicKey>,
) -> anyhow::Result<BTreeSet<PublicKey>> {
    let mut keys = BTreeSet::new();
    for (connection, end) in &check.chains {
        let checkpoints = store.checkpoints(connection).await?;
        keys.extend(check_signatures(&checkpoints, trusted)?);
        let vouched = check.vouched.get(connection).copied().unwrap_or(0);
        if !trusted.is_empty() && end.events >= vouched + CHECKPOINT_EVERY {
            bail!(
                "audit events {} to {} of {}: no checkpoint vouches for them, though one is written \
                 every {CHECKPOINT_EVERY} events; checkpoints were removed, or the signing key was \
                 not at hand: compare with the last export",
                vouched + 1,
                end.events,
                shown(connection),
            );
        }
    }
    Ok(keys)
}

/// How an export ends: with the ends of all chains, signed, so that what was cut off is noticed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Ends {
    ends: BTreeMap<String, ChainEnd>,
    at: Timestamp,
    /// Nobody signs the export of a log that was never signed.
    #[serde(skip_serializing_if = "Option::is_none")]
    public_key: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    signature: Option<String>,
}

impl Ends {
    fn new(ends: BTreeMap<String, ChainEnd>, at: Timestamp, signer: Option<&AuditSigner>) -> Self {
        let public_key = signer.map(store::Signer::public_key);
        let mut ends = Self { ends, at, public_key, signature: None };
        ends.signature = signer.map(|signer| signer.sign(&ends.text()));
        ends
    }

    /// What is signed.
    fn text(&self) -> Vec<u8> {
        let Self { ends, at, public_key, .. } = self;
        let form = "ml-connector audit export 1";
        json!([form, ends, at.to_string(), public_key]).to_string().into_bytes()
    }

    /// The key that signed it; `None` when nobody did.
    fn signed_by(&self) -> anyhow::Result<Option<PublicKey>> {
        match (&self.public_key, &self.signature) {
            (None, None) => Ok(None),
            (Some(key), Some(signature)) => match signed_by(&self.text(), key, signature) {
                Some(key) => Ok(Some(key)),
                None => bail!("the signature of its end does not hold: it was changed or cut off"),
            },
            _ => bail!("its end is half signed: it was changed"),
        }
    }
}

/// A line of an export.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Exported {
    Line(AuditLine),
    Checkpoint { checkpoint: Checkpoint },
    Ends(Ends),
}

/// Each line is an event; before those of a chain stand its checkpoints, behind all the signed ends.
pub(in crate::commands) async fn export(app: &App, path: &Path) -> anyhow::Result<Exit> {
    let config = app.config()?;
    let store = connect::store_to_read(&config).await?;
    let signer = AuditSigner::existing(&config, &store).await?;
    // A log that does not verify is not exported as if it did.
    let verified = store.verify_audit().await?;
    let trusted = trusted_keys(&config, signer.as_deref());
    let keys = check_checkpoints(&store, &verified, &trusted).await?;
    let writing = || format!("writing {}", path.display());
    let mut file = BufWriter::new(File::create_new(path).with_context(writing)?);
    let mut check = AuditCheck::default();
    let mut put = |line: &Exported| -> anyhow::Result<()> {
        writeln!(file, "{}", serde_json::to_string(line)?).with_context(writing)
    };
    for (connection, verified) in &verified.chains {
        for checkpoint in store.checkpoints(connection).await? {
            // One that was written since belongs to events that are not exported.
            if checkpoint.seq <= verified.events {
                check.expect(checkpoint.clone());
                put(&Exported::Checkpoint { checkpoint })?;
            }
        }
        loop {
            let after = check.chains.get(connection).map_or(0, |end| end.events);
            let lines = store.audit_lines(connection, after).await?;
            let lines = lines.into_iter().take_while(|line| line.seq <= verified.events);
            let lines: Vec<_> = lines.collect();
            if lines.is_empty() {
                break;
            }
            for line in lines {
                check.follow(&line)?;
                put(&Exported::Line(line))?;
            }
        }
    }
    check.ended()?;
    put(&Exported::Ends(Ends::new(check.chains.clone(), app.clock.now(), signer.as_deref())))?;
    file.into_inner().map_err(IntoInnerError::into_error)?.sync_all().with_context(writing)?;
    tell(app, &check, &keys);
    Ok(Exit::Ok)
}

pub(in crate::commands) fn verify_export(
    app: &App,
    path: &Path,
    key: Option<&str>,
) -> anyhow::Result<Exit> {
    let trusted: BTreeSet<PublicKey> = key.map(public_key).transpose()?.into_iter().collect();
    let name = path.display();
    let file = File::open(path).with_context(|| format!("reading {name}"))?;
    let (mut check, mut keys) = (AuditCheck::default(), BTreeSet::new());
    let mut ends = None;
    for (number, text) in BufReader::new(file).lines().enumerate() {
        let at = || format!("{name}, line {}", number + 1);
        let text = text.with_context(at)?;
        ensure!(ends.is_none(), "{}: there is something behind the end", at());
        match serde_json::from_str(&text).with_context(at)? {
            Exported::Line(line) => check.follow(&line).with_context(at)?,
            Exported::Checkpoint { checkpoint } => {
                keys.extend(check_signatures([&checkpoint], &trusted).with_context(at)?);
                check.expect(checkpoint);
            }
            Exported::Ends(noted) => ends = Some(noted),
        }
    }
    check.ended().with_context(|| name.to_string())?;
    let ends = ends.with_context(|| format!("{name} has no end: it was cut off"))?;
    if let Some((connection, missing)) = missing_behind(&ends.ends, &check) {
        bail!("{name}: event {missing} of {} is missing: it was cut off", shown(&connection));
    }
    ensure!(ends.ends == check.chains, "{name}: its events do not end where it says they do");
    let signer = ends.signed_by().with_context(|| name.to_string())?;
    match &signer {
        Some(signer) if trusted.is_empty() || trusted.contains(signer) => {}
        Some(signer) => {
            bail!("{name} is signed by key {}, which is not the one given", signer.id())
        }
        None => ensure!(trusted.is_empty(), "{name} is not signed: nobody vouches for it"),
    }
    keys.extend(signer);
    tell(app, &check, &keys);
    if trusted.is_empty() {
        hint(
            app,
            "compare the key with `ml-connector audit key` of the installation, or name it \
                   with --key: who has another key can sign too",
        );
    }
    Ok(Exit::Ok)
}

/// The first event that the end of an export tells of and that is not there.
fn missing_behind(ends: &BTreeMap<String, ChainEnd>, check: &AuditCheck) -> Option<(String, u64)> {
    ends.iter().find_map(|(connection, noted)| {
        let events = check.chains.get(connection).map_or(0, |end| end.events);
        (events < noted.events).then(|| (connection.clone(), events + 1))
    })
}

/// A public key, from its text or from a file.
fn public_key(given: &str) -> anyhow::Result<PublicKey> {
    let path = Path::new(given);
    let text = match path.exists() {
        true => std::fs::read_to_string(path).with_context(|| format!("reading {given}"))?,
        false => given.to_owned(),
    };
    Ok(text.parse::<PublicKey>()?)
}

/// A chain's name for people: the installation's own has none.
fn shown(connection: &str) -> &str {
    if connection.is_empty() { "(installation)" } else { connection }
}

fn tell(app: &App, check: &AuditCheck, keys: &BTreeSet<PublicKey>) {
    let ids: Vec<_> = keys.iter().map(|key| key.id().to_string()).collect();
    if app.common.json {
        output::line(json!({
            "events": check.events(), "ends": &check.chains, "vouched": &check.vouched,
            "keys": ids,
        }));
        return;
    }
    let mut table = Table::new(&[
        ("Connection", Align::Left),
        ("Events", Align::Right),
        ("Vouched for to", Align::Right),
        ("Newest event's hash; note it elsewhere", Align::Left),
    ]);
    for (connection, end) in &check.chains {
        let vouched = check.vouched.get(connection).copied().unwrap_or(0);
        let cells = [
            shown(connection).to_owned(),
            end.events.to_string(),
            vouched.to_string(),
            end.head.clone(),
        ];
        table.row(Style::new(), cells);
    }
    for line in table.lines() {
        output::line(line);
    }
    let signed = match ids.as_slice() {
        [] => "nobody signed".to_owned(),
        ids => format!("signed by key {}", ids.join(", ")),
    };
    output::line(styled(QUIET, format!("  all {} events verify; {signed}", check.events())));
}
