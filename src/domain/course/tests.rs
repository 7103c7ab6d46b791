mod lifts;

use super::*;
use crate::domain::crew::Role;
use crate::domain::event::{
    CrewAssigned, DeskJoined, Flag, MarkEntered, OperatorSignedIn, OutcomeCounts, ReadinessWaived, ResultsDerived,
    RosterImported, SeatDrawSeeded, SessionClosed, SessionOpened, SessionPlanned, SessionStarted, SignInReason,
};
use crate::domain::ids::{DeskId, Digest, Seed};
use crate::domain::readiness::{Item, WaiveReason};
use crate::domain::samples::{
    CREW, absent, admitted, cand, desk_id, digest, handed_in, hash, moved, no, op, part, place, policy, recorded,
    session_id, withdrawn,
};
use crate::domain::session::Mode;

fn planned(session: u8) -> Event {
    let (policy_sha256, roster_sha256, ledger_head) = (digest(1), digest(2), Digest::ZERO);
    let (session, mode, pack_sha256) = (session_id(session), Mode::Demo, None);
    SessionPlanned { session, no: no(1), mode, pack_sha256, policy_sha256, roster_sha256, ledger_head }.into()
}

fn roster(rev: u32, rows: u32) -> Event {
    RosterImported {
        rev,
        sha256: digest(2),
        bytes: 9,
        rows,
        added: rows,
        removed: 0,
        changed: 0,
        notices: 0,
        rooms_sha256: None,
        dropped: vec![],
        drifted: vec![],
    }
    .into()
}

fn joined(session: u8, desk: u8) -> Event {
    let (session, desk) = (session_id(session), desk_id(desk));
    DeskJoined { session, desk, key: None, app_sha256: digest(3), rooms: vec![] }.into()
}

fn assigned(name: &str, role: Role) -> Event {
    CrewAssigned { op: op(name), role, lead: Flag(false), rooms: vec![] }.into()
}

fn mark(n: u32, part_id: &str, mark: u32) -> Event {
    let (cand, part, scored_by) = (cand(n), part(part_id), op("li"));
    MarkEntered { cand, part, mark, scored_by, zero_reason: None, sheet_sha256: None }.into()
}

fn opened() -> Event {
    SessionOpened { red_items: vec![] }.into()
}

fn seeded() -> Event {
    SeatDrawSeeded { room: place("1").room, seed: Seed::new([7; 32]) }.into()
}

fn derived() -> Event {
    ResultsDerived { counts: OutcomeCounts::default(), root: digest(5), policy_sha256: digest(1) }.into()
}

fn came(n: u32) -> Event {
    admitted(cand(n).as_str(), &n.to_string()).into()
}

fn gave(n: u32) -> Event {
    handed_in(cand(n).as_str(), &["theory", "practical"]).into()
}

fn gone(n: u32) -> Event {
    absent(cand(n).as_str()).into()
}

fn signed_in(name: &str) -> Event {
    OperatorSignedIn { op: op(name), why: SignInReason::Start }.into()
}

/// Whoever may, most of the time: the assessor marks, the chief does the rest, a proctor is witness.
fn by(event: &Event) -> (&'static str, Option<&'static str>) {
    match event {
        Event::MarkEntered(_) => ("li", None),
        Event::SessionClosed(_) => ("zhao", Some("qian")),
        _ => ("zhao", None),
    }
}

/// A session of two with a course that the test goes on with.
struct Day {
    course: Course,
    policy: Policy,
    lines: u64,
}

impl Day {
    fn planned() -> Self {
        let mut day = Self { course: Course::new(hash()), policy: policy(), lines: 0 };
        day.then([planned(1), roster(1, 2)]);
        day.then(CREW.map(|(name, role)| assigned(name, role)));
        day.then([joined(1, 1)]);
        day
    }

    /// Candidate 1 comes, candidate 2 does not.
    fn until(state: State) -> Self {
        let mut day = Self::planned();
        if state >= State::Open {
            day.then([opened(), came(1)]);
        }
        if state >= State::Running {
            day.start();
        }
        if state >= State::Closed {
            day.then([gave(1), gone(2)]);
            day.close();
        }
        day
    }

    fn start(&mut self) {
        let counts = self.course.counts();
        self.then([SessionStarted { counts }.into()]);
    }

    fn close(&mut self) {
        let counts = self.course.counts();
        self.then([SessionClosed { counts }.into()]);
    }

    fn then<const N: usize>(&mut self, events: [Event; N]) {
        for event in events {
            assert_eq!(self.try_as(by(&event), event.clone()), Ok(()), "{event:?}");
        }
    }

    fn try_one(&mut self, event: Event) -> Result<(), Breach> {
        self.try_as(by(&event), event)
    }

    fn try_as(&mut self, by: (&str, Option<&str>), event: Event) -> Result<(), Breach> {
        self.try_under(&self.policy.clone(), by, event)
    }

    fn try_under(&mut self, policy: &Policy, (who, witness): (&str, Option<&str>), event: Event) -> Result<(), Breach> {
        self.lines += 1;
        let mut line = recorded(self.lines, 1, self.lines, event);
        line.author.op = (who != "-").then(|| op(who));
        line.author.w = witness.map(op);
        self.course.take(policy, &line)
    }
}

/// rules.md §5, one column for each state: planned, open, running, closed.
#[test]
fn each_fact_has_the_turns_of_the_table() {
    let counts = AttendanceCounts::default();
    let table: [(Event, &str); 16] = [
        (planned(1), "----"),
        (roster(2, 2), "xxx-"),
        (assigned("chen", Role::Proctor), "xxx-"),
        (signed_in("qian"), "xxxx"),
        (opened(), "x---"),
        (came(2), "-xx-"),
        (SessionStarted { counts }.into(), "-x--"),
        (gave(1), "--x-"),
        (gone(2), "--xx"),
        (mark(1, "practical", 6000), "--xx"),
        (SessionClosed { counts }.into(), "--x-"),
        (derived(), "---x"),
        (joined(1, 1), "----"),
        (seeded(), "-x--"),
        (moved(cand(2).as_str(), None, "9").into(), "xxx-"),
        (withdrawn("9").into(), "xxx-"),
    ];
    for (event, row) in table {
        for (state, cell) in [State::Planned, State::Open, State::Running, State::Closed].into_iter().zip(row.chars()) {
            let mut day = Day::until(state);
            let who = if matches!(event, Event::OperatorSignedIn(_)) { ("qian", None) } else { by(&event) };
            let out_of_turn = matches!(day.try_as(who, event.clone()), Err(Breach::Turn { .. }));
            assert_eq!(out_of_turn, cell == '-', "{event:?} {state:?}");
        }
    }
}

#[test]
fn nothing_stands_before_the_plan() {
    for event in [roster(1, 2), opened(), signed_in("zhao"), joined(1, 1), assigned("zhao", Role::Chief)] {
        let mut day = Day { course: Course::new(hash()), policy: policy(), lines: 0 };
        assert!(matches!(day.try_one(event), Err(Breach::Turn { .. })));
    }
}

#[test]
fn rosters_desks_and_roles_keep_their_invariants() {
    let turned = |event: Event| matches!(Day::planned().try_one(event), Err(Breach::Turn { .. }));
    assert!(turned(roster(1, 2)), "the same revision");
    assert!(turned(roster(3, 2)), "a revision left out");
    assert!(turned(joined(2, 1)), "another session's desk");
    assert!(turned(joined(1, 2)), "joined by another desk");
    assert!(turned(assigned("li", Role::Proctor)), "a second role");
    assert!(!turned(assigned("li", Role::Assessor)), "the same role again");
    let mut day = Day::planned();
    day.then([roster(2, 3)]);
    assert_eq!((day.course.registered(), day.course.counts().registered), (3, 3));
    let mut line = recorded(99, 2, 1, joined(1, 2));
    line.author.op = Some(op("wu"));
    assert_eq!(day.course.take(&policy(), &line), Ok(()), "a second desk");
    assert!(day.course.take(&policy(), &line).is_err(), "joined twice");
    assert_eq!(DeskId::FIRST, desk_id(1));
}

#[test]
fn each_act_is_by_whoever_may() {
    // State before, act, who (and witness), whether they may.
    let close = |day: &Day| SessionClosed { counts: day.course.counts() }.into();
    let mut running = Day::until(State::Running);
    running.then([gave(1), gone(2)]);
    for (who, witness, may) in [
        ("zhao", Some("qian"), true),
        ("zhao", None, false),
        ("zhao", Some("li"), false),
        ("qian", Some("sun"), false),
        ("zhao", Some("zhao"), false),
    ] {
        let mut day = Day::until(State::Running);
        day.then([gave(1), gone(2)]);
        let event = close(&day);
        let person = matches!(day.try_as((who, witness), event), Err(Breach::Person { .. }));
        assert_eq!(person, !may, "closed by {who} and {witness:?}");
    }
    for (state, event, allowed) in [
        (State::Planned, opened(), "zhao"),
        (State::Open, seeded(), "zhao"),
        (State::Open, moved(cand(2).as_str(), None, "9").into(), "zhao qian sun"),
        (State::Open, withdrawn("9").into(), "zhao qian sun"),
        (State::Open, withdrawn("1").into(), "zhao"),
        (State::Open, came(2), "zhao qian sun -"),
        (State::Running, gave(1), "zhao qian sun"),
        (State::Running, gone(2), "zhao qian sun"),
        (State::Closed, mark(1, "theory", 6000), "li"),
        (State::Closed, derived(), "zhao"),
    ] {
        for who in ["zhao", "qian", "sun", "li", "zhou", "wu", "chen", "-"] {
            let person = matches!(Day::until(state).try_as((who, None), event.clone()), Err(Breach::Person { .. }));
            assert_eq!(person, !allowed.split(' ').any(|name| name == who), "{event:?} by {who}");
        }
    }
    let mut day = Day::planned();
    assert!(matches!(day.try_as(("qian", None), signed_in("sun")), Err(Breach::Person { .. })), "for somebody else");
    assert!(matches!(day.try_as(("chen", None), signed_in("chen")), Err(Breach::Person { .. })), "on no list");
}

#[test]
fn start_and_closing_carry_the_figures_of_the_lines_before() {
    let mut day = Day::until(State::Open);
    let counts = AttendanceCounts { late: 1, ..day.course.counts() };
    assert_eq!(day.try_one(SessionStarted { counts }.into()), Err(Breach::Counts));
    let mut day = Day::until(State::Running);
    for event in [gone(2), gave(1)] {
        let counts = day.course.counts();
        assert_eq!(day.try_one(SessionClosed { counts }.into()), Err(Breach::Counts), "not in balance yet");
        day.then([event]);
    }
    day.close();
}

#[test]
fn marks_are_for_work_handed_in_once_and_as_the_policy_has_them() {
    let mut day = Day::until(State::Running);
    assert_eq!(day.try_one(mark(1, "theory", 6000)), Err(Breach::Mark(MarkRefusal::NotHandedIn)));
    day.then([mark(1, "practical", 6000), gave(1), mark(1, "theory", 6000)]);
    assert_eq!(day.try_one(mark(1, "theory", 7000)), Err(Breach::Mark(MarkRefusal::Marked)));
    assert_eq!(day.try_one(mark(2, "theory", 7000)), Err(Breach::Mark(MarkRefusal::NeverAdmitted)));
}

#[test]
fn a_session_opens_with_a_red_item_only_when_the_chief_let_it_stand() {
    let opened = || Event::from(SessionOpened { red_items: vec!["reader".to_owned()] });
    let waived = |item| Event::from(ReadinessWaived { item, reason: WaiveReason::OtherMeans });
    let chief = ("zhao", None);
    let mut day = Day::planned();
    assert!(matches!(day.try_as(chief, opened()), Err(Breach::Turn { .. })));
    assert_eq!(day.try_as(chief, waived(Item::Disk)), Ok(()));
    assert!(matches!(day.try_as(chief, opened()), Err(Breach::Turn { .. })), "another item");
    assert!(matches!(day.try_as(("qian", None), waived(Item::Reader)), Err(Breach::Person { .. })));
    assert_eq!(day.try_as(chief, waived(Item::Reader)), Ok(()));
    assert_eq!(day.try_as(chief, opened()), Ok(()));
    let unknown = Event::from(SessionOpened { red_items: vec!["printer".to_owned()] });
    assert!(matches!(Day::planned().try_as(chief, unknown), Err(Breach::Turn { .. })));
}

fn misseated(found: Result<(), Breach>) -> bool {
    matches!(found, Err(Breach::Seat { .. }))
}

#[test]
fn a_seat_is_one_person_s_in_service_and_left_from_where_they_sat() {
    let at = |n: u32, seat: &str| admitted(cand(n).as_str(), seat).into();
    let go = |n: u32, from: Option<&str>, to: &str| moved(cand(n).as_str(), from, to).into();
    let mut day = Day::until(State::Open);
    assert!(misseated(day.try_one(at(2, "1"))), "somebody sits there");
    assert!(misseated(day.try_one(go(2, None, "1"))), "moved to somebody's seat");
    assert!(misseated(day.try_one(go(1, Some("3"), "4"))), "moved from where they do not sit");
    assert!(misseated(day.try_one(go(1, Some("1"), "1"))), "moved nowhere");
    day.then([go(2, None, "8")]);
    assert!(misseated(day.try_one(at(2, "7"))), "another seat than the one kept");
    day.then([at(2, "8"), go(2, Some("8"), "9"), withdrawn("8").into()]);
    assert!(misseated(day.try_one(at(3, "8"))), "out of service");
    day.then([at(3, "3")]);
}

/// A day on which seats are drawn, and the order that the draw gives.
fn drawn() -> (Day, Vec<String>) {
    let mut day = Day::planned();
    day.policy.seats.mode = SeatMode::Random;
    day.then([opened(), seeded()]);
    let seats: Vec<_> = (1..=6).map(|n| place(&n.to_string()).seat).collect();
    let order = hash().draw(&Seed::new([7; 32]), &place("1").room, &seats);
    (day, order.into_iter().map(|(_, seat)| seat.to_string()).collect())
}

#[test]
fn drawn_seats_are_given_in_the_order_of_the_draw() {
    let at = |n: u32, seat: &str| admitted(cand(n).as_str(), seat).into();
    let go = |n: u32, from: &str, to: &str| moved(cand(n).as_str(), Some(from), to).into();
    let (mut day, order) = drawn();
    assert!(misseated(day.try_one(seeded())), "a second seed");
    // A gap may be a seat out of service from the beginning: the journal does not list the room.
    day.then([at(1, &order[0]), at(2, &order[2])]);
    assert!(misseated(day.try_one(at(3, &order[1]))), "passed over before");
    day.then([go(1, &order[0], &order[3])]);
    assert!(misseated(day.try_one(at(3, &order[4]))), "the first seat is free again");
    day.then([at(3, &order[0]), at(4, &order[4]), go(1, &order[3], &order[5])]);
    day.then([at(5, &order[3])]);
}

#[test]
fn a_seat_that_a_person_chose_or_withdrew_is_outside_the_draw() {
    let (mut day, order) = drawn();
    let mut by_hand = admitted(cand(1).as_str(), &order[5]);
    by_hand.confirmed = vec![Code(61)];
    day.then([by_hand.into(), moved(cand(2).as_str(), None, &order[4]).into()]);
    day.then([admitted(cand(2).as_str(), &order[4]).into(), admitted(cand(3).as_str(), &order[0]).into()]);
    day.then([moved(cand(3).as_str(), Some(&order[0]), &order[1]).into(), withdrawn(&order[0]).into()]);
    day.then([admitted(cand(4).as_str(), &order[2]).into()]);
    let (mut day, order) = drawn();
    day.policy.seats.mode = SeatMode::Sequential;
    day.then([admitted(cand(1).as_str(), &order[1]).into(), admitted(cand(2).as_str(), &order[0]).into()]);
}
