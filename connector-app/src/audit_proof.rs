//! The proof that nobody changed the audit log: verified in the store, and written so that others can
//! verify it anywhere.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;

use anyhow::bail;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::{AuditCheck, AuditLine, CHECKPOINT_EVERY, ChainEnd, Checkpoint, Signer as _, Store};
use vault::PublicKey;

use crate::checkpoint::{AuditSigner, check_signatures, signed_by};
use crate::config::Config;

/// What verified, and who signed it.
#[derive(Debug)]
pub struct Proof {
    /// The chains.
    pub check: AuditCheck,
    /// The keys of the signatures that hold.
    pub keys: BTreeSet<PublicKey>,
    /// Whether anybody's key is trusted: without one, a signature says only that somebody signed.
    pub vouched_for: bool,
}

/// Verifies the whole log by this machine's key, those that the configuration names, and those that
/// are trusted beside them.
///
/// # Errors
/// The first event that does not fit, or signature that does not hold; the store's other errors.
pub async fn verify(
    config: &Config,
    store: &Store,
    mut trusted: BTreeSet<PublicKey>,
) -> anyhow::Result<Proof> {
    let own = AuditSigner::existing(config, store).await?;
    trusted.extend(own.map(|signer| signer.public()));
    trusted.extend(config.audit.trusted_keys.iter().cloned());
    let check = store.verify_audit().await?;
    let keys = check_checkpoints(store, &check, &trusted).await?;
    Ok(Proof { check, keys, vouched_for: !trusted.is_empty() })
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
    let Proof { check: verified, keys, vouched_for } =
        verify(config, store, BTreeSet::new()).await?;
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
    Ok(Proof { check, keys, vouched_for })
}

/// A chain's name for people: the installation's own has none.
#[must_use]
pub fn shown(connection: &str) -> &str {
    if connection.is_empty() { "(installation)" } else { connection }
}
