//! The figures of the results screen (screens.md 3.20), in integers (rules.md §9).
//!
//! Averages, medians and deviations are centi-points, half up; the deviation is that of the whole session, not of a
//! sample. Rates are permille, half up, and always carry their numerator and denominator.

use super::composite::Scheme;
use super::outcome::{Outcome, ResultLine};
use super::results::tally;
use crate::domain::candidate::Mark;
use crate::domain::ids::PartId;

/// A share of a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    /// How many.
    pub num: u32,
    /// Of how many.
    pub den: u32,
}

impl Rate {
    /// Permille, half up; `None` of nothing.
    #[must_use]
    pub fn permille(self) -> Option<u32> {
        let (num, den) = (u64::from(self.num), u64::from(self.den));
        (2000 * num + den).checked_div(2 * den).and_then(|q| u32::try_from(q).ok())
    }
}

/// Location and spread of some marks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Summary {
    /// Mean.
    pub mean: Mark,
    /// Median; of an even number, the mean of the middle two.
    pub median: Mark,
    /// Lowest.
    pub min: Mark,
    /// Highest.
    pub max: Mark,
    /// Standard deviation.
    pub deviation: Mark,
}

impl Summary {
    /// Summarises marks in any order; `None` of none.
    #[must_use]
    pub fn of(marks: &[Mark]) -> Option<Self> {
        let mut sorted = marks.to_vec();
        sorted.sort_unstable();
        let (min, max) = (*sorted.first()?, *sorted.last()?);
        let n = sorted.len() as u128;
        let sum: u128 = sorted.iter().map(|mark| u128::from(mark.0)).sum();
        let squares: u128 = sorted.iter().map(|mark| u128::from(mark.0).pow(2)).sum();
        let (low, high) = (sorted.get((sorted.len() - 1) / 2)?, sorted.get(sorted.len() / 2)?);
        // n²·variance is the integer n·Σx² − (Σx)². Four times it under the root is twice n·deviation, so one floor
        // division rounds half up without a fraction.
        let doubled = (4 * (n * squares - sum * sum)).isqrt();
        let mark = |q: u128| Mark(u32::try_from(q).unwrap_or(u32::MAX));
        Some(Self {
            mean: mark((2 * sum + n) / (2 * n)),
            median: mark((u128::from(low.0) + u128::from(high.0)).div_ceil(2)),
            min,
            max,
            deviation: mark((doubled + n) / (2 * n)),
        })
    }
}

/// One row of the table: a part or the composite.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Marks counted.
    pub marked: u32,
    /// `None` without marks.
    pub summary: Option<Summary>,
    /// Those who reached the line, of those marked; `None` where there is no line.
    pub passed: Option<Rate>,
}

/// Everything that screen 3.20 prints of marks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statistics {
    /// Each part, in the policy's order; carried marks are not of this session and are left out.
    pub parts: Vec<(PartId, Column)>,
    /// The composite; passed are outcomes `pass`, part lines included.
    pub composite: Column,
    /// Composites counted in steps of ten points; the last step includes the maximum.
    pub distribution: Vec<u32>,
}

impl Statistics {
    /// Computes the figures of a session's result lines.
    #[must_use]
    pub fn of(scheme: &Scheme, lines: &[ResultLine]) -> Self {
        let parts = scheme.parts().iter().map(|part| {
            let entries = lines.iter().flat_map(|line| &line.parts).filter(|entry| entry.id == part.id);
            let marks: Vec<Mark> = entries
                .filter(|entry| entry.outcome == super::outcome::PartOutcome::Final)
                .filter_map(|entry| entry.mark)
                .collect();
            let passed = part.pass.map(|line| tally(marks.iter().filter(|mark| **mark >= line)));
            (part.id.clone(), column(&marks, passed))
        });
        let composites: Vec<Mark> = lines.iter().filter_map(|line| line.composite).collect();
        let passed = tally(lines.iter().filter(|line| line.outcome == Outcome::Pass));
        Self {
            parts: parts.collect(),
            distribution: by_tens(&composites, scheme.result().composite_max),
            composite: column(&composites, Some(passed)),
        }
    }
}

fn column(marks: &[Mark], passed: Option<u32>) -> Column {
    let marked = tally(marks.iter());
    Column { marked, summary: Summary::of(marks), passed: passed.map(|num| Rate { num, den: marked }) }
}

/// Counts marks in steps of ten points up to `max`.
fn by_tens(marks: &[Mark], max: Mark) -> Vec<u32> {
    const TEN_POINTS: u32 = 1000;
    let steps = max.0.div_ceil(TEN_POINTS).max(1);
    (0..steps).map(|step| tally(marks.iter().filter(|mark| (mark.0 / TEN_POINTS).min(steps - 1) == step))).collect()
}
