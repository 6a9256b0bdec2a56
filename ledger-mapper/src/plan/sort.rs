//! Sorting a settlement's groups into periods and accounts, or into reasons to hold it.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use jiff::civil::Date;
use settlement_model::{Group, LineSpan, Money, MoneyError, Settlement, Triple};

use super::Context;
use crate::calendar::Period;
use crate::hold::Hold;
use crate::role::Role;
use crate::rules::{Account, Classified, RuleRef};

/// Every group of a settlement in its place.
pub(super) struct Sorted {
    /// The sum of all groups.
    pub(super) sum: Money,
    /// By the first day of the period. The settlement's end is in the last one.
    pub(super) parts: BTreeMap<Date, Part>,
    pub(super) held: Vec<Hold>,
}

/// What falls into one period.
pub(super) struct Part {
    pub(super) period: Period,
    /// The sum of every group of the period, also of those that have no account.
    pub(super) balance: Money,
    pub(super) accounts: BTreeMap<Account, BTreeMap<SourceId, Tally>>,
}

/// What rows must share to be one [`Source`](crate::Source).
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct SourceId {
    pub(super) triple: Triple,
    pub(super) role: Role,
    pub(super) rule: RuleRef,
}

/// Rows added up.
#[derive(Clone, Copy)]
pub(super) struct Tally {
    pub(super) amount: Money,
    pub(super) rows: u64,
    pub(super) lines: LineSpan,
}

impl Tally {
    fn of(group: &Group) -> Self {
        Self { amount: group.amount, rows: group.rows, lines: group.lines }
    }

    fn add(&mut self, other: Self) -> Result<(), MoneyError> {
        self.amount = self.amount.checked_add(other.amount)?;
        self.rows = self.rows.saturating_add(other.rows);
        self.lines.first = self.lines.first.min(other.lines.first);
        self.lines.last = self.lines.last.max(other.lines.last);
        Ok(())
    }
}

/// Adds a group to a tally that may not exist yet.
fn tally<K: Ord>(map: &mut BTreeMap<K, Tally>, key: K, group: &Group) -> Result<(), MoneyError> {
    match map.get_mut(&key) {
        Some(sum) => sum.add(Tally::of(group)),
        None => {
            map.insert(key, Tally::of(group));
            Ok(())
        }
    }
}

impl Sorted {
    /// `end`: the local day on which the settlement ended. Later rows count as of that day.
    pub(super) fn new(
        settlement: &Settlement,
        end: Date,
        context: &Context<'_>,
    ) -> Result<Self, MoneyError> {
        let zero = Money::zero(settlement.currency());
        let mut sum = zero;
        let mut parts = Parts::new(context, zero);
        let mut obstacles = Obstacles::default();
        let mut classified: HashMap<(&Triple, Option<&str>), Option<Classified>> = HashMap::new();
        for group in &settlement.groups {
            sum = sum.checked_add(group.amount)?;
            let marketplace = group.marketplace.as_deref();
            let class = classified
                .entry((&group.triple, marketplace))
                .or_insert_with(|| context.rules.classify(&group.triple, marketplace));
            let account = obstacles.account(group, class.as_ref())?;
            let date = group.date.min(end);
            let Some(part) = parts.at(date) else {
                tally(&mut obstacles.no_period, date, group)?;
                continue;
            };
            part.balance = part.balance.checked_add(group.amount)?;
            if let Some((account, class)) = account {
                let sources = part.accounts.entry(account.clone()).or_default();
                let id = SourceId {
                    triple: group.triple.clone(),
                    role: class.role,
                    rule: class.rule.clone(),
                };
                tally(sources, id, group)?;
            }
        }
        // The last part carries the deposit, even if no row falls into its period.
        if !settlement.groups.is_empty() && parts.at(end).is_none() {
            let nothing = Tally { amount: zero, rows: 0, lines: LineSpan { first: 0, last: 0 } };
            obstacles.no_period.entry(end).or_insert(nothing);
        }
        Ok(Self { sum, parts: parts.by_start, held: obstacles.holds() })
    }
}

/// The parts so far, found by date.
struct Parts<'a> {
    context: &'a Context<'a>,
    zero: Money,
    by_start: BTreeMap<Date, Part>,
    /// The first day of a date's period; `None` if the calendar has none.
    starts: HashMap<Date, Option<Date>>,
}

impl<'a> Parts<'a> {
    fn new(context: &'a Context<'a>, zero: Money) -> Self {
        Self { context, zero, by_start: BTreeMap::new(), starts: HashMap::new() }
    }

    fn at(&mut self, date: Date) -> Option<&mut Part> {
        let start = *self.starts.entry(date).or_insert_with(|| {
            let period = self.context.calendar.period_of(date)?;
            let start = period.start;
            self.by_start.entry(start).or_insert_with(|| Part {
                period,
                balance: self.zero,
                accounts: BTreeMap::new(),
            });
            Some(start)
        });
        self.by_start.get_mut(&start?)
    }
}

/// What keeps rows from being posted.
#[derive(Default)]
struct Obstacles {
    unknown: BTreeMap<Triple, Tally>,
    /// The marketplaces of the unknown triples.
    marketplaces: BTreeMap<Triple, BTreeSet<String>>,
    no_account: BTreeMap<(Role, Triple), Tally>,
    no_period: BTreeMap<Date, Tally>,
}

impl Obstacles {
    /// The account to post a group to; without one, the group is noted.
    fn account<'c>(
        &mut self,
        group: &Group,
        class: Option<&'c Classified>,
    ) -> Result<Option<(&'c Account, &'c Classified)>, MoneyError> {
        let Some(class) = class else {
            let names = self.marketplaces.entry(group.triple.clone()).or_default();
            names.extend(group.marketplace.clone());
            tally(&mut self.unknown, group.triple.clone(), group)?;
            return Ok(None);
        };
        let Some(account) = &class.account else {
            tally(&mut self.no_account, (class.role, group.triple.clone()), group)?;
            return Ok(None);
        };
        Ok(Some((account, class)))
    }

    fn holds(mut self) -> Vec<Hold> {
        let unknown = self.unknown.into_iter().map(|(triple, tally)| {
            let marketplaces = self.marketplaces.remove(&triple).unwrap_or_default();
            Hold::UnknownAmount {
                triple,
                rows: tally.rows,
                amount: tally.amount,
                lines: tally.lines,
                marketplaces: marketplaces.into_iter().collect(),
            }
        });
        let no_account =
            self.no_account.into_iter().map(|((role, triple), tally)| Hold::RoleWithoutAccount {
                role,
                triple: Some(triple),
                rows: tally.rows,
                amount: tally.amount,
            });
        let no_period = self.no_period.into_iter().map(|(date, tally)| Hold::NoPeriod {
            date,
            rows: tally.rows,
            amount: tally.amount,
        });
        unknown.chain(no_account).chain(no_period).collect()
    }
}
