//! 3.4 to 3.9 Verdict: what a tap came to.
//!
//! The plate is the candidate's; the proctor's line stands apart. A green plate is drawn only after the commit: until
//! then the grey one says 读卡中. The public glass shows a first character, two tails and the seat, never more.

use super::super::keymap::{Action, Press};
use super::super::sayings::{Told, admission};
use super::super::text::{fit, width};
use super::super::theme::{Plate, Role};
use super::super::widgets::Pen;
use super::super::widgets::plate::{self, BODY_ROW, TAG_ROW, WAY_ROW, Who};
use crate::domain::ids::{Code, RoomId, SeatLabel};
use crate::tui::i18n::tr;
use ratatui::layout::Position;
use ratatui::style::Modifier;

/// Whether the journal has a line of this tap.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Entry {
    /// It has.
    Written,
    /// The same card a moment ago: shown again, not written again.
    Repeat,
    /// None is written: no session is open for taps, or not yet.
    None,
}

/// Facts of this draw.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Data {
    /// What the plate says.
    pub plate: Plate,
    /// The row of the admission table; none while reading.
    pub code: Option<Code>,
    /// Values of its sentences.
    pub told: Told,
    /// Whose card, masked; empty when nobody was recognised.
    pub who: Who,
    /// Where to sit: admitted and already in.
    pub place: Option<(RoomId, SeatLabel)>,
    /// What the journal has.
    pub entry: Entry,
    /// Seconds until the screen goes back by itself.
    pub back_in: Option<u32>,
}

/// What was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Nothing.
    Stay,
    /// Back to ready.
    Back,
    /// Search, beginning with this character.
    Search(char),
}

/// Interprets a key. The screen keeps nothing.
#[must_use]
pub fn on_key(press: Press) -> Outcome {
    match press {
        Press::Do(Action::Enter | Action::Back) => Outcome::Back,
        Press::Char(c) => Outcome::Search(c),
        _ => Outcome::Stay,
    }
}

/// Draws the plate; the cursor rests on the tag line, always the same place.
pub fn view(data: &Data, pen: &mut Pen<'_>) -> Position {
    plate::draw(pen, data.plate, &data.who);
    match &data.place {
        Some((room, seat)) => {
            plate::seat(pen, data.plate, room, seat);
            way(data, pen);
        }
        None => sentences(data, pen),
    }
    pen.position(2, TAG_ROW)
}

fn way(data: &Data, pen: &mut Pen<'_>) {
    let Some(code) = data.code else { return };
    let look = pen.look();
    let said = admission(code, &data.told, look);
    let late = if data.plate == Plate::Late { format!("   {}", said.next) } else { String::new() };
    let room = 76_usize.saturating_sub(back_in(data, pen) + 2);
    // The tag line has said the headline already: it goes first when the row is short.
    let whole = format!("{}  {}{late}", said.headline, said.line);
    let words = if width(&whole) <= room { whole } else { format!("{}{late}", said.line) };
    plate::line(pen, WAY_ROW, &fit(&words, room), data.plate);
    if data.plate == Plate::Already && code != Code(40) {
        // Somebody must look: the proctor's line takes the free row under the word.
        plate::line(pen, BODY_ROW - 1, &tr!(look, "verdict-proctor", next = said.next), data.plate);
    }
}

fn sentences(data: &Data, pen: &mut Pen<'_>) {
    let Some(code) = data.code else { return };
    let look = pen.look();
    let said = admission(code, &data.told, look);
    let bold = look.style(Role::Plate(data.plate)).add_modifier(Modifier::BOLD);
    pen.styled(2, BODY_ROW, &fit(&said.headline, 76), bold);
    plate::line(pen, BODY_ROW + 1, &said.line, data.plate);
    plate::line(pen, BODY_ROW + 3, &tr!(look, "verdict-proctor", next = said.next), data.plate);
    let number = code.to_string();
    let entry = match data.entry {
        Entry::Written => tr!(look, "verdict-recorded", code = number),
        Entry::Repeat => tr!(look, "verdict-repeat", code = number),
        Entry::None => tr!(look, "verdict-code", code = number),
    };
    plate::line(pen, BODY_ROW + 5, &entry, data.plate);
    if matches!(data.plate, Plate::Refused | Plate::Proctor) {
        plate::line(pen, BODY_ROW + 6, &tr!(look, "refusal-comfort"), data.plate);
    }
    back_in(data, pen);
}

/// Writes the seconds left at the end of the way row and returns the columns taken.
fn back_in(data: &Data, pen: &mut Pen<'_>) -> usize {
    let look = pen.look();
    let text = data.back_in.map(|left| tr!(look, "verdict-back", left = left.to_string())).unwrap_or_default();
    pen.right(pen.width().saturating_sub(2), WAY_ROW, &text, Role::Plate(data.plate));
    width(&text)
}
