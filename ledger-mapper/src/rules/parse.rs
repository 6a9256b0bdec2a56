//! Reading a rules file, with the place of every mistake.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::fmt::Write;

use jiff::civil::Date;
use serde::Deserialize;
use settlement_model::{Currency, Marketplace};
use sha2::{Digest, Sha256};
use toml::Spanned;
use toml::value::Datetime;

use super::condition::{Condition, Days, Term};
use super::template::{Dimensions, Template};
use super::{Account, Change, Fallback, Field, Override, Rules, Target, Templates};
use crate::file_error::{File, RulesError};
use crate::nearest::nearest;
use crate::pattern::Pattern;
use crate::role::{Role, roles};

mod dimension;
mod placeholder;

/// The only format so far.
const FORMAT: i64 = 1;

type Text = Spanned<String>;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    version: Spanned<i64>,
    name: String,
    #[serde(default)]
    chart: BTreeMap<Text, String>,
    #[serde(default)]
    template: TemplateTable,
    #[serde(default)]
    dimension: dimension::Table,
    accounts: BTreeMap<Text, Text>,
    #[serde(default)]
    change: Vec<ChangeTable>,
    #[serde(default)]
    rule: Vec<Spanned<Entry>>,
    unknown: Option<Unknown>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
struct TemplateTable {
    profit_and_loss: Option<Text>,
    balance_sheet: Option<Text>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ChangeTable {
    from: Spanned<Datetime>,
    #[serde(default)]
    accounts: BTreeMap<Text, Text>,
    #[serde(default)]
    template: TemplateTable,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    transaction_type: Option<Text>,
    amount_type: Option<Text>,
    amount_description: Option<Text>,
    marketplace: Option<Text>,
    country: Option<Text>,
    sku: Option<Text>,
    fulfilment: Option<Text>,
    currency: Option<Text>,
    from: Option<Spanned<Datetime>>,
    until: Option<Spanned<Datetime>>,
    role: Option<Text>,
    account: Option<Text>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Unknown {
    suspense: Text,
}

pub(super) fn parse(text: &str, file: &str) -> Result<Rules, RulesError> {
    let file = File { name: file, text };
    let table: Table = file.parse()?;
    if *table.version.get_ref() != FORMAT {
        let message = format!("Version {} of the rules format is not known.", table.version);
        let fix = format!("Write `version = {FORMAT}`.");
        return Err(file.error(&table.version.span(), message, fix));
    }
    let reader = Reader { file, dimensions: dimension::read(file, table.dimension)? };
    let mut accounts = reader.accounts(table.accounts)?;
    let changes = reader.changes(table.change)?;
    let mut chart = BTreeMap::new();
    for (number, name) in table.chart {
        chart.insert(account(file, &number)?, name);
    }
    let templates = reader.templates(table.template)?;
    let fallback = match table.unknown {
        Some(Unknown { suspense }) => {
            let suspense = reader.target(&suspense)?;
            Some(Fallback { line: suspense.line, suspense })
        }
        None => None,
    };
    if let Some(Fallback { suspense, .. }) = &fallback {
        accounts.entry(Role::SUSPENSE).or_insert_with(|| suspense.clone());
    }
    let overrides = reader.overrides(table.rule)?;
    let targets = accounts.values().chain(changes.iter().flat_map(|c| c.accounts.values()));
    let targets = targets.chain(overrides.iter().filter_map(|rule| rule.account.as_ref()));
    let targets = targets.chain(fallback.iter().map(|fallback| &fallback.suspense));
    let own_templates = targets.filter_map(|target| target.template.as_ref());
    let changed = changes.iter().flat_map(|change| change.templates.each());
    let every_template = templates.each().chain(changed).chain(own_templates);
    let skus = skus(&overrides, every_template, &reader.dimensions);
    Ok(Rules {
        name: table.name,
        version: version(text),
        file: file.name.to_owned(),
        chart,
        accounts,
        turns: turns(&changes, &overrides),
        skus,
        changes,
        templates,
        dimensions: reader.dimensions,
        overrides,
        fallback,
    })
}

fn version(text: &str) -> String {
    let mut version = format!("{FORMAT}-");
    let digest = Sha256::new().chain_update(text).chain_update(crate::catalogue::SOURCE);
    for byte in digest.finalize().iter().take(4) {
        // Writing to a String cannot fail.
        let _ = write!(version, "{byte:02x}");
    }
    version
}

/// The days on which something else comes into force.
fn turns(changes: &[Change], rules: &[Override]) -> Vec<Date> {
    let changes = changes.iter().map(|change| change.from);
    let starts = rules.iter().filter_map(|rule| rule.condition.days.from);
    let ends = rules.iter().filter_map(|rule| rule.condition.days.until?.tomorrow().ok());
    let mut turns: Vec<Date> = changes.chain(starts).chain(ends).collect();
    turns.sort_unstable();
    turns.dedup();
    turns
}

/// What rules, and templates that a row may need, ask of a SKU.
fn skus<'t>(
    rules: &[Override],
    templates: impl Iterator<Item = &'t Template>,
    dimensions: &Dimensions,
) -> Vec<Pattern> {
    let of_rules = rules.iter().filter_map(|rule| rule.condition.term(Field::Sku));
    let segments = templates.flat_map(Template::dimensions);
    let segments = segments.filter(|dimension| dimension.field == Field::Sku);
    let of_segments = segments.filter_map(|dimension| dimensions.get(dimension)).flatten();
    let terms = of_rules.chain(of_segments.map(|(term, _)| term));
    let mut patterns: Vec<Pattern> = terms.map(|term| term.pattern.clone()).collect();
    patterns.sort_unstable();
    patterns.dedup();
    patterns
}

/// What reading the parts of a file needs.
struct Reader<'a> {
    file: File<'a>,
    dimensions: Dimensions,
}

impl Reader<'_> {
    fn accounts(&self, table: BTreeMap<Text, Text>) -> Result<BTreeMap<Role, Target>, RulesError> {
        let named = |(role, number): (Text, Text)| {
            Ok((role_named(self.file, &role)?, self.target(&number)?))
        };
        table.into_iter().map(named).collect()
    }

    fn templates(&self, table: TemplateTable) -> Result<Templates, RulesError> {
        let template = |text: Option<Text>| text.map(|text| self.template(&text)).transpose();
        Ok(Templates {
            profit_and_loss: template(table.profit_and_loss)?,
            balance_sheet: template(table.balance_sheet)?,
        })
    }

    fn changes(&self, tables: Vec<ChangeTable>) -> Result<Vec<Change>, RulesError> {
        let mut changes: Vec<Change> = Vec::with_capacity(tables.len());
        for table in tables {
            let from = self.file.day(&table.from)?;
            if changes.iter().any(|earlier| earlier.from == from) {
                let message = format!("Two changes are in force from {from}.");
                let fix = "Put their accounts into one [[change]].";
                return Err(self.file.error(&table.from.span(), message, fix));
            }
            let accounts = self.accounts(table.accounts)?;
            let templates = self.templates(table.template)?;
            if accounts.is_empty() && templates.each().next().is_none() {
                let fix = "Give it accounts under [change.accounts], or a [change.template].";
                return Err(self.file.error(&table.from.span(), "The change is empty.", fix));
            }
            changes.push(Change { from, accounts, templates });
        }
        changes.sort_by_key(|change| Reverse(change.from));
        Ok(changes)
    }

    fn overrides(&self, entries: Vec<Spanned<Entry>>) -> Result<Vec<Override>, RulesError> {
        let mut rules: Vec<Override> = Vec::with_capacity(entries.len());
        for (number, entry) in (1..).zip(entries) {
            let span = entry.span();
            let rule = self.override_of(number, entry)?;
            if let Some(earlier) = rules.iter().find(|earlier| tie(earlier, &rule)) {
                let (one, two) = (&earlier.condition, &rule.condition);
                let what = if one.is_like(two) {
                    format!("Rule {number} has the same conditions as")
                } else {
                    format!("Rule {number} can match the same row, and is as specific, as")
                };
                let (other, line) = (earlier.number, earlier.line);
                let message = format!("{what} rule {other} on line {line}, so neither wins.");
                return Err(self.file.error(
                    &span,
                    message,
                    "Remove one, or add a condition to one.",
                ));
            }
            rules.push(rule);
        }
        rules.sort_by_key(|rule| Reverse(rule.condition.specificity()));
        Ok(rules)
    }

    fn override_of(&self, number: u32, entry: Spanned<Entry>) -> Result<Override, RulesError> {
        let (file, span) = (self.file, entry.span());
        let entry = entry.into_inner();
        let mut terms = Vec::new();
        for (field, text) in [
            (Field::Sku, &entry.sku),
            (Field::AmountDescription, &entry.amount_description),
            (Field::AmountType, &entry.amount_type),
            (Field::TransactionType, &entry.transaction_type),
            (Field::Marketplace, &entry.marketplace),
            (Field::Country, &entry.country),
            (Field::Fulfilment, &entry.fulfilment),
            (Field::Currency, &entry.currency),
        ] {
            if let Some(text) = text {
                terms.push(condition(file, field, text)?);
            }
        }
        if terms.is_empty() {
            let message = format!("Rule {number} has no condition, so it would take every row.");
            let fix = format!("Name at least one of {}.", names_of_fields());
            return Err(file.error(&span, message, fix));
        }
        if entry.role.is_none() && entry.account.is_none() {
            let message = format!("Rule {number} changes nothing.");
            return Err(file.error(&span, message, "Give it a role, an account, or both."));
        }
        Ok(Override {
            number,
            line: file.line(span.start),
            condition: Condition { terms, days: days(file, entry.from, entry.until)? },
            role: entry.role.map(|role| row_role(file, &role)).transpose()?,
            account: entry.account.map(|number| self.target(&number)).transpose()?,
        })
    }

    fn target(&self, text: &Text) -> Result<Target, RulesError> {
        let account = account(self.file, text)?;
        let has_placeholder = account.as_str().contains(['{', '}']);
        let template = has_placeholder.then(|| self.template(text)).transpose()?;
        Ok(Target { account, template, line: self.file.line(text.span().start) })
    }
}

/// Neither of two rules is more specific, and a row can match both.
fn tie(one: &Override, other: &Override) -> bool {
    one.condition.specificity() == other.condition.specificity()
        && one.condition.overlaps(&other.condition)
}

fn names_of_fields() -> String {
    Field::ALL.map(Field::as_str).join(", ")
}

fn days(
    file: File<'_>,
    from: Option<Spanned<Datetime>>,
    until: Option<Spanned<Datetime>>,
) -> Result<Days, RulesError> {
    let days = Days {
        from: from.map(|day| file.day(&day)).transpose()?,
        until: until.as_ref().map(|day| file.day(day)).transpose()?,
    };
    if let (Some(first), Some(last), Some(cell)) = (days.from, days.until, until)
        && last < first
    {
        let message = format!("The rule ends on {last}, before it starts on {first}.");
        return Err(file.error(&cell.span(), message, "Correct one of the two dates."));
    }
    Ok(days)
}

fn condition(file: File<'_>, field: Field, text: &Text) -> Result<Term, RulesError> {
    let term = Term::new(field, text.get_ref());
    if term.pattern.is_blank() {
        let message = format!("The condition \"{text}\" matches anything.");
        let fix = "Leave it out, or write what it must be.";
        return Err(file.error(&text.span(), message, fix));
    }
    check_code(file, &term, text)?;
    Ok(term)
}

/// A country or a currency that does not exist would never match.
fn check_code(file: File<'_>, term: &Term, text: &Text) -> Result<(), RulesError> {
    if term.pattern.is_blank() {
        return Ok(());
    }
    let countries = || Marketplace::all().iter().map(|store| store.country);
    let known = match term.field {
        Field::Country => {
            countries().any(|code| term.pattern.matches(&term.field.comparable(code)))
        }
        Field::Currency => Currency::parse(&term.text).is_ok(),
        _ => true,
    };
    if known {
        return Ok(());
    }
    let (message, fix) = match term.field {
        Field::Country => (
            format!("Amazon has no marketplace in the country \"{text}\"."),
            format!("Write one of {}.", countries().collect::<Vec<_>>().join(", ")),
        ),
        _ => (
            format!("\"{text}\" is not a currency."),
            "Write its ISO 4217 code, such as EUR.".to_owned(),
        ),
    };
    Err(file.error(&text.span(), message, fix))
}

/// A role that rows can have.
fn row_role(file: File<'_>, name: &Text) -> Result<Role, RulesError> {
    let role = role_named(file, name)?;
    if role.is_computed() {
        let message = format!("No row can have the role {role}: its lines are computed.");
        let fix = "Give the rule the same account instead, without this role.";
        return Err(file.error(&name.span(), message, fix));
    }
    Ok(role)
}

fn role_named(file: File<'_>, name: &Text) -> Result<Role, RulesError> {
    Role::named(name.get_ref()).ok_or_else(|| {
        let names = roles().iter().map(|info| info.role.as_str());
        let fix = nearest(name.get_ref(), names).map_or_else(
            || "Use one of the roles in the sample rules file.".to_owned(),
            |likely| format!("Did you mean `{likely}`?"),
        );
        file.error(&name.span(), format!("There is no role `{name}`."), fix)
    })
}

fn account(file: File<'_>, number: &Text) -> Result<Account, RulesError> {
    let trimmed = number.get_ref().trim();
    if trimmed.is_empty() {
        let fix = "Write the account number, or remove the line.";
        return Err(file.error(&number.span(), "The account is blank.", fix));
    }
    Ok(Account(trimmed.to_owned()))
}
