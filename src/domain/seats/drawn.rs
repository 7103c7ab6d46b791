//! Whether a seat is the one that the draw gave, for a reader who has the journal and not the list of the room.
//!
//! A desk gives its lowest free seat. So a seat that was never given before ranks above all that the desk gave there
//! before it, and none of those is free again meanwhile. A seat that a person chose by hand may be given later out of
//! this order, once it is free.

use super::{Place, Sha256};
use crate::domain::ids::{DeskId, Digest, RoomId, Seed};
use std::collections::{BTreeMap, BTreeSet};

/// A seat that the draw did not give.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Misplaced;

/// What a desk gave in one room: every number, and the greatest of them.
type Given = BTreeSet<Digest>;

/// Seats as they were given, in the order of the fold.
#[derive(Debug, Default)]
pub struct Draws {
    given: BTreeMap<(RoomId, DeskId), Given>,
    /// Seats that somebody held, that nobody holds now and that are in service.
    vacated: BTreeSet<Place>,
    named: BTreeSet<Place>,
}

impl Draws {
    /// Takes a seat that a desk gave by the draw of its room.
    ///
    /// # Errors
    /// [`Misplaced`] when a seat of lower rank was free, or this one was passed over before.
    pub fn give(&mut self, hash: Sha256, seed: &Seed, desk: DeskId, place: &Place) -> Result<(), Misplaced> {
        let lot = |place: &Place| hash.lot(seed, &place.room, &place.seat);
        let given = self.given.entry((place.room.clone(), desk)).or_default();
        let ours = lot(place);
        let lower_free = self
            .vacated
            .iter()
            .filter(|free| free.room == place.room && *free != place)
            .map(lot)
            .any(|free| free < ours && given.contains(&free));
        let passed_over = !given.contains(&ours) && given.last().is_some_and(|last| ours < *last);
        if lower_free || (passed_over && !self.named.contains(place)) {
            return Err(Misplaced);
        }
        given.insert(ours);
        Ok(())
    }

    /// Somebody's seat changed.
    pub fn change(&mut self, from: Option<&Place>, to: Option<&Place>) {
        if let Some(from) = from {
            self.vacated.insert(from.clone());
        }
        if let Some(to) = to {
            self.vacated.remove(to);
            self.named.insert(to.clone());
        }
    }

    /// A seat goes out of service.
    pub fn withdraw(&mut self, place: &Place) {
        self.vacated.remove(place);
    }
}
