//! Generated facts for property tests: every event of the catalogue, with every optional field there and not there.

use super::verify::StreamId;
use crate::domain::by_hand::{LiftReason, ManualCheck, ManualReason};
use crate::domain::candidate::Hold;
use crate::domain::conflict::{ConflictId, ConflictKind, EventId};
use crate::domain::crew::Role;
use crate::domain::document::DocKind;
use crate::domain::event::*;
use crate::domain::ids::*;
use crate::domain::readiness::{Item, WaiveReason};
use crate::domain::seats::{Place, SeatReason};
use crate::domain::session::Mode;
use crate::domain::time::{ClockQuality, Instant};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

macro_rules! text {
    ($name:ident, $ty:ty, $pattern:literal) => {
        fn $name() -> impl Strategy<Value = $ty> {
            $pattern.prop_filter_map("a reserved word", |text: String| <$ty>::parse(&text).ok())
        }
    };
}

text!(cand, AdmissionNo, "[0-9A-Z]{6,20}");
text!(room, RoomId, "[0-9A-Z]{1,8}");
text!(seat, SeatLabel, "[0-9A-Z]{1,6}");
text!(operator, OperatorId, "[a-z][a-z0-9]{1,15}");
text!(part, PartId, "[a-z][a-z0-9_]{0,15}");

fn session() -> impl Strategy<Value = SessionId> {
    any::<[u8; 16]>().prop_map(SessionId::new)
}

fn desk() -> impl Strategy<Value = DeskId> {
    (1u8..=99).prop_map(|n| DeskId::try_from(n).unwrap())
}

fn digest() -> impl Strategy<Value = Digest> {
    any::<[u8; 32]>().prop_map(Digest::new)
}

fn code() -> impl Strategy<Value = Code> {
    (0u8..=99).prop_map(Code)
}

fn flag() -> impl Strategy<Value = Flag> {
    any::<bool>().prop_map(Flag)
}

fn doc() -> impl Strategy<Value = DocKind> {
    proptest::sample::select(&DocKind::ALL[..])
}

fn lift() -> impl Strategy<Value = Lift> {
    (code(), operator(), operator(), reason(), option::of(".{0,8}"))
        .prop_map(|(code, by, witness, reason, note)| Lift { code, by, witness, reason, note })
}

fn reason() -> impl Strategy<Value = LiftReason> {
    proptest::sample::select(LiftReason::ALL)
}

fn paper() -> impl Strategy<Value = PaperRef> {
    "[0-9A-Z][0-9A-Z-]{0,9}".prop_map(|text| PaperRef::parse(&text).unwrap())
}

fn hold() -> impl Strategy<Value = Hold> {
    proptest::sample::select(Hold::ALL)
}

fn by_hand() -> impl Strategy<Value = Event> {
    let checks = proptest::sample::subsequence(ManualCheck::ALL, 0..3);
    let tag = option::of(any::<[u8; 8]>().prop_map(DocTag::new));
    let day = option::of((2000i16..2100, 1i8..13, 1i8..29).prop_map(|(y, m, d)| jiff::civil::date(y, m, d)));
    (cand(), doc(), tag, day, proptest::sample::select(ManualReason::ALL), checks).prop_map(
        |(cand, kind, tag, valid_to, reason, checks)| {
            ManualIdentityTaken { cand, kind, tag, valid_to, reason, checks }.into()
        },
    )
}

fn resolved() -> impl Strategy<Value = Event> {
    let lines = || vec((desk(), 1u64..1 << 40).prop_map(|(desk, seq)| EventId { desk, seq }), 0..3);
    let conflict =
        (proptest::sample::select(&ConflictKind::ALL[..]), cand()).prop_map(|(kind, cand)| ConflictId { kind, cand });
    (conflict, lines(), lines(), lines(), reason()).prop_map(|(conflict, order, annul, supersedes, reason)| {
        ConflictResolved { conflict, order, annul, supersedes, reason }.into()
    })
}

fn attendance() -> impl Strategy<Value = AttendanceCounts> {
    any::<[u32; 8]>().prop_map(|[registered, void, expected, present, late, absent, handed_in, removed]| {
        AttendanceCounts { registered, void, expected, present, late, absent, handed_in, removed }
    })
}

fn outcomes() -> impl Strategy<Value = OutcomeCounts> {
    any::<[u32; 7]>().prop_map(|[pass, fail, absent, breach, breach_pending, partial, void]| OutcomeCounts {
        pass,
        fail,
        absent,
        breach,
        breach_pending,
        partial,
        void,
    })
}

fn mode() -> impl Strategy<Value = Mode> {
    prop_oneof![Just(Mode::Live), Just(Mode::Rehearsal), Just(Mode::Demo)]
}

fn quality() -> impl Strategy<Value = ClockQuality> {
    prop_oneof![Just(ClockQuality::Synced), Just(ClockQuality::Attested), Just(ClockQuality::Untrusted)]
}

fn role() -> impl Strategy<Value = Role> {
    prop_oneof![Just(Role::Chief), Just(Role::Proctor), Just(Role::Assessor), Just(Role::Inspector), Just(Role::Admin)]
}

/// The first line of a lead stream.
fn planned(session: SessionId) -> impl Strategy<Value = Event> {
    (1u8..=99, mode(), option::of(digest()), digest(), digest(), digest()).prop_map(
        move |(no, mode, pack_sha256, policy_sha256, roster_sha256, ledger_head)| {
            let no = SessionNo::try_from(no).unwrap();
            SessionPlanned { session, no, mode, pack_sha256, policy_sha256, roster_sha256, ledger_head }.into()
        },
    )
}

/// The first line of any other stream.
fn joined(session: SessionId, desk: DeskId) -> impl Strategy<Value = Event> {
    (option::of(".{0,12}"), digest(), vec(room(), 0..3))
        .prop_map(move |(key, app_sha256, rooms)| DeskJoined { session, desk, key, app_sha256, rooms }.into())
}

fn admitted() -> impl Strategy<Value = Event> {
    let name = prop_oneof![Just(NameMatch::Exact), Just(NameMatch::Variant), Just(NameMatch::Different)];
    let via = prop_oneof![Just(Via::Chip), Just(Via::Permit), Just(Via::Manual), Just(Via::Declared)];
    let photo = prop_oneof![Just(PhotoCheck::None), Just(PhotoCheck::Confirmed)];
    let salt = any::<[u8; 16]>().prop_map(Salt::new);
    let who = (cand(), doc(), name, via, room(), seat());
    (who, any::<u32>(), flag(), photo, vec(code(), 0..3), vec(lift(), 0..3), salt).prop_map(
        |((cand, doc, name_match, via, room, seat), late_s, expired, photo, confirmed, lifts, salt)| {
            CandidateAdmitted { cand, doc, name_match, via, room, seat, late_s, expired, photo, confirmed, lifts, salt }
                .into()
        },
    )
}

fn refused() -> impl Strategy<Value = Event> {
    let verdict =
        prop_oneof![Just(RefusalVerdict::Refused), Just(RefusalVerdict::NeedsProctor), Just(RefusalVerdict::AlreadyIn)];
    let tag = any::<[u8; 8]>().prop_map(DocTag::new);
    (code(), verdict, option::of(doc()), option::of(tag), option::of(cand()), option::of(room())).prop_map(
        |(code, verdict, doc, tag, cand, room)| AdmissionRefused { code, verdict, doc, tag, cand, room }.into(),
    )
}

fn absence() -> impl Strategy<Value = Event> {
    let reason =
        prop_oneof![Just(AbsenceReason::NoShow), Just(AbsenceReason::IllReported), Just(AbsenceReason::RefusedEntry)];
    (cand(), reason, option::of(code())).prop_map(|(cand, reason, code)| AbsenceMarked { cand, reason, code }.into())
}

fn mark() -> impl Strategy<Value = Event> {
    let zero = prop_oneof![Just(ZeroReason::BlankWork), Just(ZeroReason::ZeroConfirmed)];
    (cand(), part(), any::<u32>(), operator(), option::of(zero), option::of(digest())).prop_map(
        |(cand, part, mark, scored_by, zero_reason, sheet_sha256)| {
            MarkEntered { cand, part, mark, scored_by, zero_reason, sheet_sha256 }.into()
        },
    )
}

/// Any event that need not come first.
fn later() -> impl Strategy<Value = Event> {
    let why = prop_oneof![Just(SignInReason::Start), Just(SignInReason::Switch)];
    prop_oneof![
        (any::<[u32; 6]>(), digest(), 0u64..1 << 53, option::of(digest()), [vec(cand(), 0..2), vec(cand(), 0..2)])
            .prop_map(
                |([rev, rows, added, removed, changed, notices], sha256, bytes, rooms_sha256, [dropped, drifted])| {
                    RosterImported {
                        rev,
                        sha256,
                        bytes,
                        rows,
                        added,
                        removed,
                        changed,
                        notices,
                        rooms_sha256,
                        dropped,
                        drifted,
                    }
                    .into()
                }
            ),
        (operator(), role(), flag(), vec(room(), 0..3)).prop_map(|(op, role, lead, rooms)| CrewAssigned {
            op,
            role,
            lead,
            rooms
        }
        .into()),
        (operator(), why).prop_map(|(op, why)| OperatorSignedIn { op, why }.into()),
        vec(".{0,8}", 0..3).prop_map(|red_items| SessionOpened { red_items }.into()),
        attendance().prop_map(|counts| SessionStarted { counts }.into()),
        admitted(),
        refused(),
        absence(),
        (cand(), vec(part(), 0..3), any::<u32>(), flag(), vec(lift(), 0..2))
            .prop_map(|(cand, parts, sheets, bulk, lifts)| WorkHandedIn { cand, parts, sheets, bulk, lifts }.into()),
        mark(),
        attendance().prop_map(|counts| SessionClosed { counts }.into()),
        (outcomes(), digest(), digest()).prop_map(|(counts, root, policy_sha256)| ResultsDerived {
            counts,
            root,
            policy_sha256
        }
        .into()),
        prepared(),
        (room(), any::<[u8; 32]>()).prop_map(|(room, seed)| SeatDrawSeeded { room, seed: Seed::new(seed) }.into()),
        (cand(), option::of(place()), place(), seat_reason()).prop_map(|(cand, from, to, reason)| SeatMoved {
            cand,
            from,
            to,
            reason
        }
        .into()),
        (room(), seat(), seat_reason()).prop_map(|(room, seat, reason)| SeatWithdrawn { room, seat, reason }.into()),
        by_hand(),
        (cand(), hold(), paper()).prop_map(|(cand, hold, paper_ref)| HoldPlaced { cand, hold, paper_ref }.into()),
        (cand(), hold(), paper()).prop_map(|(cand, hold, paper_ref)| HoldLifted { cand, hold, paper_ref }.into()),
        resolved(),
        (-1i64 << 40..1 << 40).prop_map(|offset_s| ClockAttested { offset_s, method: ClockMethod::RoomClock }.into()),
        (any::<u32>(), vec(select(&Item::ALL[..]), 0..4)).prop_map(|(passed, failed)| ReadinessChecked {
            passed,
            failed
        }
        .into()),
        (select(&Item::ALL[..]), select(&WaiveReason::ALL[..])).prop_map(|(item, reason)| ReadinessWaived {
            item,
            reason
        }
        .into()),
    ]
}

fn place() -> impl Strategy<Value = Place> {
    (room(), seat()).prop_map(|(room, seat)| Place { room, seat })
}

fn seat_reason() -> impl Strategy<Value = SeatReason> {
    proptest::sample::select(&SeatReason::ALL[..])
}

fn prepared() -> impl Strategy<Value = Event> {
    let ends = vec((desk(), 0u64..1 << 40, digest()), 0..3);
    (ends, 0u64..1 << 40, digest(), attendance(), vec("[a-z_]{1,12}", 0..3)).prop_map(
        |(desks, size, head, counts, notices)| {
            let desks = desks.into_iter().map(|(desk, size, head)| DeskEnd { desk, size, head }).collect();
            let frontier = Frontier { desks, ledger: End { size, head } };
            SealPrepared { frontier, counts: SealCounts::new(counts, size), notices }.into()
        },
    )
}

/// Any of the events.
pub(crate) fn event() -> impl Strategy<Value = Event> {
    prop_oneof![
        1 => session().prop_flat_map(planned),
        1 => (session(), desk()).prop_flat_map(|(session, desk)| joined(session, desk)),
        12 => later(),
    ]
}

/// Any event with any place, time and author that a journal may hold.
pub(crate) fn recorded() -> impl Strategy<Value = Recorded> {
    let most = (1u64 << 53) - 1;
    let author = (desk(), 1..=most, option::of(operator()), option::of(operator()), quality())
        .prop_map(|(desk, lc, op, w, q)| Author { desk, lc, op, w, q });
    (1..=most, 0i64..1 << 53, author, event()).prop_map(|(seq, at, author, event)| Recorded {
        seq,
        at: Instant(at),
        author,
        event,
    })
}

/// A stream as a desk would write it: named first, seq from 1, the counter rising by one or more.
pub(crate) fn stream(lines: std::ops::Range<usize>) -> impl Strategy<Value = (StreamId, Vec<Recorded>)> {
    (session(), desk(), any::<bool>(), lines).prop_flat_map(|(session, desk, lead, lines)| {
        let first = if lead { planned(session).boxed() } else { joined(session, desk).boxed() };
        let line = (later(), 1u64..4, 0i64..1 << 53, option::of(operator()), option::of(operator()), quality());
        (first, vec(line, lines.max(1)..=lines.max(1))).prop_map(move |(first, lines)| {
            let (mut lc, mut recorded, mut first) = (0, Vec::with_capacity(lines.len()), Some(first));
            for (seq, (event, step, at, op, w, q)) in (1..).zip(lines) {
                lc += step;
                let (event, author) = (first.take().unwrap_or(event), Author { desk, lc, op, w, q });
                recorded.push(Recorded { seq, at: Instant(at), author, event });
            }
            (StreamId { session, desk }, recorded)
        })
    })
}
