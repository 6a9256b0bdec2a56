//! The fuzz targets of the settlement reader, run one after the other.

use anyhow::{Context, Result};

use crate::{cargo, run, target_folder};

/// A fuzz target, and the words that it is given to play with.
const TARGETS: [(&str, Option<&str>); 5] = [
    ("v2", Some("flat_file")),
    ("v1", Some("flat_file")),
    ("xml", Some("xml")),
    ("date_range", Some("date_range")),
    ("encoding", None),
];

/// How long each is run, unless told otherwise.
const SECONDS: u32 = 120;

/// How long each target is run, by the arguments behind the command; `None` when they are wrong.
pub(crate) fn seconds(arguments: &[&str]) -> Option<u32> {
    match arguments {
        [] => Some(SECONDS),
        [seconds] => seconds.parse().ok(),
        _ => None,
    }
}

/// Looks for bytes that break what must hold for any bytes. What is found stays in
/// `target/fuzz/artifacts`; the kept corpus is only read, and what is learned goes to `target/fuzz`.
pub(crate) fn fuzz(seconds: u32) -> Result<()> {
    if !cargo(&["fuzz", "--version"]).output()?.status.success() {
        run("installing cargo-fuzz", cargo(&["install", "--locked", "cargo-fuzz"]))?;
    }
    let scratch = std::path::absolute(target_folder())?.join("fuzz");
    for (target, dictionary) in TARGETS {
        let learned = scratch.join("corpus").join(target);
        let artifacts = scratch.join("artifacts").join(target);
        for folder in [&learned, &artifacts] {
            std::fs::create_dir_all(folder)
                .with_context(|| format!("cannot create {}", folder.display()))?;
        }
        let mut fuzz = cargo(&["fuzz", "run", "--fuzz-dir", "settlement-model/fuzz"]);
        // libFuzzer's instrumentation is an unstable flag of a compiler that has it all the same.
        fuzz.env("RUSTC_BOOTSTRAP", "1");
        fuzz.arg("--target-dir").arg(&scratch).arg(target).arg(&learned);
        fuzz.arg(format!("settlement-model/tests/corpus/kept/{target}"));
        fuzz.arg("--").arg(format!("-max_total_time={seconds}"));
        fuzz.arg(format!("-artifact_prefix={}/", artifacts.display()));
        // Longer documents show nothing new, and memory stays bounded whatever they hold.
        fuzz.args(["-max_len=8192", "-rss_limit_mb=1024", "-timeout=20", "-print_final_stats=1"]);
        if let Some(dictionary) = dictionary {
            fuzz.arg(format!("-dict=settlement-model/fuzz/dictionaries/{dictionary}.dict"));
        }
        run(&format!("fuzzing {target} for {seconds} seconds"), fuzz)?;
    }
    Ok(())
}
