use std::task::Poll;

use futures_util::{future, poll};
use proptest::prelude::*;

use super::bucket::{INTERVAL_MIN, interval};
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

/// What happens to a bucket. Times are in milliseconds.
#[derive(Clone, Debug)]
enum Event {
    Call,
    /// A call is begun and given up while it waits.
    GiveUp,
    Pass(u64),
    Learn(&'static str, u64),
    Throttled(Option<u64>),
    /// The process ends and another one starts after this long.
    Restart(u64),
}

fn event() -> impl Strategy<Value = Event> {
    let learned = [("100", 10), ("50", 20), ("8", 125), ("4", 250), ("2.5", 400), ("1.25", 800)];
    prop_oneof![
        6 => Just(Event::Call),
        1 => Just(Event::GiveUp),
        4 => (0_u64..500).prop_map(Event::Pass),
        1 => proptest::sample::select(learned.to_vec())
            .prop_map(|(text, interval)| Event::Learn(text, interval)),
        1 => proptest::option::of(0_u64..2_000).prop_map(Event::Throttled),
        1 => (0_u64..500).prop_map(Event::Restart),
    ]
}

/// The same bucket, told as plainly as can be: one millisecond after the other.
struct Model {
    published: u64,
    interval: u64,
    burst: u32,
    tokens: u32,
    /// For how long the next token has been earned.
    earned_for: u64,
    /// How long until it is earned at all.
    rest: u64,
}

impl Model {
    fn settle(&mut self) {
        while self.tokens < self.burst && self.earned_for >= self.interval {
            self.tokens += 1;
            self.earned_for -= self.interval;
        }
        if self.tokens == self.burst {
            self.earned_for = 0;
        }
    }

    fn pass(&mut self, millis: u64) {
        for _ in 0..millis {
            if self.rest > 0 {
                self.rest -= 1;
            } else {
                self.earned_for += 1;
                self.settle();
            }
        }
    }

    fn call(&mut self) -> u64 {
        let mut wait = 0;
        while self.tokens == 0 {
            self.pass(1);
            wait += 1;
        }
        self.tokens -= 1;
        wait
    }

    fn throttled(&mut self, retry_after: u64) {
        (self.tokens, self.earned_for) = (0, 0);
        self.interval = self.interval.max(self.published);
        self.rest = self.rest.max(retry_after.saturating_sub(self.interval));
    }
}

proptest! {
    #[test]
    fn waits_are_those_of_the_model(
        published in 1_u64..400, burst in 1_u32..6,
        events in proptest::collection::vec(event(), 1..60),
    ) {
        let interval = Duration::from_millis(published);
        let (mut gate, mut clock) = gate(interval, burst);
        let mut model = Model {
            published, interval: published, burst, tokens: burst, earned_for: 0, rest: 0,
        };
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        for event in events {
            match event {
                Event::Call => {
                    let waited = runtime.block_on(gate.acquire());
                    prop_assert_eq!(waited, Duration::from_millis(model.call()));
                }
                Event::GiveUp if model.tokens > 0 => {}
                Event::GiveUp => runtime.block_on(async {
                    let waiting = std::pin::pin!(gate.acquire());
                    assert_eq!(poll!(waiting), Poll::Pending);
                }),
                Event::Pass(millis) => {
                    clock.advance(Duration::from_millis(millis));
                    model.pass(millis);
                }
                Event::Learn(text, interval) => {
                    gate.learn(text);
                    model.interval = interval;
                    model.settle();
                }
                Event::Throttled(retry_after) => {
                    gate.throttled(retry_after.map(Duration::from_millis));
                    model.throttled(retry_after.unwrap_or_default());
                }
                Event::Restart(off) => {
                    let saved = gate.save();
                    let start = clock.now() + Duration::from_millis(off);
                    clock = Arc::new(ManualClock::new(start));
                    let plan = Plan { interval, burst };
                    gate = Gate::new(plan, Arc::<ManualClock>::clone(&clock)).restored(&saved);
                    model.pass(off);
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
async fn a_full_bucket_earns_from_the_answer_to_the_first_call() {
    let (gate, clock) = gate(seconds(10), 2);
    gate.acquire().await;
    clock.advance(seconds(3));
    gate.answered();
    gate.acquire().await;
    gate.answered();
    assert_eq!(gate.acquire().await, seconds(10), "from the first answer");
    clock.advance(seconds(4));
    gate.answered();
    assert_eq!(gate.acquire().await, seconds(6), "other answers change nothing");
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
async fn a_time_of_day_that_was_set_back_earns_nothing() {
    let (gate, clock) = gate(seconds(10), 5);
    for _ in 0..4 {
        gate.acquire().await;
    }
    clock.advance(seconds(3));
    let saved = gate.save();
    let restored = |start| {
        let clock = Arc::new(ManualClock::new(start));
        Gate::new(Plan { interval: seconds(10), burst: 5 }, clock).restored(&saved)
    };
    let yesterday = restored(saved.saved_at - Duration::from_hours(24));
    assert_eq!(yesterday.acquire().await, seconds(0), "the one token that was left");
    assert_eq!(yesterday.acquire().await, seconds(7));
    let tomorrow = restored(saved.saved_at + Duration::from_hours(24));
    for _ in 0..5 {
        assert_eq!(tomorrow.acquire().await, seconds(0));
    }
    assert_eq!(tomorrow.acquire().await, seconds(10), "no more than the burst");
}

#[tokio::test]
async fn a_saved_bucket_of_nonsense_is_bounded() {
    let at = Timestamp::UNIX_EPOCH;
    let saved = SavedBucket {
        saved_at: at,
        tokens: u32::MAX,
        earning_since: Timestamp::MAX,
        interval_ns: 0,
    };
    let gate = gate(seconds(10), 2).0.restored(&saved);
    assert_eq!(gate.acquire().await + gate.acquire().await, seconds(0));
    assert!(gate.acquire().await <= INTERVAL_MAX + seconds(10));
}

type Told = Arc<Mutex<Vec<(&'static str, u64, Timestamp)>>>;

fn listener() -> (Told, OnWait) {
    let told = Told::default();
    let listener = Arc::clone(&told);
    let on_wait: OnWait = Arc::new(move |notice: &WaitNotice| {
        assert_eq!(notice.reason, WaitReason::Rate);
        let told = (notice.operation, notice.wait.as_secs(), notice.resumes_at);
        listener.lock().unwrap().push(told);
    });
    (told, on_wait)
}

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(seconds).unwrap()
}

#[tokio::test]
async fn every_wait_is_told_once_with_its_end() {
    let (gate, _) = gate(seconds(60), 1);
    let (told, on_wait) = listener();
    let call = |operation| {
        let priority = Priority::Interactive;
        gate.acquire_as(Caller { operation, priority, on_wait: Some(&on_wait) })
    };
    call("first").await;
    assert_eq!(told.lock().unwrap().as_slice(), []);
    future::join_all([call("second"), call("third")]).await;
    let expected = [("second", 60, at(60)), ("third", 120, at(120))];
    assert_eq!(told.lock().unwrap().as_slice(), expected);
}

#[tokio::test]
async fn a_wait_that_grows_is_told_again() {
    let (gate, _) = gate(seconds(60), 1);
    let (told, on_wait) = listener();
    gate.acquire().await;
    let priority = Priority::Interactive;
    let caller = Caller { operation: "slow", priority, on_wait: Some(&on_wait) };
    let mut call = std::pin::pin!(gate.acquire_as(caller));
    assert_eq!(poll!(&mut call), Poll::Pending);
    gate.throttled(Some(seconds(90)));
    assert_eq!(call.await, seconds(90));
    let expected = [("slow", 60, at(60)), ("slow", 30, at(90))];
    assert_eq!(told.lock().unwrap().as_slice(), expected);
}

/// Who gets the tokens when these all wait for one at the same time.
async fn order_of(callers: &[Priority]) -> String {
    let (gate, _) = gate(seconds(1), 1);
    gate.acquire().await;
    let order = Mutex::new(String::new());
    let calls = callers.iter().map(|priority| {
        let (gate, order, priority) = (&gate, &order, *priority);
        async move {
            gate.acquire_as(Caller { operation: "", priority, on_wait: None }).await;
            order.lock().unwrap().push(match priority {
                Priority::Interactive => 'i',
                Priority::Backfill => 'b',
            });
        }
    });
    future::join_all(calls).await;
    order.into_inner().unwrap()
}

#[tokio::test]
async fn interactive_calls_go_first_and_backfill_is_not_starved() {
    use Priority::{Backfill, Interactive};
    assert_eq!(order_of(&[Backfill, Backfill, Interactive, Interactive]).await, "iibb");
    let many = [[Backfill; 4].as_slice(), &[Interactive; 10]].concat();
    assert_eq!(order_of(&many).await, "iiiibiiiibiibb");
    assert_eq!(order_of(&[Backfill; 3]).await, "bbb");
}

#[tokio::test]
async fn an_interactive_caller_that_gives_up_lets_the_backfill_go() {
    let (gate, clock) = gate(seconds(10), 1);
    gate.acquire().await;
    let caller = |priority| Caller { operation: "", priority, on_wait: None };
    let mut backfill = std::pin::pin!(gate.acquire_as(caller(Priority::Backfill)));
    assert_eq!(poll!(&mut backfill), Poll::Pending);
    {
        let interactive = std::pin::pin!(gate.acquire_as(caller(Priority::Interactive)));
        assert_eq!(poll!(interactive), Poll::Pending);
        clock.advance(seconds(10));
        assert_eq!(poll!(&mut backfill), Poll::Pending, "it gives way");
    }
    assert_eq!(poll!(backfill), Poll::Ready(seconds(10)));
}
