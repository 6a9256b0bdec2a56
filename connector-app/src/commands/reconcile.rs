//! `reconcile`: Amazon, the journals, Epicor's ledger and the bank, side by side; by day, or by
//! fiscal period, which a person signs.

mod period;
mod print;

pub(super) use period::named;

use jiff::civil::Date;
use store::Store;

use super::App;
use crate::alert::{self, Message, Ran};
use crate::cli::{ReconcileArgs, ReconcileCommand};
use crate::config::{Config, Connection};
use crate::connect::{self, Links};
use crate::exit::Exit;
use crate::lane;
use crate::output::{self, HEAD, styled};
use crate::pipeline::{Silent, Site, Worker};
use crate::reconcile::{FourFigures, Gathered, gather, keep_matched, refresh, watch};
use crate::secrets::Secrets;

pub(super) async fn run(app: &App, args: &ReconcileArgs) -> anyhow::Result<Exit> {
    match (&args.command, &args.period) {
        (Some(ReconcileCommand::Periods), _) => period::list(app).await,
        (Some(ReconcileCommand::Sign { period, currency }), _) => {
            period::sign(app, period, currency.as_deref()).await
        }
        (Some(ReconcileCommand::Reopen { period, currency, reason }), _) => {
            period::reopen(app, period, currency.as_deref(), reason).await
        }
        (None, Some(period)) => period::show(app, period).await,
        (None, None) => by_day(app, args.until).await,
    }
}

async fn by_day(app: &App, until: Option<Date>) -> anyhow::Result<Exit> {
    let config = app.config()?;
    let mut exit = Exit::Ok;
    for connection in app.connections(&config)? {
        let today = connection.today(app.clock.now());
        let until = until.unwrap_or(today);
        let mut open = Vec::new();
        let mut any = false;
        let mut changed = Vec::new();
        looked_at(app, &config, connection, until.max(today), async |looked| {
            let gathered = &looked.gathered;
            any = !gathered.books.is_empty();
            let mut seen = Vec::new();
            for books in &gathered.books {
                let as_of = books.as_of(until, connection.bank.transit_days)?;
                if !(as_of.result.is_reconciled() && gathered.unreadable.is_empty()) {
                    let currency = books.currency.to_string();
                    open.push(not_reconciled(&connection.name, &currency, until));
                }
                if app.common.json {
                    output::line(print::as_json(connection, books.currency, &as_of));
                } else {
                    for line in print::people(connection, books.currency, &as_of) {
                        output::line(line);
                    }
                }
                seen.extend(as_of.rows);
            }
            print::unreadable(&gathered.unreadable);
            looked.keep(&seen, until >= today).await?;
            let now = app.clock.now();
            changed = watch::changed(looked.store, &config, connection, now).await?;
            if any {
                let flow = "reconcile".to_owned();
                let ran = Ran { flow, failure: None, not_reconciled: Some(open.clone()) };
                let told =
                    alert::after_run(&config, looked.store, &app.clock, connection, &ran).await;
                if let Err(error) = told {
                    output::complain(&error.context("nobody could be told of that"));
                }
            }
            Ok(())
        })
        .await?;
        print::changed(&changed);
        if !(open.is_empty() && changed.is_empty()) {
            exit = Exit::NotReconciled;
        }
        if !any && !app.common.json {
            output::line(format!("{}: nothing is posted yet", styled(HEAD, &connection.name)));
        }
    }
    Ok(exit)
}

/// A connection whose store and ledger were just looked at, while nobody else acts for it.
struct Looked<'a> {
    app: &'a App,
    site: &'a Site,
    store: &'a Store,
    gathered: Gathered,
}

impl Looked<'_> {
    /// Keeps with each settlement whether anything of it is open.
    async fn keep(&self, seen: &[FourFigures], is_current: bool) -> anyhow::Result<()> {
        let clock = self.app.clock.as_ref();
        let worker =
            Worker { site: self.site, store: self.store, ledger: None, clock, watch: &Silent };
        keep_matched(&worker, seen, is_current).await.map(drop)
    }
}

/// Gathers, and asks Epicor what it shows until a day. Epicor is asked for its company first, so
/// that a wrong key leaves everything as it was.
async fn looked_at<T>(
    app: &App,
    config: &Config,
    connection: &Connection,
    until: Date,
    work: impl AsyncFnOnce(Looked<'_>) -> anyhow::Result<T>,
) -> anyhow::Result<T> {
    let site = connect::site(connection, &config.folder)?;
    let secrets = Secrets::open(config).await?;
    let links = Links::new(app.clock.clone());
    let ledger = connect::epicor(connection, &config.folder, &secrets, &app.clock, &links).await?;
    let store = connect::store(config).await?;
    let clock = app.clock.as_ref();
    lane::alone(&store, &connection.name, clock, async |store| {
        let mut gathered = gather(&store, &connection.name, site.zone.as_ref()).await?;
        refresh(&store, &ledger, &mut gathered, until, clock.now()).await?;
        work(Looked { app, site: &site, store: &store, gathered }).await
    })
    .await
}

/// What those are told who get alerts.
fn not_reconciled(connection: &str, currency: &str, until: Date) -> Message {
    Message {
        record: format!("clearing account, {currency}"),
        what: format!("does not reconcile as of {until}: something is open that nobody explains"),
        who: "the accountant".to_owned(),
        next: format!("run `ml-connector reconcile --connection {connection} --until {until}`"),
    }
}
