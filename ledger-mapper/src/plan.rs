//! From a settlement to the journals it will be posted as, or the reasons why not.

use std::collections::BTreeMap;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::Serialize;
use settlement_model::{Currency, Money, MoneyError, Settlement, SettlementId};

use crate::calendar::Calendar;
use crate::form;
use crate::hold::Hold;
use crate::journal::{Journal, JournalError, JournalLine, Source};
use crate::key::JournalKey;
use crate::lines::Lines;
use crate::role::Role;
use crate::rules::template::NoSegment;
use crate::rules::{NoAccount, Rules};

mod sort;

use sort::{Part, Sorted, SourceId, Tally};

/// What a settlement is planned with.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    /// The name of the pair of Amazon and Epicor sides; part of every journal's key.
    pub connection: &'a str,
    /// The mapping rules.
    pub rules: &'a Rules,
    /// The fiscal periods.
    pub calendar: &'a Calendar,
    /// The zone in which the settlement's rows were given their dates, for its end date.
    pub zone: &'a TimeZone,
    /// 0, or how many times the settlement was reversed and is posted anew.
    pub revision: u32,
}

impl<'a> Context<'a> {
    /// For settlements that are planned for the first time.
    #[must_use]
    pub fn new(
        connection: &'a str,
        rules: &'a Rules,
        calendar: &'a Calendar,
        zone: &'a TimeZone,
    ) -> Self {
        Self { connection, rules, calendar, zone, revision: 0 }
    }
}

/// What will be posted for a settlement: either its journals, or what holds it.
///
/// Its JSON form is the contract of `plan --json`: money is text with the currency's decimals.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Plan {
    /// Amazon's number of the settlement.
    pub settlement_id: SettlementId,
    /// The currency of every amount.
    pub currency: Currency,
    /// What Amazon pays out, or charges if negative: the settlement's total.
    #[serde(serialize_with = "form::amount::serialize")]
    pub deposit: Money,
    /// Transaction rows of the settlement.
    pub rows: u64,
    /// Whether the rows add up to the total, to the cent.
    pub ties: bool,
    /// The sum of the rows less the total.
    #[serde(serialize_with = "form::amount::serialize")]
    pub difference: Money,
    /// The time zone in which periods and dates are cut.
    pub zone: String,
    /// The [version](Rules::version) of the rules.
    pub rules: String,
    /// The journals in order of their periods; none if anything holds the settlement.
    pub journals: Vec<Journal>,
    /// Everything that holds the settlement; nothing if it can be posted.
    pub held: Vec<Hold>,
    /// Rows that no journal line shows, because an account's rows cancel out within a period.
    pub netted_to_zero: Vec<Source>,
}

/// Plans a settlement.
///
/// * A positive row credits the account of its role, a negative one debits it. Rows net per account
///   and period; an account that nets to zero has no line.
/// * Each period is one journal. All but the last are dated the period's last day and closed against
///   the balance carried over. The last is dated the day the settlement ended, takes that balance
///   back and debits the deposit to Amazon clearing (credits it if negative). Rows after the end,
///   such as the reserve, belong to the day of the end.
/// * The deposit and the balance carried over have lines of their own, never netted with rows on
///   the same account.
/// * If the rows do not tie, or anything is unknown, there is no journal, and every reason is told.
///
/// ```
/// use jiff::tz::TimeZone;
/// use ledger_mapper::{Calendar, Context, Rules, plan};
/// # let columns = "settlement-id\tsettlement-start-date\tsettlement-end-date\tdeposit-date\ttotal-amount\tcurrency\ttransaction-type\tamount-type\tamount-description\tamount\tposted-date-time\tmarketplace-name\tfulfillment-id";
/// # let head = "81000000009\t2026-05-03 18:00:00 UTC\t2026-05-17 18:00:00 UTC\t\t8.50\tUSD\t\t\t\t\t\t\t";
/// # let row = |what: &str, amount: &str| format!("81000000009\t\t\t\t\t\tOrder\t{what}\t{amount}\t2026-05-05 10:00:00 UTC\tAmazon.com\tAFN");
/// # let report = [columns, head, &row("ItemPrice\tPrincipal", "10.00"), &row("ItemFees\tCommission", "-1.50")].join("\n");
///
/// let document = settlement_model::read(report.as_bytes(), &Default::default())?;
/// let (rules, calendar) = (Rules::sample(), Calendar::months());
/// let context = Context::new("acme-us", &rules, &calendar, &document.zone);
/// let plan = plan(&document.settlements[0], &context);
/// assert!(plan.held.is_empty());
/// assert_eq!(plan.journals[0].debits().to_string(), "10.00 USD");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn plan(settlement: &Settlement, context: &Context<'_>) -> Plan {
    let currency = settlement.currency();
    let mut plan = Plan {
        settlement_id: settlement.id.clone(),
        currency,
        deposit: settlement.total,
        rows: settlement.rows,
        ties: false,
        difference: Money::zero(currency),
        zone: zone_name(context.zone),
        rules: context.rules.version().to_owned(),
        journals: Vec::new(),
        held: Vec::new(),
        netted_to_zero: Vec::new(),
    };
    if let Err(error) = fill(&mut plan, settlement, context) {
        plan.held.push(Hold::Arithmetic { error });
    }
    if !plan.held.is_empty() {
        plan.journals.clear();
        plan.netted_to_zero.clear();
    }
    plan
}

fn fill(
    plan: &mut Plan,
    settlement: &Settlement,
    context: &Context<'_>,
) -> Result<(), JournalError> {
    let end = settlement.end.date_in(context.zone);
    let sorted = Sorted::new(settlement, end, context)?;

    // The groups are what is posted; the reader's own sum must agree with them.
    let sum = if settlement.ties() { sorted.sum } else { settlement.sum };
    plan.difference = sum.checked_sub(settlement.total)?;
    plan.ties = plan.difference.is_zero();
    if !plan.ties {
        plan.held.push(Hold::DoesNotTie {
            total: settlement.total,
            sum,
            difference: plan.difference,
        });
    }
    plan.held.extend(sorted.held);
    hold_without_own_accounts(plan, &sorted.parts, end, context.rules);
    if plan.held.is_empty() {
        Journals { plan, end, context }.write(sorted.parts)?;
    }
    Ok(())
}

/// Holds the plan if the deposit or the balance carried over needs an account and has none.
fn hold_without_own_accounts(
    plan: &mut Plan,
    parts: &BTreeMap<Date, Part>,
    end: Date,
    rules: &Rules,
) {
    let mut earlier = parts.values().rev().skip(1).map(|part| part.balance);
    let carried = earlier.find(|balance| !balance.is_zero());
    let deposit = Some(plan.deposit).filter(|deposit| !deposit.is_zero());
    for (role, amount) in [(Role::AMAZON_CLEARING, deposit), (Role::CARRIED_OVER, carried)] {
        let Some(amount) = amount else { continue };
        plan.held.extend(match rules.own_account(role, end, plan.currency) {
            Ok(_) => None,
            Err(NoAccount::Role) => {
                Some(Hold::RoleWithoutAccount { role, triple: None, rows: 0, amount })
            }
            Err(NoAccount::Segment(
                NoSegment::NoValue { dimension, .. } | NoSegment::NotKept { dimension },
            )) => Some(Hold::NoSegment {
                segment: dimension.to_string(),
                value: None,
                triple: None,
                rows: 0,
                amount,
            }),
        });
    }
}

pub(crate) fn zone_name(zone: &TimeZone) -> String {
    match (zone.iana_name(), zone.to_fixed_offset()) {
        (Some(name), _) => name.to_owned(),
        (None, Ok(offset)) => offset.to_string(),
        (None, Err(_)) => "unnamed".to_owned(),
    }
}

/// Writes a plan's journals.
struct Journals<'a> {
    plan: &'a mut Plan,
    /// The local day on which the settlement ended.
    end: Date,
    context: &'a Context<'a>,
}

impl Journals<'_> {
    fn write(self, parts: BTreeMap<Date, Part>) -> Result<(), JournalError> {
        let count = parts.len();
        let mut carried = Money::zero(self.plan.currency);
        for (number, part) in (1..).zip(parts.into_values()) {
            let mut lines = Lines::new(self.context.rules, self.plan.currency);
            let (mut date, period, balance) = (part.period.end, part.period.name, part.balance);
            for (account, tallies) in part.accounts {
                for (id, tally) in tallies {
                    let role = id.role;
                    lines.add(&account, role, tally.amount, Some(source(id, tally)))?;
                }
            }
            if number == count {
                date = self.end;
                self.own_line(&mut lines, Role::CARRIED_OVER, carried)?;
                self.own_line(&mut lines, Role::AMAZON_CLEARING, self.plan.deposit.negated())?;
            } else {
                carried = carried.checked_add(balance)?;
                self.own_line(&mut lines, Role::CARRIED_OVER, balance.negated())?;
            }
            let netted = &mut self.plan.netted_to_zero;
            let lines = lines.finish_with(|sources| netted.extend(sources))?;
            if !lines.is_empty() {
                let journal = self.journal(period, number, date, lines);
                journal.check()?;
                self.plan.journals.push(journal);
            }
        }
        Ok(())
    }

    fn journal(&self, period: String, part: usize, date: Date, lines: Vec<JournalLine>) -> Journal {
        let settlement = &self.plan.settlement_id;
        let Context { connection, revision, .. } = *self.context;
        Journal {
            key: JournalKey::new(connection, settlement, &period, part, revision),
            date,
            currency: self.plan.currency,
            zone: self.plan.zone.clone(),
            description: format!("Amazon settlement {settlement}, {period}"),
            period,
            lines,
        }
    }

    /// Adds to the line that no row is behind, on the role's own account.
    fn own_line(&self, lines: &mut Lines<'_>, role: Role, amount: Money) -> Result<(), MoneyError> {
        // Of the day of the end for every part, so that what is carried over comes back. Without
        // an account there is an amount only in a plan that is held.
        match self.context.rules.own_account(role, self.end, self.plan.currency) {
            Ok(account) => lines.add_apart(&account, role, amount),
            Err(_) => Ok(()),
        }
    }
}

fn source(id: SourceId, tally: Tally) -> Source {
    Source {
        triple: id.triple,
        role: id.role,
        rule: id.rule,
        amount: tally.amount.amount(),
        rows: tally.rows,
        lines: tally.lines,
    }
}
