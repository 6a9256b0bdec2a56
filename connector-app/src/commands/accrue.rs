//! `accrue --period`: what was earned until a period's end and is in no settlement yet, as a journal
//! with its reversal. Posts nothing.

use std::collections::BTreeSet;
use std::sync::Arc;

use anyhow::Context as _;
use jiff::SignedDuration;
use ledger_mapper::{Accrual, AccrualContext, Journal, accrue};
use serde_json::json;
use settlement_model::SettlementId;
use store::Store;

use super::App;
use crate::amazon::transactions;
use crate::cli::AccrueArgs;
use crate::connect::{self, Links};
use crate::day::begin_of;
use crate::exit::Exit;
use crate::output::{self, BAD, HEAD, QUIET, journal_table, styled};
use crate::pipeline::settlement::State;
use crate::pipeline::{Silent, Watch, journals_of};
use crate::reconcile::gather;
use crate::reconcile::period::periods;
use crate::secrets::Secrets;

/// How long before a period's end a transaction may have been posted that is open at it.
const BEFORE: SignedDuration = SignedDuration::from_hours(24 * 120);

pub(super) async fn run(app: &App, args: &AccrueArgs) -> anyhow::Result<Exit> {
    let config = app.config()?;
    let connection = config.connection(app.common.connection.as_deref())?;
    let site = connect::site(connection, &config.folder)?;
    let zone = site.zone.clone().context(
        "an accrual is cut at a period's last midnight: set `zone` of the connection to the \
         marketplace's time zone",
    )?;
    let store = connect::store_to_read(&config).await?;
    let now = app.clock.now();
    let gathered = gather(&store, &connection.name, site.zone.as_ref()).await?;
    let periods = periods(&gathered, &site.calendar, crate::day::day_of(now));
    let period = super::reconcile::named(&periods, &args.period)?;
    let booked = booked(&store, &connection.name, &period.name).await?;
    let secrets = Secrets::open(&config).await?;
    let links = Links::new(app.clock.clone());
    let watch: Arc<dyn Watch> = Arc::new(Silent);
    let client = connect::amazon_client(connection, &secrets, &app.clock, &watch, &links);
    let client = client.await?.build()?;
    let told = transactions(&client, begin_of(period.end) - BEFORE, now).await?;
    let accruals = accrue(
        &told,
        &AccrualContext {
            connection: &connection.name,
            rules: &site.rules,
            calendar: &site.calendar,
            zone: &zone,
            day: period.end,
            booked: &booked,
            revision: 0,
        },
    );
    for hold in &accruals.held {
        match app.common.json {
            true => output::line(json!({ "period": period.name, "held": hold.to_string() })),
            false => output::line(format!("{} {hold}", styled(BAD, "held:"))),
        }
    }
    for accrual in &accruals.accruals {
        print(app, accrual);
    }
    if accruals.accruals.is_empty() && accruals.held.is_empty() && !app.common.json {
        output::line(format!("nothing is open at the end of {}", period.name));
    }
    Ok(if accruals.held.is_empty() { Exit::Ok } else { Exit::Held })
}

/// The settlements whose journals have a part in the period: their money is booked.
async fn booked(
    store: &Store,
    connection: &str,
    period: &str,
) -> anyhow::Result<BTreeSet<SettlementId>> {
    let mut booked = BTreeSet::new();
    for record in store.settlements(Some(connection)).await? {
        let on_its_way = matches!(
            State::parse(&record.state),
            Some(State::Posting | State::Posted | State::Matched)
        );
        if on_its_way && journals_of(&record)?.iter().any(|journal| journal.period == period) {
            booked.insert(SettlementId::parse(&record.key.settlement_id)?);
        }
    }
    Ok(booked)
}

fn print(app: &App, accrual: &Accrual) {
    let Accrual { journal, reversal, transactions, deferred, unsettled } = accrual;
    if app.common.json {
        output::line(json!({
            "journal": journal, "reversal": reversal, "transactions": transactions,
            "deferred": deferred.amount_text(), "unsettled": unsettled.amount_text(),
        }));
        return;
    }
    let Journal { description, date, .. } = journal;
    let count = transactions.len();
    output::line(format!("{}  {date}, {count} transactions", styled(HEAD, description)));
    output::line(format!("  {deferred} held back, {unsettled} released but in no settlement"));
    for line in journal_table(journal).lines() {
        output::line(line);
    }
    let back = format!("  taken back on {}: {}", reversal.date, reversal.key);
    output::line(styled(QUIET, back));
}
