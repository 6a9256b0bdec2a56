//! `accrue --period`: what was earned until a period's end and is in no settlement yet, as a journal
//! with its reversal; kept, approved and posted when it is asked for.

use std::sync::Arc;

use anyhow::Context as _;
use ledger_mapper::{Accrual, Accruals, Journal, Period};
use serde_json::{Value, json};
use store::{RecordKey, Store};

use super::App;
use crate::accrual::{self, Standing, Told, prepare, standings};
use crate::cli::AccrueArgs;
use crate::config::{Config, Connection};
use crate::connect::{self, Links};
use crate::exit::Exit;
use crate::lane;
use crate::output::{self, ATTENTION, BAD, HEAD, QUIET, journal_table, state_style, styled};
use crate::pipeline::accrual::State;
use crate::pipeline::{AccrualWorker, Silent, Site, Watch, booked, posting_number};
use crate::reconcile::gather;
use crate::reconcile::period::periods;
use crate::secrets::Secrets;

pub(super) async fn run(app: &App, args: &AccrueArgs) -> anyhow::Result<Exit> {
    let config = app.config()?;
    let connection = config.connection(app.common.connection.as_deref())?;
    let at = Place { app, args, config: &config, connection };
    if args.approve || args.release {
        return at.decide().await;
    }
    if args.post { at.post().await } else { at.show().await }
}

/// What is accrued, and where.
struct Place<'a> {
    app: &'a App,
    args: &'a AccrueArgs,
    config: &'a Config,
    connection: &'a Connection,
}

impl Place<'_> {
    fn site(&self) -> anyhow::Result<Site> {
        Ok(connect::site(self.connection, &self.config.folder)?)
    }

    /// The period of that name, among those in which anything happened.
    async fn period(&self, store: &Store, site: &Site) -> anyhow::Result<Period> {
        let gathered = gather(store, &self.connection.name, site.zone.as_ref()).await?;
        let today = self.connection.today(self.app.clock.now());
        let periods = periods(&gathered, &site.calendar, today);
        super::reconcile::named(&periods, &self.args.period).cloned()
    }

    /// What is open by now, as Amazon tells.
    async fn ask(&self, store: &Store, site: &Site, links: &Links) -> anyhow::Result<Told> {
        let period = self.period(store, site).await?;
        let secrets = Secrets::open(self.config).await?;
        let watch: Arc<dyn Watch> = Arc::new(Silent);
        let clock = &self.app.clock;
        let client = connect::amazon_client(self.connection, &secrets, clock, &watch, links);
        accrual::ask(store, site, &client.await?.build()?, &period, clock.now()).await
    }

    /// Shows the plan of now, and how the one that was kept stands. Keeps nothing.
    async fn show(&self) -> anyhow::Result<Exit> {
        let store = connect::store_to_read(self.config).await?;
        let site = self.site()?;
        let told = self.ask(&store, &site, &Links::new(self.app.clock.clone())).await?;
        let planned = self.print_held(&told);
        told.accruals.accruals.iter().for_each(|accrual| print(self.app, accrual));
        let kept = self.print_standings(&store).await?;
        self.print_nothing(&told);
        Ok(planned.worse(kept))
    }

    /// Keeps the plan, and takes it as far as it goes.
    async fn post(&self) -> anyhow::Result<Exit> {
        let App { clock, .. } = self.app;
        let (site, links) = (self.site()?, Links::new(clock.clone()));
        let secrets = Secrets::open(self.config).await?;
        let folder = &self.config.folder;
        let ledger = connect::epicor(self.connection, folder, &secrets, clock, &links).await?;
        ledger.ping().await.context("asking Epicor for its company; nothing was changed")?;
        let store = connect::store(self.config).await?;
        let told = self.ask(&store, &site, &links).await?;
        let clock = clock.as_ref();
        lane::alone(&store, &self.connection.name, clock, async |store| {
            let (store, ledger) = (&store, Some(&ledger as _));
            let worker = AccrualWorker { site: &site, store, ledger, clock, watch: &Silent };
            prepare(&worker, &told, self.args.currency.as_deref(), &App::person()).await
        })
        .await?;
        let planned = self.print_held(&told);
        let kept = self.print_standings(&store).await?;
        self.print_nothing(&told);
        Ok(planned.worse(kept))
    }

    /// Approves, or releases, every one of the period that it can be done with. The next run, or
    /// `--post`, takes them to Epicor.
    async fn decide(&self) -> anyhow::Result<Exit> {
        let (site, store) = (self.site()?, connect::store(self.config).await?);
        let clock = self.app.clock.as_ref();
        let (from, does) = match self.args.approve {
            true => (State::Ready, "approved"),
            false => (State::Held, "released"),
        };
        let standings = self.standings(&store).await?;
        let chosen: Vec<_> = standings.iter().filter(|one| one.state == from).collect();
        anyhow::ensure!(
            !chosen.is_empty(),
            "nothing that is accrued of {} is {from}, so nothing is {does}; `ml-connector accrue \
             --period {}` tells how it stands",
            self.args.period,
            self.args.period
        );
        let worker =
            AccrualWorker { site: &site, store: &store, ledger: None, clock, watch: &Silent };
        let (person, reason) = (App::person(), self.args.reason.as_deref());
        for one in chosen {
            match self.args.approve {
                true => worker.approve(&one.key, &person, reason).await?,
                false => worker.release(&one.key, &person, reason).await?,
            };
        }
        self.print_standings(&store).await
    }

    async fn standings(&self, store: &Store) -> anyhow::Result<Vec<Standing>> {
        let name = &self.connection.name;
        let booked = booked(store, name, self.connection.cut_off_zone().as_ref()).await?;
        let mut standings = standings(store, name, &booked).await?;
        standings.retain(|one| one.key.period == self.args.period);
        if let Some(currency) = &self.args.currency {
            standings.retain(|one| one.key.currency == *currency);
        }
        Ok(standings)
    }

    fn print_held(&self, told: &Told) -> Exit {
        for hold in &told.accruals.held {
            if self.app.common.json {
                output::line(json!({ "period": told.period.name, "held": hold.to_string() }));
            } else {
                output::line(format!("{} {hold}", styled(BAD, "held:")));
            }
        }
        if told.accruals.held.is_empty() { Exit::Ok } else { Exit::Held }
    }

    fn print_nothing(&self, told: &Told) {
        let Accruals { accruals, held, .. } = &told.accruals;
        if accruals.is_empty() && held.is_empty() && !self.app.common.json {
            output::line(format!("nothing is open at the end of {}", told.period.name));
        }
    }

    async fn print_standings(&self, store: &Store) -> anyhow::Result<Exit> {
        let standings = self.standings(store).await?;
        for one in &standings {
            match self.app.common.json {
                true => output::line(as_json(one)),
                false => people(one).iter().for_each(output::line),
            }
        }
        let held = standings.iter().any(|one| one.state == State::Held);
        Ok(if held { Exit::Held } else { Exit::Ok })
    }
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

/// How an accrual stands, for machines.
pub(super) fn as_json(standing: &Standing) -> Value {
    let Standing { key, state, plan, held, documents, changes } = standing;
    let documents = documents.iter().map(|posting| {
        json!({ "key": posting.key, "step": posting.step, "token": posting.token,
                "group_id": posting.group_id, "journal": posting_number(posting) })
    });
    json!({
        "connection": key.connection, "accrual": RecordKey::from(key).id, "period": key.period,
        "currency": key.currency, "state": state.as_str(),
        "deferred": plan.deferred.amount_text(), "unsettled": plan.unsettled.amount_text(),
        "date": plan.journal.date.to_string(), "reversal": plan.reversal.date.to_string(),
        "journals": documents.collect::<Vec<_>>(), "held": held, "changes": changes,
    })
}

/// How an accrual stands, for people.
pub(in crate::commands) fn people(standing: &Standing) -> Vec<String> {
    let Standing { key, state, plan, held, documents, changes } = standing;
    let name = styled(HEAD, format!("accrual {}", RecordKey::from(key).id));
    let word = styled(state_style(state.as_str()), state.as_str());
    let (date, back) = (plan.journal.date, plan.reversal.date);
    let total = plan.total().map_or_else(|error| format!("{error:#}"), |total| total.to_string());
    let numbers: Vec<_> = documents
        .iter()
        .map(|posting| posting_number(posting).unwrap_or_else(|| posting.step.clone()))
        .collect();
    let numbers = match numbers.as_slice() {
        [] => String::new(),
        numbers => format!("; in Epicor {}", numbers.join(", ")),
    };
    let mut lines =
        vec![format!("  {name}: {word}, {total} on {date}, taken back on {back}{numbers}")];
    let reasons = held.iter().map(|reason| ("held:", &reason.message));
    let changes = changes.iter().map(|change| ("changed since:", change));
    let told = reasons.chain(changes);
    lines.extend(told.map(|(what, text)| format!("  {} {text}", styled(ATTENTION, what))));
    lines.extend(standing.next().map(|next| format!("  next: {next}")));
    lines
}
