//! What the clock of the room shows: hours and minutes, typed once by somebody who looks at it. An overlay.

use super::super::keymap::{Action, Press};
use super::super::text::fit;
use super::super::theme::Role;
use super::super::widgets::Pen;
use super::super::widgets::field::Field;
use crate::tui::i18n::tr;
use jiff::civil::Time;
use ratatui::layout::{Position, Rect};

const BOX: Rect = Rect { x: 6, y: 5, width: 68, height: 8 };

/// What is typed so far.
#[derive(Debug, Clone)]
pub struct State {
    time: Field,
    wrong: bool,
}

impl Default for State {
    fn default() -> Self {
        Self { time: Field::new(5), wrong: false }
    }
}

/// What was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Nothing yet.
    Stay,
    /// Back to the verdict.
    Back,
    /// The room's clock shows this.
    Shows(Time),
}

/// Interprets a key.
pub fn on_key(state: &mut State, press: Press) -> Outcome {
    state.wrong = false;
    match press {
        Press::Do(Action::Back) => return Outcome::Back,
        Press::Do(Action::Enter) => match parse(state.time.text()) {
            Some(time) => return Outcome::Shows(time),
            None => state.wrong = true,
        },
        Press::Char(c) if c.is_ascii_digit() || c == ':' => drop(state.time.insert(c)),
        Press::Do(action) => drop(state.time.edit(action)),
        Press::Char(_) | Press::Pending | Press::Nothing => {}
    }
    Outcome::Stay
}

/// `0845` or `8:45`.
fn parse(text: &str) -> Option<Time> {
    let (hour, minute) = text.split_once(':').or_else(|| text.split_at_checked(text.len().checked_sub(2)?))?;
    let whole = |part: &str| part.parse::<i8>().ok().filter(|_| (1..=2).contains(&part.len()));
    Time::new(whole(hour)?, whole(minute)?, 0, 0).ok()
}

/// Draws the overlay; the cursor rests in the field.
pub fn view(state: &State, pen: &mut Pen<'_>) -> Position {
    let look = pen.look();
    let room = usize::from(BOX.width) - 6;
    pen.frame(BOX, Role::Text);
    pen.text(BOX.x + 3, BOX.y + 1, &fit(&tr!(look, "clock-title"), room), Role::Title);
    let x = pen.text(BOX.x + 3, BOX.y + 3, &tr!(look, "clock-shows"), Role::Text) + 1;
    let cursor = state.time.draw(pen, x, BOX.y + 3, 7);
    if state.wrong {
        pen.text(BOX.x + 3, BOX.y + 4, &fit(&tr!(look, "clock-wrong"), room), Role::Warn);
    }
    pen.text(BOX.x + 3, BOX.y + 6, &fit(&tr!(look, "lift-keys"), room), Role::Muted);
    cursor
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::time;

    #[test]
    fn a_time_of_day_is_four_digits_or_two_parts() {
        let table = [
            ("0845", Some(time(8, 45, 0, 0))),
            ("8:45", Some(time(8, 45, 0, 0))),
            ("845", Some(time(8, 45, 0, 0))),
            ("2460", None),
            ("45", None),
            ("", None),
            ("8:", None),
        ];
        for (text, expected) in table {
            assert_eq!(parse(text), expected, "{text}");
        }
    }
}
