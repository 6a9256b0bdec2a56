//! `completions` and `man`: made from the command line's own description.

use std::io::Write as _;
use std::path::Path;

use anyhow::Context as _;
use clap::CommandFactory as _;
use clap_complete::Shell;
use serde_json::json;

use super::App;
use crate::cli::Cli;
use crate::exit::Exit;
use crate::output;

pub(super) fn completions(shell: Shell) -> anyhow::Result<Exit> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "ml-connector", &mut script);
    std::io::stdout().write_all(&script).context("writing the script")?;
    Ok(Exit::Ok)
}

pub(super) fn pages(app: &App, dir: Option<&Path>) -> anyhow::Result<Exit> {
    let Some(dir) = dir else {
        let mut page = Vec::new();
        clap_mangen::Man::new(Cli::command()).render(&mut page)?;
        std::io::stdout().write_all(&page).context("writing the page")?;
        return Ok(Exit::Ok);
    };
    std::fs::create_dir_all(dir)
        .and_then(|()| clap_mangen::generate_to(Cli::command(), dir))
        .with_context(|| format!("writing to {}", dir.display()))?;
    if app.common.json {
        output::line(json!({ "folder": dir.display().to_string() }));
    } else {
        output::line(format!("The manual pages are in {}; read one with `man -l`.", dir.display()));
    }
    Ok(Exit::Ok)
}
