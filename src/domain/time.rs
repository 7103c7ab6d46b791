//! Time as the rules see it: unix milliseconds with their quality, civil dates and times of the zone +08:00.
//!
//! Owns conversion between the two and the trait [`Clock`]. Never reads a clock: implementations stand in
//! `runtime::clock`, and every instant comes in as an argument.

use jiff::civil;
use jiff::tz::Offset;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::time::Duration;

/// China has had one zone without daylight saving since 1991; an exam day is always in it.
const ZONE: Offset = jiff::tz::offset(8);

/// How far the wall clock can be trusted; recorded with every line, never a reason to reorder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ClockQuality {
    /// Kept by a time service.
    Synced,
    /// Compared with the room clock by a person.
    Attested,
    /// Neither.
    Untrusted,
}

/// A moment in unix milliseconds. Rules compare whole seconds ([`Instant::second`]).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Instant(pub i64);

impl Instant {
    /// The moment at which clocks in the zone +08:00 show this date and time.
    #[must_use]
    pub fn at(date: civil::Date, time: civil::Time) -> Self {
        let ms = ZONE.to_timestamp(date.to_datetime(time)).map_or(0, jiff::Timestamp::as_millisecond);
        Self(ms)
    }

    /// Whole unix seconds, rounded down.
    #[must_use]
    pub fn second(self) -> i64 {
        self.0.div_euclid(1000)
    }

    /// This moment moved by whole minutes.
    #[must_use]
    pub fn plus_minutes(self, minutes: i64) -> Self {
        Self(self.0 + minutes * 60_000)
    }

    /// What a wall clock in the zone +08:00 shows.
    #[must_use]
    pub fn civil(self) -> civil::DateTime {
        jiff::Timestamp::from_millisecond(self.0).map_or(civil::DateTime::ZERO, |stamp| ZONE.to_datetime(stamp))
    }

    /// The date in the zone +08:00.
    #[must_use]
    pub fn date(self) -> civil::Date {
        self.civil().date()
    }

    /// `HH:MM:SS` in the zone +08:00.
    #[must_use]
    pub fn clock(self) -> String {
        let t = self.civil().time();
        format!("{:02}:{:02}:{:02}", t.hour(), t.minute(), t.second())
    }

    /// `HH:MM` in the zone +08:00.
    #[must_use]
    pub fn hour_minute(self) -> String {
        let t = self.civil().time();
        format!("{:02}:{:02}", t.hour(), t.minute())
    }
}

/// ISO 8601 with milliseconds and the offset, such as `2026-11-24T08:42:17.114+08:00`.
impl fmt::Display for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let c = self.civil();
        write!(
            f,
            "{:04}-{:02}-{:02}T{}.{:03}+08:00",
            c.year(),
            c.month(),
            c.day(),
            self.clock(),
            self.0.rem_euclid(1000)
        )
    }
}

/// The one seam through which time enters: two implementations, real and virtual, stand in `runtime::clock`.
pub trait Clock: Send + Sync {
    /// Wall time with its quality, for people and for the limits of the rules.
    fn wall(&self) -> (Instant, ClockQuality);
    /// Monotonic time since an arbitrary start, for debounce and blanking.
    fn mono(&self) -> Duration;
}

/// Parses a date: `YYYY-MM-DD`, `YYYY/M/D`, `YYYY年M月D日` or `YYYYMMDD` (rules.md §2, `SchoolDate`).
#[must_use]
pub fn parse_date(text: &str) -> Option<civil::Date> {
    let parts: Vec<&str> = if text.len() == 8 && text.bytes().all(|b| b.is_ascii_digit()) {
        vec![text.get(..4)?, text.get(4..6)?, text.get(6..)?]
    } else if let Some(body) = text.strip_suffix('日') {
        body.split(['年', '月']).collect()
    } else if text.len() == 10 && text.contains('-') {
        text.split('-').collect()
    } else {
        text.split('/').collect()
    };
    let [year, month, day] = parts.as_slice() else { return None };
    if year.len() != 4 || !(1..=2).contains(&month.len()) || !(1..=2).contains(&day.len()) {
        return None;
    }
    let number = |t: &str| t.bytes().all(|b| b.is_ascii_digit()).then(|| t.parse::<i16>().ok()).flatten();
    civil::Date::new(number(year)?, i8::try_from(number(month)?).ok()?, i8::try_from(number(day)?).ok()?).ok()
}

/// Parses a time of day, `HH:MM` (one digit of the hour is accepted).
#[must_use]
pub fn parse_time(text: &str) -> Option<civil::Time> {
    let (hour, minute) = text.split_once(':')?;
    let digits = |t: &str| t.bytes().all(|b| b.is_ascii_digit());
    if !(1..=2).contains(&hour.len()) || minute.len() != 2 || !digits(hour) || !digits(minute) {
        return None;
    }
    civil::Time::new(hour.parse().ok()?, minute.parse().ok()?, 0, 0).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::{date, time};

    #[test]
    fn a_moment_prints_as_the_room_clock_shows_it() {
        let t = Instant::at(date(2026, 11, 24), time(8, 42, 17, 114_000_000));
        assert_eq!(t.to_string(), "2026-11-24T08:42:17.114+08:00");
        assert_eq!((t.hour_minute().as_str(), t.date()), ("08:42", date(2026, 11, 24)));
        assert_eq!(Instant::at(date(2026, 11, 24), time(0, 0, 0, 0)).0, 1_795_449_600_000);
    }

    #[test]
    fn dates_are_read_in_four_forms_and_no_other() {
        for good in ["2026-11-24", "2026/11/24", "2026年11月24日", "20261124"] {
            assert_eq!(parse_date(good), Some(date(2026, 11, 24)), "{good}");
        }
        assert_eq!(parse_date("2026/1/2"), Some(date(2026, 1, 2)));
        for bad in ["", "26-11-24", "2026-2-30", "2026-02-30", "24/11/2026", "2026.11.24", "+026-11-24"] {
            assert_eq!(parse_date(bad), None, "{bad}");
        }
    }

    #[test]
    fn times_are_hours_and_minutes() {
        assert_eq!(parse_time("09:00"), Some(time(9, 0, 0, 0)));
        assert_eq!(parse_time("9:00"), Some(time(9, 0, 0, 0)));
        for bad in ["", "9", "24:00", "09:60", "09:0", "-9:00", "09:00:00"] {
            assert_eq!(parse_time(bad), None, "{bad}");
        }
    }
}
