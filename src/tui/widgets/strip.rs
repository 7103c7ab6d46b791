//! A tap's result over a screen somebody works on: one line in the first body row, no key, no focus.

use super::super::text::fit;
use super::super::theme::{Plate, Role};
use super::Pen;
use super::plate::{Who, tag};
use crate::tui::i18n::tr;
use ratatui::layout::Rect;

/// One tap, judged while somebody was typing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Strip {
    /// What it came to.
    pub plate: Plate,
    /// Whose card it was, masked.
    pub who: Who,
    /// Such as `03-17`, where a seat is known.
    pub seat: Option<String>,
}

/// Draws the strip over the pen's first row.
pub fn draw(pen: &mut Pen<'_>, strip: &Strip) {
    let look = pen.look();
    let tail = strip.who.id_tail.as_ref().map(|t| tr!(look, "tail", tail = t.as_str()));
    let parts = [Some(tag(strip.plate, look)), Some(strip.who.masked.clone()), tail, strip.seat.clone()];
    let text = parts.into_iter().flatten().filter(|t| !t.is_empty()).collect::<Vec<_>>().join("  ");
    let columns = pen.width();
    pen.clear(Rect::new(0, 0, columns, 1), Role::Strip);
    pen.text(1, 0, &fit(&text, usize::from(columns.saturating_sub(2))), Role::Strip);
}
