//! One exam day in miniature for the tests of `domain`, `desk` and `store`: two parts, a crew, candidates by number.
//!
//! Names and document numbers made here are markers: they can stand nowhere but where a person's data stands.

use super::candidate::{CandidateKind, Label, Level, Person, PersonName, Placement, RosterRow, Sitting};
use super::crew::Role;
use super::document::{CardRead, DocKind, Document, ValidTo, mod_11_2};
use super::event::{
    AbsenceMarked, AbsenceReason, AttendanceCounts, Author, CandidateAdmitted, CrewAssigned, Event, Flag, NameMatch,
    PhotoCheck, Recorded, RosterImported, SeatMoved, SeatWithdrawn, SessionClosed, SessionOpened, SessionStarted, Via,
    WorkHandedIn,
};
use super::ids::{
    AdmissionNo, BatchId, DeskId, Digest, OperatorId, OrgId, PartId, RoomId, Salt, SeatLabel, SessionId, SessionNo,
    SiteId,
};
use super::ledger::{LedgerLine, SessionSealed};
use super::photo::Photo;
use super::policy::Policy;
use super::record::{SessionBook, SessionBooks, SessionRecord};
use super::room::Room;
use super::roster::{Entry, Identity};
use super::seats::{Place, SeatReason, Sha256};
use super::session::{Plan, Session, State};
use super::time::{ClockQuality, Instant};
use jiff::civil::{self, date};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The day.
pub(crate) const DAY: civil::Date = date(2026, 11, 24);

/// A policy this release can carry out: theory of 40 % marked after hand-in, practical of 60 % while present.
pub(crate) const POLICY: &str = r#"
policy = { id = "EX-P", version = 1, org = "EX-ORG-A", certificate = "证书", level = "primary" }
parts = [
  { id = "theory", name = "理论", kind = "theory", minutes = 60, weight_permille = 400, pass = "60", step = "0.5", marking = "single" },
  { id = "practical", name = "实操", kind = "practical", minutes = 60, weight_permille = 600, marking = "single", mark_while_present = true },
]
"#;

/// The crew: each person's name and role.
pub(crate) const CREW: [(&str, Role); 6] = [
    ("zhao", Role::Chief),
    ("qian", Role::Proctor),
    ("sun", Role::Proctor),
    ("li", Role::Assessor),
    ("zhou", Role::Inspector),
    ("wu", Role::Admin),
];

/// Stands for SHA-256 where only the order counts.
pub(crate) fn hash() -> Sha256 {
    Sha256(|parts| {
        let mut state = 0xcbf2_9ce4_8422_2325_u64;
        for byte in parts.iter().copied().flatten() {
            state = (state ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
        let mut bytes = [0; 32];
        bytes[..8].copy_from_slice(&(state ^ (state >> 29)).wrapping_mul(0xbf58_476d_1ce4_e5b9).to_be_bytes());
        Digest::new(bytes)
    })
}

/// Room 01 with so many seats.
pub(crate) fn room(seats: usize) -> Room {
    let seats = (1..=seats).map(|n| SeatLabel::parse(&n.to_string()).unwrap()).collect::<Vec<_>>();
    let name = Label::parse("第一考场").unwrap();
    Room { id: RoomId::parse("01").unwrap(), name, capacity: seats.len(), seats, way: None }
}

/// A seat of room 01.
pub(crate) fn place(seat: &str) -> Place {
    format!("01-{seat}").parse().unwrap()
}

pub(crate) fn moved(cand: &str, from: Option<&str>, to: &str) -> SeatMoved {
    let cand = AdmissionNo::parse(cand).unwrap();
    SeatMoved { cand, from: from.map(place), to: place(to), reason: SeatReason::StationFault }
}

pub(crate) fn withdrawn(seat: &str) -> SeatWithdrawn {
    let Place { room, seat } = place(seat);
    SeatWithdrawn { room, seat, reason: SeatReason::StationFault }
}

pub(crate) fn policy() -> Policy {
    Policy::parse_supported(POLICY.as_bytes(), "samples").unwrap()
}

pub(crate) fn no(n: u8) -> SessionNo {
    SessionNo::try_from(n).unwrap()
}

pub(crate) fn op(name: &str) -> OperatorId {
    OperatorId::parse(name).unwrap()
}

pub(crate) fn part(id: &str) -> PartId {
    PartId::parse(id).unwrap()
}

pub(crate) fn site() -> SiteId {
    SiteId::parse("EX-SITE-01").unwrap()
}

pub(crate) fn cand(n: u32) -> AdmissionNo {
    AdmissionNo::parse(&format!("26{n:08}")).unwrap()
}

/// The admission number of somebody in a session: numbers of different sessions never meet.
pub(crate) fn cand_of(session: u8, n: u32) -> AdmissionNo {
    cand(u32::from(session) * 100_000 + n)
}

/// A moment of the day.
pub(crate) fn at(hour: i8, minute: i8, second: i8) -> Instant {
    Instant::at(DAY, civil::time(hour, minute, second, 0))
}

pub(crate) fn session_id(n: u8) -> SessionId {
    SessionId::new([n; 16])
}

/// Session `n` starts at 9:00 on the day.
pub(crate) fn plan(n: u8) -> Plan {
    Plan {
        id: session_id(n),
        no: no(n),
        org: OrgId::parse("EX-ORG-A").unwrap(),
        site: site(),
        batch: BatchId::parse("D20261124").unwrap(),
        certificate: "证书".into(),
        level: Level::Primary,
        date: DAY,
        start: civil::time(9, 0, 0, 0),
        policy_sha256: digest(9),
    }
}

/// The lines of a session in which nothing happened but what leads to the state, as desk 1 wrote them.
pub(crate) fn history(state: State) -> Vec<Recorded> {
    let counts = AttendanceCounts::default();
    let crew = CREW.map(|(name, role)| CrewAssigned { op: op(name), role, lead: Flag(false), rooms: vec![] }.into());
    let steps: [(State, Event); 3] = [
        (State::Open, SessionOpened { red_items: vec![] }.into()),
        (State::Running, SessionStarted { counts }.into()),
        (State::Closed, SessionClosed { counts }.into()),
    ];
    let taken = steps.into_iter().filter(|(step, _)| *step <= state).map(|(_, event)| event);
    (1..).zip(crew.into_iter().chain(taken)).map(|(n, event)| recorded(n, 1, n, event)).collect()
}

/// The ledger's line about a sealed session.
pub(crate) fn session_sealed(plan: &Plan) -> LedgerLine {
    let event = SessionSealed { session: plan.id, package_sha256: digest(9), sequence: 1, amendment_no: 0 };
    let author = Author { desk: DeskId::FIRST, lc: 1, op: Some(op("chen")), w: None, q: ClockQuality::Synced };
    Recorded { seq: 1, at: at(12, 0, 0), author, event: event.into() }
}

/// A book over a plan, with that history.
pub(crate) fn book(plan: Plan, policy: Policy, state: State) -> SessionBook {
    let mut record = SessionRecord::default();
    for line in history(state) {
        record.apply(&line);
    }
    if state == State::Sealed {
        record.apply_ledger(&session_sealed(&plan));
    }
    SessionBook { session: Session { plan, policy: Arc::new(policy) }, record }
}

/// Sessions 1, 2 … on the day in these states.
pub(crate) fn books(states: &[State]) -> SessionBooks {
    (1u8..).zip(states).map(|(n, state)| (no(n), book(plan(n), policy(), *state))).collect()
}

/// A valid resident number that nobody has.
pub(crate) fn number(n: u32) -> String {
    let birth = date(1990, 1, 1).checked_add(jiff::Span::new().days(i64::from(n / 999))).unwrap();
    let body = format!("110199{:04}{:02}{:02}{:03}", birth.year(), birth.month(), birth.day(), n % 999 + 1);
    let last = mod_11_2(&body);
    format!("{body}{last}")
}

pub(crate) fn name(n: u32) -> String {
    let han = char::from_u32(0x4e00 + n % 0x5000).unwrap();
    format!("龘{han}靐")
}

/// Candidate `n` with a row in a session, in room 01 on the seat of their number.
pub(crate) fn roster_row(session: u8, n: u32) -> RosterRow {
    let document = Document::parse(DocKind::ResidentId, &number(n), DAY).unwrap();
    let placement = Placement {
        cand: cand_of(session, n),
        session: no(session),
        certificate: "证书".into(),
        level: Level::Primary,
        batch: BatchId::parse("D20261124").unwrap(),
        site: site(),
        room: RoomId::parse("01").unwrap(),
        seat: Some(SeatLabel::parse(&n.to_string()).unwrap()),
        parts: vec![part("theory"), part("practical")],
    };
    let person = Person {
        name: PersonName::parse(&name(n)).unwrap(),
        name_latin: None,
        document,
        sex: None,
        school: None,
        dept: None,
        major: None,
        class: None,
        student_no: None,
        campus_uid: None,
        kind: CandidateKind::Student,
        fee_exempt: false,
        sitting: Sitting::First,
        phone: None,
        photo: None,
        credit_account: None,
        arrangement: None,
        hold: None,
        note: None,
        carried: BTreeMap::new(),
    };
    RosterRow { placement, person }
}

/// The same row as a desk holds it once unlocked.
pub(crate) fn entry(session: u8, n: u32) -> Entry {
    let row = roster_row(session, n);
    Entry { identity: Some(Identity::of(&row.person)), ..Entry::placed(&row.placement, &site()) }
}

/// What the chip of candidate `n` says.
pub(crate) fn card(n: u32) -> CardRead {
    CardRead {
        doc: DocKind::ResidentId,
        number: number(n),
        name: name(n),
        name_latin: None,
        permit_number: None,
        valid_from: Some(date(2020, 1, 1)),
        valid_to: ValidTo::LongTerm,
        warnings: vec![],
        photo: Photo::Absent,
    }
}

pub(crate) fn desk_id(n: u8) -> DeskId {
    DeskId::try_from(n).unwrap()
}

pub(crate) fn digest(n: u8) -> Digest {
    Digest::new([n; 32])
}

/// A fact as a desk wrote it, a millisecond later for each step of the counter.
pub(crate) fn recorded(lc: u64, desk: u8, seq: u64, event: impl Into<Event>) -> Recorded {
    let author = Author { desk: desk.try_into().unwrap(), lc, op: None, w: None, q: ClockQuality::Synced };
    let at = Instant(1_795_449_600_000 + i64::try_from(lc).unwrap());
    Recorded { seq, at, author, event: event.into() }
}

pub(crate) fn admitted(cand: &str, seat: &str) -> CandidateAdmitted {
    CandidateAdmitted {
        cand: AdmissionNo::parse(cand).unwrap(),
        doc: DocKind::ResidentId,
        name_match: NameMatch::Exact,
        via: Via::Chip,
        room: RoomId::parse("01").unwrap(),
        seat: SeatLabel::parse(seat).unwrap(),
        late_s: 0,
        expired: Flag(false),
        photo: PhotoCheck::None,
        confirmed: vec![],
        lifts: vec![],
        salt: Salt::new([7; 16]),
    }
}

pub(crate) fn handed_in(cand: &str, parts: &[&str]) -> WorkHandedIn {
    let parts = parts.iter().map(|p| PartId::parse(p).unwrap()).collect();
    WorkHandedIn { cand: AdmissionNo::parse(cand).unwrap(), parts, sheets: 0, bulk: Flag(true), lifts: vec![] }
}

pub(crate) fn absent(cand: &str) -> AbsenceMarked {
    AbsenceMarked { cand: AdmissionNo::parse(cand).unwrap(), reason: AbsenceReason::NoShow, code: None }
}

/// A roster of no rows, as far as its conflicts go.
pub(crate) fn roster_imported(rev: u32, dropped: Vec<AdmissionNo>, drifted: Vec<AdmissionNo>) -> Event {
    let (sha256, rooms_sha256) = (Digest::ZERO, None);
    let (bytes, rows, added, removed, changed, notices) = (0, 0, 0, 0, 0, 0);
    RosterImported { rev, sha256, bytes, rows, added, removed, changed, notices, rooms_sha256, dropped, drifted }.into()
}
