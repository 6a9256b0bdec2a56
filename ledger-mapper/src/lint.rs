//! What is doubtful in a rules file that can be read.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::Serialize;
use settlement_model::{Marketplace, Triple};

use crate::catalogue::{catalogue, lookup};
use crate::nearest::nearest;
use crate::pattern::normalise;
use crate::role::{Role, roles};
use crate::rules::condition::Term;
use crate::rules::template::{Dimension, Template};
use crate::rules::{Field, Override, Rules, Target};

/// Something doubtful in a rules file: where it is, what is the matter, and how to mend it.
///
/// Printed as `rules.toml:12: warning: what is the matter. How to mend it.`
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[non_exhaustive]
pub struct Finding {
    /// The line of the file, from 1.
    pub line: u32,
    /// How bad it is.
    pub severity: Severity,
    /// A stable code for programs.
    pub code: &'static str,
    /// The rules file.
    pub file: String,
    /// What is the matter, as a sentence.
    pub message: String,
    /// What to do about it, as a sentence.
    pub fix: String,
}

/// How bad a [`Finding`] is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Settlements will be held, or posting refused.
    Error,
    /// Probably not what is meant.
    Warning,
    /// Good to know.
    Note,
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Note => "note",
        })
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { file, line, severity, message, fix, .. } = self;
        write!(f, "{file}:{line}: {severity}: {message} {fix}")
    }
}

/// At most this many accounts are made from one template.
const MOST_ACCOUNTS: usize = 10_000;

/// What is doubtful in a rules file, in the order of its lines.
///
/// * `unreachable`: a rule that no row can get to, because another takes all of its rows first, or
///   because no row can be what it asks for;
/// * `no_effect`: a rule that names only an account, for triples that nobody knows;
/// * `close_call`: two rules that can match one row, disagree, and name equally many fields, so that
///   only the order of the fields decides;
/// * `unmapped_role`: a role of the catalogue without an account;
/// * `unknown_marketplace`: a marketplace that Amazon does not have;
/// * `no_segment`: an account with a segment that has no value for rows that leave the fact blank;
/// * `not_in_chart`: an account that is not in the chart, with its segments put in. `chart` is a
///   given one; otherwise the file's own `[chart]`, unless that is empty;
/// * `mixed_statements`: one account for roles of the balance sheet and of profit and loss;
/// * `other_statement`: a rule that makes a reserve, a tax or the like an income or an expense, or the
///   other way round;
/// * `suspense`: unknown amounts are posted instead of held.
///
/// Ties between rules are not among them: [`Rules::parse`] refuses a file that has one.
///
/// ```
/// use ledger_mapper::{Rules, lint};
///
/// assert!(lint(&Rules::sample(), None).is_empty());
/// ```
#[must_use]
pub fn lint(rules: &Rules, chart: Option<&BTreeSet<String>>) -> Vec<Finding> {
    let mut linter = Linter { rules, findings: Vec::new() };
    linter.overrides();
    linter.roles();
    linter.statements();
    linter.templates();
    let own = || rules.chart.keys().map(|account| account.as_str().to_owned()).collect();
    let chart = chart.cloned().unwrap_or_else(own);
    if !chart.is_empty() {
        linter.accounts(&chart);
    }
    if let Some(fallback) = &rules.fallback {
        let message = format!("Unknown amounts are posted to {}.", fallback.suspense.account);
        let fix = "Clear that account every month, or remove [unknown] to hold them instead.";
        linter.find(fallback.line, Severity::Note, "suspense", message, fix);
    }
    linter.findings.sort();
    linter.findings
}

struct Linter<'a> {
    rules: &'a Rules,
    findings: Vec<Finding>,
}

impl Linter<'_> {
    fn find(
        &mut self,
        line: u32,
        severity: Severity,
        code: &'static str,
        message: String,
        fix: impl Into<String>,
    ) {
        let file = self.rules.file().to_owned();
        self.findings.push(Finding { line, severity, code, file, message, fix: fix.into() });
    }

    fn overrides(&mut self) {
        let rules = &self.rules.overrides;
        for (position, rule) in rules.iter().enumerate() {
            let Override { number, line, .. } = rule;
            self.marketplace(rule);
            let stronger = &rules[..position];
            if let Some(by) = stronger.iter().find(|by| by.condition.covers(&rule.condition)) {
                let message = format!(
                    "Rule {number} is never reached: rule {} on line {} takes all of its rows first.",
                    by.number, by.line
                );
                let fix = "Remove one of them.";
                self.find(*line, Severity::Warning, "unreachable", message, fix);
                continue;
            }
            if self.asks_for_nothing_known(rule) {
                let message = format!(
                    "Rule {number} names only an account, but nothing says what its rows are, so \
                     they are held."
                );
                let fix = "Give it a role too; `rules suggest` proposes one.";
                self.find(*line, Severity::Warning, "no_effect", message, fix);
            }
            let rival = stronger.iter().find(|by| close_call(by, rule));
            if let Some(by) = rival {
                let message = format!(
                    "Rule {number} and rule {} on line {} can match the same row and name equally \
                     many fields; only the order of the fields makes rule {number} give way.",
                    by.number, by.line
                );
                let fix = "Add a rule that names the fields of both, if that is not meant.";
                self.find(*line, Severity::Note, "close_call", message, fix);
            }
        }
    }

    /// A marketplace or a country that no row can have, or not together.
    fn marketplace(&mut self, rule: &Override) {
        let names = || Marketplace::all().iter().map(|store| store.name);
        let Some(term) = rule.condition.term(Field::Marketplace) else {
            return;
        };
        let (number, line) = (rule.number, rule.line);
        if let Some(store) = rule.condition.marketplace() {
            let country = rule.condition.term(Field::Country);
            let other = country.filter(|country| {
                !country.pattern.matches(&Field::Country.comparable(store.country))
            });
            if let Some(other) = other {
                let message = format!(
                    "Rule {number} is never reached: {} is in {}, not in {}.",
                    term.text, store.country, other.text
                );
                let fix = "Remove one of the two conditions.";
                self.find(line, Severity::Warning, "unreachable", message, fix);
            }
            return;
        }
        let matches_one = names().any(|name| term.pattern.matches(&normalise(name)));
        if !matches_one && !normalise(&term.text).starts_with("nonamazon") {
            let message = format!("Rule {number} asks for {}, which is no marketplace.", term.text);
            let fix = nearest(&term.text, names())
                .map_or("Correct the name.".to_owned(), |name| format!("Did you mean \"{name}\"?"));
            self.find(line, Severity::Warning, "unknown_marketplace", message, fix);
        }
    }

    /// Whether a rule names only an account, for one triple that the catalogue does not know.
    fn asks_for_nothing_known(&self, rule: &Override) -> bool {
        let text = |field| rule.condition.term(field).map(|term| term.text.clone());
        let exact = |field| text(field).filter(|text| !text.contains('*'));
        let triple = || {
            Some(Triple {
                transaction_type: exact(Field::TransactionType)?,
                amount_type: exact(Field::AmountType)?,
                amount_description: exact(Field::AmountDescription)?,
            })
        };
        rule.role.is_none() && triple().is_some_and(|triple| lookup(&triple).is_none())
    }

    fn roles(&mut self) {
        let mut triples: BTreeMap<Role, usize> = BTreeMap::new();
        for entry in catalogue() {
            *triples.entry(entry.role).or_default() += 1;
        }
        for (role, count) in [(Role::AMAZON_CLEARING, 0), (Role::CARRIED_OVER, 0)]
            .into_iter()
            .chain(triples)
            .filter(|(role, _)| !self.rules.accounts.contains_key(role))
        {
            let title = &role.info().title;
            let message = match count {
                0 => format!("{title} ({role}) has no account, and settlements need one."),
                _ => format!(
                    "{title} ({role}) has no account: a settlement with one of its {count} known \
                     triples is held."
                ),
            };
            let severity = if count == 0 { Severity::Error } else { Severity::Warning };
            let fix = format!("Add `{role} = \"…\"` to [accounts].");
            self.find(1, severity, "unmapped_role", message, fix);
        }
    }

    /// Accounts and rules that mix the balance sheet with profit and loss.
    fn statements(&mut self) {
        let accounts = self.rules.changes.iter().map(|change| &change.accounts);
        let accounts = std::iter::once(&self.rules.accounts).chain(accounts).flatten();
        let mut first: BTreeMap<&str, Role> = BTreeMap::new();
        for (role, target) in accounts {
            let account = target.account.as_str();
            let other = *first.entry(account).or_insert(*role);
            if other.info().statement != role.info().statement {
                let message = format!(
                    "Account {account} is for {other} ({}) and for {role} ({}).",
                    other.info().statement,
                    role.info().statement
                );
                let fix = "Give one of them another account, if that is not meant.";
                self.find(target.line, Severity::Warning, "mixed_statements", message, fix);
            }
        }
        for rule in &self.rules.overrides {
            let Some(role) = rule.role else { continue };
            let statement = role.info().statement;
            let known = known_roles(rule);
            let Some(usual) = known.first() else { continue };
            if known.iter().all(|role| role.info().statement != statement) {
                let message = format!(
                    "Rule {} makes {usual} ({}) a part of {statement}, as {role}.",
                    rule.number,
                    usual.info().statement
                );
                let fix = "Give it a role of the same statement, if that is not meant.";
                self.find(rule.line, Severity::Warning, "other_statement", message, fix);
            }
        }
    }

    /// Segments that rows without a marketplace, a SKU or the like have no value for.
    fn templates(&mut self) {
        let mut missing: BTreeMap<Dimension, u32> = BTreeMap::new();
        for (target, template) in targets(self.rules) {
            for dimension in template.iter().flat_map(|template| template.dimensions()) {
                let values = self.rules.dimensions.get(dimension);
                let any = values.is_some_and(|v| v.iter().any(|(t, _)| t.pattern.is_blank()));
                if !any && dimension.field != Field::Currency {
                    let line = missing.entry(dimension.clone()).or_insert(target.line);
                    *line = target.line.min(*line);
                }
            }
        }
        for (dimension, line) in missing {
            let fact = dimension.field.as_str();
            let message = format!(
                "The segment {{{dimension}}} has no value for rows with another {fact} than those \
                 listed, or without one: they are held."
            );
            let fix =
                format!("Add `\"*\" = {{ {} = \"…\" }}` to [dimension.{fact}].", dimension.name);
            self.find(line, Severity::Warning, "no_segment", message, fix);
        }
    }

    fn accounts(&mut self, chart: &BTreeSet<String>) {
        let mut seen = BTreeSet::new();
        for (target, template) in targets(self.rules) {
            for account in self.filled(target, template) {
                if chart.contains(&account) || !seen.insert(account.clone()) {
                    continue;
                }
                let fix = nearest(&account, chart.iter().map(String::as_str)).map_or_else(
                    || "Add it to the chart, or use another.".to_owned(),
                    |near| format!("Add it to the chart, or did you mean {near}?"),
                );
                let message = format!("Account {account} is not in the chart.");
                self.find(target.line, Severity::Error, "not_in_chart", message, fix);
            }
        }
    }

    /// Every account that a target can become.
    fn filled(&self, target: &Target, template: Option<&Template>) -> Vec<String> {
        let Some(template) = template else {
            return vec![target.account.as_str().to_owned()];
        };
        template.every(target.account.as_str(), &self.rules.dimensions, MOST_ACCOUNTS)
    }
}

/// Whether rows can match both, and only the order of the fields says which one takes them.
fn close_call(stronger: &Override, weaker: &Override) -> bool {
    let fields = |rule: &Override| -> Vec<Field> {
        rule.condition.terms.iter().map(|term| term.field).collect()
    };
    let differ = (stronger.role, stronger.account.as_ref().map(|t| &t.account))
        != (weaker.role, weaker.account.as_ref().map(|t| &t.account));
    let (one, two) = (fields(stronger), fields(weaker));
    differ && one.len() == two.len() && one != two && stronger.condition.overlaps(&weaker.condition)
}

/// Every account that is in force on some day, with what completes it then.
fn targets(rules: &Rules) -> Vec<(&Target, Option<&Template>)> {
    let mut targets = Vec::new();
    for day in rules.days() {
        for role in roles().iter().map(|info| info.role) {
            let target = rules.target(role, day).into_iter();
            targets.extend(target.map(|target| (target, rules.template(role, target, day))));
        }
        for rule in rules.overrides.iter().filter(|rule| rule.condition.days.contain(day)) {
            let Some(target) = &rule.account else { continue };
            let roles = roles_of(rule).into_iter();
            targets.extend(roles.map(|role| (target, rules.template(role, target, day))));
        }
    }
    targets
}

/// The roles that the rows of a rule can have: its own, or one for each statement that the catalogue
/// gives some of them, as the statement decides what completes the account.
fn roles_of(rule: &Override) -> Vec<Role> {
    if let Some(role) = rule.role {
        return vec![role];
    }
    let mut roles: Vec<Role> = Vec::new();
    for role in known_roles(rule) {
        if roles.iter().all(|other| other.info().statement != role.info().statement) {
            roles.push(role);
        }
    }
    roles
}

/// The roles that the catalogue gives rows of a rule.
fn known_roles(rule: &Override) -> Vec<Role> {
    // An entry of free text can meet any rule; it counts where no other does.
    let (exact, free): (Vec<_>, Vec<_>) = catalogue()
        .iter()
        .filter(|entry| can_meet(rule, &entry.triple))
        .partition(|entry| !entry.triple.to_string().contains('*'));
    let known = if exact.is_empty() { free } else { exact };
    known.into_iter().map(|entry| entry.role).collect()
}

/// Whether a rule can take rows of a triple, which may have `*`.
fn can_meet(rule: &Override, triple: &Triple) -> bool {
    let texts = [
        (Field::TransactionType, &triple.transaction_type),
        (Field::AmountType, &triple.amount_type),
        (Field::AmountDescription, &triple.amount_description),
    ];
    texts.into_iter().all(|(field, text)| {
        let known = Term::new(field, text);
        rule.condition.term(field).is_none_or(|term| term.pattern.overlaps(&known.pattern))
    })
}

#[cfg(test)]
mod tests;
