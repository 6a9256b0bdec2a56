//! Why a row is posted as it is: which rule took it, and why the others did not.

use std::fmt;

use jiff::civil::Date;
use serde::Serialize;

use crate::catalogue::{Confidence, lookup};
use crate::role::Role;
use crate::rules::condition::Fit;
use crate::rules::template::NoSegment;
use crate::rules::{
    Account, Classified, Field, NoAccount, Override, RowFacts, RuleRef, Rules, Value, Values,
    Verdict,
};

/// What becomes of a row.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Outcome {
    /// It is posted.
    Posted {
        /// To this account, its segments put in.
        account: Account,
        /// As this.
        role: Role,
        /// What says so.
        rule: RuleRef,
    },
    /// Its role is known, and the rules have no account for it: held.
    NoAccount {
        /// The role.
        role: Role,
        /// What gave it the role.
        rule: RuleRef,
    },
    /// Its account has a segment without a value for this row: held.
    NoSegment {
        /// The role.
        role: Role,
        /// What gave it the role.
        rule: RuleRef,
        /// The segment: `marketplace.division`.
        segment: String,
        /// What the row has for the fact that decides it; `None` if it is blank.
        value: Option<String>,
    },
    /// It depends on the SKU, which was not given.
    NeedsRow {
        /// The rule or the segment that asks for it.
        asked_by: String,
    },
    /// Nobody knows what it is: held.
    Unknown,
}

impl Outcome {
    /// The account and the role, if the row is posted.
    #[must_use]
    pub fn posted(&self) -> Option<(&Account, Role)> {
        match self {
            Self::Posted { account, role, .. } => Some((account, *role)),
            _ => None,
        }
    }
}

impl From<Verdict> for Outcome {
    fn from(verdict: Verdict) -> Self {
        let Classified { role, account, rule } = match verdict {
            Verdict::Known(class) => class,
            Verdict::Unknown => return Self::Unknown,
            Verdict::NeedsRow(rule) => return Self::NeedsRow { asked_by: rule.to_string() },
        };
        match account {
            Ok(account) => Self::Posted { account, role, rule },
            Err(NoAccount::Role) => Self::NoAccount { role, rule },
            Err(NoAccount::Segment(NoSegment::NoValue { dimension, row })) => {
                Self::NoSegment { role, rule, segment: dimension.to_string(), value: row }
            }
            Err(NoAccount::Segment(NoSegment::NotKept { dimension })) => {
                Self::NeedsRow { asked_by: format!("the segment {{{dimension}}}") }
            }
        }
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Posted { account, role, rule } => {
                write!(f, "posted to {account} as {} ({role}), by {rule}", role.info().title)
            }
            Self::NoAccount { role, rule } => {
                write!(f, "held: {rule} says {role}, which has no account in [accounts]")
            }
            Self::NoSegment { role, segment, value, .. } => {
                let value = value.as_deref().map_or("none".to_owned(), |v| format!("\"{v}\""));
                let fact = segment.split('.').next().unwrap_or(segment);
                write!(
                    f,
                    "held: the account of {role} needs {{{segment}}}, which has no value for "
                )?;
                write!(f, "the row's {fact} ({value})")
            }
            Self::NeedsRow { asked_by } => write!(f, "depends on the SKU, asked for by {asked_by}"),
            Self::Unknown => f.write_str("held: neither the rules nor the catalogue know it"),
        }
    }
}

/// Why a row is posted as it is; made by [`Rules::explain`].
///
/// Printed, it is the text that `rules explain` shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Explanation {
    /// What becomes of the row.
    #[serde(flatten)]
    pub result: Outcome,
    /// Every rule of the file in order of precedence.
    pub rules: Vec<Considered>,
    /// What the catalogue knows of the row.
    pub catalogue: Option<CatalogueMatch>,
}

/// A rule, and what it had to do with the row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Considered {
    /// The rule.
    pub rule: RuleRef,
    /// What it had to do with the row.
    #[serde(flatten)]
    pub why: Why,
}

/// Why a rule took a row, or did not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "why", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Why {
    /// It took the row.
    Takes,
    /// It matches, but names only an account, and nothing says what the row is.
    NoRole,
    /// It matches, but a more specific rule took the row.
    Outranked,
    /// It asks for something else.
    Differs {
        /// The first field that differs.
        field: Field,
        /// What the rule asks for.
        asks: String,
        /// What the row has; `None` if it is blank.
        has: Option<String>,
    },
    /// It is not in force on the row's day.
    NotInForce {
        /// Its first day.
        from: Option<Date>,
        /// Its last day.
        until: Option<Date>,
    },
    /// Whether it matches depends on the SKU, which was not given.
    NeedsRow,
}

/// An entry of the catalogue that knows a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct CatalogueMatch {
    /// Its triple: "Order / ItemFees / Commission".
    pub entry: String,
    /// Its role.
    pub role: Role,
    /// How well it is established.
    pub confidence: Confidence,
    /// The codes of its sources, explained in `data/README.md`.
    pub evidence: &'static str,
    /// Rows with this triple in an audit of real reports.
    pub rows_seen: Option<u32>,
}

impl Rules {
    /// What becomes of a row.
    #[must_use]
    pub fn outcome(&self, row: &RowFacts<'_>) -> Outcome {
        self.classify(row).into()
    }

    /// What becomes of a row, and what every rule had to do with it.
    ///
    /// ```
    /// use ledger_mapper::{RowFacts, Rules};
    /// use settlement_model::{Currency, Fulfillment, Triple};
    ///
    /// let triple = Triple {
    ///     transaction_type: "Order".to_owned(),
    ///     amount_type: "ItemFees".to_owned(),
    ///     amount_description: "Commission".to_owned(),
    /// };
    /// let row = RowFacts {
    ///     triple: &triple,
    ///     date: jiff::civil::date(2026, 5, 5),
    ///     marketplace: Some("Amazon.de"),
    ///     sku: Some("TOY-7"),
    ///     fulfillment: &Fulfillment::Amazon,
    ///     currency: Currency::parse("EUR")?,
    /// };
    /// let text = Rules::sample().explain(&row).to_string();
    /// assert!(text.starts_with("posted to 5100 as Referral fees (referral_fees), by catalogue"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn explain(&self, row: &RowFacts<'_>) -> Explanation {
        let values = Values::of(row);
        let entry = lookup(row.triple);
        let mut taken = false;
        let rules = self.overrides.iter().map(|rule| {
            let why = match rule.condition.fits(&values, row.date) {
                Fit::No => why_not(rule, &values, row.date),
                _ if taken => Why::Outranked,
                fit => {
                    taken = true;
                    match fit {
                        Fit::NotKept => Why::NeedsRow,
                        _ if rule.role.is_none() && entry.is_none() => Why::NoRole,
                        _ => Why::Takes,
                    }
                }
            };
            Considered { rule: self.reference(rule), why }
        });
        Explanation {
            rules: rules.collect(),
            result: self.outcome(row),
            catalogue: entry.map(|entry| CatalogueMatch {
                entry: entry.triple.to_string(),
                role: entry.role,
                confidence: entry.confidence,
                evidence: entry.evidence,
                rows_seen: entry.rows_seen,
            }),
        }
    }
}

/// Why a rule that does not match does not.
fn why_not(rule: &Override, values: &Values, date: Date) -> Why {
    let days = rule.condition.days;
    let differs = rule.condition.terms.iter().find(|term| term.fits(values) == Fit::No);
    match differs {
        Some(term) if days.contain(date) => Why::Differs {
            field: term.field,
            asks: term.text.clone(),
            has: match values.get(term.field) {
                Value::Text(text, _) => Some(text.clone()),
                Value::Absent | Value::NotKept => None,
            },
        },
        _ => Why::NotInForce { from: days.from, until: days.until },
    }
}

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Takes => f.write_str("takes the row"),
            Self::NoRole => {
                f.write_str("matches, but names only an account, and nothing says what the row is")
            }
            Self::Outranked => f.write_str("matches too, but is less specific"),
            Self::Differs { field, asks, has } => {
                let field = field.as_str();
                match has {
                    Some(has) => write!(f, "asks for {field} \"{asks}\"; the row has \"{has}\""),
                    None => write!(f, "asks for {field} \"{asks}\"; the row has none"),
                }
            }
            Self::NotInForce { from, until } => {
                f.write_str("is in force")?;
                if let Some(from) = from {
                    write!(f, " from {from}")?;
                }
                if let Some(until) = until {
                    write!(f, " until {until}")?;
                }
                f.write_str(" only")
            }
            Self::NeedsRow => f.write_str("asks for the SKU, which is not given"),
        }
    }
}

impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.result)?;
        for Considered { rule, why } in &self.rules {
            write!(f, "\n  {rule}: {why}")?;
        }
        match &self.catalogue {
            Some(CatalogueMatch { entry, role, confidence, evidence, rows_seen }) => {
                write!(f, "\n  catalogue: {entry} is {role} ({confidence} confidence, {evidence}")?;
                match rows_seen {
                    Some(rows) => write!(f, ", {rows} rows seen)"),
                    None => f.write_str(")"),
                }
            }
            None => f.write_str("\n  catalogue: does not know it"),
        }
    }
}

#[cfg(test)]
mod tests;
