//! The workspace's own tasks. `cargo xtask test` is the README's test command and what CI runs.

#![expect(clippy::print_stderr, reason = "a command-line tool speaks on its terminal")]

use std::path::PathBuf;
use std::process::{Command, ExitCode};

use anyhow::{Context, Result, bail};

const USAGE: &str = "\
cargo xtask test    formatting, lints, every test, doc tests, documentation, licences
cargo xtask test --long [SECONDS]
                    all that, and then fuzzes each form of a settlement for so many seconds, by
                    default 120; installs cargo-fuzz when it is missing, and needs a C++ compiler
cargo xtask fmt     formats the workspace
cargo xtask bench-settlement
                    measures the settlement reader against DuckDB and Polars, which it installs,
                    and writes docs/benchmarks.md; needs python3 and 5 GB under target/
";

/// A fuzz target, and the words that it is given to play with.
const FUZZ_TARGETS: [(&str, Option<&str>); 5] = [
    ("v2", Some("flat_file")),
    ("v1", Some("flat_file")),
    ("xml", Some("xml")),
    ("date_range", Some("date_range")),
    ("encoding", None),
];

/// How long each is run in the long mode, unless told otherwise.
const FUZZ_SECONDS: &str = "120";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match arguments.as_slice() {
        ["test"] => test(),
        ["test", "--long"] => test().and_then(|()| fuzz(FUZZ_SECONDS)),
        ["test", "--long", seconds] if seconds.parse::<u32>().is_ok() => {
            test().and_then(|()| fuzz(seconds))
        }
        ["fmt"] => run("formatting", cargo(&["fmt", "--all"])),
        ["bench-settlement"] => bench_settlement(),
        _ => {
            eprint!("{USAGE}");
            return ExitCode::from(2);
        }
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("\nxtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Everything a change must pass, cheapest first.
fn test() -> Result<()> {
    component("rustfmt", "fmt")?;
    component("clippy", "clippy")?;

    run("formatting", cargo(&["fmt", "--all", "--check"]))?;
    run(
        "lints",
        cargo(&[
            "clippy",
            "--workspace",
            "--all-targets",
            "--all-features",
            "--",
            "-D",
            "warnings",
        ]),
    )?;
    let mut docs = cargo(&["doc", "--workspace", "--no-deps", "--all-features"]);
    docs.env("RUSTDOCFLAGS", "-D warnings");
    run("documentation", docs)?;
    let mut tests = cargo(&["test", "--workspace", "--all-features"]);
    // A snapshot is reviewed and committed, never written by a test run.
    tests.env("INSTA_UPDATE", "no");
    run("tests and doc tests", tests)?;

    if cargo(&["deny", "--version"]).output().is_ok_and(|output| output.status.success()) {
        run("licences and sources", cargo(&["deny", "check", "bans", "licenses", "sources"]))?;
    } else {
        eprintln!("\n== licences and sources: skipped, cargo-deny is not installed");
    }
    eprintln!("\n== all good");
    Ok(())
}

/// Looks for bytes that break what must hold for any bytes. What is found stays in
/// `target/fuzz/artifacts`; the kept corpus is only read, and what is learned goes to `target/fuzz`.
fn fuzz(seconds: &str) -> Result<()> {
    if !cargo(&["fuzz", "--version"]).output()?.status.success() {
        run("installing cargo-fuzz", cargo(&["install", "--locked", "cargo-fuzz"]))?;
    }
    let scratch = std::path::absolute(target_folder())?.join("fuzz");
    for (target, dictionary) in FUZZ_TARGETS {
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

fn target_folder() -> PathBuf {
    PathBuf::from(std::env::var_os("CARGO_TARGET_DIR").unwrap_or("target".into()))
}

/// Builds what is measured, installs what it is measured against, and measures.
fn bench_settlement() -> Result<()> {
    let target = target_folder();
    let scratch = target.join("bench");
    let environment = scratch.join("venv");
    let python = environment.join("bin").join("python");

    let generator = ["build", "--release", "-p", "fixtures", "--bin", "generate-settlement"];
    run("the generator", cargo(&generator))?;
    run("the programs", cargo(&["build", "--release", "-p", "settlement-model", "--examples"]))?;
    let mut create = Command::new("python3");
    create.args(["-m", "venv"]).arg(&environment);
    run("an environment for Python", create)?;
    let mut install = Command::new(&python);
    install.args(["-m", "pip", "install", "--quiet", "duckdb", "polars"]);
    run("DuckDB and Polars", install)?;
    let mut measure = Command::new(&python);
    measure.arg("crates/xtask/bench/settlement.py");
    measure.args([target.join("release"), scratch, PathBuf::from("docs/benchmarks.md")]);
    run("measuring", measure)
}

/// Adds a toolchain component when its command is missing.
fn component(name: &str, subcommand: &str) -> Result<()> {
    let present = cargo(&[subcommand, "--version"]).output()?.status.success();
    if present {
        return Ok(());
    }
    let mut install = Command::new("rustup");
    install.args(["component", "add", name]);
    run(&format!("installing {name}"), install)
}

fn cargo(args: &[&str]) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(args);
    command
}

fn run(what: &str, mut command: Command) -> Result<()> {
    eprintln!("\n== {what}");
    let status = command.status().with_context(|| format!("{what}: cannot start {command:?}"))?;
    if !status.success() {
        bail!("{what} failed");
    }
    Ok(())
}
