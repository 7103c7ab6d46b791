//! 3.30 Fault: the journal cannot be written. What stopped, what is safe, what to do with people now.
//!
//! The screen stands until the journal is open again; R asks for it. Taps are counted, not recorded.

use super::super::keymap::{Action, Press};
use super::super::text::{fit, width};
use super::super::theme::{Plate, Role};
use super::super::widgets::{Pen, edge, plate};
use crate::domain::time::Instant;
use crate::tui::i18n::tr;
use ratatui::layout::Position;

/// The journal's fault.
pub const CODE: &str = "KD-9001";
const TEXT_ROW: u16 = 11;

/// Facts of this draw.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Data {
    /// The last entry known to be durable: its number and time.
    pub last: Option<(u64, Instant)>,
    /// Taps since then.
    pub taps: u32,
    /// For technicians: what the system said. No personal data.
    pub cause: String,
    /// The journal is being opened again.
    pub retrying: bool,
}

/// What was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Nothing.
    Stay,
    /// Open the journal again.
    Retry,
}

/// Interprets a key. The screen keeps nothing.
#[must_use]
pub fn on_key(press: Press) -> Outcome {
    if press == Press::Do(Action::Retry) { Outcome::Retry } else { Outcome::Stay }
}

/// Draws the body; the cursor rests on the headline.
pub fn view(data: &Data, pen: &mut Pen<'_>) -> Position {
    let look = pen.look();
    let fault = Role::Plate(Plate::Fault);
    pen.clear(ratatui::layout::Rect::new(0, 0, pen.width(), TEXT_ROW - 1), fault);
    edge::draw(pen, 0, Plate::Fault);
    plate::shape_and_word(pen, 5, 1, Plate::Fault);
    pen.text(2, TEXT_ROW, &tr!(look, "fault-9001"), Role::Title);
    pen.right(78, TEXT_ROW, CODE, Role::Bad);
    let last = data.last.map_or_else(
        || tr!(look, "fault-last-none"),
        |(seq, at)| tr!(look, "fault-last", seq = seq.to_string(), at = at.clock()),
    );
    pen.text(2, TEXT_ROW + 1, &fit(&last, 76), Role::Text);
    pen.text(2, TEXT_ROW + 2, &fit(&tr!(look, "fault-taps", n = data.taps.to_string()), 76), Role::Text);
    let steps = [tr!(look, "fault-do-desk"), tr!(look, "fault-do-paper"), tr!(look, "fault-do-retry", code = CODE)];
    for (n, text) in (1..).zip(steps) {
        pen.text(3, TEXT_ROW + 2 + n, &fit(&format!("{n}  {text}"), 75), Role::Text);
    }
    let cause = fit(&tr!(look, "fault-cause", cause = data.cause.as_str()), 76);
    pen.text(2, TEXT_ROW + 7, &cause, Role::Muted);
    if data.retrying {
        let text = tr!(look, "fault-retrying");
        let x = 78_usize.saturating_sub(width(&text));
        pen.text(u16::try_from(x).unwrap_or(2), TEXT_ROW + 2, &text, Role::Info);
    }
    pen.position(2, TEXT_ROW)
}
