//! The seats of a session: those that the site lists, who holds which, which are out of service, and the free ones by rank.
//!
//! A part of the fold: its order of arrival does not matter. What the site lists comes from outside ([`SeatBook::furnish`])
//! and may come at any time. The seat that a desk gives next is found without looking at the candidates.

use super::{Block, Place, Sha256};
use crate::domain::event::Stamp;
use crate::domain::ids::{AdmissionNo, RoomId, SeatLabel, Seed};
use crate::domain::policy::SeatMode;
use crate::domain::room::Room;
use std::collections::{BTreeMap, BTreeSet};

/// How the seats of this session are given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Rule {
    mode: SeatMode,
    hash: Sha256,
}

/// See the module.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SeatBook {
    rule: Option<Rule>,
    rooms: BTreeMap<RoomId, RoomSeats>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct RoomSeats {
    described: Option<Room>,
    seed: Option<(Stamp, Seed)>,
    holders: BTreeMap<SeatLabel, BTreeSet<AdmissionNo>>,
    withdrawn: BTreeSet<SeatLabel>,
    /// In the order of rank; none of a drawn room before its seed is known.
    ranked: Vec<SeatLabel>,
    rank_of: BTreeMap<SeatLabel, u32>,
    /// Ranks of the seats that nobody holds and that are in service.
    free: BTreeSet<u32>,
}

impl RoomSeats {
    fn listed(&self) -> &[SeatLabel] {
        self.described.as_ref().map_or(&[], |room| &room.seats)
    }

    fn is_free(&self, seat: &SeatLabel) -> bool {
        !self.holders.contains_key(seat) && !self.withdrawn.contains(seat)
    }

    fn rank(&mut self, room: &RoomId, rule: Rule) {
        self.ranked = match (rule.mode, &self.seed) {
            (SeatMode::Random, Some((_, seed))) => {
                rule.hash.draw(seed, room, self.listed()).into_iter().map(|(_, seat)| seat).collect()
            }
            (SeatMode::Random, None) => Vec::new(),
            (SeatMode::Fixed | SeatMode::Sequential, _) => self.listed().to_vec(),
        };
        self.rank_of = self.ranked.iter().cloned().zip(0..).collect();
        self.free = (0u32..).zip(&self.ranked).filter(|(_, seat)| self.is_free(seat)).map(|(rank, _)| rank).collect();
    }

    fn refresh(&mut self, seat: &SeatLabel) {
        let Some(rank) = self.rank_of.get(seat).copied() else { return };
        if self.is_free(seat) {
            self.free.insert(rank);
        } else {
            self.free.remove(&rank);
        }
    }
}

impl SeatBook {
    /// What the site says of its rooms, and how this session's policy gives their seats.
    pub fn furnish(&mut self, mode: SeatMode, rooms: &[Room], hash: Sha256) {
        let rule = Rule { mode, hash };
        self.rule = Some(rule);
        for room in rooms {
            self.rooms.entry(room.id.clone()).or_default().described = Some(room.clone());
        }
        for (id, room) in &mut self.rooms {
            room.rank(id, rule);
        }
    }

    /// The first seed in the order of the fold is the room's.
    pub(in crate::domain) fn seed(&mut self, room: &RoomId, stamp: Stamp, seed: Seed) {
        let seats = self.rooms.entry(room.clone()).or_default();
        if seats.seed.is_none_or(|(first, _)| stamp < first) {
            seats.seed = Some((stamp, seed));
            if let Some(rule) = self.rule {
                seats.rank(room, rule);
            }
        }
    }

    pub(in crate::domain) fn withdraw(&mut self, room: &RoomId, seat: &SeatLabel) {
        let seats = self.rooms.entry(room.clone()).or_default();
        seats.withdrawn.insert(seat.clone());
        seats.refresh(seat);
    }

    /// Somebody's seat is another one now.
    pub(in crate::domain) fn change(&mut self, cand: &AdmissionNo, from: Option<&Place>, to: Option<&Place>) {
        if let Some(Place { room, seat }) = from {
            let seats = self.rooms.entry(room.clone()).or_default();
            if let Some(holders) = seats.holders.get_mut(seat) {
                holders.remove(cand);
                if holders.is_empty() {
                    seats.holders.remove(seat);
                }
            }
            seats.refresh(seat);
        }
        if let Some(Place { room, seat }) = to {
            let seats = self.rooms.entry(room.clone()).or_default();
            seats.holders.entry(seat.clone()).or_default().insert(cand.clone());
            seats.refresh(seat);
        }
    }

    /// The seat of lowest rank that is free among those that a desk may give in a room.
    #[must_use]
    pub fn next(&self, room: &RoomId, block: Block) -> Option<&SeatLabel> {
        let seats = self.rooms.get(room)?;
        let rank = seats.free.iter().find(|rank| block.owns(**rank))?;
        seats.ranked.get(usize::try_from(*rank).ok()?)
    }

    /// Whoever holds a seat; more than one is a conflict.
    pub fn holders(&self, room: &RoomId, seat: &SeatLabel) -> impl Iterator<Item = &AdmissionNo> {
        self.rooms.get(room).and_then(|seats| seats.holders.get(seat)).into_iter().flatten()
    }

    /// Every seat that more than one person holds, with all of them.
    pub fn clashes(&self) -> impl Iterator<Item = &BTreeSet<AdmissionNo>> {
        self.rooms.values().flat_map(|seats| seats.holders.values()).filter(|holders| holders.len() > 1)
    }

    /// Whether a seat is out of service.
    #[must_use]
    pub fn is_withdrawn(&self, room: &RoomId, seat: &SeatLabel) -> bool {
        self.rooms.get(room).is_some_and(|seats| seats.withdrawn.contains(seat))
    }

    /// The seats that the site lists for a room, in its order; none where it lists none.
    #[must_use]
    pub fn listed(&self, room: &RoomId) -> &[SeatLabel] {
        self.rooms.get(room).map_or(&[], RoomSeats::listed)
    }

    /// What the site says of a room.
    #[must_use]
    pub fn described(&self, room: &RoomId) -> Option<&Room> {
        self.rooms.get(room).and_then(|seats| seats.described.as_ref())
    }

    /// The seed of a room's draw.
    #[must_use]
    pub fn seed_of(&self, room: &RoomId) -> Option<Seed> {
        self.rooms.get(room).and_then(|seats| seats.seed).map(|(_, seed)| seed)
    }
}
