//! What a person does in Epicor while the connector looks.

use connector_app::ledger::{DocumentTarget as _, Sent};
use connector_app::pipeline::draft_of;
use connector_app::pipeline::posting::Found;
use connector_app::stage::Stage;
use fixtures::Fault;
use jiff::SignedDuration;
use store::Store;
use wire::Clock as _;

use crate::process::{Process, clock, run_to_the_end, setting};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_journal_that_is_posted_during_a_look_is_seen_once() {
    // The group, its journals, what is posted.
    for request in 0..3 {
        for fault in [Fault::HoldBefore, Fault::HoldAfter] {
            let mut setting = setting(&["us-plain.txt"]);
            setting.posting = "post = false\n".to_owned();
            let stage = Stage::set(setting).await.expect("stand-ins start");
            let (store, clock) = (Store::in_memory().expect("a store"), clock());
            run_to_the_end(&stage, &store, &clock, "entering").await;
            let (process, person) =
                (Process::start(&stage, &clock).await, Process::start(&stage, &clock).await);
            let settlement = store.settlements(None).await.expect("readable").pop().expect("one");
            let posting = store.postings_of(&settlement.key).await.expect("readable").remove(0);
            let draft = draft_of(&posting).expect("a draft");

            let faults = stage.epicor.faults();
            let posts = async || {
                faults.reached().await;
                let soon = clock.now() + SignedDuration::from_secs(10);
                assert_eq!(person.ledger.post(&draft, soon).await, Sent::Done);
                faults.release();
            };
            faults.at(request, fault.clone());
            let (seen, ()) = tokio::join!(process.ledger.look_up(&draft), posts());
            let found = seen.expect("readable").found;
            let what = format!("request {request}, {fault:?}");
            assert!(matches!(found, Found::Entered | Found::Posted), "{what}: {found:?}");
            assert_eq!(
                process.ledger.look_up(&draft).await.expect("readable").found,
                Found::Posted
            );
            assert_eq!(process.ledger.count(&draft).await.expect("readable"), 1, "{what}");
        }
    }
}
