//! Holds and conflicts of one person (限制与冲突): the chief places a hold; chief and proctor let one go or settle what a
//! newer roster contradicts. A form in the layout of 3.15; the paper's number says why.

use super::super::Look;
use super::super::keymap::{Action, Press};
use super::super::text::fit;
use super::super::theme::Role;
use super::super::widgets::Pen;
use super::super::widgets::field::{Field, Pin};
use super::super::widgets::pick::Pick;
use super::lift::{Person, reason_word};
use super::roster::Row;
use crate::domain::by_hand::LiftReason;
use crate::domain::candidate::Hold;
use crate::domain::conflict::ConflictId;
use crate::domain::ids::{AdmissionNo, PaperRef};
use crate::tui::i18n::tr;
use ratatui::layout::Position;

const LEFT: u16 = 2;
const FIELD: u16 = 18;
/// Reasons for settling a conflict: `other` needs words that no field has.
const REASONS: [LiftReason; 4] =
    [LiftReason::NameCorrection, LiftReason::OfficeCleared, LiftReason::OrganisationInstruction, LiftReason::SiteFault];

/// What can be done about the person chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Way {
    /// Place this hold.
    Place(Hold),
    /// Let it go.
    Lift(Hold),
    /// Settle this conflict: the record stands.
    Settle(ConflictId),
}

impl Way {
    fn takes_two(&self) -> bool {
        !matches!(self, Self::Place(_))
    }
}

/// Facts of this draw.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Data {
    /// Rows that the search found.
    pub found: Vec<Row>,
    /// What can be done about the row chosen, by digit.
    pub ways: Vec<Way>,
    /// How many conflicts are open in the session, with the first few people's admission numbers.
    pub conflicts: Vec<AdmissionNo>,
    /// Proctors who may be the second person.
    pub proctors: Vec<Person>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
enum Focus {
    #[default]
    Row,
    Way,
    Why,
    Pin,
}

/// What is chosen and typed so far.
#[derive(Debug, Clone)]
pub struct State {
    focus: Focus,
    pick: Pick,
    way: Option<usize>,
    paper: Field,
    reason: Option<LiftReason>,
    proctor: usize,
    pin: Pin,
}

impl Default for State {
    fn default() -> Self {
        Self {
            focus: Focus::Row,
            pick: Pick::default(),
            way: None,
            paper: Field::new(10),
            reason: None,
            proctor: 0,
            pin: Pin::default(),
        }
    }
}

impl State {
    /// What to search for.
    #[must_use]
    pub fn query(&self) -> &str {
        self.pick.query()
    }

    /// The row chosen among those found.
    #[must_use]
    pub fn cand(&self, found: &[Row]) -> Option<AdmissionNo> {
        self.pick.cand(found)
    }

    /// Forgets the PIN.
    pub fn expire(&mut self) {
        self.pin.clear();
    }

    fn way<'a>(&self, data: &'a Data) -> Option<&'a Way> {
        self.way.and_then(|n| data.ways.get(n))
    }
}

/// What was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Nothing yet.
    Stay,
    /// Back to ready.
    Back,
    /// This, for this person.
    Do {
        /// Whose.
        cand: AdmissionNo,
        /// What.
        way: Way,
        /// The paper, for a hold.
        paper: Option<PaperRef>,
        /// Why, for a conflict.
        reason: Option<LiftReason>,
        /// The proctor by position in [`Data::proctors`] with the PIN, where it takes two.
        second: Option<(usize, Pin)>,
    },
}

/// Interprets a key. Enter goes on to what is missing; with everything there it asks.
pub fn on_key(state: &mut State, data: &Data, press: Press) -> Outcome {
    let digit = match press {
        Press::Char(c) => c.to_digit(10).and_then(|n| usize::try_from(n).ok()?.checked_sub(1)),
        _ => None,
    };
    match (press, state.focus) {
        (Press::Do(Action::Back), _) => return Outcome::Back,
        (Press::Do(Action::Enter), _) => return enter(state, data),
        (Press::Do(Action::Next), focus) => state.focus = next(focus),
        (Press::Do(Action::Previous), focus) => state.focus = previous(focus),
        (press, Focus::Row) => {
            state.pick.on_key(&data.found, press);
            state.way = None;
        }
        (_, Focus::Way) => state.way = digit.filter(|n| *n < data.ways.len()).or(state.way),
        (press, Focus::Why) => match (state.way(data), press) {
            (Some(Way::Settle(_)), _) => {
                state.reason = digit.and_then(|n| REASONS.get(n)).copied().or(state.reason);
            }
            (_, Press::Char(c)) => drop(state.paper.insert(c.to_ascii_uppercase())),
            (_, Press::Do(action)) => drop(state.paper.edit(action)),
            _ => {}
        },
        (Press::Do(Action::Up), Focus::Pin) => second(state, state.proctor.saturating_sub(1)),
        (Press::Do(Action::Down), Focus::Pin) => {
            second(state, (state.proctor + 1).min(data.proctors.len().saturating_sub(1)));
        }
        (Press::Char(c), Focus::Pin) => state.pin.insert(c),
        (Press::Do(action), Focus::Pin) => state.pin.edit(action),
        (Press::Pending | Press::Nothing, _) => {}
    }
    Outcome::Stay
}

fn second(state: &mut State, n: usize) {
    state.proctor = n;
    state.pin.clear();
}

fn next(focus: Focus) -> Focus {
    match focus {
        Focus::Row => Focus::Way,
        Focus::Way => Focus::Why,
        Focus::Why | Focus::Pin => Focus::Pin,
    }
}

fn previous(focus: Focus) -> Focus {
    match focus {
        Focus::Row | Focus::Way => Focus::Row,
        Focus::Why => Focus::Way,
        Focus::Pin => Focus::Why,
    }
}

fn enter(state: &mut State, data: &Data) -> Outcome {
    let Some(cand) = state.pick.cand(&data.found) else {
        state.focus = Focus::Row;
        return Outcome::Stay;
    };
    let Some(way) = state.way(data).cloned() else {
        state.focus = Focus::Way;
        return Outcome::Stay;
    };
    let settles = matches!(way, Way::Settle(_));
    let paper = PaperRef::parse(state.paper.text()).ok().filter(|_| !settles);
    let reason = state.reason.filter(|_| settles);
    if paper.is_none() && reason.is_none() {
        state.focus = Focus::Why;
        return Outcome::Stay;
    }
    if way.takes_two() && !state.pin.is_whole() {
        state.focus = Focus::Pin;
        return Outcome::Stay;
    }
    let second = way.takes_two().then(|| (state.proctor, std::mem::take(&mut state.pin)));
    Outcome::Do { cand, way, paper, reason, second }
}

fn hold_word(hold: Hold, look: &Look<'_>) -> String {
    match hold {
        Hold::Barred => tr!(look, "holds-barred"),
        Hold::Withdrawn => tr!(look, "holds-withdrawn"),
        Hold::Pending => tr!(look, "holds-pending"),
    }
}

fn way_word(way: &Way, look: &Look<'_>) -> String {
    match way {
        Way::Place(hold) => tr!(look, "holds-place", hold = hold_word(*hold, look)),
        Way::Lift(hold) => tr!(look, "holds-lift", hold = hold_word(*hold, look)),
        Way::Settle(conflict) => tr!(look, "holds-settle", kind = conflict.kind.as_str()),
    }
}

/// Draws the body; the cursor rests in the field that takes keys.
pub fn view(state: &State, data: &Data, pen: &mut Pen<'_>) -> Position {
    let look = pen.look();
    pen.text(1, 0, &tr!(look, "holds-title"), Role::Title);
    pen.rule(1);
    let named: Vec<&str> = data.conflicts.iter().take(4).map(AdmissionNo::as_str).collect();
    let n = data.conflicts.len();
    let open = tr!(look, "holds-conflicts", n = n.to_string(), people = named.join(" "));
    pen.text(LEFT, 2, &fit(&open, 76), if n == 0 { Role::Muted } else { Role::Warn });
    pen.text(LEFT, 4, &tr!(look, "manual-row"), Role::Text);
    let mut cursor = state.pick.draw(&data.found, pen, FIELD, 4, 60);
    for (y, (n, way)) in (9..).zip(data.ways.iter().enumerate().take(5)) {
        let role = if state.way == Some(n) { Role::Selection } else { Role::Text };
        pen.text(FIELD, y, &fit(&format!("{} {}", n + 1, way_word(way, look)), 58), role);
    }
    if !data.ways.is_empty() {
        pen.text(LEFT, 9, &tr!(look, "holds-way"), Role::Text);
    }
    if state.focus == Focus::Way {
        cursor = pen.position(FIELD, 9);
    }
    match state.way(data) {
        Some(Way::Settle(_)) => {
            pen.text(LEFT, 14, &tr!(look, "lift-reason"), Role::Text);
            let mut x = FIELD;
            for (n, reason) in REASONS.into_iter().enumerate() {
                let role = if state.reason == Some(reason) { Role::Selection } else { Role::Text };
                x = pen.text(x, 14, &format!("{} {}", n + 1, reason_word(reason, look)), role) + 2;
            }
            if state.focus == Focus::Why {
                cursor = pen.position(FIELD, 14);
            }
        }
        Some(_) => {
            pen.text(LEFT, 14, &tr!(look, "holds-paper"), Role::Text);
            let at = state.paper.draw(pen, FIELD, 14, 14);
            cursor = if state.focus == Focus::Why { at } else { cursor };
        }
        None => {}
    }
    if state.way(data).is_some_and(Way::takes_two) {
        pen.text(LEFT, 15, &tr!(look, "lift-two"), Role::Text);
        let proctor = data.proctors.get(state.proctor).map(|person| person.masked.clone()).unwrap_or_default();
        pen.text(FIELD, 15, &fit(&proctor, 18), Role::Text);
        pen.text(FIELD + 20, 15, "PIN", Role::Text);
        let at = state.pin.draw(pen, FIELD + 24, 15, 25, state.focus == Focus::Pin);
        cursor = if state.focus == Focus::Pin { at } else { cursor };
    }
    pen.rule(16);
    pen.text(LEFT, 17, &fit(&tr!(look, "holds-says"), 76), Role::Muted);
    cursor
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::conflict::ConflictKind;
    use crate::domain::crew::Role as Crew;
    use crate::tui::screens::roster::Standing;

    fn data() -> Data {
        let cand = AdmissionNo::parse("2611241021").unwrap();
        let row = Row {
            name: "赵新".into(),
            initials: "zx".into(),
            number: cand.clone(),
            id_tail: "8836".into(),
            place: "10-21".parse().ok(),
            open: false,
            resit: false,
            hold: None,
            standing: Standing::Expected,
        };
        let settle = Way::Settle(ConflictId { kind: ConflictKind::RosterDrift, cand: cand.clone() });
        Data {
            found: vec![row],
            ways: vec![Way::Place(Hold::Barred), Way::Lift(Hold::Pending), settle],
            conflicts: vec![cand],
            proctors: vec![Person { masked: "王*".into(), role: Crew::Proctor }],
        }
    }

    fn fill(texts: &[&str]) -> (State, Outcome) {
        let (mut state, mut last) = (State::default(), Outcome::Stay);
        for text in texts {
            for c in text.chars() {
                on_key(&mut state, &data(), Press::Char(c));
            }
            last = on_key(&mut state, &data(), Press::Do(Action::Enter));
        }
        (state, last)
    }

    #[test]
    fn a_hold_is_placed_by_one_with_a_paper_and_let_go_by_two() {
        assert_eq!(fill(&["", "1"]).1, Outcome::Stay, "of nobody");
        assert_eq!(fill(&["zx", "1"]).1, Outcome::Stay, "without a paper");
        let (_, Outcome::Do { way, paper, second, .. }) = fill(&["zx", "1", "jk-7"]) else { panic!() };
        assert_eq!((way, paper.map(String::from), second), (Way::Place(Hold::Barred), Some("JK-7".into()), None));
        assert_eq!(fill(&["zx", "2", "jk-8"]).1, Outcome::Stay, "by the chief alone");
        let (_, Outcome::Do { way, second, .. }) = fill(&["zx", "2", "jk-8", "314159"]) else { panic!() };
        assert_eq!((way, second.map(|(n, pin)| (n, pin.secret().len()))), (Way::Lift(Hold::Pending), Some((0, 6))));
    }

    #[test]
    fn a_conflict_is_settled_for_a_reason_and_by_two() {
        let (_, Outcome::Do { way, paper, reason, second, .. }) = fill(&["zx", "3", "1", "314159"]) else { panic!() };
        assert!(matches!(way, Way::Settle(_)) && paper.is_none() && second.is_some());
        assert_eq!(reason, Some(LiftReason::NameCorrection));
        assert!(REASONS.iter().all(|reason| !reason.needs_note()));
    }
}
