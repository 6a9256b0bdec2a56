//! Prints the decision tables whole, for reviewers: what is not in them is refused.

use connector_app::pipeline::posting::{self, Situation};
use connector_app::pipeline::settlement::{self, Event, State};
use jiff::Timestamp;
use rust_decimal::Decimal;

fn settlement_events() -> Vec<Event> {
    vec![
        Event::Retrieved,
        Event::Read,
        Event::Unreadable,
        Event::Reissued,
        Event::ReissueApproved,
        Event::AdjustmentApproved { journals: 0 },
        Event::AdjustmentApproved { journals: 1 },
        Event::ReissueDeclined,
        Event::Mapped { journals: 0 },
        Event::Mapped { journals: 2 },
        Event::Unmapped,
        Event::Checked { deposit: Decimal::ONE_HUNDRED },
        Event::CheckFailed,
        Event::Approved,
        Event::IntentsRecorded,
        Event::Confirmed,
        Event::Matched,
        Event::Unmatched,
        Event::Reverse,
        Event::ReversalConfirmed,
        Event::PostingHeld,
        Event::Hold,
        Event::EnteredByHand,
        Event::Reconsider,
        Event::Resume,
    ]
}

#[test]
fn the_life_of_a_settlement() {
    let policies = [
        ("a person approves", settlement::Policy::default()),
        ("approved by policy", settlement::Policy { automatic: true, limit: None }),
    ];
    let mut lines = Vec::new();
    for (name, policy) in policies {
        lines.push(format!("# {name}"));
        for state in State::ALL {
            for event in settlement_events() {
                if let Ok(step) = settlement::decide(state, &event, &policy) {
                    let effect = step.effect.map_or(String::new(), |e| format!(", do {e:?}"));
                    let event = event.name();
                    lines.push(format!("{state:>10} + {event:<19} = {}{effect}", step.next));
                }
            }
        }
    }
    lines.push("# every other pair is refused".to_owned());
    insta::assert_snapshot!(lines.join("\n"));
}

#[test]
fn the_life_of_a_posting() {
    let now: Timestamp = "2026-11-23T12:00:00Z".parse().expect("an instant");
    let usual = posting::Policy::default();
    let cases = [
        ("usual", 0, usual.clone()),
        ("attempts used up", usual.attempts_max, usual.clone()),
        ("stop at entered", 0, posting::Policy { post: false, ..usual }),
    ];
    let mut lines = Vec::new();
    let mut shown = std::collections::BTreeSet::new();
    for (name, attempts, policy) in cases {
        lines.push(format!("# {name}"));
        for step in posting::Step::ALL {
            for event in posting::Event::ALL {
                let situation = Situation { step, attempts };
                let Ok(decision) = posting::decide(situation, event, now, &policy) else {
                    continue;
                };
                let effect =
                    decision.effect.map_or(String::new(), |e| format!(", {}", show(e, now)));
                let line = format!("{step:>13} + {:<15} = {}{effect}", event.name(), decision.next);
                // The later cases print only what differs from the first.
                if shown.insert(line.clone()) {
                    lines.push(line);
                }
            }
        }
    }
    lines.push("# every other pair is refused".to_owned());
    insta::assert_snapshot!(lines.join("\n"));
}

/// An effect with its time relative to now.
fn show(effect: posting::Effect, now: Timestamp) -> String {
    use posting::Effect as E;
    let from_now = |at: Timestamp| at.duration_since(now).as_secs();
    match effect {
        E::LookUp => "look up".to_owned(),
        E::Write { not_after } => format!("write within {} s", from_now(not_after)),
        E::Post { not_after } => format!("post within {} s", from_now(not_after)),
        E::Remove { not_after } => format!("remove within {} s", from_now(not_after)),
        E::Wait { time } => format!("wait {} s", time.as_secs()),
        E::TryLater => "try later".to_owned(),
    }
}

/// The rule the whole table exists for: from a step that sends, and from an unknown outcome, no
/// path leads to another sending step without a look-up in between.
#[test]
fn nothing_is_sent_whose_earlier_outcome_is_unknown() {
    let now: Timestamp = "2026-11-23T12:00:00Z".parse().expect("an instant");
    let policy = posting::Policy::default();
    for step in posting::Step::ALL {
        for event in posting::Event::ALL {
            let situation = Situation { step, attempts: 0 };
            let Ok(decision) = posting::decide(situation, event, now, &policy) else {
                continue;
            };
            let sends = matches!(
                decision.effect,
                Some(posting::Effect::Write { .. } | posting::Effect::Post { .. })
            );
            let looked = matches!(event, posting::Event::Found(_));
            assert!(!sends || looked, "{step} + {} sends without a look-up", event.name());
        }
    }
}

#[test]
fn the_life_of_an_order() {
    use connector_app::pipeline::order::{Event, State, decide};
    let mut lines = Vec::new();
    for state in State::ALL {
        for event in Event::ALL {
            if let Ok(next) = decide(state, event) {
                lines.push(format!("{state:>9} + {:<20} = {next}", event.name()));
            }
        }
    }
    lines.push("# every other pair is refused".to_owned());
    insta::assert_snapshot!(lines.join("\n"));
}

#[test]
fn the_life_of_a_shipment() {
    use connector_app::pipeline::shipment::{Event, State, decide};
    let mut lines = Vec::new();
    for state in State::ALL {
        for event in Event::ALL {
            if let Ok(next) = decide(state, event) {
                lines.push(format!("{state:>10} + {:<12} = {next}", event.name()));
            }
        }
    }
    lines.push("# every other pair is refused".to_owned());
    insta::assert_snapshot!(lines.join("\n"));
}

#[test]
fn the_life_of_a_mapping() {
    use connector_app::pipeline::mapping::{Event, State, decide};
    let mut lines = Vec::new();
    for state in State::ALL {
        for event in Event::ALL {
            if let Ok(next) = decide(state, event) {
                lines.push(format!("{state:>8} + {:<21} = {next}", event.name()));
            }
        }
    }
    lines.push("# every other pair is refused".to_owned());
    insta::assert_snapshot!(lines.join("\n"));
}

#[test]
fn the_life_of_an_accrual() {
    use connector_app::pipeline::accrual::{Event, State, decide};
    let mut lines = Vec::new();
    for (name, automatic) in [("a person approves", false), ("approved by policy", true)] {
        lines.push(format!("# {name}"));
        for state in State::ALL {
            for event in Event::ALL {
                if let Ok(step) = decide(state, event, automatic) {
                    let effect = step.effect.map_or(String::new(), |e| format!(", do {e:?}"));
                    lines.push(format!(
                        "{state:>9} + {:<16} = {}{effect}",
                        event.name(),
                        step.next
                    ));
                }
            }
        }
    }
    lines.push("# every other pair is refused".to_owned());
    insta::assert_snapshot!(lines.join("\n"));
}
