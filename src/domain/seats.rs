//! Seats (rules.md §7, F8): which are there, who holds which, and the order in which a desk gives them out on arrival.
//!
//! A seat's rank is its place on the room's list (sequential) or in the order of
//!
//! ```text
//! SHA-256(seed ‖ room ‖ seat)    seed: 32 bytes; room and seat: their characters, nothing between
//! ```
//!
//! (random), so that anybody who knows seed and list can draw again. The hash itself is handed in: rooms that know no
//! files know no cryptography either.

mod book;
mod drawn;

pub use book::SeatBook;
pub use drawn::{Draws, Misplaced};

use super::ids::{Digest, RoomId, SeatLabel, Seed};
use serde::{Deserialize, Serialize};
use std::fmt;

/// One seat of one room, written `03-17`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "room and seat, as their types say")]
pub struct Place {
    pub room: RoomId,
    pub seat: SeatLabel,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.room, self.seat)
    }
}

impl std::str::FromStr for Place {
    type Err = super::ids::IdError;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = super::ids::IdError { what: "seat", expected: "a room, - and a seat, such as 03-17" };
        let (room, seat) = text.split_once('-').ok_or(wrong)?;
        let (room, seat) = (RoomId::parse(room), SeatLabel::parse(seat));
        room.and_then(|room| Ok(Self { room, seat: seat? })).map_err(|_| wrong)
    }
}

/// Why somebody is moved, or a seat taken out of service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SeatReason {
    /// 设备故障: the station does not work.
    StationFault,
    /// 环境不适合: light, noise, leak, a broken chair.
    Surroundings,
    /// 座位被占: somebody else sits there.
    Taken,
    /// 坐错座位: the person sat down elsewhere.
    Missat,
    /// 便利安排: an arrangement of the organisation.
    Arrangement,
    /// 考场秩序: people who should not sit together.
    Order,
}

impl SeatReason {
    /// Every reason, in the order of the screen's numbers.
    pub const ALL: [Self; 6] =
        [Self::StationFault, Self::Surroundings, Self::Taken, Self::Missat, Self::Arrangement, Self::Order];

    /// Its word on the command line and in the journal.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::StationFault => "station_fault",
            Self::Surroundings => "surroundings",
            Self::Taken => "taken",
            Self::Missat => "missat",
            Self::Arrangement => "arrangement",
            Self::Order => "order",
        }
    }
}

impl std::str::FromStr for SeatReason {
    type Err = super::ids::IdError;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let expected = "station_fault, surroundings, taken, missat, arrangement or order";
        let found = Self::ALL.into_iter().find(|reason| reason.as_str() == text);
        found.ok_or(super::ids::IdError { what: "reason", expected })
    }
}

/// SHA-256 over parts, one after another. There is one: two are never different.
#[derive(Debug, Clone, Copy)]
pub struct Sha256(pub fn(&[&[u8]]) -> Digest);

impl PartialEq for Sha256 {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Sha256 {}

impl Sha256 {
    /// The number by which a seat of a drawn room is ranked, least first.
    #[must_use]
    pub fn lot(self, seed: &Seed, room: &RoomId, seat: &SeatLabel) -> Digest {
        (self.0)(&[seed.bytes(), room.as_str().as_bytes(), seat.as_str().as_bytes()])
    }

    /// A room's seats in the order of a draw, each with its number. Equal seats are one.
    #[must_use]
    pub fn draw(self, seed: &Seed, room: &RoomId, seats: &[SeatLabel]) -> Vec<(Digest, SeatLabel)> {
        let mut drawn: Vec<_> = seats.iter().map(|seat| (self.lot(seed, room, seat), seat.clone())).collect();
        drawn.sort();
        drawn.dedup();
        drawn
    }
}

/// The seats of a room that one desk gives out: those whose rank leaves `index` when divided by `of`, so that two desks
/// that do not hear of each other never give the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Block {
    /// Which of the desks that serve the room, from 0.
    pub index: u32,
    /// How many they are, at least 1.
    pub of: u32,
}

impl Block {
    /// Every seat: one desk serves the room.
    pub const WHOLE: Self = Self { index: 0, of: 1 };

    fn owns(self, rank: u32) -> bool {
        rank % self.of.max(1) == self.index
    }
}

#[cfg(test)]
mod tests;
