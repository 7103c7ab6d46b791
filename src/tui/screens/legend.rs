//! The demo's legend: a digit plays a card, works the reader or moves the clock. An overlay, in Demo only; the root
//! closes it with every cue, so that what was played is seen whole.

use super::super::Look;
use super::super::keymap::{Action, Press};
use super::super::theme::Role;
use super::super::widgets::Pen;
use crate::demo::conductor::Cue;
use crate::tui::i18n::tr;
use ratatui::layout::{Position, Rect};

fn word(cue: Cue, look: &Look<'_>) -> String {
    match cue {
        Cue::NextCard => tr!(look, "legend-next-card"),
        Cue::OtherSession => tr!(look, "legend-other-session"),
        Cue::NotListed => tr!(look, "legend-not-listed"),
        Cue::Twice => tr!(look, "legend-twice"),
        Cue::Damaged => tr!(look, "legend-damaged"),
        Cue::Late => tr!(look, "legend-late"),
        Cue::Unplug => tr!(look, "legend-unplug"),
        Cue::Plug => tr!(look, "legend-plug"),
        Cue::NextStep => tr!(look, "legend-next-step"),
    }
}

/// What was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Nothing.
    Stay,
    /// Close the legend.
    Back,
    /// Play this.
    Play(Cue),
}

/// Interprets a key. The legend keeps nothing.
#[must_use]
pub fn on_key(press: Press) -> Outcome {
    match press {
        Press::Do(Action::Back | Action::Legend) => Outcome::Back,
        Press::Char(c) => {
            let cue = c.to_digit(10).and_then(|d| (d as usize).checked_sub(1)).and_then(|n| Cue::ALL.get(n));
            cue.map_or(Outcome::Stay, |cue| Outcome::Play(*cue))
        }
        _ => Outcome::Stay,
    }
}

/// Draws the overlay in the lower right; the cursor rests on its title.
pub fn view(pen: &mut Pen<'_>) -> Position {
    let look = pen.look();
    let size = (36, 12);
    let (x, y) = (pen.width().saturating_sub(size.0), pen.height().saturating_sub(size.1));
    pen.frame(Rect::new(x, y, size.0, size.1), Role::Text);
    pen.text(x + 2, y, &format!(" {} ", tr!(look, "legend-title")), Role::Title);
    for (n, cue) in (1_u16..).zip(Cue::ALL) {
        pen.text(x + 2, y + n, &format!("[{n}] {}", word(cue, look)), Role::Text);
    }
    pen.text(x + 2, y + 10, &tr!(look, "legend-hint"), Role::Muted);
    pen.position(x + 3, y)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_digit_plays_its_entry() {
        for (digit, cue) in ('1'..='9').zip(Cue::ALL) {
            assert_eq!(on_key(Press::Char(digit)), Outcome::Play(cue));
        }
        assert_eq!(on_key(Press::Char('0')), Outcome::Stay);
        assert_eq!(on_key(Press::Do(Action::Legend)), Outcome::Back);
    }
}
