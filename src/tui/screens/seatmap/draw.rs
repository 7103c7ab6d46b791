//! How the seat map is drawn.
//!
//! ```text
//! rows 0          heads: seats by ten, who came                     │ the selected seat
//! rows 1 to n-3   >03 ##o####### ########## o.#.##.##!  27/30       │ its people, the room, the legend
//! rows n-2, n-1   rule; all seats, who came and who did not
//! ```

use super::super::super::text::{fit, pad, pad_left};
use super::super::super::theme::Role;
use super::super::super::widgets::Pen;
use super::super::super::widgets::table::Cursor;
use super::super::roster::standing_word;
use super::{Data, LINE, Mark, Purpose, Room, Stage, State, reason_word};
use crate::domain::seats::SeatReason;
use crate::tui::i18n::tr;
use ratatui::layout::Position;

/// Columns of thirty seats, a blank after each ten.
const SEATS: u16 = 33;
/// Columns of who came.
const CAME: u16 = 8;

/// A line of the map: a room, and its first seat there.
type Line = (usize, usize);

fn lines(data: &Data) -> Vec<Line> {
    let of = |(n, room): (usize, &Room)| (0..room.seats.len().max(1)).step_by(LINE).map(move |from| (n, from));
    data.rooms.iter().enumerate().flat_map(of).collect()
}

/// Draws the body; the cursor rests on the selected seat.
pub fn view(state: &State, data: &Data, pen: &mut Pen<'_>) -> Position {
    let look = pen.look();
    let mut state = state.clone();
    state.settle(data);
    let code = data.rooms.iter().map(|room| room.id.as_str().len()).max().unwrap_or(2).max(2);
    let left = u16::try_from(code).unwrap_or(8) + 2;
    let divide = left + SEATS + CAME;
    let bottom = pen.height().saturating_sub(2);
    for (n, tens) in (0u16..).zip(["1-10", "11-20", "21-30"]) {
        pen.text(left + 11 * n, 0, tens, Role::Muted);
    }
    pen.text(left + SEATS + 1, 0, &tr!(look, "seats-came"), Role::Muted);
    pen.divide(divide, 0, bottom);
    let lines = lines(data);
    let here = lines.iter().rposition(|(room, from)| *room == state.room && *from <= state.seat).unwrap_or(0);
    let height = usize::from(bottom.saturating_sub(1));
    let mut cursor = Cursor::default();
    cursor.go(here, lines.len(), height);
    let sight = cursor.sight(lines.len(), height);
    let mut position = pen.position(left, 1);
    for (y, (n, (room, from))) in (1u16..).zip(lines.iter().enumerate().skip(sight.start).take(sight.len())) {
        let Some(room) = data.rooms.get(*room) else { continue };
        let chosen = (n == here).then_some(state.seat - *from);
        if let Some(at) = draw_line(pen, y, left, room, *from, (chosen, state.missing)) {
            position = at;
        }
    }
    let wide = usize::from(pen.width().saturating_sub(2));
    pen.text(1, bottom, &"─".repeat(wide), Role::Muted);
    pen.text(divide, bottom, "┴", Role::Muted);
    draw_total(pen, bottom + 1, data, lines.len().saturating_sub(sight.end));
    draw_side(pen, divide + 2, &state, data);
    position
}

fn draw_line(
    pen: &mut Pen<'_>,
    y: u16,
    left: u16,
    room: &Room,
    from: usize,
    (chosen, missing): (Option<usize>, bool),
) -> Option<Position> {
    let selected = chosen.is_some();
    if selected {
        pen.text(0, y, ">", Role::Title);
    }
    if from == 0 {
        pen.text(1, y, room.id.as_str(), if selected { Role::Title } else { Role::Text });
        let role = if room.short { Role::Warn } else { Role::Text };
        let came = format!("{}/{}", room.came, room.people);
        pen.text(left + SEATS, y, &pad_left(&came, usize::from(CAME) - 1), role);
    }
    let mut position = None;
    for (column, (n, (_, mark))) in (0u16..).zip(room.seats.iter().enumerate().skip(from).take(LINE)) {
        let x = left + column + column / 10;
        let hidden = missing && *mark != Mark::Expected;
        let letter = if hidden { ' ' } else { mark.letter() };
        let at_cursor = chosen == Some(n - from);
        let role = if at_cursor { Role::Selection } else { role(*mark) };
        pen.text(x, y, &letter.to_string(), role);
        if at_cursor {
            position = Some(pen.position(x, y));
        }
    }
    position
}

fn role(mark: Mark) -> Role {
    match mark {
        Mark::Empty | Mark::Expected | Mark::Withdrawn => Role::Muted,
        Mark::Present => Role::Good,
        Mark::Late => Role::Warn,
        Mark::HandedIn => Role::Info,
        Mark::Absent | Mark::Open => Role::Bad,
    }
}

fn draw_total(pen: &mut Pen<'_>, y: u16, data: &Data, below: usize) {
    let look = pen.look();
    let sum = |of: fn(&Room) -> usize| data.rooms.iter().map(of).sum::<usize>();
    let (seats, came, people) = (sum(|room| room.seats.len()), sum(|room| room.came), sum(|room| room.people));
    let total = tr!(
        look,
        "seats-total",
        seats = seats.to_string(),
        came = came.to_string(),
        left = people.saturating_sub(came).to_string()
    );
    let x = pen.text(2, y, &total, Role::Text) + 3;
    if below > 0 {
        pen.text(x, y, &tr!(look, "seats-below", n = below.to_string()), Role::Warn);
    } else if data.rooms.iter().any(|room| room.short) {
        pen.text(x, y, &tr!(look, "seats-short"), Role::Warn);
    } else {
        pen.text(x, y, &tr!(look, "seats-all-here"), Role::Muted);
    }
}

/// The right side: what is selected, or what is asked.
fn draw_side(pen: &mut Pen<'_>, x: u16, state: &State, data: &Data) {
    let look = pen.look();
    let wide = usize::from(80u16.saturating_sub(x + 1));
    let mut put = |y: u16, text: &str, role: Role| {
        pen.text(x, y, &fit(text, wide), role);
    };
    put(0, &data.session, Role::Title);
    let Some(room) = data.rooms.get(state.room) else {
        put(2, &tr!(look, "seats-none"), Role::Warn);
        return;
    };
    put(1, &tr!(look, "rooms-line", room = room.id.as_str()), Role::Text);
    put(2, &room.way, Role::Muted);
    if let Some(place) = state.selected(data) {
        let mark = state.mark(data).map(|mark| mark.word(look)).unwrap_or_default();
        put(4, &tr!(look, "seats-seat", seat = place.seat.as_str(), state = mark), Role::Text);
    }
    for (y, sitter) in (5u16..7).zip(&data.sitters) {
        let (word, _) = standing_word(sitter.standing, look);
        put(y, &format!("{word}  {}", sitter.name), Role::Text);
    }
    match &state.stage {
        Stage::Look => {
            let count = |mark: Mark| room.seats.iter().filter(|(_, of)| *of == mark).count();
            put(8, &tr!(look, "seats-legend"), Role::Muted);
            for (n, mark) in (0u16..).zip(Mark::ALL) {
                let word = pad(&mark.word(look), 9);
                let text = format!("{} {word}{}", mark.letter(), pad_left(&count(mark).to_string(), 3));
                put(9 + n, &format!("  {text}"), role(mark));
            }
        }
        Stage::Moving(cand) => {
            put(8, &tr!(look, "seats-moving", number = cand.as_str()), Role::Warn);
            put(9, &tr!(look, "seats-moving-how"), Role::Muted);
            put(10, &tr!(look, "seats-moving-enter"), Role::Muted);
        }
        Stage::Why(purpose) => {
            let what = match purpose {
                Purpose::Move(_, to) => tr!(look, "seats-why-move", seat = to.to_string()),
                Purpose::Withdraw(place) => tr!(look, "seats-why-withdraw", seat = place.to_string()),
            };
            put(8, &what, Role::Warn);
            for ((y, n), reason) in (10u16..).zip(1..).zip(SeatReason::ALL) {
                put(y, &format!("{n}  {}", reason_word(reason, look)), Role::Text);
            }
        }
    }
}
