//! Commands: who may, when, and what is stored (rules.md §5, §7, §9, §10, §13).

use super::*;
use crate::domain::crew::{Act, allows};
use crate::domain::event::{
    AbsenceReason, AdmissionRefused, AttendanceCounts, MarkEntered, OutcomeCounts, RefusalVerdict, ZeroReason,
};
use crate::domain::ids::{AdmissionNo, Code, Digest, RoomId};
use crate::domain::readiness::{Item, WaiveReason};
use crate::domain::samples::{CREW, absent, admitted, cand_of, digest, handed_in, part};
use crate::domain::scoring::MarkRefusal;

fn came(n: u32) -> Event {
    admitted(cand_of(1, n).as_str(), &n.to_string()).into()
}

fn left(n: u32) -> Event {
    handed_in(cand_of(1, n).as_str(), &["theory", "practical"]).into()
}

fn missed(n: u32) -> Event {
    absent(cand_of(1, n).as_str()).into()
}

fn marked(n: u32, id: &str, mark: u32) -> Event {
    MarkEntered {
        cand: cand_of(1, n),
        part: part(id),
        mark,
        scored_by: op("li"),
        zero_reason: None,
        sheet_sha256: None,
    }
    .into()
}

fn turned_away(n: u32, code: u8, verdict: RefusalVerdict) -> Event {
    let cand = Some(cand_of(1, n));
    AdmissionRefused { code: Code(code), verdict, doc: None, tag: None, cand, room: None }.into()
}

/// 1 and 2 have handed in, 3 and 4 were absent.
fn a_whole_day() -> Vec<Event> {
    vec![came(1), came(2), left(1), left(2), missed(3), missed(4)]
}

fn enter(n: u32, id: &str, mark: u32, zero: Option<ZeroReason>) -> Command {
    Command::EnterMark(no(1), cand_of(1, n), part(id), mark, zero)
}

fn every_command() -> [(Command, Act); 9] {
    [
        (Command::Open(no(1)), Act::Open),
        (Command::Start(no(1)), Act::Start),
        (Command::MarkAbsent(no(1), None), Act::MarkAbsent),
        (Command::Collect(no(1), None), Act::HandIn),
        (enter(1, "theory", 6000, None), Act::EnterMark),
        (Command::Close(no(1)), Act::CloseDo),
        (Command::DeriveResults(no(1), Digest::ZERO), Act::DeriveResults),
        (Command::CheckReadiness(no(1)), Act::CheckReadiness),
        (Command::Waive(no(1), Item::Reader, WaiveReason::OtherMeans), Act::Open),
    ]
}

fn refused(
    state: State,
    happened: Vec<Event>,
    what: Command,
    who: &str,
    witness: Option<&str>,
    at: Instant,
) -> Refusal {
    refusal(desk_after(state, happened).handle(command(what, who, witness, at)))
}

#[test]
fn a_command_is_for_the_roles_of_the_table() {
    for (what, act) in every_command() {
        for (who, role) in CREW.into_iter().map(|(who, role)| (who, Some(role))).chain([("stranger", None)]) {
            let mut desk = desk(State::Planned);
            let effects = desk.handle(command(what.clone(), who, Some("sun"), at(8, 0, 0)));
            let by_role = matches!(&effects[..], [Effect::Answer(Answer::Refused { refusal: Refusal::Role, .. })]);
            assert_eq!(by_role, !role.is_some_and(|role| allows(role, act)), "{who} {what:?}");
        }
    }
    let code = refused(State::Planned, vec![], Command::Open(no(1)), "qian", None, at(8, 0, 0)).code();
    assert_eq!(code, "KD-T-06");
}

#[test]
fn a_command_stands_in_its_states_and_no_other() {
    use State::{Closed, Open, Planned, Running};
    let table: [(Command, &str, &[State]); 9] = [
        (Command::Open(no(1)), "zhao", &[Planned]),
        (Command::Start(no(1)), "zhao", &[Open]),
        (Command::MarkAbsent(no(1), None), "qian", &[Running, Closed]),
        (Command::Collect(no(1), None), "qian", &[Running]),
        (enter(1, "theory", 6000, None), "li", &[Running, Closed]),
        (Command::Close(no(1)), "zhao", &[Running]),
        (Command::DeriveResults(no(1), Digest::ZERO), "zhao", &[Closed]),
        (Command::CheckReadiness(no(1)), "zhao", &[Planned, Open]),
        (Command::Waive(no(1), Item::Reader, WaiveReason::OtherMeans), "zhao", &[Planned]),
    ];
    for (what, who, states) in table {
        for state in [Planned, Open, Running, Closed] {
            let mut desk = desk_after(state, a_whole_day());
            let effects = desk.handle(command(what.clone(), who, Some("qian"), at(12, 0, 0)));
            let by_state =
                effects == [Effect::Answer(Answer::Refused { command: what.clone(), refusal: Refusal::State(state) })];
            assert_eq!(by_state, !states.contains(&state), "{what:?} in {state:?}: {effects:?}");
        }
    }
    assert_eq!(Refusal::State(Open).code(), "KD-T-07");
    let nowhere = refused(Open, vec![], Command::Open(no(9)), "zhao", None, at(8, 0, 0));
    assert_eq!((nowhere.code(), nowhere), ("KD-T-08", Refusal::NoSession));
}

#[test]
fn an_act_is_answered_only_after_it_is_stored() {
    let mut desk = desk(State::Planned);
    let drafts = stored(desk.handle(command(Command::Open(no(1)), "zhao", Some("qian"), at(8, 20, 0))));
    let author = &drafts[0].recorded.author;
    assert_eq!(
        (&author.op, &author.w),
        (&Some(op("zhao")), &None),
        "opening takes one person, a second is no part of it"
    );
    assert_eq!(desk.books()[&no(1)].record.state, State::Planned);
    let seq = Some(drafts[0].recorded.seq);
    let done = Effect::Answer(Answer::Done { command: Command::Open(no(1)), lines: 1, seq });
    assert_eq!(desk.handle(Input::Appended), [done]);
    assert_eq!(desk.books()[&no(1)].record.state, State::Open);
    assert_eq!(desk.books()[&no(1)].record.opened_at(), Some(at(8, 20, 0)));
}

#[test]
fn an_exam_begins_at_its_time_or_later_never_before() {
    let start = |at| desk_after(State::Open, [came(1)]).handle(command(Command::Start(no(1)), "zhao", None, at));
    let early = refusal(start(at(8, 59, 59)));
    assert_eq!((early.code(), early), ("KD-T-07", Refusal::StartsAt(at(9, 0, 0))));
    let events = stored_events(start(at(9, 0, 0)));
    let [Event::SessionStarted(started)] = events.as_slice() else { panic!("{events:?}") };
    assert_eq!(started.counts, AttendanceCounts { registered: 4, expected: 4, present: 1, ..Default::default() });
}

#[test]
fn absence_is_declared_after_the_late_limit_for_whoever_has_not_come() {
    let happened = || {
        let refused = [turned_away(2, 52, RefusalVerdict::Refused), turned_away(3, 26, RefusalVerdict::NeedsProctor)];
        [came(1)].into_iter().chain(refused).chain([turned_away(3, 17, RefusalVerdict::Refused)])
    };
    let declare = |room: Option<&str>, at| {
        let room = room.map(|room| RoomId::parse(room).unwrap());
        desk_after(State::Running, happened()).handle(command(Command::MarkAbsent(no(1), room), "qian", None, at))
    };
    let early = refusal(declare(None, at(9, 15, 0)));
    assert_eq!((early.code(), early), ("KD-T-03", Refusal::AbsenceTooEarly(at(9, 15, 0))));
    for room in [None, Some("01")] {
        let found: Vec<_> = stored_events(declare(room, at(9, 15, 1)))
            .into_iter()
            .map(|event| match event {
                Event::AbsenceMarked(e) => (e.cand, e.reason, e.code),
                other => panic!("{other:?}"),
            })
            .collect();
        let refused = |n, code| (cand_of(1, n), AbsenceReason::RefusedEntry, Some(Code(code)));
        assert_eq!(found, [refused(2, 52), refused(3, 17), (cand_of(1, 4), AbsenceReason::NoShow, None)]);
    }
    let done = declare(Some("02"), at(9, 15, 1));
    let nothing = matches!(&done[..], [Effect::Answer(Answer::Done { lines: 0, seq: None, .. })]);
    assert!(nothing, "nobody sits in room 02, nothing is stored: {done:?}");
}

#[test]
fn whoever_is_inside_was_not_refused_entry_by_tapping_twice() {
    let mut desk = desk_after(State::Running, [came(1), turned_away(2, 40, RefusalVerdict::AlreadyIn)]);
    let events = stored_events(desk.handle(command(Command::MarkAbsent(no(1), None), "qian", None, at(9, 20, 0))));
    let Event::AbsenceMarked(second) = &events[0] else { panic!("{events:?}") };
    assert_eq!((second.reason, second.code), (AbsenceReason::NoShow, None));
}

#[test]
fn work_is_collected_from_everybody_inside_from_the_earliest_hand_in_on() {
    let collect = |at| {
        let happened = [came(1), came(2), left(2), missed(3)];
        desk_after(State::Running, happened).handle(command(Command::Collect(no(1), None), "qian", None, at))
    };
    let early = refusal(collect(at(9, 29, 59)));
    assert_eq!((early.code(), early), ("KD-T-01", Refusal::HandInTooEarly(at(9, 30, 0))));
    let events = stored_events(collect(at(9, 30, 0)));
    assert_eq!(events, [left(1)], "one line for each, with every part");
}

#[test]
fn closing_takes_a_chief_a_proctor_and_a_balance() {
    let inside = || a_whole_day().into_iter().filter(|event| *event != left(2)).collect::<Vec<_>>();
    let someone_missing = || a_whole_day().into_iter().take(5).collect::<Vec<_>>();
    let close = |happened: Vec<Event>, witness| {
        refused(State::Running, happened, Command::Close(no(1)), "zhao", witness, at(11, 0, 0))
    };
    for witness in [None, Some("zhao"), Some("li"), Some("zhou"), Some("wu"), Some("stranger")] {
        let refusal = close(a_whole_day(), witness);
        assert_eq!((refusal.code(), refusal), ("KD-T-05", Refusal::Witness), "{witness:?}");
    }
    let unbalanced = close(someone_missing(), Some("qian"));
    assert_eq!(unbalanced.code(), "KD-S-02");
    let Refusal::Unbalanced([b1, b2, b3]) = unbalanced else { panic!("{unbalanced:?}") };
    assert_eq!((b1.holds(), b2.holds(), b3.holds(), b2.difference()), (true, false, true, 1));
    let still = close(inside(), Some("qian"));
    assert_eq!((still.code(), still), ("KD-S-06", Refusal::StillInside(1)));

    let mut desk = desk_after(State::Running, a_whole_day());
    let drafts = stored(desk.handle(command(Command::Close(no(1)), "zhao", Some("qian"), at(11, 0, 0))));
    let author = &drafts[0].recorded.author;
    assert_eq!((&author.op, &author.w), (&Some(op("zhao")), &Some(op("qian"))));
    let Event::SessionClosed(closed) = &drafts[0].recorded.event else { panic!("{drafts:?}") };
    let counts =
        AttendanceCounts { registered: 4, expected: 4, present: 2, absent: 2, handed_in: 2, ..Default::default() };
    assert_eq!(closed.counts, counts);
}

#[test]
fn a_mark_is_refused_for_every_reason_of_the_rules() {
    let happened = || vec![came(1), left(1), came(2), missed(3), marked(1, "practical", 7000)];
    let table = [
        (enter(1, "theory", 10_050, None), MarkRefusal::OverMax(10_000), "KD-M-01"),
        (enter(1, "theory", 6_025, None), MarkRefusal::OffStep(50), "KD-M-02"),
        (enter(1, "practical", 7_000, None), MarkRefusal::Marked, "KD-M-03"),
        (enter(1, "theory", 0, None), MarkRefusal::ZeroWithoutReason, "KD-M-06"),
        (enter(1, "oral", 6_000, None), MarkRefusal::UnknownPart, "KD-M-09"),
        (enter(3, "theory", 6_000, None), MarkRefusal::Absent, "KD-M-10"),
        (enter(4, "theory", 6_000, None), MarkRefusal::NeverAdmitted, "KD-M-11"),
        (enter(2, "theory", 6_000, None), MarkRefusal::NotHandedIn, "KD-M-13"),
    ];
    for (what, expected, code) in table {
        let found = refused(State::Running, happened(), what, "li", None, at(10, 0, 0));
        assert_eq!((found.code(), found), (code, Refusal::Mark(expected)));
    }
    for stranger in [AdmissionNo::parse("STRANGER").unwrap(), cand_of(2, 1)] {
        let what = Command::EnterMark(no(1), stranger, part("theory"), 6_000, None);
        let found = refused(State::Running, happened(), what, "li", None, at(10, 0, 0));
        assert_eq!(found, Refusal::Mark(MarkRefusal::NeverAdmitted));
    }
}

#[test]
fn a_mark_names_who_judged_and_zero_its_reason() {
    let blank = Some(ZeroReason::BlankWork);
    let table = [
        ("theory", 10_000, None, None),
        ("theory", 0, blank, blank),
        ("practical", 100, None, None),
        ("theory", 50, blank, None),
    ];
    for (id, mark, zero, written) in table {
        let mut desk = desk_after(State::Running, [came(1), left(1)]);
        let events = stored_events(desk.handle(command(enter(1, id, mark, zero), "li", None, at(10, 0, 0))));
        let Event::MarkEntered(entered) = &events[0] else { panic!("{events:?}") };
        assert_eq!((entered.mark, &entered.scored_by, entered.zero_reason), (mark, &op("li"), written));
    }
    let mut present = desk_after(State::Running, [came(1)]);
    let events = stored_events(present.handle(command(enter(1, "practical", 8_000, None), "li", None, at(10, 0, 0))));
    assert_eq!(events, [marked(1, "practical", 8_000)], "a part may be marked while its candidate is inside");
}

#[test]
fn results_need_every_mark_and_count_every_outcome() {
    let derive = || Command::DeriveResults(no(1), digest(3));
    let all = |marks: Vec<Event>| [a_whole_day(), marks].concat();
    let one_missing = vec![marked(1, "theory", 6000), marked(1, "practical", 6000), marked(2, "theory", 5950)];
    let missing = refused(State::Closed, all(one_missing.clone()), derive(), "zhao", None, at(12, 0, 0));
    assert_eq!((missing.code(), missing), ("KD-S-08", Refusal::MarksMissing(1)));

    let whole = [one_missing, vec![marked(2, "practical", 9000)]].concat();
    let mut desk = desk_after(State::Closed, all(whole));
    let events = stored_events(desk.handle(command(derive(), "zhao", None, at(12, 0, 0))));
    let [Event::ResultsDerived(results)] = events.as_slice() else { panic!("{events:?}") };
    assert_eq!(results.counts, OutcomeCounts { pass: 1, fail: 1, absent: 2, ..Default::default() });
    assert_eq!((results.root, results.policy_sha256), (digest(3), digest(9)));
    let _ = desk.handle(Input::Appended);
    assert_eq!(desk.books()[&no(1)].record.results(), Some(results));
}
