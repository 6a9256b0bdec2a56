//! The command line as it is written down: help, manual pages, completions, exit codes, the table of
//! data.

use std::collections::BTreeSet;

use clap::CommandFactory as _;
use connector_app::cli::Cli;
use connector_app::exit::Exit;

use crate::support::run;

/// The help of every command, in one text for reviewers.
#[test]
fn help_of_every_command() {
    fn collect(command: &mut clap::Command, name: &str, all: &mut String) {
        let help = command.clone().term_width(100).bin_name(name).render_long_help();
        *all += &format!("# {name}\n{help}\n");
        let names: Vec<_> =
            command.get_subcommands().map(|sub| sub.get_name().to_owned()).collect();
        for sub in names {
            let inner = command.find_subcommand_mut(&sub).expect("it was listed");
            collect(inner, &format!("{name} {sub}"), all);
        }
    }
    let mut all = String::new();
    let mut command = Cli::command();
    command.build();
    collect(&mut command, "ml-connector", &mut all);
    // Blanks at line ends say nothing.
    let lines: Vec<_> = all.lines().map(str::trim_end).collect();
    insta::assert_snapshot!(lines.join("\n"));
}

#[test]
fn the_exit_codes_are_those_documented() {
    let readme = include_str!("../../../README.md");
    let help = Cli::command().render_long_help().to_string();
    for (exit, code, word) in [
        (Exit::Ok, 0, "ok"),
        (Exit::Failed, 1, "failed"),
        (Exit::Held, 3, "held"),
        (Exit::NotReconciled, 4, "not reconciled"),
        (Exit::Throttled, 75, "throttled"),
        (Exit::NotAuthorised, 77, "not authorised"),
        (Exit::Configuration, 78, "configuration"),
    ] {
        assert_eq!(exit.code(), code);
        assert!(help.contains(&format!("{code} {word}")), "{code} in the help");
        assert!(readme.contains(&format!("| {code} |")), "{code} in the README");
    }
}

/// What each way to fail exits with, by the real binary.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_way_to_fail_has_its_exit_code() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("broken.toml"), "data_dir = 1").expect("written");
    let held = fixtures::documents::get("us-unknown-fee.txt").expect("it ships");
    std::fs::write(folder.path().join("held.txt"), held.bytes).expect("written");
    for (args, code) in [
        (&["--version"][..], 0),
        (&["data"], 0),
        (&["config", "schema"], 0),
        (&["no-such-command"], 2),
        (&["backfill", "--from", "yesterday", "--to", "2026-01-01"], 2),
        (&["plan", "held.txt"], 3),
        (&["plan", "missing.txt"], 1),
        (&["audit", "verify", "missing.log"], 1),
        (&["status"], 78),
        (&["check"], 78),
        (&["--config", "broken.toml", "sync", "settlements"], 78),
        (&["--config", "broken.toml", "data"], 78),
    ] {
        let said = run(folder.path(), args).await;
        assert_eq!(said.code, code, "{args:?}: {}{}", said.out, said.err);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn completions_and_pages_are_made_for_every_command() {
    let folder = tempfile::tempdir().expect("a folder");
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let said = run(folder.path(), &["completions", shell]).await;
        assert_eq!(said.code, 0, "{shell}");
        assert!(said.out.contains("backfill"), "{shell} knows the commands");
    }
    let page = run(folder.path(), &["man"]).await;
    assert!(page.out.contains(".TH ml-connector"), "{}", page.out);
    let said = run(folder.path(), &["man", "--dir", "pages"]).await;
    assert_eq!(said.code, 0, "{}", said.err);
    let pages = std::fs::read_dir(folder.path().join("pages")).expect("made").count();
    let commands = Cli::command().get_subcommands().count();
    assert!(pages > commands, "{pages} pages for {commands} commands and theirs");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_table_of_the_store_is_in_the_table_of_data() {
    let folder = tempfile::tempdir().expect("a folder");
    let said = run(folder.path(), &["data", "--json"]).await;
    let kept: BTreeSet<String> = said
        .json_lines()
        .iter()
        .flat_map(|flow| flow["kept"].as_array().expect("a list").clone())
        .map(|place| place.as_str().expect("a text").to_owned())
        .collect();
    let schema =
        std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates/store/migrations/sqlite");
    for file in std::fs::read_dir(schema).expect("readable") {
        let sql = std::fs::read_to_string(file.expect("readable").path()).expect("text");
        for line in sql.lines().filter_map(|line| line.strip_prefix("CREATE TABLE ")) {
            let table = line.split_whitespace().next().expect("a name");
            assert!(kept.contains(table), "data_flow.rs does not tell of the table {table}");
        }
    }
    assert!(said.out.contains("10 years"), "{}", said.out);
    let people = run(folder.path(), &["data"]).await;
    assert!(people.out.contains("seen by"), "{}", people.out);
}
