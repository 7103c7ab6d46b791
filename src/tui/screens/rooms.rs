//! Room by room: declare the rest absent, or collect all work. Enter names a room; the question comes after it.

use super::super::keymap::{Action, Press};
use super::super::text::{fit, pad_left};
use super::super::theme::Role;
use super::super::widgets::Pen;
use super::super::widgets::table::{self, Cursor};
use crate::domain::ids::{RoomId, SeatLabel};
use crate::tui::i18n::tr;
use ratatui::layout::Position;

/// Rooms in sight.
const SIGHT: usize = 13;
const FIRST_ROW: u16 = 3;

/// What is done for a room.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Task {
    /// Declare absent who is not here.
    Absent,
    /// Hand in for who is still here.
    Collect,
}

/// One room with people left.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Room {
    /// Its code.
    pub room: RoomId,
    /// How many people are left.
    pub people: usize,
    /// The seats of those who have one, in order.
    pub seats: Vec<SeatLabel>,
}

/// Facts of this draw.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Data {
    /// What is done.
    pub task: Task,
    /// The session, as a title.
    pub session: String,
    /// The rooms that are not done, in order.
    pub rooms: Vec<Room>,
}

/// The room under the cursor.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct State {
    cursor: Cursor,
}

/// What was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Nothing.
    Stay,
    /// One step back.
    Back,
    /// The next session.
    NextSession,
    /// This room.
    Choose(RoomId),
}

/// Interprets a key.
pub fn on_key(state: &mut State, data: &Data, press: Press) -> Outcome {
    let len = data.rooms.len();
    let page = isize::try_from(SIGHT - 1).unwrap_or(1);
    match press {
        Press::Do(Action::Back) => return Outcome::Back,
        Press::Do(Action::Enter) => {
            let chosen = state.cursor.row(len).and_then(|n| data.rooms.get(n));
            return chosen.map_or(Outcome::Stay, |room| Outcome::Choose(room.room.clone()));
        }
        Press::Do(Action::Next) => {
            *state = State::default();
            return Outcome::NextSession;
        }
        Press::Do(Action::Up) => state.cursor.step(-1, len, SIGHT),
        Press::Do(Action::Down) => state.cursor.step(1, len, SIGHT),
        Press::Do(Action::PageUp) => state.cursor.step(-page, len, SIGHT),
        Press::Do(Action::PageDown) => state.cursor.step(page, len, SIGHT),
        Press::Do(Action::First) => state.cursor.go(0, len, SIGHT),
        Press::Do(Action::Last) => state.cursor.go(usize::MAX, len, SIGHT),
        _ => {}
    }
    Outcome::Stay
}

/// Draws the body; the cursor rests on the room under it.
pub fn view(state: &State, data: &Data, pen: &mut Pen<'_>) -> Position {
    let look = pen.look();
    let (title, consequence) = match data.task {
        Task::Absent => (tr!(look, "rooms-absent-title"), tr!(look, "rooms-consequence-absent")),
        Task::Collect => (tr!(look, "rooms-collect-title"), tr!(look, "rooms-consequence-collect")),
    };
    pen.text(1, 0, &fit(&title, 78), Role::Title);
    pen.rule(1);
    pen.text(2, 1, &fit(&format!(" {} ", data.session), 74), Role::Info);
    pen.rule(17);
    pen.text(2, 18, &fit(&consequence, 76), Role::Muted);
    if data.rooms.is_empty() {
        pen.text(2, FIRST_ROW, &tr!(look, "rooms-all-done"), Role::Good);
        return pen.position(2, FIRST_ROW);
    }
    pen.text(3, 2, &tr!(look, "rooms-col-room"), Role::Muted);
    pen.text(19, 2, &tr!(look, "rooms-col-count"), Role::Muted);
    pen.text(28, 2, &tr!(look, "rooms-col-seats"), Role::Muted);
    let sight = state.cursor.sight(data.rooms.len(), SIGHT);
    let mut cursor = pen.position(3, FIRST_ROW);
    for (y, (n, room)) in (FIRST_ROW..).zip(data.rooms.iter().enumerate().skip(sight.start).take(sight.len())) {
        let selected = state.cursor.row(data.rooms.len()) == Some(n);
        let role = table::row(pen, y, selected);
        pen.text(3, y, &tr!(look, "rooms-line", room = room.room.as_str()), role);
        pen.text(19, y, &pad_left(&room.people.to_string(), 4), role);
        let seats: Vec<&str> = room.seats.iter().map(SeatLabel::as_str).collect();
        pen.text(28, y, &fit(&seats.join(" "), 51), role);
        if selected {
            cursor = pen.position(3, y);
        }
    }
    cursor
}
