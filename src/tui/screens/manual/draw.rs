//! The form of 3.12, row by row.

use super::super::super::Look;
use super::super::super::text::fit;
use super::super::super::theme::Role;
use super::super::super::widgets::Pen;
use super::super::super::widgets::header::role_word;
use super::{Data, Focus, KINDS, Kind, State, Wrong};
use crate::domain::by_hand::{ManualCheck, ManualReason};
use crate::domain::document::DocKind;
use crate::tui::i18n::tr;
use ratatui::layout::Position;

const LEFT: u16 = 2;
const FIELD: u16 = 20;
/// The longest name of a kind is twenty columns wide.
const KIND_COLUMNS: [u16; 3] = [14, 37, 57];

/// Draws the body; the cursor rests in the field that takes keys.
pub fn view(state: &State, data: &Data, pen: &mut Pen<'_>) -> Position {
    let look = pen.look();
    pen.text(1, 0, &tr!(look, "manual-title"), Role::Title);
    pen.rule(1);
    let mut cursor = pen.position(LEFT, 0);
    let mut keep = |focus: Focus, at: Position| {
        if state.focus == focus {
            cursor = at;
        }
    };
    pen.text(LEFT, 2, &tr!(look, "manual-row"), Role::Text);
    keep(Focus::Row, state.pick.draw(&data.found, pen, FIELD, 2, 58));
    pen.text(LEFT, 6, &tr!(look, "manual-kind"), Role::Text);
    keep(Focus::Kind, kinds(state, data, pen));
    let typed = matches!(state.kind, Some(Kind::Document(_)));
    if typed {
        pen.text(LEFT, 9, &tr!(look, "manual-number"), Role::Text);
        keep(Focus::Once, state.once.draw(pen, FIELD, 9, 22, state.focus == Focus::Once));
        pen.text(FIELD + 23, 9, &tr!(look, "manual-again"), Role::Text);
        keep(Focus::Twice, state.twice.draw(pen, FIELD + 32, 9, 22, state.focus == Focus::Twice));
        pen.text(LEFT, 10, &tr!(look, "manual-last-day"), Role::Text);
        keep(Focus::LastDay, state.last_day.draw(pen, FIELD, 10, 12));
        let tick = if state.same_name { "[x]" } else { "[ ]" };
        let role = if state.focus == Focus::Name { Role::Selection } else { Role::Text };
        let words = format!("{tick} {}", tr!(look, "manual-same-name"));
        pen.text(FIELD + 23, 10, &fit(&words, 35), role);
        keep(Focus::Name, pen.position(FIELD + 23, 10));
        pen.text(LEFT, 11, &tr!(look, "manual-reason"), Role::Text);
        keep(Focus::Reason, reasons(state, pen));
        pen.text(LEFT, 12, &tr!(look, "manual-checks"), Role::Text);
        keep(Focus::Checks, checks(state, pen));
        pen.text(LEFT, 14, &tr!(look, "manual-tail"), Role::Text);
        let at = state.tail.draw(pen, FIELD + 20, 14, 6);
        keep(Focus::Tail, at);
        let same = state.pick.chosen(&data.found).filter(|_| state.tail.text().chars().count() == 4);
        if let Some(row) = same {
            let (words, role) = if row.id_tail == state.tail.text() {
                (tr!(look, "manual-tail-same"), Role::Good)
            } else {
                (tr!(look, "manual-tail-differs"), Role::Bad)
            };
            pen.text(FIELD + 28, 14, &words, role);
        }
        pen.text(LEFT, 15, &tr!(look, "manual-second"), Role::Text);
        let at = second(state, data, pen);
        keep(Focus::Person, at);
        keep(Focus::Pin, at);
    }
    if let Some((x, y)) = place(state.focus) {
        pen.text(x.saturating_sub(1), y, ">", Role::Title);
    }
    pen.rule(16);
    pen.text(LEFT, 17, &fit(&consequence(state, data, look), 76), Role::Muted);
    if let Some(wrong) = state.wrong {
        pen.text(LEFT, 18, &fit(&wrong_word(wrong, look), 76), Role::Warn);
    }
    cursor
}

/// Where a field begins; the mark of the one that takes keys stands before it.
fn place(focus: Focus) -> Option<(u16, u16)> {
    Some(match focus {
        Focus::Row => return None,
        Focus::Kind => (KIND_COLUMNS[0], 6),
        Focus::Once => (FIELD, 9),
        Focus::Twice => (FIELD + 32, 9),
        Focus::LastDay => (FIELD, 10),
        Focus::Name => (FIELD + 23, 10),
        Focus::Reason => (FIELD, 11),
        Focus::Checks => (FIELD, 12),
        Focus::Tail => (FIELD + 20, 14),
        Focus::Person => (FIELD, 15),
        Focus::Pin => (FIELD + 22, 15),
    })
}

fn kinds(state: &State, data: &Data, pen: &mut Pen<'_>) -> Position {
    let look = pen.look();
    let nothing = tr!(look, "manual-nothing");
    let names = KINDS.iter().map(|kind| (Kind::Document(*kind), kind.chinese().to_owned(), accepts(data, *kind)));
    let all = names.chain([(Kind::Nothing, nothing, data.forgotten)]);
    for (n, (kind, name, may)) in all.enumerate() {
        let (column, line) = (KIND_COLUMNS.get(n % 3).copied().unwrap_or(FIELD), u16::try_from(n / 3).unwrap_or(0));
        let digit = (n + 1) % (KINDS.len() + 1);
        let role = match (state.kind == Some(kind), may) {
            (true, _) => Role::Selection,
            (false, true) => Role::Text,
            (false, false) => Role::Muted,
        };
        pen.text(column, 6 + line, &fit(&format!("{digit} {name}"), 22), role);
    }
    pen.position(KIND_COLUMNS[0], 6)
}

fn accepts(data: &Data, kind: DocKind) -> bool {
    data.accepted.contains(&kind)
}

fn reasons(state: &State, pen: &mut Pen<'_>) -> Position {
    let look = pen.look();
    for (n, reason) in ManualReason::ALL.iter().enumerate() {
        let word = match reason {
            ManualReason::ChipDead => tr!(look, "manual-chip-dead"),
            ManualReason::NoChip => tr!(look, "manual-no-chip"),
            ManualReason::ReaderFault => tr!(look, "manual-reader-fault"),
        };
        let role = if state.reason == Some(*reason) { Role::Selection } else { Role::Text };
        let x = FIELD + 20 * u16::try_from(n).unwrap_or(0);
        pen.text(x, 11, &fit(&format!("{} {word}", n + 1), 19), role);
    }
    pen.position(FIELD, 11)
}

fn checks(state: &State, pen: &mut Pen<'_>) -> Position {
    let look = pen.look();
    let mut cursor = pen.position(FIELD, 12);
    for (n, check) in ManualCheck::ALL.iter().enumerate() {
        let word = match check {
            ManualCheck::DocumentPhoto => tr!(look, "manual-document-photo"),
            ManualCheck::TicketPhoto => tr!(look, "manual-ticket-photo"),
            ManualCheck::StudentCard => tr!(look, "manual-student-card"),
            ManualCheck::Household => tr!(look, "manual-household"),
        };
        let tick = if state.checks.contains(check) { "[x]" } else { "[ ]" };
        let under = state.focus == Focus::Checks && state.check == n;
        let (column, line) = (u16::try_from(n % 2).unwrap_or(0), u16::try_from(n / 2).unwrap_or(0));
        let (x, y) = (FIELD + 30 * column, 12 + line);
        let role = if under { Role::Selection } else { Role::Text };
        pen.text(x, y, &fit(&format!("{tick} {} {word}", n + 1), 29), role);
        if under {
            cursor = pen.position(x, y);
        }
    }
    cursor
}

fn second(state: &State, data: &Data, pen: &mut Pen<'_>) -> Position {
    let look = pen.look();
    let mut at = pen.position(FIELD, 15);
    if let Some(person) = data.people.get(state.person) {
        let words = format!("{} {}", person.masked, role_word(person.role, look));
        let role = if state.focus == Focus::Person { Role::Selection } else { Role::Text };
        pen.text(FIELD, 15, &fit(&words, 20), role);
    }
    pen.text(FIELD + 22, 15, "PIN", Role::Text);
    let pin = state.pin.draw(pen, FIELD + 26, 15, 25, state.focus == Focus::Pin);
    if state.focus == Focus::Pin {
        at = pin;
    }
    at
}

/// What Enter on the last field writes.
fn consequence(state: &State, data: &Data, look: &Look<'_>) -> String {
    let second = data.people.get(state.person).map(|person| person.masked.clone()).unwrap_or_default();
    match state.kind {
        Some(Kind::Nothing) if data.forgotten => tr!(look, "manual-writes-nothing"),
        Some(Kind::Nothing) => tr!(look, "manual-refuses-nothing"),
        _ => tr!(look, "manual-writes", acting = data.acting.as_str(), second = second),
    }
}

fn wrong_word(wrong: Wrong, look: &Look<'_>) -> String {
    match wrong {
        Wrong::Row => tr!(look, "manual-wrong-row"),
        Wrong::Kind => tr!(look, "manual-wrong-kind"),
        Wrong::Number => tr!(look, "manual-wrong-number"),
        Wrong::LastDay => tr!(look, "manual-wrong-last-day"),
        Wrong::Reason => tr!(look, "manual-wrong-reason"),
        Wrong::Checks => tr!(look, "refusal-t-17"),
        Wrong::Tail => tr!(look, "manual-wrong-tail"),
        Wrong::Pin => tr!(look, "manual-wrong-pin"),
    }
}
