//! The workspace's own tasks. `cargo xtask test` is the README's test command and what CI runs.

#![expect(clippy::print_stderr, reason = "a command-line tool speaks on its terminal")]

mod features;
mod fuzz;

use std::path::PathBuf;
use std::process::{Command, ExitCode};

use anyhow::{Context, Result, bail};

use self::fuzz::fuzz;

const USAGE: &str = "\
cargo xtask test    formatting, lints, every test, doc tests, documentation, licences; these variables
                    name what some tests compare with and is not in the repository:
                      ML_SAMPLES      a folder of settlements, with an index.json of their sums
                      ML_TRIPLES      a table of settlement triples (CSV)
                      EPICOR_SCHEMAS  a folder of Epicor's schemas, a file for each service
                      SP_API_MODELS   Amazon's models: a clone of its selling-partner-api-models
cargo xtask test --long [SECONDS]
                    all that, what is published compiled with fewer features, and then what
                    `cargo xtask fuzz` does
cargo xtask fuzz [SECONDS]
                    fuzzes each form of a settlement for so many seconds, by default 120; installs
                    cargo-fuzz when it is missing, and needs a C++ compiler
cargo xtask fmt     formats the workspace
cargo xtask bench-settlement
                    measures the settlement reader against DuckDB and Polars, which it installs,
                    and writes docs/benchmarks.md; needs python3 and 5 GB under target/
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match arguments.as_slice() {
        ["test"] => Some(test()),
        ["test", "--long", long_arguments @ ..] => {
            let long =
                |seconds| test().and_then(|()| features::fewer()).and_then(|()| fuzz(seconds));
            fuzz::seconds(long_arguments).map(long)
        }
        ["fuzz", long @ ..] => fuzz::seconds(long).map(fuzz),
        ["fmt"] => Some(run("formatting", cargo(&["fmt", "--all"]))),
        ["bench-settlement"] => Some(bench_settlement()),
        _ => None,
    };
    match done {
        None => {
            eprint!("{USAGE}");
            ExitCode::from(2)
        }
        Some(Ok(())) => ExitCode::SUCCESS,
        Some(Err(error)) => {
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
    // The lints have compiled the examples; to link all of them takes as long as the tests of a crate.
    let mut tests = cargo(&["test", "--workspace", "--all-features", "--tests"]);
    // A snapshot is reviewed and committed, never written by a test run.
    tests.env("INSTA_UPDATE", "no");
    // Many tests wait for a process of theirs or for a lease to end: more of them keep the cores busy.
    if std::env::var_os("RUST_TEST_THREADS").is_none() {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        tests.env("RUST_TEST_THREADS", (2 * cores).to_string());
    }
    run("tests", tests)?;
    run("doc tests", cargo(&["test", "--workspace", "--all-features", "--doc"]))?;

    if cargo(&["deny", "--version"]).output().is_ok_and(|output| output.status.success()) {
        run("licences and sources", cargo(&["deny", "check", "bans", "licenses", "sources"]))?;
    } else {
        eprintln!("\n== licences and sources: skipped, cargo-deny is not installed");
    }
    eprintln!("\n== all good");
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
