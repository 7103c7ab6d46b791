//! Drawing 3.2: the list with what to do, the reasons, the rules.

use super::super::super::Look;
use super::super::super::policy_words::Sentence;
use super::super::super::readiness_words::{found, name, reason, remedy};
use super::super::super::text::{countdown, fit, wrap};
use super::super::super::theme::Role;
use super::super::super::widgets::Pen;
use super::super::super::widgets::table::{self, Cursor};
use super::{Data, Mode, State};
use crate::domain::readiness::{Fact, Item, Standing, WaiveReason};
use crate::tui::i18n::tr;
use ratatui::layout::{Position, Rect};

/// First row of the list.
const LIST: u16 = 2;
/// Columns in which a rule is wrapped in the core.
pub(super) const CORE: usize = 76;
/// Rows and columns from which the rules stand beside the list.
const PANE: (u16, u16) = (128, 44);

/// Draws the body; the cursor rests on the selected check. From 128 columns and 44 rows on the rules stand beside it.
pub fn view(state: &State, data: &Data, pen: &mut Pen<'_>) -> Position {
    let height = pen.height();
    if pen.width() >= PANE.0 && height >= PANE.1 {
        pen.divide(80, 0, height);
        let mut pane = pen.within(Rect::new(82, 0, PANE.0 - 83, height));
        pane.text(0, 0, &tr!(pane.look(), "check-policy"), Role::Title);
        let rows = rules(&data.rules, 45);
        for (y, row) in (2..height).zip(&rows) {
            pane.text(0, y, row, Role::Text);
        }
    }
    let mut core = pen.within(Rect::new(0, 0, 80, height));
    let pen = &mut core;
    match state.mode {
        Mode::Rules(cursor) => words(cursor, data, pen),
        Mode::List => {
            let cursor = list(state, data, pen);
            advice(state, data, pen);
            cursor
        }
        Mode::Reason(item) => {
            list(state, data, pen);
            reasons(item, data, pen)
        }
    }
}

/// The rules as rows of so many columns; what tells more of a part stands a step to the right.
pub(super) fn rules(rules: &[Sentence], columns: usize) -> Vec<String> {
    let rows = rules.iter().flat_map(|sentence| {
        let step = if sentence.is_of_part() { "  " } else { "" };
        let mut lines = wrap(&sentence.says, columns.saturating_sub(step.len() + 2)).into_iter();
        let first = lines.next().map(|line| format!("{step}{line}"));
        first.into_iter().chain(lines.map(move |line| format!("{step}  {line}"))).collect::<Vec<_>>()
    });
    rows.collect()
}

fn words(cursor: Cursor, data: &Data, pen: &mut Pen<'_>) -> Position {
    let look = pen.look();
    pen.text(1, 0, &fit(&tr!(look, "check-rules-title", session = data.session.as_str()), 64), Role::Title);
    pen.rule(1);
    let rows = rules(&data.rules, CORE);
    let sight = usize::from(pen.height().saturating_sub(3));
    let top = cursor.at.min(rows.len().saturating_sub(sight));
    for (y, row) in (2..).zip(rows.iter().skip(top).take(sight)) {
        pen.text(2, y, row, Role::Text);
    }
    let (from, to) = ((top + 1).to_string(), (top + sight).min(rows.len()).to_string());
    let seen = tr!(look, "check-rules-sight", from = from, to = to, all = rows.len().to_string());
    pen.right(78, 0, &seen, Role::Muted);
    pen.rule(pen.height().saturating_sub(1));
    pen.position(1, 0)
}

fn list(state: &State, data: &Data, pen: &mut Pen<'_>) -> Position {
    let look = pen.look();
    pen.text(1, 0, &fit(&tr!(look, "check-title", session = data.session.as_str()), 47), Role::Title);
    if let Some((at, age)) = data.checked {
        let age = countdown(i64::try_from(age).unwrap_or(i64::MAX));
        pen.right(78, 0, &tr!(look, "check-age", at = at.clock(), age = age), Role::Muted);
    }
    pen.rule(1);
    let mut cursor = pen.position(1, LIST);
    for (n, item) in Item::ALL.into_iter().enumerate() {
        let y = LIST + u16::try_from(n).unwrap_or(0);
        let selected = state.cursor.row(Item::ALL.len()) == Some(n);
        line(data, n, item, y, selected, pen);
        if selected {
            cursor = pen.position(1, y);
        }
    }
    let under = LIST + 12;
    pen.rule(under);
    let tally = tr!(
        look,
        "check-tally",
        good = data.count(Standing::Good).to_string(),
        warnings = data.count(Standing::Warning).to_string(),
        blocked = data.count(Standing::Blocked).to_string()
    );
    pen.right(77, under, &format!(" {tally} "), Role::Muted);
    if data.planned > 1 {
        let beside = tr!(look, "check-beside", n = data.place.to_string(), all = data.planned.to_string());
        pen.text(2, under, &format!(" {beside} "), Role::Title);
    }
    cursor
}

fn mark(data: &Data, fact: Option<&Fact>, look: &Look<'_>) -> (String, Role) {
    match fact.map(|fact| (fact.standing(), data.stands(fact))) {
        None => ("[  ]".to_owned(), Role::Muted),
        Some((Standing::Good, _)) => (tr!(look, "seal-mark-good"), Role::Good),
        Some((Standing::Blocked, true)) => (tr!(look, "seal-mark-seen"), Role::Info),
        Some((Standing::Blocked, false)) => (tr!(look, "seal-mark-blocked"), Role::Bad),
        Some((Standing::Warning, _)) => (tr!(look, "seal-mark-warning"), Role::Warn),
        Some((Standing::Unchecked, _)) => ("[--]".to_owned(), Role::Muted),
    }
}

fn line(data: &Data, n: usize, item: Item, y: u16, selected: bool, pen: &mut Pen<'_>) {
    let look = pen.look();
    let role = table::row(pen, y, selected);
    let fact = data.facts.iter().find(|fact| fact.item() == item);
    let (word, tone) = mark(data, fact, look);
    pen.right(5, y, &(n + 1).to_string(), role);
    pen.text(6, y, &word, if selected { role } else { tone });
    pen.text(13, y, &name(item, look.texts), role);
    if let Some(fact) = fact {
        pen.text(32, y, &fit(&found(fact, &data.brief, look.texts), 37), role);
        if let Some(code) = fact.judged().1 {
            pen.right(78, y, code, role);
        }
    }
}

/// What to do about the selected check.
fn advice(state: &State, data: &Data, pen: &mut Pen<'_>) {
    let look = pen.look();
    let y = LIST + 13;
    let Some(fact) = state.cursor.row(data.facts.len()).and_then(|n| data.facts.get(n)) else { return };
    let n = state.cursor.row(data.facts.len()).map_or(0, |n| n + 1).to_string();
    let text = match remedy(fact, look.texts) {
        Some(what) => tr!(look, "check-do", n = n, what = what),
        None => tr!(look, "check-well", n = n),
    };
    let lines = wrap(&text, 76);
    for (y, line) in (y..y + 4).zip(&lines) {
        pen.text(2, y, line, Role::Text);
    }
    if data.stands(fact) {
        pen.text(2, y + 4, &tr!(look, "check-waived"), Role::Info);
    }
}

fn reasons(item: Item, data: &Data, pen: &mut Pen<'_>) -> Position {
    let look = pen.look();
    let y = LIST + 13;
    let n = data.facts.iter().position(|fact| fact.item() == item).map_or(0, |n| n + 1);
    pen.text(2, y, &fit(&tr!(look, "check-waive-title", n = n.to_string()), 76), Role::Title);
    for ((y, n), why) in (y + 1..).zip(1..).zip(WaiveReason::ALL) {
        pen.text(3, y, &format!("[{n}] {}", reason(why, look.texts)), Role::Text);
    }
    pen.position(2, y)
}
