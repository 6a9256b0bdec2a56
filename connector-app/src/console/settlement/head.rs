//! What stands above every tab of a settlement.

use anyhow::Context as _;
use rust_decimal::Decimal;
use settlement_model::Currency;
use store::SettlementRecord;

use super::sentence::{Facts, Planned, Sentence};
use crate::console::{address, figures, states};
use crate::pipeline::settlement::{Event, Policy, State, decide};
use crate::pipeline::{HeldReason, KeptPlan};

/// The tabs, in their order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::console) enum Tab {
    Journal,
    Rows,
    Orders,
    Changed,
    Epicor,
    Bank,
    History,
}

impl Tab {
    const ALL: [Self; 7] = [
        Self::Journal,
        Self::Rows,
        Self::Orders,
        Self::Changed,
        Self::Epicor,
        Self::Bank,
        Self::History,
    ];

    const fn label(self) -> &'static str {
        match self {
            Self::Journal => "Journal",
            Self::Rows => "Rows",
            Self::Orders => "Orders",
            Self::Changed => "What changed",
            Self::Epicor => "Epicor",
            Self::Bank => "Bank",
            Self::History => "History",
        }
    }

    /// The last part of its address.
    const fn end(self) -> &'static str {
        match self {
            Self::Journal => "",
            Self::Rows => "/rows",
            Self::Orders => "/orders",
            Self::Changed => "/changed",
            Self::Epicor => "/epicor",
            Self::Bank => "/bank",
            Self::History => "/history",
        }
    }
}

/// A tab as a link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::console) struct TabLink {
    pub(in crate::console) label: &'static str,
    pub(in crate::console) href: String,
    pub(in crate::console) active: bool,
}

/// What a person may do with a settlement in its state.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(in crate::console) struct Acts {
    /// Approve it, and have it posted.
    pub(in crate::console) approve: bool,
    pub(in crate::console) hold: bool,
    /// Say that it was entered by hand.
    pub(in crate::console) by_hand: bool,
    pub(in crate::console) release: bool,
    pub(in crate::console) reverse: bool,
}

impl Acts {
    /// What the table of states allows; see [`crate::pipeline::settlement::decide`].
    pub(in crate::console) fn of(state: State, held: &[HeldReason]) -> Self {
        let reissued = held.iter().any(|reason| reason.reason == "reissued");
        let may = |event| decide(state, &event, &Policy::default()).is_ok();
        Self {
            approve: may(Event::Approved) || (reissued && may(Event::ReissueApproved)),
            hold: may(Event::Hold),
            by_hand: may(Event::EnteredByHand),
            release: may(Event::Reconsider),
            reverse: may(Event::Reverse),
        }
    }
}

/// The head.
#[derive(Debug, Clone)]
pub(in crate::console) struct Head {
    pub(in crate::console) id: String,
    pub(in crate::console) connection: String,
    pub(in crate::console) base: String,
    pub(in crate::console) from: String,
    pub(in crate::console) to: String,
    pub(in crate::console) rows: String,
    pub(in crate::console) source: String,
    pub(in crate::console) state: String,
    pub(in crate::console) tone: &'static str,
    pub(in crate::console) meaning: &'static str,
    pub(in crate::console) sentence: Sentence,
    pub(in crate::console) held: Vec<HeldReason>,
    pub(in crate::console) acts: Acts,
    pub(in crate::console) tabs: Vec<TabLink>,
}

impl Head {
    pub(super) fn of(
        record: &SettlementRecord,
        plan: Option<&KeptPlan>,
        tab: Tab,
    ) -> anyhow::Result<Self> {
        let state = crate::pipeline::state_of(record)?;
        let held = HeldReason::parse_all(record.hold.as_deref());
        let base = address::settlement(&record.key);
        let tabs = Tab::ALL.into_iter().map(|one| TabLink {
            label: one.label(),
            href: format!("{base}{}", one.end()),
            active: one == tab,
        });
        Ok(Self {
            tabs: tabs.collect(),
            id: record.key.settlement_id.clone(),
            connection: record.key.connection.clone(),
            from: figures::day(&record.start),
            to: figures::day(&record.end),
            rows: figures::counted(record.rows, "row"),
            source: record.source.clone(),
            state: record.state.clone(),
            tone: states::tone(&record.state),
            meaning: states::meaning(state),
            sentence: sentence(record, plan)?,
            acts: Acts::of(state, &held),
            held,
            base,
        })
    }
}

fn sentence(record: &SettlementRecord, plan: Option<&KeptPlan>) -> anyhow::Result<Sentence> {
    let decimal = |text: &str| {
        let id = &record.key.settlement_id;
        text.parse::<Decimal>().with_context(|| format!("settlement {id}: stored amount {text}"))
    };
    let (deposit, currency) = (decimal(&record.deposit)?, Currency::parse(&record.currency)?);
    if crate::pipeline::state_of(record)? == State::ByHand {
        return Ok(Sentence::by_hand(deposit, currency));
    }
    let planned = plan.map(|plan| {
        anyhow::Ok(Planned { journals: &plan.journals, difference: decimal(&plan.difference)? })
    });
    Ok(Sentence::of(&Facts {
        deposit,
        currency,
        planned: planned.transpose()?,
        held: record.hold.is_some(),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_the_table_of_states_allows_is_offered() {
        for state in State::ALL {
            let acts = Acts::of(state, &[]);
            let may = |event: &Event| decide(state, event, &Policy::default()).is_ok();
            assert_eq!(acts.approve, may(&Event::Approved), "approve {state}");
            assert_eq!(acts.hold, may(&Event::Hold), "hold {state}");
            assert_eq!(acts.by_hand, may(&Event::EnteredByHand), "by hand {state}");
            assert_eq!(acts.release, may(&Event::Reconsider), "release {state}");
            assert_eq!(acts.reverse, may(&Event::Reverse), "reverse {state}");
        }
        let [posted, reversed] = [State::Posted, State::Reversed].map(|state| Acts::of(state, &[]));
        assert_eq!(posted, Acts { reverse: true, ..Acts::default() });
        assert_eq!(reversed, Acts { by_hand: true, release: true, ..Acts::default() });
        assert!(!Acts::of(State::Held, &[]).approve);
        let reissued = [HeldReason::new("reissued", "it came again")];
        assert!(Acts::of(State::Held, &reissued).approve);
    }
}
