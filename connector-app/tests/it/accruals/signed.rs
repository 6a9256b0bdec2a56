//! Nothing is accrued into a period that a person has signed.

use connector_app::exit::Exit;

use super::*;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_accrued_into_a_signed_period() {
    let document = documents::get("us-plain.txt").expect("it ships");
    let stage = Stage::set(Setting::new(vec![document])).await.expect("stand-ins start");
    let (store, clock) = (Store::in_memory().expect("a store"), clock());
    let process = Process::start(&stage, &clock).await;
    let worker = worker(&process, &store);
    let plan = planned(&process, &store, &sales()).await;
    worker.prepare(&key(), plan.as_ref(), &clerk()).await.expect("kept");
    let next = PeriodKey { period: "2026-10".to_owned(), ..key() };
    let event = about_signature(&next, &clock);
    store.period_signed(&next, "{}", &event).await.expect("signed");
    let refused = worker.approve(&key(), &clerk(), None).await.expect_err("signed");
    assert!(refused.to_string().contains("period 2026-10, which is signed"), "{refused}");
    let other = PeriodKey { currency: "CAD".to_owned(), ..key() };
    let kept = worker.prepare(&other, plan.as_ref(), &clerk()).await;
    assert_eq!(kept.expect("another currency is not signed"), Some(State::Prepared));
}

fn about_signature(key: &PeriodKey, clock: &ManualClock) -> store::NewEvent {
    store::NewEvent {
        at: clock.now(),
        actor: "person anna".to_owned(),
        connection: CONNECTION.to_owned(),
        record: key.period.clone(),
        subject: format!("period {} {}", key.period, key.currency),
        action: "period signed".to_owned(),
        from: None,
        to: None,
        detail: serde_json::json!({}),
    }
}

/// Wherever it stood when the period was signed, nothing of it is posted until that is taken back.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_signature_holds_what_was_prepared_before_it() {
    for reached in [State::Prepared, State::Ready, State::Approved] {
        let stage = Stage::set(setting(&[])).await.expect("stand-ins start");
        let (store, clock) = (Store::in_memory().expect("a store"), clock());
        let mut process = Process::start(&stage, &clock).await;
        let by_policy = std::mem::take(&mut process.site.approval);
        let plan = planned(&process, &store, &sales()).await;
        let before = worker(&process, &store);
        before.prepare(&key(), plan.as_ref(), &clerk()).await.expect("kept");
        if reached != State::Prepared {
            before.run(&key()).await.expect("checked");
        }
        if reached == State::Approved {
            before.approve(&key(), &clerk(), None).await.expect("it is ready");
        }
        assert_eq!(how_it_stands(&store).await.0, reached.as_str());
        let event = about_signature(&key(), &clock);
        store.period_signed(&key(), "{}", &event).await.expect("signed");

        process.site.approval = by_policy;
        for _ in 0..2 {
            process.summary(&store).await;
            let (state, reasons) = how_it_stands(&store).await;
            assert_eq!(state, "held", "{reached}");
            assert_eq!(reasons[0].reason, "period_signed", "{reached}: {reasons:?}");
        }
        let refused = worker(&process, &store).release(&key(), &clerk(), None).await;
        let refused = refused.expect_err("it is signed");
        assert!(matches!(refused.downcast_ref(), Some(AccrualRefused::Signed { .. })));
        assert_eq!(Exit::of(&refused), Exit::Held);
        assert!(stage.epicor.posted_journals().is_empty(), "{reached}");

        store.period_reopened(&key(), "an accrual", &event).await.expect("it was signed");
        process.summary(&store).await;
        assert_eq!(how_it_stands(&store).await, ("posted".to_owned(), Vec::new()), "{reached}");
        assert_accrued_once(&stage, &store, reached.as_str()).await;
    }
}
