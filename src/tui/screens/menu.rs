//! F10 Menu: numbered items, an overlay. Items that the role may not use are not in the data and so not drawn.

use super::super::Look;
use super::super::keymap::{Action, Press};
use super::super::text::pad;
use super::super::theme::Role;
use super::super::widgets::Pen;
use super::super::widgets::table::Cursor;
use crate::tui::i18n::tr;
use ratatui::layout::{Position, Rect};

/// Items that a digit reaches: 1 to 9 and 0.
pub const MOST: usize = 10;
const COLUMNS: u16 = 44;

/// What a menu can offer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is the act of its name, rules.md §5")]
pub enum Item {
    Open,
    Import,
    Start,
    Absent,
    Collect,
    Manual,
    Holds,
    Close,
    Marks,
    Derive,
    Results,
    Seal,
    Reader,
    Switch,
    Language,
    Quit,
}

impl Item {
    fn word(self, look: &Look<'_>) -> String {
        match self {
            Self::Open => tr!(look, "menu-open"),
            Self::Import => tr!(look, "menu-import"),
            Self::Start => tr!(look, "menu-start"),
            Self::Absent => tr!(look, "menu-absent"),
            Self::Collect => tr!(look, "menu-collect"),
            Self::Manual => tr!(look, "menu-manual"),
            Self::Holds => tr!(look, "holds-title"),
            Self::Close => tr!(look, "menu-close"),
            Self::Marks => tr!(look, "menu-marks"),
            Self::Derive => tr!(look, "menu-derive"),
            Self::Results => tr!(look, "menu-results"),
            Self::Seal => tr!(look, "menu-seal"),
            Self::Reader => tr!(look, "menu-reader"),
            Self::Switch => tr!(look, "menu-switch"),
            Self::Language => tr!(look, "menu-language"),
            Self::Quit => tr!(look, "menu-quit"),
        }
    }
}

/// The item under the cursor.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct State {
    cursor: Cursor,
}

/// What was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Nothing.
    Stay,
    /// Close the menu.
    Back,
    /// This item.
    Choose(Item),
}

/// Interprets a key.
pub fn on_key(state: &mut State, items: &[Item], press: Press) -> Outcome {
    let chosen = match press {
        // 1 is the first, 0 the tenth.
        Press::Char(c) => c.to_digit(10).and_then(|d| items.get((d as usize + 9) % MOST)),
        Press::Do(Action::Enter) => state.cursor.row(items.len()).and_then(|n| items.get(n)),
        Press::Do(Action::Back) => return Outcome::Back,
        Press::Do(action) => {
            match action {
                Action::Up => state.cursor.step(-1, items.len(), items.len()),
                Action::Down => state.cursor.step(1, items.len(), items.len()),
                Action::First => state.cursor.go(0, items.len(), items.len()),
                Action::Last => state.cursor.go(usize::MAX, items.len(), items.len()),
                _ => {}
            }
            None
        }
        Press::Pending | Press::Nothing => None,
    };
    chosen.map_or(Outcome::Stay, |item| Outcome::Choose(*item))
}

/// Draws the overlay; the cursor rests on the item under it.
pub fn view(state: &State, items: &[Item], pen: &mut Pen<'_>) -> Position {
    let look = pen.look();
    let height = u16::try_from(items.len().max(1) + 4).unwrap_or(u16::MAX).min(pen.height());
    let x = pen.width().saturating_sub(COLUMNS) / 2;
    let y = pen.height().saturating_sub(height) / 2;
    pen.frame(Rect::new(x, y, COLUMNS, height), Role::Text);
    pen.text(x + 2, y, &format!(" {} ", tr!(look, "menu-title")), Role::Title);
    pen.text(x + 3, y + height.saturating_sub(2), &tr!(look, "menu-hint"), Role::Muted);
    if items.is_empty() {
        pen.text(x + 3, y + 1, &tr!(look, "menu-empty"), Role::Muted);
    }
    let mut cursor = pen.position(x + 3, y + 1);
    for (row, (n, item)) in (y + 1..).zip(items.iter().enumerate()) {
        let selected = state.cursor.row(items.len()) == Some(n);
        let role = if selected { Role::Selection } else { Role::Text };
        let mark = if selected { ">" } else { " " };
        let digit = if n < MOST { format!("[{}]", (n + 1) % MOST) } else { "   ".to_owned() };
        let line = format!("{mark} {digit} {}", item.word(look));
        pen.text(x + 1, row, &pad(&line, usize::from(COLUMNS) - 2), role);
        if selected {
            cursor = pen.position(x + 3, row);
        }
    }
    cursor
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_and_enter_choose_what_stands_there() {
        let items = [Item::Start, Item::Language, Item::Quit];
        let mut state = State::default();
        assert_eq!(on_key(&mut state, &items, Press::Char('3')), Outcome::Choose(Item::Quit));
        assert_eq!(on_key(&mut state, &items, Press::Char('4')), Outcome::Stay);
        assert_eq!(on_key(&mut state, &items, Press::Char('0')), Outcome::Stay);
        on_key(&mut state, &items, Press::Do(Action::Down));
        assert_eq!(on_key(&mut state, &items, Press::Do(Action::Enter)), Outcome::Choose(Item::Language));
        assert_eq!(on_key(&mut state, &[], Press::Do(Action::Enter)), Outcome::Stay);
        let ten = [Item::Open; MOST];
        assert_eq!(on_key(&mut state, &ten, Press::Char('0')), Outcome::Choose(Item::Open));
    }
}
