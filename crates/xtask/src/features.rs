//! Compiling packages with fewer features than all, with which everything else is compiled: what is
//! left out must be missed nowhere.

use anyhow::{Context, Result};

use crate::{cargo, run};

const CLIENT: &str = "sp-api-client";
const CLIENT_MANIFEST: &str = include_str!("../../../sp-api-client/Cargo.toml");

/// What a user gets who asks for nothing, the connector and the reader, then the client with no API
/// and with each one. Alone, since together each would turn on features for the others.
pub(crate) fn fewer() -> Result<()> {
    check("connector-app", None)?;
    check("settlement-model", None)?;
    check(CLIENT, Some(""))?;
    let full = CLIENT_MANIFEST.split_once("full = [").and_then(|(_, list)| list.split_once(']'));
    let (list, _) = full.context("the client's manifest has no feature `full`")?;
    for feature in list.split('"').skip(1).step_by(2) {
        check(CLIENT, Some(feature))?;
    }
    Ok(())
}

/// Compiles a package alone, with these of its features or, with `None`, with those it has unasked.
fn check(package: &str, features: Option<&str>) -> Result<()> {
    let mut check = cargo(&["check", "--package", package]);
    let with = match features {
        None => "the features it has unasked",
        Some("") => "no feature",
        Some(feature) => feature,
    };
    if let Some(features) = features {
        check.args(["--no-default-features", "--features", features]);
    }
    run(&format!("{package} with {with}"), check)
}
