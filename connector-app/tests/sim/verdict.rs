//! What stands in Epicor and in the store when everything is over.

use std::collections::BTreeMap;

use connector_app::ledger::{Document, Draft};
use connector_app::pipeline::settlement::State;
use connector_app::pipeline::{documents_of, posting_number};
use ledger_mapper::Role;
use rust_decimal::Decimal;

use crate::process::HELD_FOR_NOTHING;
use crate::world::{World, rules};

/// What must never be.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Wrong {
    /// One document is in the books more than once.
    PostedTwice(String),
    /// A document that is posted, or part of it, stands in entry again.
    StandsAgain(String),
    /// The group of one that is posted is made again and left empty in entry.
    LeftOver(String),
    /// A document, or part of it, stands in entry and is not posted.
    LeftBehind(String),
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

impl Wrong {
    /// Whether something of a posted document is in Epicor once more.
    pub(crate) fn is_duplicate(&self) -> bool {
        matches!(self, Self::PostedTwice(_) | Self::StandsAgain(_) | Self::LeftOver(_))
    }
}

type Line = (String, Decimal, Decimal);

/// A document as Epicor has it.
struct There {
    group_id: String,
    number: String,
    lines: Vec<Line>,
}

/// Everything that is wrong in the end.
pub(crate) async fn of(world: &World) -> Vec<Wrong> {
    let mut wrong = Vec::new();
    if world.tally().contains_key(HELD_FOR_NOTHING) {
        wrong.push(Wrong::Held("see the trace".to_owned()));
    }
    let there = there(world);
    let is_posted = |group_id: &str| there.iter().any(|one| one.group_id == group_id);
    for group in world.epicor.unposted_groups() {
        let kind = match (is_posted(&group.group_id), group.journals.is_empty()) {
            (true, true) => Wrong::LeftOver,
            (true, false) => Wrong::StandsAgain,
            (false, _) => Wrong::LeftBehind,
        };
        wrong.push(kind(format!("{group:?}")));
    }
    for invoice in world.epicor.ap_invoices().iter().filter(|invoice| !invoice.posted) {
        let again = is_posted(&invoice.group_id);
        let kind = if again { Wrong::StandsAgain } else { Wrong::LeftBehind };
        wrong.push(kind(format!("{invoice:?}")));
    }
    let mut expected = 0;
    for record in world.store.settlements(None).await.expect("readable") {
        if record.state == State::ByHand.as_str() {
            world.count("settlements by hand");
            let postings = world.store.postings_of(&record.key).await.expect("readable");
            if let Some(posting) = postings.first() {
                wrong.push(Wrong::Disagree(format!("{} is by hand: {posting:?}", record.key)));
            }
            continue;
        }
        if record.state != State::Posted.as_str() {
            wrong.push(Wrong::NotDone(format!("{} is {}", record.key, record.state)));
            continue;
        }
        let postings = world.store.postings_of(&record.key).await.expect("readable");
        for document in documents_of(&record).expect("a plan") {
            let draft = Draft::new(document);
            let posting = postings.iter().find(|posting| posting.key == draft.key);
            let kept = posting.and_then(posting_number);
            expected += 1;
            let found: Vec<_> = there.iter().filter(|one| one.group_id == draft.group_id).collect();
            wrong.extend(judged(&draft, &found, kept.as_deref()));
        }
    }
    if there.len() > expected {
        wrong.push(Wrong::PostedTwice(format!("{} documents for {expected}", there.len())));
    }
    wrong.extend(money(world).await);
    wrong.extend(store(world).await);
    wrong
}

/// Every posted document.
fn there(world: &World) -> Vec<There> {
    let journals = world.epicor.posted_journals().into_iter().map(|journal| There {
        number: journal.journal_num.to_string(),
        lines: sorted(
            journal.lines.into_iter().map(|line| (line.account, line.debit, line.credit)),
        ),
        group_id: journal.group_id,
    });
    let invoices = world.epicor.ap_invoices().into_iter().filter(|invoice| invoice.posted);
    let invoices = invoices.map(|invoice| There {
        number: invoice.invoice_num,
        lines: sorted(invoice.accounts.into_iter().map(|(account, amount)| debit(account, amount))),
        group_id: invoice.group_id,
    });
    journals.chain(invoices).collect()
}

fn judged(draft: &Draft, there: &[&There], kept: Option<&str>) -> Option<Wrong> {
    let key = &draft.key;
    let there = match there {
        [] => return Some(Wrong::NotAsPlanned(format!("{key} is not in the ledger"))),
        [there] => there,
        several => return Some(Wrong::PostedTwice(format!("{key}: {} times", several.len()))),
    };
    let planned: Vec<Line> = match &draft.document {
        Document::Journal(journal) => {
            let lines = journal.lines.iter();
            lines.map(|line| (line.account.to_string(), line.debit, line.credit)).collect()
        }
        Document::ApInvoice(invoice) => {
            let lines = invoice.lines.iter();
            lines.map(|line| debit(line.account.to_string(), line.amount)).collect()
        }
        other => return Some(Wrong::NotAsPlanned(format!("{key}: a {}", other.kind()))),
    };
    let planned = sorted(planned.into_iter());
    if there.lines != planned {
        return Some(Wrong::NotAsPlanned(format!("{key}: {:?} for {planned:?}", there.lines)));
    }
    (kept != Some(there.number.as_str())).then(|| {
        Wrong::Disagree(format!("{key}: {kept:?} in the store, {} in Epicor", there.number))
    })
}

fn debit(account: String, amount: Decimal) -> Line {
    (account, amount, Decimal::ZERO)
}

fn sorted(lines: impl Iterator<Item = Line>) -> Vec<Line> {
    let mut lines: Vec<_> = lines
        .map(|(account, debit, credit)| (account, debit.normalize(), credit.normalize()))
        .collect();
    lines.sort();
    lines
}

/// Company by company, the clearing account holds the deposits of its sellers.
async fn money(world: &World) -> Vec<Wrong> {
    let posted = world.epicor.posted_journals();
    let clearing = rules().account_for(&Role::AMAZON_CLEARING).expect("it is named").as_str();
    let mut owed: BTreeMap<&str, Decimal> = BTreeMap::new();
    for connection in &world.connections {
        let name = Some(connection.site.connection.as_str());
        for record in world.store.settlements(name).await.expect("readable") {
            if record.state == State::ByHand.as_str() {
                continue;
            }
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
