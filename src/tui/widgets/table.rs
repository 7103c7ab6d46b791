//! Lists under a cursor: which rows are in sight, and how one is drawn.

use super::super::theme::Role;
use super::Pen;
use ratatui::layout::Rect;

/// A cursor over `len` rows and the first row in sight. Holds no rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Cursor {
    /// The row under the cursor.
    pub at: usize,
    /// The first row in sight.
    pub top: usize,
}

impl Cursor {
    /// Moves by rows, stopping at both ends, and keeps the cursor in sight of `height` rows.
    pub fn step(&mut self, by: isize, len: usize, height: usize) {
        self.at = self.at.saturating_add_signed(by).min(len.saturating_sub(1));
        self.follow(len, height);
    }

    /// Goes to a row.
    pub fn go(&mut self, row: usize, len: usize, height: usize) {
        self.at = row.min(len.saturating_sub(1));
        self.follow(len, height);
    }

    fn follow(&mut self, len: usize, height: usize) {
        let height = height.max(1);
        self.top = self.top.clamp((self.at + 1).saturating_sub(height), self.at).min(len.saturating_sub(1));
    }

    /// The rows in sight of a list that may have become shorter since the last key.
    #[must_use]
    pub fn sight(self, len: usize, height: usize) -> std::ops::Range<usize> {
        let mut now = self;
        now.go(self.at, len, height);
        now.top..(now.top + height).min(len)
    }

    /// The row under the cursor, if the list has one.
    #[must_use]
    pub fn row(self, len: usize) -> Option<usize> {
        len.checked_sub(1).map(|last| self.at.min(last))
    }
}

/// Gives a row the ground of the selection and `>` in column 1, or an ordinary ground; returns the role to write with.
pub fn row(pen: &mut Pen<'_>, y: u16, selected: bool) -> Role {
    let role = if selected { Role::Selection } else { Role::Text };
    pen.clear(Rect::new(0, y, pen.width(), 1), role);
    if selected {
        pen.text(1, y, ">", role);
    }
    role
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn the_cursor_stays_in_sight(steps in proptest::collection::vec(-30isize..30, 0..40), len in 0usize..60, height in 1usize..20) {
            let mut cursor = Cursor::default();
            for step in steps {
                cursor.step(step, len, height);
                let sight = cursor.sight(len, height);
                prop_assert!(sight.len() <= height);
                match cursor.row(len) {
                    Some(row) => prop_assert!(sight.contains(&row)),
                    None => prop_assert!(sight.is_empty()),
                }
            }
        }
    }
}
