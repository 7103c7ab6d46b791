//! Rows 23 and 24: what was said last, and the keys of this screen.
//!
//! Of several messages the row shows the one of the highest rank, the newest among equals; the keys come from the
//! keymap, their right end is help, menu and, in Demo, the legend. A key that leads to where one is is not named.

use super::super::Look;
use super::super::keymap::{Action, Named, ScreenId};
use super::super::sayings::{self, Refusal};
use super::super::text::{fit, width};
use super::super::theme::Role;
use super::Pen;
use crate::domain::time::Instant;
use crate::reader::port::PortFault;
use crate::tui::i18n::tr;
use ratatui::layout::Rect;

/// How much a message matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rank {
    /// Something was done.
    Done,
    /// A tap was judged.
    Tap,
    /// Something is wrong: code, what, and the next step.
    Wrong,
}

/// One sentence of row 23.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// How much it matters.
    pub rank: Rank,
    /// Such as `KD-3102`; small, in front.
    pub code: Option<String>,
    /// The sentence.
    pub text: String,
}

impl Message {
    /// Confirms a durable entry.
    #[must_use]
    pub fn saved(at: Instant, seq: u64, look: &Look<'_>) -> Self {
        Self { rank: Rank::Done, code: None, text: tr!(look, "saved", at = at.clock(), seq = seq.to_string()) }
    }

    /// Says why a command is refused.
    #[must_use]
    pub fn refused(refusal: &Refusal, look: &Look<'_>) -> Self {
        Self { rank: Rank::Wrong, code: refusal.code().map(str::to_owned), text: refusal.sentence(look) }
    }

    /// Says why the reader gives nothing.
    #[must_use]
    pub fn reader(fault: &PortFault, look: &Look<'_>) -> Self {
        Self { rank: Rank::Wrong, code: Some(fault.code().to_owned()), text: sayings::reader(fault, look) }
    }
}

/// The message that row 23 shows: highest rank, newest among equals. `messages` are in the order of their arrival.
#[must_use]
pub fn foremost(messages: &[Message]) -> Option<&Message> {
    messages.iter().max_by_key(|m| m.rank)
}

/// Draws both rows at the bottom of the pen.
pub fn draw(pen: &mut Pen<'_>, screen: ScreenId, message: Option<&Message>) {
    let columns = pen.width();
    let y = pen.height().saturating_sub(2);
    pen.clear(Rect::new(0, y, columns, 1), Role::Text);
    if let Some(message) = message {
        let role = match message.rank {
            Rank::Done => Role::Muted,
            Rank::Tap => Role::Info,
            Rank::Wrong => Role::Bad,
        };
        let code = message.code.as_ref().map(|c| format!("{c} ")).unwrap_or_default();
        let text = fit(&format!("{code}{}", message.text), usize::from(columns.saturating_sub(2)));
        pen.text(1, y, &text, role);
    }
    pen.clear(Rect::new(0, y + 1, columns, 1), Role::Bar);
    keys(pen, y + 1, screen);
}

fn keys(pen: &mut Pen<'_>, y: u16, screen: ScreenId) {
    let look = pen.look();
    let here = match screen {
        ScreenId::Ready => Action::Home,
        ScreenId::Roster => Action::Roster,
        ScreenId::Scoring => Action::Scoring,
        ScreenId::Menu => Action::Menu,
        ScreenId::Legend => Action::Legend,
        _ => Action::Redraw,
    };
    let (always, other): (Vec<Named>, Vec<Named>) = look
        .keys
        .global_names(screen, look)
        .into_iter()
        .filter(|n| n.action != here)
        .partition(|n| matches!(n.action, Action::Help | Action::Menu | Action::Legend));
    let columns = usize::from(pen.width()).saturating_sub(2);
    let mut left = look.keys.local_names(screen, look);
    left.extend(other);
    let right = always.iter().map(columns_of).sum::<usize>();
    let mut room = columns.saturating_sub(right + 2);
    let mut x = 1;
    for named in left {
        let wide = columns_of(&named);
        if wide > room {
            break;
        }
        room -= wide;
        x = name(pen, x, y, &named);
    }
    let mut x = pen.width().saturating_sub(u16::try_from(right).unwrap_or(0).saturating_sub(1));
    for named in &always {
        x = name(pen, x, y, named);
    }
}

fn columns_of(named: &Named) -> usize {
    width(&named.keys) + 1 + width(&named.says) + 2
}

fn name(pen: &mut Pen<'_>, x: u16, y: u16, named: &Named) -> u16 {
    let x = pen.text(x, y, &named.keys, Role::Key);
    pen.text(x, y, &format!(" {}  ", named.says), Role::Bar)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrong_stands_before_what_was_done() {
        let message = |rank, text: &str| Message { rank, code: None, text: text.to_owned() };
        let all = [message(Rank::Wrong, "old"), message(Rank::Wrong, "new"), message(Rank::Tap, "tap")];
        assert_eq!(foremost(&all).map(|m| m.text.as_str()), Some("new"));
        assert_eq!(foremost(&all[2..]).map(|m| m.text.as_str()), Some("tap"));
        assert_eq!(foremost(&[]), None);
    }
}
