//! 3.13 Seat map: every seat of a session as one letter, the selected one beside it, moves and seats out of service.
//!
//! A room takes a line for each thirty of its seats. The letter is the state; a digit jumps to a room. Moving somebody is
//! three steps: the person (M), a free seat (Enter), a reason (its number); nothing is asked of the desk before the last.

mod draw;

use super::super::Look;
use super::super::keymap::{Action, Press};
use super::roster::Standing;
use crate::domain::ids::{AdmissionNo, RoomId, SeatLabel};
use crate::domain::seats::{Place, SeatReason};
use crate::tui::i18n::tr;

pub use draw::view;

/// Seats of a line.
pub const LINE: usize = 30;

/// What a seat's letter says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// Nobody's.
    Empty,
    /// Somebody is to come.
    Expected,
    /// Somebody sits there.
    Present,
    /// Somebody who came late.
    Late,
    /// Whoever sat there has handed in.
    HandedIn,
    /// Whoever should sit there is absent.
    Absent,
    /// Two people on one seat, or a person on whom something is open.
    Open,
    /// Out of service.
    Withdrawn,
}

impl Mark {
    /// Every mark, in the order of the legend.
    pub const ALL: [Self; 8] = [
        Self::Expected,
        Self::Present,
        Self::Late,
        Self::HandedIn,
        Self::Absent,
        Self::Open,
        Self::Empty,
        Self::Withdrawn,
    ];

    /// Its letter.
    #[must_use]
    pub fn letter(self) -> char {
        match self {
            Self::Empty => '-',
            Self::Expected => '.',
            Self::Present => '#',
            Self::Late => 'L',
            Self::HandedIn => 'H',
            Self::Absent => 'x',
            Self::Open => '!',
            Self::Withdrawn => '/',
        }
    }

    fn word(self, look: &Look<'_>) -> String {
        match self {
            Self::Empty => tr!(look, "seats-empty"),
            Self::Expected => tr!(look, "seats-expected"),
            Self::Present => tr!(look, "seats-present"),
            Self::Late => tr!(look, "seats-late"),
            Self::HandedIn => tr!(look, "seats-handed-in"),
            Self::Absent => tr!(look, "seats-absent"),
            Self::Open => tr!(look, "seats-open"),
            Self::Withdrawn => tr!(look, "seats-withdrawn"),
        }
    }
}

/// Somebody who sits on the selected seat, or is to.
#[derive(Clone, PartialEq, Eq)]
pub struct Sitter {
    /// Admission number.
    pub number: AdmissionNo,
    /// Name, masked where the desk faces candidates.
    pub name: String,
    /// Where they stand.
    pub standing: Standing,
}

impl std::fmt::Debug for Sitter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Sitter").field("number", &self.number).field("standing", &self.standing).finish_non_exhaustive()
    }
}

/// One room.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Room {
    /// Its code.
    pub id: RoomId,
    /// Name and way, as the site describes it.
    pub way: String,
    /// Its seats with their marks.
    pub seats: Vec<(SeatLabel, Mark)>,
    /// How many of the room's people came.
    pub came: usize,
    /// How many they are.
    pub people: usize,
    /// Fewer free seats than the policy asks for.
    pub short: bool,
}

/// Facts of this draw.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Data {
    /// The session, as a title.
    pub session: String,
    /// Its rooms.
    pub rooms: Vec<Room>,
    /// Who is on the selected seat.
    pub sitters: Vec<Sitter>,
    /// Whether this person may move people.
    pub moves: bool,
}

/// What a reason is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Purpose {
    Move(AdmissionNo, Place),
    Withdraw(Place),
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
enum Stage {
    #[default]
    Look,
    /// A free seat is looked for, for this person.
    Moving(AdmissionNo),
    Why(Purpose),
}

/// The selected seat and how far a move is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct State {
    room: usize,
    seat: usize,
    typed: String,
    missing: bool,
    stage: Stage,
}

/// What was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Nothing.
    Stay,
    /// Back to ready.
    Back,
    /// The map of the next session.
    NextSession,
    /// Everything about this person.
    Open(AdmissionNo),
    /// Give them this seat.
    Move(AdmissionNo, Place, SeatReason),
    /// Take this seat out of service.
    Withdraw(Place, SeatReason),
}

impl State {
    /// A map on which a seat is looked for, for somebody.
    #[must_use]
    pub fn moving(cand: AdmissionNo) -> Self {
        Self { stage: Stage::Moving(cand), ..Self::default() }
    }

    /// Selects a seat, where the map has it.
    pub fn go_to(&mut self, data: &Data, place: &Place) {
        let Some(room) = data.rooms.iter().position(|room| room.id == place.room) else { return };
        self.room = room;
        let seats = data.rooms.get(room).map(|room| room.seats.as_slice()).unwrap_or_default();
        self.seat = seats.iter().position(|(seat, _)| *seat == place.seat).unwrap_or(0);
    }

    /// The selected seat.
    #[must_use]
    pub fn selected(&self, data: &Data) -> Option<Place> {
        let room = data.rooms.get(self.room)?;
        let (seat, _) = room.seats.get(self.seat)?;
        Some(Place { room: room.id.clone(), seat: seat.clone() })
    }

    fn mark(&self, data: &Data) -> Option<Mark> {
        data.rooms.get(self.room)?.seats.get(self.seat).map(|(_, mark)| *mark)
    }

    /// A room may have become shorter since the last key.
    fn settle(&mut self, data: &Data) {
        self.room = self.room.min(data.rooms.len().saturating_sub(1));
        let seats = data.rooms.get(self.room).map_or(0, |room| room.seats.len());
        self.seat = self.seat.min(seats.saturating_sub(1));
    }

    /// One line down or up: the same column of the next thirty seats, or of the next room.
    fn line(&mut self, data: &Data, down: bool) {
        let seats = |room: usize| data.rooms.get(room).map_or(0, |room| room.seats.len());
        let column = self.seat % LINE;
        if down {
            let next = self.seat - column + LINE;
            if next < seats(self.room) {
                self.seat = next + column;
            } else if self.room + 1 < data.rooms.len() {
                (self.room, self.seat) = (self.room + 1, column);
            }
        } else if self.seat >= LINE {
            self.seat -= LINE;
        } else if let Some(room) = self.room.checked_sub(1) {
            let last = seats(room).saturating_sub(1);
            (self.room, self.seat) = (room, last - last % LINE + column);
        }
        self.settle(data);
    }

    fn step(&mut self, data: &Data, right: bool) {
        let seats = data.rooms.get(self.room).map_or(0, |room| room.seats.len());
        if right && self.seat + 1 < seats {
            self.seat += 1;
        } else if right && self.room + 1 < data.rooms.len() {
            (self.room, self.seat) = (self.room + 1, 0);
        } else if !right && self.seat > 0 {
            self.seat -= 1;
        } else if let (false, Some(room)) = (right, self.room.checked_sub(1)) {
            (self.room, self.seat) = (room, usize::MAX);
        }
        self.settle(data);
    }

    /// A digit more of a room's code: leading zeros do not count, and what fits no room begins anew.
    fn jump(&mut self, data: &Data, digit: char) {
        let bare = |code: &str| code.trim_start_matches('0').to_owned();
        let fits = |typed: &str| {
            let exact = data.rooms.iter().position(|room| bare(room.id.as_str()) == bare(typed));
            exact.or_else(|| data.rooms.iter().position(|room| bare(room.id.as_str()).starts_with(&bare(typed))))
        };
        let longer = format!("{}{digit}", self.typed);
        self.typed = if fits(&longer).is_some() { longer } else { digit.to_string() };
        if let Some(room) = fits(&self.typed).filter(|_| !bare(&self.typed).is_empty()) {
            (self.room, self.seat) = (room, 0);
        }
    }
}

/// Interprets a key.
pub fn on_key(state: &mut State, data: &Data, press: Press) -> Outcome {
    state.settle(data);
    if let Stage::Why(purpose) = &state.stage {
        return why(purpose.clone(), state, press);
    }
    if let Press::Char(digit) = press {
        state.jump(data, digit);
        return Outcome::Stay;
    }
    state.typed.clear();
    match press {
        Press::Do(Action::Up) => state.line(data, false),
        Press::Do(Action::Down) => state.line(data, true),
        Press::Do(Action::Left) => state.step(data, false),
        Press::Do(Action::Right) => state.step(data, true),
        Press::Do(Action::First) => state.seat = 0,
        Press::Do(Action::Last) => state.seat = usize::MAX,
        Press::Do(Action::PageUp) => (state.room, state.seat) = (state.room.saturating_sub(10), 0),
        Press::Do(Action::PageDown) => (state.room, state.seat) = (state.room + 10, 0),
        Press::Do(Action::Filter) => state.missing = !state.missing,
        Press::Do(Action::Next) => return Outcome::NextSession,
        Press::Do(Action::Enter) => return enter(state, data),
        Press::Do(Action::MoveSeat) => begin(state, data),
        Press::Do(Action::Withdraw) => withdraw(state, data),
        Press::Do(Action::Back) if state.stage != Stage::Look => state.stage = Stage::Look,
        Press::Do(Action::Back) => return Outcome::Back,
        _ => {}
    }
    state.settle(data);
    Outcome::Stay
}

/// The person on the seat, or while somebody is moved the seat for them.
fn enter(state: &mut State, data: &Data) -> Outcome {
    if let Stage::Moving(cand) = &state.stage {
        if let (Some(Mark::Empty), Some(to)) = (state.mark(data), state.selected(data)) {
            state.stage = Stage::Why(Purpose::Move(cand.clone(), to));
        }
        return Outcome::Stay;
    }
    data.sitters.first().map_or(Outcome::Stay, |sitter| Outcome::Open(sitter.number.clone()))
}

/// Of two on one seat the second: the first was there before.
fn begin(state: &mut State, data: &Data) {
    let sitter = data.sitters.last().filter(|sitter| !matches!(sitter.standing, Standing::HandedIn(_)));
    if let (true, Some(sitter)) = (data.moves, sitter) {
        state.stage = Stage::Moving(sitter.number.clone());
    }
}

fn withdraw(state: &mut State, data: &Data) {
    let fit = state.mark(data).is_some_and(|mark| mark != Mark::Withdrawn);
    if let (true, true, Some(place)) = (data.moves, fit, state.selected(data)) {
        state.stage = Stage::Why(Purpose::Withdraw(place));
    }
}

fn why(purpose: Purpose, state: &mut State, press: Press) -> Outcome {
    match press {
        Press::Char(c) => {
            let n = c.to_digit(10).and_then(|n| usize::try_from(n).ok()?.checked_sub(1));
            let Some(reason) = n.and_then(|n| SeatReason::ALL.get(n)) else { return Outcome::Stay };
            state.stage = Stage::Look;
            match purpose {
                Purpose::Move(cand, to) => Outcome::Move(cand, to, *reason),
                Purpose::Withdraw(place) => Outcome::Withdraw(place, *reason),
            }
        }
        Press::Do(Action::Back) => {
            state.stage = match purpose {
                Purpose::Move(cand, _) => Stage::Moving(cand),
                Purpose::Withdraw(_) => Stage::Look,
            };
            Outcome::Stay
        }
        _ => Outcome::Stay,
    }
}

/// A reason in words.
#[must_use]
pub fn reason_word(reason: SeatReason, look: &Look<'_>) -> String {
    match reason {
        SeatReason::StationFault => tr!(look, "seat-reason-station-fault"),
        SeatReason::Surroundings => tr!(look, "seat-reason-surroundings"),
        SeatReason::Taken => tr!(look, "seat-reason-taken"),
        SeatReason::Missat => tr!(look, "seat-reason-missat"),
        SeatReason::Arrangement => tr!(look, "seat-reason-arrangement"),
        SeatReason::Order => tr!(look, "seat-reason-order"),
    }
}

#[cfg(test)]
mod tests;
