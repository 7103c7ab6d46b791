//! One question before an act that cannot be taken back: what will happen, Enter, or Esc. An overlay.
//!
//! Where the act needs the person again, a PIN is asked for; the act waits until it is whole.

use super::super::Look;
use super::super::keymap::{Action, Press};
use super::super::text::fit;
use super::super::theme::Role;
use super::super::widgets::Pen;
use super::super::widgets::field::Pin;
use crate::domain::ids::RoomId;
use crate::tui::i18n::tr;
use ratatui::layout::{Position, Rect};

const BOX: Rect = Rect { x: 6, y: 5, width: 68, height: 9 };

/// What is about to be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Act {
    /// Open check-in.
    Open,
    /// Start the exam.
    Start,
    /// Derive results.
    Derive,
    /// Quit.
    Quit,
    /// Declare the missing of a room absent.
    Absent {
        /// Where.
        room: RoomId,
        /// How many.
        people: usize,
    },
    /// Hand in for everybody still in a room.
    Collect {
        /// Where.
        room: RoomId,
        /// How many.
        people: usize,
    },
}

impl Act {
    fn words(&self, look: &Look<'_>) -> (String, String) {
        match self {
            Self::Open => (tr!(look, "confirm-open-title"), tr!(look, "confirm-open")),
            Self::Start => (tr!(look, "confirm-start-title"), tr!(look, "confirm-start")),
            Self::Derive => (tr!(look, "confirm-derive-title"), tr!(look, "confirm-derive")),
            Self::Quit => (tr!(look, "confirm-quit-title"), tr!(look, "confirm-quit")),
            Self::Absent { room, people } => (
                tr!(look, "confirm-absent-title"),
                tr!(look, "confirm-absent", room = room.as_str(), n = people.to_string()),
            ),
            Self::Collect { room, people } => (
                tr!(look, "confirm-collect-title"),
                tr!(look, "confirm-collect", room = room.as_str(), n = people.to_string()),
            ),
        }
    }
}

/// The question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Data {
    /// What is about to be done.
    pub act: Act,
    /// The person's PIN is asked for.
    pub pin: bool,
}

/// The PIN as far as it is typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct State {
    pin: Pin,
}

/// What was answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Nothing yet.
    Stay,
    /// No.
    Back,
    /// Yes, with the PIN where one was asked for.
    Yes(Option<Pin>),
}

/// Interprets a key.
pub fn on_key(state: &mut State, data: &Data, press: Press) -> Outcome {
    match press {
        Press::Do(Action::Back) => return Outcome::Back,
        Press::Do(Action::Enter) if !data.pin => return Outcome::Yes(None),
        Press::Do(Action::Enter) if state.pin.is_whole() => return Outcome::Yes(Some(std::mem::take(&mut state.pin))),
        Press::Char(c) if data.pin => state.pin.insert(c),
        Press::Do(action) => state.pin.edit(action),
        _ => {}
    }
    Outcome::Stay
}

/// Draws the overlay; the cursor rests in the PIN field or on the question.
pub fn view(state: &State, data: &Data, pen: &mut Pen<'_>) -> Position {
    let look = pen.look();
    let (title, text) = data.act.words(look);
    pen.frame(BOX, Role::Text);
    let room = usize::from(BOX.width) - 6;
    pen.text(BOX.x + 3, BOX.y + 1, &fit(&title, room), Role::Title);
    pen.text(BOX.x + 3, BOX.y + 3, &fit(&text, room), Role::Text);
    pen.text(BOX.x + 3, BOX.y + 7, &tr!(look, "confirm-keys"), Role::Muted);
    if !data.pin {
        return pen.position(BOX.x + 3, BOX.y + 1);
    }
    let end = pen.text(BOX.x + 3, BOX.y + 5, &tr!(look, "confirm-pin"), Role::Text);
    state.pin.draw(pen, end + 2, BOX.y + 5, 25, true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_act_with_a_pin_waits_for_a_whole_one() {
        let data = Data { act: Act::Quit, pin: true };
        let mut state = State::default();
        assert_eq!(on_key(&mut state, &data, Press::Do(Action::Enter)), Outcome::Stay);
        for c in "135790".chars() {
            on_key(&mut state, &data, Press::Char(c));
        }
        assert!(matches!(on_key(&mut state, &data, Press::Do(Action::Enter)), Outcome::Yes(Some(_))));
        assert_eq!(on_key(&mut state, &data, Press::Do(Action::Back)), Outcome::Back);
        let plain = Data { act: Act::Start, pin: false };
        assert_eq!(on_key(&mut state, &plain, Press::Do(Action::Enter)), Outcome::Yes(None));
    }
}
