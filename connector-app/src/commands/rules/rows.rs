//! What the rules do to rows: `explain`, `suggest` and `diff`.

use std::collections::{BTreeMap, HashMap};
use std::fs::File;
use std::path::{Path, PathBuf};

use anstyle::Style;
use anyhow::Context as _;
use jiff::tz::TimeZone;
use ledger_mapper::{
    AccountChange, Move, Outcome, RowFacts, Rules, RulesDiff, Suggestion, fulfillment_named,
    triple_named,
};
use serde_json::{Value, json};
use settlement_model::{Currency, Group, Item, Money, ReadOptions, RowReader, Triple, Unreadable};

use super::Basis;
use crate::cli::ExplainArgs;
use crate::commands::App;
use crate::exit::Exit;
use crate::output::{self, ATTENTION, Align, GOOD, HEAD, QUIET, Table, grouped, styled};

/// Reads a settlement file by kinds of rows, SKUs apart, each with the day it counts for.
fn each_group(
    path: &Path,
    zone: Option<&TimeZone>,
    mut take: impl FnMut(&RowFacts<'_>, &Group) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let options = ReadOptions { zone: zone.cloned(), group_by_sku: true, ..ReadOptions::default() };
    let document = settlement_model::read(open(path)?, &options)
        .with_context(|| path.display().to_string())?;
    for settlement in &document.settlements {
        // Rows after a settlement's end count for the day of the end.
        let end = settlement.end.date_in(&document.zone);
        for group in &settlement.groups {
            take(&RowFacts::of_group(group, group.date.min(end)), group)?;
        }
    }
    Ok(())
}

fn open(path: &Path) -> anyhow::Result<File> {
    File::open(path).with_context(|| {
        let name = path.display();
        format!("cannot open {name}: name a settlement file, or write a row as \"A / B / C\"")
    })
}

pub(super) fn explain(app: &App, basis: &Basis, args: &ExplainArgs) -> anyhow::Result<Exit> {
    if Path::new(&args.what).exists() {
        return explain_file(app, basis, Path::new(&args.what));
    }
    if let Some((file, line)) = args.what.rsplit_once(':')
        && let Ok(line) = line.parse::<u64>()
    {
        return explain_line(app, basis, Path::new(file), line);
    }
    let triple = triple_named(&args.what).with_context(|| {
        format!(
            "\"{}\" is neither a file nor a row such as \"Order / ItemFees / Commission\"",
            args.what
        )
    })?;
    let today = || TimeZone::UTC.to_datetime(app.clock.now()).date();
    let facts = RowFacts {
        triple: &triple,
        date: args.date.unwrap_or_else(today),
        marketplace: args.marketplace.as_deref(),
        sku: Some(&args.sku),
        fulfillment: &fulfillment_named(&args.fulfilment),
        currency: Currency::parse(&args.currency)
            .context("--currency takes an ISO 4217 code, such as EUR")?,
    };
    explain_row(app, &basis.rules, &facts)
}

fn explain_line(app: &App, basis: &Basis, path: &Path, wanted: u64) -> anyhow::Result<Exit> {
    let name = || path.display().to_string();
    let options = ReadOptions { zone: basis.zone.clone(), ..ReadOptions::default() };
    let mut reader = RowReader::new(open(path)?, &options).with_context(name)?;
    let zone = reader.zone().clone();
    let mut ends = HashMap::new();
    while let Some(item) = reader.next() {
        let row = match item.map_err(Unreadable::from).with_context(name)? {
            Item::Settlement(row) => {
                ends.insert(row.id, row.end.date_in(&zone));
                continue;
            }
            Item::Row(row) if row.line() == wanted => row,
            Item::Row(_) => continue,
        };
        let date = row.posted().date_in(&zone);
        let triple = Triple {
            transaction_type: row.transaction_type().to_owned(),
            amount_type: row.amount_type().to_owned(),
            amount_description: row.amount_description().to_owned(),
        };
        let facts = RowFacts {
            triple: &triple,
            date: ends.get(row.settlement_id()).map_or(date, |end| date.min(*end)),
            marketplace: row.marketplace_name(),
            sku: Some(row.sku()),
            fulfillment: &row.fulfillment(),
            currency: row.amount().currency(),
        };
        return explain_row(app, &basis.rules, &facts);
    }
    anyhow::bail!("line {wanted} of {} is no row with an amount; name another", path.display())
}

fn explain_row(app: &App, rules: &Rules, facts: &RowFacts<'_>) -> anyhow::Result<Exit> {
    let explanation = rules.explain(facts);
    if app.common.json {
        let mut object = serde_json::to_value(&explanation)?;
        object["row"] = json!({
            "triple": facts.triple, "date": facts.date, "marketplace": facts.marketplace,
            "sku": facts.sku, "fulfilment": facts.fulfillment, "currency": facts.currency.code(),
        });
        output::line(object);
    } else {
        let marketplace = facts.marketplace.unwrap_or("no marketplace");
        output::line(format!(
            "{}  {} {marketplace} {}",
            styled(HEAD, facts.triple),
            facts.date,
            facts.sku.unwrap_or_default(),
        ));
        output::line(&explanation);
    }
    let held = explanation.result.posted().is_none();
    Ok(if held { Exit::Held } else { Exit::Ok })
}

/// Rows that are alike, and what becomes of them.
type Kinds = BTreeMap<(Triple, Option<String>, Currency, Outcome), (Money, u64, u64)>;

fn explain_file(app: &App, basis: &Basis, path: &Path) -> anyhow::Result<Exit> {
    let mut kinds = Kinds::new();
    each_group(path, basis.zone.as_ref(), |facts, group| {
        let outcome = basis.rules.outcome(facts);
        let marketplace = facts.marketplace.map(str::to_owned);
        let key = (facts.triple.clone(), marketplace, facts.currency, outcome);
        let zero = Money::zero(facts.currency);
        let (sum, rows, line) = kinds.entry(key).or_insert((zero, 0, group.lines.first));
        *sum = sum.checked_add(group.amount)?;
        *rows += group.rows;
        *line = group.lines.first.min(*line);
        Ok(())
    })?;
    let held = kinds.keys().any(|(_, _, _, outcome)| outcome.posted().is_none());
    if app.common.json {
        for ((triple, marketplace, currency, outcome), (amount, rows, line)) in &kinds {
            let mut object = serde_json::to_value(outcome)?;
            object["triple"] = json!(triple);
            object["marketplace"] = json!(marketplace);
            object["currency"] = json!(currency.code());
            object["amount"] = json!(amount.amount_text());
            object["rows"] = json!(rows);
            object["first_line"] = json!(line);
            output::line(object);
        }
    } else {
        for line in kinds_table(&kinds).lines() {
            output::line(line);
        }
        let file = path.display();
        output::line(styled(QUIET, format!("  {file}:LINE explains one row in full")));
    }
    Ok(if held { Exit::Held } else { Exit::Ok })
}

fn kinds_table(kinds: &Kinds) -> Table {
    let mut table = Table::new(&[
        ("Row", Align::Left),
        ("Marketplace", Align::Left),
        ("Rows", Align::Right),
        ("Amount", Align::Right),
        ("", Align::Left),
        ("First line", Align::Right),
        ("Account", Align::Left),
        ("What becomes of them", Align::Left),
    ])
    .indent(2);
    for ((triple, marketplace, currency, outcome), (amount, rows, line)) in kinds {
        let plain = Style::new();
        let (account, what, style) = match outcome {
            Outcome::Posted { account, role, rule } => {
                (account.to_string(), format!("{role}, by {rule}"), plain)
            }
            held => ("-".to_owned(), held.to_string(), ATTENTION),
        };
        table.styled_row(vec![
            (triple.to_string(), HEAD),
            (marketplace.clone().unwrap_or_default(), plain),
            (rows.to_string(), plain),
            (grouped(&amount.amount_text()), plain),
            (currency.code().to_owned(), plain),
            (line.to_string(), QUIET),
            (account, plain),
            (what, style),
        ]);
    }
    table
}

pub(super) fn suggest(app: &App, basis: &Basis, what: &str) -> anyhow::Result<Exit> {
    let mut unknown: BTreeMap<Triple, u64> = BTreeMap::new();
    if let (false, Some(triple)) = (Path::new(what).exists(), triple_named(what)) {
        unknown.insert(triple, 0);
    } else {
        each_group(Path::new(what), basis.zone.as_ref(), |facts, group| {
            if basis.rules.outcome(facts) == Outcome::Unknown {
                *unknown.entry(facts.triple.clone()).or_default() += group.rows;
            }
            Ok(())
        })?;
    }
    if unknown.is_empty() && !app.common.json {
        output::line(styled(GOOD, "Every row is known."));
    }
    for (triple, rows) in &unknown {
        let suggestions = ledger_mapper::suggest(triple);
        if app.common.json {
            output::line(json!({ "triple": triple, "rows": rows, "suggestions": suggestions }));
            continue;
        }
        output::line(styled(HEAD, triple));
        if suggestions.is_empty() {
            output::line("  is like nothing known: look the fee up in Seller Central");
        }
        for Suggestion { role, reason, .. } in &suggestions {
            output::line(format!("  {role}: {reason}"));
        }
        if let Some(first) = suggestions.first() {
            output::line(styled(QUIET, "  if that is right, add to the rules file:"));
            output::line(rule_for(triple, first));
        }
    }
    Ok(Exit::Ok)
}

/// A rule to copy.
fn rule_for(triple: &Triple, suggestion: &Suggestion) -> String {
    let text = |name: &str, value: &str| format!("    {name} = {}\n", Value::from(value));
    format!(
        "    [[rule]]\n{}{}{}    role = \"{}\"",
        text("transaction_type", &triple.transaction_type),
        text("amount_type", &triple.amount_type),
        text("amount_description", &triple.amount_description),
        suggestion.role,
    )
}

pub(super) fn diff(
    app: &App,
    (old, new): (&Rules, &Rules),
    zone: Option<&TimeZone>,
    files: &[PathBuf],
) -> anyhow::Result<Exit> {
    let mut diff = RulesDiff::new(old, new);
    for path in files {
        each_group(path, zone, |facts, group| Ok(diff.add(facts, group.amount, group.rows)?))?;
    }
    print_diff(app, diff.rows(), &diff.moves(), &diff.accounts())?;
    Ok(Exit::Ok)
}

/// What other rules would have done: the accounts that change, then the rows that move.
pub(super) fn print_diff(
    app: &App,
    rows: u64,
    moves: &[Move],
    accounts: &[AccountChange],
) -> anyhow::Result<()> {
    if app.common.json {
        for change in accounts {
            output::line(json!({ "change": "account", "of": change }));
        }
        for change in moves {
            output::line(json!({ "change": "rows", "of": change }));
        }
        return Ok(());
    }
    if moves.is_empty() {
        output::line(styled(GOOD, format!("No difference over {rows} rows.")));
        return Ok(());
    }
    let moved: u64 = moves.iter().map(|change| change.rows).sum();
    output::line(styled(HEAD, format!("{moved} of {rows} rows are posted otherwise")));
    let mut table = Table::new(&[
        ("Account", Align::Left),
        ("Before", Align::Right),
        ("After", Align::Right),
        ("Difference", Align::Right),
        ("", Align::Left),
    ])
    .indent(2);
    for change in accounts {
        let by = change.new.checked_sub(change.old)?;
        let text = |money: Money| grouped(&money.amount_text());
        let currency = change.currency.code().to_owned();
        let cells = [text(change.old), text(change.new), text(by)];
        let [before, after, by] = cells;
        table.row(Style::new(), [change.account.clone(), before, after, by, currency]);
    }
    for line in table.lines() {
        output::line(line);
    }
    output::line(styled(QUIET, "  positive is a credit"));
    for change in moves {
        output::line("");
        let amount = grouped(&change.amount.amount_text());
        let place = change.marketplace.as_deref().unwrap_or("no marketplace");
        output::line(format!(
            "  {}  {place}, {}, {amount} {}",
            styled(HEAD, &change.triple),
            if change.rows == 1 { "1 row".to_owned() } else { format!("{} rows", change.rows) },
            change.currency
        ));
        output::line(format!("    before  {}", change.old));
        output::line(format!("    after   {}", change.new));
    }
    Ok(())
}
