//! 3.21 Checklist: what stands in the way of the seal, the balances, to whom it will be sealed. Enter freezes.
//!
//! A blocked line is explained, never passed. A warning is passed by saying that it was seen, one by one; its code
//! goes into the manifest. Freezing is asked for once more, because nothing of the session can be changed afterwards. Once
//! frozen, Esc asks whether to thaw, as on 3.22: also a session whose papers hold no longer can be given up here. Tab goes
//! to the next closed session, so that one that cannot be sealed hides no other.

use super::super::super::keymap::{Action, Press};
use super::super::super::text::{fit, pad_left, wrap};
use super::super::super::theme::Role;
use super::super::super::widgets::Pen;
use super::super::super::widgets::table::{Cursor, row};
use super::super::close::Equation;
use super::readiness::{Check, Item, Standing};
use super::{Step, steps};
use crate::domain::event::AttendanceCounts;
use crate::tui::i18n::tr;
use ratatui::layout::{Position, Rect};
use std::collections::BTreeSet;
use std::ops::Range;

/// First row of the list.
const LIST: u16 = 2;
/// Rows under the list: rules, balances, remedy, recipients, consequence.
const UNDER: u16 = 10;
/// Columns of the core.
const CORE: u16 = 80;
/// Rows and columns from which a pane stands beside the core.
const PANE: (u16, u16) = (128, 44);

/// Facts of this draw.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Data {
    /// The chief who seals, masked.
    pub chief: String,
    /// What was checked, in any order; empty while nothing is known yet.
    pub items: Vec<Item>,
    /// The session is frozen already: its seal was begun and not finished.
    pub frozen: bool,
    /// The session's place among those that are closed, from 1.
    pub place: usize,
    /// How many are closed.
    pub closed: usize,
    /// The session's figures.
    pub counts: AttendanceCounts,
    /// The organisation that will be able to open the package.
    pub organisation: String,
    /// Fingerprint of its working recipient.
    pub working: String,
    /// Fingerprint of its recovery recipient.
    pub recovery: String,
}

impl Data {
    /// As listed: what blocks, then what warns, then what is well, each in the order of the rules.
    fn lines(&self) -> Vec<Item> {
        let mut lines = self.items.clone();
        lines.sort_by_key(|item| (item.standing, item.check));
        lines
    }

    fn count(&self, standing: Standing) -> usize {
        self.items.iter().filter(|item| item.standing == standing).count()
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Said {
    #[default]
    Nothing,
    Blocked,
    Unseen,
    Asking,
    Thawing,
}

/// The line under the cursor and the warnings that were seen.
#[derive(Debug, Clone, Default)]
pub struct State {
    cursor: Cursor,
    seen: BTreeSet<Check>,
    said: Said,
}

/// What was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Nothing yet.
    Stay,
    /// One step back.
    Back,
    /// Freeze the session.
    Freeze {
        /// Codes of the warnings that were seen, in order.
        notices: Vec<String>,
    },
    /// Give the seal up and thaw the session: asked and confirmed.
    Thaw,
    /// The next closed session, or with -1 the one before.
    Beside(isize),
}

/// Interprets a key.
pub fn on_key(state: &mut State, data: &Data, press: Press) -> Outcome {
    let said = std::mem::take(&mut state.said);
    let lines = data.items.len();
    let mut step = |by| state.cursor.step(by, lines, lines);
    match press {
        Press::Do(Action::Back) if matches!(said, Said::Asking | Said::Thawing) => {}
        Press::Do(Action::Back) if data.frozen => state.said = Said::Thawing,
        Press::Do(Action::Back) => return Outcome::Back,
        Press::Do(Action::Enter) if said == Said::Thawing => return Outcome::Thaw,
        Press::Do(Action::Enter) => return enter(state, data, said == Said::Asking),
        Press::Do(Action::Next) if data.closed > 1 => return Outcome::Beside(1),
        Press::Do(Action::Previous) if data.closed > 1 => return Outcome::Beside(-1),
        Press::Do(Action::Acknowledge) => see(state, data),
        Press::Do(Action::Up) => step(-1),
        Press::Do(Action::Down) => step(1),
        Press::Do(Action::PageUp | Action::First) => step(isize::MIN),
        Press::Do(Action::PageDown | Action::Last) => step(isize::MAX),
        _ => {}
    }
    Outcome::Stay
}

/// The warning under the cursor was seen; the cursor goes to the next one.
fn see(state: &mut State, data: &Data) {
    let lines = data.lines();
    let at = state.cursor.row(lines.len()).and_then(|n| lines.get(n));
    if let Some(item) = at.filter(|item| item.standing == Standing::Warning) {
        state.seen.insert(item.check);
    }
    if let Some(next) = lines.iter().position(|item| unseen(state, *item)) {
        state.cursor.go(next, lines.len(), lines.len());
    }
}

fn unseen(state: &State, item: Item) -> bool {
    item.standing == Standing::Warning && !state.seen.contains(&item.check)
}

fn enter(state: &mut State, data: &Data, asked: bool) -> Outcome {
    let lines = data.lines();
    let blocked = lines.iter().position(|item| item.standing == Standing::Blocked);
    // What was frozen already carries the warnings that were seen then.
    let unseen = lines.iter().position(|item| !data.frozen && unseen(state, *item));
    let stop = blocked.map(|n| (n, Said::Blocked)).or(unseen.map(|n| (n, Said::Unseen)));
    if let Some((n, said)) = stop {
        state.cursor.go(n, lines.len(), lines.len());
        state.said = said;
        return Outcome::Stay;
    }
    if !asked && !data.frozen {
        state.said = if data.items.is_empty() { Said::Nothing } else { Said::Asking };
        return Outcome::Stay;
    }
    let warnings = lines.iter().filter(|item| item.standing == Standing::Warning);
    Outcome::Freeze { notices: warnings.map(|item| item.check.code().to_owned()).collect() }
}

/// Draws the body; the cursor rests on the selected line. From 128 columns and 44 rows on a pane says beside the list
/// what to do about everything.
pub fn view(state: &State, data: &Data, pen: &mut Pen<'_>) -> Position {
    let height = pen.height();
    let wide = pen.width() >= PANE.0 && height >= PANE.1;
    if wide {
        pen.divide(CORE, 0, height);
        pane(state, data, &mut pen.within(Rect::new(CORE + 2, 0, PANE.0 - CORE - 3, height)));
    }
    let mut core = pen.within(Rect::new(0, 0, CORE, height));
    let pen = &mut core;
    let look = pen.look();
    steps(pen, Step::Checklist);
    pen.rule(1);
    let sight = height.saturating_sub(LIST + UNDER);
    let mut cursor = pen.position(1, LIST);
    if data.items.is_empty() {
        pen.text(2, LIST, &tr!(look, "seal-unchecked"), Role::Muted);
    }
    let seen = state.cursor.sight(data.items.len(), usize::from(sight));
    let lines = data.lines();
    for (y, (n, item)) in (LIST..).zip(lines.iter().enumerate().skip(seen.start).take(seen.len())) {
        let selected = state.cursor.row(data.items.len()) == Some(n);
        line(state, *item, y, selected, pen);
        if selected {
            cursor = pen.position(1, y);
        }
    }
    let under = LIST + sight;
    pen.rule(under);
    tally(data, &seen, under, pen);
    balances(data, under + 1, pen);
    pen.rule(under + 5);
    remedy(state, data, under + 6, pen);
    let to = tr!(
        look,
        "seal-to",
        organisation = fit(&data.organisation, 24),
        working = data.working.as_str(),
        recovery = data.recovery.as_str()
    );
    pen.text(2, under + 8, &fit(&to, 77), Role::Text);
    said(state, data, under + 9, pen);
    cursor
}

fn mark(state: &State, item: Item, pen: &Pen<'_>) -> (String, Role) {
    let look = pen.look();
    match item.standing {
        Standing::Good => (tr!(look, "seal-mark-good"), Role::Good),
        Standing::Blocked => (tr!(look, "seal-mark-blocked"), Role::Bad),
        Standing::Warning if state.seen.contains(&item.check) => (tr!(look, "seal-mark-seen"), Role::Info),
        Standing::Warning => (tr!(look, "seal-mark-warning"), Role::Warn),
        Standing::Pending => (tr!(look, "seal-mark-pending"), Role::Muted),
    }
}

fn line(state: &State, item: Item, y: u16, selected: bool, pen: &mut Pen<'_>) {
    let look = pen.look();
    let role = row(pen, y, selected);
    let (word, tone) = mark(state, item, pen);
    pen.text(3, y, &word, if selected { role } else { tone });
    pen.text(10, y, &fit(&item.words(look), 57), role);
    if matches!(item.standing, Standing::Blocked | Standing::Warning) {
        pen.right(78, y, item.check.code(), role);
    }
}

/// How many of each kind, on the rule under the list; which of them are seen, where the list is longer than its place.
fn tally(data: &Data, seen: &Range<usize>, y: u16, pen: &mut Pen<'_>) {
    let all = data.items.len();
    let all = if seen.len() < all { format!("{}-{}/{all}", seen.start + 1, seen.end) } else { all.to_string() };
    let tally = tr!(
        pen.look(),
        "seal-tally",
        all = all,
        good = data.count(Standing::Good).to_string(),
        warnings = data.count(Standing::Warning).to_string(),
        blocked = data.count(Standing::Blocked).to_string()
    );
    pen.right(77, y, &format!(" {tally} "), Role::Muted);
    if data.closed > 1 {
        let (n, all) = (data.place.to_string(), data.closed.to_string());
        pen.text(2, y, &format!(" {} ", tr!(pen.look(), "seal-beside", n = n, all = all)), Role::Title);
    }
}

fn balances(data: &Data, y: u16, pen: &mut Pen<'_>) {
    let look = pen.look();
    pen.text(2, y, &tr!(look, "close-balance"), Role::Muted);
    pen.right(59, y, &tr!(look, "close-left"), Role::Muted);
    pen.right(68, y, &tr!(look, "close-right"), Role::Muted);
    for (y, equation) in (y + 1..).zip(Equation::ALL) {
        let (left, b, c) = equation.terms(&data.counts);
        pen.text(3, y, &fit(&equation.words(&data.counts, look), 49), Role::Text);
        pen.text(52, y, &pad_left(&left.to_string(), 7), Role::Text);
        pen.text(61, y, &pad_left(&(b + c).to_string(), 7), Role::Text);
        match equation.off(&data.counts) {
            0 => pen.text(70, y, &tr!(look, "close-holds"), Role::Good),
            n => pen.text(70, y, &tr!(look, "close-off", n = n.to_string()), Role::Bad),
        };
    }
}

/// What to do about the selected line, in two rows.
fn remedy(state: &State, data: &Data, y: u16, pen: &mut Pen<'_>) {
    let look = pen.look();
    let lines = data.lines();
    let item = state.cursor.row(lines.len()).and_then(|n| lines.get(n));
    let Some(text) = item.and_then(|item| item.remedy(look)) else { return };
    for (y, line) in (y..y + 2).zip(wrap(&tr!(look, "seal-do", what = text), 76)) {
        pen.text(2, y, &line, Role::Text);
    }
}

fn said(state: &State, data: &Data, y: u16, pen: &mut Pen<'_>) {
    let look = pen.look();
    let (text, role) = match state.said {
        Said::Nothing if data.frozen => (tr!(look, "seal-still-frozen"), Role::Warn),
        Said::Nothing => (tr!(look, "seal-consequence"), Role::Muted),
        Said::Blocked => (tr!(look, "seal-blocked", n = data.count(Standing::Blocked).to_string()), Role::Bad),
        Said::Unseen => (
            tr!(look, "seal-unseen", n = data.items.iter().filter(|item| unseen(state, **item)).count().to_string()),
            Role::Warn,
        ),
        Said::Asking => (tr!(look, "seal-ask"), Role::Strip),
        Said::Thawing => (tr!(look, "seal-thaw"), Role::Strip),
    };
    pen.text(2, y, &fit(&text, 77), role);
}

/// Everything to look at with what to do about it, then what freezing means.
fn pane(state: &State, data: &Data, pen: &mut Pen<'_>) {
    let look = pen.look();
    let columns = usize::from(pen.width());
    let chief = tr!(look, "seal-chief", chief = data.chief.as_str());
    pen.text(0, 0, &fit(&chief, columns), Role::Title);
    let mut y = 2;
    for item in data.lines().iter().filter(|item| matches!(item.standing, Standing::Blocked | Standing::Warning)) {
        let (word, tone) = mark(state, *item, pen);
        let end = pen.text(0, y, &word, tone);
        pen.text(end + 1, y, item.check.code(), Role::Title);
        let text = item.remedy(look).unwrap_or_default();
        for line in std::iter::once(item.words(look)).chain([text]).flat_map(|text| wrap(&text, columns - 2)) {
            y += 1;
            pen.text(2, y, &line, Role::Text);
        }
        y += 2;
    }
    if y == 2 {
        pen.text(0, y, &tr!(look, "seal-all-good"), Role::Good);
        y += 2;
    }
    for text in [tr!(look, "seal-means-frozen"), tr!(look, "seal-means-people"), tr!(look, "seal-means-readers")] {
        for line in wrap(&text, columns) {
            pen.text(0, y, &line, Role::Muted);
            y += 1;
        }
    }
}

#[cfg(test)]
mod tests;
