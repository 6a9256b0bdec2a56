//! `bank import|list|assign|waive`: what the bank received, and what people say about it.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anstyle::Style;
use anyhow::Context as _;
use bank_statement::{CsvColumns, Currency, DayFirst, Money, Options, Proof};
use serde_json::{Value, json};
use store::Store;

use super::App;
use crate::amazon::{self, Witness, refresh_payouts};
use crate::bank::{self, By, File};
use crate::cli::{BankCommand, BankImport, Column};
use crate::config::{Config, Connection};
use crate::connect::{self, Links};
use crate::exit::Exit;
use crate::lane;
use crate::output::{self, Align, BAD, GOOD, HEAD, QUIET, Table, grouped, styled};
use crate::pipeline::{Silent, Watch};
use crate::secrets::Secrets;

pub(super) async fn run(app: &App, command: &BankCommand) -> anyhow::Result<Exit> {
    let config = app.config()?;
    let connection = config.connection(app.common.connection.as_deref())?;
    let (actor, at) = (App::person(), app.clock.now());
    let by = By { connection, actor: &actor, at };
    match command {
        BankCommand::Import(import) => {
            // Everything is read before the store is opened: a bad file leaves it as it was.
            let mut files = Vec::new();
            for path in &import.files {
                files.push(read(path, import)?);
            }
            let store = connect::store(&config).await?;
            let clock = app.clock.as_ref();
            lane::alone(&store, &connection.name, clock, async |store| {
                take_in(app, &store, &files, &by).await
            })
            .await?;
        }
        BankCommand::List => list(app, connection, &connect::store_to_read(&config).await?).await?,
        BankCommand::Payouts => payouts(app, &config, connection).await?,
        BankCommand::Assign { reference, settlement } => {
            let store = connect::store(&config).await?;
            let key = super::find(&store, Some(&connection.name), settlement).await?;
            let line = bank::assign(&store, reference, &key, &by).await?;
            let people = format!("bank line {line} is the deposit of settlement {settlement}");
            app.tell(&assigned(connection, &line, Some(settlement)), people);
        }
        BankCommand::Unassign { reference } => {
            let store = connect::store(&config).await?;
            let line = bank::unassign(&store, reference, &by).await?;
            let people = format!("bank line {line} is nobody's in particular");
            app.tell(&assigned(connection, &line, None), people);
        }
        BankCommand::Waive { settlement, amount, reason, date } => {
            let store = connect::store(&config).await?;
            let key = super::find(&store, Some(&connection.name), settlement).await?;
            let day = date.unwrap_or_else(|| connection.today(at));
            let written_off = bank::waive(&store, &key, (*amount, day), reason, &by).await?;
            let done = json!({
                "connection": connection.name, "settlement_id": settlement, "date": day.to_string(),
                "currency": written_off.amount.currency().code(),
                "waived": written_off.amount.amount_text(), "replaced": written_off.replaced,
                "reason": reason,
            });
            app.tell(&done, format!("{written_off}: {reason}"));
        }
    }
    Ok(Exit::Ok)
}

/// Whose deposit a line is said to be, as `list` has it.
fn assigned(connection: &Connection, line: &str, settlement: Option<&str>) -> Value {
    json!({ "connection": connection.name, "bank_line": line, "settlement_id": settlement })
}

/// Reads what Amazon paid out, keeps it, and shows it beside the settlements.
async fn payouts(app: &App, config: &Config, connection: &Connection) -> anyhow::Result<()> {
    let name = connection.name.as_str();
    let secrets = Secrets::open(config).await?;
    let links = Links::new(app.clock.clone());
    let watch: Arc<dyn Watch> = Arc::new(Silent);
    let client = connect::amazon_client(connection, &secrets, &app.clock, &watch, &links);
    let client = client.await?.build()?;
    let store = connect::store(config).await?;
    let clock = app.clock.as_ref();
    lane::alone(&store, name, clock, async |store| {
        refresh_payouts(&store, &client, name, clock.now()).await
    })
    .await?;
    let told = amazon::payouts(&store, name).await?;
    let mut table = Table::new(&[
        ("Settlement", Align::Left),
        ("Total", Align::Right),
        ("Payout", Align::Left),
        ("", Align::Left),
    ])
    .indent(2);
    for record in store.settlements(Some(name)).await? {
        let id = record.key.settlement_id.as_str();
        let total = Money::new(record.deposit.parse()?, Currency::parse(&record.currency)?)?;
        let witness = told.witness(id, total);
        let (word, style) = match &witness {
            Witness::Silent => ("", QUIET),
            Witness::Agrees(_) => ("agrees", GOOD),
            Witness::Contradicts(_) => ("contradicts", BAD),
        };
        if app.common.json {
            output::line(json!({ "connection": name, "settlement_id": id, "witness": word,
                                 "total": total.to_string(), "payout": witness.to_string() }));
            continue;
        }
        table.styled_row(vec![
            (id.to_owned(), HEAD),
            (grouped(&total.amount_text()), Style::new()),
            (witness.to_string(), QUIET),
            (word.to_owned(), style),
        ]);
    }
    for line in table.lines().into_iter().filter(|_| !app.common.json) {
        output::line(line);
    }
    Ok(())
}

fn read(path: &PathBuf, import: &BankImport) -> anyhow::Result<File> {
    let currency = import.currency.as_deref().map(Currency::parse).transpose()?;
    let day_first = match (import.day_first, import.month_first) {
        (true, _) => Some(DayFirst::Yes),
        (_, true) => Some(DayFirst::No),
        _ => None,
    };
    let bytes = std::fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    let name = Path::new(path).file_name().unwrap_or(path.as_os_str()).to_string_lossy();
    let columns = Some(columns(&import.columns));
    bank::read(&name, bytes, &Options { currency, columns, day_first })
}

fn columns(named: &[(Column, String)]) -> CsvColumns {
    let mut columns = CsvColumns::default();
    for (column, heading) in named {
        let place = match column {
            Column::Date => &mut columns.date,
            Column::Amount => &mut columns.amount,
            Column::Debit => &mut columns.debit,
            Column::Credit => &mut columns.credit,
            Column::Sign => &mut columns.sign,
            Column::Reference => &mut columns.reference,
            Column::Currency => &mut columns.currency,
            Column::Balance => &mut columns.balance,
        };
        place.clone_from(heading);
    }
    columns
}

async fn take_in(app: &App, store: &Store, files: &[File], by: &By<'_>) -> anyhow::Result<()> {
    for file in files {
        for statement in &file.statements {
            let taken = bank::take_in(store, file, statement, by).await?;
            let (of, booked, new) = (taken.lines, taken.from_amazon, taken.new);
            if app.common.json {
                output::line(json!({
                    "connection": by.connection.name, "document": file.name(),
                    "form": statement.form.to_string(), "account": statement.account,
                    "lines": of, "amazon": booked, "new": new,
                    "proof": proof_word(statement.proof),
                }));
                continue;
            }
            output::line(format!(
                "{}: {} statement, {of} lines, {booked} from Amazon, {new} of them new; {}",
                styled(HEAD, file.name()),
                statement.form,
                proof_sentence(statement.proof),
            ));
            if booked < of {
                let others = format!(
                    "{} lines without \"{}\" in their text were left out",
                    of - booked,
                    by.connection.bank.payer
                );
                output::line(format!("  {}", styled(QUIET, others)));
            }
        }
    }
    Ok(())
}

const fn proof_word(proof: Proof) -> &'static str {
    match proof {
        Proof::Totals => "totals",
        Proof::RunningBalance => "running balance",
        Proof::None => "none",
    }
}

const fn proof_sentence(proof: Proof) -> &'static str {
    match proof {
        Proof::Totals => "its totals agree",
        Proof::RunningBalance => "its balances follow from each other",
        Proof::None => "it states no totals to check",
    }
}

async fn list(app: &App, connection: &Connection, store: &Store) -> anyhow::Result<()> {
    let lines = store.bank_lines(&connection.name).await?;
    if app.common.json {
        for line in &lines {
            output::line(json!({
                "connection": connection.name, "bank_line": line.id(),
                "account": line.account, "reference": line.reference, "date": line.date.to_string(),
                "currency": line.currency, "amount": line.amount, "text": line.text,
                "settlement_id": line.settlement_id,
            }));
        }
        return Ok(());
    }
    let mut table = Table::new(&[
        ("Date", Align::Left),
        ("Amount", Align::Right),
        ("", Align::Left),
        ("Reference", Align::Left),
        ("Settlement", Align::Left),
        ("Text", Align::Left),
    ])
    .indent(2);
    for line in &lines {
        table.row(
            Style::new(),
            [
                line.date.to_string(),
                grouped(&line.amount),
                line.currency.clone(),
                line.id(),
                line.settlement_id.clone().unwrap_or_default(),
                line.text.chars().take(60).collect(),
            ],
        );
    }
    for line in table.lines() {
        output::line(line);
    }
    Ok(())
}
