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
use crate::domain::ids::{AdmissionNo, Code, RoomId, SeatLabel};
use crate::tui::i18n::tr;
use ratatui::layout::Position;
use ratatui::style::Modifier;

/// Rows among which one is chosen, in sight.
const ROWS: usize = 3;
/// Differing characters whose code points are told.
const POINTS: usize = 3;

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
    /// What a person can do about it.
    pub open: Option<Open>,
}

/// What a person can do about an open case: the operator's half of the plate.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Open {
    /// By digit, from 1; the first is also Y where one key does it.
    pub ways: Vec<Way>,
    /// The rows among which one is chosen, by digit; then Enter.
    pub rows: Vec<Choice>,
    /// The names on roster and document, where they differ and the desk does not face candidates.
    pub names: Option<(String, String)>,
    /// The row picked so far.
    pub picked: Option<usize>,
}

impl std::fmt::Debug for Open {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Open").field("ways", &self.ways).field("picked", &self.picked).finish_non_exhaustive()
    }
}

/// One way on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// One proctor has looked, and it is right.
    Confirm,
    /// Chief and proctor set it aside.
    Lift,
    /// Two people type the document.
    ByHand,
    /// Somebody reads the room's clock.
    Clock,
}

/// One of several rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// Admission number.
    pub number: AdmissionNo,
    /// Room and seat.
    pub place: String,
    /// Which session.
    pub session: String,
    /// Certificate.
    pub certificate: String,
}

/// What was asked for on an open case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CaseOutcome {
    /// Nothing.
    Stay,
    /// It waits with the others.
    Defer,
    /// One key.
    Confirm,
    /// The cursor goes to this row.
    Pick(usize),
    /// This row it is.
    Choose(usize),
    /// Two PINs.
    Lift,
    /// The form of 3.12.
    ByHand,
    /// The room's clock.
    Clock,
}

/// Interprets a key on an open case.
#[must_use]
pub fn on_case_key(open: &Open, press: Press) -> CaseOutcome {
    let digit = match press {
        Press::Char(c) => c.to_digit(10).and_then(|n| usize::try_from(n).ok()?.checked_sub(1)),
        _ => None,
    };
    let way = match press {
        Press::Do(Action::Back) => return CaseOutcome::Defer,
        Press::Do(Action::Enter) => return open.picked.map_or(CaseOutcome::Stay, CaseOutcome::Choose),
        Press::Do(Action::Confirm) => open.ways.first().copied().filter(|way| *way == Way::Confirm),
        _ if !open.rows.is_empty() => {
            return digit.filter(|n| *n < open.rows.len()).map_or(CaseOutcome::Stay, CaseOutcome::Pick);
        }
        _ => digit.and_then(|n| open.ways.get(n)).copied(),
    };
    match way {
        Some(Way::Confirm) => CaseOutcome::Confirm,
        Some(Way::Lift) => CaseOutcome::Lift,
        Some(Way::ByHand) => CaseOutcome::ByHand,
        Some(Way::Clock) => CaseOutcome::Clock,
        None => CaseOutcome::Stay,
    }
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
    if let Some(open) = &data.open {
        return case(open, code, &said.next, data, pen);
    }
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

/// The operator's half: what to look at, and the ways on.
fn case(open: &Open, code: Code, next: &str, data: &Data, pen: &mut Pen<'_>) {
    let look = pen.look();
    let number = code.to_string();
    plate::line(pen, BODY_ROW + 2, &tr!(look, "verdict-proctor", next = next), data.plate);
    // A headline leaves half of its row free.
    pen.right(pen.width().saturating_sub(2), BODY_ROW, &number, Role::Plate(data.plate));
    if let Some((roster, document)) = &open.names {
        names(roster, document, data.plate, pen);
    }
    for (n, row) in open.rows.iter().take(ROWS).enumerate() {
        let mark = if open.picked == Some(n) { ">" } else { " " };
        let words = tr!(
            look,
            "case-row",
            number = row.number.as_str(),
            place = row.place.as_str(),
            session = row.session.as_str(),
            certificate = row.certificate.as_str()
        );
        let y = BODY_ROW + 3 + u16::try_from(n).unwrap_or(0);
        plate::line(pen, y, &format!("{mark} {}  {words}", n + 1), data.plate);
    }
    let ways: Vec<String> = (1..).zip(&open.ways).map(|(n, way)| format!("{n} {}", way_word(*way, look))).collect();
    let ways = if open.rows.is_empty() { ways.join("   ") } else { tr!(look, "case-choose") };
    plate::line(pen, BODY_ROW + 6, &ways, data.plate);
    let left = back_in(data, pen);
    plate::line(pen, WAY_ROW, &fit(&tr!(look, "refusal-comfort"), 74_usize.saturating_sub(left)), data.plate);
    back_in(data, pen);
}

fn way_word(way: Way, look: &super::super::Look<'_>) -> String {
    match way {
        Way::Confirm => tr!(look, "case-confirm"),
        Way::Lift => tr!(look, "case-lift"),
        Way::ByHand => tr!(look, "case-by-hand"),
        Way::Clock => tr!(look, "case-clock"),
    }
}

/// Both names cell by cell, what differs in brackets, and the code points of the first that do.
fn names(roster: &str, document: &str, plate: Plate, pen: &mut Pen<'_>) {
    let look = pen.look();
    let (ours, theirs): (Vec<char>, Vec<char>) = (roster.chars().collect(), document.chars().collect());
    let differs = |n: usize| ours.get(n) != theirs.get(n);
    let cells = |name: &[char]| {
        let cell = |(n, c): (usize, &char)| if differs(n) { format!("[{c}]") } else { format!(" {c} ") };
        name.iter().enumerate().map(cell).collect::<String>()
    };
    plate::line(pen, BODY_ROW + 3, &format!("{} {}", tr!(look, "case-on-roster"), cells(&ours)), plate);
    plate::line(pen, BODY_ROW + 4, &format!("{} {}", tr!(look, "case-on-document"), cells(&theirs)), plate);
    let point = |c: Option<&char>| c.map_or_else(|| "--".to_owned(), |c| format!("U+{:04X}", u32::from(*c)));
    let most = ours.len().max(theirs.len());
    let points = (0..most).filter(|n| differs(*n)).take(POINTS);
    let points: Vec<String> =
        points.map(|n| format!("{}: {} / {}", n + 1, point(ours.get(n)), point(theirs.get(n)))).collect();
    plate::line(pen, BODY_ROW + 5, &points.join("   "), plate);
}

/// Writes the seconds left at the end of the way row and returns the columns taken.
fn back_in(data: &Data, pen: &mut Pen<'_>) -> usize {
    let look = pen.look();
    let text = data.back_in.map(|left| tr!(look, "verdict-back", left = left.to_string())).unwrap_or_default();
    pen.right(pen.width().saturating_sub(2), WAY_ROW, &text, Role::Plate(data.plate));
    width(&text)
}
