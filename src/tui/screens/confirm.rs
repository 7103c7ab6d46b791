//! One question before an act that cannot be taken back: what will happen, Enter, or Esc. An overlay.
//!
//! Where the act needs the person again, a PIN is asked for, and where it needs the site's keys, the site's passphrase;
//! the act waits until both are whole.

use super::super::Look;
use super::super::keymap::{Action, Press};
use super::super::text::fit;
use super::super::theme::Role;
use super::super::widgets::Pen;
use super::super::widgets::field::{Passphrase, Pin};
use crate::domain::ids::{RoomId, SessionNo};
use crate::tui::i18n::tr;
use ratatui::layout::{Position, Rect};

const BOX: Rect = Rect { x: 6, y: 5, width: 68, height: 9 };
/// Column of the fields.
const FIELD: u16 = BOX.x + 25;

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
    /// The site's passphrase is asked for.
    pub passphrase: bool,
    /// The demo shows its passphrase; nothing else may.
    pub demo_passphrase: Option<String>,
    /// The sessions that it can be about; none where it is about none.
    pub sessions: Vec<Session>,
}

/// A session that can be chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Its number.
    pub no: SessionNo,
    /// Number, certificate, start, people: what tells it from the others.
    pub title: String,
}

/// What is typed so far.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct State {
    pin: Pin,
    passphrase: Passphrase,
    second: bool,
    session: usize,
}

impl State {
    /// With this session of the list chosen.
    #[must_use]
    pub fn at(session: usize) -> Self {
        Self { session, ..Self::default() }
    }

    /// What is typed is forgotten; the session stays chosen.
    pub fn forget(&mut self) {
        *self = Self::at(self.session);
    }

    fn session(&self, data: &Data) -> Option<SessionNo> {
        data.sessions.get(self.session).map(|session| session.no)
    }

    fn turn(&mut self, data: &Data, by: usize) {
        self.session = (self.session + by).checked_rem(data.sessions.len()).unwrap_or(0);
    }

    /// The passphrase takes keys, not the PIN.
    fn at_passphrase(&self, data: &Data) -> bool {
        data.passphrase && (self.second || !data.pin)
    }
}

/// What was answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Nothing yet.
    Stay,
    /// No.
    Back,
    /// Yes, with what was asked for.
    Yes {
        /// The person's PIN.
        pin: Option<Pin>,
        /// The site's passphrase.
        passphrase: Option<Passphrase>,
        /// The session chosen.
        session: Option<SessionNo>,
    },
}

/// Interprets a key. Enter goes to the field that is not whole; with all of them it says yes.
pub fn on_key(state: &mut State, data: &Data, press: Press) -> Outcome {
    let second = state.at_passphrase(data);
    match press {
        Press::Do(Action::Back) => return Outcome::Back,
        Press::Do(Action::Enter) => return enter(state, data),
        Press::Do(Action::Down) => state.turn(data, 1),
        Press::Do(Action::Up) => state.turn(data, data.sessions.len().saturating_sub(1)),
        // With one field, or none, Tab has no other field to go to.
        Press::Do(Action::Next) if !(data.pin && data.passphrase) => state.turn(data, 1),
        Press::Do(Action::Next | Action::Previous) => state.second = !second,
        Press::Char(c) if second => state.passphrase.insert(c),
        Press::Char(c) if data.pin => state.pin.insert(c),
        Press::Do(action) if second => state.passphrase.edit(action),
        Press::Do(action) => state.pin.edit(action),
        Press::Pending | Press::Nothing | Press::Char(_) => {}
    }
    Outcome::Stay
}

fn enter(state: &mut State, data: &Data) -> Outcome {
    let (no_pin, no_passphrase) = (data.pin && !state.pin.is_whole(), data.passphrase && state.passphrase.is_empty());
    if no_pin || no_passphrase {
        state.second = !no_pin;
        return Outcome::Stay;
    }
    Outcome::Yes {
        session: state.session(data),
        pin: data.pin.then(|| std::mem::take(&mut state.pin)),
        passphrase: data.passphrase.then(|| std::mem::take(&mut state.passphrase)),
    }
}

/// Draws the overlay; the cursor rests in the PIN field or on the question.
pub fn view(state: &State, data: &Data, pen: &mut Pen<'_>) -> Position {
    let look = pen.look();
    let (title, text) = data.act.words(look);
    pen.frame(BOX, Role::Text);
    let room = usize::from(BOX.width) - 6;
    pen.text(BOX.x + 3, BOX.y + 1, &fit(&title, room), Role::Title);
    if let Some(session) = data.sessions.get(state.session) {
        let place = format!("  ({}/{})", state.session + 1, data.sessions.len());
        let place = if data.sessions.len() > 1 { place } else { String::new() };
        let wide = room.saturating_sub(place.len());
        pen.text(BOX.x + 3, BOX.y + 2, &format!("{}{place}", fit(&session.title, wide)), Role::Info);
    }
    pen.text(BOX.x + 3, BOX.y + 3, &fit(&text, room), Role::Text);
    pen.text(BOX.x + 3, BOX.y + 7, &tr!(look, "confirm-keys"), Role::Muted);
    let second = state.at_passphrase(data);
    let mut cursor = pen.position(BOX.x + 3, BOX.y + 1);
    let mut y = BOX.y + 5;
    if data.pin {
        pen.text(BOX.x + 3, y, &tr!(look, "confirm-pin"), Role::Text);
        let at = state.pin.draw(pen, FIELD, y, 25, !second);
        cursor = if second { cursor } else { at };
        y += 1;
    }
    if data.passphrase {
        pen.text(BOX.x + 3, y, &tr!(look, "confirm-passphrase"), Role::Text);
        let at = state.passphrase.draw(pen, FIELD, y, 40, second);
        cursor = if second { at } else { cursor };
        if let Some(words) = &data.demo_passphrase {
            let shown = tr!(look, "demo-passphrase", passphrase = words.as_str());
            pen.text(FIELD, BOX.y + 4, &fit(&shown, 40), Role::Warn);
        }
    }
    cursor
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_act_with_a_pin_waits_for_a_whole_one() {
        let data = Data { act: Act::Quit, pin: true, passphrase: false, demo_passphrase: None, sessions: vec![] };
        let mut state = State::default();
        assert_eq!(on_key(&mut state, &data, Press::Do(Action::Enter)), Outcome::Stay);
        for c in "135790".chars() {
            on_key(&mut state, &data, Press::Char(c));
        }
        let outcome = on_key(&mut state, &data, Press::Do(Action::Enter));
        assert!(matches!(outcome, Outcome::Yes { pin: Some(_), passphrase: None, session: None }));
        assert_eq!(on_key(&mut state, &data, Press::Do(Action::Back)), Outcome::Back);
        let plain = Data { act: Act::Start, pin: false, passphrase: false, demo_passphrase: None, sessions: vec![] };
        let yes = Outcome::Yes { pin: None, passphrase: None, session: None };
        assert_eq!(on_key(&mut state, &plain, Press::Do(Action::Enter)), yes);
    }

    #[test]
    fn a_question_names_its_session_and_arrows_choose_another() {
        let session = |n: u8| Session { no: SessionNo::try_from(n).unwrap(), title: format!("场次 {n}") };
        let sessions: Vec<Session> = (1..=3).map(session).collect();
        let data = Data { act: Act::Start, pin: false, passphrase: false, demo_passphrase: None, sessions };
        let mut state = State::at(1);
        for (action, chosen) in [(Action::Down, 3), (Action::Down, 1), (Action::Up, 3), (Action::Next, 1)] {
            on_key(&mut state, &data, Press::Do(action));
            assert_eq!(state.session(&data).map(SessionNo::get), Some(chosen), "{action:?}");
        }
        let Outcome::Yes { session, .. } = on_key(&mut state, &data, Press::Do(Action::Enter)) else { panic!() };
        assert_eq!(session.map(SessionNo::get), Some(1));
        let mut typed = State::at(2);
        typed.pin.insert('1');
        typed.forget();
        assert_eq!(typed, State::at(2), "a PIN that nobody finished takes no session with it");
    }

    #[test]
    fn opening_with_site_keys_takes_the_passphrase_too() {
        let data = Data { act: Act::Open, pin: true, passphrase: true, demo_passphrase: None, sessions: vec![] };
        let mut state = State::default();
        let mut type_in = |text: &str| {
            for c in text.chars() {
                on_key(&mut state, &data, Press::Char(c));
            }
            on_key(&mut state, &data, Press::Do(Action::Enter))
        };
        assert_eq!(type_in("135790"), Outcome::Stay);
        let Outcome::Yes { pin: Some(pin), passphrase: Some(passphrase), .. } = type_in("slow red 9") else { panic!() };
        assert_eq!((pin.secret(), passphrase.secret()), ("135790", "slow red 9"));
        let alone = Data { act: Act::Open, pin: false, passphrase: true, demo_passphrase: None, sessions: vec![] };
        let mut state = State::default();
        assert_eq!(on_key(&mut state, &alone, Press::Do(Action::Enter)), Outcome::Stay);
        on_key(&mut state, &alone, Press::Char('x'));
        let outcome = on_key(&mut state, &alone, Press::Do(Action::Enter));
        assert!(matches!(outcome, Outcome::Yes { pin: None, passphrase: Some(_), .. }));
    }
}
