//! The two clocks: the machine's, and a demo's that its script can set.
//!
//! The only place that reads the time of day. Debounce and blanking use the monotonic side, which no setting moves
//! except a virtual clock's script.

use crate::domain::time::{Clock, ClockQuality, Instant};
use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// Where systemd says that the clock was set by a time service.
const SYNCHRONISED: &str = "/run/systemd/timesync/synchronized";

/// The machine's clock, moved by a fixed offset where a demo left one.
#[derive(Debug)]
pub struct SystemClock {
    start: std::time::Instant,
    offset_ms: i64,
}

impl SystemClock {
    /// The machine's clock, `offset_ms` ahead; 0 everywhere but in a kept demo.
    #[must_use]
    pub fn new(offset_ms: i64) -> Self {
        Self { start: std::time::Instant::now(), offset_ms }
    }
}

impl Clock for SystemClock {
    fn wall(&self) -> (Instant, ClockQuality) {
        let quality = if self.offset_ms == 0 && !Path::new(SYNCHRONISED).exists() {
            ClockQuality::Untrusted
        } else {
            ClockQuality::Synced
        };
        (Instant(machine_ms() + self.offset_ms), quality)
    }

    fn mono(&self) -> Duration {
        self.start.elapsed()
    }
}

fn machine_ms() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}

/// How a virtual clock passes time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pace {
    /// It stands until the script moves it.
    Standing,
    /// It runs on with the machine from wherever the script set it.
    Running,
}

/// A demo's clock. Wall and monotonic time move together.
#[derive(Debug)]
pub struct VirtualClock {
    pace: Pace,
    start: std::time::Instant,
    moved: Mutex<i64>,
    origin: Instant,
}

impl VirtualClock {
    /// A clock that shows `origin` now.
    #[must_use]
    pub fn new(origin: Instant, pace: Pace) -> Self {
        Self { pace, start: std::time::Instant::now(), moved: Mutex::new(0), origin }
    }

    fn elapsed_ms(&self) -> i64 {
        let moved = *self.moved.lock().unwrap_or_else(PoisonError::into_inner);
        match self.pace {
            Pace::Standing => moved,
            Pace::Running => moved + i64::try_from(self.start.elapsed().as_millis()).unwrap_or(0),
        }
    }

    /// Moves it to a later moment; an earlier one changes nothing.
    pub fn advance_to(&self, to: Instant) {
        let ahead = to.0 - self.origin.0 - self.elapsed_ms();
        if ahead > 0 {
            *self.moved.lock().unwrap_or_else(PoisonError::into_inner) += ahead;
        }
    }

    /// Moves it by so many milliseconds.
    pub fn advance_by(&self, ms: i64) {
        *self.moved.lock().unwrap_or_else(PoisonError::into_inner) += ms.max(0);
    }

    /// How far it stands from the machine's clock, for the store to keep.
    #[must_use]
    pub fn offset_ms(&self) -> i64 {
        self.origin.0 + self.elapsed_ms() - machine_ms()
    }
}

impl Clock for VirtualClock {
    fn wall(&self) -> (Instant, ClockQuality) {
        (Instant(self.origin.0 + self.elapsed_ms()), ClockQuality::Synced)
    }

    fn mono(&self) -> Duration {
        Duration::from_millis(u64::try_from(self.elapsed_ms()).unwrap_or(0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_standing_clock_moves_only_forward_and_only_when_told() {
        let clock = VirtualClock::new(Instant(1_000), Pace::Standing);
        assert_eq!(clock.wall().0, Instant(1_000));
        clock.advance_to(Instant(5_000));
        clock.advance_to(Instant(2_000));
        assert_eq!((clock.wall().0, clock.mono()), (Instant(5_000), Duration::from_secs(4)));
        clock.advance_by(7);
        assert_eq!(clock.wall().0, Instant(5_007));
    }

    #[test]
    fn a_kept_offset_makes_the_machine_show_the_demo_time() {
        let clock = VirtualClock::new(Instant(1_795_480_500_000), Pace::Standing);
        let kept = SystemClock::new(clock.offset_ms());
        assert!((kept.wall().0.0 - clock.wall().0.0).abs() < 60_000);
    }
}
