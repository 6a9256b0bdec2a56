//! `demo`: the whole path on stand-in servers, with the code and the configuration a user has.

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use fixtures::{amazon, documents, epicor};
use ledger_mapper::Rules;
use rust_decimal::Decimal;
use store::{SettlementRecord, Store};

use super::{App, sync};
use crate::cli::DemoArgs;
use crate::config::{Config, DEFAULT_FILE};
use crate::exit::Exit;
use crate::output::{self, ATTENTION, BAD, GOOD, HEAD, QUIET, grouped, journal_table, styled};
use crate::pipeline::{HeldReason, journals_of, posting_number};
use crate::sync::Summary;

pub(super) async fn run(app: &App, args: &DemoArgs) -> anyhow::Result<Exit> {
    let began = app.clock.monotonic();
    let stage = Stage::set(args).await?;
    let app = App {
        common: crate::cli::Common {
            config: Some(stage.folder().join(DEFAULT_FILE)),
            connection: None,
            ..app.common.clone()
        },
        clock: app.clock.clone(),
    };
    let config = app.config()?;
    let connection = config.connection(None)?;

    heading("1", "A stand-in Amazon and a stand-in Epicor run on this machine; nothing leaves it");
    output::line(format!("   Amazon  {}", stage.amazon.base_url()));
    output::line(format!("   Epicor  {}, company {}", stage.epicor.base_url(), connection.epicor.company));

    heading("2", "First sync: find, read, map, check, approve, post, read back");
    let (summary, store) = sync::one(&app, &config, connection).await?;
    say(&summary);
    for record in store.settlements(None)? {
        tell(&store, &record)?;
    }
    drop(store);
    let before = stage.epicor.posted_journals().len();

    heading("3", "Second sync: the same again, and nothing is posted twice");
    let (summary, store) = sync::one(&app, &config, connection).await?;
    say(&summary);
    let after = stage.epicor.posted_journals().len();
    let verdict = if before == after { styled(GOOD, "nothing new") } else { styled(BAD, "CHANGED") };
    output::line(format!("   Epicor held {before} posted journals before, {after} after: {verdict}"));
    let tied = deposits_tie(&stage, &store)?;
    drop(store);

    heading("4", "With your own accounts");
    next_steps(&stage);
    let took = app.clock.monotonic().saturating_sub(began);
    output::line(styled(QUIET, format!("\n   {} ms", took.as_millis())));
    Ok(if tied && before == after { Exit::Ok } else { Exit::Failed })
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
fn tell(store: &Store, record: &SettlementRecord) -> anyhow::Result<()> {
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
    let postings = store.postings_of(&record.key)?;
    for (journal, posting) in journals_of(record)?.iter().zip(&postings) {
        for line in journal_table(journal).lines() {
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
    output::line(format!("     Amazon clearing {} {}: {verdict}", grouped(&record.deposit), record.currency));
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
fn deposits_tie(stage: &Stage, store: &Store) -> anyhow::Result<bool> {
    let rules = Rules::sample();
    let clearing = rules
        .account_for(&ledger_mapper::Role::AMAZON_CLEARING)
        .context("the sample chart names a clearing account")?
        .to_string();
    let mut deposits = Decimal::ZERO;
    let mut drafted = Decimal::ZERO;
    for record in store.settlements(None)?.iter().filter(|record| record.state == "posted") {
        deposits += record.deposit.parse::<Decimal>().context("stored deposit")?;
        // Opening balances and card charges stand on the same account, in lines of their own.
        for line in journals_of(record)?.iter().flat_map(|journal| &journal.lines) {
            if line.account.as_str() == clearing && line.role != ledger_mapper::Role::AMAZON_CLEARING {
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

fn next_steps(stage: &Stage) {
    for line in [
        "write ml-connector.toml as the README's \"Connect your own systems\" shows: your Amazon",
        "application, your Epicor company, your rules file (start from the sample chart).",
        "Try your own settlement first, without any account:",
    ] {
        output::line(format!("   {line}"));
    }
    output::line(styled(HEAD, "     ml-connector plan your-settlement.txt"));
    output::line("   Then, with credentials in place:");
    output::line(styled(HEAD, "     ml-connector sync settlements && ml-connector status"));
    if let Place::Kept(folder) = &stage.place {
        let config = folder.join(DEFAULT_FILE);
        output::line(format!("   This demo's configuration and data: {}", config.display()));
    }
}

/// The servers, and a folder with a configuration, rules and secrets for them.
struct Stage {
    amazon: amazon::StandIn,
    epicor: epicor::StandIn,
    place: Place,
}

enum Place {
    Temporary(tempfile::TempDir),
    Kept(PathBuf),
}

impl Stage {
    async fn set(args: &DemoArgs) -> anyhow::Result<Self> {
        let settlements = match &args.settlements {
            Some(folder) => documents::load_folder(folder)
                .with_context(|| format!("reading settlements from {}", folder.display()))?,
            None => documents::demo(),
        };
        let place = match &args.keep {
            Some(folder) => {
                std::fs::create_dir_all(folder)
                    .with_context(|| format!("creating {}", folder.display()))?;
                Place::Kept(folder.clone())
            }
            None => Place::Temporary(tempfile::tempdir().context("creating a temporary folder")?),
        };
        let amazon_options = amazon::Options { settlements, ..amazon::Options::default() };
        let amazon = amazon::StandIn::start(amazon_options).await.context("starting Amazon")?;
        let epicor =
            epicor::StandIn::start(epicor::Options::default()).await.context("starting Epicor")?;
        let stage = Self { amazon, epicor, place };
        stage.write_configuration().context("writing the demo's configuration")?;
        Ok(stage)
    }

    fn folder(&self) -> &Path {
        match &self.place {
            Place::Temporary(folder) => folder.path(),
            Place::Kept(folder) => folder,
        }
    }

    fn write_configuration(&self) -> anyhow::Result<()> {
        let folder = self.folder();
        std::fs::write(folder.join("rules.toml"), Rules::sample_text())?;
        for (name, secret) in [
            ("client-secret", "stand-in-secret"),
            ("refresh-token", "Atzr|stand-in"),
            ("api-key", "stand-in-key"),
            ("password", "connector"),
        ] {
            write_private(&folder.join(name), secret)?;
        }
        let text = format!(
            r#"data_dir = "data"

[[connection]]
name = "demo"
rules = "rules.toml"

[connection.amazon]
region = "na"
client_id = "stand-in-client"
client_secret = {{ file = "client-secret" }}
refresh_token = {{ file = "refresh-token" }}
base_url = "{}"
lwa_url = "{}"

[connection.epicor]
url = "{}"
company = "EPIC06"
api_key = {{ file = "api-key" }}
user = "connector"
password = {{ file = "password" }}

[connection.approval]
automatic = true

[connection.posting]
settle_seconds = 2
"#,
            self.amazon.base_url(),
            self.amazon.lwa_url(),
            self.epicor.base_url(),
        );
        std::fs::write(folder.join(DEFAULT_FILE), text)?;
        Ok(())
    }
}

/// Writes a file that only its owner may read.
fn write_private(path: &Path, text: &str) -> std::io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    std::io::Write::write_all(&mut options.open(path)?, text.as_bytes())
}
