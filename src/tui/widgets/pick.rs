//! A search box with what it found beneath: how a row of the roster is chosen inside a form, never preselected by more
//! than what was typed.

use super::super::Look;
use super::super::keymap::{Action, Press};
use super::super::screens::roster::Row;
use super::super::text::fit;
use super::super::theme::Role;
use super::Pen;
use super::field::Field;
use super::table::Cursor;
use crate::domain::ids::AdmissionNo;
use crate::tui::i18n::tr;
use ratatui::layout::Position;

/// Rows in sight, and found at most.
pub const SIGHT: usize = 3;
const QUERY: usize = 24;

/// What is typed, and which of the rows found is meant.
#[derive(Debug, Clone)]
pub struct Pick {
    query: Field,
    cursor: Cursor,
}

impl Default for Pick {
    fn default() -> Self {
        Self { query: Field::new(QUERY), cursor: Cursor::default() }
    }
}

impl Pick {
    /// What to search for.
    #[must_use]
    pub fn query(&self) -> &str {
        self.query.text()
    }

    /// Begins with this text.
    pub fn set(&mut self, text: &str) {
        self.query.set(text);
        self.cursor = Cursor::default();
    }

    /// The row meant, once something was typed.
    #[must_use]
    pub fn chosen<'a>(&self, found: &'a [Row]) -> Option<&'a Row> {
        if self.query.text().is_empty() {
            return None;
        }
        self.cursor.row(found.len()).and_then(|n| found.get(n))
    }

    /// The admission number of the row meant.
    #[must_use]
    pub fn cand(&self, found: &[Row]) -> Option<AdmissionNo> {
        self.chosen(found).map(|row| row.number.clone())
    }

    /// Takes a key.
    pub fn on_key(&mut self, found: &[Row], press: Press) {
        let changed = match press {
            Press::Char(c) => self.query.insert(c),
            Press::Do(Action::Up) => {
                self.cursor.step(-1, found.len(), SIGHT);
                false
            }
            Press::Do(Action::Down) => {
                self.cursor.step(1, found.len(), SIGHT);
                false
            }
            Press::Do(action) => self.query.edit(action),
            Press::Pending | Press::Nothing => false,
        };
        if changed {
            self.cursor = Cursor::default();
        }
    }

    /// Draws the box at `x`, `y` and the rows found beneath; returns where the cursor belongs.
    pub fn draw(&self, found: &[Row], pen: &mut Pen<'_>, x: u16, y: u16, columns: u16) -> Position {
        let at = self.query.draw(pen, x, y, 20);
        if self.query.text().is_empty() {
            return at;
        }
        if found.is_empty() {
            pen.text(x, y + 1, &tr!(pen.look(), "pick-none"), Role::Warn);
        }
        for (line, row) in (y + 1..).zip(found.iter().take(SIGHT)) {
            let meant = self.chosen(found).is_some_and(|chosen| chosen.number == row.number);
            let role = if meant { Role::Selection } else { Role::Text };
            let mark = if meant { ">" } else { " " };
            let words = format!("{mark} {}", words(row, pen.look()));
            pen.text(x, line, &fit(&words, usize::from(columns)), role);
        }
        at
    }
}

/// A row in one line.
#[must_use]
pub fn words(row: &Row, look: &Look<'_>) -> String {
    let place = row.place.as_ref().map_or_else(|| "-".to_owned(), ToString::to_string);
    tr!(
        look,
        "pick-row",
        name = row.name.as_str(),
        number = row.number.as_str(),
        tail = row.id_tail.as_str(),
        place = place
    )
}
