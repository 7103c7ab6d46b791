//! A room (考场) as the site describes it: its name, how many it takes, its seats in their order, the way to it.
//!
//! Owns the value types and the short form of a seat list. Knows neither files nor candidates.

use super::candidate::Label;
use super::ids::{RoomId, SeatLabel};

/// A name that a sign can show (rules.md §2).
pub const LONGEST_NAME: usize = 24;
/// The most seats of one room.
pub const MOST_SEATS: usize = 2_000;

/// A room.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Room {
    /// Its code on the roster.
    pub id: RoomId,
    /// Its name on the door.
    pub name: Label,
    /// How many candidates it takes at a time.
    pub capacity: usize,
    /// Its seats, in the order in which they are given out; none where the roster fixes them.
    pub seats: Vec<SeatLabel>,
    /// The way to it.
    pub way: Option<Label>,
}

/// Reads a seat list: seats and ranges such as `1-30`, `01-30` or `A1-A12`, separated by commas, `、`, `;` or blanks. Both
/// ends of a range have the same letters in front, and digits; leading zeros are kept. Nothing where it is none, or
/// longer than [`MOST_SEATS`].
#[must_use]
pub fn seats(text: &str) -> Option<Vec<SeatLabel>> {
    let mut seats = Vec::new();
    for item in text.split([',', '，', '、', ';', '；', ' ']).filter(|item| !item.is_empty()) {
        match item.split_once(['-', '~', '～', '－', '–']) {
            Some((from, to)) => seats.extend(range(from, to)?),
            None => seats.push(SeatLabel::parse(item).ok()?),
        }
        if seats.len() > MOST_SEATS {
            return None;
        }
    }
    (!seats.is_empty()).then_some(seats)
}

fn range(from: &str, to: &str) -> Option<Vec<SeatLabel>> {
    let split = |text: &str| text.rfind(|c: char| !c.is_ascii_digit()).map_or(0, |at| at + 1);
    let (letters, first) = from.split_at_checked(split(from))?;
    let (same, last) = to.split_at_checked(split(to))?;
    let (from, to): (usize, usize) = (first.parse().ok()?, last.parse().ok()?);
    if letters != same || from > to || to - from >= MOST_SEATS {
        return None;
    }
    let width = first.len();
    (from..=to).map(|n| SeatLabel::parse(&format!("{letters}{n:0width$}")).ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn listed(text: &str) -> Option<String> {
        seats(text).map(|seats| seats.iter().map(SeatLabel::as_str).collect::<Vec<_>>().join(" "))
    }

    #[test]
    fn a_seat_list_is_seats_and_ranges() {
        for (text, seats) in [
            ("1-4", "1 2 3 4"),
            ("08-11", "08 09 10 11"),
            ("A9-A11、B1", "A9 A10 A11 B1"),
            ("7", "7"),
            ("3,1，2", "3 1 2"),
            ("1-2; 5～6 9", "1 2 5 6 9"),
        ] {
            assert_eq!(listed(text).as_deref(), Some(seats), "{text}");
        }
        for bad in ["", " ", "4-1", "A1-B4", "1-", "-4", "1-A", "a1-a4", "1-2-3", "0-2000", "1-9999999", "窗-门", "1.5"]
        {
            assert_eq!(listed(bad), None, "{bad}");
        }
        assert_eq!(seats("1-2000").map(|seats| seats.len()), Some(MOST_SEATS));
        assert_eq!(seats("1-2000,A1"), None);
    }
}
