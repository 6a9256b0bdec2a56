//! The workspace's own tasks. `cargo xtask test` is the README's test command and what CI runs.

#![expect(clippy::print_stderr, reason = "a command-line tool speaks on its terminal")]

use std::process::{Command, ExitCode};

use anyhow::{Context, Result, bail};

const USAGE: &str = "\
cargo xtask test    formatting, lints, every test, doc tests, documentation, licences
cargo xtask fmt     formats the workspace
";

fn main() -> ExitCode {
    let task = std::env::args().nth(1).unwrap_or_default();
    let done = match task.as_str() {
        "test" => test(),
        "fmt" => run("formatting", cargo(&["fmt", "--all"])),
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
