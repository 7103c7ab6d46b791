//! Chief and proctor set a reason aside (特殊放行): why, and one PIN after the other. An overlay.
//!
//! The first PIN is told to the desk and written nowhere; the second one within the witness window lets the person pass,
//! and only then is anything recorded. Where the roster has no row, one is looked up.

use super::super::Look;
use super::super::keymap::{Action, Press};
use super::super::text::{fit, pad};
use super::super::theme::Role;
use super::super::widgets::Pen;
use super::super::widgets::field::{Field, Pin};
use super::super::widgets::header::role_word;
use super::super::widgets::pick::Pick;
use super::roster::Row;
use crate::domain::by_hand::LiftReason;
use crate::domain::crew::Role as Crew;
use crate::domain::ids::{AdmissionNo, Code, PaperRef};
use crate::tui::i18n::tr;
use ratatui::layout::{Position, Rect};

const BOX: Rect = Rect { x: 3, y: 2, width: 74, height: 16 };
const LEFT: u16 = BOX.x + 3;
/// Column of the fields.
const FIELD: u16 = LEFT + 15;

/// Somebody who may speak.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// Masked name.
    pub masked: String,
    /// Chief or proctor.
    pub role: Crew,
}

/// Facts of this draw.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Data {
    /// What is set aside.
    pub code: Code,
    /// What it says to the proctor.
    pub headline: String,
    /// Rows that the search found, where one has to be chosen.
    pub found: Option<Vec<Row>>,
    /// Chief and proctors, in the order drawn.
    pub people: Vec<Person>,
    /// Who acts here, by position in [`Data::people`].
    pub acting: Option<usize>,
    /// Who has spoken, by position in [`Data::people`].
    pub first: Option<usize>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Focus {
    Row,
    Reason,
    Note,
    Person,
    Pin,
}

/// What is chosen and typed so far.
#[derive(Debug, Clone)]
pub struct State {
    focus: Option<Focus>,
    pick: Pick,
    reason: Option<usize>,
    note: Field,
    person: Option<usize>,
    pin: Pin,
}

impl Default for State {
    fn default() -> Self {
        Self {
            focus: None,
            pick: Pick::default(),
            reason: None,
            note: Field::new(10),
            person: None,
            pin: Pin::default(),
        }
    }
}

impl State {
    /// A form in which a row was looked up already.
    #[must_use]
    pub fn with_row(text: &str) -> Self {
        let mut state = Self::default();
        state.pick.set(text);
        state
    }

    /// What to search for.
    #[must_use]
    pub fn query(&self) -> &str {
        self.pick.query()
    }

    /// The other one of the two is asked now, or the same one again.
    pub fn ask_again(&mut self) {
        self.person = None;
        self.forget();
    }

    /// Forgets the PIN.
    pub fn forget(&mut self) {
        self.pin.clear();
    }

    fn reason(&self) -> Option<LiftReason> {
        self.reason.and_then(|n| LiftReason::ALL.get(n)).copied()
    }

    fn fields(&self, data: &Data) -> Vec<Focus> {
        let second = data.first.is_some();
        let note = self.reason().is_some_and(LiftReason::needs_note);
        [
            (Focus::Row, data.found.is_some() && !second),
            (Focus::Reason, !second),
            (Focus::Note, note && !second),
            (Focus::Person, true),
            (Focus::Pin, true),
        ]
        .into_iter()
        .filter_map(|(focus, there)| there.then_some(focus))
        .collect()
    }

    fn focus(&self, data: &Data) -> Focus {
        let fields = self.fields(data);
        match self.focus.filter(|focus| fields.contains(focus)) {
            Some(focus) => focus,
            None if data.first.is_some() => Focus::Pin,
            None => fields.first().copied().unwrap_or(Focus::Pin),
        }
    }

    /// Who speaks: whoever acts here first, then somebody of the other role.
    fn speaks(&self, data: &Data) -> usize {
        let other = data.first.and_then(|first| {
            let role = data.people.get(first)?.role;
            data.people.iter().position(|person| person.role != role)
        });
        self.person.or(other).or(data.acting.filter(|_| data.first.is_none())).unwrap_or(0)
    }

    fn step(&mut self, data: &Data, by: isize) {
        let fields = self.fields(data);
        let focus = self.focus(data);
        let at = fields.iter().position(|field| *field == focus).unwrap_or(0);
        let next = at.saturating_add_signed(by).min(fields.len().saturating_sub(1));
        self.focus = fields.get(next).copied();
    }
}

/// What was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Nothing yet.
    Stay,
    /// Back to the verdict.
    Back,
    /// The first person speaks.
    First {
        /// Why.
        reason: LiftReason,
        /// The paper that says more.
        note: Option<PaperRef>,
        /// The row chosen.
        chosen: Option<AdmissionNo>,
        /// Position in [`Data::people`].
        person: usize,
        /// The PIN.
        pin: Pin,
    },
    /// The second one agrees.
    Second {
        /// Position in [`Data::people`].
        person: usize,
        /// The PIN.
        pin: Pin,
    },
}

/// Interprets a key. Enter goes on to what is missing; with everything there it asks.
pub fn on_key(state: &mut State, data: &Data, press: Press) -> Outcome {
    let focus = state.focus(data);
    match (press, focus) {
        (Press::Do(Action::Back), _) => return Outcome::Back,
        (Press::Do(Action::Enter), _) => return enter(state, data),
        (Press::Do(Action::Next), _) => state.step(data, 1),
        (Press::Do(Action::Previous), _) => state.step(data, -1),
        (press, Focus::Row) => state.pick.on_key(data.found.as_deref().unwrap_or_default(), press),
        (Press::Char(c), Focus::Reason) => {
            let picked = c.to_digit(10).and_then(|n| usize::try_from(n).ok()?.checked_sub(1));
            if let Some(n) = picked.filter(|n| *n < LiftReason::ALL.len()) {
                state.reason = Some(n);
                state.step(data, 1);
            }
        }
        (Press::Char(c), Focus::Note) => drop(state.note.insert(c.to_ascii_uppercase())),
        (Press::Do(action), Focus::Note) => drop(state.note.edit(action)),
        (Press::Do(action @ (Action::Up | Action::Down)), Focus::Person | Focus::Pin) => {
            let (at, most) = (state.speaks(data), data.people.len().saturating_sub(1));
            let next = if action == Action::Up { at.saturating_sub(1) } else { (at + 1).min(most) };
            state.person = Some(next);
            state.forget();
        }
        (Press::Char(c), Focus::Person | Focus::Pin) => {
            state.focus = Some(Focus::Pin);
            state.pin.insert(c);
        }
        (Press::Do(action), Focus::Pin) => state.pin.edit(action),
        (Press::Do(_) | Press::Pending | Press::Nothing, _) => {}
    }
    Outcome::Stay
}

fn enter(state: &mut State, data: &Data) -> Outcome {
    let chosen = data.found.as_deref().and_then(|found| state.pick.cand(found));
    let note = PaperRef::parse(state.note.text()).ok();
    let needs_note = state.reason().is_some_and(LiftReason::needs_note);
    let missing = [
        (Focus::Row, data.first.is_none() && data.found.is_some() && chosen.is_none()),
        (Focus::Reason, data.first.is_none() && state.reason().is_none()),
        (Focus::Note, data.first.is_none() && needs_note && note.is_none()),
        (Focus::Pin, !state.pin.is_whole()),
    ];
    if let Some((focus, _)) = missing.into_iter().find(|(_, missing)| *missing) {
        state.focus = Some(focus);
        return Outcome::Stay;
    }
    let person = state.speaks(data);
    let pin = std::mem::take(&mut state.pin);
    match (data.first, state.reason()) {
        (Some(_), _) => Outcome::Second { person, pin },
        (None, Some(reason)) => Outcome::First { reason, note: note.filter(|_| needs_note), chosen, person, pin },
        (None, None) => Outcome::Stay,
    }
}

/// A reason in words.
#[must_use]
pub fn reason_word(reason: LiftReason, look: &Look<'_>) -> String {
    match reason {
        LiftReason::DocumentRenewal => tr!(look, "lift-document-renewal"),
        LiftReason::NameCorrection => tr!(look, "lift-name-correction"),
        LiftReason::OfficeCleared => tr!(look, "lift-office-cleared"),
        LiftReason::Traffic => tr!(look, "lift-traffic"),
        LiftReason::Weather => tr!(look, "lift-weather"),
        LiftReason::Illness => tr!(look, "lift-illness"),
        LiftReason::SiteFault => tr!(look, "lift-site-fault"),
        LiftReason::OrganisationInstruction => tr!(look, "lift-organisation"),
        LiftReason::Other => tr!(look, "lift-other"),
    }
}

/// Draws the overlay; the cursor rests in the field that takes keys.
pub fn view(state: &State, data: &Data, pen: &mut Pen<'_>) -> Position {
    let look = pen.look();
    let focus = state.focus(data);
    let room = usize::from(BOX.width) - 6;
    pen.frame(BOX, Role::Text);
    pen.text(LEFT, BOX.y + 1, &fit(&tr!(look, "lift-title", code = data.code.to_string()), room), Role::Title);
    pen.text(LEFT, BOX.y + 2, &fit(&data.headline, room), Role::Muted);
    let mut cursor = pen.position(LEFT, BOX.y + 1);
    let mut y = BOX.y + 4;
    if data.first.is_none() {
        if let Some(found) = &data.found {
            pen.text(LEFT, y, &tr!(look, "lift-row"), Role::Text);
            let at = state.pick.draw(found, pen, FIELD, y, 53);
            cursor = if focus == Focus::Row { at } else { cursor };
            y += 4;
        }
        pen.text(LEFT, y, &tr!(look, "lift-reason"), Role::Text);
        for (n, reason) in LiftReason::ALL.iter().enumerate() {
            let (column, line) = (u16::try_from(n % 3).unwrap_or(0), u16::try_from(n / 3).unwrap_or(0));
            let picked = state.reason == Some(n);
            let role = if picked { Role::Selection } else { Role::Text };
            let words = pad(&fit(&format!("{} {}", n + 1, reason_word(*reason, look)), 17), 17);
            pen.text(FIELD + 18 * column, y + line, &words, role);
        }
        if focus == Focus::Reason {
            cursor = pen.position(FIELD, y);
        }
        y += 3;
        if state.reason().is_some_and(LiftReason::needs_note) {
            pen.text(LEFT, y, &tr!(look, "lift-note"), Role::Text);
            let at = state.note.draw(pen, FIELD, y, 14);
            cursor = if focus == Focus::Note { at } else { cursor };
        }
    } else if let Some(first) = data.first.and_then(|n| data.people.get(n)) {
        let words = tr!(look, "lift-first", name = first.masked.as_str(), role = role_word(first.role, look));
        pen.text(LEFT, y, &fit(&words, room), Role::Good);
    }
    let y = BOX.y + 12;
    let label = if data.first.is_none() { tr!(look, "lift-one") } else { tr!(look, "lift-two") };
    pen.text(LEFT, y, &label, Role::Text);
    if let Some(person) = data.people.get(state.speaks(data)) {
        let words = format!("{} {}", person.masked, role_word(person.role, look));
        let role = if focus == Focus::Person { Role::Selection } else { Role::Text };
        pen.text(FIELD, y, &fit(&words, 20), role);
        if focus == Focus::Person {
            cursor = pen.position(FIELD, y);
        }
    }
    pen.text(FIELD + 22, y, "PIN", Role::Text);
    let at = state.pin.draw(pen, FIELD + 26, y, 25, focus == Focus::Pin);
    cursor = if focus == Focus::Pin { at } else { cursor };
    pen.text(LEFT, BOX.y + 14, &fit(&tr!(look, "lift-keys"), room), Role::Muted);
    cursor
}

#[cfg(test)]
mod tests {
    use super::*;

    fn data(first: Option<usize>) -> Data {
        let person = |masked: &str, role| Person { masked: masked.into(), role };
        let people = vec![person("王*", Crew::Proctor), person("李*", Crew::Proctor), person("陈*", Crew::Chief)];
        Data { code: Code(27), headline: String::new(), found: None, people, acting: Some(0), first }
    }

    fn typed(state: &mut State, data: &Data, text: &str) -> Outcome {
        for c in text.chars() {
            on_key(state, data, Press::Char(c));
        }
        on_key(state, data, Press::Do(Action::Enter))
    }

    #[test]
    fn the_first_person_gives_a_reason_and_a_pin() {
        let (mut state, data) = (State::default(), data(None));
        assert_eq!(on_key(&mut state, &data, Press::Do(Action::Enter)), Outcome::Stay);
        let Outcome::First { reason, note, chosen, person, pin } = typed(&mut state, &data, "3135790") else {
            panic!()
        };
        assert_eq!((reason, note, chosen, person), (LiftReason::OfficeCleared, None, None, 0));
        assert_eq!(pin.secret(), "135790");
        assert!(state.pin.is_empty(), "it is not kept");
    }

    #[test]
    fn the_second_one_is_of_the_other_role_and_gives_a_pin_alone() {
        for (first, second) in [(0, 2), (1, 2), (2, 0)] {
            let (mut state, data) = (State::default(), data(Some(first)));
            let Outcome::Second { person, .. } = typed(&mut state, &data, "135790") else { panic!() };
            assert_eq!(person, second);
        }
    }

    #[test]
    fn the_reason_other_waits_for_the_number_of_a_paper() {
        let (mut state, data) = (State::default(), data(None));
        assert_eq!(typed(&mut state, &data, "9"), Outcome::Stay);
        assert_eq!(typed(&mut state, &data, "qk-31"), Outcome::Stay, "a PIN is missing");
        let Outcome::First { note, .. } = typed(&mut state, &data, "135790") else { panic!() };
        assert_eq!(note.map(String::from).as_deref(), Some("QK-31"));
    }
}
