//! 3.32 Pending: what waits for somebody, conflicts on top, then the oldest first. Enter opens the person.

use super::super::keymap::{Action, Press};
use super::super::text::{fit, fit_tail, pad_left};
use super::super::theme::Role;
use super::super::widgets::Pen;
use super::super::widgets::table::{self, Cursor};
use crate::desk::CaseId;
use crate::domain::attendance::ConflictKind;
use crate::domain::ids::{AdmissionNo, Code, DeskId, SessionNo};
use crate::tui::Look;
use crate::tui::i18n::tr;
use ratatui::layout::Position;

/// Cases in sight.
const SIGHT: usize = 14;
const FIRST_ROW: u16 = 3;

/// What is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Two facts that contradict each other.
    Conflict(ConflictKind),
    /// Turned away at the door, and not in since.
    TurnedAway(Code),
}

/// One case.
#[derive(Clone, PartialEq, Eq)]
pub struct Case {
    /// What.
    pub kind: Kind,
    /// Seconds since; none of a conflict, which has no moment of its own.
    pub age_s: Option<i64>,
    /// The session.
    pub session: SessionNo,
    /// Whom it is about, masked.
    pub masked: String,
    /// Their admission number, where they have a row.
    pub number: Option<AdmissionNo>,
    /// The desk where it came up, if one did.
    pub desk: Option<DeskId>,
    /// The open case that can be answered, as long as the desk keeps one.
    pub case: Option<CaseId>,
}

impl std::fmt::Debug for Case {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Case").field("kind", &self.kind).field("number", &self.number).finish_non_exhaustive()
    }
}

/// The case under the cursor.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct State {
    cursor: Cursor,
}

/// What was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Nothing.
    Stay,
    /// Back to ready.
    Back,
    /// Everything about this person.
    Open(SessionNo, AdmissionNo),
    /// The case in front again, to be answered.
    Recall(CaseId),
}

/// Interprets a key.
pub fn on_key(state: &mut State, cases: &[Case], press: Press) -> Outcome {
    let (len, page) = (cases.len(), isize::try_from(SIGHT - 1).unwrap_or(1));
    match press {
        Press::Do(Action::Back) => return Outcome::Back,
        Press::Do(Action::Enter) => {
            let chosen = state.cursor.row(len).and_then(|n| cases.get(n));
            return chosen.map_or(Outcome::Stay, enter);
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

fn enter(case: &Case) -> Outcome {
    match (case.case, &case.number) {
        (Some(id), _) => Outcome::Recall(id),
        (None, Some(number)) => Outcome::Open(case.session, number.clone()),
        (None, None) => Outcome::Stay,
    }
}

/// Draws the body; the cursor rests on the case under it.
pub fn view(state: &State, cases: &[Case], pen: &mut Pen<'_>) -> Position {
    let look = pen.look();
    pen.text(1, 0, &tr!(look, "pending-title", n = cases.len().to_string()), Role::Title);
    pen.rule(1);
    pen.rule(17);
    pen.text(2, 18, &tr!(look, "pending-how"), Role::Muted);
    if cases.is_empty() {
        pen.text(2, FIRST_ROW, &tr!(look, "pending-none"), Role::Good);
        return pen.position(2, FIRST_ROW);
    }
    let heads = [
        (3, tr!(look, "pending-col-age")),
        (11, tr!(look, "pending-col-case")),
        (48, tr!(look, "pending-col-who")),
        (56, tr!(look, "roster-col-number")),
        (69, tr!(look, "pending-col-session")),
        (75, tr!(look, "pending-col-desk")),
    ];
    for (x, word) in heads {
        pen.text(x, 2, &word, Role::Muted);
    }
    let sight = state.cursor.sight(cases.len(), SIGHT);
    let mut position = pen.position(3, FIRST_ROW);
    for (y, (n, case)) in (FIRST_ROW..).zip(cases.iter().enumerate().skip(sight.start).take(sight.len())) {
        let selected = state.cursor.row(cases.len()) == Some(n);
        let role = table::row(pen, y, selected);
        pen.text(3, y, &pad_left(&age(case.age_s), 6), role);
        pen.text(11, y, &fit(&kind_word(case.kind, look), 36), role);
        pen.text(48, y, &fit(&case.masked, 7), role);
        pen.text(56, y, &fit_tail(case.number.as_ref().map_or("-", |number| number.as_str()), 12), role);
        pen.text(69, y, &case.session.to_string(), role);
        pen.text(75, y, &case.desk.map(|desk| desk.to_string()).unwrap_or_default(), role);
        if selected {
            position = pen.position(3, y);
        }
    }
    position
}

/// Minutes and seconds; from an hour on hours and minutes.
fn age(seconds: Option<i64>) -> String {
    let Some(seconds) = seconds else { return "-".to_owned() };
    let seconds = seconds.max(0);
    if seconds < 3600 {
        format!("{}:{:02}", seconds / 60, seconds % 60)
    } else {
        format!("{}h{:02}", seconds / 3600, seconds / 60 % 60)
    }
}

fn kind_word(kind: Kind, look: &Look<'_>) -> String {
    match kind {
        Kind::Conflict(kind) => match kind {
            ConflictKind::AdmittedTwice => tr!(look, "conflict-admitted-twice"),
            ConflictKind::ImpossibleOrder => tr!(look, "conflict-order"),
            ConflictKind::AbsentAndSeen => tr!(look, "conflict-absent-and-seen"),
            ConflictKind::SeatTwice => tr!(look, "conflict-seat-twice"),
            ConflictKind::RosterDrop => tr!(look, "conflict-roster-drop"),
            ConflictKind::RosterDrift => tr!(look, "conflict-roster-drift"),
        },
        Kind::TurnedAway(code) => {
            let saying = crate::tui::sayings::admission(code, &crate::tui::sayings::Told::default(), look);
            format!("{code} {}", saying.headline)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn enter_opens_the_case_under_the_cursor() {
        let case = |n: u32| Case {
            kind: Kind::TurnedAway(Code(27)),
            age_s: Some(61),
            session: SessionNo::try_from(1).unwrap(),
            masked: "张*".into(),
            number: AdmissionNo::parse(&format!("26112400{n:02}")).ok(),
            desk: None,
            case: (n == 3).then_some(CaseId(7)),
        };
        let (mut state, cases) = (State::default(), [case(1), case(2), case(3)]);
        on_key(&mut state, &cases, Press::Do(Action::Down));
        let opened = on_key(&mut state, &cases, Press::Do(Action::Enter));
        assert_eq!(opened, Outcome::Open(cases[1].session, cases[1].number.clone().unwrap()));
        on_key(&mut state, &cases, Press::Do(Action::Down));
        assert_eq!(on_key(&mut state, &cases, Press::Do(Action::Enter)), Outcome::Recall(CaseId(7)));
        assert_eq!(on_key(&mut state, &[], Press::Do(Action::Enter)), Outcome::Stay);
        assert_eq!(
            (age(Some(61)), age(Some(3725)), age(Some(-5)), age(None)),
            ("1:01".into(), "1h02".into(), "0:00".into(), "-".into())
        );
    }
}
