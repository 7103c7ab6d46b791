//! 3.31 Help: an overlay made from the keymap. Keys that this operator does not have are not drawn.

use super::super::Look;
use super::super::keymap::{Action, Named, Press, ScreenId};
use super::super::text::{fit, pad};
use super::super::theme::Role;
use super::super::widgets::Pen;
use crate::tui::i18n::tr;
use ratatui::layout::{Position, Rect};

const BOX: Rect = Rect { x: 0, y: 1, width: 80, height: 18 };
const MIDDLE: u16 = 40;
/// Keys in sight on each side.
const SIGHT: usize = 11;

/// How far the list of keys is moved.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct State {
    page: usize,
}

/// What was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Nothing.
    Stay,
    /// Close the help.
    Back,
}

/// Interprets a key.
pub fn on_key(state: &mut State, press: Press) -> Outcome {
    match press {
        Press::Do(Action::Back | Action::Help) => return Outcome::Back,
        Press::Do(Action::PageUp) => state.page = state.page.saturating_sub(1),
        Press::Do(Action::PageDown) => state.page = 1,
        _ => {}
    }
    Outcome::Stay
}

/// The name of a screen.
#[must_use]
pub fn screen_word(screen: ScreenId, look: &Look<'_>) -> String {
    match screen {
        ScreenId::Unlock => tr!(look, "screen-unlock"),
        ScreenId::Ready => tr!(look, "screen-ready"),
        ScreenId::Verdict => tr!(look, "screen-verdict"),
        ScreenId::Roster => tr!(look, "screen-roster"),
        ScreenId::Detail => tr!(look, "screen-detail"),
        ScreenId::SeatMap => tr!(look, "screen-seat-map"),
        ScreenId::Pending => tr!(look, "screen-pending"),
        ScreenId::Menu => tr!(look, "screen-menu"),
        ScreenId::Confirm => tr!(look, "screen-confirm"),
        ScreenId::Rooms => tr!(look, "screen-rooms"),
        ScreenId::Close => tr!(look, "screen-close"),
        ScreenId::Scoring => tr!(look, "screen-scoring"),
        ScreenId::Results => tr!(look, "screen-results"),
        ScreenId::Checklist => tr!(look, "screen-checklist"),
        ScreenId::Sign => tr!(look, "screen-sign"),
        ScreenId::Sealing => tr!(look, "screen-sealing"),
        ScreenId::Sealed => tr!(look, "screen-sealed"),
        ScreenId::Reader => tr!(look, "reader-title"),
        ScreenId::Import => tr!(look, "screen-import"),
        ScreenId::Readiness => tr!(look, "screen-readiness"),
        ScreenId::Lock => tr!(look, "screen-lock"),
        ScreenId::Fault => tr!(look, "screen-fault"),
        ScreenId::Help => tr!(look, "screen-help"),
        ScreenId::Legend => tr!(look, "screen-legend"),
        ScreenId::Case => tr!(look, "screen-case"),
        ScreenId::Lift => tr!(look, "screen-lift"),
        ScreenId::Manual => tr!(look, "menu-manual"),
        ScreenId::Holds => tr!(look, "holds-title"),
        ScreenId::Clock => tr!(look, "screen-clock"),
    }
}

/// Draws the overlay over the screen it explains; the cursor rests on its title.
pub fn view(state: &State, under: ScreenId, pen: &mut Pen<'_>) -> Position {
    let look = pen.look();
    pen.frame(BOX, Role::Text);
    let title = tr!(look, "help-title", screen = screen_word(under, look));
    pen.text(2, BOX.y, &format!(" {title} "), Role::Title);
    pen.right(BOX.width - 2, BOX.y, &format!(" {} ", tr!(look, "help-close")), Role::Muted);
    pen.divide(MIDDLE, BOX.y + 1, BOX.y + 13);
    pen.text(2, BOX.y + 1, &tr!(look, "help-here"), Role::Muted);
    pen.text(MIDDLE + 2, BOX.y + 1, &tr!(look, "help-everywhere"), Role::Muted);
    side(pen, 3, &look.keys.local_names(under, look), state.page);
    side(pen, MIDDLE + 3, &look.keys.global_names(under, look), state.page);
    let texts = [tr!(look, "help-taps"), tr!(look, "key-no-function-keys"), tr!(look, "help-codes")];
    for (y, text) in (BOX.y + 14..).zip(texts) {
        pen.text(2, y, &fit(&text, usize::from(BOX.width) - 4), Role::Text);
    }
    pen.position(3, BOX.y)
}

fn side(pen: &mut Pen<'_>, x: u16, names: &[Named], page: usize) {
    for (y, named) in (BOX.y + 2..).zip(names.iter().skip(page * SIGHT).take(SIGHT)) {
        let end = pen.text(x, y, &pad(&named.keys, 10), Role::Title);
        pen.text(end + 1, y, &fit(&named.says, 23), Role::Text);
    }
}
