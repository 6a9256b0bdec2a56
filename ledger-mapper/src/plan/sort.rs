//! Sorting a settlement's groups into periods and accounts, or into reasons to hold it.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use jiff::civil::Date;
use settlement_model::{Fulfillment, Group, LineSpan, Money, MoneyError, Settlement, Triple};

use super::Context;
use crate::calendar::Period;
use crate::hold::Hold;
use crate::role::Role;
use crate::rules::template::NoSegment;
use crate::rules::{Account, Classified, NoAccount, RowFacts, RuleRef, Rules, Verdict};

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
        let mut verdicts = Verdicts::new(context.rules);
        for group in &settlement.groups {
            sum = sum.checked_add(group.amount)?;
            let date = group.date.min(end);
            let verdict = verdicts.of(group, date);
            // A row is told once: without an account its period does not matter yet.
            let account = obstacles.account(group, &verdict)?;
            let Some(part) = parts.at(date) else {
                if account.is_some() {
                    tally(&mut obstacles.no_period, date, group)?;
                }
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

/// The verdicts so far.
struct Verdicts<'a> {
    rules: &'a Rules,
    known: HashMap<Alike<'a>, Verdict>,
    /// What [`Rules::sku_kind`] says of each SKU, as a number.
    sku_kinds: HashMap<Vec<bool>, usize>,
    skus: HashMap<&'a str, usize>,
}

/// Groups that are alike in this are posted alike.
#[derive(PartialEq, Eq, Hash)]
struct Alike<'a> {
    triple: &'a Triple,
    marketplace: Option<&'a str>,
    fulfillment: &'a Fulfillment,
    epoch: usize,
    sku_kind: Option<usize>,
}

impl<'a> Verdicts<'a> {
    fn new(rules: &'a Rules) -> Self {
        Self { rules, known: HashMap::new(), sku_kinds: HashMap::new(), skus: HashMap::new() }
    }

    fn of(&mut self, group: &'a Group, date: Date) -> Cow<'_, Verdict> {
        let alike = Alike {
            triple: &group.triple,
            marketplace: group.marketplace.as_deref(),
            fulfillment: &group.fulfillment,
            epoch: self.rules.epoch(date),
            sku_kind: group.sku.as_deref().map(|sku| self.sku_kind(sku)),
        };
        let judged = || self.rules.classify(&RowFacts::of_group(group, date));
        let verdict = self.known.entry(alike).or_insert_with(judged);
        match verdict {
            // What is missing is told with the value of each group, not of the first alike.
            Verdict::Known(Classified { account: Err(NoAccount::Segment(_)), .. }) => {
                Cow::Owned(judged())
            }
            _ => Cow::Borrowed(verdict),
        }
    }

    fn sku_kind(&mut self, sku: &'a str) -> usize {
        *self.skus.entry(sku).or_insert_with(|| {
            let next = self.sku_kinds.len();
            *self.sku_kinds.entry(self.rules.sku_kind(sku)).or_insert(next)
        })
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
    /// By segment and what the rows have for it.
    no_segment: BTreeMap<(String, Option<String>, Triple), Tally>,
    /// By what asks for more than a group keeps.
    needs_rows: BTreeMap<(String, Triple), Tally>,
    no_period: BTreeMap<Date, Tally>,
}

impl Obstacles {
    /// The account to post a group to; without one, the group is noted.
    fn account<'c>(
        &mut self,
        group: &Group,
        verdict: &'c Verdict,
    ) -> Result<Option<(&'c Account, &'c Classified)>, MoneyError> {
        let triple = group.triple.clone();
        let class = match verdict {
            Verdict::Known(class) => class,
            Verdict::Unknown => {
                let names = self.marketplaces.entry(triple.clone()).or_default();
                names.extend(group.marketplace.clone());
                tally(&mut self.unknown, triple, group)?;
                return Ok(None);
            }
            Verdict::NeedsRow(rule) => {
                tally(&mut self.needs_rows, (rule.to_string(), triple), group)?;
                return Ok(None);
            }
        };
        match &class.account {
            Ok(account) => return Ok(Some((account, class))),
            Err(NoAccount::Role) => tally(&mut self.no_account, (class.role, triple), group)?,
            Err(NoAccount::Segment(NoSegment::NoValue { dimension, row })) => {
                let key = (dimension.to_string(), row.clone(), triple);
                tally(&mut self.no_segment, key, group)?;
            }
            Err(NoAccount::Segment(NoSegment::NotKept { dimension })) => {
                tally(
                    &mut self.needs_rows,
                    (format!("the segment {{{dimension}}}"), triple),
                    group,
                )?;
            }
        }
        Ok(None)
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
        let no_segment =
            self.no_segment.into_iter().map(|((segment, value, triple), tally)| Hold::NoSegment {
                segment,
                value,
                triple: Some(triple),
                rows: tally.rows,
                amount: tally.amount,
            });
        let needs_rows = self.needs_rows.into_iter().map(|((asked_by, triple), tally)| {
            Hold::NeedsRows { asked_by, triple, rows: tally.rows, amount: tally.amount }
        });
        let accounts = no_account.chain(no_segment).chain(needs_rows);
        unknown.chain(accounts).chain(no_period).collect()
    }
}
