//! What stands in Epicor and in the store when everything is over.

use std::collections::BTreeMap;
use std::fmt;

use connector_app::ledger::Draft;
use connector_app::pipeline::settlement::State;
use connector_app::pipeline::{journals_of, posting_number};
use fixtures::epicor::PostedJournal;
use ledger_mapper::Role;
use rust_decimal::Decimal;

use crate::process::HELD_FOR_NOTHING;
use crate::world::{World, rules};

/// What must never be.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Wrong {
    /// One journal is in the ledger more than once.
    PostedTwice(String),
    /// A journal that is posted, or part of it, stands in entry again.
    StandsAgain(String),
    /// It is not in the ledger, or not as planned.
    NotAsPlanned(String),
    /// The clearing account does not hold what was paid out.
    Unequal(String),
    /// It is not posted in the end.
    NotDone(String),
    /// It was held, and no fault explains why.
    Held(String),
    /// The store and Epicor give it different numbers.
    Disagree(String),
    /// The audit log does not verify, or a lane cannot be claimed.
    Damaged(String),
}

impl fmt::Display for Wrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }
}

impl Wrong {
    /// Whether something stands in Epicor that should not: the sin against exactly once.
    pub(crate) fn is_duplicate(&self) -> bool {
        matches!(self, Self::PostedTwice(_) | Self::StandsAgain(_) | Self::Unequal(_))
    }
}

type Line = (String, Decimal, Decimal);

/// Everything that is wrong in the end.
pub(crate) async fn of(world: &World) -> Vec<Wrong> {
    let mut wrong = Vec::new();
    if world.tally().contains_key(HELD_FOR_NOTHING) {
        wrong.push(Wrong::Held("see the trace".to_owned()));
    }
    let posted = world.epicor.posted_journals();
    for group in world.epicor.unposted_groups() {
        wrong.push(Wrong::StandsAgain(format!("{group:?}")));
    }
    let mut expected = 0;
    for record in world.store.settlements(None).await.expect("readable") {
        if record.state != State::Posted.as_str() {
            wrong.push(Wrong::NotDone(format!("{} is {}", record.key, record.state)));
            continue;
        }
        let numbers: BTreeMap<_, _> = world
            .store
            .postings_of(&record.key)
            .await
            .expect("readable")
            .iter()
            .map(|posting| (posting.group_id.clone(), posting_number(posting)))
            .collect();
        for journal in journals_of(&record).expect("a plan") {
            let draft = Draft::new(journal);
            expected += 1;
            let there = posted.iter().filter(|journal| journal.group_id == draft.group_id);
            wrong.extend(judged(&draft, &there.collect::<Vec<_>>(), &numbers));
        }
    }
    if posted.len() != expected {
        wrong.push(Wrong::PostedTwice(format!("{} journals for {expected}", posted.len())));
    }
    wrong.extend(money(world, &posted).await);
    wrong.extend(store(world).await);
    wrong
}

fn judged(
    draft: &Draft,
    there: &[&PostedJournal],
    numbers: &BTreeMap<String, Option<String>>,
) -> Option<Wrong> {
    let key = draft.journal.key.to_string();
    let posted = match there {
        [] => return Some(Wrong::NotAsPlanned(format!("{key} is not in the ledger"))),
        [posted] => posted,
        several => return Some(Wrong::PostedTwice(format!("{key}: {} times", several.len()))),
    };
    let planned = draft.journal.lines.iter();
    let planned = sorted(planned.map(|line| (line.account.to_string(), line.debit, line.credit)));
    let lines = posted.lines.iter();
    let lines = sorted(lines.map(|line| (line.account.clone(), line.debit, line.credit)));
    if lines != planned {
        return Some(Wrong::NotAsPlanned(format!("{key}: {lines:?} for {planned:?}")));
    }
    let number = posted.journal_num.to_string();
    let kept = numbers.get(&draft.group_id).cloned().flatten();
    (kept.as_deref() != Some(number.as_str()))
        .then(|| Wrong::Disagree(format!("{key}: {kept:?} in the store, {number} in Epicor")))
}

fn sorted(lines: impl Iterator<Item = Line>) -> Vec<Line> {
    let mut lines: Vec<_> = lines
        .map(|(account, debit, credit)| (account, debit.normalize(), credit.normalize()))
        .collect();
    lines.sort();
    lines
}

/// Company by company, the clearing account holds the deposits of its sellers.
async fn money(world: &World, posted: &[PostedJournal]) -> Vec<Wrong> {
    let clearing = rules().account_for(&Role::AMAZON_CLEARING).expect("it is named").as_str();
    let mut owed: BTreeMap<&str, Decimal> = BTreeMap::new();
    for connection in &world.connections {
        let name = Some(connection.site.connection.as_str());
        for record in world.store.settlements(name).await.expect("readable") {
            let deposit: Decimal = record.deposit.parse().expect("an amount");
            *owed.entry(connection.company).or_default() += deposit;
        }
    }
    let mut wrong = Vec::new();
    for (company, owed) in owed {
        let lines = posted.iter().filter(|journal| journal.company == company);
        let lines = lines.flat_map(|journal| &journal.lines);
        let lines = lines.filter(|line| line.account == clearing);
        let held: Decimal = lines.map(|line| line.debit - line.credit).sum();
        if held != owed {
            wrong.push(Wrong::Unequal(format!("{company}: {held} on {clearing}, {owed} paid out")));
        }
    }
    wrong
}

/// The audit log verifies and every lane can be claimed.
async fn store(world: &World) -> Vec<Wrong> {
    let mut wrong = Vec::new();
    if let Err(error) = world.store.verify_audit().await {
        wrong.push(Wrong::Damaged(error.to_string()));
    }
    for connection in &world.connections {
        let lane = &connection.site.connection;
        let time = std::time::Duration::from_secs(30);
        let claimed = world.store.lane_claim(lane, "verdict", time, world.now()).await;
        if !matches!(claimed, Ok(Some(_))) {
            wrong.push(Wrong::Damaged(format!("lane {lane} is stuck: {claimed:?}")));
        }
    }
    wrong
}
