//! Tests of a rules file that an accountant can write: rows in, lines out.

use std::collections::BTreeMap;
use std::fmt;

use jiff::civil::Date;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use settlement_model::{Currency, Fulfillment, Money, Triple};
use toml::Spanned;
use toml::value::Datetime;

use crate::file_error::{File, RulesError};
use crate::role::Role;
use crate::rules::{RowFacts, Rules};

/// The cases of a test file: rows as a settlement has them, and the lines they must become.
///
/// ```
/// use ledger_mapper::{RuleTests, Rules};
///
/// let tests = RuleTests::parse(
///     r#"
///         [[case]]
///         name = "A sale and its fee"
///         currency = "USD"
///         date = 2026-05-05
///         rows = [
///             { what = "Order / ItemPrice / Principal", amount = "10.00" },
///             { what = "Order / ItemFees / Commission", amount = "-1.50" },
///         ]
///         lines = [
///             { account = "1150", debit = "8.50" },
///             { account = "4000", credit = "10.00" },
///             { account = "5100", debit = "1.50" },
///         ]
///     "#,
///     "rules.test.toml",
/// )?;
/// let results = tests.run(&Rules::sample());
/// assert!(results[0].passed(), "{}", results[0]);
/// # Ok::<(), ledger_mapper::RulesError>(())
/// ```
#[derive(Debug, Clone)]
pub struct RuleTests {
    file: String,
    cases: Vec<Case>,
}

#[derive(Debug, Clone)]
struct Case {
    name: String,
    line: u32,
    currency: Currency,
    rows: Vec<Row>,
    expected: Vec<CaseLine>,
}

#[derive(Debug, Clone)]
struct Row {
    triple: Triple,
    date: Date,
    marketplace: Option<String>,
    sku: String,
    fulfillment: Fulfillment,
    amount: Money,
}

/// Something that a case expects, or got: a journal line, or an amount that is held.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[non_exhaustive]
pub struct CaseLine {
    /// The account; `held` for rows that are not posted.
    pub account: String,
    /// Debit if negative, credit if positive, as Amazon signs amounts; as text in JSON.
    #[serde(with = "crate::form::decimal")]
    pub amount: Decimal,
}

/// What became of one case.
///
/// Printed, it says `ok` with the case's name, or `FAILED` with the lines that differ: `-` expected
/// and not there, `+` there and not expected.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct CaseResult {
    /// The test file.
    pub file: String,
    /// The line the case starts on.
    pub line: u32,
    /// The case's name.
    pub name: String,
    /// Lines that were expected and are not there.
    pub missing: Vec<CaseLine>,
    /// Lines that are there and were not expected, each with what made it.
    pub unexpected: Vec<(CaseLine, Vec<String>)>,
    /// How many lines are as expected.
    pub matching: usize,
}

impl CaseResult {
    /// Whether every line is as expected.
    #[must_use]
    pub fn passed(&self) -> bool {
        self.missing.is_empty() && self.unexpected.is_empty()
    }
}

/// The name that stands for an account where rows are held.
const HELD: &str = "held";

impl RuleTests {
    /// Reads a test file; `file` is its name, for messages.
    ///
    /// A case has a `name`, a `currency`, `rows` and `lines`. A row has `what` ("Order / ItemPrice /
    /// Principal") and `amount`, signed as Amazon does, and may have `date`, `marketplace`, `sku`
    /// and `fulfilment`; those four may also stand in the case, for rows that do not say otherwise.
    /// A line has an `account` and a `debit` or a `credit`; `account = "held"` expects rows to be
    /// held. What the rows add up to is debited to the account of Amazon clearing, as a settlement's
    /// deposit is; rows net per account.
    ///
    /// # Errors
    /// If the text is not of that shape; the message has line, column and fix.
    pub fn parse(text: &str, file: &str) -> Result<Self, RulesError> {
        let file = File { name: file, text };
        let table: Table = file.parse()?;
        if table.case.is_empty() {
            let fix = "Add a [[case]] with name, currency, rows and lines.";
            return Err(file.error(&(0..0), "The file has no case.", fix));
        }
        let cases = table.case.into_iter().map(|case| case.read(file)).collect::<Result<_, _>>()?;
        Ok(Self { file: file.name.to_owned(), cases })
    }

    /// Runs every case.
    #[must_use]
    pub fn run(&self, rules: &Rules) -> Vec<CaseResult> {
        self.cases.iter().map(|case| case.run(rules, &self.file)).collect()
    }
}

impl Case {
    fn run(&self, rules: &Rules, file: &str) -> CaseResult {
        let mut got = self.lines(rules);
        let mut missing = Vec::new();
        let mut matching = 0;
        for line in &self.expected {
            if let Some(place) = got.iter().position(|(found, _)| found == line) {
                got.remove(place);
                matching += 1;
            } else {
                missing.push(line.clone());
            }
        }
        let (file, name) = (file.to_owned(), self.name.clone());
        CaseResult { file, line: self.line, name, missing, unexpected: got, matching }
    }

    /// The lines of the rows, by account, each with what made it.
    fn lines(&self, rules: &Rules) -> Vec<(CaseLine, Vec<String>)> {
        let mut lines: BTreeMap<String, (Decimal, Vec<String>)> = BTreeMap::new();
        let mut deposit = Decimal::ZERO;
        for row in &self.rows {
            let outcome = rules.outcome(&row.facts(self.currency));
            let account = outcome.posted().map_or(HELD, |(account, _)| account.as_str());
            let (amount, made_by) = lines.entry(account.to_owned()).or_default();
            // Reading the file has refused amounts that cannot be added.
            *amount += row.amount.amount();
            deposit -= row.amount.amount();
            let told = format!("{} {}: {outcome}", row.triple, row.amount);
            made_by.push(told);
        }
        let mut lines: Vec<(CaseLine, Vec<String>)> = lines
            .into_iter()
            .map(|(account, (amount, made_by))| (CaseLine { account, amount }, made_by))
            .collect();
        let last = self.rows.iter().map(|row| row.date).max().unwrap_or_default();
        let own = rules.own_account(Role::AMAZON_CLEARING, last, self.currency);
        let clearing = own.map_or(HELD.to_owned(), |account| account.to_string());
        let told = vec!["the deposit".to_owned()];
        lines.push((CaseLine { account: clearing, amount: deposit }, told));
        lines.retain(|(line, _)| !line.amount.is_zero());
        lines
    }
}

impl Row {
    fn facts(&self, currency: Currency) -> RowFacts<'_> {
        RowFacts {
            triple: &self.triple,
            date: self.date,
            marketplace: self.marketplace.as_deref(),
            sku: Some(&self.sku),
            fulfillment: &self.fulfillment,
            currency,
        }
    }
}

type Text = Spanned<String>;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    #[serde(default)]
    case: Vec<CaseTable>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CaseTable {
    name: Text,
    currency: Text,
    date: Option<Spanned<Datetime>>,
    marketplace: Option<String>,
    sku: Option<String>,
    fulfilment: Option<String>,
    rows: Vec<RowTable>,
    lines: Vec<Spanned<LineTable>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RowTable {
    what: Text,
    amount: Text,
    date: Option<Spanned<Datetime>>,
    marketplace: Option<String>,
    sku: Option<String>,
    fulfilment: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LineTable {
    account: Text,
    debit: Option<Text>,
    credit: Option<Text>,
}

impl CaseTable {
    fn read(self, file: File<'_>) -> Result<Case, RulesError> {
        let currency = Currency::parse(self.currency.get_ref()).map_err(|error| {
            let fix = "Write its ISO 4217 code, such as EUR.";
            file.error(&self.currency.span(), format!("{error}."), fix)
        })?;
        let rows = self.rows.iter().map(|row| self.row(file, row, currency));
        let rows: Vec<Row> = rows.collect::<Result<_, _>>()?;
        let mut amounts = rows.iter().map(|row| row.amount.abs());
        if amounts.try_fold(Money::zero(currency), Money::checked_add).is_err() {
            let message = "The amounts of the rows are too large to be added.";
            return Err(file.error(&self.name.span(), message, "Correct them."));
        }
        let lines = self.lines.iter().map(|line| read_line(file, line, currency));
        let expected = lines.collect::<Result<_, _>>()?;
        let line = file.line(self.name.span().start);
        Ok(Case { name: self.name.into_inner(), line, currency, rows, expected })
    }

    fn row(&self, file: File<'_>, row: &RowTable, currency: Currency) -> Result<Row, RulesError> {
        let Some(date) = row.date.as_ref().or(self.date.as_ref()) else {
            let fix = "Give it, or its case, a `date` such as 2026-05-05.";
            return Err(file.error(&row.what.span(), "The row has no date.", fix));
        };
        let either = |own: &Option<String>, all: &Option<String>| {
            own.clone().or_else(|| all.clone()).filter(|text| !text.trim().is_empty())
        };
        Ok(Row {
            triple: triple_of(file, &row.what)?,
            date: file.day(date)?,
            marketplace: either(&row.marketplace, &self.marketplace),
            sku: either(&row.sku, &self.sku).unwrap_or_default(),
            fulfillment: fulfillment_named(
                either(&row.fulfilment, &self.fulfilment).as_deref().unwrap_or_default(),
            ),
            amount: money(file, &row.amount, currency)?,
        })
    }
}

/// Who shipped, by the words that rules files use: `amazon` (`AFN`), `merchant` (`MFN`), blank for
/// an unstated one, or the cell's text.
#[must_use]
pub fn fulfillment_named(text: &str) -> Fulfillment {
    match text.trim().to_ascii_lowercase().as_str() {
        "" => Fulfillment::Unstated,
        "amazon" | "afn" | "fba" => Fulfillment::Amazon,
        "merchant" | "mfn" | "fbm" => Fulfillment::Merchant,
        _ => Fulfillment::Other(text.trim().to_owned()),
    }
}

/// Reads "Order / ItemPrice / Principal"; the last part may itself have slashes between blanks.
#[must_use]
pub fn triple_named(text: &str) -> Option<Triple> {
    let mut parts = text.splitn(3, " / ").map(|part| part.trim().to_owned());
    Some(Triple {
        transaction_type: parts.next()?,
        amount_type: parts.next()?,
        amount_description: parts.next()?,
    })
}

fn triple_of(file: File<'_>, what: &Text) -> Result<Triple, RulesError> {
    triple_named(what.get_ref()).ok_or_else(|| {
        let fix = "Write transaction-type / amount-type / amount-description, such as \
                   \"Order / ItemFees / Commission\".";
        file.error(&what.span(), format!("\"{what}\" does not have three parts."), fix)
    })
}

fn money(file: File<'_>, text: &Text, currency: Currency) -> Result<Money, RulesError> {
    let fix = "Write an amount such as \"-1234.50\".";
    let number = Decimal::from_str_exact(text.get_ref().trim())
        .map_err(|_| file.error(&text.span(), format!("\"{text}\" is not an amount."), fix))?;
    Money::new(number, currency).map_err(|error| file.error(&text.span(), format!("{error}."), fix))
}

fn read_line(
    file: File<'_>,
    line: &Spanned<LineTable>,
    currency: Currency,
) -> Result<CaseLine, RulesError> {
    let LineTable { account, debit, credit } = line.get_ref();
    let amount = match (debit, credit) {
        (Some(debit), None) => money(file, debit, currency)?.negated(),
        (None, Some(credit)) => money(file, credit, currency)?,
        _ => {
            let message = format!("The line of {account} is not either a debit or a credit.");
            return Err(file.error(&account.span(), message, "Give it one of the two."));
        }
    };
    Ok(CaseLine { account: account.get_ref().trim().to_owned(), amount: amount.amount() })
}

impl fmt::Display for CaseLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let side = if self.amount.is_sign_negative() { "debit" } else { "credit" };
        write!(f, "{:<16} {side:<6} {:>14}", self.account, self.amount.abs())
    }
}

impl fmt::Display for CaseResult {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { file, line, name, missing, unexpected, matching } = self;
        if self.passed() {
            return write!(f, "ok      {name} ({matching} lines)");
        }
        write!(f, "FAILED  {name} ({file}:{line})")?;
        for line in missing {
            write!(f, "\n  - {line}")?;
        }
        for (line, made_by) in unexpected {
            write!(f, "\n  + {line}")?;
            for row in made_by {
                write!(f, "\n      {row}")?;
            }
        }
        if *matching > 0 {
            write!(f, "\n    {matching} other lines are as expected")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
