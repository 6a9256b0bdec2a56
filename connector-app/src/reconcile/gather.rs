//! What the store knows about a connection's money.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Context as _;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use ledger_mapper::{BankLine, Booked, Journal, Role, SettlementFigures, Source, Waiver};
use serde::Deserialize;
use settlement_model::{Currency, Money, ReportTime, SettlementId};
use store::{BankLineRecord, PostingRecord, SettlementRecord, Store, WaiverRecord};

use super::documents::{DocumentInPeriod, in_periods, is_journal_of_settlement};
use super::{Books, LedgerRead, Posted, kept_name};
use crate::accrual::{Standing as Accrued, standings};
use crate::amazon::{Payouts, payouts};
use crate::day::day_in;
use crate::pipeline::posting::Step;
use crate::pipeline::settlement::State;
use crate::pipeline::{Booked as BookedIn, KeptAccrual};

/// Everything that is compared, of one connection.
#[derive(Debug, Clone)]
pub struct Gathered {
    /// The connection.
    pub connection: String,
    /// By currency.
    pub books: Vec<Books>,
    /// Settlements that are in no books yet, such as one that is held.
    pub waiting: Vec<Waiting>,
    /// What is in the store and cannot be read, each with the reason: it is in no books either, and
    /// nothing reconciles while there is any.
    pub unreadable: Vec<String>,
    /// The lines of bank statements, by date.
    pub bank_lines: Vec<BankLineRecord>,
    /// What Amazon said last that it paid out.
    pub payouts: Payouts,
    /// The deposits of settlements that were entered by hand.
    pub by_hand: Vec<ByHand>,
    /// What was written for settlements and accruals.
    pub documents: Vec<DocumentInPeriod>,
    /// The month-end accruals.
    pub accruals: Vec<Accrued>,
}

/// A settlement that is in no books yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    /// Its id.
    pub settlement: String,
    /// ISO 4217 code.
    pub currency: String,
    /// The day it ended.
    pub end: Date,
    /// Where it stands.
    pub state: String,
    /// The periods that its planned journals are in; none before it is planned.
    pub periods: BTreeSet<String>,
}

/// The plan that is kept with a settlement, as far as the books need it.
#[derive(Deserialize)]
struct Kept {
    journals: Vec<Journal>,
    #[serde(default)]
    netted_to_zero: Vec<Source>,
    /// The zone in which it was cut: the marketplace's, where the connection names none.
    zone: Option<String>,
}

/// What is kept of a settlement beside its plan.
#[derive(Deserialize)]
struct Facts {
    deposit_date: Option<ReportTime>,
}

/// Gathers what the store knows about a connection. Settlements that are not on their way into the
/// ledger yet are [waiting](Gathered::waiting). `zone` is the connection's cut-off zone; `None` takes
/// the one in which each settlement was planned.
///
/// # Errors
/// The store's errors. What cannot be understood of a single record is
/// [told](Gathered::unreadable), and stops no other.
pub async fn gather(
    store: &Store,
    connection: &str,
    zone: Option<&TimeZone>,
) -> anyhow::Result<Gathered> {
    let mut gathering = Gathering {
        zone: zone.cloned(),
        facts: store.settlement_chains(connection).await?.into_iter().collect(),
        ..Gathering::default()
    };
    let (mut waiting, mut unreadable) = (Vec::new(), Vec::new());
    let written = store.posting_summaries(connection).await?;
    for posting in written.iter().filter(|one| is_journal_of_settlement(one)) {
        let tokens = gathering.tokens.entry(posting.record.id.clone()).or_default();
        tokens.push(posting.token.clone());
    }
    let mut currencies = BTreeMap::new();
    for record in store.settlements(Some(connection)).await? {
        currencies.insert(record.key.settlement_id.clone(), record.currency.clone());
        let id = &record.key.settlement_id;
        let added = match State::parse(&record.state) {
            Some(State::Posting | State::Posted | State::Matched) => gathering.add(&record),
            Some(State::Reversed) => Ok(()),
            Some(State::ByHand) => gathering.add_by_hand(&record),
            _ => gathering.waits(&record).map(|one| waiting.push(one)),
        };
        if let Err(error) = added {
            unreadable.push(format!("settlement {id}: {error:#}"));
        }
    }
    for waiver in store.waivers(connection).await? {
        if let Err(error) = gathering.add_waiver(&waiver) {
            let id = &waiver.settlement_id;
            unreadable.push(format!("what was written off of settlement {id}: {error:#}"));
        }
    }
    let bank_lines = store.bank_lines(connection).await?;
    let payouts = payouts(store, connection).await?;
    let of = |line| named(line, &payouts);
    gathering.named = bank_lines.iter().filter_map(of).map(str::to_owned).collect();
    for line in &bank_lines {
        if let Err(error) = gathering.add_bank_line(line, &payouts) {
            unreadable.push(format!("bank line {}: {error:#}", line.id()));
        }
    }
    let documents = in_periods(store, &written, &currencies).await?;
    let accruals = standings(store, connection, &gathering.booked).await?;
    for accrual in &accruals {
        if let Err(error) = gathering.add_accrual(accrual) {
            unreadable.push(format!("accrual of {}: {error:#}", accrual.key));
        }
    }
    let mut books: Vec<_> = gathering.by_currency.into_values().collect();
    for one in &mut books {
        let kept = store.figures(connection, &kept_name(one.currency)).await?;
        match kept.map(|kept| serde_json::from_str::<LedgerRead>(&kept.content)).transpose() {
            Ok(read) => one.ledger = read,
            Err(error) => {
                unreadable.push(format!("what Epicor showed in {}: {error}", one.currency));
            }
        }
    }
    Ok(Gathered {
        connection: connection.to_owned(),
        books,
        waiting,
        unreadable,
        bank_lines,
        payouts,
        by_hand: gathering.by_hand,
        documents,
        accruals,
    })
}

/// The settlement that a line of the bank is of, as a person or the trace id of its payout says.
fn named<'l>(line: &'l BankLineRecord, payouts: &'l Payouts) -> Option<&'l str> {
    line.settlement_id.as_deref().or_else(|| payouts.traced(&line.text))
}

/// The plan of a settlement; one without journals before it is planned.
fn kept(record: &SettlementRecord) -> anyhow::Result<Kept> {
    let plan = record.plan.as_deref().unwrap_or("{\"journals\":[]}");
    serde_json::from_str(plan).context("stored plan")
}

/// The deposit of a settlement that a person entered into the books: it is not on the connector's
/// clearing account, and the bank line that it met is not missing anywhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ByHand {
    /// The settlement.
    pub settlement: SettlementId,
    /// The deposit.
    pub total: Money,
    /// No bank line before this day is that of the deposit.
    pub from: Date,
    /// The line of the bank that met it, or lines that a person gave to it.
    pub bank_lines: Vec<String>,
}

#[derive(Default)]
struct Gathering {
    zone: Option<TimeZone>,
    by_currency: BTreeMap<Currency, Books>,
    /// What the journals of each settlement are known by: those of its plan, and those that reverse or
    /// adjust them.
    tokens: BTreeMap<String, Vec<String>>,
    /// Deposits of settlements that were entered by hand.
    by_hand: Vec<ByHand>,
    /// The settlements that a line of the bank is known to be of.
    named: BTreeSet<String>,
    /// What is booked, for the accruals.
    booked: BookedIn,
    /// What is kept of each settlement beside its plan.
    facts: BTreeMap<String, String>,
}

impl Gathering {
    /// The zone in which a settlement's days are cut; UTC before it is planned, where the connection
    /// names none.
    fn zone_of(&self, kept: &Kept) -> TimeZone {
        let planned = || TimeZone::get(kept.zone.as_deref()?).ok();
        self.zone.clone().or_else(planned).unwrap_or(TimeZone::UTC)
    }

    fn waits(&self, record: &SettlementRecord) -> anyhow::Result<Waiting> {
        let kept = kept(record)?;
        let end = day_in(&record.end, &self.zone_of(&kept))?;
        Ok(Waiting {
            periods: kept.journals.into_iter().map(|journal| journal.period).collect(),
            settlement: record.key.settlement_id.clone(),
            currency: record.currency.clone(),
            end,
            state: record.state.clone(),
        })
    }

    fn add(&mut self, record: &SettlementRecord) -> anyhow::Result<()> {
        let id = &record.key.settlement_id;
        let kept = kept(record)?;
        let currency = Currency::parse(&record.currency)?;
        let total = Money::new(record.deposit.parse()?, currency)?;
        let zone = self.zone_of(&kept);
        let end = day_in(&record.end, &zone)?;
        let due = self.deposit_day(id, &zone)?.unwrap_or(end);
        let booked = Booked { journals: &kept.journals, netted_to_zero: &kept.netted_to_zero };
        let mut figures =
            SettlementFigures::of_journals(SettlementId::parse(id)?, total, booked, due, None)?;
        figures.start = Some(day_in(&record.start, &zone)?);
        let is_clearing = |journal: &&Journal| {
            journal.lines.iter().any(|line| line.role == Role::AMAZON_CLEARING)
        };
        // The last part of a settlement carries its deposit.
        let last = kept.journals.iter().filter(is_clearing).map(|journal| journal.date).max();
        let booked_on = last.unwrap_or(end);
        let own = || kept.journals.iter().map(|journal| journal.key.token());
        let tokens = self.tokens.remove(id).unwrap_or_else(|| own().collect());
        let books =
            self.by_currency.entry(currency).or_insert_with(|| Books::new(currency, booked_on));
        self.booked.add(&figures.id, &kept.journals);
        for journal in &kept.journals {
            books.from = books.from.min(journal.date);
            let lines = journal.lines.iter().filter(|line| line.role == Role::AMAZON_CLEARING);
            for line in lines {
                if !books.accounts.contains(&line.account) {
                    books.accounts.push(line.account.clone());
                }
            }
        }
        books.from = books.from.min(booked_on);
        books.settlements.push(Posted { figures, booked_on, tokens });
        Ok(())
    }

    fn add_by_hand(&mut self, record: &SettlementRecord) -> anyhow::Result<()> {
        let id = record.key.settlement_id.clone();
        let total = Money::new(record.deposit.parse()?, Currency::parse(&record.currency)?)?;
        let zone = self.zone.clone().unwrap_or(TimeZone::UTC);
        let end = day_in(&record.end, &zone)?;
        let from = self.deposit_day(&id, &zone)?.unwrap_or(end);
        let settlement = SettlementId::parse(&id)?;
        self.booked.add_by_hand(&settlement, end);
        self.by_hand.push(ByHand { settlement, total, from, bank_lines: Vec::new() });
        Ok(())
    }

    /// Whether a line of the bank is the deposit of a settlement that was entered by hand: it was given
    /// to it, or has exactly its amount, which nothing else has. Nothing is paid out for a debt.
    fn is_by_hand(&mut self, line: &BankLine) -> bool {
        let elsewhere = |total: Money| {
            let mut settlements = self.by_currency.values().flat_map(|books| &books.settlements);
            settlements
                .any(|posted| posted.figures.total == total && posted.figures.due <= line.date)
        };
        let is_its = |one: &&mut ByHand| match &line.settlement {
            Some(id) => *id == one.settlement,
            None => {
                let open =
                    !self.named.contains(one.settlement.as_str()) && one.bank_lines.is_empty();
                let is_paid = !one.total.is_negative() && one.from <= line.date;
                open && is_paid && one.total == line.amount && !elsewhere(one.total)
            }
        };
        let found = self.by_hand.iter_mut().find(is_its);
        found.map(|one| one.bank_lines.push(line.reference.clone())).is_some()
    }

    /// The day on which Amazon starts the transfer.
    fn deposit_day(&self, id: &str, zone: &TimeZone) -> anyhow::Result<Option<Date>> {
        let Some(facts) = self.facts.get(id) else { return Ok(None) };
        let facts: Facts = serde_json::from_str(facts).context("what is kept of its rows")?;
        Ok(facts.deposit_date.map(|time| time.date_in(zone)))
    }

    /// What an accrual and its reversal put on the clearing account, once each is posted.
    fn add_accrual(&mut self, accrual: &Accrued) -> anyhow::Result<()> {
        let KeptAccrual { journal, reversal, .. } = &accrual.plan;
        let Some(books) = self.by_currency.get_mut(&journal.currency) else { return Ok(()) };
        for journal in [journal, reversal] {
            let is_posted = |posting: &&PostingRecord| {
                posting.key == journal.key.as_str() && posting.step == Step::Confirmed.as_str()
            };
            if !accrual.documents.iter().any(|posting| is_posted(&posting)) {
                continue;
            }
            for line in journal.lines.iter().filter(|line| books.accounts.contains(&line.account)) {
                let amount = Money::new(line.debit - line.credit, books.currency)?;
                books.accrued.push((journal.date, amount));
                books.from = books.from.min(journal.date);
            }
        }
        Ok(())
    }

    fn add_waiver(&mut self, record: &WaiverRecord) -> anyhow::Result<()> {
        for books in self.by_currency.values_mut() {
            let Some(settlement) = books.known(&record.settlement_id) else { continue };
            let amount = Money::new(record.amount.parse()?, books.currency)?;
            books.waivers.push((record.day, Waiver { settlement, amount }));
        }
        Ok(())
    }

    /// A line goes to the settlements of its currency, or to those of the settlement that a person, or
    /// the trace id of its payout, says it is of. A line in a currency that no settlement has goes to
    /// the first: it must not be lost.
    fn add_bank_line(&mut self, record: &BankLineRecord, payouts: &Payouts) -> anyhow::Result<()> {
        let currency = Currency::parse(&record.currency)?;
        let assigned = named(record, payouts);
        let line = BankLine {
            reference: record.id(),
            date: record.date,
            amount: Money::new(record.amount.parse()?, currency)?,
            settlement: assigned.map(SettlementId::parse).transpose()?,
        };
        if self.is_by_hand(&line) {
            return Ok(());
        }
        let owner = assigned
            .and_then(|id| self.by_currency.values().find(|books| books.known(id).is_some()))
            .map(|books| books.currency);
        let place = owner.or_else(|| self.by_currency.contains_key(&currency).then_some(currency));
        let books = match place {
            Some(place) => self.by_currency.get_mut(&place),
            None => self.by_currency.values_mut().next(),
        };
        if let Some(books) = books {
            books.bank.push(line);
        }
        Ok(())
    }
}

impl Books {
    fn new(currency: Currency, from: Date) -> Self {
        Self {
            currency,
            accounts: Vec::new(),
            from,
            ledger: None,
            settlements: Vec::new(),
            accrued: Vec::new(),
            bank: Vec::new(),
            waivers: Vec::new(),
        }
    }
}
