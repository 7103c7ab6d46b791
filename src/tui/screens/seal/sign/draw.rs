//! How 3.22 looks: the fingerprint above, the three things to type below, the list of proctors only while one is picked.

use super::super::super::super::Look;
use super::super::super::super::text::{fit, pad};
use super::super::super::super::theme::Role;
use super::super::super::super::widgets::Pen;
use super::super::{Step, steps};
use super::{DIGITS, Data, Notice, SIGHT, Slot, Stage, State};
use crate::tui::i18n::tr;
use ratatui::layout::{Position, Rect};

const READ_ROW: u16 = 12;
const FIRST_ROW: u16 = 14;
const SECOND_ROW: u16 = 15;
const PASSPHRASE_ROW: u16 = 16;
/// Column of what belongs to a label.
const VALUE: u16 = 14;
/// Column of a PIN.
const PIN: u16 = 44;
/// The last three rows: the list, or what there is to say.
const LIST_ROW: u16 = 17;
const LIST_ROWS: u16 = 3;
const LIST_COLUMNS: u16 = 39;

/// Draws the body; the cursor rests on what takes keys.
pub fn view(state: &State, data: &Data, pen: &mut Pen<'_>) -> Position {
    let look = pen.look();
    let due = state.stage(data);
    let step = match due {
        Stage::Read(_) => Step::Fingerprint,
        Stage::Sign(Slot::First) => Step::First,
        Stage::Sign(Slot::Second) => Step::Second,
        Stage::Passphrase => Step::Seal,
    };
    steps(pen, step);
    pen.rule(1);
    pen.text(2, 2, &fit(&tr!(look, "seal-copy"), 77), Role::Text);
    for (y, line) in (4..).zip(data.groups.lines(8)) {
        pen.text(12, y, &line, Role::Title);
    }
    facts(data, pen);
    pen.rule(10);
    pen.text(2, 11, &fit(&tr!(look, "seal-read-back"), 77), Role::Text);
    let read = [0, 1].map(|n| group(state, data, (n, due), pen));
    let first = signature(state, data, (Slot::First, due), pen);
    let second = signature(state, data, (Slot::Second, due), pen);
    let passphrase = passphrase(state, due, pen);
    let listed = below(state, data, due, pen);
    match due {
        Stage::Read(n) => read.get(n).copied().unwrap_or_else(|| pen.position(0, READ_ROW)),
        Stage::Sign(_) if state.picked(data).is_none() => listed,
        Stage::Sign(Slot::First) => first,
        Stage::Sign(Slot::Second) => second,
        Stage::Passphrase => passphrase,
    }
}

fn facts(data: &Data, pen: &mut Pen<'_>) {
    let look = pen.look();
    let n = data.counts;
    let counts = tr!(
        look,
        "seal-counts",
        expected = n.expected.to_string(),
        present = n.present.to_string(),
        absent = n.absent.to_string(),
        incidents = data.incidents.to_string(),
        lines = data.lines.to_string()
    );
    let session = tr!(
        look,
        "seal-session",
        session = data.session.as_str(),
        id = data.session_short.as_str(),
        root = data.root_short.as_str()
    );
    let to = tr!(look, "seal-recipients-short", working = data.working.as_str(), recovery = data.recovery.as_str());
    for (y, text) in (7..).zip([counts, session, to]) {
        pen.text(2, y, &fit(&text, 76), Role::Text);
    }
    pen.right(78, 9, &tr!(look, "seal-frozen", at = data.frozen_at.clock()), Role::Muted);
}

/// A field in brackets: the one that takes keys stands out.
fn brackets(x: u16, y: u16, columns: u16, pen: &mut Pen<'_>) {
    pen.text(x - 1, y, "[", Role::Muted);
    pen.text(x + columns, y, "]", Role::Muted);
}

fn group(state: &State, data: &Data, (n, due): (usize, Stage), pen: &mut Pen<'_>) -> Position {
    let look = pen.look();
    let left = if n == 0 { 8 } else { 42 };
    let letter = data.asked.get(n).map(char::to_string).unwrap_or_default();
    let x = pen.text(left, READ_ROW, &tr!(look, "seal-group", letter = letter), Role::Text) + 2;
    let typed = state.typed(n);
    let columns = 2 * u16::try_from(DIGITS).unwrap_or(0);
    brackets(x, READ_ROW, columns, pen);
    let role = if due == Stage::Read(n) { Role::Field } else { Role::Text };
    pen.clear(Rect::new(x, READ_ROW, columns, 1), role);
    let end = pen.text(x, READ_ROW, &typed.chars().flat_map(|c| [c, ' ']).collect::<String>(), role);
    let (word, tone) = match typed.len() {
        DIGITS if state.is_right(n, data) => (tr!(look, "seal-mark-good"), Role::Good),
        DIGITS => (tr!(look, "seal-read-wrong"), Role::Bad),
        _ => (String::new(), Role::Text),
    };
    pen.text(x + columns + 2, READ_ROW, &word, tone);
    pen.position(end.min(x + columns - 1), READ_ROW)
}

fn signature(state: &State, data: &Data, (slot, due): (Slot, Stage), pen: &mut Pen<'_>) -> Position {
    let look = pen.look();
    let (label, y, signed) = match (slot, data.signed) {
        (Slot::First, [signed, _]) => (tr!(look, "seal-step-first"), FIRST_ROW, signed),
        (Slot::Second, [_, signed]) => (tr!(look, "seal-step-second"), SECOND_ROW, signed),
    };
    let now = due == Stage::Sign(slot);
    pen.text(2, y, &label, if now || signed.is_some() { Role::Title } else { Role::Muted });
    let who = signed.map(|signed| signed.proctor).or_else(|| state.picked(data).filter(|_| now));
    let Some(proctor) = who.and_then(|who| data.proctors.get(who)) else {
        let words = match slot {
            _ if now => tr!(look, "seal-pick"),
            Slot::First => tr!(look, "seal-after-reading"),
            Slot::Second => tr!(look, "seal-other-person"),
        };
        pen.text(VALUE, y, &fit(&words, 64), if now { Role::Text } else { Role::Muted });
        return pen.position(VALUE, y);
    };
    let until = tr!(look, "seal-until", month = proctor.until.as_str());
    pen.text(VALUE, y, &fit(&format!("{}  {until}", pad(&proctor.masked, 4)), 24), Role::Text);
    if let Some(signed) = signed {
        pen.text(39, y, &tr!(look, "seal-signed", at = signed.at.clock()), Role::Good);
        return pen.position(39, y);
    }
    pen.text(39, y, "PIN", Role::Text);
    brackets(PIN, y, 25, pen);
    state.pin.draw(pen, PIN, y, 25, state.checking != Some(due))
}

fn passphrase(state: &State, due: Stage, pen: &mut Pen<'_>) -> Position {
    let look = pen.look();
    let now = due == Stage::Passphrase;
    let y = PASSPHRASE_ROW;
    pen.text(2, y, &tr!(look, "seal-passphrase"), if now { Role::Title } else { Role::Muted });
    if !now {
        pen.text(VALUE, y, &fit(&tr!(look, "seal-after-signing"), 64), Role::Muted);
        return pen.position(VALUE, y);
    }
    brackets(VALUE + 1, y, 54, pen);
    state.passphrase.draw(pen, VALUE + 1, y, 54, state.checking != Some(due))
}

/// The last rows: the question before stopping, the list, or what the last key came to.
fn below(state: &State, data: &Data, due: Stage, pen: &mut Pen<'_>) -> Position {
    let look = pen.look();
    if state.stopping {
        pen.text(2, LIST_ROW, &fit(&tr!(look, "seal-stop"), 77), Role::Strip);
        pen.text(2, LIST_ROW + 1, &tr!(look, "seal-stop-safe"), Role::Text);
        pen.text(2, LIST_ROW + 2, &tr!(look, "seal-stop-keys"), Role::Muted);
        return pen.position(2, LIST_ROW);
    }
    if matches!(due, Stage::Sign(_)) && state.picked(data).is_none() {
        return list(state, data, pen);
    }
    let (text, role) = notice(state, data, due, look);
    pen.text(2, LIST_ROW, &fit(&text, 77), role);
    if let Some(proctor) = state.picked(data).and_then(|who| data.proctors.get(who)) {
        let (words, role) = proctor.tries.words(look);
        pen.text(2, LIST_ROW + 1, &words, role);
    }
    pen.text(2, LIST_ROW + 2, &fit(&tr!(look, "seal-no-names"), 77), Role::Muted);
    pen.position(2, LIST_ROW)
}

fn notice(state: &State, data: &Data, due: Stage, look: &Look<'_>) -> (String, Role) {
    let checking = state.checking == Some(due);
    match due {
        Stage::Read(n) if state.typed(n).len() == DIGITS => (tr!(look, "seal-read-again"), Role::Bad),
        Stage::Read(_) => (String::new(), Role::Text),
        _ if checking => (tr!(look, "unlock-checking"), Role::Info),
        Stage::Sign(_) if state.notice == Notice::Wrong => (tr!(look, "unlock-wrong"), Role::Bad),
        Stage::Passphrase if state.notice == Notice::Wrong => (tr!(look, "seal-passphrase-wrong"), Role::Bad),
        Stage::Sign(_) => {
            let proctor = state.picked(data).and_then(|who| data.proctors.get(who));
            let pin = proctor.and_then(|proctor| proctor.demo_pin.as_ref());
            (pin.map_or_else(String::new, |pin| tr!(look, "unlock-demo-pin", pin = pin.as_str())), Role::Warn)
        }
        Stage::Passphrase => match &data.demo_passphrase {
            Some(words) => (tr!(look, "demo-passphrase", passphrase = words.as_str()), Role::Warn),
            None => (tr!(look, "seal-last-step"), Role::Text),
        },
    }
}

/// Who may sign, in two columns.
fn list(state: &State, data: &Data, pen: &mut Pen<'_>) -> Position {
    let look = pen.look();
    let people = data.eligible();
    let mut cursor = pen.position(2, LIST_ROW);
    if people.is_empty() {
        pen.text(2, LIST_ROW, &tr!(look, "close-no-proctor"), Role::Bad);
    }
    let sight = state.people.sight(people.len(), SIGHT);
    let seen = people.iter().enumerate().skip(sight.start).take(sight.len());
    for (place, (row, who)) in (0..).zip(seen) {
        let Some(proctor) = data.proctors.get(*who) else { continue };
        let (x, y) = (1 + LIST_COLUMNS * (place / LIST_ROWS), LIST_ROW + place % LIST_ROWS);
        let selected = state.people.row(people.len()) == Some(row);
        let role = if selected { Role::Selection } else { Role::Text };
        let mark = if selected { ">" } else { " " };
        let digit = if row < 9 { format!("[{}]", row + 1) } else { "   ".to_owned() };
        let until = tr!(look, "seal-until", month = proctor.until.as_str());
        let line = format!("{mark} {digit} {}  {until}", pad(&proctor.masked, 4));
        pen.text(x, y, &pad(&line, usize::from(LIST_COLUMNS) - 1), role);
        if selected {
            cursor = pen.position(x + 2, y);
        }
    }
    cursor
}
