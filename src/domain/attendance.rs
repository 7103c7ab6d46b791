//! Attendance (考勤): what happened to each candidate, as a fold of events (rules.md §7).
//!
//! Owns the states, the fold and the conflicts it records. The input is a set: facts are applied in the order of their
//! stamp whatever the order of their arrival, repeats change nothing, and a late fact re-folds its one candidate. The
//! fold never refuses: an impossible order keeps the state and opens a conflict. Knows no roster: who is expected is
//! whoever has no fact.

use super::conflict::{ConflictId, EventId};
use super::event::{AbsenceReason, CandidateAdmitted, Event, Recorded, RosterImported, Stamp};
use super::ids::{AdmissionNo, Code, DeskId, PartId, RoomId, SeatLabel};
use super::seats::Place;
use super::time::Instant;
use std::collections::{BTreeMap, BTreeSet};

pub use super::conflict::ConflictKind;

/// Where a person was let in, when and how late.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Admission {
    /// Room.
    pub room: RoomId,
    /// Seat.
    pub seat: SeatLabel,
    /// Seconds after the start, 0 if in time.
    pub late_s: u32,
    /// The desk that let them in.
    pub desk: DeskId,
    /// When.
    pub at: Instant,
}

/// The state of one candidate. Leaving, removal and voiding come with their events.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Attendance {
    /// 未到.
    #[default]
    Expected,
    /// 在场.
    Present(Admission),
    /// 已交卷, with the parts handed in and when the last was.
    Submitted(Admission, BTreeSet<PartId>, Instant),
    /// 缺考.
    Absent(AbsenceReason, Option<Code>),
}

impl Attendance {
    /// How they came in, for whoever did.
    #[must_use]
    pub fn admission(&self) -> Option<&Admission> {
        match self {
            Self::Present(a) | Self::Submitted(a, ..) => Some(a),
            Self::Expected | Self::Absent(..) => None,
        }
    }
}

/// A fact that moves attendance.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Fact {
    Admitted(Admission),
    HandedIn(BTreeSet<PartId>, Instant),
    Absent(AbsenceReason, Option<Code>),
    Moved(Place),
}

/// What a line did to somebody's seat.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeatChange {
    /// Whose.
    pub cand: AdmissionNo,
    /// Where they sat, or were to sit.
    pub from: Option<Place>,
    /// Where now.
    pub to: Option<Place>,
}

/// One candidate: the facts in stamp order and the state they fold to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Case {
    facts: Vec<(Stamp, Fact)>,
    state: Attendance,
    /// Their seat, or the one they were moved to before they came.
    place: Option<Place>,
    conflicts: BTreeSet<ConflictKind>,
}

impl Case {
    fn fold(&mut self) {
        self.state = Attendance::Expected;
        self.place = None;
        self.conflicts.clear();
        for (_, fact) in &self.facts {
            let (state, conflict) = step(std::mem::take(&mut self.state), fact);
            let sits = state.admission().map(|a| Place { room: a.room.clone(), seat: a.seat.clone() });
            let moved = match fact {
                Fact::Moved(to) => Some(to.clone()),
                Fact::Admitted(_) | Fact::HandedIn(..) | Fact::Absent(..) => self.place.take(),
            };
            self.state = state;
            self.place = sits.or(moved);
            self.conflicts.extend(conflict);
        }
    }
}

/// One cell of the table of rules.md §7.
fn step(state: Attendance, fact: &Fact) -> (Attendance, Option<ConflictKind>) {
    use Attendance::{Absent, Expected, Present, Submitted};
    use ConflictKind::{AbsentAndSeen, AdmittedTwice, ImpossibleOrder};
    match (state, fact) {
        (Expected, Fact::Admitted(a)) => (Present(a.clone()), None),
        (Expected, Fact::Absent(reason, code)) => (Absent(*reason, *code), None),
        (Absent(..), Fact::Admitted(a)) => (Present(a.clone()), Some(AbsentAndSeen)),
        // Whoever is not in yet has a seat kept for them; whoever left keeps the one they had.
        (state @ Absent(..), Fact::Absent(..)) | (state @ (Expected | Absent(..) | Submitted(..)), Fact::Moved(_)) => {
            (state, None)
        }
        (state @ (Expected | Absent(..)), Fact::HandedIn(..)) => (state, Some(ImpossibleOrder)),
        (Present(a), Fact::HandedIn(parts, at)) => (Submitted(a, parts.clone(), *at), None),
        (Submitted(a, mut had, since), Fact::HandedIn(parts, at)) => {
            let more = !parts.is_subset(&had);
            had.extend(parts.iter().cloned());
            (Submitted(a, had, if more { *at } else { since }), None)
        }
        (state @ (Present(_) | Submitted(..)), Fact::Admitted(_)) => (state, Some(AdmittedTwice)),
        (state @ (Present(_) | Submitted(..)), Fact::Absent(..)) => (state, Some(AbsentAndSeen)),
        (Present(a), Fact::Moved(Place { room, seat })) => {
            (Present(Admission { room: room.clone(), seat: seat.clone(), ..a }), None)
        }
    }
}

/// The attendance of one session.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AttendanceBook {
    cases: BTreeMap<AdmissionNo, Case>,
    /// The newest roster's stamp, and whom it names.
    roster: Option<(Stamp, Vec<(AdmissionNo, ConflictKind)>)>,
    /// The lines that people saw of each conflict they settled.
    settled: BTreeMap<ConflictId, BTreeSet<EventId>>,
}

impl AttendanceBook {
    /// Takes one recorded event; events that are not about attendance change nothing. Tells whose seat is another one now.
    pub fn apply(&mut self, recorded: &Recorded) -> Option<SeatChange> {
        let (cand, fact) = match &recorded.event {
            Event::CandidateAdmitted(e) => (&e.cand, Fact::Admitted(admission(e, recorded))),
            Event::WorkHandedIn(e) => (&e.cand, Fact::HandedIn(e.parts.iter().cloned().collect(), recorded.at)),
            Event::AbsenceMarked(e) => (&e.cand, Fact::Absent(e.reason, e.code)),
            Event::SeatMoved(e) => (&e.cand, Fact::Moved(e.to.clone())),
            Event::RosterImported(e) => {
                self.take_roster(recorded.stamp(), e);
                return None;
            }
            Event::ConflictResolved(e) => {
                self.settled.entry(e.conflict.clone()).or_default().extend(e.order.iter().copied());
                return None;
            }
            _ => return None,
        };
        let case = self.cases.entry(cand.clone()).or_default();
        let stamp = recorded.stamp();
        let at = case.facts.binary_search_by_key(&stamp, |(s, _)| *s).err()?;
        case.facts.insert(at, (stamp, fact));
        let from = case.place.take();
        case.fold();
        (from != case.place).then(|| SeatChange { cand: cand.clone(), from, to: case.place.clone() })
    }

    fn take_roster(&mut self, stamp: Stamp, roster: &RosterImported) {
        if self.roster.as_ref().is_none_or(|(newest, _)| *newest < stamp) {
            let of = |cands: &[AdmissionNo], kind| cands.iter().map(|c| (c.clone(), kind)).collect::<Vec<_>>();
            let dropped = of(&roster.dropped, ConflictKind::RosterDrop);
            self.roster = Some((stamp, [dropped, of(&roster.drifted, ConflictKind::RosterDrift)].concat()));
        }
    }

    /// The state of a candidate.
    #[must_use]
    pub fn of(&self, cand: &AdmissionNo) -> &Attendance {
        const EXPECTED: &Attendance = &Attendance::Expected;
        self.cases.get(cand).map_or(EXPECTED, |case| &case.state)
    }

    /// The seat of whoever was let in, or that somebody was moved to before they came.
    #[must_use]
    pub fn place_of(&self, cand: &AdmissionNo) -> Option<&Place> {
        self.cases.get(cand).and_then(|case| case.place.as_ref())
    }

    /// Whether anything is recorded of a candidate's attendance.
    #[must_use]
    pub fn knows(&self, cand: &AdmissionNo) -> bool {
        self.cases.contains_key(cand)
    }

    /// Every candidate with at least one fact, in order of admission number.
    pub fn touched(&self) -> impl Iterator<Item = (&AdmissionNo, &Attendance)> {
        self.cases.iter().map(|(cand, case)| (cand, &case.state))
    }

    /// Every open conflict: those of the record in order of candidate and kind, then those of the roster.
    pub fn conflicts(&self) -> impl Iterator<Item = (&AdmissionNo, ConflictKind)> {
        let open = |(cand, kind): &(&AdmissionNo, ConflictKind)| !self.is_settled(cand, *kind);
        let of_record = self.cases.iter().flat_map(|(cand, case)| case.conflicts.iter().map(move |kind| (cand, *kind)));
        of_record.chain(self.of_roster().filter(open))
    }

    /// Whether a conflict about this person is open.
    #[must_use]
    pub fn is_in_conflict(&self, cand: &AdmissionNo) -> bool {
        self.cases.get(cand).is_some_and(|case| !case.conflicts.is_empty())
            || self.of_roster().any(|(named, kind)| named == cand && !self.is_settled(named, kind))
    }

    /// Conflicts that the newest roster opened and people settled.
    #[must_use]
    pub fn settled(&self) -> usize {
        self.of_roster().filter(|(cand, kind)| self.is_settled(cand, *kind)).count()
    }

    /// The lines of an open conflict of the roster, which whoever settles it has seen; none where there is none.
    #[must_use]
    pub fn members(&self, conflict: &ConflictId) -> Vec<EventId> {
        let open = self.of_roster().any(|(cand, kind)| *cand == conflict.cand && kind == conflict.kind)
            && !self.is_settled(&conflict.cand, conflict.kind);
        self.roster_line().filter(|_| open).into_iter().collect()
    }

    fn of_roster(&self) -> impl Iterator<Item = (&AdmissionNo, ConflictKind)> {
        self.roster.iter().flat_map(|(_, named)| named.iter().map(|(cand, kind)| (cand, *kind)))
    }

    fn roster_line(&self) -> Option<EventId> {
        self.roster.as_ref().map(|(stamp, _)| EventId { desk: stamp.desk, seq: stamp.seq })
    }

    /// A newer roster that names somebody again is another line, which nobody has seen yet.
    fn is_settled(&self, cand: &AdmissionNo, kind: ConflictKind) -> bool {
        let id = ConflictId { kind, cand: cand.clone() };
        let seen = self.settled.get(&id);
        seen.zip(self.roster_line()).is_some_and(|(seen, line)| seen.contains(&line))
    }
}

fn admission(event: &CandidateAdmitted, recorded: &Recorded) -> Admission {
    Admission {
        room: event.room.clone(),
        seat: event.seat.clone(),
        late_s: event.late_s,
        desk: recorded.author.desk,
        at: recorded.at,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::samples::{absent, admitted, handed_in, recorded};
    use proptest::prelude::*;

    const CAND: &str = "2611240001";

    fn facts() -> [(&'static str, Event); 3] {
        [
            ("admitted", admitted(CAND, "1").into()),
            ("handed in", handed_in(CAND, &["theory"]).into()),
            ("absent", absent(CAND).into()),
        ]
    }

    fn word(state: &Attendance) -> &'static str {
        match state {
            Attendance::Expected => "expected",
            Attendance::Present(_) => "present",
            Attendance::Submitted(..) => "submitted",
            Attendance::Absent(..) => "absent",
        }
    }

    #[test]
    fn every_cell_of_the_state_table_is_as_the_rules_print_it() {
        let [a, h, x] = [0, 1, 2];
        // Facts that lead to the state, the fact applied, the state after, the conflict opened.
        let table: [(&[usize], usize, &str, Option<ConflictKind>); 12] = [
            (&[], a, "present", None),
            (&[], h, "expected", Some(ConflictKind::ImpossibleOrder)),
            (&[], x, "absent", None),
            (&[a], a, "present", Some(ConflictKind::AdmittedTwice)),
            (&[a], h, "submitted", None),
            (&[a], x, "present", Some(ConflictKind::AbsentAndSeen)),
            (&[a, h], a, "submitted", Some(ConflictKind::AdmittedTwice)),
            (&[a, h], h, "submitted", None),
            (&[a, h], x, "submitted", Some(ConflictKind::AbsentAndSeen)),
            (&[x], a, "present", Some(ConflictKind::AbsentAndSeen)),
            (&[x], h, "absent", Some(ConflictKind::ImpossibleOrder)),
            (&[x], x, "absent", None),
        ];
        for (before, fact, after, conflict) in table {
            let mut book = AttendanceBook::default();
            for (n, i) in before.iter().chain([&fact]).enumerate() {
                let n = u64::try_from(n).unwrap() + 1;
                book.apply(&recorded(n, 1, n, facts()[*i].1.clone()));
            }
            let cand = AdmissionNo::parse(CAND).unwrap();
            let label = format!("{before:?} then {}", facts()[fact].0);
            assert_eq!(word(book.of(&cand)), after, "{label}");
            assert_eq!(book.conflicts().map(|(_, k)| k).collect::<Vec<_>>(), Vec::from_iter(conflict), "{label}");
        }
    }

    #[test]
    fn a_conflict_of_the_roster_stands_until_a_newer_one_names_nobody() {
        let cand = AdmissionNo::parse(CAND).unwrap();
        let roster = |rev, dropped: &[&AdmissionNo], drifted: &[&AdmissionNo]| {
            let named = |cands: &[&AdmissionNo]| cands.iter().map(|c| (*c).clone()).collect();
            crate::domain::samples::roster_imported(rev, named(dropped), named(drifted))
        };
        let mut book = AttendanceBook::default();
        book.apply(&recorded(1, 1, 1, admitted(CAND, "1")));
        book.apply(&recorded(3, 1, 3, roster(3, &[], &[&cand])));
        book.apply(&recorded(2, 1, 2, roster(2, &[&cand], &[])));
        assert_eq!(book.conflicts().collect::<Vec<_>>(), [(&cand, ConflictKind::RosterDrift)]);
        book.apply(&recorded(4, 1, 4, roster(4, &[], &[])));
        assert_eq!(book.conflicts().count(), 0);
        assert_eq!(word(book.of(&cand)), "present");
    }

    #[test]
    fn a_seat_is_kept_for_whoever_comes_later_and_stays_with_whoever_left() {
        let (cand, seat) = (AdmissionNo::parse(CAND).unwrap(), |n| Some(crate::domain::samples::place(n)));
        let mut book = AttendanceBook::default();
        let mut tell = |lc, event: Event| {
            let change = book.apply(&recorded(lc, 1, lc, event)).map(|change| (change.from, change.to));
            let sits = book.of(&cand).admission().map(|a| a.seat.as_str().to_owned());
            (change, sits)
        };
        let moved = |from, to| crate::domain::samples::moved(CAND, from, to).into();
        assert_eq!(tell(1, moved(None, "5")), (Some((None, seat("5"))), None));
        assert_eq!(tell(2, admitted(CAND, "5").into()), (None, Some("5".into())));
        assert_eq!(tell(3, moved(Some("5"), "6")), (Some((seat("5"), seat("6"))), Some("6".into())));
        assert_eq!(tell(4, handed_in(CAND, &["theory"]).into()), (None, Some("6".into())));
        assert_eq!(tell(5, moved(Some("6"), "7")), (None, Some("6".into())), "nobody moves who has left");
    }

    #[test]
    fn more_parts_are_added_to_a_hand_in() {
        let mut book = AttendanceBook::default();
        book.apply(&recorded(1, 1, 1, admitted(CAND, "1")));
        book.apply(&recorded(2, 1, 2, handed_in(CAND, &["theory"])));
        book.apply(&recorded(3, 1, 3, handed_in(CAND, &["theory", "practical"])));
        let Attendance::Submitted(_, parts, at) = book.of(&AdmissionNo::parse(CAND).unwrap()) else { panic!() };
        assert_eq!((parts.len(), at.0), (2, 1_795_449_600_003));
    }

    fn any_history() -> impl Strategy<Value = Vec<Recorded>> {
        let fact = (0..3usize, 0..4u8, 1..4u8);
        prop::collection::vec(fact, 0..24).prop_map(|facts| {
            let mut seqs = [0u64; 4];
            let mut history = Vec::new();
            for (n, (what, who, desk)) in facts.into_iter().enumerate() {
                let cand = format!("261124000{who}");
                let event: Event = match what {
                    0 => admitted(&cand, &format!("{desk}")).into(),
                    1 => handed_in(&cand, &["theory"]).into(),
                    _ => absent(&cand).into(),
                };
                seqs[usize::from(desk)] += 1;
                // Several desks may share a counter value: the desk number then decides.
                let lc = u64::try_from(n).unwrap() / 2 + 1;
                history.push(recorded(lc, desk, seqs[usize::from(desk)], event));
            }
            history
        })
    }

    proptest! {
        #[test]
        fn the_fold_is_the_same_under_any_order_and_repeats(
            history in any_history(), order in any::<prop::sample::Index>(), again in any::<prop::sample::Index>(),
            seed in any::<u64>(),
        ) {
            let mut whole = AttendanceBook::default();
            history.iter().for_each(|r| drop(whole.apply(r)));

            let mut shuffled = history.clone();
            let mut state = seed | 1;
            for i in (1..shuffled.len()).rev() {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                shuffled.swap(i, usize::try_from(state >> 33).unwrap() % (i + 1));
            }
            if !shuffled.is_empty() {
                let (from, to) = (again.index(shuffled.len()), order.index(shuffled.len()));
                let repeat = shuffled[from].clone();
                shuffled.insert(to, repeat);
            }
            let mut other = AttendanceBook::default();
            shuffled.iter().for_each(|r| drop(other.apply(r)));
            prop_assert_eq!(whole, other);
        }

        #[test]
        fn whoever_holds_a_seat_was_admitted_to_it(history in any_history()) {
            let mut book = AttendanceBook::default();
            for r in &history {
                book.apply(r);
            }
            for (cand, state) in book.touched() {
                if let Some(a) = state.admission() {
                    let found = history.iter().any(|r| matches!(&r.event,
                        Event::CandidateAdmitted(e) if &e.cand == cand && e.seat == a.seat && e.room == a.room));
                    prop_assert!(found);
                }
            }
        }
    }
}
