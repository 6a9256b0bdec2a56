//! Whether another connection of the installation has the same settlement or order: two connections of one
//! selling account would book its money twice.
//!
//! Each side records what it has before it asks, so of two that come at once one at least learns of the
//! other. At worst both stop, and a person lets one go on.

use store::{OrderKey, OrderRecord, SettlementElsewhere, SettlementRecord, Store};

use super::hold::HeldReason;
use super::order::State as OrderState;
use super::settlement::State;
use super::waived;
use super::written::WrittenDocuments;

/// The code of a reason that comes from here. A person may waive that of a settlement.
pub(super) const OTHER_CONNECTION: &str = "other_connection";

/// How far the other connection took a settlement. Its state alone does not tell: what is held may be
/// posted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum There {
    NotPosted,
    Posting,
    Posted,
    ByHand,
    Reversed,
}

impl There {
    async fn of(store: &Store, there: &SettlementElsewhere) -> anyhow::Result<Self> {
        if there.state == State::ByHand.as_str() {
            return Ok(Self::ByHand);
        }
        let written = WrittenDocuments::of(store, &there.key).await?;
        Ok(match written.standing().next() {
            _ if written.is_under_way() => Self::Posting,
            Some(_) => Self::Posted,
            None if written.is_reversed() => Self::Reversed,
            None => Self::NotPosted,
        })
    }

    /// The word kept with the reason.
    const fn as_str(self) -> &'static str {
        match self {
            Self::NotPosted => "not posted",
            Self::Posting => "posting",
            Self::Posted => "posted",
            Self::ByHand => "by hand",
            Self::Reversed => "reversed",
        }
    }

    const fn told(self) -> &'static str {
        match self {
            Self::NotPosted => "has not posted it",
            Self::Posting => "is posting it",
            Self::Posted => "has posted it",
            Self::ByHand => "has it in its books, entered by hand",
            Self::Reversed => "has posted it and taken it back",
        }
    }

    const fn is_booked(self) -> bool {
        matches!(self, Self::Posting | Self::Posted | Self::ByHand)
    }
}

/// The other connections that have a settlement, whatever they did with it; without those that a person
/// waived.
pub(super) async fn look(
    store: &Store,
    record: &SettlementRecord,
) -> anyhow::Result<Vec<HeldReason>> {
    let found = found(store, record).await?;
    Ok(found.into_iter().map(|(_, reason)| reason).collect())
}

/// Those of them in whose company it is booked, or is being booked.
pub(super) async fn booked(
    store: &Store,
    record: &SettlementRecord,
) -> anyhow::Result<Vec<HeldReason>> {
    let found = found(store, record).await?.into_iter().filter(|(there, _)| there.is_booked());
    Ok(found.map(|(_, reason)| reason).collect())
}

async fn found(
    store: &Store,
    record: &SettlementRecord,
) -> anyhow::Result<Vec<(There, HeldReason)>> {
    let waived = waived::of(record)?;
    let mut found = Vec::new();
    for other in store.settlement_elsewhere(&record.key).await? {
        let there = There::of(store, &other).await?;
        let reason = reason(record, &other, there);
        if !waived.contains(&waived::identity(&reason)) {
            found.push((there, reason));
        }
    }
    Ok(found)
}

fn reason(record: &SettlementRecord, other: &SettlementElsewhere, there: There) -> HeldReason {
    let (id, here, other) =
        (&record.key.settlement_id, &record.key.connection, &other.key.connection);
    let first = match there {
        There::Posting | There::Posted => {
            format!("reverse it there (`ml-connector reverse {id} --connection {other}`), then ")
        }
        There::NotPosted | There::ByHand | There::Reversed => String::new(),
    };
    let message = format!(
        "connection {other} has settlement {id}, too, and {}. A settlement is booked once, in one \
         company: the finance clerk says in which. If it is that of {other}, this one stays held; where \
         both connections read one selling account, the IT admin removes one of them. If it is that of \
         {here}, {first}run `ml-connector release {id} --connection {here}`",
        there.told()
    );
    let mut reason = HeldReason::new(OTHER_CONNECTION, message);
    reason.facts.insert("connection".to_owned(), other.as_str().into());
    reason.facts.insert("there".to_owned(), there.as_str().into());
    reason
}

/// Why an order that is to be entered waits: another connection has entered it, or may. An order that the
/// other one does not want, or that a person stopped there before it was entered, is left to this one.
pub(super) async fn look_for_order(
    store: &Store,
    key: &OrderKey,
) -> anyhow::Result<Option<HeldReason>> {
    let others = store.order_elsewhere(key).await?;
    Ok(others.iter().find(|other| is_wanted(other)).map(|other| order_reason(key, other)))
}

fn is_wanted(other: &OrderRecord) -> bool {
    let untouched = other.revision == 0 && other.order_num.is_none();
    match OrderState::parse(&other.state) {
        Some(OrderState::Excluded | OrderState::Held) => !untouched,
        _ => true,
    }
}

fn order_reason(key: &OrderKey, other: &OrderRecord) -> HeldReason {
    let (id, here, there) = (&key.order_id, &key.connection, &other.key.connection);
    let (told, next) = match &other.order_num {
        Some(number) => (
            format!("has entered it as sales order {number}"),
            format!(
                "If it is that of {here}, finance enters it there by hand, with {id} as its PO number"
            ),
        ),
        None if other.revision > 0 => ("is entering it".to_owned(), String::new()),
        None => (
            "has not entered it".to_owned(),
            format!(
                "If it is that of {here}, run `ml-connector hold {id} --connection {there}`; then it is \
                 entered"
            ),
        ),
    };
    let message = format!(
        "order {id}: connection {there} has it, too, and {told}. An order is entered once, in one company: \
         finance says in which, and where both connections read one selling account the IT admin removes \
         `[connection.orders]` from one of them. {next}"
    );
    let mut reason = HeldReason::new(OTHER_CONNECTION, message.trim_end());
    reason.facts.insert("connection".to_owned(), there.as_str().into());
    reason
}
