//! A feature for each API, and nothing else.

use std::path::Path;

const MANIFEST: &str = include_str!("../../Cargo.toml");
const ROOT: &str = include_str!("../../src/lib.rs");
const SOURCES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/src");

/// The features of `full`.
fn features() -> Vec<&'static str> {
    let list = MANIFEST.split("full = [").nth(1).unwrap().split(']').next().unwrap();
    list.split(',').map(|name| name.trim().trim_matches('"')).filter(|n| !n.is_empty()).collect()
}

/// The feature of what the root declares like this.
fn feature_of(declared: &str) -> Option<&'static str> {
    let before =
        ROOT.lines().zip(ROOT.lines().skip(1)).find(|(_, line)| line.starts_with(declared));
    before?.0.strip_prefix("#[cfg(feature = \"")?.strip_suffix("\")]")
}

#[test]
fn each_api_has_a_feature_of_its_own() {
    let entries = std::fs::read_dir(SOURCES).unwrap().map(|entry| entry.unwrap().file_name());
    let names = entries.map(|name| name.into_string().unwrap());
    // The version makes a module an API.
    let apis: Vec<_> = names.filter(|name| name.ends_with(|c: char| c.is_ascii_digit())).collect();
    let mut with_features = Vec::new();
    for api in &apis {
        assert!(Path::new(SOURCES).join(api).is_dir());
        let feature = feature_of(&format!("pub mod {api};"));
        let feature = feature.unwrap_or_else(|| panic!("{api} has no feature"));
        assert_eq!(feature_of(&format!("pub use {api}::")), Some(feature), "{api}");
        assert!(MANIFEST.contains(&format!("\n{feature} = [")), "{feature}");
        with_features.push(feature);
    }
    with_features.sort_unstable();
    assert_eq!(with_features, features());
}
