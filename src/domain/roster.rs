//! The roster (名册) at the desk: who is expected where, found by document or admission number in memory only.
//!
//! Owns the lookups that admission needs. No index of it is ever stored: a stored number, tail or HMAC would give
//! people away. Two sorted permutations cost eight bytes a person.

use super::candidate::{Hold, Person, PersonName, Placement, Sitting, name_match};
use super::document::DocKind;
use super::event::NameMatch;
use super::ids::{AdmissionNo, RoomId, SeatLabel, SessionNo, SiteId};
use std::fmt;

/// Who a row is: readable only once the data key is open.
#[derive(Clone, PartialEq, Eq)]
pub struct Identity {
    /// Name.
    pub name: PersonName,
    /// Latin name.
    pub name_latin: Option<PersonName>,
    /// Kind of document registered.
    pub doc_kind: DocKind,
    /// Its number.
    pub doc_number: Box<str>,
    /// First sitting or resit.
    pub sitting: Sitting,
    /// Number of the campus card, as the roster writes it.
    pub campus_uid: Option<Box<str>>,
    /// Hold of the organisation.
    pub hold: Option<Hold>,
    /// Code of an arrangement (便利安排).
    pub arrangement: Option<Box<str>>,
}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Identity(..)")
    }
}

impl Identity {
    /// Takes from a person what the desk needs.
    #[must_use]
    pub fn of(person: &Person) -> Self {
        Self {
            name: person.name.clone(),
            name_latin: person.name_latin.clone(),
            doc_kind: person.document.kind(),
            doc_number: person.document.number().as_str().into(),
            sitting: person.sitting,
            campus_uid: person.campus_uid.as_ref().map(|uid| uid.as_str().into()),
            hold: person.hold,
            arrangement: person.arrangement.as_ref().map(|code| code.as_str().into()),
        }
    }

    /// The best match of any of these names with any name on a document (rules.md §2).
    #[must_use]
    pub fn match_name(&self, on_document: &[&str]) -> NameMatch {
        [Some(&self.name), self.name_latin.as_ref()]
            .into_iter()
            .flatten()
            .flat_map(|ours| on_document.iter().map(|theirs| name_match(ours.as_str(), theirs)))
            .min()
            .unwrap_or(NameMatch::Different)
    }

    /// The last four characters of the document number, all of it that a screen shows by default.
    #[must_use]
    pub fn doc_tail(&self) -> &str {
        self.doc_number.get(self.doc_number.len().saturating_sub(4)..).unwrap_or(&self.doc_number)
    }
}

/// One row of the roster, as far as the desk needs it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Admission number.
    pub cand: AdmissionNo,
    /// The session the row belongs to, by number.
    pub session: SessionNo,
    /// The site named by the row where it is another one than ours; such a row is kept for A-21 only.
    pub elsewhere: Option<SiteId>,
    /// Room.
    pub room: RoomId,
    /// Seat, always present where seats are fixed.
    pub seat: Option<SeatLabel>,
    /// Who, once unlocked.
    pub identity: Option<Identity>,
}

impl Entry {
    /// A row whose person is still sealed.
    #[must_use]
    pub fn placed(placement: &Placement, our_site: &SiteId) -> Self {
        let Placement { cand, session, site, room, seat, .. } = placement;
        Self {
            cand: cand.clone(),
            session: *session,
            elsewhere: (site != our_site).then(|| site.clone()),
            room: room.clone(),
            seat: seat.clone(),
            identity: None,
        }
    }

    fn number(&self) -> Option<&str> {
        self.identity.as_ref().map(|who| &*who.doc_number)
    }

    /// Whether the row counts in a session of this site.
    #[must_use]
    pub fn counts_in(&self, no: SessionNo) -> bool {
        self.session == no && self.elsewhere.is_none()
    }
}

/// Every row of the store, of all sessions.
#[derive(Debug, Clone, Default)]
pub struct Roster {
    entries: Vec<Entry>,
    by_cand: Vec<u32>,
    by_number: Vec<u32>,
}

impl Roster {
    /// Builds the lookups.
    #[must_use]
    pub fn new(entries: Vec<Entry>) -> Self {
        let ids = || (0u32..).take(entries.len()).collect::<Vec<_>>();
        let (mut by_cand, mut by_number) = (ids(), ids());
        let at = |i: &u32| entries.get(*i as usize);
        by_cand.sort_unstable_by(|a, b| at(a).map(|e| &e.cand).cmp(&at(b).map(|e| &e.cand)));
        by_number.sort_unstable_by(|a, b| at(a).map(Entry::number).cmp(&at(b).map(Entry::number)));
        Self { entries, by_cand, by_number }
    }

    /// Every row, in the order given.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    fn found<'a, K: Ord>(
        &'a self,
        index: &'a [u32],
        key: K,
        of: impl Fn(&'a Entry) -> K + Copy,
    ) -> impl Iterator<Item = &'a Entry> {
        let at = |i: &u32| self.entries.get(*i as usize);
        let first = index.partition_point(|i| at(i).is_some_and(|e| of(e) < key));
        let tail = index.get(first..).unwrap_or_default();
        tail.iter().filter_map(move |i| self.entries.get(*i as usize)).take_while(move |e| of(e) == key)
    }

    /// The rows of a session that count at this site.
    pub fn rows_of(&self, no: SessionNo) -> impl Iterator<Item = &Entry> {
        self.entries.iter().filter(move |e| e.counts_in(no))
    }

    /// How many they are.
    #[must_use]
    pub fn registered(&self, no: SessionNo) -> u32 {
        u32::try_from(self.rows_of(no).count()).unwrap_or(u32::MAX)
    }

    /// The row of an admission number.
    #[must_use]
    pub fn by_cand<'a>(&'a self, cand: &'a AdmissionNo) -> Option<&'a Entry> {
        self.found(&self.by_cand, cand, |e| &e.cand).next()
    }

    /// Every row with this campus card. Few desks read them, so no index is kept.
    #[must_use]
    pub fn by_campus_uid(&self, uid: &str) -> Vec<&Entry> {
        let has = |e: &&Entry| e.identity.as_ref().is_some_and(|who| who.campus_uid.as_deref() == Some(uid));
        self.entries.iter().filter(has).collect()
    }

    /// Every row registered under this document; kinds that carry the same number are one.
    #[must_use]
    pub fn by_document<'a>(&'a self, kind: DocKind, number: &'a str) -> Vec<&'a Entry> {
        let same_family = |e: &&Entry| e.identity.as_ref().is_some_and(|who| who.doc_kind.shares_number(kind));
        self.found(&self.by_number, Some(number), Entry::number).filter(same_family).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::samples::{cand_of, entry, name, no, number, roster_row, site};
    use proptest::prelude::*;

    #[test]
    fn a_document_finds_every_row_of_its_person_and_no_other() {
        let roster = Roster::new(vec![entry(2, 1), entry(1, 2), entry(1, 1), entry(1, 3)]);
        let (one, four) = (number(1), number(4));
        let found: Vec<_> = roster.by_document(DocKind::ResidentId, &one).iter().map(|e| e.cand.clone()).collect();
        assert_eq!(found.len(), 2);
        assert!([cand_of(1, 1), cand_of(2, 1)].iter().all(|cand| found.contains(cand)));
        assert!(roster.by_document(DocKind::ResidentId, &four).is_empty());
    }

    #[test]
    fn kinds_that_carry_the_resident_number_are_one_and_others_are_not() {
        let roster = Roster::new(vec![entry(1, 1)]);
        let number = number(1);
        for kind in DocKind::ALL {
            let same = matches!(kind, DocKind::ResidentId | DocKind::TempId | DocKind::SocialCard);
            assert_eq!(roster.by_document(kind, &number).len(), usize::from(same), "{kind:?}");
        }
    }

    #[test]
    fn a_sealed_row_is_found_by_admission_number_alone() {
        let sealed = Entry::placed(&roster_row(1, 1).placement, &site());
        let roster = Roster::new(vec![sealed, entry(1, 2)]);
        assert!(roster.by_cand(&cand_of(1, 1)).is_some_and(|entry| entry.identity.is_none()));
        let (number, nothing) = (number(1), String::new());
        assert!(roster.by_document(DocKind::ResidentId, &number).is_empty());
        assert!(roster.by_document(DocKind::ResidentId, &nothing).is_empty());
    }

    #[test]
    fn a_row_of_another_site_is_kept_and_counts_nowhere() {
        let mut placement = roster_row(1, 1).placement;
        placement.site = SiteId::parse("EX-SITE-02").unwrap();
        let elsewhere = Entry::placed(&placement, &site());
        assert_eq!(elsewhere.elsewhere.as_ref().map(SiteId::as_str), Some("EX-SITE-02"));
        let roster = Roster::new(vec![elsewhere, entry(1, 2), entry(2, 3)]);
        assert_eq!((roster.entries().len(), roster.registered(no(1)), roster.registered(no(2))), (3, 1, 1));
        assert_eq!(roster.rows_of(no(1)).map(|e| e.cand.clone()).collect::<Vec<_>>(), [cand_of(1, 2)]);
    }

    #[test]
    fn a_row_shows_four_characters_and_never_itself() {
        let entry = entry(1, 1);
        let who = entry.identity.as_ref().unwrap();
        assert_eq!(who.doc_tail(), &number(1)[14..]);
        let short = Identity { doc_number: "军7".into(), ..who.clone() };
        assert_eq!(short.doc_tail(), "军7");
        let shown = format!("{entry:?}");
        assert!(!shown.contains(&name(1)) && !shown.contains(&number(1)), "{shown}");
    }

    proptest! {
        #[test]
        fn every_row_is_found_wherever_it_stands(people in prop::collection::btree_set(0u32..200, 0..60), seed: u64) {
            let mut entries: Vec<Entry> = people.iter().map(|n| entry(1, *n)).collect();
            entries.sort_by_key(|e| e.cand.as_str().bytes().fold(seed, |h, b| h.wrapping_mul(31).wrapping_add(b.into())));
            let roster = Roster::new(entries);
            for n in 0..200u32 {
                let (cand, number) = (cand_of(1, n), number(n));
                let known = people.contains(&n);
                prop_assert_eq!(roster.by_cand(&cand).map(|e| &e.cand), known.then_some(&cand));
                prop_assert_eq!(roster.by_document(DocKind::ResidentId, &number).len(), usize::from(known));
            }
        }
    }
}
