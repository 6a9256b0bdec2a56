//! `import FILE…`: settlement files that a person downloaded. Contacts nothing.

use std::path::PathBuf;

use store::{Hints, Store};

use super::App;
use crate::connect;
use crate::exit::Exit;
use crate::output::{self, ATTENTION, GOOD, QUIET, styled};
use crate::pipeline::settlement::State;
use crate::pipeline::{ReadOutcome, UnreadableDocument, read_document};
use crate::taking_in;

pub(super) async fn run(app: &App, files: &[PathBuf]) -> anyhow::Result<Exit> {
    let config = app.config()?;
    let connection = config.connection(app.common.connection.as_deref())?;
    let site = connect::site(connection, &config.folder)?;

    // Everything is read before the store is opened: a bad file leaves it as it was.
    let mut documents = Vec::new();
    for path in files {
        let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
        let bytes = std::fs::read(path)
            .map_err(|error| anyhow::anyhow!("cannot read {}: {error}", path.display()))?;
        documents.push((name, bytes));
    }
    let mut exit = Exit::Ok;
    let mut readable = Vec::new();
    for (name, bytes) in documents {
        match read_document(&site, &name, &bytes, &Hints::default()) {
            Ok(_) => readable.push((name, bytes)),
            Err(error) => {
                exit = Exit::Held;
                report_unreadable(app, &error);
            }
        }
    }
    if readable.is_empty() {
        return Ok(exit);
    }

    let store = connect::store(&config).await?;
    let clock = app.clock.as_ref();
    for (name, bytes) in readable {
        let with = (&store, &site, clock);
        for taken in taking_in::take_in(with, &App::person(), &name, &bytes).await? {
            let is_known = matches!(taken.outcome, ReadOutcome::Known(_));
            if taken.state == State::Held && !is_known {
                exit = Exit::Held;
            }
            print_outcome(app, &store, &name, &taken.outcome).await?;
        }
    }
    Ok(exit)
}

fn report_unreadable(app: &App, error: &UnreadableDocument) {
    if app.common.json {
        output::line(output::unreadable_json(&error.document, &error.source));
        return;
    }
    for line in output::unreadable_people(&error.document, &error.source) {
        output::line(line);
    }
    output::line(format!(
        "  {} nothing of this file was taken in. Download it again from Seller Central (Payments, All \
         statements, Flat file V2) and import it unopened",
        styled(QUIET, "next:")
    ));
}

async fn print_outcome(
    app: &App,
    store: &Store,
    name: &str,
    outcome: &ReadOutcome,
) -> anyhow::Result<()> {
    let (key, word) = match outcome {
        ReadOutcome::New(key) => (key, "new"),
        ReadOutcome::Known(key) => (key, "known"),
        ReadOutcome::Reissued(key) => (key, "reissued"),
    };
    if app.common.json {
        let mut value = super::status::settlement_json(store, key).await?;
        value["document"] = name.into();
        value["import"] = word.into();
        output::line(value);
        return Ok(());
    }
    let style = if word == "new" { GOOD } else { ATTENTION };
    output::line(format!("{name}: settlement {} {}", key.settlement_id, styled(style, word)));
    for line in super::status::table_of(store, key).await? {
        output::line(line);
    }
    Ok(())
}
