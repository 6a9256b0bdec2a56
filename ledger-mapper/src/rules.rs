//! The user's mapping rules: which account each role has, and what differs from the catalogue.

use std::collections::BTreeMap;
use std::fmt;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use settlement_model::Currency;

use crate::catalogue::lookup;
use crate::file_error::RulesError;
use crate::pattern::Pattern;
use crate::role::{Role, Statement};

pub(crate) mod condition;
mod facts;
mod list;
mod parse;
mod reference;
pub(crate) mod template;

use condition::{Condition, Fit};
pub use facts::{Field, RowFacts};
pub(crate) use facts::{Value, Values};
pub use list::ListedRule;
pub use reference::RuleRef;
use template::{Dimensions, NoSegment, Template};

/// A general-ledger account, in the user's own notation ("4000-00-00").
///
/// Any text that is not blank; whether the ledger has the account is for the ledger to say.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Account(String);

impl Account {
    /// The account as the user wrote it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// A parsed rules file.
///
/// ```
/// use ledger_mapper::{Role, Rules};
///
/// let rules = Rules::sample();
/// let sales = Role::named("product_sales").expect("a role of the catalogue");
/// let account = rules.account_for(&sales).expect("the sample has an account for every role");
/// assert_eq!(account.as_str(), "4000");
/// assert_eq!(rules.account_name(account), Some("Product sales"));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rules {
    name: String,
    version: String,
    file: String,
    pub(crate) chart: BTreeMap<Account, String>,
    pub(crate) accounts: BTreeMap<Role, Target>,
    /// The latest first.
    pub(crate) changes: Vec<Change>,
    pub(crate) templates: Templates,
    pub(crate) dimensions: Dimensions,
    /// The most specific first.
    pub(crate) overrides: Vec<Override>,
    pub(crate) fallback: Option<Fallback>,
    /// The days on which something else comes into force, in order.
    turns: Vec<Date>,
    /// Everything that rules and segments ask of a SKU.
    skus: Vec<Pattern>,
}

/// An account as the file names it, before segments are put in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Target {
    pub(crate) account: Account,
    /// If it has placeholders of its own.
    pub(crate) template: Option<Template>,
    pub(crate) line: u32,
}

/// A `[[change]]` of the file: other accounts, or other ways to complete them, from a day on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Change {
    pub(crate) from: Date,
    pub(crate) accounts: BTreeMap<Role, Target>,
    pub(crate) templates: Templates,
}

/// The `[template]` table of the file: how accounts that are not written in full are completed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Templates {
    profit_and_loss: Option<Template>,
    balance_sheet: Option<Template>,
}

impl Templates {
    fn of(&self, statement: Statement) -> Option<&Template> {
        match statement {
            Statement::ProfitAndLoss => self.profit_and_loss.as_ref(),
            Statement::BalanceSheet => self.balance_sheet.as_ref(),
        }
    }

    fn each(&self) -> impl Iterator<Item = &Template> {
        self.profit_and_loss.iter().chain(&self.balance_sheet)
    }
}

/// A `[[rule]]` of the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Override {
    pub(crate) number: u32,
    pub(crate) line: u32,
    pub(crate) condition: Condition,
    pub(crate) role: Option<Role>,
    pub(crate) account: Option<Target>,
}

/// The `[unknown]` table of the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fallback {
    pub(crate) line: u32,
    pub(crate) suspense: Target,
}

/// What the rules and the catalogue say of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Verdict {
    Known(Classified),
    /// Nobody knows what it is.
    Unknown,
    /// This rule asks for a fact of the row that was not kept.
    NeedsRow(RuleRef),
}

/// How a row is to be posted, and what says so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Classified {
    pub(crate) role: Role,
    pub(crate) account: Result<Account, NoAccount>,
    pub(crate) rule: RuleRef,
}

/// Why a role has no account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum NoAccount {
    /// The rules name none for it.
    Role,
    /// The account has a segment that has no value.
    Segment(NoSegment),
}

impl Rules {
    /// Reads a rules file; `file` is its name, for messages and [`RuleRef`].
    ///
    /// # Errors
    /// If the text is not TOML, has unknown keys, names a role, a dimension, a country or a currency
    /// that does not exist or an account that is blank, or if two rules are equally specific and
    /// can match the same row.
    pub fn parse(text: &str, file: &str) -> Result<Self, RulesError> {
        parse::parse(text, file)
    }

    /// The sample chart of accounts that ships with the crate. Unknown amounts hold.
    ///
    /// # Panics
    /// Never: the tests parse the sample.
    #[must_use]
    pub fn sample() -> Self {
        Self::parse(Self::sample_text(), "sample-chart.toml").expect("the crate's own sample")
    }

    /// The text of the sample rules file, to copy and change.
    #[must_use]
    pub fn sample_text() -> &'static str {
        include_str!("../data/sample-chart.toml")
    }

    /// The JSON Schema of rules files, for editors: `#:schema PATH` on a file's first line names it.
    #[must_use]
    pub fn schema() -> &'static str {
        include_str!("../schema/rules.schema.json")
    }

    /// The name the file gives itself.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// `1-` (the file's format) and the first 8 hex digits of the SHA-256 of its text and of the
    /// catalogue that it completes, so that a journal tells which rules made it.
    #[must_use]
    pub fn version(&self) -> &str {
        &self.version
    }

    /// The account's name in the `[chart]` table.
    #[must_use]
    pub fn account_name(&self, account: &Account) -> Option<&str> {
        self.chart.get(account).map(String::as_str)
    }

    /// The account that `[accounts]` names for a role, before a `[[change]]` and before a
    /// `[template]` completes it; `None` holds every settlement that has the role.
    #[must_use]
    pub fn account_for(&self, role: &Role) -> Option<&Account> {
        self.accounts.get(role).map(|target| &target.account)
    }

    /// Whether a rule, or a segment of an account, asks for the SKU.
    ///
    /// Then read settlements with [`ReadOptions::group_by_sku`](settlement_model::ReadOptions); a plan
    /// from groups without SKUs is held where the SKU decides. Without such rules it would only make
    /// more groups of the same money. A rule that has ended counts: a settlement may be old.
    ///
    /// ```
    /// use ledger_mapper::Rules;
    /// use settlement_model::ReadOptions;
    ///
    /// let rules = Rules::sample();
    /// let options = ReadOptions { group_by_sku: rules.asks_for_sku(), ..ReadOptions::default() };
    /// assert!(!options.group_by_sku);
    /// ```
    #[must_use]
    pub fn asks_for_sku(&self) -> bool {
        !self.skus.is_empty()
    }

    /// SKUs of one kind are all mapped alike.
    pub(crate) fn sku_kind(&self, sku: &str) -> Vec<bool> {
        if self.skus.is_empty() {
            return Vec::new();
        }
        let sku = Field::Sku.comparable(sku);
        self.skus.iter().map(|pattern| pattern.matches(&sku)).collect()
    }

    /// What a row is.
    ///
    /// A rule of the user wins over the catalogue; one that names only an account leaves the role
    /// to the catalogue, and so does not make an unknown triple known.
    pub(crate) fn classify(&self, row: &RowFacts<'_>) -> Verdict {
        let values = Values::of(row);
        let entry = lookup(row.triple);
        let mut rule = None;
        for candidate in &self.overrides {
            match candidate.condition.fits(&values, row.date) {
                Fit::Yes => {
                    rule = Some(candidate);
                    break;
                }
                Fit::No => {}
                Fit::NotKept => return Verdict::NeedsRow(self.reference(candidate)),
            }
        }
        let account = |role, target: Option<&Target>| {
            let target = target.or_else(|| self.target(role, row.date)).ok_or(NoAccount::Role);
            target.and_then(|target| self.fill(role, target, row.date, &values))
        };
        if let Some(rule) = rule
            && let Some(role) = rule.role.or(entry.map(|entry| entry.role))
        {
            return Verdict::Known(Classified {
                role,
                account: account(role, rule.account.as_ref()),
                rule: self.reference(rule),
            });
        }
        if let Some(entry) = entry {
            return Verdict::Known(Classified {
                role: entry.role,
                account: account(entry.role, None),
                rule: RuleRef::Catalogue { entry: entry.triple.to_string() },
            });
        }
        let Some(fallback) = &self.fallback else {
            return Verdict::Unknown;
        };
        Verdict::Known(Classified {
            role: Role::SUSPENSE,
            account: account(Role::SUSPENSE, Some(&fallback.suspense)),
            rule: RuleRef::Unknown { file: self.file.clone(), line: fallback.line },
        })
    }

    /// The account of a line that no row is behind.
    pub(crate) fn own_account(
        &self,
        role: Role,
        date: Date,
        currency: Currency,
    ) -> Result<Account, NoAccount> {
        let target = self.target(role, date).ok_or(NoAccount::Role)?;
        self.fill(role, target, date, &Values::of_currency(currency))
    }

    /// Dates of one epoch are all mapped alike.
    pub(crate) fn epoch(&self, date: Date) -> usize {
        self.turns.partition_point(|turn| *turn <= date)
    }

    /// The name of the file.
    pub(crate) fn file(&self) -> &str {
        &self.file
    }

    /// A day of each epoch, the first of all time.
    pub(crate) fn days(&self) -> impl Iterator<Item = Date> {
        std::iter::once(Date::MIN).chain(self.turns.iter().copied())
    }

    /// The account that a role has on a day, as the file writes it.
    pub(crate) fn target(&self, role: Role, date: Date) -> Option<&Target> {
        let changed = self.changed_by(date).find_map(|change| change.accounts.get(&role));
        changed.or_else(|| self.accounts.get(&role))
    }

    /// The changes in force on a day, the latest first.
    fn changed_by(&self, date: Date) -> impl Iterator<Item = &Change> {
        self.changes.iter().filter(move |change| change.from <= date)
    }

    pub(crate) fn reference(&self, rule: &Override) -> RuleRef {
        RuleRef::Rule { file: self.file.clone(), number: rule.number, line: rule.line }
    }

    fn fill(
        &self,
        role: Role,
        target: &Target,
        date: Date,
        values: &Values,
    ) -> Result<Account, NoAccount> {
        let Some(template) = self.template(role, target, date) else {
            return Ok(target.account.clone());
        };
        let filled = template.fill(target.account.as_str(), &self.dimensions, values);
        filled.map(Account).map_err(NoAccount::Segment)
    }

    /// What completes an account on a day; `None` if it is complete.
    pub(crate) fn template<'a>(
        &'a self,
        role: Role,
        target: &'a Target,
        date: Date,
    ) -> Option<&'a Template> {
        if target.template.is_some() {
            return target.template.as_ref();
        }
        let statement = role.info().statement;
        let changed = self.changed_by(date).find_map(|change| change.templates.of(statement));
        let template = changed.or_else(|| self.templates.of(statement));
        template.filter(|template| !template.is_filled_by(target.account.as_str()))
    }
}

#[cfg(test)]
mod tests;
