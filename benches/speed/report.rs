//! Rounds, medians and spreads, and the table they are printed in.
//!
//! Invariant: floors and figures of a section alternate within each round, so that a slow minute of the machine slows
//! both sides of every ratio.

use std::time::{Duration, Instant};

/// Rounds of every measurement.
pub const ROUNDS: usize = 5;

/// What a round of timed operations is reduced to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Figure {
    /// Operations a second, one after the other: more is better.
    PerSecond,
    /// Median of one operation, in milliseconds: less is better.
    Median,
    /// 99th percentile of one operation, in milliseconds: less is better.
    P99,
}

impl Figure {
    fn head(self) -> &'static str {
        match self {
            Self::PerSecond => "a second",
            Self::Median => "median, ms",
            Self::P99 => "p99, ms",
        }
    }

    /// Of one round; `sorted` is not empty.
    fn of(self, sorted: &[Duration]) -> f64 {
        let at = |permille: usize| sorted[(sorted.len() * permille / 1000).min(sorted.len() - 1)].as_secs_f64() * 1e3;
        match self {
            Self::PerSecond => {
                let operations = u32::try_from(sorted.len()).map_or(f64::INFINITY, f64::from);
                operations / sorted.iter().sum::<Duration>().as_secs_f64()
            }
            Self::Median => at(500),
            Self::P99 => at(990),
        }
    }
}

struct Row<'a> {
    name: &'static str,
    ours: bool,
    operations: usize,
    operation: Box<dyn FnMut() -> Duration + 'a>,
    rounds: Vec<Vec<Duration>>,
}

impl Row<'_> {
    fn round(&mut self) {
        let mut times: Vec<Duration> = (0..self.operations).map(|_| (self.operation)()).collect();
        times.sort_unstable();
        self.rounds.push(times);
    }

    /// Median, least and greatest of the rounds.
    fn spread(&self, figure: Figure) -> (f64, f64, f64) {
        let mut values: Vec<f64> = self.rounds.iter().map(|round| figure.of(round)).collect();
        values.sort_by(f64::total_cmp);
        (values[values.len() / 2], values[0], values[values.len() - 1])
    }
}

/// A group of floors and figures that are compared with each other.
pub struct Section<'a> {
    title: &'static str,
    figures: Vec<Figure>,
    rows: Vec<Row<'a>>,
}

impl<'a> Section<'a> {
    /// An empty section.
    pub fn new(title: &'static str) -> Self {
        Self { title, figures: vec![Figure::Median], rows: Vec::new() }
    }

    /// Chooses the columns.
    #[must_use]
    pub fn figures(mut self, figures: &[Figure]) -> Self {
        self.figures = figures.to_vec();
        self
    }

    /// Adds a floor: what the machine can do without us.
    #[must_use]
    pub fn floor<T: 'a>(self, name: &'static str, operations: usize, operation: impl FnMut() -> T + 'a) -> Self {
        self.row(name, false, operations, timed(operation))
    }

    /// Adds a figure of ours; the whole call is timed.
    #[must_use]
    pub fn ours<T: 'a>(self, name: &'static str, operations: usize, operation: impl FnMut() -> T + 'a) -> Self {
        self.row(name, true, operations, timed(operation))
    }

    /// Adds a figure of ours that times itself, where an operation has parts that do not count.
    #[must_use]
    pub fn ours_timed(self, name: &'static str, operations: usize, operation: impl FnMut() -> Duration + 'a) -> Self {
        self.row(name, true, operations, operation)
    }

    /// Adds a floor that times itself.
    #[must_use]
    pub fn floor_timed(self, name: &'static str, operations: usize, operation: impl FnMut() -> Duration + 'a) -> Self {
        self.row(name, false, operations, operation)
    }

    fn row(mut self, name: &'static str, ours: bool, operations: usize, run: impl FnMut() -> Duration + 'a) -> Self {
        self.rows.push(Row { name, ours, operations, operation: Box::new(run), rounds: Vec::new() });
        self
    }

    /// Measures, after one round that does not count, and prints.
    pub fn run(mut self) {
        for row in &mut self.rows {
            row.round();
            row.rounds.clear();
        }
        for _ in 0..ROUNDS {
            for row in &mut self.rows {
                row.round();
            }
        }
        self.print();
    }

    fn print(&self) {
        print!("\n{}\n{:38}", self.title, "");
        for figure in &self.figures {
            print!("{:>26}", figure.head());
        }
        for row in &self.rows {
            print!("\n  {:<5} {:<30}", if row.ours { "ours" } else { "floor" }, row.name);
            for figure in &self.figures {
                let (median, least, greatest) = row.spread(*figure);
                print!("{:>26}", format!("{} ({}–{})", short(median), short(least), short(greatest)));
            }
        }
        for ours in self.rows.iter().filter(|row| row.ours) {
            for floor in self.rows.iter().filter(|row| !row.ours) {
                print!("\n  ratio {:<30}", format!("{} : {}", ours.name, floor.name));
                for figure in &self.figures {
                    print!("{:>26}", short(ours.spread(*figure).0 / floor.spread(*figure).0));
                }
            }
        }
        println!();
    }
}

fn timed<T>(mut operation: impl FnMut() -> T) -> impl FnMut() -> Duration {
    move || {
        let begin = Instant::now();
        std::hint::black_box(operation());
        begin.elapsed()
    }
}

/// Three significant digits, in plain notation.
fn short(value: f64) -> String {
    match value {
        v if v >= 100.0 => format!("{v:.0}"),
        v if v >= 10.0 => format!("{v:.1}"),
        v if v >= 1.0 => format!("{v:.2}"),
        v => format!("{v:.3}"),
    }
}
