//! 3.1 Unlock: who acts from now on.
//!
//! A digit picks the person, then digits are the PIN. A wrong PIN says so and empties the field; after five the next one
//! has to wait. Names are masked: the glass is public.

use super::super::keymap::{Action, Press};
use super::super::text::{fit, pad};
use super::super::theme::Role;
use super::super::widgets::Pen;
use super::super::widgets::field::Pin;
use super::super::widgets::header::{Phase, phase_word, role_word};
use super::super::widgets::table::Cursor;
use super::super::widgets::tries::Tries;
use crate::domain::crew;
use crate::domain::ids::DeskId;
use crate::tui::i18n::tr;
use ratatui::layout::{Position, Rect};

/// People in sight at once.
const SIGHT: usize = 9;
const LIST: Rect = Rect { x: 6, y: 7, width: 32, height: 11 };
const PIN: Rect = Rect { x: 49, y: 7, width: 29, height: 3 };

/// One member of the crew.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// First character and a star.
    pub masked: String,
    /// As what.
    pub role: crew::Role,
    /// The demo shows its PINs; nothing else may.
    pub demo_pin: Option<String>,
    /// What stands against guessing, where tries are counted.
    pub tries: Option<Tries>,
}

impl Person {
    /// Whether a PIN of this person is compared now.
    #[must_use]
    pub fn open(&self) -> bool {
        self.tries.is_none_or(Tries::open)
    }
}

/// Facts of this draw.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Data {
    /// The site's name.
    pub site: String,
    /// This desk.
    pub desk: DeskId,
    /// What the session is doing, if one is served.
    pub phase: Option<Phase>,
    /// Everybody who may act here.
    pub people: Vec<Person>,
    /// Taps are judged although nobody is signed in (after a lock, not after a start).
    pub judged: bool,
}

/// What the last PIN came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Notice {
    /// Nothing was tried.
    #[default]
    None,
    /// It is being compared.
    Checking,
    /// It was wrong.
    Wrong,
}

/// The person under the cursor and the PIN as far as it is typed.
#[derive(Debug, Clone, Default)]
pub struct State {
    people: Cursor,
    pin: Pin,
    typing: bool,
    /// What the last PIN came to; the root sets it.
    pub notice: Notice,
}

impl State {
    /// Empties the PIN field and says that it was wrong.
    pub fn refuse(&mut self) {
        self.pin.clear();
        self.notice = Notice::Wrong;
    }

    /// Nobody was picked and nothing typed: one step back leaves the screen.
    #[must_use]
    pub fn is_untouched(&self) -> bool {
        !self.typing && self.notice == Notice::None
    }

    /// Forgets the PIN: twenty seconds passed without a key.
    pub fn expire(&mut self) {
        self.pin.clear();
    }
}

/// What was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Nothing yet.
    Stay,
    /// Compare this PIN for this person, by position in [`Data::people`].
    SignIn {
        /// Who.
        person: usize,
        /// The PIN.
        pin: Pin,
    },
}

/// Interprets a key.
pub fn on_key(state: &mut State, data: &Data, press: Press) -> Outcome {
    let people = data.people.len();
    if state.notice == Notice::Checking {
        return Outcome::Stay;
    }
    match press {
        Press::Char(c) if state.typing => {
            state.notice = Notice::None;
            state.pin.insert(c);
        }
        Press::Char(c) => {
            let picked = c.to_digit(10).and_then(|d| (d as usize).checked_sub(1)).filter(|n| *n < people);
            if let Some(person) = picked {
                state.people.go(person, people, SIGHT);
                state.typing = true;
            }
        }
        Press::Do(Action::Up) => state.people.step(-1, people, SIGHT),
        Press::Do(Action::Down) => state.people.step(1, people, SIGHT),
        Press::Do(Action::Back) => *state = State { people: state.people, ..State::default() },
        Press::Do(Action::Enter) if state.typing && state.pin.is_whole() => {
            let row = state.people.row(people);
            if let Some(person) = row.filter(|n| data.people.get(*n).is_some_and(Person::open)) {
                state.notice = Notice::Checking;
                return Outcome::SignIn { person, pin: std::mem::take(&mut state.pin) };
            }
        }
        Press::Do(Action::Enter) => state.typing = people > 0,
        Press::Do(action) => state.pin.edit(action),
        Press::Pending | Press::Nothing => {}
    }
    Outcome::Stay
}

/// Draws the body; the cursor rests on the person or in the PIN field.
pub fn view(state: &State, data: &Data, pen: &mut Pen<'_>) -> Position {
    let look = pen.look();
    pen.frame(Rect::new(23, 0, 34, 5), Role::Text);
    let mut title = pen.within(Rect::new(24, 0, 32, 5));
    title.centre(1, &fit(&tr!(look, "unlock-title", site = data.site.as_str()), 30), Role::Title);
    let phase = data.phase.map(|p| phase_word(p, look)).unwrap_or_default();
    let desk = tr!(look, "unlock-desk", desk = format!("{:02}", data.desk.get()), phase = phase);
    title.centre(3, &fit(desk.trim_end(), 30), Role::Text);

    pen.text(LIST.x, 6, &tr!(look, "unlock-who"), Role::Text);
    pen.text(PIN.x, 6, &tr!(look, "unlock-pin"), Role::Text);
    let at_person = people(state, data, pen);
    pen.frame(PIN, Role::Text);
    let at_pin = state.pin.draw(pen, PIN.x + 2, PIN.y + 1, PIN.width - 4, state.typing);
    let (notice, role) = match state.notice {
        Notice::None => (String::new(), Role::Muted),
        Notice::Checking => (tr!(look, "unlock-checking"), Role::Info),
        Notice::Wrong => (tr!(look, "unlock-wrong"), Role::Bad),
    };
    pen.text(PIN.x, PIN.y + 3, &notice, role);
    let taps = if data.judged { tr!(look, "unlock-taps") } else { tr!(look, "unlock-taps-wait") };
    pen.text(PIN.x, PIN.y + 5, &taps, Role::Muted);
    let person = state.people.row(data.people.len()).and_then(|n| data.people.get(n));
    if let Some(tries) = person.and_then(|person| person.tries) {
        let (words, role) = tries.words(look);
        pen.text(PIN.x, PIN.y + 4, &words, role);
    }
    if let Some(pin) = person.and_then(|person| person.demo_pin.as_ref()) {
        pen.text(PIN.x, PIN.y + 7, &tr!(look, "unlock-demo-pin", pin = pin.as_str()), Role::Warn);
    }
    if state.typing { at_pin } else { at_person }
}

fn people(state: &State, data: &Data, pen: &mut Pen<'_>) -> Position {
    let look = pen.look();
    if data.people.is_empty() {
        pen.text(LIST.x, LIST.y + 1, &tr!(look, "unlock-empty"), Role::Bad);
        return pen.position(LIST.x, LIST.y + 1);
    }
    let sight = state.people.sight(data.people.len(), SIGHT);
    let height = u16::try_from(sight.len() + 2).unwrap_or(LIST.height);
    pen.frame(Rect { height, ..LIST }, Role::Text);
    let mut cursor = pen.position(LIST.x + 3, LIST.y + 1);
    for (y, (n, person)) in (LIST.y + 1..).zip(data.people.iter().enumerate().skip(sight.start).take(sight.len())) {
        let selected = Some(n) == state.people.row(data.people.len());
        let role = if selected { Role::Selection } else { Role::Text };
        let mark = if selected { ">" } else { " " };
        // The tenth and later are reached by arrows.
        let digit = if n < 9 { format!("[{}]", n + 1) } else { "   ".to_owned() };
        let line = format!("{mark} {digit} {}  {}", person.masked, role_word(person.role, look));
        pen.text(LIST.x + 1, y, &pad(&line, usize::from(LIST.width) - 2), role);
        if selected {
            cursor = pen.position(LIST.x + 3, y);
        }
    }
    cursor
}

#[cfg(test)]
mod tests {
    use super::*;

    fn data() -> Data {
        let tries = Some(Tries::FULL);
        let person = |masked: &str| Person { masked: masked.into(), role: crew::Role::Proctor, demo_pin: None, tries };
        Data {
            site: "滨江考点".into(),
            desk: DeskId::try_from(2).unwrap(),
            phase: None,
            people: vec![person("王*"), person("李*")],
            judged: false,
        }
    }

    fn type_all(state: &mut State, text: &str) -> Outcome {
        for c in text.chars() {
            assert_eq!(on_key(state, &data(), Press::Char(c)), Outcome::Stay);
        }
        on_key(state, &data(), Press::Do(Action::Enter))
    }

    #[test]
    fn a_digit_picks_the_person_and_then_digits_are_the_pin() {
        let mut state = State::default();
        let Outcome::SignIn { person, pin } = type_all(&mut state, "2135790") else { panic!("expected a sign-in") };
        assert_eq!((person, pin.secret()), (1, "135790"));
        assert_eq!(on_key(&mut state, &data(), Press::Char('1')), Outcome::Stay, "while the PIN is compared");
        state.refuse();
        assert_eq!(state.notice, Notice::Wrong);
        assert!(
            matches!(type_all(&mut state, "246802"), Outcome::SignIn { person: 1, .. }),
            "no wait after a wrong PIN"
        );
    }

    #[test]
    fn whoever_must_wait_signs_in_afterwards_with_what_was_typed() {
        let mut waits = data();
        waits.people[0].tries = Some(Tries { left: 0, wait: 15 });
        let mut state = State::default();
        assert_eq!(type_all(&mut state, "1"), Outcome::Stay);
        for c in "135790".chars() {
            on_key(&mut state, &waits, Press::Char(c));
        }
        assert_eq!(on_key(&mut state, &waits, Press::Do(Action::Enter)), Outcome::Stay);
        assert!(matches!(on_key(&mut state, &data(), Press::Do(Action::Enter)), Outcome::SignIn { person: 0, .. }));
    }

    #[test]
    fn a_short_pin_and_an_unknown_digit_ask_for_nothing() {
        let mut state = State::default();
        assert_eq!(type_all(&mut state, "9"), Outcome::Stay);
        assert_eq!(type_all(&mut state, "12345"), Outcome::Stay);
        assert!(matches!(type_all(&mut state, "6"), Outcome::SignIn { person: 0, .. }));
    }
}
