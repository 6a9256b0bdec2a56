//! The proof that nobody changed the audit log: verified in the store, and written so that others can
//! verify it anywhere.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::ops::RangeInclusive;

use anyhow::bail;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::{AuditCheck, AuditLine, CHECKPOINT_EVERY, ChainEnd, Checkpoint, Signer as _, Store};
use vault::PublicKey;

use crate::checkpoint::{AuditSigner, NotNamed, check_signatures, signed_by};
use crate::config::Config;

/// What verified, and who signed it.
#[derive(Debug)]
pub struct Proof {
    /// The chains.
    pub check: AuditCheck,
    /// The keys of the signatures that hold.
    pub keys: BTreeSet<PublicKey>,
    /// Whether the signatures were held against keys that are kept outside the store. Who writes the
    /// database could put another key beside a log that was written anew, where they were not.
    pub outside: bool,
    /// Checkpoints that should be there: for each chain the events between two that are.
    missing: Vec<(String, RangeInclusive<u64>)>,
}

impl Proof {
    /// What is not proved though all verifies, and what to do about it.
    #[must_use]
    pub fn doubt(&self) -> Option<String> {
        if self.check.events() == 0 {
            return None;
        }
        if !self.outside {
            return Some(NOBODY_OUTSIDE.to_owned());
        }
        if let Some((connection, events)) = self.missing.first() {
            return Some(format!(
                "no checkpoint is there between the events {} and {} of {}, though one is written every \
                 {CHECKPOINT_EVERY} events: they were removed, or the signing key was not at hand \
                 then; compare with the last export",
                events.start(),
                events.end(),
                shown(connection),
            ));
        }
        let open = self.check.chains.iter().filter(|(connection, end)| {
            end.events > 0
                && is_closed_by_runs(connection)
                && !self.check.vouched.contains_key(*connection)
        });
        let open: Vec<_> = open.map(|(connection, _)| shown(connection)).collect();
        (!open.is_empty()).then(|| {
            format!(
                "nobody vouches for any event of {}: the next run signs the log as it finds it. Unless no \
                 run has ended there yet, checkpoints were removed: compare with the last export",
                open.join(", ")
            )
        })
    }
}

/// The signatures, if there are any, prove nothing against who writes the database.
const NOBODY_OUTSIDE: &str = "nothing outside the store vouches for this log: who can write the database can write \
     the log anew and put a signing key of their own beside it. Write what `ml-connector audit key` prints \
     into [audit] trusted_keys, and keep exports elsewhere";

/// Whether runs go over this chain, each of which ends with a checkpoint; the others have each
/// hundredth event signed alone.
fn is_closed_by_runs(connection: &str) -> bool {
    !connection.is_empty() && connection != store::CONSOLE
}

/// Verifies the whole log by the keys that the configuration names and those that are given beside
/// them. Only where nobody's is, the signatures are held against this machine's own.
///
/// # Errors
/// The first event that does not fit, or signature that does not hold; [`NotNamed`] when the
/// configuration names keys and this machine signs by another, and that there is none where the vault
/// must have one; the store's other errors.
pub async fn verify(
    config: &Config,
    store: &Store,
    given: BTreeSet<PublicKey>,
) -> anyhow::Result<Proof> {
    let own = AuditSigner::existing(config, store).await?.map(|signer| signer.public());
    let names_keys = !config.audit.trusted_keys.is_empty();
    let mut trusted = given;
    trusted.extend(config.audit.trusted_keys.iter().cloned());
    let outside = !trusted.is_empty() || (own.is_some() && AuditSigner::is_outside(config));
    if trusted.is_empty() {
        trusted.extend(own.clone());
    }
    let check = store.verify_audit().await?;
    let (keys, missing) = check_checkpoints(store, &check, &trusted).await?;
    match &own {
        Some(own) => NotNamed::of(own, config).map_or(Ok(()), Err)?,
        // Whoever writes to a store with a vault makes the key first.
        None if names_keys && config.vault.is_some() && check.events() > 0 => bail!(
            "the key that signs the audit log is gone from the store, though [audit] trusted_keys \
             names it: somebody removed it; keep a copy as evidence and compare the log with the last \
             export, before the next run makes another key"
        ),
        None => {}
    }
    Ok(Proof { check, keys, outside, missing })
}

/// Who signed, and what is missing between checkpoints.
type Signed = (BTreeSet<PublicKey>, Vec<(String, RangeInclusive<u64>)>);

/// The signatures hold, and no chain has grown further than one checkpoint without another.
async fn check_checkpoints(
    store: &Store,
    check: &AuditCheck,
    trusted: &BTreeSet<PublicKey>,
) -> anyhow::Result<Signed> {
    let (mut keys, mut missing) = Signed::default();
    for (connection, end) in &check.chains {
        let checkpoints = store.checkpoints(connection).await?;
        keys.extend(check_signatures(&checkpoints, trusted)?);
        let mut vouched = 0;
        for checkpoint in &checkpoints {
            if checkpoint.seq > vouched + CHECKPOINT_EVERY {
                missing.push((connection.clone(), vouched + 1..=checkpoint.seq));
            }
            vouched = checkpoint.seq;
        }
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
    Ok((keys, missing))
}

/// How an export ends: with the ends of all chains, signed, so that what was cut off is noticed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Ends {
    pub(crate) ends: BTreeMap<String, ChainEnd>,
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
    pub(crate) fn signed_by(&self) -> anyhow::Result<Option<PublicKey>> {
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
pub(crate) enum Exported {
    Line(AuditLine),
    Checkpoint { checkpoint: Checkpoint },
    Ends(Ends),
}

/// Writes the log: each line is an event; before those of a chain stand its checkpoints, behind all
/// the signed ends. A log that does not verify is not exported as if it did.
///
/// # Errors
/// As [`verify`], and what cannot be written.
pub async fn export(
    config: &Config,
    store: &Store,
    now: Timestamp,
    out: &mut (dyn Write + Send),
) -> anyhow::Result<Proof> {
    let signer = AuditSigner::existing(config, store).await?;
    let proof = verify(config, store, BTreeSet::new()).await?;
    let verified = &proof.check;
    let mut check = AuditCheck::default();
    let mut put = |line: &Exported| -> anyhow::Result<()> {
        Ok(writeln!(out, "{}", serde_json::to_string(line)?)?)
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
    put(&Exported::Ends(Ends::new(check.chains.clone(), now, signer.as_deref())))?;
    Ok(Proof { check, ..proof })
}

/// A chain's name for people: the installation's own has none.
#[must_use]
pub fn shown(connection: &str) -> &str {
    if connection.is_empty() { "(installation)" } else { connection }
}
