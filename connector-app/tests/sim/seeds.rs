//! The seeds: that the promise holds, and that it is this harness that would notice if it did not.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use jiff::SignedDuration;

use crate::machine::Machine;
use crate::process;
use crate::verdict::{self, Wrong};
use crate::world::{Nap, Terms, World};

/// How many seeds a run of the tests takes.
const SEEDS: u64 = 200;

/// What one seed came to.
#[derive(Debug)]
struct Outcome {
    wrong: Vec<Wrong>,
    tally: BTreeMap<&'static str, u64>,
    told: String,
}

fn variable(name: &str) -> Option<u64> {
    let text = std::env::var(name).ok()?;
    Some(text.parse().unwrap_or_else(|_| panic!("{name}={text}: not a number")))
}

/// The life of one seed.
fn live(seed: u64, terms: Terms, told: bool) -> Outcome {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .start_paused(true)
        .build()
        .expect("a runtime");
    runtime.block_on(async {
        let world = World::new(seed, terms, told).await;
        let machines = (0..world.machines)
            .map(|number| process::run(Machine::new(&world, format!("machine {number}"))));
        futures_util::future::join_all(machines).await;
        // What is still on its way arrives.
        tokio::time::sleep(terms.landing_max + Duration::from_secs(1)).await;
        let wrong = verdict::of(&world).await;
        let mut tally = world.tally();
        tally.insert(
            "settlements",
            world.connections.iter().map(|c| c.documents.len() as u64).sum(),
        );
        Outcome { wrong, tally, told: world.told() }
    })
}

/// What went wrong with some seeds, and what all went through.
type Found = (BTreeMap<u64, Vec<Wrong>>, BTreeMap<&'static str, u64>);

/// So many seeds, on every core, until there is `enough`.
fn live_all(count: u64, terms: Terms, enough: fn(&[Wrong]) -> bool) -> Found {
    let first = variable("ML_SIM_FROM").unwrap_or(0);
    let next = AtomicU64::new(first);
    let end = first + count;
    let found = Mutex::new((BTreeMap::new(), BTreeMap::new()));
    let work = || {
        loop {
            let seed = next.fetch_add(1, Ordering::Relaxed);
            if seed >= end {
                return;
            }
            let outcome = live(seed, terms, false);
            let mut found = found.lock().expect("not poisoned");
            for (what, times) in outcome.tally {
                *found.1.entry(what).or_default() += times;
            }
            *found.1.entry("seeds").or_default() += 1;
            if enough(&outcome.wrong) {
                next.store(end, Ordering::Relaxed);
            }
            if !outcome.wrong.is_empty() {
                found.0.insert(seed, outcome.wrong);
            }
        }
    };
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(work);
        }
    });
    found.into_inner().expect("not poisoned")
}

#[expect(clippy::print_stdout, reason = "shown with --nocapture")]
fn show(title: &str, tally: &BTreeMap<&'static str, u64>) {
    let mut text = format!("{title}\n");
    for (what, times) in tally {
        writeln!(text, "{times:>12}  {what}").expect("a string takes it");
    }
    println!("{text}");
}

#[test]
fn posts_exactly_once() {
    let terms = Terms::default();
    if let Some(seed) = variable("ML_SIM_SEED") {
        let outcome = live(seed, terms, true);
        show(&format!("{}\nseed {seed}", outcome.told), &outcome.tally);
        assert_eq!(outcome.wrong, [], "seed {seed}");
        return;
    }
    let count = variable("ML_SIM_SEEDS").unwrap_or(SEEDS);
    let (wrong, tally) = live_all(count, terms, |_| false);
    show("what the seeds went through", &tally);
    let Some((seed, first)) = wrong.first_key_value() else {
        let clerks = tally.get(process::BY_HAND);
        assert!(count < SEEDS || clerks.is_some(), "the clerks do something");
        return;
    };
    let told = live(*seed, terms, true).told;
    panic!(
        "{} of {count} seeds went wrong: {:?}\n\n{told}\n\nseed {seed}: {first:#?}\nreplay it with \
         ML_SIM_SEED={seed} cargo test -p connector-app --test sim posts_exactly_once -- --nocapture",
        wrong.len(),
        wrong.keys().take(20).collect::<Vec<_>>(),
    );
}

/// The first seed that ends with a duplicate on these terms, or with something of a document that
/// is there again. It settles the question, unless all are to be counted.
fn makes_duplicates(name: &str, terms: Terms) -> Option<u64> {
    let duplicate = |wrong: &[Wrong]| wrong.iter().any(Wrong::is_duplicate);
    let (wrong, mut tally) = match variable("ML_SIM_SEEDS") {
        Some(count) => live_all(count, terms, |_| false),
        None => live_all(SEEDS, terms, |wrong| wrong.iter().any(Wrong::is_duplicate)),
    };
    let with = |test: &dyn Fn(&[Wrong]) -> bool| wrong.values().filter(|wrong| test(wrong)).count();
    let twice = |wrong: &[Wrong]| wrong.iter().any(|one| matches!(one, Wrong::PostedTwice(_)));
    tally.insert("seeds that went wrong", wrong.len() as u64);
    tally.insert("seeds with something there twice", with(&duplicate) as u64);
    tally.insert("seeds with a document posted twice", with(&twice) as u64);
    let first = wrong.iter().find(|(_, wrong)| duplicate(wrong));
    show(&format!("{name}: {first:#?}"), &tally);
    first.map(|(seed, _)| *seed)
}

#[test]
fn without_the_send_guard_what_is_posted_comes_again() {
    let guarded = Terms { drowsy: true, ..Terms::default() };
    let terms = Terms { grace: SignedDuration::MAX, ..guarded };
    let seed = makes_duplicates("no send guard", terms).expect("a seed");
    assert_eq!(live(seed, guarded, false).wrong, [], "the guard drops what comes late");
}

/// How a journal gets into the books twice when nothing keeps a late request from leaving. The first
/// machine falls asleep when it is about to make the group. The second one takes over, looks,
/// enters everything, and falls asleep when it is about to post. The third one takes over, finds it
/// entered, and posts it; the group is gone. The first one wakes up and enters it all again, before
/// it learns that its lease is lost. The second one wakes up, and posts what is there.
const TWO_SLEEPERS: [Nap; 2] = [
    Nap {
        service: "Erp.BO.GLJrnGrpSvc",
        methods: &["Update", "UpdateNoLock"],
        time: Duration::from_secs(900),
    },
    Nap {
        service: "Erp.BO.GLJrnGrpSvc",
        methods: &["PostGroupJournals"],
        time: Duration::from_secs(1200),
    },
];

#[test]
fn without_the_send_guard_two_sleepers_post_a_journal_twice() {
    let guarded = Terms { schedule: &TWO_SLEEPERS, ..Terms::default() };
    let unguarded = Terms { grace: SignedDuration::MAX, ..guarded };
    let count = variable("ML_SIM_SEEDS").unwrap_or(8);
    let (wrong, mut tally) = live_all(count, unguarded, |_| false);
    let twice = |wrong: &[Wrong]| wrong.iter().any(|one| matches!(one, Wrong::PostedTwice(_)));
    let posted_twice = wrong.values().filter(|wrong| twice(wrong)).count() as u64;
    tally.insert("seeds with a journal posted twice", posted_twice);
    show("no send guard, two sleepers", &tally);
    if posted_twice < count {
        let seed = (0..count).find(|seed| !wrong.get(seed).is_some_and(|wrong| twice(wrong)));
        let outcome = live(seed.expect("one"), unguarded, true);
        panic!("{posted_twice} of {count}\n{}\n{:#?}", outcome.told, outcome.wrong);
    }
    let (wrong, tally) = live_all(count, guarded, |_| false);
    show("the same sleepers, guarded", &tally);
    assert_eq!(wrong, BTreeMap::new(), "the guard drops what comes late");
    assert_eq!(tally.get("suspensions"), Some(&(2 * count)), "everybody slept");
}

#[test]
fn with_a_settle_time_too_short_there_are_duplicates() {
    let terms = Terms { settle: SignedDuration::from_secs(5), ..Terms::default() };
    assert!(makes_duplicates("settle of 5 s", terms).is_some());
}

#[test]
fn with_plain_retry_there_are_duplicates() {
    let terms = Terms { looks_up: false, ..Terms::default() };
    assert!(makes_duplicates("plain retry", terms).is_some());
}
