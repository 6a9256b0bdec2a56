//! Reading a rules file, with the place of every mistake.

use std::collections::BTreeMap;
use std::fmt::Write;

use serde::Deserialize;
use sha2::{Digest, Sha256};
use toml::Spanned;

use super::{Account, Condition, Fallback, Override, Rules};
use crate::file_error::{File, RulesError};
use crate::nearest::nearest;
use crate::pattern::Pattern;
use crate::role::{Role, roles};

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
    accounts: BTreeMap<Text, Text>,
    #[serde(default)]
    rule: Vec<Spanned<Entry>>,
    unknown: Option<Unknown>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    transaction_type: Option<Text>,
    amount_type: Option<Text>,
    amount_description: Option<Text>,
    marketplace: Option<Text>,
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
    let mut accounts = BTreeMap::new();
    for (role, number) in table.accounts {
        accounts.insert(role_named(file, &role)?, account(file, number)?);
    }
    let mut chart = BTreeMap::new();
    for (number, name) in table.chart {
        chart.insert(account(file, number)?, name);
    }
    let fallback = match table.unknown {
        Some(Unknown { suspense }) => Some(Fallback {
            line: file.line(suspense.span().start),
            suspense: account(file, suspense)?,
        }),
        None => None,
    };
    if let Some(Fallback { suspense, .. }) = &fallback {
        accounts.entry(Role::SUSPENSE).or_insert_with(|| suspense.clone());
    }
    Ok(Rules {
        name: table.name,
        version: version(text),
        file: file.name.to_owned(),
        chart,
        accounts,
        overrides: overrides(file, table.rule)?,
        fallback,
    })
}

fn version(text: &str) -> String {
    let mut version = format!("{FORMAT}-");
    for byte in Sha256::digest(text.as_bytes()).iter().take(4) {
        // Writing to a String cannot fail.
        let _ = write!(version, "{byte:02x}");
    }
    version
}

fn overrides(file: File<'_>, entries: Vec<Spanned<Entry>>) -> Result<Vec<Override>, RulesError> {
    let mut rules: Vec<Override> = Vec::with_capacity(entries.len());
    for (number, entry) in (1..).zip(entries) {
        let span = entry.span();
        let rule = override_of(file, number, entry)?;
        if let Some(earlier) = rules.iter().find(|earlier| earlier.condition == rule.condition) {
            let message = format!(
                "Rule {number} has the same conditions as rule {} on line {}, so neither wins.",
                earlier.number, earlier.line
            );
            return Err(file.error(&span, message, "Remove one, or add a condition to one."));
        }
        rules.push(rule);
    }
    rules.sort_by_key(|rule| std::cmp::Reverse(rule.condition.specificity()));
    Ok(rules)
}

fn override_of(file: File<'_>, number: u32, entry: Spanned<Entry>) -> Result<Override, RulesError> {
    let span = entry.span();
    let entry = entry.into_inner();
    let pattern = |text: Option<Text>| text.map(|text| pattern(file, &text)).transpose();
    let condition = Condition {
        amount_description: pattern(entry.amount_description)?,
        amount_type: pattern(entry.amount_type)?,
        transaction_type: pattern(entry.transaction_type)?,
        marketplace: pattern(entry.marketplace)?,
    };
    if condition == Condition::default() {
        let message = format!("Rule {number} has no condition, so it would take every row.");
        let fix = "Name at least one of transaction_type, amount_type, amount_description and \
                   marketplace.";
        return Err(file.error(&span, message, fix));
    }
    if entry.role.is_none() && entry.account.is_none() {
        let message = format!("Rule {number} changes nothing.");
        return Err(file.error(&span, message, "Give it a role, an account, or both."));
    }
    Ok(Override {
        number,
        line: file.line(span.start),
        condition,
        role: entry.role.map(|role| row_role(file, &role)).transpose()?,
        account: entry.account.map(|number| account(file, number)).transpose()?,
    })
}

fn pattern(file: File<'_>, text: &Text) -> Result<Pattern, RulesError> {
    let pattern = Pattern::new(text.get_ref());
    if pattern.is_blank() {
        let message = format!("The condition \"{text}\" matches anything.");
        return Err(file.error(&text.span(), message, "Leave it out, or write what it must be."));
    }
    Ok(pattern)
}

/// A role that rows can have.
fn row_role(file: File<'_>, name: &Text) -> Result<Role, RulesError> {
    let role = role_named(file, name)?;
    if role == Role::AMAZON_CLEARING || role == Role::CARRIED_OVER {
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

fn account(file: File<'_>, number: Text) -> Result<Account, RulesError> {
    let trimmed = number.get_ref().trim();
    if trimmed.is_empty() {
        let fix = "Write the account number, or remove the line.";
        return Err(file.error(&number.span(), "The account is blank.", fix));
    }
    if trimmed.len() < number.get_ref().len() {
        return Ok(Account(trimmed.to_owned()));
    }
    Ok(Account(number.into_inner()))
}
