//! Writing into an area of cells by column and row, with roles instead of colours.
//!
//! Invariants: nothing is written outside the area; a wide character is written whole or not at all; a region is
//! cleared before something is laid over it, because a cell written over the second half of a wide character stays
//! hidden behind it.

use super::super::Look;
use super::super::text;
use super::super::theme::Role;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;

/// An area of a buffer and the look it is drawn with. Columns and rows count from the area's corner.
#[derive(Debug)]
pub struct Pen<'a> {
    buffer: &'a mut Buffer,
    area: Rect,
    look: &'a Look<'a>,
}

impl<'a> Pen<'a> {
    /// Draws inside `area`, as far as the buffer reaches.
    pub fn new(buffer: &'a mut Buffer, area: Rect, look: &'a Look<'a>) -> Self {
        let area = area.intersection(buffer.area);
        Self { buffer, area, look }
    }

    /// The same pen for a part of its area.
    pub fn within(&mut self, part: Rect) -> Pen<'_> {
        let moved = Rect { x: self.area.x.saturating_add(part.x), y: self.area.y.saturating_add(part.y), ..part };
        Pen { area: moved.intersection(self.area), buffer: self.buffer, look: self.look }
    }

    /// Texts, colours and keys.
    #[must_use]
    pub fn look(&self) -> &'a Look<'a> {
        self.look
    }

    /// Columns of the area.
    #[must_use]
    pub fn width(&self) -> u16 {
        self.area.width
    }

    /// Rows of the area.
    #[must_use]
    pub fn height(&self) -> u16 {
        self.area.height
    }

    /// Where the hardware cursor belongs for a column and row of the area; never outside it.
    #[must_use]
    pub fn position(&self, x: u16, y: u16) -> Position {
        Position {
            x: (self.area.x + x).min(self.area.right().saturating_sub(1)),
            y: (self.area.y + y).min(self.area.bottom().saturating_sub(1)),
        }
    }

    /// Writes text and returns the column after it.
    pub fn text(&mut self, x: u16, y: u16, text: &str, role: Role) -> u16 {
        self.styled(x, y, text, self.look.style(role))
    }

    /// Writes text in a look that is no role of its own, and returns the column after it.
    pub fn styled(&mut self, x: u16, y: u16, text: &str, style: Style) -> u16 {
        if x >= self.area.width || y >= self.area.height {
            return x;
        }
        let room = usize::from(self.area.width - x);
        let (end, _) = self.buffer.set_stringn(self.area.x + x, self.area.y + y, text, room, style);
        end - self.area.x
    }

    /// Writes text that ends before column `end`, and returns the column where it starts.
    pub fn right(&mut self, end: u16, y: u16, text: &str, role: Role) -> u16 {
        let width = u16::try_from(text::width(text)).unwrap_or(u16::MAX);
        let x = end.saturating_sub(width);
        self.text(x, y, text, role);
        x
    }

    /// Writes text in the middle of the area.
    pub fn centre(&mut self, y: u16, text: &str, role: Role) {
        let width = u16::try_from(text::width(text)).unwrap_or(u16::MAX);
        self.text(self.area.width.saturating_sub(width) / 2, y, text, role);
    }

    /// Empties a rectangle and gives it a role's ground. A wide character that reaches into it from the left goes too.
    pub fn clear(&mut self, part: Rect, role: Role) {
        let style = self.look.style(role);
        let part = self.within(part).area;
        for y in part.rows().map(|row| row.y) {
            if let Some(cell) = part.x.checked_sub(1).and_then(|x| self.buffer.cell_mut(Position { x, y }))
                && text::width(cell.symbol()) > 1
            {
                cell.set_symbol(" ");
            }
            for x in part.left()..part.right() {
                if let Some(cell) = self.buffer.cell_mut(Position { x, y }) {
                    cell.reset();
                    cell.set_style(style);
                }
            }
        }
    }

    /// Empties the whole area.
    pub fn fill(&mut self, role: Role) {
        self.clear(Rect::new(0, 0, self.area.width, self.area.height), role);
    }

    /// A thin line over a row, one blank column at each end.
    pub fn rule(&mut self, y: u16) {
        let columns = usize::from(self.area.width.saturating_sub(2));
        self.text(1, y, &"─".repeat(columns), Role::Muted);
    }

    /// A vertical line in a column, rows `from..to`.
    pub fn divide(&mut self, x: u16, from: u16, to: u16) {
        for y in from..to {
            self.text(x, y, "│", Role::Muted);
        }
    }

    /// An empty box with a border.
    pub fn frame(&mut self, part: Rect, role: Role) {
        if part.width < 2 || part.height < 2 {
            return;
        }
        self.clear(part, role);
        let line = "─".repeat(usize::from(part.width - 2));
        self.text(part.x, part.y, &format!("┌{line}┐"), role);
        self.text(part.x, part.y + part.height - 1, &format!("└{line}┘"), role);
        for y in part.y + 1..part.y + part.height - 1 {
            self.text(part.x, y, "│", role);
            self.text(part.x + part.width - 1, y, "│", role);
        }
    }
}
