//! A rules file laid out for reading.

use jiff::civil::Date;
use serde::Serialize;

use super::{Account, Field, RuleRef, Rules};
use crate::role::Role;

/// A `[[rule]]` of a rules file, as [`Rules::listed`] gives it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct ListedRule {
    /// Which it is.
    pub rule: RuleRef,
    /// What it asks for, as the file writes it.
    pub asks: Vec<(Field, String)>,
    /// Its first day.
    pub from: Option<Date>,
    /// Its last day.
    pub until: Option<Date>,
    /// The role it gives; `None` leaves it to the catalogue.
    pub role: Option<Role>,
    /// The account it gives, as the file writes it; `None` is the role's.
    pub account: Option<Account>,
}

impl Rules {
    /// The rules of the file in order of precedence: the first that matches a row takes it.
    ///
    /// ```
    /// use ledger_mapper::Rules;
    ///
    /// let text = "version = 1\nname = \"x\"\n[accounts]\n\
    ///             [[rule]]\ncountry = \"DE\"\naccount = \"1\"\n\
    ///             [[rule]]\ncountry = \"DE\"\nsku = \"TOY-*\"\naccount = \"2\"\n";
    /// let rules = Rules::parse(text, "rules.toml")?;
    /// assert_eq!(rules.listed()[0].asks.len(), 2);
    /// # Ok::<(), ledger_mapper::RulesError>(())
    /// ```
    #[must_use]
    pub fn listed(&self) -> Vec<ListedRule> {
        let listed = self.overrides.iter().map(|rule| ListedRule {
            rule: self.reference(rule),
            asks: rule.condition.terms.iter().map(|t| (t.field, t.text.clone())).collect(),
            from: rule.condition.days.from,
            until: rule.condition.days.until,
            role: rule.role,
            account: rule.account.as_ref().map(|target| target.account.clone()),
        });
        listed.collect()
    }
}
