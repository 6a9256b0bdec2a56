//! `demo`: the whole path on stand-in servers, with the code and the configuration a user has.

mod orders;

use anyhow::Context as _;
use fixtures::documents;
use jiff::Timestamp;
use ledger_mapper::Rules;
use rust_decimal::Decimal;
use store::{SettlementRecord, Store};

use super::{App, sync};
use crate::cli::DemoArgs;
use crate::exit::Exit;
use crate::output::{self, ATTENTION, BAD, GOOD, HEAD, QUIET, grouped, journal_table, styled};
use crate::pipeline::{HeldReason, journals_of, posting_number};
use crate::stage::{Setting, Stage};
use crate::sync::Summary;

pub(super) async fn run(app: &App, args: &DemoArgs) -> anyhow::Result<Exit> {
    let began = app.clock.monotonic();
    let stage = set_stage(args, app.clock.now()).await?;
    let app = App {
        common: crate::cli::Common {
            config: Some(stage.config()),
            connection: None,
            ..app.common.clone()
        },
        clock: app.clock.clone(),
    };
    let config = app.config()?;
    let connection = config.connection(None)?;

    heading("1", "A stand-in Amazon and a stand-in Epicor run on this machine; nothing leaves it");
    output::line(format!("   Amazon  {}", stage.amazon.base_url()));
    output::line(format!(
        "   Epicor  {}, company {}",
        stage.epicor.base_url(),
        connection.epicor.company
    ));

    heading("2", "First sync: find, read, map, check, approve, post, read back");
    let (summary, _, store) = sync::one(&app, &config, connection).await?;
    say(&summary);
    for record in store.settlements(None).await? {
        tell(&store, &record).await?;
    }
    drop(store);
    let before = stage.epicor.posted_journals().len();

    heading("3", "Second sync: the same again, and nothing is posted twice");
    let (summary, _, store) = sync::one(&app, &config, connection).await?;
    say(&summary);
    let after = stage.epicor.posted_journals().len();
    let verdict =
        if before == after { styled(GOOD, "nothing new") } else { styled(BAD, "CHANGED") };
    output::line(format!(
        "   Epicor held {before} posted journals before, {after} after: {verdict}"
    ));
    let tied = deposits_tie(&stage, &store).await?;
    drop(store);

    let in_and_out = orders::show(&app, &config, &stage).await?;

    heading("5", "With your own accounts");
    next_steps(args, &stage);
    let took = app.clock.monotonic().saturating_sub(began);
    output::line(styled(QUIET, format!("\n   {} ms", took.as_millis())));
    Ok(if tied && in_and_out && before == after { Exit::Ok } else { Exit::Failed })
}

async fn set_stage(args: &DemoArgs, now: Timestamp) -> anyhow::Result<Stage> {
    let settlements = match &args.settlements {
        Some(folder) => documents::load_folder(folder)
            .with_context(|| format!("reading settlements from {}", folder.display()))?,
        None => documents::demo(),
    };
    let mut setting = Setting::new(settlements);
    setting.folder.clone_from(&args.keep);
    setting.amazon = orders::amazon(now);
    orders::TABLES.clone_into(&mut setting.tables);
    Stage::set(setting).await
}

fn heading(number: &str, text: &str) {
    output::line(format!("\n{} {}", styled(HEAD, format!("{number}.")), styled(HEAD, text)));
}

fn say(summary: &Summary) {
    output::line(format!(
        "   {} reports listed, {} new; {} settlements moved, {} unchanged",
        summary.listed,
        summary.new_reports,
        summary.moved.len(),
        summary.unchanged
    ));
    for document in &summary.unreadable {
        for line in output::unreadable_people(&document.document, &document.source) {
            output::line(format!(" {line}"));
        }
    }
    for (record, error) in &summary.failures {
        output::line(format!("   {} {record}: {error:#}", styled(BAD, "failed:")));
    }
}

/// One settlement: what came in, the journal by account, Epicor's number, the tie.
async fn tell(store: &Store, record: &SettlementRecord) -> anyhow::Result<()> {
    output::line("");
    output::line(format!(
        "   {}  {} to {}, {} rows  {}",
        styled(HEAD, format!("Settlement {}", record.key.settlement_id)),
        &record.start.chars().take(10).collect::<String>(),
        &record.end.chars().take(10).collect::<String>(),
        record.rows,
        styled(HEAD, format!("deposit {} {}", grouped(&record.deposit), record.currency)),
    ));
    for reason in HeldReason::parse_all(record.hold.as_deref()) {
        output::line(format!("   {} {}", styled(ATTENTION, "held:"), reason.message));
    }
    if record.state == "held" {
        return Ok(());
    }
    let postings = store.postings_of(&record.key).await?;
    for (journal, posting) in journals_of(record)?.iter().zip(&postings) {
        for line in journal_table(journal).indent(5).lines() {
            output::line(line);
        }
        let number = posting_number(posting).unwrap_or_else(|| posting.step.clone());
        output::line(format!(
            "     {} period {}, dated {}, debits = credits = {}",
            styled(GOOD, format!("Epicor journal {number},")),
            journal.period,
            journal.date,
            grouped(&journal.debits().amount_text()),
        ));
    }
    let clearing = clearing_of(&journals_of(record)?);
    let deposit: Decimal = record.deposit.parse().context("stored deposit")?;
    let verdict = if clearing == deposit {
        styled(GOOD, "ties to the deposit to the cent")
    } else {
        styled(BAD, format!("clearing {clearing} is not the deposit"))
    };
    output::line(format!(
        "     Amazon clearing {} {}: {verdict}",
        grouped(&record.deposit),
        record.currency
    ));
    Ok(())
}

/// What the journals put onto the clearing account for the deposit: debit positive.
fn clearing_of(journals: &[ledger_mapper::Journal]) -> Decimal {
    journals
        .iter()
        .flat_map(|journal| &journal.lines)
        .filter(|line| line.role == ledger_mapper::Role::AMAZON_CLEARING)
        .map(|line| line.debit - line.credit)
        .sum()
}

/// Asks the stand-in Epicor itself: Σ of its clearing lines against Σ of the posted deposits.
async fn deposits_tie(stage: &Stage, store: &Store) -> anyhow::Result<bool> {
    let rules = Rules::sample();
    let clearing = rules
        .account_for(&ledger_mapper::Role::AMAZON_CLEARING)
        .context("the sample chart names a clearing account")?
        .to_string();
    let mut deposits = Decimal::ZERO;
    let mut drafted = Decimal::ZERO;
    for record in store.settlements(None).await?.iter().filter(|record| record.state == "posted") {
        deposits += record.deposit.parse::<Decimal>().context("stored deposit")?;
        // Opening balances and card charges stand on the same account, in lines of their own.
        for line in journals_of(record)?.iter().flat_map(|journal| &journal.lines) {
            if line.account.as_str() == clearing
                && line.role != ledger_mapper::Role::AMAZON_CLEARING
            {
                drafted += line.debit - line.credit;
            }
        }
    }
    let in_epicor: Decimal = stage
        .epicor
        .posted_journals()
        .iter()
        .flat_map(|journal| &journal.lines)
        .filter(|line| line.account == clearing)
        .map(|line| line.debit - line.credit)
        .sum();
    let tied = in_epicor - drafted == deposits;
    let verdict = if tied { styled(GOOD, "equal") } else { styled(BAD, "NOT equal") };
    output::line(format!(
        "   Deposits of all posted settlements against Epicor's clearing account {clearing}: {verdict}"
    ));
    Ok(tied)
}

fn next_steps(args: &DemoArgs, stage: &Stage) {
    for (what, command) in [
        ("Try your own settlement, without any account:", "plan your-settlement.txt"),
        ("Write a configuration and rules to start from; it says what comes next:", "init"),
        ("Then, with credentials in place:", "sync settlements"),
    ] {
        output::line(format!("   {what}"));
        output::line(styled(HEAD, format!("     ml-connector {command}")));
    }
    if args.keep.is_some() {
        let config = stage.config();
        output::line(format!("   This demo's configuration and data: {}", config.display()));
    }
}
