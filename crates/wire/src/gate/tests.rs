use std::task::Poll;

use futures_util::{future, poll};
use proptest::prelude::*;

use super::*;
use crate::ManualClock;

fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

fn gate(interval: Duration, burst: u32) -> (Gate, Arc<ManualClock>) {
    let clock = Arc::new(ManualClock::default());
    (Gate::new(Plan { interval, burst }, Arc::<ManualClock>::clone(&clock)), clock)
}

#[tokio::test]
async fn a_burst_passes_and_then_one_call_each_interval() {
    let (gate, clock) = gate(seconds(45), 2);
    let mut waits = Vec::new();
    for _ in 0..4 {
        waits.push(gate.acquire().await);
    }
    assert_eq!(waits, [seconds(0), seconds(0), seconds(45), seconds(45)]);
    clock.advance(seconds(10_000));
    assert_eq!(gate.acquire().await, seconds(0));
    assert_eq!(gate.acquire().await, seconds(0));
    assert_eq!(gate.acquire().await, seconds(45), "saved up to the burst and no more");
}

#[derive(Clone, Debug)]
enum Event {
    Call { after_ms: u64 },
    Throttled { after_ms: u64, retry_after_ms: Option<u64> },
}

fn event() -> impl Strategy<Value = Event> {
    prop_oneof![
        6 => (0_u64..5_000).prop_map(|after_ms| Event::Call { after_ms }),
        1 => (0_u64..5_000, proptest::option::of(0_u64..20_000)).prop_map(
            |(after_ms, retry_after_ms)| Event::Throttled { after_ms, retry_after_ms }
        ),
    ]
}

/// The textbook's other form of the same bucket: one number, the time at which it will be full.
struct Model {
    interval: Duration,
    burst: u32,
    full_at: Duration,
}

impl Model {
    fn wait(&mut self, now: Duration) -> Duration {
        let ready = self.full_at.saturating_sub(self.interval * (self.burst - 1));
        let wait = ready.saturating_sub(now);
        self.full_at = self.full_at.max(now + wait) + self.interval;
        wait
    }

    fn throttled(&mut self, now: Duration, retry_after: Duration) {
        let rest = retry_after.saturating_sub(self.interval);
        self.full_at = self.full_at.max(now + rest + self.interval * self.burst);
    }
}

proptest! {
    #[test]
    fn waits_are_those_of_the_model(
        interval_ms in 1_u64..4_000, burst in 1_u32..6,
        events in proptest::collection::vec(event(), 1..60),
    ) {
        let interval = Duration::from_millis(interval_ms);
        let (gate, clock) = gate(interval, burst);
        let mut model = Model { interval, burst, full_at: Duration::ZERO };
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        for event in events {
            match event {
                Event::Call { after_ms } => {
                    clock.advance(Duration::from_millis(after_ms));
                    let expected = model.wait(clock.monotonic());
                    prop_assert_eq!(runtime.block_on(gate.acquire()), expected);
                }
                Event::Throttled { after_ms, retry_after_ms } => {
                    clock.advance(Duration::from_millis(after_ms));
                    let retry_after = retry_after_ms.map(Duration::from_millis);
                    gate.throttled(retry_after);
                    model.throttled(clock.monotonic(), retry_after.unwrap_or_default());
                }
            }
        }
    }

    #[test]
    fn a_rate_is_read_exactly(mantissa in 1_u64..1_000_000, scale in 0_u32..9) {
        let unit = 10_u64.pow(scale);
        let places = usize::try_from(scale).unwrap();
        let text = format!("{}.{:0places$}", mantissa / unit, mantissa % unit);
        let text = text.trim_end_matches('.');
        // The smallest interval at which `rate` tokens a second are not exceeded.
        let (unit, mantissa) = (u128::from(unit) * 1_000_000_000, u128::from(mantissa));
        match interval(text) {
            Some(interval) => {
                let nanos = interval.as_nanos();
                prop_assert!(nanos * mantissa >= unit && (nanos - 1) * mantissa < unit);
            }
            None => prop_assert!(
                unit / mantissa < 1_000_000 || unit / mantissa >= 86_400_000_000_000, "{}", text
            ),
        }
    }
}

#[test]
fn published_rates_and_nonsense() {
    let nanos = |text| interval(text).map(|interval| interval.as_nanos());
    assert_eq!(nanos("0.0222"), Some(45_045_045_046));
    assert_eq!(nanos("0.0167"), Some(59_880_239_521));
    assert_eq!(nanos(" 2.0 "), Some(500_000_000));
    assert_eq!(nanos("5"), Some(200_000_000));
    assert_eq!(nanos(".5"), Some(2_000_000_000));
    let absurd = ["0.000000001", "1001", "99999999999999999999", "0.0000000000000000001"];
    let no_number = ["", ".", "-1", "+1", "1e3", "NaN", "inf", "1,5", "1.2.3", "0x10", "１"];
    for text in ["0", "0.0", "00"].into_iter().chain(absurd).chain(no_number) {
        assert_eq!(interval(text), None, "{text}");
    }
}

#[tokio::test]
async fn a_learned_rate_counts_from_now_on() {
    let (gate, clock) = gate(seconds(10), 1);
    gate.acquire().await;
    gate.learn("0.5");
    assert_eq!(gate.acquire().await, seconds(2));
    gate.learn("0");
    gate.learn("much");
    assert_eq!(gate.acquire().await, seconds(2), "nonsense changes nothing");
    clock.advance(seconds(1));
    gate.learn("0.25");
    assert_eq!(gate.acquire().await, seconds(3), "the second already rested counts");
}

#[tokio::test]
async fn a_refusal_empties_the_bucket() {
    let (gate, _) = gate(seconds(45), 10);
    gate.throttled(None);
    assert_eq!(gate.acquire().await, seconds(45));
    gate.throttled(Some(seconds(3)));
    assert_eq!(gate.acquire().await, seconds(45), "never sooner than the interval");
    gate.throttled(Some(seconds(100)));
    gate.throttled(Some(seconds(50)));
    assert_eq!(gate.acquire().await, seconds(100), "the longer of two rests");
    gate.throttled(Some(Duration::MAX));
    assert_eq!(gate.acquire().await, INTERVAL_MAX + seconds(45), "an absurd rest is bounded");
}

#[tokio::test]
async fn a_plan_without_sense_still_works() {
    let (gate, _) = gate(Duration::ZERO, 0);
    assert_eq!(gate.acquire().await, Duration::ZERO);
    assert_eq!(gate.acquire().await, INTERVAL_MIN);
}

#[tokio::test]
async fn callers_go_in_the_order_they_came() {
    let (gate, _) = gate(seconds(1), 1);
    let order = Mutex::new(Vec::new());
    let calls = (0..5).map(|caller| {
        let (gate, order) = (&gate, &order);
        async move {
            let waited = gate.acquire().await;
            order.lock().unwrap().push((caller, waited));
        }
    });
    future::join_all(calls).await;
    let expected: Vec<_> = (0..5).map(|caller| (caller, seconds(caller))).collect();
    assert_eq!(order.into_inner().unwrap(), expected);
}

#[tokio::test]
async fn a_caller_that_gives_up_takes_no_token() {
    let (gate, clock) = gate(seconds(10), 1);
    gate.acquire().await;
    {
        let waiting = std::pin::pin!(gate.acquire());
        assert_eq!(poll!(waiting), Poll::Pending);
    }
    clock.advance(seconds(10));
    assert_eq!(gate.acquire().await, Duration::ZERO);
}

#[tokio::test]
async fn waits_are_told_with_the_operation() {
    let told = Arc::new(Mutex::new(Vec::new()));
    let (gate, _) = gate(seconds(60), 1);
    let listener = Arc::clone(&told);
    let gate = gate.on_wait(
        "getReportDocument",
        Arc::new(move |notice: &WaitNotice| {
            listener.lock().unwrap().push((notice.operation, notice.wait));
        }),
    );
    gate.acquire().await;
    assert_eq!(told.lock().unwrap().as_slice(), []);
    gate.acquire().await;
    assert_eq!(told.lock().unwrap().as_slice(), [("getReportDocument", seconds(60))]);
}
