//! `pack`: everything of a period for the controller, in a folder.

use std::path::Path;

use anyhow::Context as _;
use serde_json::json;

use super::{App, audit};
use crate::audit_proof::Proof;
use crate::cli::PackArgs;
use crate::connect;
use crate::day::day_of;
use crate::exit::Exit;
use crate::output::{self, ATTENTION, styled};
use crate::pack::{Pack, posted_in, sources};
use crate::reconcile::gather;
use crate::reconcile::period::{figures, periods};
use crate::reconcile::sign::Standing;

pub(super) async fn run(app: &App, args: &PackArgs) -> anyhow::Result<Exit> {
    let config = app.config()?;
    let connection = config.connection(app.common.connection.as_deref())?;
    let calendar = connection.load_calendar(&config.folder)?;
    let store = connect::store_to_read(&config).await?;
    let zone = connection.cut_off_zone();
    let gathered = gather(&store, &connection.name, zone.as_ref()).await?;
    let now = app.clock.now();
    let today = day_of(now);
    let periods = periods(&gathered, &calendar, today);
    let period = super::reconcile::named(&periods, &args.period)?;
    let signatures = store.signed_periods(&connection.name).await?;
    std::fs::create_dir_all(&args.out)
        .with_context(|| format!("cannot make the folder {}", args.out.display()))?;
    let mut workbooks = Vec::new();
    for books in &gathered.books {
        let figures = figures(&gathered, books, period, today, connection.bank.transit_days)?;
        let standing = Standing::of(&figures, &signatures)?;
        let documents = posted_in(&store, &connection.name, &figures).await?;
        let sources = sources(&store, &connection.name, &figures).await?;
        for (name, hash) in &sources {
            // What was kept long enough is gone; its hash is in the workbook.
            if let Some(document) = store.document(hash).await? {
                write(&args.out.join(name), &document.bytes)?;
            }
        }
        let pack = Pack {
            connection: &connection.name,
            figures: &figures,
            standing: &standing,
            documents: &documents,
            sources: &sources,
            at: now,
        };
        let file = args.out.join(pack.name());
        write(&file, &pack.workbook()?)?;
        let (file, word) = (file.display().to_string(), standing.word());
        if app.common.json {
            workbooks.push(json!({
                "currency": books.currency.code(), "file": file, "documents": sources.len(),
                "standing": word,
            }));
            continue;
        }
        output::line(format!("{file}: {} documents, {word}", sources.len()));
        if !matches!(standing, Standing::Signed(_)) {
            let hint = "the period is not signed as it stands";
            output::line(format!("  {} {hint}", styled(ATTENTION, "note:")));
        }
    }
    let log = args.out.join("audit.jsonl");
    if log.exists() {
        std::fs::remove_file(&log)
            .with_context(|| format!("replacing the export {}", log.display()))?;
    }
    let proof = audit::proof::write(app, &log).await?;
    if app.common.json {
        let Proof { check, keys, .. } = &proof;
        let mut told = audit::proof::as_json(check, keys, proof.doubt().as_deref());
        told["file"] = log.display().to_string().into();
        output::line(json!({
            "connection": connection.name, "period": period.name, "workbooks": workbooks,
            "audit_log": told,
        }));
    } else {
        audit::proof::tell_proof(app, &proof);
    }
    Ok(Exit::Ok)
}

fn write(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    std::fs::write(path, bytes).with_context(|| format!("cannot write {}", path.display()))
}
