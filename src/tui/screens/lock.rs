//! Lock: the desk without its operator. Everything under it is blank, taps go on, and only a PIN ends it.
//!
//! The one who locked is asked first; anybody of the crew may take over with a PIN of their own.

use super::super::keymap::{Action, Press};
use super::super::text::fit;
use super::super::theme::Role;
use super::super::widgets::Pen;
use super::super::widgets::field::Pin;
use super::super::widgets::header::role_word;
use super::super::widgets::tries::Tries;
use super::unlock::{Notice, Person};
use crate::tui::i18n::tr;
use ratatui::layout::{Position, Rect};

const BOX: Rect = Rect { x: 16, y: 5, width: 48, height: 10 };

/// Why the desk is locked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// Somebody asked for it.
    Asked,
    /// Nobody touched a key for so many minutes.
    Idle(u32),
}

/// Facts of this draw.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Data {
    /// Everybody who may act here.
    pub people: Vec<Person>,
    /// Who was acting, by position in [`Data::people`].
    pub locked: usize,
    /// Why.
    pub why: Why,
    /// What was begun and waits, in words; the draft is kept.
    pub unfinished: Option<String>,
    /// Taps are judged meanwhile.
    pub judged: bool,
}

/// Who unlocks, and the PIN as far as it is typed.
#[derive(Debug, Clone, Default)]
pub struct State {
    person: Option<usize>,
    pin: Pin,
    /// What the last PIN came to; the root sets it.
    pub notice: Notice,
}

impl State {
    /// Empties the PIN field and says that it was wrong.
    pub fn refuse(&mut self) {
        self.pin.clear();
        self.notice = Notice::Wrong;
    }

    /// Forgets the PIN: twenty seconds passed without a key.
    pub fn expire(&mut self) {
        self.pin.clear();
    }

    fn who(&self, data: &Data) -> usize {
        self.person.unwrap_or(data.locked)
    }
}

/// What was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Nothing yet.
    Stay,
    /// Compare this PIN for this person; who it is acts from then on.
    Unlock {
        /// Position in [`Data::people`].
        person: usize,
        /// The PIN.
        pin: Pin,
    },
}

/// Interprets a key.
pub fn on_key(state: &mut State, data: &Data, press: Press) -> Outcome {
    if state.notice == Notice::Checking {
        return Outcome::Stay;
    }
    let person = state.who(data);
    match press {
        Press::Char(c) => {
            state.notice = Notice::None;
            state.pin.insert(c);
        }
        Press::Do(Action::Enter) if state.pin.is_whole() => {
            if data.people.get(person).is_some_and(Person::open) {
                state.notice = Notice::Checking;
                return Outcome::Unlock { person, pin: std::mem::take(&mut state.pin) };
            }
        }
        Press::Do(Action::Up) => turn(state, data, data.people.len().saturating_sub(1)),
        Press::Do(Action::Down) => turn(state, data, 1),
        Press::Do(Action::Back) => *state = State { person: state.person, ..State::default() },
        Press::Do(action) => state.pin.edit(action),
        Press::Pending | Press::Nothing => {}
    }
    Outcome::Stay
}

/// Another person unlocks; what was typed was not theirs.
fn turn(state: &mut State, data: &Data, by: usize) {
    let person = (state.who(data) + by).checked_rem(data.people.len());
    *state = State { person, ..State::default() };
}

/// Draws over everything; the cursor rests in the PIN field.
pub fn view(state: &State, data: &Data, pen: &mut Pen<'_>) -> Position {
    let look = pen.look();
    pen.fill(Role::Text);
    pen.frame(BOX, Role::Text);
    let (x, room) = (BOX.x + 3, usize::from(BOX.width) - 6);
    let person = data.people.get(state.who(data));
    let who = person.map(|person| format!("{} {}", person.masked, role_word(person.role, look))).unwrap_or_default();
    let why = match data.why {
        Why::Asked => String::new(),
        Why::Idle(minutes) => tr!(look, "lock-idle", n = minutes.to_string()),
    };
    pen.text(x, BOX.y + 1, &fit(&format!("{}   {who}   {why}", tr!(look, "lock-title")), room), Role::Title);
    if let Some(what) = &data.unfinished {
        pen.text(x, BOX.y + 2, &fit(&tr!(look, "lock-unfinished", what = what.as_str()), room), Role::Text);
    }
    pen.text(x, BOX.y + 4, "PIN", Role::Text);
    let cursor = state.pin.draw(pen, x + 5, BOX.y + 4, 25, true);
    let tries = person.and_then(|person| person.tries).map(|tries| Tries::words(tries, look));
    let (words, role) = match state.notice {
        Notice::Checking => (tr!(look, "unlock-checking"), Role::Info),
        Notice::Wrong => (tr!(look, "unlock-wrong"), Role::Bad),
        Notice::None => person.and_then(|p| p.demo_pin.as_ref()).map_or_else(
            || (String::new(), Role::Muted),
            |pin| (tr!(look, "unlock-demo-pin", pin = pin.as_str()), Role::Warn),
        ),
    };
    pen.text(x, BOX.y + 5, &fit(&words, room), role);
    if let Some((words, role)) = tries {
        pen.text(x, BOX.y + 6, &words, role);
    }
    if data.judged {
        pen.text(x, BOX.y + 7, &fit(&tr!(look, "unlock-taps"), room), Role::Text);
    }
    pen.text(x, BOX.y + 8, &fit(&tr!(look, "lock-switch"), room), Role::Muted);
    cursor
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::crew;

    fn data() -> Data {
        let person = |masked: &str| Person {
            masked: masked.into(),
            role: crew::Role::Proctor,
            demo_pin: None,
            tries: Some(Tries::FULL),
        };
        Data {
            people: vec![person("王*"), person("李*")], locked: 1, why: Why::Asked, unfinished: None, judged: true
        }
    }

    fn keys(state: &mut State, data: &Data, text: &str) -> Outcome {
        let press = |c| if c == '\n' { Press::Do(Action::Enter) } else { Press::Char(c) };
        text.chars().map(|c| on_key(state, data, press(c))).last().unwrap()
    }

    #[test]
    fn the_one_who_locked_is_asked_and_another_may_take_over() {
        let mut state = State::default();
        assert!(matches!(keys(&mut state, &data(), "135790\n"), Outcome::Unlock { person: 1, .. }));
        assert_eq!(keys(&mut state, &data(), "1\n"), Outcome::Stay, "while the PIN is compared");
        state.refuse();
        assert!(state.pin.is_empty());
        keys(&mut state, &data(), "24");
        on_key(&mut state, &data(), Press::Do(Action::Down));
        assert!(state.pin.is_empty(), "what was typed was not theirs");
        assert!(matches!(keys(&mut state, &data(), "246802\n"), Outcome::Unlock { person: 0, .. }));
        assert_eq!((state.who(&data()), data().people.len()), (0, 2));
    }

    #[test]
    fn no_key_ends_a_lock_but_a_whole_pin() {
        let mut state = State::default();
        for action in Action::ALL {
            assert_eq!(on_key(&mut state, &data(), Press::Do(action)), Outcome::Stay);
        }
        assert_eq!(keys(&mut state, &data(), "12345\n"), Outcome::Stay);
        let mut waits = data();
        waits.people.iter_mut().for_each(|person| person.tries = Some(Tries { left: 0, wait: 30 }));
        assert_eq!(keys(&mut state, &waits, "6\n"), Outcome::Stay);
    }
}
