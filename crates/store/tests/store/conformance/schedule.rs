use std::{collections::BTreeSet, time::Duration};

use jiff::Timestamp;
use store::{
    Claimed, FlowCount, INTERRUPTED, NewRun, Next, Planned, RunEnd, ScheduleRecord, Store,
};

use crate::samples::{US, minute, read};

const FLOW: &str = "settlements";

fn planned(connection: &str, due: Option<Timestamp>) -> Planned {
    Planned {
        connection: connection.to_owned(),
        flow: FLOW.to_owned(),
        spec: "every 30m".to_owned(),
        due,
    }
}

/// What is due at a minute, given back at once.
async fn due(store: &Store, minutes: i64) -> Vec<Claimed> {
    let owner = ("worker 1", Duration::from_mins(1));
    let claimed = store.due_claim(minute(minutes), 10, &BTreeSet::new(), owner).await.unwrap();
    for lease in claimed.iter().filter_map(|claimed| claimed.lease.as_ref()) {
        store.lane_release(lease, minute(minutes)).await.unwrap();
    }
    claimed
}

async fn names(store: &Store, minutes: i64) -> Vec<String> {
    due(store, minutes).await.into_iter().map(|claimed| claimed.connection).collect()
}

fn new_run(minutes: i64) -> NewRun {
    NewRun {
        connection: US.to_owned(),
        flow: FLOW.to_owned(),
        cause: "schedule".to_owned(),
        asked_by: None,
        worker: "worker 1".to_owned(),
        started: minute(minutes),
    }
}

fn end(minutes: i64, next: Option<Next>) -> RunEnd {
    RunEnd {
        ended: minute(minutes),
        outcome: "ok".to_owned(),
        counts: Some(r#"{"moved":1}"#.to_owned()),
        message: None,
        next,
    }
}

pub(super) async fn what_is_due_is_found_once_it_is(store: &Store) {
    let plan =
        [planned("de", Some(minute(10))), planned(US, Some(minute(20))), planned("fr", None)];
    store.schedule_set(&plan, &[]).await.unwrap();
    assert_eq!(names(store, 9).await, [""; 0]);
    assert_eq!(names(store, 10).await, ["de"]);
    assert_eq!(names(store, 60).await, ["de", US]);

    assert!(store.run_asked("fr", FLOW, minute(1), "clerk").await.unwrap());
    assert!(!store.run_asked("it", FLOW, minute(1), "clerk").await.unwrap());
    assert_eq!(names(store, 9).await, ["fr"]);
    let one = store.due_claim(minute(60), 1, &BTreeSet::new(), ("worker 1", Duration::ZERO)).await;
    assert_eq!(one.unwrap()[0].connection, "fr", "what was asked for goes first");
    if !store.is_shared() {
        let busy = BTreeSet::from(["fr".to_owned()]);
        let owner = ("worker 1", Duration::ZERO);
        let next = store.due_claim(minute(60), 1, &busy, owner).await.unwrap();
        assert_eq!((next.len(), next[0].connection.as_str()), (1, "de"));
    }
}

pub(super) async fn a_run_is_recorded_and_plans_the_next(store: &Store) {
    store.schedule_set(&[planned(US, Some(minute(10)))], &[]).await.unwrap();
    let number = store.run_started(&new_run(10)).await.unwrap();
    assert_eq!(names(store, 11).await, [US], "due until its run has ended");
    let next = Next { due: Some(minute(40)), asked: None };
    let end = end(12, Some(next));
    store.run_ended(number, &new_run(10), &end).await.unwrap();
    store.run_ended(number, &new_run(10), &end).await.unwrap_err();
    assert_eq!(names(store, 39).await, [""; 0]);
    assert_eq!(names(store, 40).await, [US]);

    let runs = store.runs(None, 10).await.unwrap();
    assert_eq!(runs.len(), 1);
    assert_eq!((runs[0].number, &runs[0].began), (number, &new_run(10)));
    assert_eq!(runs[0].ended, Some(minute(12)));
    assert_eq!(runs[0].counts.as_deref(), Some(r#"{"moved":1}"#));
    assert_eq!(store.runs(Some("de"), 10).await.unwrap(), []);
    let kept = ScheduleRecord {
        planned: planned(US, Some(minute(40))),
        outcome: Some("ok".to_owned()),
        ended: Some(minute(12)),
    };
    assert_eq!(store.schedule().await.unwrap(), [kept]);
}

pub(super) async fn a_run_that_never_ended_was_interrupted(store: &Store) {
    let first = store.run_started(&new_run(1)).await.unwrap();
    let second = store.run_started(&new_run(5)).await.unwrap();
    assert!(second > first);
    let runs = store.runs(Some(US), 10).await.unwrap();
    assert_eq!((runs[0].number, runs[0].ended), (second, None));
    assert_eq!((runs[1].number, runs[1].ended), (first, Some(minute(5))));
    assert_eq!(runs[1].outcome.as_deref(), Some(INTERRUPTED));
    store.run_ended(first, &new_run(1), &end(6, None)).await.unwrap_err();
    assert_eq!(store.runs(None, 1).await.unwrap().len(), 1);
}

pub(super) async fn a_wish_that_comes_during_a_run_stays(store: &Store) {
    store.schedule_set(&[planned(US, None)], &[]).await.unwrap();
    for (asked, again) in [(1, false), (3, true)] {
        assert!(store.run_asked(US, FLOW, minute(1), "clerk").await.unwrap());
        let flow = due(store, 2).await.remove(0).flows.remove(0);
        assert_eq!(flow.asked_by.as_deref(), Some("clerk"));
        let run = NewRun { asked_by: flow.asked_by, ..new_run(2) };
        let number = store.run_started(&run).await.unwrap();
        assert_eq!(store.runs(None, 1).await.unwrap()[0].began, run);
        assert!(store.run_asked(US, FLOW, minute(asked), "clerk").await.unwrap());
        let next = Next { due: None, asked: Some(minute(1)) };
        store.run_ended(number, &new_run(2), &end(4, Some(next))).await.unwrap();
        assert_eq!(!names(store, 5).await.is_empty(), again);
    }
}

pub(super) async fn what_is_gone_is_forgotten(store: &Store) {
    let plan = [planned("de", Some(minute(10))), planned(US, Some(minute(10)))];
    store.schedule_set(&plan, &[]).await.unwrap();
    let later = planned(US, Some(minute(50)));
    store.schedule_set(std::slice::from_ref(&later), &plan[..1]).await.unwrap();
    assert_eq!(names(store, 10).await, [""; 0]);
    let left: Vec<_> = store.schedule().await.unwrap();
    assert_eq!(left.into_iter().map(|record| record.planned).collect::<Vec<_>>(), [later]);
}

pub(super) async fn everything_is_counted(store: &Store) {
    read(store, 1, "810").await;
    let plan = [planned("de", Some(minute(30))), planned(US, Some(minute(10)))];
    store.schedule_set(&plan, &[]).await.unwrap();
    let number = store.run_started(&new_run(10)).await.unwrap();
    let next = Next { due: Some(minute(40)), asked: None };
    store.run_ended(number, &new_run(10), &end(12, Some(next))).await.unwrap();
    let overview = store.overview().await.unwrap();
    assert_eq!(overview.settlements, [("read".to_owned(), 1)]);
    assert_eq!((overview.postings.as_slice(), overview.reports_held), ([].as_slice(), 0));
    let mut flows = overview.flows;
    flows.sort_by_key(|count| count.outcome.clone());
    let count = |outcome: Option<&str>, due| FlowCount {
        flow: FLOW.to_owned(),
        outcome: outcome.map(str::to_owned),
        connections: 1,
        due: Some(minute(due)),
    };
    assert_eq!(flows, [count(None, 30), count(Some("ok"), 40)]);
    assert_eq!(overview.lanes, []);
}
