//! The record of one session: everything that its events fold to (rules.md §5, §7, §9).
//!
//! The one truth that screens, commands and read tables derive from. Applying an event twice changes nothing, the order
//! of arrival does not matter, and states only go forward.

use super::attendance::{Attendance, AttendanceBook, ConflictKind};
use super::candidate::Hold;
use super::crew::CrewMember;
use super::event::{
    AttendanceCounts, Event, MarkEntered, Recorded, RefusalVerdict, ResultsDerived, RosterImported, SealPrepared, Stamp,
};
use super::ids::{AdmissionNo, Code, DeskId, Digest, OperatorId, PartId, RoomId, SessionNo};
use super::ledger::{LedgerEvent, LedgerLine};
use super::readiness::Item;
use super::roster::Roster;
use super::seats::{Block, SeatBook};
use super::session::{Session, State};
use super::time::Instant;
use std::collections::{BTreeMap, BTreeSet};

/// A session with its record.
#[derive(Debug, Clone)]
pub struct SessionBook {
    /// Plan and policy.
    pub session: Session,
    /// What happened so far.
    pub record: SessionRecord,
}

/// Every session of the store, by number.
pub type SessionBooks = BTreeMap<SessionNo, SessionBook>;

/// What the store holds of every session, as folded at start or after a failure.
#[derive(Debug, Clone, Default)]
pub struct Held {
    /// Sessions with their records.
    pub books: SessionBooks,
    /// Lines stored in this desk's stream of each session.
    pub sizes: BTreeMap<SessionNo, u64>,
    /// The rows as placed, their people still sealed.
    pub roster: Roster,
}

impl Held {
    /// Takes one line of the site ledger to the session it speaks of.
    pub fn apply_ledger(&mut self, line: &LedgerLine) {
        let Some(session) = line.event.session() else { return };
        for book in self.books.values_mut().filter(|book| book.session.plan.id == session) {
            book.record.apply_ledger(line);
        }
    }
}

/// A mark as it stands: the first one in stamp order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StandingMark {
    /// Centi-points.
    pub mark: u32,
    /// Who judged.
    pub scored_by: OperatorId,
    stamp: Stamp,
}

/// The fold of a session's events.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SessionRecord {
    /// Where the session stands.
    pub state: State,
    /// Attendance of everybody who has any.
    pub attendance: AttendanceBook,
    /// Who holds which seat, and which are free.
    pub seats: SeatBook,
    desks: BTreeMap<DeskId, (Stamp, Vec<RoomId>)>,
    roster: Option<(Stamp, RosterImported)>,
    rooms: Option<(Stamp, Digest)>,
    crew: BTreeMap<OperatorId, CrewMember>,
    marks: BTreeMap<(AdmissionNo, PartId), StandingMark>,
    refused: BTreeMap<AdmissionNo, (Stamp, TurnedAway)>,
    turned_away: BTreeSet<Stamp>,
    results: Option<(Stamp, ResultsDerived)>,
    changed: Option<Stamp>,
    opened: Option<(Stamp, Instant)>,
    waived: BTreeSet<Item>,
    prepared: BTreeMap<Stamp, SealPrepared>,
    abandoned: BTreeSet<u64>,
    sealed: Option<Sealed>,
    /// Holds placed (true) and lifted since the roster was made, the newest word for each.
    holds: BTreeMap<(AdmissionNo, Hold), (Stamp, bool)>,
    /// The clock's offset in seconds, of desks whose clock was compared: the newest word for each.
    clocks: BTreeMap<DeskId, (Stamp, i64)>,
    latest: Option<Instant>,
    lc: u64,
}

/// The last time somebody was turned away at the door.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TurnedAway {
    /// Why.
    pub code: Code,
    /// When.
    pub at: Instant,
    /// At which desk.
    pub desk: DeskId,
}

/// What the ledger says of a sealed session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sealed {
    /// The package.
    pub package_sha256: Digest,
    /// Its number among the site's packages for this organisation.
    pub sequence: u64,
}

impl SessionRecord {
    /// Takes one recorded event.
    pub fn apply(&mut self, recorded: &Recorded) {
        let stamp = recorded.stamp();
        self.lc = self.lc.max(stamp.lc);
        self.latest = self.latest.max(Some(recorded.at));
        if let Some(change) = self.attendance.apply(recorded) {
            self.seats.change(&change.cand, change.from.as_ref(), change.to.as_ref());
        }
        if let Event::RosterImported(e) = &recorded.event {
            self.rooms = self.rooms.max(e.rooms_sha256.map(|rooms| (stamp, rooms)));
        }
        match &recorded.event {
            Event::SessionOpened(_) => {
                self.advance(State::Open);
                if self.opened.is_none_or(|(first, _)| stamp < first) {
                    self.opened = Some((stamp, recorded.at));
                }
            }
            Event::RosterImported(e) if self.roster.as_ref().is_none_or(|(newest, _)| *newest < stamp) => {
                self.roster = Some((stamp, e.clone()));
            }
            Event::SessionStarted(_) => self.advance(State::Running),
            Event::SessionClosed(_) => self.advance(State::Closed),
            Event::CrewAssigned(e) => {
                let member = CrewMember { op: e.op.clone(), role: e.role, lead: e.lead.0, rooms: e.rooms.clone() };
                self.crew.insert(e.op.clone(), member);
            }
            Event::AdmissionRefused(e) if e.verdict != RefusalVerdict::AlreadyIn => {
                self.turned_away.insert(stamp);
                if let Some(cand) = &e.cand {
                    let now = TurnedAway { code: e.code, at: recorded.at, desk: recorded.author.desk };
                    let last = self.refused.entry(cand.clone()).or_insert((stamp, now));
                    if last.0 < stamp {
                        *last = (stamp, now);
                    }
                }
            }
            Event::CandidateAdmitted(_) | Event::WorkHandedIn(_) | Event::AbsenceMarked(_) => self.touch(stamp),
            Event::MarkEntered(e) => {
                self.enter(e, stamp);
                self.touch(stamp);
            }
            Event::ResultsDerived(e) if self.results.as_ref().is_none_or(|(last, _)| *last < stamp) => {
                self.results = Some((stamp, e.clone()));
            }
            Event::SeatDrawSeeded(e) => self.seats.seed(&e.room, stamp, e.seed),
            Event::SeatWithdrawn(e) => self.seats.withdraw(&e.room, &e.seat),
            Event::DeskJoined(e) if self.desks.get(&e.desk).is_none_or(|(first, _)| stamp < *first) => {
                self.desks.insert(e.desk, (stamp, e.rooms.clone()));
            }
            Event::SealPrepared(e) => {
                self.prepared.insert(stamp, e.clone());
            }
            Event::HoldPlaced(e) => self.hold(&e.cand, e.hold, (stamp, true)),
            Event::HoldLifted(e) => self.hold(&e.cand, e.hold, (stamp, false)),
            Event::ClockAttested(e) => {
                let word = self.clocks.entry(stamp.desk).or_insert((stamp, e.offset_s));
                *word = (*word).max((stamp, e.offset_s));
            }
            Event::ReadinessWaived(e) => {
                self.waived.insert(e.item);
            }
            _ => {}
        }
    }

    /// Takes one line of the ledger that speaks of this session.
    pub fn apply_ledger(&mut self, line: &LedgerLine) {
        match &line.event {
            LedgerEvent::SealAbandoned(_) => {
                self.abandoned.insert(line.seq);
            }
            LedgerEvent::SessionSealed(e) => {
                self.sealed = Some(Sealed { package_sha256: e.package_sha256, sequence: e.sequence });
                self.advance(State::Sealed);
            }
            LedgerEvent::SealSigned(_) | LedgerEvent::OperatorLocked(_) | LedgerEvent::OperatorUnlocked(_) => {}
        }
    }

    fn hold(&mut self, cand: &AdmissionNo, hold: Hold, word: (Stamp, bool)) {
        let newest = self.holds.entry((cand.clone(), hold)).or_insert(word);
        *newest = (*newest).max(word);
    }

    fn advance(&mut self, to: State) {
        self.state = self.state.max(to);
    }

    fn touch(&mut self, stamp: Stamp) {
        self.changed = self.changed.max(Some(stamp));
    }

    fn enter(&mut self, event: &MarkEntered, stamp: Stamp) {
        let mark = StandingMark { mark: event.mark, scored_by: event.scored_by.clone(), stamp };
        self.marks
            .entry((event.cand.clone(), event.part.clone()))
            .and_modify(|standing| {
                if stamp < standing.stamp {
                    *standing = mark.clone();
                }
            })
            .or_insert(mark);
    }

    /// The greatest Lamport counter stored; the next event takes one more.
    #[must_use]
    pub fn lc(&self) -> u64 {
        self.lc
    }

    /// The newest roster applied.
    #[must_use]
    pub fn roster(&self) -> Option<&RosterImported> {
        self.roster.as_ref().map(|(_, roster)| roster)
    }

    /// The hash of the newest file of rooms that a roster came with: a newer roster without one leaves the rooms as they are.
    #[must_use]
    pub fn rooms_sha256(&self) -> Option<Digest> {
        self.rooms.map(|(_, rooms)| rooms)
    }

    /// When check-in was opened.
    #[must_use]
    pub fn opened_at(&self) -> Option<Instant> {
        self.opened.map(|(_, at)| at)
    }

    /// Whether a desk serves a room; one that named none when it joined, or never joined, serves all.
    #[must_use]
    pub fn serves(&self, desk: DeskId, room: &RoomId) -> bool {
        self.desks.get(&desk).is_none_or(|(_, rooms)| rooms.is_empty() || rooms.contains(room))
    }

    /// The seats of a room that a desk may give: its share among the desks that served the room when check-in opened. None
    /// for a desk that came later.
    #[must_use]
    pub fn block(&self, desk: DeskId, room: &RoomId) -> Option<Block> {
        let opened = self.opened.map(|(stamp, _)| stamp);
        let at_opening = |id: &DeskId| {
            let joined = self.desks.get(id).map(|(stamp, _)| *stamp);
            self.serves(*id, room) && joined.is_some_and(|joined| opened.is_none_or(|opened| joined < opened))
        };
        if self.desks.is_empty() {
            return Some(Block::WHOLE);
        }
        let (mut index, mut of) = (None, 0);
        for id in self.desks.keys().filter(|id| at_opening(id)) {
            index = if *id == desk { Some(of) } else { index };
            of += 1;
        }
        index.map(|index| Block { index, of })
    }

    /// Every open conflict, with somebody whom it concerns.
    pub fn conflicts(&self) -> impl Iterator<Item = (&AdmissionNo, ConflictKind)> {
        let seats = self.seats.clashes().flatten().map(|cand| (cand, ConflictKind::SeatTwice));
        self.attendance.conflicts().chain(seats)
    }

    /// Whether the chief lets a red item of the checks before opening stand.
    #[must_use]
    pub fn has_waived(&self, item: Item) -> bool {
        self.waived.contains(&item)
    }

    /// What a person does in this session.
    #[must_use]
    pub fn member(&self, op: &OperatorId) -> Option<&CrewMember> {
        self.crew.get(op)
    }

    /// The crew list, by operator.
    pub fn crew(&self) -> impl Iterator<Item = &CrewMember> {
        self.crew.values()
    }

    /// The mark that stands for a candidate's part.
    #[must_use]
    pub fn mark(&self, cand: &AdmissionNo, part: &PartId) -> Option<&StandingMark> {
        self.marks.get(&(cand.clone(), part.clone()))
    }

    /// Every mark, by candidate and part.
    pub fn marks(&self) -> impl Iterator<Item = (&AdmissionNo, &PartId, &StandingMark)> {
        self.marks.iter().map(|((cand, part), mark)| (cand, part, mark))
    }

    /// Whether a hold is on a candidate on whom the roster put this one, or none.
    #[must_use]
    pub fn holds(&self, cand: &AdmissionNo, hold: Hold, of_roster: Option<Hold>) -> bool {
        let word = self.holds.get(&(cand.clone(), hold));
        word.map_or(of_roster == Some(hold), |(_, placed)| *placed)
    }

    /// The seconds that a desk's clock is behind, once somebody compared it.
    #[must_use]
    pub fn clock_offset(&self, desk: DeskId) -> Option<i64> {
        self.clocks.get(&desk).map(|(_, offset)| *offset)
    }

    /// The latest time that any line bears.
    #[must_use]
    pub fn latest(&self) -> Option<Instant> {
        self.latest
    }

    /// How many taps were refused or referred to a proctor.
    #[must_use]
    pub fn turned_away(&self) -> usize {
        self.turned_away.len()
    }

    /// The code with which a candidate was last turned away at the door.
    #[must_use]
    pub fn last_refusal(&self, cand: &AdmissionNo) -> Option<Code> {
        self.refused.get(cand).map(|(_, turned)| turned.code)
    }

    /// Whoever was turned away at the door, or referred to a proctor, and has not come in since.
    pub fn waiting(&self) -> impl Iterator<Item = (&AdmissionNo, &TurnedAway)> {
        let expected = |cand: &&AdmissionNo| *self.attendance.of(cand) == Attendance::Expected;
        self.refused.iter().map(|(cand, (_, turned))| (cand, turned)).filter(move |(cand, _)| expected(cand))
    }

    /// The `SealPrepared` that stands: from it on the session's streams take no line, until it is abandoned. A crash
    /// leaves it standing; every abandoned one is matched by the ledger.
    #[must_use]
    pub fn prepared(&self) -> Option<&SealPrepared> {
        if self.prepared.len() > self.abandoned.len() { self.prepared.values().next_back() } else { None }
    }

    /// What the ledger says of the seal.
    #[must_use]
    pub fn sealed(&self) -> Option<Sealed> {
        self.sealed
    }

    /// Whether the session's streams still take lines.
    #[must_use]
    pub fn takes_lines(&self) -> bool {
        self.sealed.is_none() && self.prepared().is_none()
    }

    /// The newest derived results, unless a later mark or attendance line made them stale.
    #[must_use]
    pub fn results(&self) -> Option<&ResultsDerived> {
        self.results.as_ref().filter(|(stamp, _)| self.changed.is_none_or(|changed| changed < *stamp)).map(|(_, r)| r)
    }

    /// Whether results were derived at any time, stale or not.
    #[must_use]
    pub fn derived_once(&self) -> bool {
        self.results.is_some()
    }

    /// The attendance figures, for a session of so many rows.
    #[must_use]
    pub fn counts(&self, registered: u32) -> AttendanceCounts {
        let mut counts = AttendanceCounts { registered, expected: registered, ..Default::default() };
        for (_, state) in self.attendance.touched() {
            match state {
                Attendance::Expected => {}
                Attendance::Absent(..) => counts.absent += 1,
                Attendance::Present(a) | Attendance::Submitted(a, ..) => {
                    counts.present += 1;
                    counts.late += u32::from(a.late_s > 0);
                    counts.handed_in += u32::from(matches!(state, Attendance::Submitted(..)));
                }
            }
        }
        counts
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::event::{AdmissionRefused, OutcomeCounts, SessionOpened};
    use crate::domain::samples::{absent, admitted, cand, digest, handed_in, history, op, part, recorded};
    use proptest::prelude::*;

    fn fold<'a>(lines: impl IntoIterator<Item = &'a Recorded>) -> SessionRecord {
        let mut record = SessionRecord::default();
        for line in lines {
            record.apply(line);
        }
        record
    }

    fn mark(n: u32, mark: u32) -> Event {
        let (cand, part, scored_by) = (cand(n), part("theory"), op("li"));
        MarkEntered { cand, part, mark, scored_by, zero_reason: None, sheet_sha256: None }.into()
    }

    fn derived(n: u8) -> Event {
        ResultsDerived { counts: OutcomeCounts::default(), root: digest(n), policy_sha256: digest(0) }.into()
    }

    fn refused(n: u32, code: u8, verdict: RefusalVerdict) -> Event {
        AdmissionRefused { code: Code(code), verdict, doc: None, tag: None, cand: Some(cand(n)), room: None }.into()
    }

    #[test]
    fn the_first_mark_stands_whichever_arrives_first() {
        let (first, second) = (recorded(1, 2, 1, mark(1, 6000)), recorded(2, 1, 1, mark(1, 7000)));
        for order in [[&first, &second], [&second, &first]] {
            assert_eq!(fold(order).mark(&cand(1), &part("theory")).map(|m| m.mark), Some(6000));
        }
    }

    #[test]
    fn results_are_stale_after_any_later_mark_or_attendance_and_the_newest_count() {
        let attended = [admitted(cand(1).as_str(), "1").into(), handed_in(cand(1).as_str(), &["theory"]).into()];
        for later in attended.into_iter().chain([absent(cand(2).as_str()).into(), mark(1, 6000)]) {
            let (results, later) = (recorded(5, 1, 5, derived(1)), recorded(6, 1, 6, later));
            assert_eq!(fold([&later, &results]).results(), None, "{later:?}");
            let again = recorded(7, 1, 7, derived(2));
            assert_eq!(fold([&again, &results, &later]).results().map(|r| r.root), Some(digest(2)));
        }
        let refused = recorded(6, 1, 6, refused(1, 52, RefusalVerdict::Refused));
        let results = recorded(5, 1, 5, derived(1));
        assert!(fold([&results, &refused]).results().is_some(), "a refused card changes nobody's result");
    }

    #[test]
    fn the_last_refusal_counts_and_being_inside_is_none() {
        let refused = |lc, code, verdict| recorded(lc, 1, lc, refused(1, code, verdict));
        let lines = [
            refused(3, 40, RefusalVerdict::AlreadyIn),
            refused(2, 27, RefusalVerdict::NeedsProctor),
            refused(1, 52, RefusalVerdict::Refused),
        ];
        assert_eq!(fold(&lines).last_refusal(&cand(1)), Some(Code(27)));
        assert_eq!(fold(&lines[..1]).last_refusal(&cand(1)), None);
    }

    #[test]
    fn counts_are_of_whoever_came_whatever_followed() {
        let mut late = admitted(cand(3).as_str(), "3");
        late.late_s = 61;
        let lines = [
            recorded(1, 1, 1, admitted(cand(1).as_str(), "1")),
            recorded(2, 1, 2, admitted(cand(2).as_str(), "2")),
            recorded(3, 1, 3, handed_in(cand(2).as_str(), &["theory"])),
            recorded(4, 1, 4, late),
            recorded(5, 1, 5, absent(cand(4).as_str())),
            // Nobody came with this work: the person is still waited for.
            recorded(6, 1, 6, handed_in(cand(5).as_str(), &["theory"])),
        ];
        let counts = AttendanceCounts {
            registered: 6,
            expected: 6,
            present: 3,
            late: 1,
            absent: 1,
            handed_in: 1,
            ..Default::default()
        };
        assert_eq!(fold(&lines).counts(6), counts);
    }

    proptest! {
        #[test]
        fn the_record_is_the_same_under_any_order_and_repeats(
            picks in prop::collection::vec((0..7usize, 0u32..3, 1u8..3), 0..20), seed in any::<u64>(),
        ) {
            let mut lines = history(State::Planned);
            let mut seqs = [0, u64::try_from(lines.len()).unwrap(), 0];
            for (lc, (what, n, desk)) in (100..).zip(picks) {
                let event = match what {
                    0 => admitted(cand(n).as_str(), "1").into(),
                    1 => handed_in(cand(n).as_str(), &["theory"]).into(),
                    2 => absent(cand(n).as_str()).into(),
                    3 => mark(n, 100 * u32::from(desk)),
                    4 => derived(desk),
                    5 => refused(n, 50 + desk, RefusalVerdict::Refused),
                    _ => SessionOpened { red_items: vec![] }.into(),
                };
                let seq = &mut seqs[usize::from(desk)];
                *seq += 1;
                lines.push(recorded(lc / 2, desk, *seq, event));
            }
            let whole = fold(&lines);
            let mut order: Vec<&Recorded> = lines.iter().chain(lines.first()).collect();
            order.sort_by_key(|line| line.stamp().lc.wrapping_mul(seed | 1).rotate_left(u32::from(line.author.desk.get())));
            prop_assert_eq!(fold(order), whole);
        }
    }
}
