//! 3.21, reduced: closing a session. Three balances with both sides, then chief and proctor with their PINs.
//!
//! A balance that does not hold shows the difference and the rooms it comes from, and no PIN is asked for.

use super::super::Look;
use super::super::keymap::{Action, Press};
use super::super::text::{fit, pad, pad_left};
use super::super::theme::Role;
use super::super::widgets::Pen;
use super::super::widgets::field::Pin;
use super::super::widgets::table::Cursor;
use crate::domain::event::AttendanceCounts;
use crate::domain::ids::RoomId;
use crate::tui::i18n::tr;
use ratatui::layout::{Position, Rect};

/// Proctors in sight.
const SIGHT: usize = 5;
/// Rooms that are named when a balance is off.
const ROOMS: usize = 3;
const FORM_ROW: u16 = 12;
const PIN_LEFT: u16 = 44;

/// Facts of this draw.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Data {
    /// The session, as a title.
    pub session: String,
    /// The session's figures.
    pub counts: AttendanceCounts,
    /// The same by room, in order: they show where a difference comes from.
    pub rooms: Vec<(RoomId, AttendanceCounts)>,
    /// The chief who closes, masked.
    pub chief: String,
    /// The proctors who may witness, masked.
    pub proctors: Vec<String>,
}

/// A balance of rules.md §10, closing form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Equation {
    /// 登记 = 应到 + 作废.
    B1,
    /// 应到 = 实到 + 缺考.
    B2,
    /// 实到 = 交卷 + 终止.
    B3,
}

impl Equation {
    /// The three that closing needs.
    pub const ALL: [Self; 3] = [Self::B1, Self::B2, Self::B3];

    /// The left side and the two terms of the right one.
    #[must_use]
    pub fn terms(self, n: &AttendanceCounts) -> (u32, u32, u32) {
        match self {
            Self::B1 => (n.registered, n.expected, n.void),
            Self::B2 => (n.expected, n.present, n.absent),
            Self::B3 => (n.present, n.handed_in, n.removed),
        }
    }

    /// By how much the sides differ; 0 when it holds.
    #[must_use]
    pub fn off(self, n: &AttendanceCounts) -> u32 {
        let (left, b, c) = self.terms(n);
        left.abs_diff(b + c)
    }

    /// The equation with its figures.
    #[must_use]
    pub fn words(self, n: &AttendanceCounts, look: &Look<'_>) -> String {
        let (a, b, c) = self.terms(n);
        let (a, b, c) = (a.to_string(), b.to_string(), c.to_string());
        match self {
            Self::B1 => tr!(look, "close-b1", a = a, b = b, c = c),
            Self::B2 => tr!(look, "close-b2", a = a, b = b, c = c),
            Self::B3 => tr!(look, "close-b3", a = a, b = b, c = c),
        }
    }
}

impl Data {
    fn off(&self) -> usize {
        Equation::ALL.into_iter().filter(|e| e.off(&self.counts) != 0).count()
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Focus {
    #[default]
    Proctor,
    ChiefPin,
    ProctorPin,
}

/// Who witnesses and the PINs as far as they are typed.
#[derive(Debug, Clone, Default)]
pub struct State {
    focus: Focus,
    proctor: Cursor,
    chief_pin: Pin,
    proctor_pin: Pin,
}

impl State {
    /// Forgets PINs that nobody finished; without any, the focus stays where it is.
    pub fn forget(&mut self) {
        if !self.chief_pin.is_empty() || !self.proctor_pin.is_empty() {
            self.expire();
        }
    }

    /// Empties both fields: a PIN was wrong.
    pub fn expire(&mut self) {
        self.chief_pin.clear();
        self.proctor_pin.clear();
        self.focus = Focus::ChiefPin;
    }
}

/// What was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Nothing yet.
    Stay,
    /// One step back.
    Back,
    /// The form of the next session, or the one before.
    Turn {
        /// The next.
        forward: bool,
    },
    /// Close the session.
    Close {
        /// Position in [`Data::proctors`].
        proctor: usize,
        /// The chief's PIN.
        chief_pin: Pin,
        /// The proctor's PIN.
        proctor_pin: Pin,
    },
}

/// Interprets a key. Enter goes to the next empty field; in a whole form it closes.
pub fn on_key(state: &mut State, data: &Data, press: Press) -> Outcome {
    let ready = data.off() == 0 && !data.proctors.is_empty();
    match press {
        Press::Do(Action::Back) => return Outcome::Back,
        Press::Do(action @ (Action::PageUp | Action::PageDown)) => {
            return Outcome::Turn { forward: action == Action::PageDown };
        }
        _ if !ready => {}
        Press::Do(Action::Enter) => return enter(state, data),
        Press::Do(Action::Next) => {
            state.focus = match state.focus {
                Focus::Proctor => Focus::ChiefPin,
                Focus::ChiefPin => Focus::ProctorPin,
                Focus::ProctorPin => Focus::Proctor,
            }
        }
        Press::Do(Action::Previous) => {
            state.focus = match state.focus {
                Focus::Proctor => Focus::ProctorPin,
                Focus::ChiefPin => Focus::Proctor,
                Focus::ProctorPin => Focus::ChiefPin,
            }
        }
        Press::Do(Action::Up) => state.proctor.step(-1, data.proctors.len(), SIGHT),
        Press::Do(Action::Down) => state.proctor.step(1, data.proctors.len(), SIGHT),
        Press::Char(c) => match state.focus {
            Focus::Proctor => {
                let picked = c.to_digit(10).and_then(|d| (d as usize).checked_sub(1));
                if let Some(n) = picked.filter(|n| *n < data.proctors.len()) {
                    state.proctor.go(n, data.proctors.len(), SIGHT);
                    state.focus = Focus::ChiefPin;
                }
            }
            Focus::ChiefPin => state.chief_pin.insert(c),
            Focus::ProctorPin => state.proctor_pin.insert(c),
        },
        Press::Do(action) => match state.focus {
            Focus::Proctor => {}
            Focus::ChiefPin => state.chief_pin.edit(action),
            Focus::ProctorPin => state.proctor_pin.edit(action),
        },
        Press::Pending | Press::Nothing => {}
    }
    Outcome::Stay
}

fn enter(state: &mut State, data: &Data) -> Outcome {
    if !state.chief_pin.is_whole() {
        state.focus = Focus::ChiefPin;
        return Outcome::Stay;
    }
    if !state.proctor_pin.is_whole() {
        state.focus = Focus::ProctorPin;
        return Outcome::Stay;
    }
    state.proctor.row(data.proctors.len()).map_or(Outcome::Stay, |proctor| Outcome::Close {
        proctor,
        chief_pin: std::mem::take(&mut state.chief_pin),
        proctor_pin: std::mem::take(&mut state.proctor_pin),
    })
}

/// Draws the body; the cursor rests on the focus.
pub fn view(state: &State, data: &Data, pen: &mut Pen<'_>) -> Position {
    let look = pen.look();
    pen.text(1, 0, &fit(&tr!(look, "close-title", chief = data.chief.as_str()), 78), Role::Title);
    pen.rule(1);
    pen.text(2, 1, &fit(&format!(" {} ", data.session), 74), Role::Info);
    pen.text(2, 2, &tr!(look, "close-balance"), Role::Muted);
    pen.right(59, 2, &tr!(look, "close-left"), Role::Muted);
    pen.right(68, 2, &tr!(look, "close-right"), Role::Muted);
    for (y, equation) in (3..).zip(Equation::ALL) {
        let (left, b, c) = equation.terms(&data.counts);
        pen.text(3, y, &fit(&equation.words(&data.counts, look), 49), Role::Text);
        pen.text(52, y, &pad_left(&left.to_string(), 7), Role::Text);
        pen.text(61, y, &pad_left(&(b + c).to_string(), 7), Role::Text);
        match equation.off(&data.counts) {
            0 => pen.text(70, y, &tr!(look, "close-holds"), Role::Good),
            n => pen.text(70, y, &tr!(look, "close-off", n = n.to_string()), Role::Bad),
        };
    }
    pen.rule(6);
    pen.rule(11);
    pen.text(2, 18, &fit(&tr!(look, "close-consequence"), 76), Role::Muted);
    match data.off() {
        0 => {
            pen.text(2, 7, &tr!(look, "close-ready"), Role::Good);
            form(state, data, pen)
        }
        off => {
            pen.text(2, 7, &tr!(look, "close-blocked", n = off.to_string()), Role::Bad);
            differences(data, pen);
            pen.position(2, 7)
        }
    }
}

fn differences(data: &Data, pen: &mut Pen<'_>) {
    let look = pen.look();
    let off = |n: &AttendanceCounts| Equation::ALL.into_iter().map(|e| e.off(n)).sum::<u32>();
    let rooms = data.rooms.iter().map(|(room, n)| (room, off(n))).filter(|(_, n)| *n > 0);
    for (y, (room, n)) in (8..).zip(rooms.take(ROOMS)) {
        pen.text(3, y, &tr!(look, "close-off-room", room = room.as_str(), n = n.to_string()), Role::Text);
    }
}

fn form(state: &State, data: &Data, pen: &mut Pen<'_>) -> Position {
    let look = pen.look();
    if data.proctors.is_empty() {
        pen.text(2, FORM_ROW, &tr!(look, "close-no-proctor"), Role::Bad);
        return pen.position(2, FORM_ROW);
    }
    pen.text(2, FORM_ROW, &tr!(look, "close-who"), Role::Muted);
    let mut at_proctor = pen.position(4, FORM_ROW + 1);
    let sight = state.proctor.sight(data.proctors.len(), SIGHT);
    for (y, (n, name)) in (FORM_ROW + 1..).zip(data.proctors.iter().enumerate().skip(sight.start).take(sight.len())) {
        let selected = state.proctor.row(data.proctors.len()) == Some(n);
        let role = if selected { Role::Selection } else { Role::Text };
        let mark = if selected { ">" } else { " " };
        let digit = if n < 9 { format!("[{}]", n + 1) } else { "   ".to_owned() };
        pen.clear(Rect::new(2, y, 36, 1), role);
        pen.text(2, y, &pad(&format!("{mark} {digit} {name}"), 36), role);
        if selected {
            at_proctor = pen.position(4, y);
        }
    }
    pen.text(PIN_LEFT, FORM_ROW, &tr!(look, "close-pin-chief"), Role::Muted);
    pen.text(PIN_LEFT, FORM_ROW + 3, &tr!(look, "close-pin-proctor"), Role::Muted);
    for y in [FORM_ROW + 1, FORM_ROW + 4] {
        pen.text(PIN_LEFT - 1, y, "[", Role::Muted);
        pen.text(PIN_LEFT + 25, y, "]", Role::Muted);
    }
    let at_chief = state.chief_pin.draw(pen, PIN_LEFT, FORM_ROW + 1, 25, state.focus == Focus::ChiefPin);
    let at_witness = state.proctor_pin.draw(pen, PIN_LEFT, FORM_ROW + 4, 25, state.focus == Focus::ProctorPin);
    match state.focus {
        Focus::Proctor => at_proctor,
        Focus::ChiefPin => at_chief,
        Focus::ProctorPin => at_witness,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn data(handed_in: u32) -> Data {
        let counts = AttendanceCounts {
            registered: 60,
            void: 1,
            expected: 59,
            present: 55,
            late: 3,
            absent: 4,
            handed_in,
            removed: 0,
        };
        Data {
            session: "场次 1".into(),
            counts,
            rooms: Vec::new(),
            chief: "陈*".into(),
            proctors: vec!["王*".into(), "李*".into()],
        }
    }

    fn keys(state: &mut State, data: &Data, text: &str) -> Outcome {
        text.chars()
            .map(|c| if c == '\n' { Press::Do(Action::Enter) } else { Press::Char(c) })
            .map(|press| on_key(state, data, press))
            .last()
            .unwrap()
    }

    #[test]
    fn closing_takes_a_proctor_and_two_pins() {
        let mut state = State::default();
        let outcome = keys(&mut state, &data(55), "2135790\n246802\n");
        let Outcome::Close { proctor, chief_pin, proctor_pin } = outcome else { panic!("{outcome:?}") };
        assert_eq!((proctor, chief_pin.secret(), proctor_pin.secret()), (1, "135790", "246802"));
    }

    #[test]
    fn an_open_balance_asks_for_no_pin() {
        let open = data(52);
        assert_eq!(Equation::ALL.map(|e| e.off(&open.counts)), [0, 0, 3]);
        let mut state = State::default();
        assert_eq!(keys(&mut state, &open, "2135790\n246802\n"), Outcome::Stay);
        assert!(state.chief_pin.is_empty());
    }
}
