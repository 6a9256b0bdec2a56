//! Posting times in Amazon's form, and the days they fall on.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::amount::{ZEROS, are_digits};

const SECONDS_PER_DAY: i64 = 86_400;

/// How many dates and days are remembered; a settlement has about fifteen.
const PLACES: u8 = 64;

/// How many places are tried for a date.
const TRIES: usize = 4;

/// A date that no cell holds.
const UNKNOWN: [u8; 10] = [0; 10];

/// Reads `2026-05-05 10:00:00 UTC`, or the same with the date written otherwise in ten characters,
/// once the date is known.
pub(super) struct Clock {
    dates: [([u8; 10], i64); PLACES as usize],
    /// The place of the date before: most rows have it too.
    last: usize,
}

impl Clock {
    pub(super) fn new() -> Self {
        Self { dates: [(UNKNOWN, 0); PLACES as usize], last: 0 }
    }

    /// Seconds since 1970.
    #[inline(always)]
    pub(super) fn instant(&mut self, cell: &[u8]) -> Option<i64> {
        let (date, time) = parts(cell)?;
        let first = place(date);
        let tried = (first..first + TRIES).map(|place| place % usize::from(PLACES));
        for place in [self.last].into_iter().chain(tried) {
            let (known, midnight) = self.dates.get(place)?;
            if known == date {
                self.last = place;
                return Some(midnight + time);
            }
        }
        None
    }

    /// Learns a date from a cell that was read as an instant. `false` for any other form.
    pub(super) fn learn(&mut self, cell: &[u8], instant: Timestamp) -> bool {
        let Some((date, time)) = parts(cell) else { return false };
        let first = place(date);
        let free = (first..first + TRIES).map(|place| place % usize::from(PLACES)).find(|place| {
            let (known, _) = self.dates[*place];
            known == *date || known == UNKNOWN
        });
        self.dates[free.unwrap_or(first)] = (*date, instant.as_second() - time);
        true
    }
}

/// Where a date is looked for first: dates near each other seldom share a place.
#[inline(always)]
fn place(date: &[u8; 10]) -> usize {
    let [_, _, a, b, _, c, d, _, e, f] = date.map(usize::from);
    (a + 7 * b + 3 * c + 31 * d + 10 * e + f) % usize::from(PLACES)
}

/// The date as it is written, and the seconds since its midnight.
#[inline(always)]
fn parts(cell: &[u8]) -> Option<(&[u8; 10], i64)> {
    /// `00:00:00` as its difference to zeros, and the places of the colons.
    const COLONS: u64 = 0x0000_0a00_000a_0000;
    const COLONS_AT: u64 = 0x0000_ff00_00ff_0000;
    let (date, time) = cell.split_first_chunk::<10>()?;
    let [b' ', time @ .., b' ', b'U', b'T', b'C'] = time else { return None };
    let digits = u64::from_le_bytes(time.try_into().ok()?) ^ ZEROS ^ COLONS;
    if digits & COLONS_AT != 0 || !are_digits(digits) {
        return None;
    }
    // Each of the three numbers is where its first digit was.
    let numbers = digits.wrapping_mul(10) + (digits >> 8);
    let number = |place: u32| (numbers >> (8 * place) & 0xff).cast_signed();
    let (hours, minutes, seconds) = (number(0), number(3), number(6));
    if hours > 23 || minutes > 59 || seconds > 59 {
        return None;
    }
    Some((date, (hours * 60 + minutes) * 60 + seconds))
}

/// The days of a zone, each as the instants from its first to before its last second's end.
pub(super) struct Days {
    zone: TimeZone,
    /// The zone's offset somewhere in the document: counted with it, a day has one place.
    offset: i64,
    spans: [(i64, i64); PLACES as usize],
}

impl Days {
    pub(super) fn new(zone: TimeZone) -> Self {
        Self { zone, offset: 0, spans: [(0, 0); PLACES as usize] }
    }

    /// The first instant of the day of an instant, as its name.
    #[inline(always)]
    pub(super) fn of(&self, instant: i64) -> Option<i64> {
        let (from, to) = *self.spans.get(self.place(instant))?;
        (from..to).contains(&instant).then_some(from)
    }

    #[inline(always)]
    fn place(&self, instant: i64) -> usize {
        let day = (instant + self.offset).div_euclid(SECONDS_PER_DAY);
        usize::try_from(day.rem_euclid(PLACES.into())).unwrap_or_default()
    }

    /// Learns the day of an instant and returns its name. A day on which the clock changes has two
    /// names, one before and one after.
    pub(super) fn learn(&mut self, instant: Timestamp) -> i64 {
        let second = instant.as_second();
        let offset = i64::from(self.zone.to_offset(instant).seconds());
        let midnight = second - (second + offset).rem_euclid(SECONDS_PER_DAY);
        let since = Timestamp::from_second(second + 1)
            .ok()
            .and_then(|after| self.zone.preceding(after).next())
            .map_or(i64::MIN, |change| change.timestamp().as_second());
        let until = self
            .zone
            .following(instant)
            .next()
            .map_or(i64::MAX, |change| change.timestamp().as_second());
        self.offset = offset;
        let span = (midnight.max(since), (midnight + SECONDS_PER_DAY).min(until));
        let place = self.place(second);
        self.spans[place] = span;
        span.0
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::settlement::ReportTime;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(1024))]

        /// One name for two instants only if the zone has them on one day.
        #[test]
        fn days_are_the_zones(
            zone in prop::sample::select(vec![
                "America/Los_Angeles", "Europe/Berlin", "Asia/Kolkata", "America/Sao_Paulo",
                "Africa/Cairo", "America/Santiago", "Pacific/Apia",
            ]),
            start in 1_300_000_000_i64..1_900_000_000,
            steps in prop::collection::vec(0_i64..200_000, 1..20),
        ) {
            let zone = TimeZone::get(zone).expect("a zone");
            let mut days = Days::new(zone.clone());
            for second in steps.into_iter().map(|step| start + step) {
                let instant = Timestamp::from_second(second).expect("a time");
                let date = ReportTime::Instant(instant).date_in(&zone);
                let name = days.of(second).unwrap_or_else(|| days.learn(instant));
                let first = Timestamp::from_second(name).expect("a time");
                prop_assert_eq!(ReportTime::Instant(first).date_in(&zone), date);
                prop_assert_eq!(days.of(second), Some(name));
            }
        }
    }

    #[test]
    fn only_times_that_exist_are_read() {
        let mut clock = Clock::new();
        let learned: Timestamp = "2026-05-05T10:00:00Z".parse().expect("a time");
        assert!(clock.learn(b"05.05.2026 10:00:00 UTC", learned));
        let mut read = |cell: &str| clock.instant(cell.as_bytes());
        assert_eq!(read("05.05.2026 23:59:59 UTC"), Some(learned.as_second() + 50_399));
        for wrong in [
            "05.05.2026 24:00:00 UTC",
            "05.05.2026 10:60:00 UTC",
            "05.05.2026 10:00:60 UTC",
            "05.05.2026 1:00:00 UTC",
            "05.05.2026 10:00:00 PDT",
            "05.05.2026 10:00:00 UTC ",
            "06.05.2026 10:00:00 UTC",
            "05.05.2026 10:0a:00 UTC",
            "05.05.2026",
            "",
        ] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }
}
