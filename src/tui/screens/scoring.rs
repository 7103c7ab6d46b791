//! 3.18 Scoring, one mark a row: digits, Enter saves the row, Tab leaves it as a draft.
//!
//! Names are hidden. Rows that take no mark are skipped. A mark over the maximum or off the step keeps the cell, and a
//! zero asks for its reason (rules.md §9, KD-M-01, 02, 06); everything else is judged where the mark is recorded.

use super::super::Look;
use super::super::keymap::{Action, Press};
use super::super::sayings::Refusal;
use super::super::text::{fit, fit_tail, pad_left, parse_points, points};
use super::super::theme::Role;
use super::super::widgets::Pen;
use super::super::widgets::field::Field;
use super::super::widgets::footer::{Message, Rank};
use super::super::widgets::table::{self, Cursor};
use crate::domain::event::ZeroReason;
use crate::domain::ids::AdmissionNo;
use crate::tui::i18n::tr;
use ratatui::layout::Position;
use std::collections::BTreeMap;

/// Rows in sight.
const SIGHT: usize = 12;
const FIRST_ROW: u16 = 3;
const MARK_LEFT: u16 = 38;
/// `9999.99` and room for the cursor.
const MARK_COLUMNS: u16 = 8;

/// What a row holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Slot {
    /// A mark may be given.
    Open,
    /// The mark that stands, in centi-points.
    Marked(u32),
    /// Absent.
    Absent,
    /// Never admitted.
    NeverAdmitted,
    /// Still in the room.
    Present,
    /// Removed for breach.
    Removed,
}

/// One candidate without a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Admission number.
    pub number: AdmissionNo,
    /// Room and seat; the room alone where the seat is given on arrival and they did not come.
    pub place: String,
    /// What the row holds.
    pub slot: Slot,
}

/// Facts of this draw.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Data {
    /// The part's name.
    pub part: String,
    /// The assessor, masked.
    pub assessor: String,
    /// Maximum in centi-points.
    pub max: u32,
    /// Step in centi-points.
    pub step: u32,
    /// The rows, in seat order.
    pub rows: Vec<Row>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Notice {
    NotNumber,
    Refused(Refusal),
}

/// The cell under the cursor, drafts of other rows, and why the last Enter stayed.
#[derive(Debug, Clone)]
pub struct State {
    cursor: Cursor,
    field: Field,
    drafts: BTreeMap<AdmissionNo, String>,
    zero: bool,
    notice: Option<Notice>,
}

impl State {
    /// Begins at the first row that takes a mark.
    #[must_use]
    pub fn new(data: &Data) -> Self {
        let mut state = Self {
            cursor: Cursor::default(),
            field: Field::new(7),
            drafts: BTreeMap::new(),
            zero: false,
            notice: None,
        };
        let first = data.rows.iter().position(|r| r.slot == Slot::Open).unwrap_or(0);
        state.cursor.go(first, data.rows.len(), SIGHT);
        state
    }

    /// The sentence for row 23: why the last Enter kept the cell.
    #[must_use]
    pub fn notice(&self, data: &Data, look: &Look<'_>) -> Option<Message> {
        Some(match self.notice.as_ref()? {
            Notice::NotNumber => {
                let example = points(data.max.saturating_sub(data.step));
                let text = tr!(look, "scoring-not-number", example = example);
                Message { rank: Rank::Wrong, code: None, text }
            }
            Notice::Refused(refusal) => Message::refused(refusal, look),
        })
    }

    /// Leaves the row, its text as a draft, for the row at `row`.
    fn leave_for(&mut self, row: usize, data: &Data) {
        if let Some(old) = self.cursor.row(data.rows.len()).and_then(|n| data.rows.get(n)) {
            if self.field.text().is_empty() {
                self.drafts.remove(&old.number);
            } else {
                self.drafts.insert(old.number.clone(), self.field.text().to_owned());
            }
        }
        self.arrive(row, data);
    }

    fn arrive(&mut self, row: usize, data: &Data) {
        self.cursor.go(row, data.rows.len(), SIGHT);
        (self.zero, self.notice) = (false, None);
        let draft =
            self.cursor.row(data.rows.len()).and_then(|n| data.rows.get(n)).and_then(|r| self.drafts.get(&r.number));
        self.field.set(draft.map_or("", String::as_str));
    }

    /// The next row that takes a mark in a direction, if there is one.
    fn open_row(&self, data: &Data, forward: bool) -> Option<usize> {
        let at = self.cursor.row(data.rows.len())?;
        let open = |n: &usize| data.rows.get(*n).is_some_and(|r| r.slot == Slot::Open);
        if forward { (at + 1..data.rows.len()).find(open) } else { (0..at).rev().find(open) }
    }
}

/// What was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Nothing yet.
    Stay,
    /// One step back; drafts stay in the state.
    Back,
    /// Record this mark.
    Save {
        /// Whose.
        number: AdmissionNo,
        /// In centi-points.
        mark: u32,
        /// Why, if it is zero.
        zero_reason: Option<ZeroReason>,
    },
}

/// Interprets a key.
pub fn on_key(state: &mut State, data: &Data, press: Press) -> Outcome {
    if state.zero {
        let reason = match press {
            Press::Char('1') => Some(ZeroReason::BlankWork),
            Press::Char('2') => Some(ZeroReason::ZeroConfirmed),
            _ => None,
        };
        if reason.is_some() {
            return save(state, data, 0, reason);
        }
        (state.zero, state.notice) = (false, None);
    }
    let page = SIGHT - 1;
    let at = state.cursor.row(data.rows.len()).unwrap_or(0);
    match press {
        Press::Do(Action::Back) => {
            state.leave_for(at, data);
            return Outcome::Back;
        }
        Press::Do(Action::Enter) => return enter(state, data),
        Press::Do(Action::Next) => {
            if let Some(row) = state.open_row(data, true) {
                state.leave_for(row, data);
            }
        }
        Press::Do(Action::Previous) => {
            if let Some(row) = state.open_row(data, false) {
                state.leave_for(row, data);
            }
        }
        Press::Do(Action::Up) => state.leave_for(at.saturating_sub(1), data),
        Press::Do(Action::Down) => state.leave_for(at + 1, data),
        Press::Do(Action::PageUp) => state.leave_for(at.saturating_sub(page), data),
        Press::Do(Action::PageDown) => state.leave_for(at + page, data),
        Press::Char(c) if data.rows.get(at).is_some_and(|r| r.slot == Slot::Open) => {
            state.notice = None;
            state.field.insert(c);
        }
        Press::Do(action) => {
            state.field.edit(action);
        }
        _ => {}
    }
    Outcome::Stay
}

fn enter(state: &mut State, data: &Data) -> Outcome {
    let row = state.cursor.row(data.rows.len()).and_then(|n| data.rows.get(n));
    if !row.is_some_and(|r| r.slot == Slot::Open) {
        if let Some(next) = state.open_row(data, true) {
            state.leave_for(next, data);
        }
        return Outcome::Stay;
    }
    let notice = match parse_points(state.field.text()) {
        None => Notice::NotNumber,
        Some(mark) if mark > data.max => Notice::Refused(Refusal::OverMax(data.max)),
        Some(mark) if data.step > 0 && mark % data.step != 0 => Notice::Refused(Refusal::OffStep(data.step)),
        Some(0) => {
            state.zero = true;
            Notice::Refused(Refusal::ZeroReason)
        }
        Some(mark) => return save(state, data, mark, None),
    };
    state.notice = Some(notice);
    Outcome::Stay
}

fn save(state: &mut State, data: &Data, mark: u32, zero_reason: Option<ZeroReason>) -> Outcome {
    let Some(row) = state.cursor.row(data.rows.len()).and_then(|n| data.rows.get(n)) else { return Outcome::Stay };
    let number = row.number.clone();
    state.drafts.remove(&number);
    let first = data.rows.iter().position(|r| r.slot == Slot::Open && r.number != number);
    let next = state.open_row(data, true).or(first).unwrap_or(state.cursor.at);
    state.arrive(next, data);
    Outcome::Save { number, mark, zero_reason }
}

/// Draws the body; the cursor rests in the cell.
pub fn view(state: &State, data: &Data, pen: &mut Pen<'_>) -> Position {
    let look = pen.look();
    let title = tr!(look, "scoring-title", part = data.part.as_str(), who = data.assessor.as_str());
    pen.text(1, 0, &fit(&title, 78), Role::Title);
    pen.rule(1);
    pen.text(4, 2, "#", Role::Muted);
    pen.text(7, 2, &tr!(look, "scoring-col-number"), Role::Muted);
    pen.text(22, 2, &tr!(look, "scoring-col-seat"), Role::Muted);
    pen.text(MARK_LEFT, 2, &tr!(look, "scoring-col-mark", max = points(data.max)), Role::Muted);
    pen.text(52, 2, &tr!(look, "scoring-col-state"), Role::Muted);
    let rows = data.rows.len();
    if rows == 0 {
        pen.text(2, FIRST_ROW, &tr!(look, "scoring-empty"), Role::Warn);
    }
    let sight = state.cursor.sight(rows, SIGHT);
    let mut cursor = pen.position(2, FIRST_ROW);
    for (y, (n, row)) in (FIRST_ROW..).zip(data.rows.iter().enumerate().skip(sight.start).take(sight.len())) {
        let selected = state.cursor.row(rows) == Some(n);
        draw_row(state, pen, y, n, row, selected);
        if selected {
            cursor = if row.slot == Slot::Open {
                state.field.draw(pen, MARK_LEFT, y, MARK_COLUMNS)
            } else {
                pen.position(MARK_LEFT, y)
            };
        }
    }
    pen.rule(15);
    let done = data.rows.iter().filter(|r| matches!(r.slot, Slot::Marked(_))).count();
    let total = data.rows.iter().filter(|r| matches!(r.slot, Slot::Marked(_) | Slot::Open | Slot::Present)).count();
    let range = tr!(
        look,
        "scoring-range",
        max = points(data.max),
        step = points(data.step),
        done = done.to_string(),
        total = total.to_string()
    );
    pen.text(2, 16, &fit(&range, 76), Role::Text);
    pen.text(2, 17, &fit(&tr!(look, "scoring-half"), 76), Role::Muted);
    let last = if total > 0 && done == total { tr!(look, "scoring-done") } else { tr!(look, "scoring-saving") };
    pen.text(2, 18, &fit(&last, 76), Role::Muted);
    cursor
}

fn draw_row(state: &State, pen: &mut Pen<'_>, y: u16, n: usize, row: &Row, selected: bool) {
    let look = pen.look();
    let ground = table::row(pen, y, selected);
    pen.text(2, y, &pad_left(&(n + 1).to_string(), 4), ground);
    pen.text(7, y, &fit_tail(row.number.as_str(), 13), ground);
    pen.text(22, y, &row.place, ground);
    let draft = state.drafts.get(&row.number);
    let (mark, word, role) = match row.slot {
        Slot::Open if selected => (String::new(), tr!(look, "scoring-typing"), Role::Info),
        Slot::Open => {
            let word = if draft.is_some() { tr!(look, "scoring-typing") } else { tr!(look, "scoring-open") };
            (draft.cloned().unwrap_or_default(), word, Role::Muted)
        }
        Slot::Marked(mark) => (points(mark), tr!(look, "scoring-saved"), Role::Good),
        Slot::Absent => (String::new(), tr!(look, "scoring-absent"), Role::Warn),
        Slot::NeverAdmitted => (String::new(), tr!(look, "scoring-not-in"), Role::Muted),
        Slot::Present => (String::new(), tr!(look, "scoring-present"), Role::Muted),
        Slot::Removed => (String::new(), tr!(look, "scoring-removed"), Role::Warn),
    };
    pen.text(MARK_LEFT, y, &mark, ground);
    pen.text(52, y, &fit(&word, 27), if selected { ground } else { role });
}

#[cfg(test)]
mod tests;
