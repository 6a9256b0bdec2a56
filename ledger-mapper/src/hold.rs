//! Why a settlement is not posted.

use jiff::civil::Date;
use serde::{Serialize, Serializer};
use settlement_model::{LineSpan, Money, Triple};

use crate::journal::JournalError;
use crate::role::Role;

/// One reason why a settlement waits for a person. Amounts are signed as Amazon signs them.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Hold {
    /// Neither the rules nor the catalogue know what these rows are.
    UnknownAmount {
        /// The rows' triple.
        triple: Triple,
        /// How many rows.
        rows: u64,
        /// Their sum.
        amount: Money,
        /// The lines of the report between which they stand.
        lines: LineSpan,
        /// The marketplaces that the rows name, sorted.
        marketplaces: Vec<String>,
    },
    /// The rows do not add up to the settlement's total.
    DoesNotTie {
        /// What Amazon states as the total.
        total: Money,
        /// What the rows add up to.
        sum: Money,
        /// `sum - total`.
        difference: Money,
    },
    /// The rules have no account for a role that the settlement needs.
    RoleWithoutAccount {
        /// The role.
        role: Role,
        /// The rows' triple; `None` for the deposit and the balance carried over.
        triple: Option<Triple>,
        /// How many rows.
        rows: u64,
        /// The amount that has no account.
        amount: Money,
    },
    /// The account has a segment, and the rules have no value of it for these rows.
    NoSegment {
        /// The segment: `marketplace.division`.
        segment: String,
        /// What the rows have for the fact that decides it; `None` if it is blank.
        value: Option<String>,
        /// The rows' triple; `None` for the deposit and the balance carried over.
        triple: Option<Triple>,
        /// How many rows.
        rows: u64,
        /// The amount that has no account.
        amount: Money,
    },
    /// A rule asks for the SKU, which the settlement was read without: see
    /// [`Rules::asks_for_sku`](crate::Rules::asks_for_sku).
    NeedsRows {
        /// What asks: a rule, or a segment of the account.
        asked_by: String,
        /// The rows' triple.
        triple: Triple,
        /// How many rows.
        rows: u64,
        /// Their sum.
        amount: Money,
    },
    /// No period of the calendar contains a date that the settlement needs.
    NoPeriod {
        /// The date, in the plan's zone.
        date: Date,
        /// How many rows have the date; none if only the settlement's end does.
        rows: u64,
        /// Their sum.
        amount: Money,
    },
    /// The amounts do not make a journal, for example because they are too large to be added.
    Arithmetic {
        /// What is wrong with them.
        error: JournalError,
    },
}

impl Hold {
    /// A stable code for programs.
    #[must_use]
    pub fn reason(&self) -> &'static str {
        match self {
            Self::UnknownAmount { .. } => "unknown_amount",
            Self::DoesNotTie { .. } => "does_not_tie",
            Self::RoleWithoutAccount { .. } => "role_without_account",
            Self::NoSegment { .. } => "no_segment",
            Self::NeedsRows { .. } => "needs_rows",
            Self::NoPeriod { .. } => "no_period",
            Self::Arithmetic { .. } => "arithmetic",
        }
    }

    /// What is the matter, how much money it is about, and who does what next.
    #[must_use]
    pub fn message(&self) -> String {
        match self {
            Self::UnknownAmount { triple, rows, amount, lines, marketplaces } => {
                let place = match marketplaces.as_slice() {
                    [] => String::new(),
                    names => format!(" of {}", names.join(", ")),
                };
                format!(
                    "Nothing says what \"{triple}\" is: {}{place} with {amount}, {} of the report. \
                     Finance decides its role or account and adds a [[rule]] for it to the rules \
                     file; then plan again.",
                    counted(*rows),
                    located(*lines),
                )
            }
            Self::DoesNotTie { total, sum, difference } => format!(
                "Amazon states a total of {total}, but the rows add up to {sum}, a \
                 difference of {difference}. The report is incomplete or was changed. Finance downloads it again; if the \
                 difference stays, Amazon has to issue the report anew.",
            ),
            Self::RoleWithoutAccount { role, triple, rows, amount } => {
                let what = match triple {
                    Some(triple) => format!("{} of \"{triple}\" with {amount}", counted(*rows)),
                    None => amount.to_string(),
                };
                format!(
                    "The rules file has no account for {} ({role}): {what}. Finance adds \
                     `{role} = \"…\"` to its [accounts]; then plan again.",
                    role.info().title,
                )
            }
            Self::NoSegment { segment, value, triple, rows, amount } => {
                let what = match triple {
                    Some(triple) => format!("{} of \"{triple}\" with {amount}", counted(*rows)),
                    None => format!("the deposit or carried balance of {amount}"),
                };
                let (fact, name) = segment.split_once('.').unwrap_or((segment, segment));
                let key = value.as_deref().unwrap_or("*");
                format!(
                    "The rules file has no value of {{{segment}}} for {what}. Finance adds \
                     `\"{key}\" = {{ {name} = \"…\" }}` to [dimension.{fact}]; then plan again.",
                )
            }
            Self::NeedsRows { asked_by, triple, rows, amount } => format!(
                "The SKU decides how {} of \"{triple}\" with {amount} are posted (asked for by \
                 {asked_by}), but the settlement was read without SKUs. Whoever runs the program reads \
                 it again by SKU (`group_by_sku`); then plan again.",
                counted(*rows),
            ),
            Self::NoPeriod { date, rows: 0, .. } => format!(
                "The settlement ends on {date}, which is in no period of the calendar. Finance adds \
                 the period; then plan again.",
            ),
            Self::NoPeriod { date, rows, amount } => format!(
                "No period of the calendar contains {date}: {} with {amount}. Finance adds the \
                 period; then plan again.",
                counted(*rows),
            ),
            Self::Arithmetic { error } => format!(
                "The amounts cannot be made into a journal: {error}. Finance compares the report \
                 with Seller Central; if it is right, report this as a fault of the program.",
            ),
        }
    }
}

fn counted(rows: u64) -> String {
    match rows {
        1 => "1 row".to_owned(),
        _ => format!("{rows} rows"),
    }
}

fn located(lines: LineSpan) -> String {
    if lines.first == lines.last {
        format!("line {}", lines.first)
    } else {
        format!("between lines {} and {}", lines.first, lines.last)
    }
}

/// A hold as JSON; members that a reason does not have are left out.
#[derive(Default, Serialize)]
struct Form<'a> {
    reason: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    transaction_type: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    amount_type: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    amount_description: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    role: Option<Role>,
    #[serde(skip_serializing_if = "Option::is_none")]
    segment: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    asked_by: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    date: Option<Date>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rows: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    amount: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    total: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sum: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    lines: Option<LineSpan>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    marketplaces: &'a [String],
    message: String,
}

impl<'a> Form<'a> {
    fn of(hold: &'a Hold) -> Self {
        let form = Self { reason: hold.reason(), message: hold.message(), ..Self::default() };
        match hold {
            Hold::UnknownAmount { triple, rows, amount, lines, marketplaces } => Self {
                rows: Some(*rows),
                amount: Some(amount.amount_text()),
                lines: Some(*lines),
                marketplaces,
                ..form.with(Some(triple))
            },
            Hold::DoesNotTie { total, sum, difference } => Self {
                amount: Some(difference.amount_text()),
                total: Some(total.amount_text()),
                sum: Some(sum.amount_text()),
                ..form
            },
            Hold::RoleWithoutAccount { role, triple, rows, amount } => Self {
                role: Some(*role),
                rows: Some(*rows),
                amount: Some(amount.amount_text()),
                ..form.with(triple.as_ref())
            },
            Hold::NoSegment { segment, value, triple, rows, amount } => Self {
                segment: Some(segment),
                value: value.as_deref(),
                rows: Some(*rows),
                amount: Some(amount.amount_text()),
                ..form.with(triple.as_ref())
            },
            Hold::NeedsRows { asked_by, triple, rows, amount } => Self {
                asked_by: Some(asked_by),
                rows: Some(*rows),
                amount: Some(amount.amount_text()),
                ..form.with(Some(triple))
            },
            Hold::NoPeriod { date, rows, amount } => Self {
                date: Some(*date),
                rows: Some(*rows),
                amount: Some(amount.amount_text()),
                ..form
            },
            Hold::Arithmetic { .. } => form,
        }
    }

    fn with(self, triple: Option<&'a Triple>) -> Self {
        Self {
            transaction_type: triple.map(|triple| triple.transaction_type.as_str()),
            amount_type: triple.map(|triple| triple.amount_type.as_str()),
            amount_description: triple.map(|triple| triple.amount_description.as_str()),
            ..self
        }
    }
}

impl Serialize for Hold {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Form::of(self).serialize(serializer)
    }
}
