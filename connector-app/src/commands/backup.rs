//! `backup` and `restore`: everything that is kept, in one file that either engine takes back.

use std::path::Path;

use anstyle::Style;
use serde_json::json;
use store::BackupSummary;

use super::App;
use crate::exit::Exit;
use crate::output::{self, Align, QUIET, Table, styled};
use crate::{connect, secrets};

pub(super) async fn backup(app: &App, file: &Path) -> anyhow::Result<Exit> {
    let config = app.config()?;
    let store = connect::store_to_read(&config).await?;
    let summary = store.backup(file, app.clock.now()).await?;
    tell(app, file, &summary, "is written");
    Ok(Exit::Ok)
}

pub(super) async fn restore(app: &App, file: &Path) -> anyhow::Result<Exit> {
    let config = app.config()?;
    let restored = store::NewEvent {
        record: "backup".to_owned(),
        ..secrets::event(&App::person(), app.clock.now(), "", "backup", "restored")
    };
    let unsigned = connect::store_unsigned(&config).await?;
    let summary = unsigned.restore(file, Some(&restored)).await?;
    drop(unsigned);
    // Only now is the key there that vouches for it.
    connect::store(&config).await?.checkpoint("", app.clock.now()).await?;
    tell(app, file, &summary, "is restored");
    Ok(Exit::Ok)
}

fn tell(app: &App, file: &Path, summary: &BackupSummary, done: &str) {
    let BackupSummary { at, rows, audit, sha256 } = summary;
    if app.common.json {
        output::line(json!({
            "file": file.display().to_string(), "made": at.to_string(), "rows": rows,
            "audit": audit, "sha256": sha256,
        }));
        return;
    }
    output::line(format!(
        "{} {done}; it was made at {}.",
        file.display(),
        at.strftime("%F %T UTC")
    ));
    let mut table = Table::new(&[("Table", Align::Left), ("Rows", Align::Right)]).indent(2);
    for (name, rows) in rows {
        table.row(Style::new(), [name.clone(), rows.to_string()]);
    }
    for line in table.lines() {
        output::line(line);
    }
    output::line(styled(QUIET, format!("  checksum {sha256}; the audit log in it verifies")));
    output::line("Credentials in it are encrypted: without the vault's key nobody can read them.");
}
