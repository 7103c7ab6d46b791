//! A newer roster of sessions that are planned already, held against the rows that stand (rules.md §3, re-import).
//!
//! Owns what is added, removed and changed, and the one rule that nobody who has a record is touched: their row stays as
//! it is, and what the roster says instead becomes a conflict or is ignored. Pure: rows in, changes out.

use crate::domain::candidate::{Person, RosterRow};
use crate::domain::ids::{AdmissionNo, SessionNo};
use std::collections::{BTreeMap, BTreeSet};

/// What a newer roster says of one admission number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Whose row.
    pub cand: AdmissionNo,
    /// The session whose roster changes; that of the standing row where there is one.
    pub session: SessionNo,
    /// What.
    pub what: What,
}

/// The kinds of change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    /// A new row.
    Added,
    /// The row goes.
    Removed,
    /// The row is replaced.
    Changed(Aspects),
    /// Has a record and is on the roster no longer: a conflict, the row stays (`RosterDrop`).
    Dropped,
    /// Has a record and would be somebody else: a conflict, the row stays (`RosterDrift`).
    Drifted,
    /// Has a record: another seat or remark is ignored, the row stays.
    Ignored(Aspects),
}

/// In what two rows of one admission number differ.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Aspects {
    /// Name or document.
    pub identity: bool,
    /// Session, room, seat or parts.
    pub placement: bool,
    /// Anything else but a hold.
    pub info: bool,
    /// The hold.
    pub hold: bool,
}

impl Aspects {
    fn between(old: &RosterRow, new: &RosterRow) -> Self {
        let who = |p: &Person| (p.name.clone(), p.name_latin.clone(), p.document.clone());
        let identity = who(&old.person) != who(&new.person);
        let hold = old.person.hold != new.person.hold;
        let rest = |person: &Person| Person {
            name: old.person.name.clone(),
            name_latin: old.person.name_latin.clone(),
            document: old.person.document.clone(),
            hold: None,
            ..person.clone()
        };
        let info = rest(&old.person) != rest(&new.person);
        Self { identity, placement: old.placement != new.placement, info, hold }
    }

    fn any(self) -> bool {
        self != Self::default()
    }

    /// Their names, for the preview.
    #[must_use]
    pub fn names(self) -> Vec<&'static str> {
        let named =
            [(self.identity, "identity"), (self.placement, "placement"), (self.info, "info"), (self.hold, "hold")];
        named.into_iter().filter_map(|(differs, name)| differs.then_some(name)).collect()
    }
}

/// The rows of some sessions by admission number.
pub type Rows = BTreeMap<AdmissionNo, RosterRow>;

/// Compares a newer roster with the rows that stand, by admission number.
pub(super) fn compare(old: &Rows, new: &[&RosterRow], has_record: impl Fn(&RosterRow) -> bool) -> Vec<Change> {
    let named: BTreeSet<&AdmissionNo> = new.iter().map(|row| &row.placement.cand).collect();
    let gone = old.values().filter(|row| !named.contains(&row.placement.cand)).map(|row| {
        let what = if has_record(row) { What::Dropped } else { What::Removed };
        change(row, what)
    });
    let here = new.iter().filter_map(|row| match old.get(&row.placement.cand) {
        None => Some(change(row, What::Added)),
        Some(standing) => {
            let aspects = Aspects::between(standing, row);
            aspects.any().then(|| change(standing, what(standing, row, aspects, has_record(standing))))
        }
    });
    let mut changes: Vec<Change> = gone.chain(here).collect();
    changes.sort_by(|a, b| (a.session, &a.cand).cmp(&(b.session, &b.cand)));
    changes
}

fn change(row: &RosterRow, what: What) -> Change {
    Change { cand: row.placement.cand.clone(), session: row.placement.session, what }
}

fn what(old: &RosterRow, new: &RosterRow, aspects: Aspects, has_record: bool) -> What {
    if !has_record {
        What::Changed(aspects)
    } else if old.placement.session != new.placement.session {
        What::Dropped
    } else if aspects.identity {
        What::Drifted
    } else {
        What::Ignored(aspects)
    }
}

/// The rows that stand once the changes are applied, in no order.
pub(super) fn apply<'a>(old: &'a Rows, new: &[&'a RosterRow], changes: &[Change]) -> Vec<&'a RosterRow> {
    let what: BTreeMap<&AdmissionNo, What> = changes.iter().map(|change| (&change.cand, change.what)).collect();
    let of = |row: &RosterRow| what.get(&row.placement.cand);
    let stays = |row: &&RosterRow| !matches!(of(row), Some(What::Removed | What::Changed(_)));
    let comes = |row: &&RosterRow| matches!(of(row), Some(What::Added | What::Changed(_)));
    old.values().filter(stays).chain(new.iter().copied().filter(comes)).collect()
}

/// How many rows would have a seat or a document that another row of their session has: possible only where a row stays
/// that the newer roster moved or dropped.
pub(super) fn collisions(rows: &[&RosterRow]) -> (usize, usize) {
    let (mut seats, mut documents) = (BTreeSet::new(), BTreeSet::new());
    let mut twice = (0, 0);
    for row in rows {
        let place = &row.placement;
        if let Some(seat) = &place.seat {
            twice.0 += usize::from(!seats.insert((place.session, &place.room, seat)));
        }
        twice.1 += usize::from(!documents.insert((place.session, row.person.document.number().as_str())));
    }
    twice
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::candidate::Hold;
    use crate::domain::samples::roster_row;

    fn rows(numbers: &[u32]) -> Vec<RosterRow> {
        numbers.iter().map(|n| roster_row(1, *n)).collect()
    }

    fn standing(rows: &[RosterRow]) -> Rows {
        rows.iter().map(|row| (row.placement.cand.clone(), row.clone())).collect()
    }

    fn told(old: &[RosterRow], new: &[RosterRow], recorded: &[usize]) -> Vec<What> {
        let with_record: Vec<_> = recorded.iter().map(|i| old[*i].placement.cand.clone()).collect();
        let new: Vec<&RosterRow> = new.iter().collect();
        let changes = compare(&standing(old), &new, |row| with_record.contains(&row.placement.cand));
        changes.into_iter().map(|change| change.what).collect()
    }

    #[test]
    fn a_newer_roster_adds_removes_and_changes_by_admission_number() {
        let old = rows(&[1, 2, 3]);
        let mut new = rows(&[2, 3, 4]);
        new[1].person.hold = Some(Hold::Barred);
        let hold = Aspects { hold: true, ..Aspects::default() };
        assert_eq!(told(&old, &new, &[]), [What::Removed, What::Changed(hold), What::Added]);
        assert_eq!(told(&old, &old, &[0, 1, 2]), []);
    }

    #[test]
    fn whoever_has_a_record_stays_as_they_are() {
        let old = rows(&[1, 2, 3]);
        let mut new = rows(&[2, 3]);
        new[0].person.document = old[0].person.document.clone();
        new[1].placement.seat = Some("99".parse().unwrap());
        let place = Aspects { placement: true, ..Aspects::default() };
        assert_eq!(told(&old, &new, &[0, 1, 2]), [What::Dropped, What::Drifted, What::Ignored(place)]);
        let all: Vec<&RosterRow> = new.iter().collect();
        let changes = compare(&standing(&old), &all, |_| true);
        let old = standing(&old);
        assert!(apply(&old, &all, &changes).into_iter().eq(old.values()));
    }

    #[test]
    fn two_rows_that_swap_their_numbers_are_two_drifts() {
        let old = rows(&[1, 2]);
        let mut new = old.clone();
        let (one, two) = (old[0].person.document.clone(), old[1].person.document.clone());
        (new[0].person.document, new[1].person.document) = (two, one);
        assert_eq!(told(&old, &new, &[0, 1]), [What::Drifted, What::Drifted]);
        let identity = Aspects { identity: true, ..Aspects::default() };
        assert_eq!(told(&old, &new, &[]), [What::Changed(identity), What::Changed(identity)]);
        // With a record on one side alone both rows would hold one document.
        let all: Vec<&RosterRow> = new.iter().collect();
        let first = old[0].placement.cand.clone();
        let old = standing(&old);
        let changes = compare(&old, &all, |row| row.placement.cand == first);
        assert_eq!(collisions(&apply(&old, &all, &changes)), (0, 1));
    }

    #[test]
    fn a_seat_that_a_kept_row_holds_is_not_given_again() {
        let old = rows(&[1]);
        let mut new = rows(&[2]);
        new[0].placement.seat = old[0].placement.seat.clone();
        let all: Vec<&RosterRow> = new.iter().collect();
        let old = standing(&old);
        let changes = compare(&old, &all, |_| true);
        assert_eq!(collisions(&apply(&old, &all, &changes)), (1, 0));
    }
}
