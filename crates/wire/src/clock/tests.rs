use super::*;

#[tokio::test(start_paused = true)]
async fn the_system_clock_sleeps_by_tokio_time() {
    let clock = SystemClock::new();
    clock.sleep(Duration::from_hours(1)).await;
    assert_eq!(clock.monotonic(), Duration::from_hours(1));
}

#[test]
fn the_system_clock_shows_the_present() {
    let this_code: Timestamp = "2026-01-01T00:00:00Z".parse().unwrap();
    assert!(SystemClock::new().now() > this_code);
}

#[tokio::test]
async fn a_manual_clock_moves_when_told_and_when_slept_by() {
    let start = "2026-11-01T00:00:00Z".parse().unwrap();
    let clock = ManualClock::new(start);
    clock.advance(Duration::from_secs(5));
    clock.sleep(Duration::from_secs(55)).await;
    assert_eq!(clock.monotonic(), Duration::from_mins(1));
    assert_eq!(clock.now(), "2026-11-01T00:01:00Z".parse().unwrap());
    assert_eq!(clock.sleeps(), [Duration::from_secs(55)]);
}

#[tokio::test]
async fn sleeps_at_the_same_time_overlap() {
    let clock = ManualClock::default();
    let seconds = Duration::from_secs;
    futures_util::future::join(clock.sleep(seconds(3)), clock.sleep(seconds(2))).await;
    assert_eq!(clock.monotonic(), seconds(3));
    assert_eq!(clock.sleeps(), [seconds(3), seconds(2)]);
}
