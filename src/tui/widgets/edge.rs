//! A plate's edge: a pattern over the whole width that differs for every verdict.

use super::super::theme::{Plate, Role};
use super::Pen;

/// Two characters that repeat.
#[must_use]
pub fn pattern(plate: Plate) -> &'static str {
    match plate {
        Plate::Ok => "══",
        Plate::Late => "- ",
        Plate::Already => "= ",
        Plate::Refused => "/ ",
        Plate::Proctor => "! ",
        Plate::Unreadable => "? ",
        Plate::Reading => ". ",
        Plate::Fault => "X ",
    }
}

/// Draws the edge over a row.
pub fn draw(pen: &mut Pen<'_>, y: u16, plate: Plate) {
    let line: String = pattern(plate).chars().cycle().take(usize::from(pen.width())).collect();
    pen.text(0, y, &line, Role::Edge(plate));
}
