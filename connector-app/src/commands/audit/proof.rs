//! Proof that nobody changed the audit log: in the store, and in an export, anywhere.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{BufRead as _, BufReader, BufWriter, IntoInnerError};
use std::path::Path;

use anstyle::Style;
use anyhow::{Context as _, bail, ensure};
use serde_json::{Value, json};
use store::{AuditCheck, ChainEnd};
use vault::PublicKey;

use crate::audit_proof::{self, Exported, Proof, shown};
use crate::checkpoint::{AuditSigner, check_signatures};
use crate::commands::App;
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
    let trusted: BTreeSet<PublicKey> = key.map(public_key).transpose()?.into_iter().collect();
    tell_proof(app, &audit_proof::verify(&config, &store, trusted).await?);
    Ok(Exit::Ok)
}

/// What verifies, by which keys, and what is not proved.
pub(in crate::commands) fn tell_proof(app: &App, proof: &Proof) {
    let doubt = proof.doubt();
    tell(app, &proof.check, &proof.keys, doubt.as_deref());
    if let Some(doubt) = doubt {
        hint(app, &doubt);
    }
}

/// Something that a person should look at though all verifies.
fn hint(app: &App, text: &str) {
    if !app.common.json {
        output::line(format!("  {} {text}", styled(ATTENTION, "note:")));
    }
}

/// Writes the log to a new file, and tells what is in it.
pub(in crate::commands) async fn export(app: &App, path: &Path) -> anyhow::Result<Exit> {
    tell_proof(app, &write(app, path).await?);
    Ok(Exit::Ok)
}

/// Writes the log to a new file; see [`audit_proof::export`].
pub(in crate::commands) async fn write(app: &App, path: &Path) -> anyhow::Result<Proof> {
    let config = app.config()?;
    let store = connect::store_to_read(&config).await?;
    let writing = || format!("writing {}", path.display());
    let mut file = BufWriter::new(File::create_new(path).with_context(writing)?);
    let written = audit_proof::export(&config, &store, app.clock.now(), &mut file).await;
    let proof = written.with_context(writing)?;
    file.into_inner().map_err(IntoInnerError::into_error)?.sync_all().with_context(writing)?;
    Ok(proof)
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
    tell(app, &check, &keys, None);
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

/// What verifies, by which keys, and what is not proved, for machines.
pub(in crate::commands) fn as_json(
    check: &AuditCheck,
    keys: &BTreeSet<PublicKey>,
    doubt: Option<&str>,
) -> Value {
    let mut told = json!({
        "events": check.events(), "ends": &check.chains, "vouched": &check.vouched,
        "keys": ids(keys),
    });
    if let Some(doubt) = doubt {
        told["not_proved"] = doubt.into();
    }
    told
}

fn ids(keys: &BTreeSet<PublicKey>) -> Vec<String> {
    keys.iter().map(|key| key.id().to_string()).collect()
}

/// The ends of the chains; `doubt` is told to programs with them.
fn tell(app: &App, check: &AuditCheck, keys: &BTreeSet<PublicKey>, doubt: Option<&str>) {
    if app.common.json {
        output::line(as_json(check, keys, doubt));
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
    let signed = match ids(keys).as_slice() {
        [] => "nobody signed".to_owned(),
        ids => format!("signed by key {}", ids.join(", ")),
    };
    output::line(styled(QUIET, format!("  all {} events verify; {signed}", check.events())));
}
