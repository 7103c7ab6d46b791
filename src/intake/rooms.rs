//! The rooms of a site (`--rooms`): a table with the columns 考场, 名称, 容量, 座位, 位置, read like a roster.
//!
//! Owns KD-R-52 and what a room's line must say: a code, a name, and how many it takes, as a number, a seat list or both.

use super::cells::Line;
use super::finding::{Finding, Found, Mask, Report, masked};
use super::header::{Field, Form, Header};
use super::limits::Limits;
use super::rows::Cells;
use super::{Severity, source};
use crate::domain::candidate::Label;
use crate::domain::ids::{RoomId, SeatLabel};
use crate::domain::room::{LONGEST_NAME, MOST_SEATS, Room, seats};
use std::collections::BTreeSet;

/// The answer to a file of rooms.
#[derive(Debug, Default)]
pub struct Rooms {
    /// The rooms in the order of the file; none with any error.
    pub rooms: Vec<Room>,
    /// Everything found.
    pub findings: Vec<Finding>,
}

/// Reads the rooms of a site. `file_name` is the name that findings carry.
#[must_use]
pub fn read_rooms(file_name: &str, bytes: &[u8], limits: &Limits) -> Rooms {
    let mut report = Report::new(file_name);
    let rooms = read(bytes, limits, &mut report).unwrap_or_default();
    let findings = report.into_findings();
    let refused = findings.iter().any(|finding| finding.severity == Severity::Error);
    Rooms { rooms: if refused { Vec::new() } else { rooms }, findings }
}

fn read(bytes: &[u8], limits: &Limits, report: &mut Report) -> Option<Vec<Room>> {
    let table = source::read(bytes, Form::Rooms, limits, report)?;
    let (header, lines) = super::lines_of(table, &[Field::Room, Field::RoomName], limits, report)?;
    let mut known = BTreeSet::new();
    let mut rooms = Vec::new();
    for line in &lines {
        let Some(room) = room(&header, line, report) else { continue };
        if known.insert(room.id.clone()) {
            rooms.push(room);
        } else {
            let place = header.place(line.line, Field::Room);
            report.add("KD-R-52", place, "each room once", Found::Cell(room.id.to_string()));
        }
    }
    Some(rooms)
}

fn room(header: &Header, line: &Line, report: &mut Report) -> Option<Room> {
    let mut cells = Cells::new(header, line, report);
    let id = cells.parse(Field::Room, "KD-R-11", "1 to 8 of 0-9 A-Z", |s| RoomId::parse(s).ok());
    let id = cells.required(Field::Room, id);
    let name = cells.parse(Field::RoomName, "KD-R-11", "at most 24 printable characters", |s| {
        Label::parse(s).ok().filter(|_| s.chars().count() <= LONGEST_NAME)
    });
    let name = cells.required(Field::RoomName, name);
    let most = u32::try_from(MOST_SEATS).unwrap_or(u32::MAX);
    let capacity = cells.parse(Field::Capacity, "KD-R-11", "a number from 1 to 2000", |s| {
        let digits = s.bytes().all(|b| b.is_ascii_digit());
        s.parse::<u32>().ok().filter(|n| digits && (1..=most).contains(n)).and_then(|n| usize::try_from(n).ok())
    });
    let listed = cells.parse(Field::Seats, "KD-R-11", "seats such as 1-30 or A1、A2", seats);
    let way = cells.parse(Field::Way, "KD-R-11", Label::EXPECTED, |s| Label::parse(s).ok());
    let (capacity, seats) = (capacity.ok()?, listed.ok()?);
    if let Some(seats) = &seats {
        once(&mut cells, seats)?;
    }
    let seats_count = seats.as_ref().map(Vec::len);
    let capacity = match (capacity, seats_count) {
        (Some(capacity), Some(count)) if capacity > count => {
            let expected = format!("at most {count}, the seats of this room");
            cells.refuse("KD-R-11", Field::Capacity, expected, masked(&capacity.to_string(), Mask::Short));
            return None;
        }
        (Some(capacity), _) => capacity,
        (None, count) => cells.required(Field::Capacity, Ok(count))?,
    };
    Some(Room { id: id?, name: name?, capacity, seats: seats.unwrap_or_default(), way: way.ok()? })
}

/// No seat stands twice in a room.
fn once(cells: &mut Cells<'_>, seats: &[SeatLabel]) -> Option<()> {
    let mut seen = BTreeSet::new();
    let Some(twice) = seats.iter().find(|seat| !seen.insert(*seat)) else { return Some(()) };
    cells.refuse("KD-R-52", Field::Seats, "each seat once", Found::Cell(twice.to_string()));
    None
}
