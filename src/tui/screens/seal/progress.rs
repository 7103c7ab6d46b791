//! 3.24 Sealing: eight steps, what each took, and what to do when one fails.
//!
//! Nothing moves by itself: a bar stands where the facts put it. Nothing is called sealed before the last step is done.

use super::super::super::Look;
use super::super::super::keymap::{Action, Press};
use super::super::super::text::wrap;
use super::super::super::theme::Role;
use super::super::super::widgets::Pen;
use crate::tui::i18n::tr;
use ratatui::layout::Position;

/// Steps of a seal.
pub const STEPS: usize = 8;
/// Columns of a bar between its brackets.
const BAR: usize = 24;
const STATE: u16 = 36;

/// How far a step is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stand {
    /// Not begun.
    Waiting,
    /// Under way: thousandths of it done.
    Running(u16),
    /// Done.
    Done,
    /// Not done: the seal stopped here.
    Failed,
}

/// One step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step {
    /// How far it is.
    pub stand: Stand,
    /// What it took, in milliseconds, where that is known.
    pub ms: Option<u64>,
}

/// What stopped a seal, by what helps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    /// The disk took no more, or gave an error.
    Disk,
    /// What was written did not verify.
    Verification,
    /// A key did not open, or a certificate may not sign.
    Keys,
    /// Anything else.
    Other,
}

/// Why a seal stopped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// Such as KD-2401.
    pub code: String,
    /// What helps.
    pub trouble: Trouble,
    /// The error in its own words, without personal data.
    pub cause: String,
}

/// Facts of this draw.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Data {
    /// The eight steps, in order.
    pub steps: [Step; STEPS],
    /// Files inside the package.
    pub files: usize,
    /// Leaves of the results' tree and of the journal's, once they are hashed.
    pub leaves: Option<(u64, u64)>,
    /// Why it stopped.
    pub failure: Option<Failure>,
}

/// What was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Nothing.
    Stay,
    /// Back to the checklist; only after a failure.
    Back,
    /// Seal again; only after a failure.
    Retry,
}

/// Interprets a key. The screen keeps nothing, and a running seal takes no key.
#[must_use]
pub fn on_key(data: &Data, press: Press) -> Outcome {
    match press {
        Press::Do(Action::Back) if data.failure.is_some() => Outcome::Back,
        Press::Do(Action::Retry) if data.failure.is_some() => Outcome::Retry,
        _ => Outcome::Stay,
    }
}

fn names(data: &Data, look: &Look<'_>) -> [String; STEPS] {
    [
        tr!(look, "sealing-1"),
        tr!(look, "sealing-2", n = data.files.to_string()),
        tr!(look, "sealing-3"),
        tr!(look, "sealing-4"),
        tr!(look, "sealing-5"),
        tr!(look, "sealing-6"),
        tr!(look, "sealing-7"),
        tr!(look, "sealing-8"),
    ]
}

/// Draws the body; the cursor rests on the step under way, or on what failed.
pub fn view(data: &Data, pen: &mut Pen<'_>) -> Position {
    let look = pen.look();
    let (title, role) = match data.failure {
        None => (tr!(look, "sealing-title"), Role::Title),
        Some(_) => (tr!(look, "sealing-stopped"), Role::Bad),
    };
    pen.text(1, 0, &title, role);
    if data.failure.is_none() {
        pen.right(79, 0, &tr!(look, "sealing-leave"), Role::Muted);
    }
    pen.rule(1);
    let mut cursor = pen.position(3, 2);
    for (y, (n, (step, name))) in (2..).zip((1..).zip(data.steps.iter().zip(names(data, look)))) {
        pen.text(3, y, &format!("{n} {name}"), Role::Text);
        stand(*step, y, pen);
        let note = match (n, data.leaves) {
            (3, Some((records, lines))) => {
                tr!(look, "sealing-leaves", records = records.to_string(), lines = lines.to_string())
            }
            (STEPS, _) if step.stand == Stand::Waiting => tr!(look, "sealing-only-then"),
            _ => String::new(),
        };
        pen.text(56, y, &note, Role::Muted);
        if matches!(step.stand, Stand::Running(_) | Stand::Failed) {
            cursor = pen.position(3, y);
        }
    }
    pen.rule(11);
    match &data.failure {
        Some(failure) => failed(failure, pen),
        None => drop(pen.text(2, 13, &tr!(look, "sealing-power"), Role::Text)),
    }
    cursor
}

fn stand(step: Step, y: u16, pen: &mut Pen<'_>) {
    let look = pen.look();
    match step.stand {
        Stand::Waiting => pen.text(STATE, y, "[  ]", Role::Muted),
        Stand::Done => pen.text(STATE, y, &tr!(look, "seal-mark-good"), Role::Good),
        Stand::Failed => pen.text(STATE, y, &tr!(look, "sealing-failed"), Role::Bad),
        Stand::Running(done) => {
            let done = usize::from(done.min(1000));
            let full = done * BAR / 1000;
            let bar = format!("[{}{}] {:>3}%", "#".repeat(full), ".".repeat(BAR - full), done / 10);
            pen.text(STATE, y, &bar, Role::Info)
        }
    };
    if let (Some(ms), Stand::Done | Stand::Failed) = (step.ms, step.stand) {
        let seconds = format!("{}.{}", ms / 1000, ms % 1000 / 100);
        pen.right(54, y, &tr!(look, "sealing-seconds", s = seconds), Role::Text);
    }
}

/// What happened, what is safe, what to do.
fn failed(failure: &Failure, pen: &mut Pen<'_>) {
    let look = pen.look();
    let next = match failure.trouble {
        Trouble::Disk => tr!(look, "sealing-do-disk"),
        Trouble::Verification => tr!(look, "sealing-do-verification"),
        Trouble::Keys => tr!(look, "sealing-do-keys"),
        Trouble::Other => tr!(look, "sealing-do-other", code = failure.code.as_str()),
    };
    let cause = wrap(&format!("{} {}", failure.code, failure.cause), 76).into_iter().take(2);
    let lines = cause.map(|line| (line, Role::Bad));
    let lines = lines.chain([
        (tr!(look, "sealing-nothing"), Role::Text),
        (tr!(look, "sealing-safe"), Role::Text),
        (next, Role::Title),
        (tr!(look, "sealing-give-up"), Role::Muted),
    ]);
    for (y, (line, role)) in (12..).zip(lines) {
        pen.text(2, y, &line, role);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_running_seal_takes_no_key_and_a_stopped_one_two() {
        let step = Step { stand: Stand::Waiting, ms: None };
        let mut data = Data { steps: [step; STEPS], files: 6, leaves: None, failure: None };
        for action in Action::ALL {
            assert_eq!(on_key(&data, Press::Do(action)), Outcome::Stay);
        }
        data.failure = Some(Failure { code: "KD-2401".into(), trouble: Trouble::Verification, cause: String::new() });
        assert_eq!(on_key(&data, Press::Do(Action::Back)), Outcome::Back);
        assert_eq!(on_key(&data, Press::Do(Action::Retry)), Outcome::Retry);
        assert_eq!(on_key(&data, Press::Do(Action::Enter)), Outcome::Stay);
    }
}
