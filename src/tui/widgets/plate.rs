//! The plate of a verdict: ground, edges, tag line, shape, word, and the seat in big type.
//!
//! Any one of them says what the tap came to; a candidate reads word, shape and seat from a metre away. A plate is 20
//! rows: edge, tag line, eight rows of shape and word, one free, seven of the seat, one line, one free or a second line, edge.

use super::super::Look;
use super::super::text::{fit, width};
use super::super::theme::{Plate, Role};
use super::{Pen, big, edge, pictogram};
use crate::domain::ids::{RoomId, SeatLabel};
use crate::tui::i18n::tr;

/// Row of the tag line.
pub const TAG_ROW: u16 = 1;
const WORD_ROW: u16 = 2;
/// First row of the seat, or of the sentences where no seat is shown.
pub const BODY_ROW: u16 = 11;
/// Row of the way to the seat.
pub const WAY_ROW: u16 = 18;
/// Row of the lower edge.
pub const LAST_ROW: u16 = 19;
const SHAPE_LEFT: u16 = 6;
const WORD_LEFT: u16 = SHAPE_LEFT + big::HAN.0 + 1;
const SEAT_LEFT: u16 = 18;

/// What the public glass shows of a person.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Who {
    /// First character and a star.
    pub masked: String,
    /// Last four of the document number.
    pub id_tail: Option<String>,
    /// Last four of the admission number.
    pub number_tail: Option<String>,
}

/// The one big word of a plate.
#[must_use]
pub fn big_word(plate: Plate) -> &'static str {
    match plate {
        Plate::Ok => "请进",
        Plate::Late => "迟到",
        Plate::Already => "已签",
        Plate::Refused => "未通过",
        Plate::Proctor => "请稍候",
        Plate::Unreadable => "请重放",
        Plate::Reading => "读卡中",
        Plate::Fault => "停用",
    }
}

/// The tag of a plate, such as `[OK] 请进 / ADMITTED`.
#[must_use]
pub fn tag(plate: Plate, look: &Look<'_>) -> String {
    match plate {
        Plate::Ok => tr!(look, "tag-ok"),
        Plate::Late => tr!(look, "tag-late"),
        Plate::Already => tr!(look, "tag-already"),
        Plate::Refused => tr!(look, "tag-refused"),
        Plate::Proctor => tr!(look, "tag-proctor"),
        Plate::Unreadable => tr!(look, "tag-unreadable"),
        Plate::Reading => tr!(look, "tag-reading"),
        Plate::Fault => tr!(look, "fault-9001"),
    }
}

/// The tag in a list, such as `[OK]`.
#[must_use]
pub fn short_tag(plate: Plate, look: &Look<'_>) -> String {
    match plate {
        Plate::Ok => tr!(look, "short-ok"),
        Plate::Late => tr!(look, "short-late"),
        Plate::Already => tr!(look, "short-already"),
        Plate::Refused | Plate::Fault => tr!(look, "short-refused"),
        Plate::Proctor => tr!(look, "short-proctor"),
        Plate::Unreadable => tr!(look, "short-unreadable"),
        Plate::Reading => tr!(look, "short-reading"),
    }
}

/// The role of a short tag in a list.
#[must_use]
pub fn word_role(plate: Plate) -> Role {
    match plate {
        Plate::Ok => Role::Good,
        Plate::Late | Plate::Unreadable => Role::Warn,
        Plate::Already => Role::Info,
        Plate::Refused | Plate::Proctor | Plate::Fault => Role::Bad,
        Plate::Reading => Role::Muted,
    }
}

/// Draws ground, edges, tag line, shape and word.
pub fn draw(pen: &mut Pen<'_>, plate: Plate, who: &Who) {
    let role = Role::Plate(plate);
    pen.fill(role);
    edge::draw(pen, 0, plate);
    edge::draw(pen, LAST_ROW, plate);
    tag_line(pen, plate, who);
    shape_and_word(pen, SHAPE_LEFT, WORD_ROW, plate);
}

/// Draws shape and word alone; the word stands 17 columns right of the shape.
pub fn shape_and_word(pen: &mut Pen<'_>, x: u16, y: u16, plate: Plate) {
    // Cross and triangle carry the edge's colour where sixteen colours leave the plate black.
    let shape = if plate == Plate::Refused { Role::Edge(plate) } else { Role::Plate(plate) };
    pictogram::draw(pen, x, y, plate, shape);
    big::word(pen, x + WORD_LEFT - SHAPE_LEFT, y, big::HAN.0 + 1, big_word(plate), Role::Plate(plate));
}

fn tag_line(pen: &mut Pen<'_>, plate: Plate, who: &Who) {
    let role = Role::Plate(plate);
    let look = pen.look();
    let end = pen.text(2, TAG_ROW, &tag(plate, look), role);
    let columns = [
        (45, who.masked.clone()),
        (53, who.id_tail.as_ref().map_or_else(String::new, |tail| tr!(look, "tail", tail = tail.as_str()))),
        (65, who.number_tail.as_ref().map_or_else(String::new, |t| tr!(look, "admission-tail", tail = t.as_str()))),
    ];
    // A tag longer than its column pushes the person to the right rather than running into the name.
    let shift = if who.masked.is_empty() { 0 } else { (end + 2).saturating_sub(45) };
    for (x, text) in columns {
        pen.text(x + shift, TAG_ROW, &text, role);
    }
}

/// Draws `room-seat` in big type with its label; above six glyphs the seat alone.
pub fn seat(pen: &mut Pen<'_>, plate: Plate, room: &RoomId, seat: &SeatLabel) {
    let role = Role::Plate(plate);
    let look = pen.look();
    let whole = format!("{room}-{seat}");
    let (text, label) = if whole.chars().count() <= big::MOST {
        (whole, tr!(look, "verdict-room-seat"))
    } else {
        (seat.to_string(), tr!(look, "verdict-seat"))
    };
    if SEAT_LEFT + big::columns(&text) <= pen.width() {
        pen.text(2, BODY_ROW + 2, &fit(&label, usize::from(SEAT_LEFT) - 3), role);
        big::digits(pen, SEAT_LEFT, BODY_ROW, &text, role);
    } else {
        // Six glyphs leave no column for the label: it stands in the free row above.
        pen.text(2, BODY_ROW - 1, &label, role);
        big::digits(pen, pen.width().saturating_sub(big::columns(&text)) / 2, BODY_ROW, &text, role);
    }
}

/// A line of the plate, cut to its width.
pub fn line(pen: &mut Pen<'_>, y: u16, text: &str, plate: Plate) {
    let room = usize::from(pen.width().saturating_sub(4));
    debug_assert!(width(&fit(text, room)) <= room);
    pen.text(2, y, &fit(text, room), Role::Plate(plate));
}
