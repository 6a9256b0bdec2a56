//! Asks a page for what keeps people from using it, by the rules of axe-core.
//!
//! axe-core is under another licence than ours, so it is not kept here: npm fetches the very version
//! of the lock file, once.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

use serde_json::Value;

use crate::browser::Browser;

/// The script, as text.
static AXE: LazyLock<String> = LazyLock::new(|| {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("axe");
    let script = folder.join("node_modules/axe-core/axe.min.js");
    if !is_there(&folder) {
        fetch(&folder);
    }
    std::fs::read_to_string(&script).unwrap_or_else(|error| panic!("{}: {error}", script.display()))
});

fn wanted() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/console/axe")
}

/// Whether what was fetched is of the lock file as it is now.
fn is_there(folder: &Path) -> bool {
    let lock = |folder: &Path| std::fs::read(folder.join("package-lock.json")).ok();
    let fetched = folder.join("node_modules/axe-core/axe.min.js").exists();
    fetched && lock(folder).is_some() && lock(folder) == lock(&wanted())
}

fn fetch(folder: &Path) {
    std::fs::create_dir_all(folder).expect("a folder");
    for file in ["package.json", "package-lock.json"] {
        std::fs::copy(wanted().join(file), folder.join(file)).expect("copied");
    }
    let arguments = ["ci", "--ignore-scripts", "--no-audit", "--no-fund"];
    let ran = Command::new("npm").args(arguments).current_dir(folder).output();
    let said = match ran {
        Ok(output) if output.status.success() => return,
        Ok(output) => String::from_utf8_lossy(&output.stderr).into_owned(),
        Err(error) => error.to_string(),
    };
    panic!("axe-core cannot be had: `npm ci` of tests/console/axe did not work: {said}");
}

/// Every rule that the page breaks, with where and why; none on a good page.
pub(crate) async fn violations(browser: &Browser) -> Vec<String> {
    browser.run(AXE.as_str(), &[]).await;
    let ask = "const done = arguments[arguments.length - 1];
        axe.run(document, { resultTypes: ['violations'] })
            .then(result => done(result.violations), error => done(String(error)));";
    let told = browser.run_async(ask, &[]).await;
    let rules = told.as_array().unwrap_or_else(|| panic!("axe: {told}"));
    rules.iter().map(in_words).collect()
}

fn in_words(rule: &Value) -> String {
    let nodes = rule["nodes"].as_array().expect("a list").iter();
    let places: Vec<_> =
        nodes.map(|node| format!("{} {}", node["target"], node["failureSummary"])).collect();
    format!("{} ({}): {}", rule["id"], rule["help"], places.join("; "))
}
