//! 3.12 Manual check-in (人工核验): a document that no reader reads, typed by two people; or no document at all.
//!
//! The number is typed twice and never shown, the candidate speaks the last four of the number on the roster, two things
//! at least are compared, and a second person gives a PIN. What follows is the admission table's.

mod draw;

pub use draw::view;

use super::super::keymap::{Action, Press};
use super::super::widgets::field::{Field, Number, Pin};
use super::super::widgets::pick::Pick;
use super::lift::Person;
use super::roster::Row;
use crate::domain::by_hand::{ManualCheck, ManualReason, Typed, TypedFault};
use crate::domain::document::DocKind;
use crate::domain::ids::AdmissionNo;
use crate::domain::time::parse_date;

/// The kinds that are typed, by their digits; 0 is no document at all.
pub const KINDS: [DocKind; 8] = [
    DocKind::ResidentId,
    DocKind::TempId,
    DocKind::ForeignerPr,
    DocKind::HmtResidence,
    DocKind::HmtTravel,
    DocKind::Passport,
    DocKind::SocialCard,
    DocKind::MilitaryId,
];

/// Facts of this draw.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Data {
    /// Rows that the search found.
    pub found: Vec<Row>,
    /// Kinds that the policy accepts.
    pub accepted: Vec<DocKind>,
    /// Whether the policy lets two people admit somebody without any document.
    pub forgotten: bool,
    /// Who acts here, masked.
    pub acting: String,
    /// Who may be the second person, in the order drawn.
    pub people: Vec<Person>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Focus {
    Row,
    Kind,
    Once,
    Twice,
    LastDay,
    Name,
    Reason,
    Checks,
    Tail,
    Person,
    Pin,
}

const FIELDS: [Focus; 11] = [
    Focus::Row,
    Focus::Kind,
    Focus::Once,
    Focus::Twice,
    Focus::LastDay,
    Focus::Name,
    Focus::Reason,
    Focus::Checks,
    Focus::Tail,
    Focus::Person,
    Focus::Pin,
];

/// What was shown in place of a read card.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Document(DocKind),
    Nothing,
}

/// What is chosen and typed so far.
#[derive(Debug, Clone)]
pub struct State {
    pub(crate) focus: Focus,
    pub(crate) pick: Pick,
    pub(crate) kind: Option<Kind>,
    pub(crate) once: Number,
    pub(crate) twice: Number,
    pub(crate) last_day: Field,
    pub(crate) same_name: bool,
    pub(crate) reason: Option<ManualReason>,
    pub(crate) checks: Vec<ManualCheck>,
    /// The check under the cursor.
    pub(crate) check: usize,
    pub(crate) tail: Field,
    pub(crate) person: usize,
    pub(crate) pin: Pin,
    pub(crate) wrong: Option<Wrong>,
}

/// What does not fit yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wrong {
    /// Nobody was chosen.
    Row,
    /// The kind is missing.
    Kind,
    /// The two numbers differ, or there is none.
    Number,
    /// The last day is no date.
    LastDay,
    /// The reason is missing.
    Reason,
    /// Fewer than two things were compared.
    Checks,
    /// The four characters spoken are not those of the roster.
    Tail,
    /// The PIN is not whole.
    Pin,
}

impl Default for State {
    fn default() -> Self {
        Self {
            focus: Focus::Row,
            pick: Pick::default(),
            kind: None,
            once: Number::default(),
            twice: Number::default(),
            last_day: Field::new(10),
            same_name: true,
            reason: None,
            checks: Vec::new(),
            check: 0,
            tail: Field::new(4),
            person: 0,
            pin: Pin::default(),
            wrong: None,
        }
    }
}

impl State {
    /// A form for somebody who was looked up already.
    #[must_use]
    pub fn of(text: &str) -> Self {
        let mut state = Self::default();
        state.pick.set(text);
        state
    }

    /// What to search for.
    #[must_use]
    pub fn query(&self) -> &str {
        self.pick.query()
    }

    /// Forgets the PIN, and what was typed of the document.
    pub fn forget(&mut self) {
        self.pin.clear();
        self.once.clear();
        self.twice.clear();
    }

    /// Forgets the PIN alone: it was wrong, or nobody finished it.
    pub fn expire(&mut self) {
        self.pin.clear();
    }

    fn fields(&self) -> impl DoubleEndedIterator<Item = Focus> {
        let nothing = self.kind == Some(Kind::Nothing);
        FIELDS.into_iter().filter(move |focus| !nothing || *focus <= Focus::Kind)
    }

    fn step(&mut self, forward: bool) {
        let at = self.focus;
        let next = if forward { self.fields().find(|f| *f > at) } else { self.fields().rev().find(|f| *f < at) };
        self.focus = next.unwrap_or(at);
    }
}

/// What was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Nothing yet.
    Stay,
    /// Back, the draft kept.
    Back,
    /// Two people identify the holder of this row.
    Identify {
        /// The document.
        typed: Typed,
        /// The row.
        cand: AdmissionNo,
        /// Why it was not read.
        reason: ManualReason,
        /// What was compared.
        checks: Vec<ManualCheck>,
        /// Position in [`Data::people`].
        person: usize,
        /// The second person's PIN.
        pin: Pin,
    },
    /// This person has no document at all.
    Declare(AdmissionNo),
}

/// Interprets a key. Enter goes to the next field; on the last one, or where nothing else is asked, it asks.
pub fn on_key(state: &mut State, data: &Data, press: Press) -> Outcome {
    state.wrong = None;
    match (press, state.focus) {
        (Press::Do(Action::Back), _) => return Outcome::Back,
        (Press::Do(Action::Next), _) => state.step(true),
        (Press::Do(Action::Previous), _) => state.step(false),
        (Press::Do(Action::Enter), focus) => {
            let last = focus == Focus::Pin || (focus >= Focus::Kind && state.kind == Some(Kind::Nothing));
            if last {
                return asked(state, data);
            }
            state.step(true);
        }
        (press, Focus::Row) => state.pick.on_key(&data.found, press),
        (press, focus) => type_in(state, data, focus, press),
    }
    Outcome::Stay
}

fn type_in(state: &mut State, data: &Data, focus: Focus, press: Press) {
    let digit = match press {
        Press::Char(c) => c.to_digit(10).and_then(|n| usize::try_from(n).ok()),
        _ => None,
    };
    match (focus, press) {
        (Focus::Kind, _) => {
            let kind = digit.and_then(|n| match n {
                0 => Some(Kind::Nothing),
                _ => KINDS.get(n - 1).copied().map(Kind::Document),
            });
            state.kind = kind.or(state.kind);
        }
        (Focus::Once, Press::Char(c)) => state.once.insert(c.to_ascii_uppercase()),
        (Focus::Once, Press::Do(action)) => state.once.edit(action),
        (Focus::Twice, Press::Char(c)) => state.twice.insert(c.to_ascii_uppercase()),
        (Focus::Twice, Press::Do(action)) => state.twice.edit(action),
        (Focus::LastDay, Press::Char(c)) => drop(state.last_day.insert(c)),
        (Focus::LastDay, Press::Do(action)) => drop(state.last_day.edit(action)),
        (Focus::Name, Press::Char(' ')) => state.same_name = !state.same_name,
        (Focus::Reason, _) => {
            let reason = digit.and_then(|n| ManualReason::ALL.get(n.checked_sub(1)?)).copied();
            state.reason = reason.or(state.reason);
        }
        (Focus::Checks, Press::Do(Action::Left | Action::Up)) => state.check = state.check.saturating_sub(1),
        (Focus::Checks, Press::Do(Action::Right | Action::Down)) => {
            state.check = (state.check + 1).min(ManualCheck::ALL.len() - 1);
        }
        (Focus::Checks, Press::Char(' ')) => tick(state, state.check),
        (Focus::Checks, Press::Char(_)) => {
            if let Some(n) = digit.and_then(|n| n.checked_sub(1)) {
                tick(state, n);
            }
        }
        (Focus::Tail, Press::Char(c)) => drop(state.tail.insert(c.to_ascii_uppercase())),
        (Focus::Tail, Press::Do(action)) => drop(state.tail.edit(action)),
        (Focus::Person | Focus::Pin, Press::Do(Action::Up)) => person(state, state.person.saturating_sub(1)),
        (Focus::Person | Focus::Pin, Press::Do(Action::Down)) => {
            person(state, (state.person + 1).min(data.people.len().saturating_sub(1)));
        }
        (Focus::Person | Focus::Pin, Press::Char(c)) => {
            state.focus = Focus::Pin;
            state.pin.insert(c);
        }
        (Focus::Pin, Press::Do(action)) => state.pin.edit(action),
        _ => {}
    }
}

fn person(state: &mut State, n: usize) {
    state.person = n;
    state.pin.clear();
}

fn tick(state: &mut State, n: usize) {
    let Some(check) = ManualCheck::ALL.get(n).copied() else { return };
    if state.checks.contains(&check) {
        state.checks.retain(|ticked| *ticked != check);
    } else {
        state.checks.push(check);
        state.checks.sort();
    }
}

fn asked(state: &mut State, data: &Data) -> Outcome {
    match whole(state, data) {
        Ok(outcome) => outcome,
        Err((focus, wrong)) => {
            state.focus = focus;
            state.wrong = Some(wrong);
            Outcome::Stay
        }
    }
}

/// Everything that was asked for, or the first field that it lacks.
fn whole(state: &mut State, data: &Data) -> Result<Outcome, (Focus, Wrong)> {
    let row = state.pick.chosen(&data.found).ok_or((Focus::Row, Wrong::Row))?;
    let cand = row.number.clone();
    let doc = match state.kind.ok_or((Focus::Kind, Wrong::Kind))? {
        Kind::Nothing => return Ok(Outcome::Declare(cand)),
        Kind::Document(doc) => doc,
    };
    let mut typed = Typed::twice(doc, state.once.secret(), state.twice.secret()).map_err(|fault| match fault {
        TypedFault::Kind => (Focus::Kind, Wrong::Kind),
        TypedFault::Mismatch | TypedFault::Nothing => {
            state.once.clear();
            state.twice.clear();
            (Focus::Once, Wrong::Number)
        }
    })?;
    typed.last_day = match state.last_day.text() {
        "" => None,
        text => Some(parse_date(text).ok_or((Focus::LastDay, Wrong::LastDay))?),
    };
    typed.same_name = state.same_name;
    let reason = state.reason.ok_or((Focus::Reason, Wrong::Reason))?;
    if state.checks.len() < 2 {
        return Err((Focus::Checks, Wrong::Checks));
    }
    if state.tail.text() != row.id_tail {
        return Err((Focus::Tail, Wrong::Tail));
    }
    if !state.pin.is_whole() {
        return Err((Focus::Pin, Wrong::Pin));
    }
    let (checks, person, pin) = (state.checks.clone(), state.person, std::mem::take(&mut state.pin));
    Ok(Outcome::Identify { typed, cand, reason, checks, person, pin })
}

#[cfg(test)]
mod tests;
