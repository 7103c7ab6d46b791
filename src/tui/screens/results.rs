//! 3.20 Results: the figures of a session after marks and hand-in, without any name.
//!
//! Everything is an integer: marks and their mean, median and deviation in centi-points, rates in permille with
//! numerator and denominator beside them (rules.md §9). The figures come in; nothing is computed here.

use super::super::keymap::{Action, Press};
use super::super::text::{fit, pad_left, points};
use super::super::theme::Role;
use super::super::widgets::Pen;
use super::super::widgets::table::Cursor;
use crate::domain::event::{AttendanceCounts, OutcomeCounts};
use crate::tui::i18n::tr;
use ratatui::layout::Position;

/// Lines of figures in sight: parts and the composite.
const SIGHT: usize = 5;
/// Columns of the longest bar.
const BAR: u32 = 30;

/// The figures of one part, or of the composite.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Figures {
    /// The part's name; none for the composite.
    pub part: Option<String>,
    /// Marks counted.
    pub count: u32,
    /// Mean in centi-points.
    pub mean: u32,
    /// Median in centi-points.
    pub median: u32,
    /// Lowest in centi-points.
    pub min: u32,
    /// Highest in centi-points.
    pub max: u32,
    /// Standard deviation in centi-points.
    pub sd: u32,
    /// Reached the line.
    pub passed: u32,
    /// Permille of [`Figures::count`] that passed, half up.
    pub rate: u32,
}

/// How the figures stand to the marks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Derived {
    /// Derived, and nothing changed since.
    Current,
    /// A mark or an attendance line came later.
    Stale,
    /// Not derived yet: figures of the marks so far.
    Never,
}

/// Facts of this draw.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Data {
    /// Certificate and level.
    pub certificate: String,
    /// Weights and lines in words.
    pub rule: String,
    /// The session's attendance.
    pub counts: AttendanceCounts,
    /// Candidates with every mark.
    pub complete: u32,
    /// How the figures stand to the marks.
    pub derived: Derived,
    /// Parts in policy order, the composite last.
    pub figures: Vec<Figures>,
    /// Composites by tens: 0-9, 10-19 … 90-100.
    pub distribution: [u32; 10],
    /// Outcomes, once derived.
    pub outcomes: Option<OutcomeCounts>,
}

/// The first line of figures in sight.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct State {
    cursor: Cursor,
}

/// What was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Nothing.
    Stay,
    /// One step back.
    Back,
    /// The results of the next session.
    NextSession,
}

/// Interprets a key.
pub fn on_key(state: &mut State, data: &Data, press: Press) -> Outcome {
    let page = isize::try_from(SIGHT).unwrap_or(1);
    match press {
        Press::Do(Action::Back) => return Outcome::Back,
        Press::Do(Action::Next) => return Outcome::NextSession,
        Press::Do(Action::PageUp) => state.cursor.step(-page, data.figures.len(), SIGHT),
        Press::Do(Action::PageDown) => state.cursor.step(page, data.figures.len(), SIGHT),
        _ => {}
    }
    Outcome::Stay
}

/// Draws the body; the cursor rests on the title.
pub fn view(state: &State, data: &Data, pen: &mut Pen<'_>) -> Position {
    let look = pen.look();
    pen.text(1, 0, &fit(&tr!(look, "results-title", certificate = data.certificate.as_str()), 60), Role::Title);
    let (word, role) = match data.derived {
        Derived::Current => (tr!(look, "results-current"), Role::Good),
        Derived::Stale => (tr!(look, "results-stale"), Role::Warn),
        Derived::Never => (tr!(look, "results-underived"), Role::Warn),
    };
    pen.right(79, 0, &word, role);
    pen.text(1, 1, &fit(&tr!(look, "results-rule", rule = data.rule.as_str()), 78), Role::Muted);
    let n = data.counts;
    let counts = tr!(
        look,
        "results-counts",
        expected = n.expected.to_string(),
        present = n.present.to_string(),
        absent = n.absent.to_string(),
        removed = n.removed.to_string(),
        complete = data.complete.to_string()
    );
    pen.text(1, 2, &fit(&counts, 78), Role::Text);
    pen.rule(3);
    if data.figures.iter().all(|f| f.count == 0) {
        pen.text(2, 4, &tr!(look, "results-none"), Role::Warn);
        return pen.position(1, 0);
    }
    figures(state, data, pen);
    pen.rule(10);
    pen.text(2, 11, &tr!(look, "results-distribution"), Role::Muted);
    distribution(data, pen);
    pen.divide(53, 11, 20);
    outcomes(data, pen);
    pen.position(1, 0)
}

fn figures(state: &State, data: &Data, pen: &mut Pen<'_>) {
    let look = pen.look();
    let heads = [
        tr!(look, "results-mean"),
        tr!(look, "results-median"),
        tr!(look, "results-min"),
        tr!(look, "results-max"),
        tr!(look, "results-sd"),
        tr!(look, "results-passed"),
        tr!(look, "results-rate"),
    ];
    for (end, head) in ENDS.into_iter().zip(heads) {
        pen.right(end, 4, &head, Role::Muted);
    }
    let sight = state.cursor.sight(data.figures.len(), SIGHT);
    for (y, line) in (5..).zip(data.figures.iter().skip(sight.start).take(sight.len())) {
        let (name, role) = line
            .part
            .as_ref()
            .map_or_else(|| (tr!(look, "results-composite"), Role::Title), |p| (p.clone(), Role::Text));
        pen.text(2, y, &fit(&name, 12), role);
        let cells = [
            points(line.mean),
            points(line.median),
            points(line.min),
            points(line.max),
            points(line.sd),
            format!("{}/{}", line.passed, line.count),
            permille(line.rate),
        ];
        for (end, cell) in ENDS.into_iter().zip(cells) {
            pen.right(end, y, &cell, role);
        }
    }
}

/// The columns where the figures end.
const ENDS: [u16; 7] = [22, 30, 38, 46, 55, 67, 79];

fn distribution(data: &Data, pen: &mut Pen<'_>) {
    let most = data.distribution.iter().copied().max().unwrap_or(0).max(1);
    for (y, (class, n)) in (12..).zip(classes(data.distribution)) {
        let bar = usize::try_from((n * BAR).div_ceil(most)).unwrap_or(0);
        pen.text(3, y, &class, Role::Muted);
        pen.text(12, y, &"#".repeat(bar), Role::Info);
        pen.right(52, y, &pad_left(&n.to_string(), 5), Role::Text);
    }
}

/// Eight classes for the eight rows left: everything below 30 in one, then by tens, 100 with the nineties.
fn classes(tens: [u32; 10]) -> Vec<(String, u32)> {
    let low = tens.iter().take(3).sum();
    let high = (3_u32..).zip(tens.into_iter().skip(3)).map(|(ten, n)| {
        let top = if ten == 9 { 100 } else { ten * 10 + 9 };
        (format!("{:>3}-{top:>3}", ten * 10), n)
    });
    std::iter::once(("  0- 29".to_owned(), low)).chain(high).collect()
}

fn outcomes(data: &Data, pen: &mut Pen<'_>) {
    let look = pen.look();
    pen.text(55, 11, &tr!(look, "results-outcomes"), Role::Muted);
    if let Some(n) = data.outcomes {
        let lines = [
            (tr!(look, "results-pass", n = n.pass.to_string()), Role::Good),
            (tr!(look, "results-fail", n = n.fail.to_string()), Role::Text),
            (tr!(look, "results-absent", n = n.absent.to_string()), Role::Text),
            (tr!(look, "results-partial", n = n.partial.to_string()), Role::Text),
            (tr!(look, "results-breach", n = (n.breach + n.breach_pending).to_string()), Role::Text),
        ];
        for (y, (text, role)) in (12..).zip(lines) {
            pen.text(56, y, &text, role);
        }
    }
    pen.text(55, 18, &fit(&tr!(look, "results-hidden"), 24), Role::Muted);
}

/// `81.0%` of 810 permille.
fn permille(rate: u32) -> String {
    format!("{}.{}%", rate / 10, rate % 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_keep_every_candidate() {
        let tens = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
        let classes = classes(tens);
        assert_eq!(classes.len(), 8);
        assert_eq!(classes.iter().map(|(_, n)| n).sum::<u32>(), tens.iter().sum::<u32>());
        assert_eq!(classes.last().unwrap().0, " 90-100");
        assert_eq!(permille(972), "97.2%");
        assert_eq!(permille(1000), "100.0%");
    }
}
